/** What an agreement is judged over: the span that was asked for, and the parts of it that different terms hold for. */
import { currentTerms, type AgreementTerms } from '../agreements/agreements.service.ts';
import type { AgreementInput, AgreementStatus } from '../contract/agreements.ts';
import type { ComplianceQuery } from '../contract/compliance.ts';
import { spanOfDays } from '../domain/local-time.ts';
import { periodAt, periodOf, type Period } from '../domain/period.ts';
import type { Span } from '../domain/spans.ts';
import { invalidField } from '../platform/problem.ts';

export interface AskedPeriod extends Period {
  /** Days up to now, of which nothing is to come. */
  readonly isRolling: boolean;
}

/** Terms that hold for a part of the span. */
export interface JudgedPart {
  readonly version: number | null;
  readonly basis: AgreementStatus;
  readonly terms: AgreementInput;
  /** When they hold; open at the end as Infinity. */
  readonly effective: Span;
}

/** The span that a query asks about. @throws Problem invalid-input */
export function askedPeriod(agreement: AgreementTerms, query: ComplianceQuery, nowMs: number): AskedPeriod {
  const { period: kind, timeZone } = currentTerms(agreement);
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

/** The terms that hold in a span, in order of time; where none were ever in force in it, the draft. */
export function partsOf(agreement: AgreementTerms, span: Span): JudgedPart[] {
  const parts = agreement.versions
    .map(({ number, status, terms, effective }): JudgedPart => {
      const { timeZone } = terms;
      return { version: number, basis: status, terms, effective: spanOfDays(effective.from, effective.to, timeZone) };
    })
    .filter(({ effective }) => effective.fromMs < span.toMs && effective.toMs > span.fromMs);
  if (parts.length > 0) return parts;
  const { draft, versions } = agreement;
  const terms = draft ?? versions.at(-1)!.terms;
  const { from, to = null } = terms.effective;
  const basis = draft ? 'draft' : versions.at(-1)!.status;
  return [{ version: null, basis, terms, effective: spanOfDays(from, to, terms.timeZone) }];
}
