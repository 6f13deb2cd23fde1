/** What alerts are told apart by, and how routes and silences choose among them. */
import type { AlertUrgency } from './alert-rules.ts';

export interface AlertLabels {
  /** Keys; null where it is about no service. */
  readonly service: string | null;
  readonly team: string | null;
  readonly agreements: readonly string[];
  readonly tags: readonly string[];
  /** 1 is the most important; null where it is about no service. */
  readonly tier: number | null;
  readonly urgency: AlertUrgency;
  readonly rule: string;
}

/** Everything that is named must fit, by one of its values; what is left out, or names nothing, fits all. */
export interface AlertMatcher {
  readonly service?: readonly string[] | undefined;
  readonly team?: readonly string[] | undefined;
  readonly agreement?: readonly string[] | undefined;
  readonly tag?: readonly string[] | undefined;
  readonly tier?: readonly number[] | undefined;
  readonly urgency?: readonly AlertUrgency[] | undefined;
  readonly rule?: readonly string[] | undefined;
}

const holds = <Value>(asked: readonly Value[] | undefined, has: readonly (Value | null)[]): boolean =>
  asked === undefined || asked.length === 0 || has.some((value) => value !== null && asked.includes(value));

export const matches = (matcher: AlertMatcher, labels: AlertLabels): boolean =>
  holds(matcher.service, [labels.service]) &&
  holds(matcher.team, [labels.team]) &&
  holds(matcher.agreement, labels.agreements) &&
  holds(matcher.tag, labels.tags) &&
  holds(matcher.tier, [labels.tier]) &&
  holds(matcher.urgency, [labels.urgency]) &&
  holds(matcher.rule, [labels.rule]);
