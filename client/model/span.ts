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
