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

/** A field that a matcher names and that does not fit: what was asked, and what there is instead. */
export interface Miss {
  readonly field: keyof AlertMatcher;
  readonly asked: readonly (string | number)[];
  readonly has: readonly (string | number)[];
}

const has: { readonly [Field in keyof AlertMatcher]-?: (labels: AlertLabels) => readonly (string | number | null)[] } =
  {
    service: ({ service }) => [service],
    team: ({ team }) => [team],
    agreement: ({ agreements }) => agreements,
    tag: ({ tags }) => tags,
    tier: ({ tier }) => [tier],
    urgency: ({ urgency }) => [urgency],
    rule: ({ rule }) => [rule],
  };
export const matcherFields = Object.keys(has) as (keyof AlertMatcher)[];

function fits(field: keyof AlertMatcher, matcher: AlertMatcher, labels: AlertLabels): boolean {
  const asked: readonly (string | number)[] = matcher[field] ?? [];
  return asked.length === 0 || has[field](labels).some((value) => value !== null && asked.includes(value));
}

export const matches = (matcher: AlertMatcher, labels: AlertLabels): boolean =>
  matcherFields.every((field) => fits(field, matcher, labels));

/** Why it does not match, field by field; empty where it does. */
export const missesOf = (matcher: AlertMatcher, labels: AlertLabels): Miss[] =>
  matcherFields
    .filter((field) => !fits(field, matcher, labels))
    .map((field) => ({
      ...{ field, asked: matcher[field] ?? [] },
      has: has[field](labels).filter((value) => value !== null),
    }));
