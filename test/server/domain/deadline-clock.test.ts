import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ServiceHours } from '../../../server/domain/calendar.ts';
import { openingOf, weekdays } from '../../../server/domain/opening.ts';
import { readClock, warningAt, warningPercents, type ClockInput } from '../../../server/domain/deadline-clock.ts';
import { hourMs, minuteMs } from '../../../server/domain/durations.ts';

const at = (text: string) => Date.parse(text);
const iso = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());
const office = new ServiceHours({
  timeZone: 'Europe/Berlin',
  week: Object.fromEntries(
    weekdays.map((day, index) => [day, index < 5 ? [openingOf('08:00-18:00')!] : []]),
  ) as unknown as ConstructorParameters<typeof ServiceHours>[0]['week'],
  holidays: () => new Set(),
  exceptions: new Map(),
});
/** Opened on a Friday at 16:00 by the clock of Berlin, with four support hours. */
const friday = (more: Partial<ClockInput> = {}): ClockInput => ({
  startMs: at('2026-10-02T14:00:00Z'),
  stopMs: null,
  pauses: [],
  hours: office,
  limitMs: 4 * hourMs,
  nowMs: at('2026-10-05T07:00:00Z'),
  ...more,
});

describe('the clock of an incident', () => {
  it('stands still outside the support hours', () => {
    expect(readClock(friday())).toEqual({
      elapsedMs: 3 * hourMs,
      dueMs: at('2026-10-05T08:00:00Z'),
      state: 'running',
      decidedMs: null,
    });
  });

  it('is met when it stops in time, also at the last instant, and is decided then', () => {
    const stopMs = at('2026-10-05T08:00:00Z');
    expect(readClock(friday({ stopMs, nowMs: stopMs }))).toMatchObject({ state: 'met', decidedMs: stopMs });
    expect(readClock(friday({ stopMs: stopMs + 1, nowMs: stopMs + 1 }))).toMatchObject({
      state: 'missed',
      decidedMs: stopMs,
    });
  });

  it('is missed at its deadline, whether anybody stops it or not', () => {
    const { state, decidedMs } = readClock(friday({ nowMs: at('2026-10-06T12:00:00Z') }));
    expect([state, iso(decidedMs)]).toEqual(['missed', '2026-10-05T08:00:00.000Z']);
  });

  it('is put off by what it waits for the customer in support hours, and has no deadline while it waits', () => {
    const pauses = [{ fromMs: at('2026-10-02T15:00:00Z'), toMs: at('2026-10-05T06:30:00Z') }];
    // An hour of Friday and half an hour of Monday.
    expect(readClock(friday({ pauses }))).toMatchObject({
      elapsedMs: 1.5 * hourMs,
      dueMs: at('2026-10-05T09:30:00Z'),
      state: 'running',
    });
    const open = [{ fromMs: at('2026-10-05T06:30:00Z'), toMs: Infinity }];
    expect(readClock(friday({ pauses: open }))).toMatchObject({
      elapsedMs: 2.5 * hourMs,
      dueMs: null,
      state: 'paused',
    });
  });

  it('is not brought back by a pause that begins after the deadline', () => {
    const pauses = [{ fromMs: at('2026-10-05T08:30:00Z'), toMs: at('2026-10-05T12:00:00Z') }];
    expect(readClock(friday({ pauses, nowMs: at('2026-10-05T13:00:00Z') })).state).toBe('missed');
  });

  it('warns at shares of its limit', () => {
    expect(warningPercents.map((percent) => iso(warningAt(friday(), percent)))).toEqual([
      '2026-10-02T16:00:00.000Z',
      '2026-10-05T07:00:00.000Z',
      '2026-10-05T07:36:00.000Z',
      '2026-10-05T08:00:00.000Z',
    ]);
  });

  it('spends exactly its limit by its deadline, whatever it waited for', () => {
    const anyPauses = fc
      .uniqueArray(fc.nat(5_000), { maxLength: 8 })
      .map((edges) => edges.sort((a, b) => a - b))
      .map((edges) =>
        edges.flatMap((edge, index) =>
          index % 2
            ? [{ fromMs: friday().startMs + edges[index - 1]! * minuteMs, toMs: friday().startMs + edge * minuteMs }]
            : [],
        ),
      );
    fc.assert(
      fc.property(anyPauses, fc.integer({ min: 1, max: 3_000 }), fc.boolean(), (pauses, limit, isOffice) => {
        const hours = isOffice ? office : null;
        const input = friday({ pauses, hours, limitMs: limit * minuteMs, nowMs: friday().startMs + 20_000 * minuteMs });
        const { dueMs, state, decidedMs } = readClock(input);
        expect([state, decidedMs]).toEqual(['missed', dueMs]);
        const spent = (nowMs: number) => readClock({ ...input, nowMs }).elapsedMs;
        expect(spent(dueMs!)).toBe(limit * minuteMs);
        expect(spent(dueMs! - 1)).toBe(limit * minuteMs - 1);
      }),
    );
  });
});
