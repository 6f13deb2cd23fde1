/** Windows that recur: a wall-clock start in a zone, once or by a rule, each of the same elapsed length. */
import { RRuleTemporal } from 'rrule-temporal';
import { Temporal } from 'temporal-polyfill';
import { dayMs, hourMs, minuteMs } from './durations.ts';
import { instantOf } from './local-time.ts';
import { readRule, untilLocal, type RecurrenceRule } from './recurrence-rule.ts';
import { unionOf, type Span } from './spans.ts';

/** A schedule that `scheduleFault` found nothing wrong with. */
export interface Schedule {
  /** By the wall clock: `2026-03-01T02:00`. */
  readonly start: string;
  /** IANA name. */
  readonly timeZone: string;
  readonly durationMs: number;
  /** RFC 5545 RRULE; null: once. */
  readonly repeat: string | null;
  /** Local dates, `2026-04-05`, on which no window begins. */
  readonly except: readonly string[];
}

/** No rule is followed further ahead than this. */
const horizonMonths = 13;
/** Days of the calendar that come least often, such as a leap day that is a Sunday, come in so many years. */
const rarestYears = 41;
/** Far more than any rule needs that `readRule` lets pass. */
const mostIterations = 2_000_000;

/** How far ahead a schedule is followed: 13 months from now, or from its start where that is later. */
export function horizonMs({ start, timeZone }: Schedule, nowMs: number): number {
  const fromMs = Math.max(Math.floor(nowMs), instantOf(Temporal.PlainDateTime.from(start), timeZone));
  const from = Temporal.Instant.fromEpochMilliseconds(fromMs).toZonedDateTimeISO(timeZone);
  return from.add({ months: horizonMonths }).epochMilliseconds;
}

/**
 * Rules are followed as if their zone had no jumps; only then a wall clock becomes an instant. So a time that the clock
 * jumps over is kept, at the end of the jump, and of an hour that comes twice the first counts.
 */
function follow(rule: RecurrenceRule, start: Temporal.PlainDateTime, zone: string): RRuleTemporal {
  const until = untilLocal(rule, zone);
  const kept = [...rule.parts].filter(([name]) => name !== 'UNTIL');
  return new RRuleTemporal({
    rruleString: kept.map(([name, value]) => `${name}=${value}`).join(';'),
    dtstart: start.toZonedDateTime('UTC'),
    ...(until ? { until: until.toZonedDateTime('UTC') } : {}),
    maxIterations: mostIterations,
    maxCandidateEvaluations: mostIterations,
    cache: false,
  });
}

/** Whether a rule names no time at all that ever comes, in words; null where it does. */
export function ruleFault({ start, timeZone, repeat }: Schedule): string | null {
  const { rule } = readRule(repeat ?? '');
  if (!rule) return null;
  const from = Temporal.PlainDateTime.from(start);
  const dates = follow(rule, from, timeZone);
  const startMs = from.toZonedDateTime('UTC').epochMilliseconds;
  const isFine = rule.frequency === 'HOURLY' || rule.frequency === 'MINUTELY';
  const spans = [31, 400, ...(isFine ? [] : [rarestYears * 366])];
  const begins = spans.some(
    (days) => dates.between(new Date(startMs), new Date(startMs + days * dayMs), true).length > 0,
  );
  return begins ? null : 'names no time that ever comes after the start';
}

/** A schedule ready for questions. */
export class Recurrence {
  readonly #schedule: Schedule;
  readonly #rule: RecurrenceRule | null;
  readonly #first: Temporal.PlainDateTime;
  readonly #firstMs: number;
  readonly #except: ReadonlySet<string>;

  constructor(schedule: Schedule) {
    this.#schedule = schedule;
    this.#rule = schedule.repeat === null ? null : readRule(schedule.repeat).rule;
    this.#first = Temporal.PlainDateTime.from(schedule.start);
    this.#firstMs = instantOf(this.#first, schedule.timeZone);
    this.#except = new Set(schedule.except);
  }

  /**
   * The windows that touch [fromMs, toMs), whole; those that overlap or meet are one. None begins at or after `endMs`,
   * however long the rule goes on.
   */
  windows(fromMs: number, toMs: number, endMs: number): Span[] {
    const { durationMs } = this.#schedule;
    let [lowMs, highMs] = [fromMs - durationMs, Math.min(toMs, endMs)];
    for (let reachMs = Math.max(durationMs, dayMs); ; reachMs *= 2) {
      const spans = unionOf(this.#starts(lowMs, highMs).map((atMs) => ({ fromMs: atMs, toMs: atMs + durationMs })));
      const found = spans.filter((span) => span.toMs > fromMs && span.fromMs < toMs);
      const isCutBelow = lowMs > this.#firstMs && found[0] !== undefined && found[0].fromMs <= lowMs + durationMs;
      const isCutAbove = highMs < endMs && found.length > 0 && found.at(-1)!.toMs >= highMs;
      if (!isCutBelow && !isCutAbove) return found;
      if (isCutBelow) lowMs -= reachMs;
      if (isCutAbove) highMs = Math.min(endMs, highMs + reachMs);
    }
  }

  /** Instants in [lowMs, highMs) at which a window begins, rising. */
  #starts(lowMs: number, highMs: number): number[] {
    if (lowMs >= highMs) return [];
    const { timeZone } = this.#schedule;
    const starts = this.#locals(lowMs - dayMs, highMs + dayMs)
      .filter((local) => !this.#except.has(local.toPlainDate().toString()))
      .map((local) => instantOf(local, timeZone));
    return starts.filter((atMs) => atMs >= lowMs && atMs < highMs);
  }

  /** Wall-clock starts, as epoch ms of a zone without offset, from lowMs to highMs. */
  #locals(lowMs: number, highMs: number): Temporal.PlainDateTime[] {
    const rule = this.#rule;
    if (!rule) return [this.#first];
    const dates = follow(rule, this.#anchor(rule, lowMs), this.#schedule.timeZone);
    return dates
      .between(new Date(lowMs), new Date(highMs), true)
      .map(({ epochMilliseconds }) =>
        Temporal.Instant.fromEpochMilliseconds(epochMilliseconds).toZonedDateTimeISO('UTC').toPlainDateTime(),
      );
  }

  /** Where to begin: fine rules would take long from their start; a later step of theirs does as well, unless they count. */
  #anchor({ frequency, interval, count }: RecurrenceRule, lowMs: number): Temporal.PlainDateTime {
    const unitMs = frequency === 'HOURLY' ? hourMs : frequency === 'MINUTELY' ? minuteMs : null;
    if (unitMs === null || count !== null) return this.#first;
    const first = this.#first.toZonedDateTime('UTC');
    const steps = Math.floor((lowMs - first.epochMilliseconds) / (unitMs * interval));
    return steps > 0 ? first.add({ milliseconds: steps * unitMs * interval }).toPlainDateTime() : this.#first;
  }
}
