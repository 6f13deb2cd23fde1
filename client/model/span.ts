/** The spans of time that the service page can show. */
const hour = 3_600_000;

export const spanChoices = [
  { key: '1h', text: '1 h', ms: hour },
  { key: '6h', text: '6 h', ms: 6 * hour },
  { key: '24h', text: '24 h', ms: 24 * hour },
  { key: '7d', text: '7 d', ms: 7 * 24 * hour },
  { key: '90d', text: '90 d', ms: 90 * 24 * hour },
] as const;
export type SpanChoice = (typeof spanChoices)[number];

/** The choice that a part of the address names; the last day for anything else. */
export const spanChoiceOf = (key: unknown): SpanChoice =>
  spanChoices.find((choice) => choice.key === key) ?? spanChoices[2];

/** A span of time, epoch milliseconds, half-open. */
export interface Span {
  fromMs: number;
  toMs: number;
}

export const leastSpanMs = spanChoices[0].ms;
export const mostSpanMs = spanChoices[4].ms;

/** The span that two parts of an address name; null where they name none that can be shown. */
export function fixedSpanOf(from: unknown, to: unknown): Span | null {
  if (typeof from !== 'string' || typeof to !== 'string') return null;
  const span = { fromMs: Date.parse(from), toMs: Date.parse(to) };
  const lengthMs = span.toMs - span.fromMs;
  return lengthMs > 0 && lengthMs <= mostSpanMs + hour ? span : null;
}

/** Of a length that can be shown, inside what is past, around the middle of what was wanted. */
export function fittedSpan({ fromMs, toMs }: Span, nowMs: number): Span {
  const lengthMs = Math.max(leastSpanMs, Math.min(mostSpanMs, toMs - fromMs));
  const end = Math.min(nowMs, (fromMs + toMs) / 2 + lengthMs / 2);
  return { fromMs: Math.round(end - lengthMs), toMs: Math.round(end) };
}

/** A third of a span around an instant of it, or what is three times as long around its middle. */
export const zoomedIn = ({ fromMs, toMs }: Span, atMs: number, nowMs: number): Span => {
  const sixth = (toMs - fromMs) / 6;
  return fittedSpan({ fromMs: atMs - sixth, toMs: atMs + sixth }, nowMs);
};
export const zoomedOut = ({ fromMs, toMs }: Span, nowMs: number): Span =>
  fittedSpan({ fromMs: fromMs - (toMs - fromMs), toMs: toMs + (toMs - fromMs) }, nowMs);

/** The shortest part of a period that is looked at by itself. */
const leastPartMs = hour / 6;

/** What was wanted of a whole: not shorter than can be looked at, and pushed inside where it sticks out. */
export function partOf({ fromMs, toMs }: Span, whole: Span): Span {
  const most = whole.toMs - whole.fromMs;
  const lengthMs = Math.round(Math.min(most, Math.max(leastPartMs, toMs - fromMs)));
  const begin = Math.round((fromMs + toMs) / 2 - lengthMs / 2);
  const inside = Math.min(Math.max(begin, whole.fromMs), whole.toMs - lengthMs);
  return { fromMs: inside, toMs: inside + lengthMs };
}

/** Whether the ends of a drag mean a span rather than a point. */
export const isBrush = (startPx: number, endPx: number): boolean => Math.abs(endPx - startPx) >= 6;
