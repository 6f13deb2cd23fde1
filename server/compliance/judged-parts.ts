/** What an agreement is judged over: the span that was asked for, and the parts of it that different terms hold for. */
import {
  currentTerms,
  endOfForce,
  versionAt,
  type AgreementSnapshot,
  type AgreementTerms,
} from '../agreements/agreements.service.ts';
import type { AgreementInput, AgreementStatus } from '../contract/agreements.ts';
import type { ComplianceQuery } from '../contract/compliance.ts';
import { suggestion } from '../contract/suggestion.ts';
import { dayMs } from '../domain/durations.ts';
import { spanOfDays } from '../domain/local-time.ts';
import { periodAt, periodOf, type Period } from '../domain/period.ts';
import type { Span } from '../domain/spans.ts';
import { recentLengthMs } from '../domain/verdict.ts';
import { invalidField, Problem } from '../platform/problem.ts';

export interface AskedPeriod extends Period {
  /** Days up to now, of which nothing is to come. */
  readonly isRolling: boolean;
}

/** The terms that figures follow from. */
export type JudgedTerms = Pick<
  AgreementInput,
  'timeZone' | 'calendar' | 'supportCalendar' | 'services' | 'counting' | 'objectives' | 'severities' | 'pausedBy'
>;

/** Terms that hold for a part of the span. */
export interface JudgedPart<Terms extends JudgedTerms = AgreementInput> {
  /** Of the agreement; null of what is only tried. */
  readonly agreementId: number | null;
  readonly version: number | null;
  readonly basis: AgreementStatus;
  readonly terms: Terms;
  /** What the figures rest on beside the terms; null where that is what holds now: nothing was signed. */
  readonly snapshot: AgreementSnapshot | null;
  /** When they hold; open at the end as Infinity. */
  readonly effective: Span;
}

/** The instant as of which a query asks; never later than now. */
export const askedInstantMs = ({ at }: Pick<ComplianceQuery, 'at'>, nowMs: number): number =>
  at === undefined ? Math.floor(nowMs) : Math.min(Date.parse(at), Math.floor(nowMs));

/** The span that a query asks about. @throws Problem invalid-input */
export function askedPeriod(agreement: AgreementTerms, query: ComplianceQuery, nowMs: number): AskedPeriod {
  const { period: kind, timeZone } = versionAt(agreement, nowMs)?.terms ?? currentTerms(agreement);
  if (query.from !== undefined && query.to !== undefined) {
    const label = `${query.from}/${query.to}`;
    return checked('from', { label, fromMs: Date.parse(query.from), toMs: Date.parse(query.to) }, nowMs);
  }
  if (query.period === undefined) return { ...periodAt(kind, timeZone, nowMs), isRolling: kind.startsWith('rolling-') };
  const period = periodOf(query.period, timeZone);
  if (!period) throw invalidField('period', 'is no week, month or quarter of the calendar');
  return checked('period', period, nowMs);
}

function checked(field: string, period: Period, nowMs: number): AskedPeriod {
  if (period.fromMs >= nowMs) throw invalidField(field, 'lies in the future: nothing can be told of it yet');
  return { ...period, isRolling: false };
}

/** When a text holds once it does. */
const inForce = (terms: AgreementInput): Span => spanOfDays(terms.effective.from, endOfForce(terms), terms.timeZone);

/** Outages at the edges of a period are read whole as far as they reach over this. */
const edgeMs = 2 * dayMs;

/** What is read around a period: so much before it as burn rates reach back, and outages at its edges whole. */
export const reachOf = (period: Span): Span => ({
  fromMs: period.fromMs - Math.max(recentLengthMs(period), edgeMs),
  toMs: period.toMs + edgeMs,
});

/**
 * The terms that hold in a span, in order of time; where none were ever in force in it, the draft. Of what has ended
 * before it the last terms are told, and nothing is judged: a draft that is written afterwards has not been promised.
 */
export function partsOf(agreement: AgreementTerms, span: Span): JudgedPart[] {
  const versions = agreement.versions.map(
    ({ number, status, terms, snapshot, effective: { from, to } }): JudgedPart => {
      const effective = spanOfDays(from, to, terms.timeZone);
      return { agreementId: agreement.id, version: number, basis: status, terms, snapshot, effective };
    },
  );
  const parts = versions.filter(({ effective }) => effective.fromMs < span.toMs && effective.toMs > span.fromMs);
  if (parts.length > 0) return parts;
  const over = versions.at(-1);
  if (over && over.effective.toMs <= span.fromMs) return [{ ...over, version: null }];
  const last = agreement.versions.at(-1);
  const terms = agreement.draft ?? currentTerms(agreement);
  const basis = agreement.draft || !last ? 'draft' : last.status;
  const snapshot = basis === 'draft' ? null : last!.snapshot;
  return [{ agreementId: agreement.id, version: null, basis, terms, snapshot, effective: inForce(terms) }];
}

/** The newest terms that hold in a span and have an objective. @throws Problem not-found */
export function partWith(agreement: AgreementTerms, span: Span, objective: string): JudgedPart {
  const part = partsOf(agreement, span).findLast(({ terms }) => Object.hasOwn(terms.objectives, objective));
  if (part) return part;
  const known = Object.keys(currentTerms(agreement).objectives);
  throw new Problem('not-found', `There is no objective "${objective}"${suggestion(objective, known)}`);
}
