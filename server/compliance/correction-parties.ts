/** Who speaks for whom when corrections are proposed and decided. */
import type { AgreementInput } from '../contract/agreements.ts';
import { correctionDeciders, correctionParties } from '../contract/corrections.ts';
import type { CorrectionDecider, CorrectionParty } from '../contract/corrections.ts';
import { invalidField, Problem } from '../platform/problem.ts';
import type { Actor } from '../platform/request-context.ts';
import type { StoredCorrection } from './corrections.repository.ts';

type Parties = Pick<AgreementInput, CorrectionDecider>;

export const otherParty = (party: CorrectionParty): CorrectionParty => (party === 'provider' ? 'customer' : 'provider');

/** Members of a team speak for it, admins among them too; an admin or a program that is of none of them for any. */
export function speaksFor(parties: Parties, { teams, memberOf = [], permissions }: Actor): Set<CorrectionDecider> {
  if (!permissions.has('catalog:write')) return new Set();
  const named = correctionDeciders.filter((party) => parties[party] != null);
  const own = named.filter((party) => memberOf.includes(parties[party]!));
  return new Set(own.length === 0 && teams === 'all' ? named : own);
}

/** For which parties somebody may propose. @throws Problem forbidden where for none */
export function proposingParties(parties: Parties, actor: Actor): CorrectionParty[] {
  const spoken = speaksFor(parties, actor);
  const own = correctionParties.filter((party) => spoken.has(party));
  if (own.length > 0) return own;
  throw new Problem('forbidden', `Only members of "${parties.provider}" and "${parties.customer}" may correct this`);
}

/** The party that a proposal comes from. @throws Problem forbidden, invalid-input */
export function proposingParty(
  own: readonly CorrectionParty[],
  wanted: CorrectionParty | null | undefined,
): CorrectionParty {
  if (wanted == null && own.length > 1)
    throw invalidField('party', 'is needed from those who may speak for both: provider or customer');
  const party = wanted ?? own[0]!;
  if (!own.includes(party)) throw new Problem('forbidden', `You do not speak for the ${party}`);
  return party;
}

const isProposer = ({ proposer }: Pick<StoredCorrection, 'proposer'>, { kind, name }: Actor): boolean =>
  proposer.kind === kind && proposer.name === name;

/** As whom somebody may decide on a correction now; null where not. Nobody decides on what they proposed themselves. */
export function decidingParty(
  correction: StoredCorrection,
  parties: Parties,
  actor: Actor,
  nowMs: number,
): CorrectionDecider | null {
  if (isProposer(correction, actor)) return null;
  const spoken = speaksFor(parties, actor);
  const other = otherParty(correction.party);
  if (spoken.has(other)) return other;
  return spoken.has('arbiter') && nowMs >= correction.dueMs ? 'arbiter' : null;
}

/** Why somebody may not decide on a correction. */
export function undecidable(correction: StoredCorrection, parties: Parties, actor: Actor): Problem {
  const other = parties[otherParty(correction.party)];
  if (isProposer(correction, actor) || speaksFor(parties, actor).has(correction.party))
    return new Problem('forbidden', `It comes from your side: "${other}" decides on it`);
  if (speaksFor(parties, actor).has('arbiter')) {
    const due = new Date(correction.dueMs).toISOString();
    return new Problem('conflict', `Until ${due} it is for "${other}" alone to answer; then the arbiter may decide`);
  }
  return new Problem('forbidden', `Only members of "${other}" may decide on it`);
}

export const mayWithdraw = (correction: StoredCorrection, parties: Parties, actor: Actor): boolean =>
  speaksFor(parties, actor).has(correction.party);
