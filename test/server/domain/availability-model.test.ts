import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LineService, TimeClass } from '../../../server/domain/objective-line.ts';
import { compareRatios, ratioOf } from '../../../server/domain/ratio.ts';
import {
  evaluateTime,
  timeClasses,
  type TimeFrame,
  type TimeObjective,
} from '../../../server/domain/time-objective.ts';
import { recentLengthMs } from '../../../server/domain/verdict.ts';
import { anyLine, shortHours, type AnyLine } from '../../support/any-line.ts';

/** A model that looks at every tick by itself; it shares no code with the engine. */
class TickModel {
  readonly objective: TimeObjective;
  readonly frame: TimeFrame;
  readonly lines: readonly LineService[][];
  readonly tickMs: number;

  constructor({ objective, frame, services, tickMs }: AnyLine) {
    this.objective = objective;
    this.frame = frame;
    this.tickMs = tickMs;
    this.lines = objective.combine === 'average' ? services.map((service) => [service]) : [services];
  }

  /** Counts ticks of a span, in ms, for which something holds, in all lines. */
  sum(fromMs: number, toMs: number, holds: (line: LineService[], atMs: number) => boolean): number {
    let sum = 0;
    const first = Math.ceil(fromMs / this.tickMs) * this.tickMs;
    for (const line of this.lines)
      for (let atMs = first; atMs < toMs; atMs += this.tickMs) if (holds(line, atMs)) sum += this.tickMs;
    return sum;
  }

  isAgreed(atMs: number): boolean {
    const { effective, hours } = this.frame;
    const isOpen = hours === null || shortHours.workingMs(atMs, atMs + this.tickMs) > 0;
    return isOpen && atMs >= effective.fromMs && atMs < effective.toMs;
  }

  classAt(line: LineService[], atMs: number, withExclusions: boolean): TimeClass | null {
    if (atMs < Math.min(...line.map(({ sinceMs }) => sinceMs))) return withExclusions ? null : 'unmonitored';
    const found = new Set(
      line.map(({ sinceMs, timeline, exclusions }): TimeClass => {
        if (withExclusions && exclusions.some(({ fromMs, toMs }) => fromMs <= atMs && atMs < toMs)) return 'excluded';
        const now = timeline.find(({ fromMs, toMs }) => fromMs <= atMs && (toMs === null || atMs < toMs));
        return atMs >= sinceMs && now ? now.state : 'unmonitored';
      }),
    );
    const order: TimeClass[] =
      this.objective.combine === 'all-down'
        ? ['up', 'degraded', 'unknown', 'down']
        : ['down', 'unknown', 'degraded', 'up'];
    return [...order, 'excluded' as const].find((one) => found.has(one)) ?? 'unmonitored';
  }

  isBad(line: LineService[], atMs: number): boolean {
    const { degraded, unknown, minimumOutageMs } = this.objective.counting;
    const counts = (one: TimeClass | null): boolean =>
      one === 'down' || (one === 'degraded' && degraded === 'bad') || (one === 'unknown' && unknown === 'bad');
    if (!counts(this.classAt(line, atMs, true))) return false;
    const isRaw = (at: number): boolean => counts(this.classAt(line, at, false));
    if (!isRaw(atMs)) return true;
    let [fromMs, toMs] = [atMs, atMs];
    while (toMs - fromMs < minimumOutageMs && isRaw(fromMs - this.tickMs)) fromMs -= this.tickMs;
    while (toMs - fromMs < minimumOutageMs && isRaw(toMs)) toMs += this.tickMs;
    return toMs - fromMs >= minimumOutageMs;
  }

  isMeasured(line: LineService[], atMs: number): boolean {
    const one = this.classAt(line, atMs, true);
    if (one === null || one === 'excluded' || one === 'unmonitored') return false;
    return one !== 'unknown' || this.objective.counting.unknown !== 'excluded';
  }

  figures() {
    const { period, nowMs, isRolling } = this.frame;
    const endMs = Math.min(period.toMs, nowMs);
    const agreed = (holds: (line: LineService[], atMs: number) => boolean, fromMs = period.fromMs, toMs = endMs) =>
      this.sum(fromMs, toMs, (line, atMs) => this.isAgreed(atMs) && holds(line, atMs));
    const isToCome = (line: LineService[], atMs: number) =>
      line.some(({ exclusions }) => !exclusions.some(({ fromMs, toMs }) => fromMs <= atMs && atMs < toMs));
    return {
      classes: Object.fromEntries(
        timeClasses.map((name) => [`${name}Ms`, agreed((line, atMs) => this.classAt(line, atMs, true) === name)]),
      ),
      badMs: agreed((line, atMs) => this.isBad(line, atMs)),
      measuredMs: agreed((line, atMs) => this.isMeasured(line, atMs)),
      toComeMs: isRolling ? 0 : agreed(isToCome, Math.max(period.fromMs, nowMs), period.toMs),
    };
  }
}

describe('availability of any small case', () => {
  it('agrees with a model that looks at every millisecond, or in service hours at every minute', () => {
    fc.assert(
      fc.property(anyLine, (given) => {
        const { objective, frame, services } = given;
        const { figures, ...told } = evaluateTime(objective, frame, services);
        const { classes, badMs, measuredMs, toComeMs } = new TickModel(given).figures();
        expect(figures).toMatchObject({ ...classes, badMs, measuredMs, toComeMs });
        const [numerator, denominator] = [BigInt(objective.target.numerator), BigInt(objective.target.denominator)];
        // What may be missed, less what was, times the denominator of the target.
        const left = (denominator - numerator) * BigInt(measuredMs + toComeMs) - denominator * BigInt(badMs);
        expect(compareRatios(told.left, ratioOf(left, denominator))).toBe(0);
        const isClosed = !frame.isRolling && frame.nowMs >= frame.period.toMs;
        if (measuredMs === 0) expect([told.verdict, told.attained]).toEqual(['no-data', null]);
        else if (isClosed) expect(told.verdict).toBe(left < 0n ? 'missed' : 'met');
        else if (left < 0n) expect(told.verdict).toBe(frame.isRolling ? 'below-target' : 'breached');
        else expect(['on-track', 'at-risk']).toContain(told.verdict);
      }),
      { numRuns: 150 },
    );
  });

  it('burns as the same model has it, over what counts as of late', () => {
    fc.assert(
      fc.property(anyLine, (given) => {
        const { objective, frame, services, tickMs } = given;
        const recentMs = recentLengthMs(frame.period);
        // The model knows whole ticks alone.
        fc.pre(recentMs % tickMs === 0);
        const model = new TickModel(given);
        const endMs = Math.min(frame.nowMs, frame.period.toMs);
        const sum = (holds: (line: LineService[], atMs: number) => boolean) =>
          model.sum(endMs - recentMs, endMs, (line, atMs) => model.isAgreed(atMs) && holds(line, atMs));
        const bad = sum((line, atMs) => model.isBad(line, atMs));
        const measured = sum((line, atMs) => model.isMeasured(line, atMs));
        const { burn } = evaluateTime(objective, frame, services);
        const [numerator, denominator] = [BigInt(objective.target.numerator), BigInt(objective.target.denominator)];
        const expected =
          measured === 0
            ? ratioOf(0, 1)
            : ratioOf(BigInt(bad) * denominator, BigInt(measured) * (denominator - numerator));
        expect(compareRatios(burn!, expected)).toBe(0);
      }),
      { numRuns: 150 },
    );
  });
});
