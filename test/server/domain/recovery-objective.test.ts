import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dayMs, hourMs, minuteMs } from '../../../server/domain/durations.ts';
import { ratioOfPercent } from '../../../server/domain/ratio.ts';
import {
  ageTimeline,
  evaluateAge,
  evaluateRecoveries,
  type Freshness,
} from '../../../server/domain/recovery-objective.ts';
import { unionOf, type Span } from '../../../server/domain/spans.ts';
import type { TimeFrame } from '../../../server/domain/time-objective.ts';
import { stateAt } from '../../../server/domain/timeline.ts';

const at = (text: string) => Date.parse(text);
const october: TimeFrame = {
  period: { fromMs: at('2026-10-01T00:00:00Z'), toMs: at('2026-11-01T00:00:00Z') },
  isRolling: false,
  effective: { fromMs: -Infinity, toMs: Infinity },
  hours: null,
  nowMs: at('2026-11-01T00:00:00Z'),
};
const within4h = { target: { allowMisses: 0 }, limitMs: 4 * hourMs };
const drill = (started: string, restored: string | null) => ({
  key: started,
  startedMs: at(started),
  restoredMs: restored === null ? null : at(restored),
  exclusion: null,
});

describe('time to restore', () => {
  it('is good up to its limit, and late by a millisecond more', () => {
    const inTime = drill('2026-10-05T10:00:00Z', '2026-10-05T14:00:00Z');
    const late = drill('2026-10-06T10:00:00Z', '2026-10-06T14:00:00.001Z');
    expect(evaluateRecoveries(within4h, october, [inTime]).verdict).toBe('met');
    const { verdict, figures, pieces } = evaluateRecoveries(within4h, october, [inTime, late]);
    expect([verdict, figures.good, figures.bad]).toEqual(['missed', 1, 1]);
    expect(pieces[1]!.event.decidedMs).toBe(at('2026-10-06T14:00:00Z'));
  });

  it('is decided when its limit ends where nothing is restored, and open before', () => {
    const open = [drill('2026-10-05T10:00:00Z', null)];
    const nowMs = at('2026-10-05T13:00:00Z');
    expect(evaluateRecoveries(within4h, { ...october, nowMs }, open).figures.total).toBe(0);
    expect(evaluateRecoveries(within4h, { ...october, nowMs: nowMs + 2 * hourMs }, open).verdict).toBe('breached');
  });

  it('counts in the period in which its limit ended', () => {
    const overnight = [drill('2026-10-31T22:00:00Z', '2026-11-01T05:00:00Z')];
    expect(evaluateRecoveries(within4h, { ...october, nowMs: at('2026-11-02T00:00:00Z') }, overnight).figures.bad).toBe(
      0,
    );
  });
});

describe('the age of the last good backup', () => {
  const never = { target: ratioOfPercent('100'), minimumCoverage: ratioOfPercent('95'), maxAgeMs: 26 * hourMs };
  /** Every night at two, from the night before October on. */
  const nightly = Array.from({ length: 32 }, (_, day) => at('2026-09-30T02:00:00Z') + day * dayMs);
  const freshness = (more: Partial<Freshness> = {}): Freshness => ({
    key: 'payroll',
    sinceMs: at('2026-01-01T00:00:00Z'),
    goodMs: nightly,
    deaf: [],
    exclusions: [],
    ...more,
  });

  it('is kept by a backup every night', () => {
    const { verdict, figures, isProven } = evaluateAge(never, october, freshness());
    expect([verdict, figures.upMs, isProven]).toEqual(['met', 31 * dayMs, true]);
  });

  it('is broken from the age that was agreed until the next good one', () => {
    // Without that of the 10th, the backup of the 9th is 26 hours old on the 10th at four, and the next comes on the 11th at two.
    const goodMs = nightly.filter((ms) => ms !== at('2026-10-10T02:00:00Z'));
    const { verdict, figures, lines } = evaluateAge(never, october, freshness({ goodMs }));
    expect([verdict, figures.badMs]).toEqual(['missed', 22 * hourMs]);
    expect(lines[0]!.find(({ isBad }) => isBad)).toMatchObject({
      fromMs: at('2026-10-10T04:00:00Z'),
      toMs: at('2026-10-11T02:00:00Z'),
    });
  });

  it('is unknown where a beat may have gone unheard', () => {
    const goodMs = nightly.filter((ms) => ms !== at('2026-10-10T02:00:00Z'));
    const deaf = [{ fromMs: at('2026-10-10T01:00:00Z'), toMs: at('2026-10-10T03:00:00Z') }];
    const { verdict, figures } = evaluateAge(never, october, freshness({ goodMs, deaf }));
    expect([verdict, figures.badMs, figures.unknownMs]).toEqual(['met', 0, 22 * hourMs]);
  });

  it('is unknown at first, and too old where no beat ever came', () => {
    const sinceMs = at('2026-10-20T00:00:00Z');
    const { figures } = evaluateAge(never, october, freshness({ sinceMs, goodMs: [] }));
    expect([figures.unknownMs, figures.downMs]).toEqual([26 * hourMs, 12 * dayMs - 26 * hourMs]);
  });

  it('agrees with a model that looks at every minute', () => {
    const minutes = (most: number) => fc.nat(most).map((minute) => minute * minuteMs);
    fc.assert(
      fc.property(
        fc.array(minutes(300), { maxLength: 12 }).map((all) => all.toSorted((a, b) => a - b)),
        fc.array(fc.tuple(minutes(300), minutes(40)), { maxLength: 3 }),
        minutes(60),
        minutes(60),
        (goodMs, deafParts, sinceMs, age) => {
          const maxAgeMs = age + minuteMs;
          const deaf = unionOf(deafParts.map(([fromMs, length]) => ({ fromMs, toMs: fromMs + length })));
          const nowMs = 320 * minuteMs;
          const line = ageTimeline(freshness({ goodMs, deaf, sinceMs }), maxAgeMs, nowMs);
          const expected = (ms: number) => {
            const isYoung = (beatMs: number) => beatMs <= ms && ms - beatMs < maxAgeMs;
            const mayHaveCome = ({ fromMs, toMs }: Span) => {
              for (let beatMs = fromMs; beatMs <= toMs; beatMs += minuteMs) if (isYoung(beatMs)) return true;
              return false;
            };
            const isDoubtful = isYoung(sinceMs) || deaf.some(mayHaveCome);
            return goodMs.some(isYoung) ? 'up' : isDoubtful ? 'unknown' : 'down';
          };
          const minutesAfter = Array.from(
            { length: (nowMs - sinceMs) / minuteMs },
            (_, index) => sinceMs + index * minuteMs,
          );
          expect(minutesAfter.map((ms) => stateAt(line, ms))).toEqual(minutesAfter.map(expected));
          expect(line.every(({ toMs }, index) => toMs === (line[index + 1]?.fromMs ?? nowMs))).toBe(true);
        },
      ),
    );
  });
});
