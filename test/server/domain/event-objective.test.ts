import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readClock } from '../../../server/domain/deadline-clock.ts';
import { dayMs, hourMs } from '../../../server/domain/durations.ts';
import { evaluateEvents, eventOf, type DecidedEvent, type EventFrame } from '../../../server/domain/event-objective.ts';
import { percentText, ratioOfPercent } from '../../../server/domain/ratio.ts';
import type { Target } from '../../../server/domain/verdict.ts';

const share: Target = { ratio: ratioOfPercent('95') };
const frame = (more: Partial<EventFrame> = {}): EventFrame => ({
  period: { fromMs: 0, toMs: 30 * dayMs },
  isRolling: false,
  effective: { fromMs: -Infinity, toMs: Infinity },
  nowMs: 30 * dayMs,
  ...more,
});
const running = frame({ nowMs: 15 * dayMs });
const event = (decidedMs: number, isGood = true, more: Partial<DecidedEvent> = {}): DecidedEvent => ({
  key: String(decidedMs),
  isGood,
  decidedMs,
  exclusion: null,
  ...more,
});
const events = (good: number, bad: number) =>
  Array.from({ length: good + bad }, (_, index) => event(index * 1_000, index < good));

describe('a share of events', () => {
  // A service desk that promises 95 % in time, as ITIL's examples of service level agreements have it.
  it.each([
    [38, 2, '95.00', 'met'],
    [37, 3, '92.50', 'missed'],
    [19, 1, '95.00', 'met'],
    [18, 1, '94.73', 'missed'],
  ] as const)('of %d in time and %d late', (good, bad, text, verdict) => {
    const result = evaluateEvents(share, frame(), events(good, bad));
    expect([percentText(result.attained!, 2, 'down'), result.verdict]).toEqual([text, verdict]);
    expect(result.figures).toEqual({ good, bad, total: good + bad, excluded: 0 });
  });

  it('that is missed while the period runs is below its target: good ones may follow', () => {
    expect(evaluateEvents(share, running, events(10, 1)).verdict).toBe('below-target');
    expect(evaluateEvents(share, running, events(40, 1)).verdict).toBe('on-track');
  });

  it('of nothing is no data', () => {
    expect(evaluateEvents(share, frame(), [])).toMatchObject({ attained: null, verdict: 'no-data' });
  });
});

describe('allowed misses', () => {
  const one: Target = { allowMisses: 1 };
  it.each([
    [0, 'on-track', 'met'],
    [1, 'at-risk', 'met'],
    [2, 'breached', 'missed'],
  ] as const)('of one, with %d', (bad, whileRunning, closed) => {
    expect(evaluateEvents(one, running, events(3, bad)).verdict).toBe(whileRunning);
    expect(evaluateEvents(one, frame(), events(3, bad)).verdict).toBe(closed);
  });

  it('are kept where nothing happened, and come back where the window rolls on', () => {
    expect(evaluateEvents(one, frame(), [])).toMatchObject({ attained: null, verdict: 'met' });
    expect(evaluateEvents(one, frame({ isRolling: true }), events(0, 2)).verdict).toBe('below-target');
  });
});

describe('an event', () => {
  it('counts in the period in which it was decided, half-open, while the agreement holds, before now', () => {
    const at = frame({ effective: { fromMs: 10, toMs: 100 }, nowMs: 50 });
    const result = evaluateEvents(
      share,
      at,
      [9, 10, 49, 50, 100].map((ms) => event(ms)),
    );
    expect(result.pieces.map(({ event: { decidedMs } }) => decidedMs)).toEqual([10, 49]);
  });

  it('that both parties exclude is told and not counted', () => {
    const exclusion = { cause: 'correction', key: '7' } as const;
    const { figures, pieces } = evaluateEvents(share, frame(), [event(2, false, { exclusion }), event(1)]);
    expect(figures).toEqual({ good: 1, bad: 0, total: 1, excluded: 1 });
    expect(pieces.map((piece) => piece.class)).toEqual(['good', 'excluded']);
  });

  it('is what a clock comes to, once it is decided', () => {
    const clock = { startMs: 0, stopMs: null, pauses: [], hours: null, limitMs: hourMs };
    expect(eventOf('7', readClock({ ...clock, nowMs: hourMs / 2 }))).toBeNull();
    expect(eventOf('7', readClock({ ...clock, nowMs: 2 * hourMs }))).toEqual(event(hourMs, false, { key: '7' }));
    expect(eventOf('7', readClock({ ...clock, stopMs: 5, nowMs: 9 }))).toEqual(event(5, true, { key: '7' }));
  });
});

describe('any events', () => {
  it('agree with a count by hand', () => {
    const anyEvents = fc.array(
      fc.record({
        key: fc.string({ maxLength: 2 }),
        isGood: fc.boolean(),
        decidedMs: fc.integer({ min: -5, max: 25 }),
        exclusion: fc.constantFrom(null, null, { cause: 'correction' as const, key: '1' }),
      }),
      { maxLength: 60 },
    );
    const anyFrame = fc
      .tuple(fc.nat(20), fc.nat(20), fc.integer({ min: -5, max: 25 }), fc.nat(25))
      .map(([from, length, effectiveFrom, nowMs]) =>
        frame({
          period: { fromMs: from, toMs: from + length + 1 },
          effective: { fromMs: effectiveFrom, toMs: effectiveFrom + 15 },
          nowMs,
        }),
      );
    fc.assert(
      fc.property(anyEvents, anyFrame, fc.constantFrom(0, 1, 3, 50, 95), (all, at, percentOrMisses) => {
        const isShare = percentOrMisses >= 50;
        const target = isShare ? { ratio: ratioOfPercent(String(percentOrMisses)) } : { allowMisses: percentOrMisses };
        let [good, bad] = [0, 0];
        for (const { isGood, decidedMs, exclusion } of all) {
          if (exclusion || decidedMs < at.period.fromMs || decidedMs >= at.period.toMs || decidedMs >= at.nowMs)
            continue;
          if (decidedMs < at.effective.fromMs || decidedMs >= at.effective.toMs) continue;
          if (isGood) good += 1;
          else bad += 1;
        }
        const result = evaluateEvents(target, at, all);
        expect([result.figures.good, result.figures.bad]).toEqual([good, bad]);
        const isMissed = isShare ? good * 100 < percentOrMisses * (good + bad) : bad > percentOrMisses;
        expect(result.left.numerator < 0n).toBe(isMissed);
        if (isShare && good + bad === 0) expect(result.verdict).toBe('no-data');
        else if (at.nowMs >= at.period.toMs) expect(result.verdict).toBe(isMissed ? 'missed' : 'met');
        else if (isMissed) expect(result.verdict).toBe(isShare ? 'below-target' : 'breached');
        else expect(['on-track', 'at-risk']).toContain(result.verdict);
      }),
    );
  });
});
