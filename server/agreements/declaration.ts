/** What becomes of the versions of an agreement when the config file declares it. */
import { isDeepStrictEqual } from 'node:util';
import type { AgreementInput } from '../contract/agreements.ts';
import type { StoredVersion } from './agreements.repository.ts';
import { readAgreement } from './written-agreement.ts';

export interface Declaration {
  /** Ids of versions that never were in force, as the file now tells it. */
  replaced: readonly number[];
  /** Versions that end where the declared one begins. */
  ended: readonly { id: number; effectiveTo: string }[];
}

/**
 * The file is all there is of a declared agreement: what it says from a day on replaces whatever was to hold from then,
 * and ends what began before. Null where it says what is in force already.
 */
export function declare(versions: readonly StoredVersion[], declared: AgreementInput): Declaration | null {
  const { from } = declared.effective;
  const inForce = versions.filter(({ state }) => state === 'declared');
  const newest = inForce.reduce<StoredVersion | null>(
    (last, version) => (last === null || version.effectiveFrom > last.effectiveFrom ? version : last),
    null,
  );
  if (newest && isDeepStrictEqual(readAgreement(newest.document), declared)) return null;
  return {
    replaced: inForce.filter(({ effectiveFrom }) => effectiveFrom >= from).map(({ id }) => id),
    ended: inForce
      .filter(({ effectiveFrom, effectiveTo }) => effectiveFrom < from && (effectiveTo === null || effectiveTo > from))
      .map(({ id }) => ({ id, effectiveTo: from })),
  };
}
