/** What a proposal must be, and what is done with it must fit. */
import { documentPartKeys } from '../contract/agreement-document.ts';
import type { ClauseComment } from '../contract/agreement-life.ts';
import type { AgreementInput } from '../contract/agreements.ts';
import { endInReach, isTermEnd, lastNoticeDay } from '../domain/agreement-term.ts';
import { invalidInput } from '../platform/input.pipe.ts';
import { invalidField, Problem } from '../platform/problem.ts';
import { termOf } from './agreement-ending.ts';
import { seatsOf, type Seat } from './seats.ts';
import { endOfForce, openProposal, type AgreementTerms, type ProposedVersion } from './terms.ts';

/** The proposal that is meant, while it waits. @throws Problem conflict, changed-meanwhile */
export function proposalOf(agreement: AgreementTerms, version: number): ProposedVersion {
  const open = openProposal(agreement);
  if (!open) throw new Problem('conflict', `No version of agreement "${agreement.key}" waits for signatures`);
  if (open.number === version) return open;
  throw new Problem(
    'changed-meanwhile',
    `Version ${version} waits for signatures no more; version ${open.number} does`,
  );
}

/** A comment is about something that the text has. @throws Problem invalid-input */
export function assertClauses(terms: AgreementInput, comments: readonly ClauseComment[]): void {
  const issues = comments.flatMap(({ clause }, index) =>
    hasClause(terms, clause)
      ? []
      : [{ path: ['comments', String(index), 'clause'], message: `there is no clause "${clause}"` }],
  );
  if (issues.length > 0) throw invalidInput(issues);
}

const partKeys: ReadonlySet<string> = new Set(documentPartKeys);

/** Whether it is a part of the document, or a field of the text. */
export const hasClause = (terms: AgreementInput, clause: string): boolean =>
  partKeys.has(clause) ||
  clause
    .split('.')
    .reduce<unknown>(
      (value, name) =>
        typeof value === 'object' && value !== null && Object.hasOwn(value, name)
          ? (value as Record<string, unknown>)[name]
          : undefined,
      terms,
    ) != null;

/** Whether a draft can be signed by both parties. @throws Problem invalid-input */
export function assertProposable(agreement: AgreementTerms, draft: AgreementInput, today: string): void {
  const missing = (['provider', 'customer'] as const).filter((side) => draft.parties[side].signatories.length === 0);
  const to = endOfForce(draft);
  const issues = [
    ...missing.map((side) => ({
      path: ['parties', side, 'signatories'],
      message: 'must name a person at least who signs',
    })),
    ...repeatedSignatories(draft),
    ...(to !== null && to <= today ? [{ path: ['effective', 'to'], message: 'must be a day to come' }] : []),
  ];
  if (issues.length > 0) throw invalidInput(issues);
  assertFollows(agreement, draft.effective.from);
}

/** Nobody signs twice for a party: each place is another person and another account. */
function repeatedSignatories(draft: AgreementInput) {
  const seats = seatsOf(draft);
  return seats.flatMap((seat, index) => {
    const same = (other: Seat): boolean =>
      other.party === seat.party && (other.email === seat.email || other.account === seat.account);
    if (!seats.slice(0, index).some(same)) return [];
    const at = seats.filter(({ party }) => party === seat.party).indexOf(seat);
    return [{ path: ['parties', seat.party, 'signatories', String(at)], message: 'is named twice' }];
  });
}

/** What goes on by itself ends with a term, and the other party hears of it in time. @throws Problem invalid-input */
export function assertNotice(terms: AgreementInput, on: string, today: string): void {
  const term = termOf(terms);
  if (term.atEnd === 'expires') return;
  const next = endInReach(term, today)!;
  if (!isTermEnd(term, on)) throw invalidField('on', `must be the end of a term, such as ${next}`);
  const by = lastNoticeDay(term, on);
  if (by < today) throw invalidField('on', `had to be said by ${by}: the next end that can be asked for is ${next}`);
}

/** On no day two versions hold: the next begins after the one before it began. */
export function assertFollows({ versions }: AgreementTerms, from: string): void {
  const last = versions.at(-1);
  if (last && from <= last.effective.from)
    throw invalidField('effective.from', `must be after ${last.effective.from}, when version ${last.number} began`);
}
