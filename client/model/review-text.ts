/** Reviews, and what waits for somebody, in words. */
import type { RouteLocationRaw } from 'vue-router';
import { periodTitle } from '../../server/contract/period-title.ts';
import type { ReviewComment, Waiting } from '../../server/contract/reviews.ts';

/** Notes on clauses, clause by clause, each with who wants it and from which review. */
export function notesByClause(notes: readonly ReviewComment[]): { clause: string; texts: string[] }[] {
  const byClause = new Map<string, string[]>();
  for (const { clause, text, by, party, period } of notes) {
    if (clause === null) continue;
    const told = `${text}\n${by} for the ${party}, review of ${periodTitle(period)}`;
    byClause.set(clause, [...(byClause.get(clause) ?? []), told]);
  }
  return [...byClause].map(([clause, texts]) => ({ clause, texts }));
}

const counted = (count: number, one: string, many: string): string => (count === 1 ? one : `${count} ${many}`);

/** What somebody has to do, as an order: `Sign the proposed version`, `Answer 2 consequences`. */
export function waitingText({ kind, count, period, dueOn }: Waiting): string {
  const of = period === null ? '' : ` of ${periodTitle(period)}`;
  switch (kind) {
    case 'signature':
      return 'Sign the proposed version';
    case 'consequence':
      return `Answer ${counted(count, 'a consequence', 'consequences')}${of}`;
    case 'booking':
      return `Book ${counted(count, 'an accepted credit', 'accepted credits')}${of}`;
    case 'action':
      return `Do ${counted(count, 'an accepted action', 'accepted actions')}${dueOn === null ? '' : `, the first by ${dueOn}`}`;
    case 'correction':
      return `Answer ${counted(count, 'a correction', 'corrections')}`;
    case 'closing':
      return `Confirm that everything${of} is in`;
    case 'renewal':
      return `Decide whether it goes on${dueOn === null ? '' : `, by ${dueOn}`}`;
    case 'review':
      return `Review and sign off ${period === null ? 'the last period' : periodTitle(period)}`;
  }
}

/** Where it is done. */
export function waitingPlace({ kind, agreement: { key }, period }: Waiting): RouteLocationRaw {
  if (kind === 'signature' || kind === 'renewal') return { name: 'agreement', params: { key } };
  if (kind === 'closing') return { name: 'reports', params: { key } };
  if (kind === 'correction') return { name: 'corrections', params: { key } };
  if (kind === 'review' && period !== null) return { name: 'review', params: { key, period } };
  return { name: 'consequences', query: { agreement: key, state: 'open' } };
}
