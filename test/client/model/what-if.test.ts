import { describe, expect, it } from 'vitest';
import {
  addedSpan,
  changeWord,
  fitsWindow,
  intervalsOf,
  keyStepMs,
  longestOf,
  movedSpan,
  outageAt,
  outagesOf,
  type SupposedOutage,
  windowAround,
} from '../../../client/model/supposed-outage.ts';
import { stepOfTarget, targetAt, targetSteps } from '../../../client/model/target-scale.ts';

const minute = 60_000;
const base = Date.parse('2026-10-06T09:00:00Z');
const at = (minutes: number): number => base + minutes * minute;
const span = (from: number, to: number) => ({ fromMs: at(from), toMs: at(to) });
const bounds = span(-1_000, 1_000);
const outage = (more: Partial<SupposedOutage>): SupposedOutage => ({
  ...{ id: 1, service: 'payroll', state: 'down', was: span(0, 60), is: span(0, 60) },
  ...more,
});

describe('an outage that is supposed to be another', () => {
  it('begins as it was, and is told by what was made of it', () => {
    const [told] = outagesOf([
      { service: 'payroll', from: '2026-10-06T09:00:00Z', to: '2026-10-06T10:00:00Z', state: 'down' },
    ]);
    expect(told).toMatchObject({ service: 'payroll', was: span(0, 60), is: span(0, 60) });
    expect(
      [told!, outage({ is: null }), outage({ was: null }), outage({ is: span(5, 65) })].map((one) => changeWord(one)),
    ).toEqual(['', 'taken away', 'added', 'moved']);
    expect([outage({ is: span(0, 59) }), outage({ is: span(-1, 60) })].map((one) => changeWord(one))).toEqual([
      'shorter',
      'longer',
    ]);
  });

  it('is sent as what is no more, and then as what is instead, so that one may take the place of another', () => {
    const moved = outage({ id: 1, is: span(100, 160) });
    const gone = outage({ id: 2, was: span(100, 130), is: null });
    const sent = intervalsOf([moved, gone, outage({ id: 3 })]);
    expect(
      sent.map(({ outage: id, interval }) => [id, interval.state, (Date.parse(interval.from) - base) / minute]),
    ).toEqual([
      [1, 'up', 0],
      [2, 'up', 100],
      [1, 'down', 100],
    ]);
  });

  it('is moved by either end or as a whole, never out of bounds, never to nothing', () => {
    expect(movedSpan(span(0, 60), 'start', 10 * minute, bounds)).toEqual(span(10, 60));
    expect(movedSpan(span(0, 60), 'end', -10 * minute, bounds)).toEqual(span(0, 50));
    expect(movedSpan(span(0, 60), 'whole', -10 * minute, bounds)).toEqual(span(-10, 50));
    expect(movedSpan(span(0, 60), 'start', 100 * minute, bounds)).toEqual({ fromMs: at(60) - 1_000, toMs: at(60) });
    expect(movedSpan(span(0, 60), 'end', -100 * minute, bounds)).toEqual({ fromMs: at(0), toMs: at(0) + 1_000 });
    expect(movedSpan(span(0, 60), 'whole', 5_000 * minute, bounds)).toEqual(span(940, 1_000));
    expect(movedSpan(span(0, 60), 'start', -5_000 * minute, bounds)).toEqual(span(-1_000, 60));
  });

  it('moves by a minute with arrow keys, by ten with Shift, by an hour with Page keys', () => {
    const keys = [
      ['ArrowLeft', false],
      ['ArrowUp', true],
      ['PageDown', true],
      ['Enter', false],
    ] as const;
    expect(keys.map(([key, isShifted]) => keyStepMs(key, isShifted))).toEqual([
      -minute,
      10 * minute,
      -60 * minute,
      null,
    ]);
  });

  it('is seen in a stretch three times as long, two hours at least, and fits it when it is well inside', () => {
    expect(windowAround(span(0, 60), 1)).toEqual(span(-60, 120));
    expect(windowAround(span(0, 1), 1)).toEqual({ fromMs: at(0.5) - 60 * minute, toMs: at(0.5) + 60 * minute });
    expect(fitsWindow(span(0, 60), span(-60, 120))).toBe(true);
    expect(fitsWindow(span(50, 110), span(-60, 120))).toBe(false);
  });

  it('is added at an instant, and found by one', () => {
    expect(addedSpan(at(10) + 20_000, bounds)).toEqual(span(10, 40));
    expect(addedSpan(at(999), bounds)).toEqual(span(970, 1_000));
    const all = [outage({ id: 1 }), outage({ id: 2, was: span(200, 210), is: null })];
    expect(outageAt(all, at(205), minute)?.id).toBe(2);
    expect(outageAt(all, at(63), 5 * minute)?.id).toBe(1);
    expect(outageAt(all, at(100), 5 * minute)).toBeNull();
    expect(longestOf(all)?.id).toBe(1);
    expect(longestOf([])).toBeNull();
  });
});

describe('a target on its slider', () => {
  it.each([
    [100, '90'],
    [200, '99'],
    [300, '99.9'],
    [400, '99.99'],
    [500, '99.999'],
  ])('takes as long a way for each nine: step %i is %s %%', (step, target) => {
    expect(targetAt(step)).toBe(target);
    expect(stepOfTarget(target)).toBe(step);
  });

  it('rises with every step, and is a target that can be promised', () => {
    const all = Array.from({ length: targetSteps.most - targetSteps.least + 1 }, (_, at) =>
      targetAt(targetSteps.least + at),
    );
    expect(all.every((text) => /^\d{1,2}(\.\d{1,6})?$/.test(text))).toBe(true);
    expect(all.every((text, at) => at === 0 || Number(text) >= Number(all[at - 1]))).toBe(true);
  });

  it('has no place for what is no target', () => {
    expect(['100', '-1', 'a', '99.1234567', ''].map((text) => stepOfTarget(text))).toEqual([
      null,
      null,
      null,
      null,
      null,
    ]);
    expect(stepOfTarget('10')).toBe(targetSteps.least);
  });
});
