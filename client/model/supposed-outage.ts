/** Outages as somebody supposes them: moved, shortened, taken away or added. Nothing here decides a figure. Pure. */
import type { SupposedInterval, WhatIfOutage } from '../../server/contract/what-if.ts';
import type { Span } from './span.ts';

export interface SupposedOutage {
  readonly id: number;
  readonly service: string;
  readonly state: SupposedInterval['state'];
  /** As it was; null of one that never was. */
  readonly was: Span | null;
  /** As it is supposed; null where it is taken away. */
  readonly is: Span | null;
}

/** What of an outage is moved. */
export const outageParts = ['start', 'whole', 'end'] as const;
export type OutagePart = (typeof outageParts)[number];

const minuteMs = 60_000;
const leastMs = 1_000;

/** Outages as the server tells them, nothing supposed of them yet. */
export const outagesOf = (told: readonly WhatIfOutage[]): SupposedOutage[] =>
  told.map(({ service, from, to, state }, id) => {
    const span = { fromMs: Date.parse(from), toMs: Date.parse(to) };
    return { id, service, state: state === 'unmonitored' ? 'unknown' : state, was: span, is: span };
  });

/** What is supposed of an outage, in a word; empty where it is as it was. */
export function changeWord({ was, is }: SupposedOutage): '' | 'added' | 'taken away' | 'shorter' | 'longer' | 'moved' {
  if (!was) return 'added';
  if (!is) return 'taken away';
  if (was.fromMs === is.fromMs && was.toMs === is.toMs) return '';
  const difference = is.toMs - is.fromMs - (was.toMs - was.fromMs);
  return difference === 0 ? 'moved' : difference < 0 ? 'shorter' : 'longer';
}

export interface OwnedInterval {
  /** Id of the outage that it says something of. */
  readonly outage: number;
  readonly interval: SupposedInterval;
}

/** What is supposed, as the server takes it: first all that is no more, then what is instead. */
export function intervalsOf(outages: readonly SupposedOutage[]): OwnedInterval[] {
  const changed = outages.filter((outage) => changeWord(outage) !== '');
  const interval = (outage: SupposedOutage, span: Span | null, state: SupposedInterval['state']): OwnedInterval[] =>
    span ? [{ outage: outage.id, interval: { service: outage.service, ...isoSpan(span), state } }] : [];
  return [
    ...changed.flatMap((outage) => interval(outage, outage.was, 'up')),
    ...changed.flatMap((outage) => interval(outage, outage.is, outage.state)),
  ];
}

const isoSpan = ({ fromMs, toMs }: Span) => ({
  from: new Date(fromMs).toISOString(),
  to: new Date(toMs).toISOString(),
});

/** A span with one part of it moved, inside of bounds, never without length. */
export function movedSpan(span: Span, part: OutagePart, byMs: number, bounds: Span): Span {
  const { fromMs, toMs } = span;
  if (part === 'start') return { fromMs: clamp(fromMs + byMs, bounds.fromMs, toMs - leastMs), toMs };
  if (part === 'end') return { fromMs, toMs: clamp(toMs + byMs, fromMs + leastMs, bounds.toMs) };
  const moved = clamp(byMs, bounds.fromMs - fromMs, bounds.toMs - toMs);
  return { fromMs: fromMs + moved, toMs: toMs + moved };
}

const clamp = (value: number, least: number, most: number): number => Math.max(least, Math.min(most, value));

/** To the whole minute: a pointer is not finer. */
export const toMinute = (atMs: number): number => Math.round(atMs / minuteMs) * minuteMs;

/** How far a key moves an outage, ms; null of any other key. */
export function keyStepMs(key: string, isShifted: boolean): number | null {
  const minutes: Readonly<Record<string, number>> = {
    ArrowLeft: -1,
    ArrowDown: -1,
    ArrowRight: 1,
    ArrowUp: 1,
    PageDown: -60,
    PageUp: 60,
  };
  const step = minutes[key];
  if (step === undefined) return null;
  return step * minuteMs * (isShifted && Math.abs(step) === 1 ? 10 : 1);
}

const leastWindowMs = 2 * 60 * minuteMs;

/** The stretch around an outage in which it can be seen and moved; `zoom` 1 shows it three times as long, 3 nine times. */
export function windowAround({ fromMs, toMs }: Span, zoom: number): Span {
  const lengthMs = Math.max(leastWindowMs, (toMs - fromMs) * 3) * zoom;
  const middle = (fromMs + toMs) / 2;
  return { fromMs: Math.round(middle - lengthMs / 2), toMs: Math.round(middle + lengthMs / 2) };
}

/** Whether a span lies well inside of a window: not at its edges, and not all over it. */
export function fitsWindow({ fromMs, toMs }: Span, window: Span): boolean {
  const edgeMs = (window.toMs - window.fromMs) / 12;
  return fromMs >= window.fromMs + edgeMs && toMs <= window.toMs - edgeMs;
}

const addedMs = 30 * minuteMs;

/** Half an hour that begins at an instant, inside of bounds. */
export function addedSpan(atMs: number, bounds: Span): Span {
  const fromMs = clamp(toMinute(atMs), bounds.fromMs, Math.max(bounds.fromMs, bounds.toMs - addedMs));
  return { fromMs, toMs: Math.min(bounds.toMs, fromMs + addedMs) };
}

/** The outage that holds an instant, or lies nearest to it within some tolerance; null where none does. */
export function outageAt(outages: readonly SupposedOutage[], atMs: number, withinMs: number): SupposedOutage | null {
  const away = ({ is, was }: SupposedOutage): number => {
    const { fromMs, toMs } = (is ?? was)!;
    return Math.max(fromMs - atMs, atMs - toMs, 0);
  };
  const nearest = outages.toSorted((a, b) => away(a) - away(b))[0];
  return nearest && away(nearest) <= withinMs ? nearest : null;
}

/** The one that lasted longest; null of none. */
export const longestOf = (outages: readonly SupposedOutage[]): SupposedOutage | null =>
  outages.toSorted((a, b) => lengthOf(b) - lengthOf(a))[0] ?? null;

const lengthOf = ({ is, was }: SupposedOutage): number => {
  const { fromMs, toMs } = (is ?? was)!;
  return toMs - fromMs;
};
