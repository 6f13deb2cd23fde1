/** What is told of corrections beside the time that they are about. */
import type { CorrectionNote } from '../contract/corrections.ts';
import { inEffect } from '../domain/corrections.ts';
import type { Span } from '../domain/spans.ts';
import type { KnownCorrections } from './correction-scope.ts';
import type { StoredCorrection } from './corrections.repository.ts';

export interface NotedSpan extends Span {
  readonly note: CorrectionNote;
}

/** Approved corrections where they count, and open ones as they are proposed. */
export const notedSpans = ({ approved, open }: KnownCorrections<StoredCorrection>): NotedSpan[] =>
  [...inEffect(approved), ...open].map(({ fromMs, toMs, ...correction }) => ({
    ...{ fromMs, toMs },
    note: noteOf(correction),
  }));

const noteOf = (correction: Omit<StoredCorrection, keyof Span>): CorrectionNote => {
  const { id, as, ground, service, reason, proposer, decision } = correction;
  return {
    ...{ id, as, ground, service, reason },
    state: decision ? 'approved' : 'proposed',
    by: decision ? decision.decider.name : proposer.name,
  };
};
