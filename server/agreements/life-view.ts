/** What was done with a version, as it is told. */
import type { VersionLife } from '../contract/agreement-life.ts';
import type { AgreementTerms, ProposedVersion, TermsVersion } from './terms.ts';
import type { StoredAct, StoredAttachment, StoredSignature } from './agreement-life.repository.ts';
import type { StoredVersion } from './agreements.repository.ts';
import { versionState } from './life-state.ts';
import { emptySeats, namesOf, otherSide, seatsOf } from './seats.ts';
import { signedHash } from './signed-content.ts';

export interface LifeRecords {
  acts: readonly StoredAct[];
  signatures: readonly StoredSignature[];
  attachments: readonly StoredAttachment[];
}

export function versionView(
  version: TermsVersion | ProposedVersion,
  stored: StoredVersion,
  agreement: AgreementTerms,
  records: LifeRecords,
  nowMs: number,
): VersionLife {
  const ofIt = <Row extends { versionId: number }>(rows: readonly Row[]): Row[] =>
    rows.filter(({ versionId }) => versionId === version.id);
  const signatures = ofIt(records.signatures);
  return {
    ...{ number: version.number, effective: version.effective, createdAt: version.createdAt, hash: version.hash },
    state: versionState(version, agreement.versions, nowMs),
    isIntact: version.hash === null || version.hash === hashOf(agreement.key, stored),
    acts: ofIt(records.acts).map(({ act, party, by, at, reason, comments }) => ({
      ...{ act, party, by, reason, comments },
      at: at.toISOString(),
    })),
    signatures: version.hash === null ? [] : seatsOf(version.terms).map((seat) => signatureView(seat, signatures)),
    attachments: ofIt(records.attachments).map(({ id, party, name, bytes, hash, by, at }) => ({
      ...{ id, party, name, bytes, hash, by },
      at: at.toISOString(),
    })),
  };
}

function signatureView(
  { party, name, email, role }: ReturnType<typeof seatsOf>[number],
  signatures: readonly StoredSignature[],
): VersionLife['signatures'][number] {
  const found = signatures.find((one) => one.party === party && one.email === email);
  return {
    party,
    signatory: { name, email, role },
    signed: found
      ? {
          ...{ by: found.by, isDelegate: found.isDelegate, hash: found.hash, attachment: found.attachmentId },
          at: found.at.toISOString(),
        }
      : null,
  };
}

const hashOf = (agreement: string, { number, document, snapshot }: StoredVersion): string =>
  signedHash({ agreement, version: number, document, snapshot });

/** Who must act now, in a sentence. */
export function nextText(
  { draft, versions }: AgreementTerms,
  proposal: ProposedVersion | undefined,
  { acts, signatures }: LifeRecords,
): string {
  if (proposal?.status === 'proposed') {
    const ofIt = signatures.filter(({ versionId }) => versionId === proposal.id);
    const missing = emptySeats(seatsOf(proposal.terms), ofIt);
    const by = acts.find(({ versionId, act }) => versionId === proposal.id && act === 'proposed')!.party;
    const verb = missing.length === 1 ? 'signs' : 'sign';
    return `${namesOf(missing)} ${verb} version ${proposal.number}, or the ${otherSide(by)} returns it with comments.`;
  }
  if (proposal?.status === 'returned') {
    const by = acts.find(({ versionId, act }) => versionId === proposal.id && act === 'returned')!.party;
    return `The ${by} returned version ${proposal.number} with comments: the draft is changed and proposed again.`;
  }
  const last = versions.at(-1);
  if (last?.status === 'declared' && !draft) return 'Nothing waits for a signature: the config file declares it.';
  if (!last) return 'A party proposes the draft when both can sign it.';
  return draft ? 'A party proposes the new draft when both can sign it.' : 'Nothing waits for a signature.';
}
