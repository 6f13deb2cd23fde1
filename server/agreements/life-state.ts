/** Where agreements and their versions are in their life on a day: pure. */
import type { LifeState } from '../contract/agreement-life.ts';
import type { Agreement } from '../contract/agreements.ts';
import { dateAt } from '../domain/local-time.ts';
import type { AgreementTerms, ProposedVersion, TermsVersion } from './terms.ts';

/** The local day of an agreement's text at an instant. */
export const todayOf = ({ terms }: { terms: { timeZone: string } }, nowMs: number): string =>
  dateAt(Math.floor(nowMs), terms.timeZone).toString();

/** The state of a version; what was declared stays that, as it never was signed. */
export function versionState(
  version: TermsVersion | ProposedVersion,
  versions: readonly TermsVersion[],
  nowMs: number,
): LifeState {
  if (version.status !== 'signed') return version.status;
  const { from, to } = version.effective;
  const today = todayOf(version, nowMs);
  if (to !== null && to <= today)
    return versions.some(({ effective }) => effective.from === to) ? 'superseded' : 'ended';
  return from > today ? 'signed' : 'active';
}

/** The version that holds at an instant. */
export const versionAt = ({ versions }: AgreementTerms, nowMs: number): TermsVersion | undefined =>
  versions.find((version) => {
    const today = todayOf(version, nowMs);
    const { from, to } = version.effective;
    return from <= today && (to === null || to > today);
  });

/** The newest proposal, where it waits or was returned and nothing was signed after it. */
export function liveProposal({ versions, proposals }: AgreementTerms): ProposedVersion | undefined {
  const newest = proposals.at(-1);
  const isOver = !newest || newest.status === 'withdrawn' || versions.some(({ number }) => number > newest.number);
  return isOver ? undefined : newest;
}

/** The state of an agreement: of what holds, else of what will or did, else of what is proposed. */
export function lifeState(agreement: AgreementTerms, nowMs: number): Pick<Agreement, 'life' | 'proposal'> {
  const { versions } = agreement;
  const proposal = liveProposal(agreement)?.status ?? null;
  const telling = versionAt(agreement, nowMs) ?? versions.at(-1);
  const life = telling ? versionState(telling, versions, nowMs) : (proposal ?? 'draft');
  return { life, proposal: proposal === 'withdrawn' ? null : proposal };
}
