import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reasons } from '../../../probes/contract.ts';
import { ServiceHours } from '../../../server/domain/calendar.ts';
import {
  correctedExclusions,
  correctedTimeline,
  correctionClasses,
  cutAtEdges,
  inEffect,
  type Correction,
} from '../../../server/domain/corrections.ts';
import { linesOf, type Exclusion, type LineService } from '../../../server/domain/objective-line.ts';
import { openingOf, weekdays } from '../../../server/domain/opening.ts';
import { serviceStates, type ServiceState } from '../../../server/domain/service-state.ts';
import { lengthMs, type Span } from '../../../server/domain/spans.ts';
import type { Interval } from '../../../server/domain/timeline.ts';
import { endOfWorkingDay } from '../../../server/domain/working-days.ts';

const horizon = 60;
const state = (fromMs: number, toMs: number | null, name: ServiceState): Interval<ServiceState> => ({
  ...{ fromMs, toMs, state: name },
  reason: name === 'up' ? reasons.ok.code : reasons.timeout.code,
});
const upThenDown = [state(0, 10, 'up'), state(10, 20, 'down'), state(20, null, 'up')];
const counting = { degraded: 'good', unknown: 'excluded', minimumOutageMs: 0 } as const;

/** Classes by millisecond of [0, horizon). */
function classesOf(timeline: LineService['timeline'], exclusions: readonly Exclusion[]): string[] {
  const service = { key: 'payroll', sinceMs: -Infinity, timeline, exclusions };
  const [line = []] = linesOf([service], 'any-down', counting, [{ fromMs: 0, toMs: horizon }]);
  return line.flatMap(({ class: name, fromMs, toMs }) => Array.from({ length: toMs - fromMs }, () => name));
}
const corrected = (
  timeline: LineService['timeline'],
  exclusions: readonly Exclusion[],
  corrections: readonly Correction[],
): string[] => classesOf(correctedTimeline(timeline, corrections), correctedExclusions(exclusions, corrections));

const spanArbitrary = fc
  .tuple(fc.integer({ min: 0, max: horizon - 1 }), fc.integer({ min: 1, max: horizon }))
  .map(([from, length]): Span => ({ fromMs: from, toMs: Math.min(horizon, from + length) }));
const timelineArbitrary = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 15 }), fc.constantFrom(...serviceStates)), { minLength: 1, maxLength: 8 })
  .map((runs) => {
    let atMs = 0;
    return runs.map(([length, name]) => state(atMs, (atMs += length), name));
  });
const exclusionsArbitrary = fc.array(
  fc
    .tuple(spanArbitrary, fc.constantFrom('maintenance' as const, 'upstream' as const))
    .map(([span, cause]): Exclusion => ({ ...span, cause, key: 'other' })),
  { maxLength: 3 },
);
const correctionsArbitrary = fc
  .array(fc.tuple(spanArbitrary, fc.constantFrom(...correctionClasses)), { maxLength: 6 })
  .map((all) => all.map(([span, as], index): Correction => ({ ...span, as, id: index + 1 })));

describe('corrections', () => {
  it('put a state in the place of what was measured, for their stretch alone', () => {
    const timeline = correctedTimeline(upThenDown, [{ id: 1, as: 'up', fromMs: 12, toMs: 15 }]);
    expect(timeline.map(({ fromMs, toMs, state: name }) => [fromMs, toMs, name])).toEqual([
      [0, 10, 'up'],
      [10, 12, 'down'],
      [12, 15, 'up'],
      [15, 20, 'down'],
      [20, null, 'up'],
    ]);
    expect(timeline[2]!.reason).toBe(reasons.corrected.code);
  });

  it('leave out what the parties agree to leave out', () => {
    const exclusions = correctedExclusions([], [{ id: 7, as: 'excluded', fromMs: 10, toMs: 20 }]);
    expect(exclusions).toEqual([{ cause: 'correction', key: '7', fromMs: 10, toMs: 20 }]);
  });

  it('make time count again that maintenance had excluded, where the parties agree on its state', () => {
    const maintenance: Exclusion = { cause: 'maintenance', key: 'patch', fromMs: 5, toMs: 25 };
    const exclusions = correctedExclusions([maintenance], [{ id: 1, as: 'down', fromMs: 10, toMs: 20 }]);
    expect(exclusions).toEqual([
      { ...maintenance, toMs: 10 },
      { ...maintenance, fromMs: 20 },
    ]);
  });

  it('of several the one proposed last counts, and one as measured takes the earlier ones back', () => {
    const first: Correction = { id: 1, as: 'excluded', fromMs: 10, toMs: 20 };
    const back: Correction = { id: 2, as: 'measured', fromMs: 12, toMs: 14 };
    expect(inEffect([first, back]).map(({ id, fromMs, toMs }) => [id, fromMs, toMs])).toEqual([
      [1, 10, 12],
      [2, 12, 14],
      [1, 14, 20],
    ]);
    expect(corrected(upThenDown, [], [first, back]).slice(10, 20)).toEqual([
      ...['excluded', 'excluded', 'down', 'down'],
      ...Array.from({ length: 6 }, () => 'excluded'),
    ]);
  });

  it('keep classes summing to the period, and equal a model that asks every millisecond', () => {
    fc.assert(
      fc.property(timelineArbitrary, exclusionsArbitrary, correctionsArbitrary, (timeline, exclusions, corrections) => {
        const plain = classesOf(timeline, exclusions);
        const expected = plain.map((name, atMs) => {
          const last = corrections.findLast(({ fromMs, toMs }) => fromMs <= atMs && atMs < toMs);
          return last === undefined || last.as === 'measured' ? name : last.as;
        });
        const found = corrected(timeline, exclusions, corrections);
        expect(found).toHaveLength(horizon);
        expect(found).toEqual(expected);
      }),
    );
  });

  it('come to the same in whatever order they are approved', () => {
    const shuffled = correctionsArbitrary.chain((corrections) =>
      fc.record({
        corrections: fc.constant(corrections),
        other: fc.shuffledSubarray(corrections, { minLength: corrections.length }),
      }),
    );
    fc.assert(
      fc.property(timelineArbitrary, exclusionsArbitrary, shuffled, (timeline, exclusions, { corrections, other }) => {
        expect(corrected(timeline, exclusions, other)).toEqual(corrected(timeline, exclusions, corrections));
      }),
    );
  });

  it('cut a line for the explanation without losing or adding a millisecond', () => {
    fc.assert(
      fc.property(timelineArbitrary, fc.array(spanArbitrary, { maxLength: 5 }), (timeline, spans) => {
        const service = { key: 'payroll', sinceMs: -Infinity, timeline, exclusions: [] };
        const [line = []] = linesOf([service], 'any-down', counting, [{ fromMs: 0, toMs: horizon }]);
        const cut = cutAtEdges(line, spans);
        expect(lengthMs(cut)).toBe(lengthMs(line));
        const isWhole = ({ fromMs, toMs }: Span) =>
          spans.every((span) => span.fromMs <= fromMs || span.fromMs >= toMs) &&
          spans.every((span) => span.toMs <= fromMs || span.toMs >= toMs);
        expect(cut.every(isWhole)).toBe(true);
        const ends = cut.slice(1).map(({ fromMs }, index) => [cut[index]!.toMs, fromMs]);
        expect(ends.every(([end, begin]) => end === begin)).toBe(true);
      }),
    );
  });
});

describe('working days', () => {
  const office = (days: readonly number[], holidays: readonly string[] = []) =>
    new ServiceHours({
      timeZone: 'Europe/Berlin',
      week: Object.fromEntries(
        weekdays.map((day, index) => [day, days.includes(index) ? [openingOf('08:00-18:00')!] : []]),
      ) as unknown as ConstructorParameters<typeof ServiceHours>[0]['week'],
      holidays: () => new Set(holidays),
      exceptions: new Map(),
    });
  const tenth = (start: string, hours: ServiceHours | null) =>
    new Date(endOfWorkingDay(Date.parse(start), 10, 'Europe/Berlin', hours)).toISOString();

  it('end with the tenth day on which the calendar opens, the day itself left out', () => {
    // Thursday: the tenth working day is the Thursday two weeks on, which ends at midnight in Berlin.
    expect(tenth('2026-11-26T10:00:00Z', office([0, 1, 2, 3, 4]))).toBe('2026-12-10T23:00:00.000Z');
    expect(tenth('2026-11-26T10:00:00Z', office([0, 1, 2, 3, 4], ['2026-12-04']))).toBe('2026-12-11T23:00:00.000Z');
    expect(tenth('2026-11-26T10:00:00Z', office([0]))).toBe('2027-02-01T23:00:00.000Z');
  });

  it('are Monday to Friday around the clock, and where a calendar never opens', () => {
    expect(tenth('2026-11-26T10:00:00Z', null)).toBe('2026-12-10T23:00:00.000Z');
    expect(tenth('2026-11-26T10:00:00Z', office([]))).toBe('2026-12-10T23:00:00.000Z');
  });

  it('keep to the local midnight over the end of summer time', () => {
    expect(tenth('2026-10-15T10:00:00Z', null)).toBe('2026-10-29T23:00:00.000Z');
    expect(endOfWorkingDay(Date.parse('2026-10-15T10:00:00Z'), 1, 'Europe/Berlin', null)).toBe(
      Date.parse('2026-10-16T22:00:00Z'),
    );
  });
});
