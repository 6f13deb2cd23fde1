/** Agreements as they are judged: what held when. */
import type { AgreementInput } from '../contract/agreements.ts';
import { spanOfDays } from '../domain/local-time.ts';
import type { StoredAgreement, StoredVersion } from './agreements.repository.ts';
import type { AgreementSnapshot } from './snapshot.ts';
import { readAgreement } from './written-agreement.ts';

/** One text of an agreement. */
export interface AgreementText {
  id: number;
  number: number;
  terms: AgreementInput;
  /** Local dates of the agreement's zone; `to` is the first day on which it no longer holds. */
  effective: { from: string; to: string | null };
  createdAt: string;
  /** What the figures rest on beside it; null for what was declared. */
  snapshot: AgreementSnapshot | null;
  hash: string | null;
}

/** A text that is in force, was, or will be. */
export interface TermsVersion extends AgreementText {
  status: 'declared' | 'signed';
}

/** A text that is not signed, or never was. */
export interface ProposedVersion extends AgreementText {
  status: 'proposed' | 'returned' | 'withdrawn';
}

export interface AgreementTerms {
  id: number;
  key: string;
  managedBy: 'file' | null;
  draft: AgreementInput | null;
  /** Those in force at some time, in order of it. */
  versions: readonly TermsVersion[];
  /** Those that only were proposed, in order of number. */
  proposals: readonly ProposedVersion[];
  /** Of all versions there ever were; 0 where there was none. */
  lastNumber: number;
  createdAt: Date;
  updatedAt: Date;
}

const toText = ({ id, number, document, effectiveFrom, effectiveTo, ...version }: StoredVersion): AgreementText => ({
  ...{ id, number, terms: readAgreement(document), snapshot: version.snapshot, hash: version.hash },
  effective: { from: effectiveFrom, to: effectiveTo },
  createdAt: new Date(version.createdAt).toISOString(),
});

export const toTerms = ({ versions, draft, ...agreement }: StoredAgreement): AgreementTerms => ({
  ...agreement,
  draft: draft === null ? null : readAgreement(draft),
  versions: versions
    .flatMap((version): TermsVersion[] => {
      const { state } = version;
      return state === 'declared' || state === 'signed' ? [{ ...toText(version), status: state }] : [];
    })
    .sort((a, b) => (a.effective.from < b.effective.from ? -1 : 1)),
  proposals: versions.flatMap((version): ProposedVersion[] => {
    const { state } = version;
    const isProposal = state === 'proposed' || state === 'returned' || state === 'withdrawn';
    return isProposal ? [{ ...toText(version), status: state }] : [];
  }),
  lastNumber: Math.max(0, ...versions.map(({ number }) => number)),
});

/** The text that people mean by the agreement: the newest that came into force, else the draft. */
export const currentTerms = ({ versions, draft, proposals }: AgreementTerms): AgreementInput =>
  versions.at(-1)?.terms ?? draft ?? proposals.at(-1)!.terms;

/** The first day on which terms no longer hold; null while nothing ends them, as where they go on by themselves. */
export const endOfForce = ({ effective, renewal }: Pick<AgreementInput, 'effective' | 'renewal'>): string | null =>
  renewal.atEnd === 'renews' ? null : (effective.to ?? null);

/** When terms begin to hold, epoch ms. */
export const beginMs = ({ effective: { from }, timeZone }: Pick<AgreementInput, 'effective' | 'timeZone'>): number =>
  spanOfDays(from, null, timeZone).fromMs;

/** The proposal that waits for signatures. */
export const openProposal = ({ proposals }: AgreementTerms): ProposedVersion | undefined =>
  proposals.find(({ status }) => status === 'proposed');
