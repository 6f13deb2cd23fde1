/** Which periods of an agreement are to be frozen, and when. */
import { currentTerms, type AgreementTerms, type TermsVersion } from '../agreements/agreements.service.ts';
import { dayMs } from '../domain/durations.ts';
import { spanOfDays } from '../domain/local-time.ts';
import { calendarPeriods, type CalendarPeriod, type PeriodKind } from '../domain/period-kind.ts';
import { nextPeriod, periodAt, type Period } from '../domain/period.ts';
import type { Span } from '../domain/spans.ts';
import type { FrozenPeriods } from './reports.repository.ts';

/** So long after its end late results still come into a period. */
export const settlingMs = dayMs;

export interface SettlingPeriod {
  period: Period;
  /** What comes later than this does not count. */
  asOfMs: number;
  /** From when on it may be frozen. */
  dueMs: number;
}

/** Rolling days have no periods of their own: their reports are of months. */
const reportedKind = (kind: PeriodKind): CalendarPeriod =>
  (calendarPeriods as readonly string[]).includes(kind) ? (kind as CalendarPeriod) : 'month';

const inForce = ({ effective, terms }: TermsVersion): Span => spanOfDays(effective.from, effective.to, terms.timeZone);

/** What is known of a period by the time that it has settled. */
export const settledAsOf = ({ toMs }: Span): number => toMs + settlingMs;

/**
 * The periods without a report in which something was in force, the oldest first; without an end where the agreement has
 * none. Terms that were put in force only now can be given their history for as long as a period settles.
 */
export function* unfrozenPeriods(agreement: AgreementTerms, frozen: FrozenPeriods | null): Generator<SettlingPeriod> {
  const versions = agreement.versions.map((version) => ({
    ...inForce(version),
    madeMs: Date.parse(version.createdAt),
  }));
  if (versions.length === 0) return;
  const { period: kind, timeZone } = currentTerms(agreement);
  const stepKind = reportedKind(kind);
  const firstMs = Math.min(...versions.map(({ fromMs }) => fromMs));
  const endMs = Math.max(...versions.map(({ toMs }) => toMs));
  let period = periodAt(stepKind, timeZone, Math.max(firstMs, frozen?.lastToMs ?? -Infinity));
  for (; period.fromMs < endMs; period = nextPeriod(stepKind, timeZone, period)) {
    const { label, fromMs, toMs } = period;
    const held = versions.filter((version) => version.fromMs < toMs && version.toMs > fromMs);
    if (held.length === 0 || frozen?.labels.has(label)) continue;
    const madeMs = Math.max(...held.map((version) => version.madeMs));
    yield { period, asOfMs: settledAsOf(period), dueMs: Math.max(settledAsOf(period), madeMs + settlingMs) };
  }
}
