/** What a figure is made of, as it is told. */
import type { Explanation } from '../contract/compliance.ts';
import { notedSpans } from './correction-notes.ts';
import type { KnownCorrections } from './correction-scope.ts';
import type { StoredCorrection } from './corrections.repository.ts';
import type { Evaluated } from './evaluated.ts';
import type { AskedPeriod, JudgedPart } from './judged-parts.ts';
import { isoOf, linesView, periodView, resultView } from './result-view.ts';

/** What was judged, over which span, as of which instant. */
export interface JudgedSpan {
  readonly part: Pick<JudgedPart, 'terms' | 'basis'>;
  readonly period: AskedPeriod;
  readonly nowMs: number;
}

/** `corrections`: those of the objective. */
export function explanationView(
  result: Evaluated,
  corrections: KnownCorrections<StoredCorrection>,
  { part, period, nowMs }: JudgedSpan,
): Explanation {
  const { counting } = part.terms;
  return {
    objective: resultView(result, counting.upstream === 'excused'),
    period: periodView(period, nowMs),
    asOf: isoOf(nowMs),
    basis: part.basis,
    lines: linesView(result, counting, notedSpans(corrections)),
    events: eventsView(result),
  };
}

export const eventsView = ({ items }: Evaluated): Explanation['events'] =>
  items.map(({ fromMs, toMs, ...item }) => ({
    ...item,
    from: isoOf(fromMs),
    to: toMs === null ? null : isoOf(toMs),
  }));
