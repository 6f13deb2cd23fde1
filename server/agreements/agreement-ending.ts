/** When an agreement ends, and what that means, in words: pure. */
import type { AgreementEnding, AgreementInput } from '../contract/agreements.ts';
import { counted } from '../contract/length-words.ts';
import {
  dayBefore,
  daysUntil,
  endInReach,
  lastNoticeDay,
  urgencyOf,
  type AgreementTerm,
} from '../domain/agreement-term.ts';
import { dayMs } from '../domain/durations.ts';
import type { EndUrgency } from '../domain/end-urgency.ts';
import { dateWords, dayBeforeWords } from './document/date-words.ts';
import { liveProposal, todayOf } from './life-state.ts';
import { endOfForce, type AgreementTerms, type TermsVersion } from './terms.ts';

export const termOf = ({ effective, renewal }: Pick<AgreementInput, 'effective' | 'renewal'>): AgreementTerm => ({
  ...{ from: effective.from, to: effective.to ?? null, atEnd: renewal.atEnd, months: renewal.months },
  noticeDays: renewal.notice / dayMs,
});

/** When it ends or may; null where nothing of it says so. */
export function endingOf(agreement: AgreementTerms, nowMs: number): AgreementEnding | null {
  const last = agreement.versions.at(-1);
  if (!last) return null;
  const today = todayOf(last, nowMs);
  const { to } = last.effective;
  if (to === null) return renewing(last, today);
  if (to <= today) return { kind: 'over', on: to, noticeBy: null, urgency: null, mark: null, text: overText(to) };
  const isAgreed = to === endOfForce(last.terms);
  return isAgreed ? expiring(agreement, to, today) : ended(to, today);
}

/** The last day to act before it ends, or goes on; null where nobody can, or what is to follow is on its way. */
export function decisiveDay(agreement: AgreementTerms, nowMs: number): string | null {
  const ending = endingOf(agreement, nowMs);
  if (ending?.kind === 'renews') return ending.noticeBy;
  if (ending?.kind !== 'expires' || liveProposal(agreement)?.status === 'proposed') return null;
  return dayBefore(ending.on);
}

/** The same where that is near enough to warn of. */
export const renewalDue = (agreement: AgreementTerms, nowMs: number): string | null =>
  endingOf(agreement, nowMs)?.urgency == null ? null : decisiveDay(agreement, nowMs);

/** Both parties must act, or it is over. */
function expiring(agreement: AgreementTerms, on: string, today: string): AgreementEnding {
  const lastDay = dayBefore(on);
  const urgency = urgencyOf(today, lastDay);
  const next = liveProposal(agreement);
  const follows =
    next?.status === 'proposed'
      ? `Version ${next.number}, which would follow, waits for signatures.`
      : agreement.versions.at(-1)?.status === 'declared'
        ? 'Nothing follows yet: the config file says what does, or it is over.'
        : 'Nothing follows yet: a renewal is proposed and signed by both parties, or it is over.';
  return {
    ...{ kind: 'expires', on, noticeBy: null, urgency, mark: markOf('Ends', urgency, today, lastDay) },
    text: `Its last day is ${dateWords(lastDay)}${inDays(today, lastDay)}. ${follows}`,
  };
}

/** A party ended it. */
function ended(on: string, today: string): AgreementEnding {
  const lastDay = dayBefore(on);
  const urgency = urgencyOf(today, lastDay);
  return {
    ...{ kind: 'ends', on, noticeBy: null, urgency, mark: markOf('Ends', urgency, today, lastDay) },
    text: `A party ended it: its last day is ${dateWords(lastDay)}${inDays(today, lastDay)}.`,
  };
}

/** It goes on unless a party says otherwise in time. */
function renewing({ terms }: TermsVersion, today: string): AgreementEnding | null {
  const term = termOf(terms);
  const on = term.atEnd === 'renews' ? endInReach(term, today) : null;
  if (on === null) return null;
  const noticeBy = lastNoticeDay(term, on);
  const urgency = urgencyOf(today, noticeBy);
  return {
    ...{ kind: 'renews', on, noticeBy, urgency, mark: markOf('Goes on: notice', urgency, today, noticeBy) },
    text: `It goes on by ${counted(term.months, 'month')} after ${dayBeforeWords(on)}, unless a party ends it by ${dateWords(noticeBy)}${inDays(today, noticeBy)}.`,
  };
}

const inDays = (today: string, date: string): string => {
  const days = daysUntil(today, date);
  return days === 0 ? ', which is today' : `, in ${counted(days, 'day')}`;
};

function markOf(what: string, urgency: EndUrgency | null, today: string, date: string): string | null {
  if (urgency === null) return null;
  const days = daysUntil(today, date);
  return days === 0 ? `${what} today` : `${what} in ${counted(days, 'day')}`;
}

const overText = (on: string): string =>
  `It ended: its last day was ${dayBeforeWords(on)}. Its figures end there. What came later is judged by nothing, counts in no period and earns no credit; its reports stay.`;
