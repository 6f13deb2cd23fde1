import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventFrame } from '../../../server/domain/event-objective.ts';
import {
  evaluateObservations,
  type ObservationCounts,
  type ObservationInput,
  type ObservationMeasure,
} from '../../../server/domain/observation-objective.ts';
import { compareRatios, floor, percentText, ratioOf, ratioOfPercent } from '../../../server/domain/ratio.ts';

const closed: EventFrame = {
  period: { fromMs: 0, toMs: 100 },
  isRolling: false,
  effective: { fromMs: -Infinity, toMs: Infinity },
  nowMs: 100,
};
const running = { ...closed, nowMs: 50 };
const success: ObservationMeasure = { type: 'success', degraded: 'good' };
const counts = (more: Partial<ObservationCounts> = {}): ObservationCounts => ({
  up: 0,
  degraded: 0,
  down: 0,
  unknown: 0,
  timed: 0,
  within: [],
  ...more,
});
const input = (its: Partial<ObservationCounts>, more: Partial<ObservationInput> = {}): ObservationInput => ({
  spans: [{ service: 'shop', fromMs: 0, toMs: 50, counts: counts(its) }],
  owed: null,
  toCome: null,
  recent: null,
  ...more,
});
const evaluate = (measure: ObservationMeasure, percent: string, given: ObservationInput, frame = closed) =>
  evaluateObservations(
    { measure, target: ratioOfPercent(percent), minimumCoverage: ratioOfPercent('95') },
    frame,
    given,
  );

describe('the share of good observations', () => {
  it('is that of the four weeks of the SRE workbook', () => {
    // Google, The Site Reliability Workbook, chapter 2: 3,557,865 of 3,663,253 requests succeeded; of 97 % 109,897 may fail.
    const result = evaluate(success, '97', input({ up: 3_557_865, down: 3_663_253 - 3_557_865 }));
    expect(percentText(result.attained!, 3, 'down')).toBe('97.123');
    expect([floor(result.budget), result.verdict]).toEqual([109_897n, 'met']);
  });

  it('of latency is that of the timed ones at or under the threshold', () => {
    // As above: 99 % within 900 ms leaves 36,632 that may be slower.
    const result = evaluate(
      { type: 'latency', threshold: 1 },
      '99',
      input({ up: 3_663_253, down: 12, timed: 3_663_253, within: [0, 3_663_253 - 36_632] }),
    );
    expect([floor(result.budget), result.figures.bad, result.verdict]).toEqual([36_632n, 36_632, 'met']);
  });

  it('counts degraded ones as the agreement says, and unknown ones never', () => {
    const some = input({ up: 8, degraded: 1, down: 1, unknown: 5 });
    expect(evaluate(success, '90', some).figures).toMatchObject({ good: 9, bad: 1, total: 10, unknown: 5 });
    expect(evaluate({ ...success, degraded: 'bad' }, '90', some).figures).toMatchObject({ good: 8, bad: 2, total: 10 });
  });

  it('is unproven where too little of what was owed came in', () => {
    const told = (its: Partial<ObservationCounts>, owed: number | null) => {
      const { coverage, isProven } = evaluate(success, '90', input(its, { owed }));
      return [coverage && percentText(coverage, 2, 'down'), isProven];
    };
    expect(told({ up: 95 }, 100)).toEqual(['95.00', true]);
    expect(told({ up: 94 }, 100)).toEqual(['94.00', false]);
    expect(told({ up: 94, unknown: 6 }, null)).toEqual(['94.00', false]);
    expect(told({}, 0)).toEqual([null, false]);
  });

  it('knows what is to come where runs are scheduled: what they cannot repair is a breach', () => {
    const failing = { up: 90, down: 10 };
    expect(evaluate(success, '95', input(failing, { toCome: 101 }), running).verdict).toBe('at-risk');
    expect(evaluate(success, '95', input(failing, { toCome: 99 }), running).verdict).toBe('breached');
    expect(evaluate(success, '95', input(failing), running).verdict).toBe('below-target');
  });

  it('is at risk when the share of late uses up what is left', () => {
    const good = { up: 990, down: 1 };
    const late = [counts({ up: 9, down: 1 })];
    const result = evaluate(success, '95', input(good, { toCome: 1_000, recent: late }), running);
    expect([result.verdict, percentText(result.burn!, 0, 'up')]).toEqual(['at-risk', '200']);
    expect(evaluate(success, '95', input(good, { toCome: 1_000, recent: [] }), running).verdict).toBe('on-track');
  });

  it('is the same however its time is cut, and what a count by hand gives', () => {
    const anyCounts = fc
      .tuple(fc.nat(500), fc.nat(500), fc.nat(500), fc.nat(500), fc.nat(1_000), fc.nat(1_000))
      .map(([up, degraded, down, unknown, timed, fast]) => {
        const known = Math.min(timed, up + degraded);
        return counts({ up, degraded, down, unknown, timed: known, within: [Math.min(fast, known)] });
      });
    const anyMeasure = fc.constantFrom<ObservationMeasure>(
      success,
      { type: 'success', degraded: 'bad' },
      { type: 'latency', threshold: 0 },
    );
    fc.assert(
      fc.property(
        fc.array(anyCounts, { maxLength: 8 }),
        anyMeasure,
        fc.constantFrom('50', '99.9'),
        (parts, measure, percent) => {
          const spans = parts.map((its, index) => ({ service: 'shop', fromMs: index, toMs: index + 1, counts: its }));
          const sum = (of: (its: ObservationCounts) => number) => parts.reduce((total, its) => total + of(its), 0);
          const isGood = (its: ObservationCounts) =>
            measure.type === 'latency' ? its.within[0]! : measure.degraded === 'good' ? its.up + its.degraded : its.up;
          const total =
            measure.type === 'latency' ? sum(({ timed }) => timed) : sum((its) => its.up + its.degraded + its.down);
          const good = sum(isGood);
          const result = evaluate(measure, percent, input({}, { spans }));
          expect(result.figures).toMatchObject({
            good,
            bad: total - good,
            total,
            unknown: sum(({ unknown }) => unknown),
          });
          const isMet = total > 0 && compareRatios(ratioOf(good, total), ratioOfPercent(percent)) >= 0;
          expect(result.verdict).toBe(total === 0 ? 'no-data' : isMet ? 'met' : 'missed');
          expect(result.pieces.reduce((bad, piece) => bad + piece.bad, 0)).toBe(total - good);
        },
      ),
    );
  });
});
