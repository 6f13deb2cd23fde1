/** What of a set of time is whole hours of UTC that can be read as such, and what is left beside them. */
import { hourMs } from './durations.ts';
import { subtract, type Span, type Spans } from './spans.ts';

export interface HourCover {
  /** Whole hours, none of them among the unusable ones. */
  readonly hours: readonly Span[];
  /** Everything else. */
  readonly rest: readonly Span[];
}

/** Divides a span; `unusable` are hours that must not be read as a whole. */
export function coverOf({ fromMs, toMs }: Span, unusable: Spans): HourCover {
  const first = Math.ceil(fromMs / hourMs) * hourMs;
  const last = Math.floor(toMs / hourMs) * hourMs;
  const hours = first < last ? subtract([{ fromMs: first, toMs: last }], unusable) : [];
  return { hours, rest: subtract(fromMs < toMs ? [{ fromMs, toMs }] : [], hours) };
}
