import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ServiceHours, type Calendar } from '../../../server/domain/calendar.ts';
import { openingOf, type Opening, weekdays } from '../../../server/domain/opening.ts';
import { hourMs, minuteMs } from '../../../server/domain/durations.ts';
import { lengthMs } from '../../../server/domain/spans.ts';

const at = (text: string) => Date.parse(text);
const iso = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());
const openings = (...texts: string[]): Opening[] => texts.map((text) => openingOf(text)!);

function calendar(timeZone: string, week: Partial<Calendar['week']>, more: Partial<Calendar> = {}): ServiceHours {
  const closed = Object.fromEntries(weekdays.map((day) => [day, []])) as unknown as Calendar['week'];
  return new ServiceHours({
    timeZone,
    week: { ...closed, ...week },
    holidays: () => new Set(),
    exceptions: new Map(),
    ...more,
  });
}
const everyDay = (...texts: string[]) => Object.fromEntries(weekdays.map((day) => [day, openings(...texts)]));
const office = everyDay('08:00-18:00');
const wholeDay = everyDay('00:00-24:00');

describe('an opening', () => {
  it.each([
    ['08:00-18:00', 480, 1_080],
    ['00:00-24:00', 0, 1_440],
    ['23:59-24:00', 1_439, 1_440],
  ])('is read from %s', (text, fromMinute, toMinute) => expect(openingOf(text)).toEqual({ fromMinute, toMinute }));

  it.each(['18:00-08:00', '08:00-08:00', '08:00-24:01', '8:00-18:00', '08:60-09:00', '25:00-26:00', '08:00', ''])(
    'is not read from "%s"',
    (text) => expect(openingOf(text)).toBeNull(),
  );
});

describe('service hours around the clock', () => {
  it.each([
    ['Europe/Berlin', '2026-03-29', '2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z', 23],
    ['Europe/Berlin', '2026-10-25', '2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z', 25],
    ['America/New_York', '2026-03-08', '2026-03-08T05:00:00Z', '2026-03-09T04:00:00Z', 23],
    ['Australia/Lord_Howe', '2026-10-04', '2026-10-03T13:30:00Z', '2026-10-04T13:00:00Z', 23.5],
    ['Australia/Lord_Howe', '2026-04-05', '2026-04-04T13:00:00Z', '2026-04-05T13:30:00Z', 24.5],
    ['Australia/Sydney', '2026-04-05', '2026-04-04T13:00:00Z', '2026-04-05T14:00:00Z', 25],
    ['Asia/Kathmandu', '2026-04-05', '2026-04-04T18:15:00Z', '2026-04-05T18:15:00Z', 24],
  ])('in %s last as long as %s really does', (zone, _date, from, to, hours) => {
    expect(calendar(zone, wholeDay).workingMs(at(from), at(to)) / hourMs).toBe(hours);
  });

  it('are one span over midnight and New Year', () => {
    const spans = calendar('Europe/Berlin', wholeDay).spans(at('2025-12-30T00:00:00Z'), at('2026-01-03T00:00:00Z'));
    expect(spans).toEqual([{ fromMs: at('2025-12-30T00:00:00Z'), toMs: at('2026-01-03T00:00:00Z') }]);
  });
});

describe('office hours', () => {
  it.each([
    ['Europe/Berlin', '2026-03-29T06:00:00Z', '2026-03-29T16:00:00Z'],
    ['Europe/Berlin', '2026-10-25T07:00:00Z', '2026-10-25T17:00:00Z'],
    ['America/New_York', '2026-11-01T13:00:00Z', '2026-11-01T23:00:00Z'],
    ['Australia/Lord_Howe', '2026-10-03T21:00:00Z', '2026-10-04T07:00:00Z'],
    ['Asia/Kathmandu', '2026-10-04T02:15:00Z', '2026-10-04T12:15:00Z'],
  ])('in %s stand by the wall clock on the day it jumps: from %s', (zone, from, to) => {
    const spans = calendar(zone, office).spans(at(from) - 8 * hourMs, at(to) + 6 * hourMs);
    expect(spans).toContainEqual({ fromMs: at(from), toMs: at(to) });
  });

  it('that the clock jumps over start after the jump, and of an hour that comes twice the first counts', () => {
    const night = calendar('Europe/Berlin', everyDay('02:15-04:00'));
    const day = (date: string) => night.spans(at(`${date}T00:00:00Z`), at(`${date}T12:00:00Z`));
    expect(day('2026-03-29')).toEqual([{ fromMs: at('2026-03-29T01:00:00Z'), toMs: at('2026-03-29T02:00:00Z') }]);
    expect(day('2026-10-25')).toEqual([{ fromMs: at('2026-10-25T00:15:00Z'), toMs: at('2026-10-25T03:00:00Z') }]);
    const lost = calendar('Europe/Berlin', everyDay('02:15-02:45'));
    expect(lost.workingMs(at('2026-03-28T23:00:00Z'), at('2026-03-29T22:00:00Z'))).toBe(0);
    const first = calendar('Europe/Berlin', everyDay('01:00-02:30'));
    expect(lengthMs(first.spans(at('2026-10-24T22:00:00Z'), at('2026-10-25T23:00:00Z')))).toBe(90 * minuteMs);
  });

  it('give way to holidays, and both to exceptions', () => {
    const hours = calendar('UTC', office, {
      holidays: (year) => new Set([`${year}-12-24`, `${year}-12-25`]),
      exceptions: new Map([
        ['2026-12-24', openings('08:00-12:00')],
        ['2026-12-31', []],
      ]),
    });
    const open = (date: string) => hours.workingMs(at(`${date}T00:00:00Z`), at(`${date}T24:00:00Z`)) / hourMs;
    expect(['2026-12-23', '2026-12-24', '2026-12-25', '2026-12-31'].map(open)).toEqual([10, 4, 0, 0]);
  });
});

describe('a deadline', () => {
  const hours = calendar('Europe/Berlin', {
    fri: openings('08:00-12:00', '13:00-16:00'),
    mon: openings('08:00-18:00'),
  });

  it.each([
    ['within an opening', '2026-10-02T07:00:00Z', 2, '2026-10-02T09:00:00.000Z'],
    ['at the end of an opening, not at the next one', '2026-10-02T07:00:00Z', 3, '2026-10-02T10:00:00.000Z'],
    ['over the weekend', '2026-10-02T07:00:00Z', 7, '2026-10-05T07:00:00.000Z'],
    ['from outside the hours', '2026-10-03T12:00:00Z', 1, '2026-10-05T07:00:00.000Z'],
    ['of nothing, where it starts', '2026-10-03T12:00:00Z', 0, '2026-10-03T12:00:00.000Z'],
    ['backwards', '2026-10-05T07:00:00Z', -4, '2026-10-02T11:00:00.000Z'],
  ])('is found %s', (_how, start, count, end) => {
    expect(iso(hours.deadline(at(start), count * hourMs))).toBe(end);
  });

  it('that never comes is none', () => {
    expect(calendar('UTC', {}).deadline(at('2026-01-01T00:00:00Z'), 1)).toBeNull();
    expect(calendar('UTC', {}).deadline(at('2026-01-01T00:00:00Z'), -1)).toBeNull();
  });

  const anyOpenings = fc
    .uniqueArray(fc.nat(24), { maxLength: 6 })
    .map((hours) => hours.sort((a, b) => a - b))
    .map((edges) => edges.flatMap((edge, i) => (i % 2 && edges[i - 1]! < edge ? [[edges[i - 1]!, edge]] : [])))
    .map((pairs) => pairs.map(([from, to]) => ({ fromMinute: from! * 60, toMinute: to! * 60 })));
  const anyCalendar = fc
    .tuple(
      fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu'),
      fc.tuple(...weekdays.map(() => anyOpenings)),
    )
    .map(([zone, days]) => calendar(zone, Object.fromEntries(weekdays.map((day, i) => [day, days[i]!]))));
  const instant = fc.integer({ min: at('2026-01-01T00:00:00Z'), max: at('2026-12-31T00:00:00Z') });

  const neverOpen: [ServiceHours, number, number] = [calendar('UTC', {}), at('2026-01-01T00:00:00Z'), 1];

  it('is the first instant by which the time has passed, whatever the calendar and the zone', () => {
    fc.assert(
      fc.property(anyCalendar, instant, fc.integer({ min: 1, max: 400 * hourMs }), (hours, startMs, workingMs) => {
        const endMs = hours.deadline(startMs, workingMs);
        if (endMs === null) {
          expect(hours.workingMs(startMs, startMs + 366 * 24 * hourMs)).toBe(0);
          return;
        }
        expect(hours.workingMs(startMs, endMs)).toBe(workingMs);
        expect(hours.workingMs(startMs, endMs - 1)).toBe(workingMs - 1);
      }),
      { examples: [neverOpen] },
    );
  });

  it('backwards is the last instant from which the time passes until the start', () => {
    fc.assert(
      fc.property(anyCalendar, instant, fc.integer({ min: 1, max: 400 * hourMs }), (hours, startMs, workingMs) => {
        const fromMs = hours.deadline(startMs, -workingMs);
        if (fromMs === null) {
          expect(hours.workingMs(startMs - 366 * 24 * hourMs, startMs)).toBe(0);
          return;
        }
        expect(hours.workingMs(fromMs, startMs)).toBe(workingMs);
        expect(hours.workingMs(fromMs + 1, startMs)).toBe(workingMs - 1);
      }),
      { examples: [neverOpen] },
    );
  });

  it('and working time agree with the spans they are made of', () => {
    fc.assert(
      fc.property(anyCalendar, instant, instant, (hours, a, b) => {
        const [fromMs, toMs] = [Math.min(a, b), Math.max(a, b)];
        expect(hours.workingMs(fromMs, toMs)).toBe(lengthMs(hours.spans(fromMs, toMs)));
      }),
    );
  });
});
