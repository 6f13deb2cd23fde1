/** Corrections as they are told. */
import type { AgreementInput } from '../contract/agreements.ts';
import type { AgreementCorrection } from '../contract/corrections.ts';
import type { Actor } from '../platform/request-context.ts';
import { decidingParty, mayWithdraw, otherParty } from './correction-parties.ts';
import type { StoredCorrection } from './corrections.repository.ts';

const iso = (atMs: number): string => new Date(atMs).toISOString();

/** To whoever asks: with what they may do with it. */
export function correctionView(
  correction: StoredCorrection,
  { key, terms, actor, nowMs }: { key: string; terms: AgreementInput; actor: Actor; nowMs: number },
): AgreementCorrection {
  const { id, objective, as, ground, reason, link, party, decision } = correction;
  const isOpen = decision === null;
  return {
    ...{ id, agreement: key, objective, as, ground, reason, link, party },
    service: { key: correction.service, name: correction.serviceName },
    from: iso(correction.fromMs),
    to: iso(correction.toMs),
    state: decision?.outcome ?? 'proposed',
    proposedBy: correction.proposer.name,
    proposedAt: iso(correction.proposedMs),
    answerBy: terms[otherParty(party)],
    answerDueAt: iso(correction.dueMs),
    arbiter: terms.arbiter ?? null,
    decision: decision && {
      by: decision.decider.name,
      party: decision.party,
      at: iso(decision.decidedMs),
      reason: decision.reason,
    },
    effects: [...correction.effects],
    mayDecide: isOpen && decidingParty(correction, terms, actor, nowMs) !== null,
    mayWithdraw: isOpen && mayWithdraw(correction, terms, actor),
  };
}
