import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Plan, type PlannedSeries } from '../../../server/domain/plan.ts';
import { isSlot, slotAtOrAfter, slotAtOrBefore, spreadOffsetMs } from '../../../server/domain/slots.ts';

const schedule = fc
  .record({ everyMs: fc.integer({ min: 1_000, max: 20_000 }), share: fc.double({ min: 0, max: 0.999, noNaN: true }) })
  .map(({ everyMs, share }) => ({ everyMs, offsetMs: Math.floor(everyMs * share) }));
const planned = (schedules: { everyMs: number; offsetMs: number }[]): PlannedSeries[] =>
  schedules.map((each, series) => ({ series, location: 'hq', ...each }));

describe('slots', () => {
  it('lie on the schedule, around the instant they were asked for', () => {
    fc.assert(
      fc.property(schedule, fc.integer({ min: 0, max: 1_000_000_000 }), (each, atMs) => {
        const [before, after] = [slotAtOrBefore(atMs, each), slotAtOrAfter(atMs, each)];
        expect(before).toBeLessThanOrEqual(atMs);
        expect(after).toBeGreaterThanOrEqual(atMs);
        expect(after - before).toBe(before === atMs ? 0 : each.everyMs);
        expect(isSlot(before, each) && isSlot(after, each)).toBe(true);
      }),
    );
  });
  it('of many probes are spread evenly over the interval', () => {
    const offsets = Array.from({ length: 1_000 }, (_, id) => spreadOffsetMs(id + 1, 30_000)).sort((a, b) => a - b);
    const gaps = offsets.slice(1).map((offset, index) => offset - offsets[index]!);
    expect(Math.max(...gaps)).toBeLessThan(100);
  });
});

describe('the plan', () => {
  it('hands out every owed slot once, whatever the steps', () => {
    fc.assert(
      fc.property(
        fc.array(schedule, { maxLength: 8 }),
        fc.array(fc.integer({ min: 1, max: 5_000 })),
        (schedules, steps) => {
          const plan = new Plan(10_000);
          planned(schedules).forEach((each) => plan.set(each));
          let toMs = 10_000;
          const taken = steps.flatMap((step) => plan.take((toMs += step)));
          const owed = planned(schedules).flatMap((each) => {
            const slots: string[] = [];
            for (let slotMs = slotAtOrAfter(10_000, each); slotMs < toMs; slotMs += each.everyMs)
              slots.push(`${each.series}@${slotMs}`);
            return slots;
          });
          expect(taken.map((run) => `${run.planned.series}@${run.slotMs}`).sort()).toEqual(owed.sort());
        },
      ),
    );
  });
  it('follows a change at once and forgets what is deleted', () => {
    const plan = new Plan(0);
    plan.set({ series: 1, location: 'hq', everyMs: 10_000, offsetMs: 0 });
    expect(plan.take(1_000).map((run) => run.slotMs)).toEqual([0]);
    plan.set({ series: 1, location: 'hq', everyMs: 2_000, offsetMs: 500 });
    expect(plan.take(5_000).map((run) => run.slotMs)).toEqual([2_500, 4_500]);
    plan.delete(1);
    expect(plan.take(60_000)).toEqual([]);
    expect(plan.series).toEqual([]);
  });
  it('hands out the slot that a new series is in, when asked to', () => {
    const plan = new Plan(100_000);
    plan.set({ series: 1, location: 'hq', everyMs: 60_000, offsetMs: 0 }, 100_000 - 60_000 + 1);
    expect(plan.take(101_000).map((run) => run.slotMs)).toEqual([60_000]);
    expect(plan.take(121_000).map((run) => run.slotMs)).toEqual([120_000]);
  });
  it('runs late after a pause only what is younger than its interval', () => {
    const plan = new Plan(0);
    plan.set({ series: 1, location: 'hq', everyMs: 1_000, offsetMs: 0 });
    plan.set({ series: 2, location: 'hq', everyMs: 60_000, offsetMs: 30_000 });
    plan.resume(60_500);
    expect(plan.take(61_500).map((run) => [run.planned.series, run.slotMs])).toEqual([
      [2, 30_000],
      [1, 60_000],
      [1, 61_000],
    ]);
  });
});
