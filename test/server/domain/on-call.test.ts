import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ServiceHours } from '../../../server/domain/calendar.ts';
import { openingOf, weekdays } from '../../../server/domain/opening.ts';
import {
  byPerson,
  joined,
  type OnCallDefinition,
  type OnCallLayer,
  OnCallSchedule,
} from '../../../server/domain/on-call.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const at = (text: string): number => Date.parse(text);
const told = (ms: number): string => new Date(ms).toISOString().replace(':00.000Z', 'Z');

const hoursIn = (timeZone: string, hours: Partial<Record<(typeof weekdays)[number], string[]>>): ServiceHours => {
  const openings = weekdays.map((day) => [day, (hours[day] ?? []).map((text) => openingOf(text)!)]);
  const week = Object.fromEntries(openings) as never;
  return new ServiceHours({ timeZone, week, holidays: () => new Set(), exceptions: new Map() });
};
const layer = (change: Partial<OnCallLayer> = {}): OnCallLayer => ({
  ...{ members: ['ana', 'ben'], rotation: 'daily', lengthMs: null, handOver: '09:00', handOverDay: 'mon' },
  ...{ start: '2026-01-05', hours: null },
  ...change,
});
const schedule = (timeZone: string, layers: OnCallLayer[], overrides: OnCallDefinition['overrides'] = []) =>
  new OnCallSchedule({ timeZone, layers, overrides });
const lines = (one: OnCallSchedule, from: string, to: string): string[] =>
  one.shifts(at(from), at(to)).map(({ fromMs, toMs, member }) => `${told(fromMs)} ${told(toMs)} ${member ?? 'nobody'}`);

const zones = ['UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Pacific/Apia', 'Asia/Kolkata'];
const nights = { mon: ['18:00-24:00'], tue: ['00:00-08:00'], sun: ['02:00-03:00'] };
const names = ['ana', 'ben', 'cleo', 'dan'];
const someLayer: fc.Arbitrary<OnCallLayer> = fc.record({
  members: fc.subarray(names, { minLength: 1 }),
  rotation: fc.constantFrom('daily', 'weekly', 'custom'),
  lengthMs: fc.integer({ min: 1, max: 400 }).map((hours) => hours * hourMs),
  handOver: fc.constantFrom('00:00', '01:45', '02:30', '09:00', '23:30'),
  handOverDay: fc.constantFrom(...weekdays),
  start: fc.constantFrom('2026-03-01', '2026-03-20', '2026-10-20', '2027-01-01'),
  hours: fc.constantFrom(null, ...zones.map((zone) => hoursIn(zone, nights))),
});
const someInstant = fc
  .integer({ min: at('2026-02-20T00:00Z') / 60_000, max: at('2027-01-20T00:00Z') / 60_000 })
  .map((minutes) => minutes * 60_000);
const someOverride = fc.record({
  fromMs: someInstant,
  hours: fc.integer({ min: 1, max: 300 }),
  member: fc.constantFrom(...names),
});
const someSchedule = fc
  .record({
    timeZone: fc.constantFrom(...zones),
    layers: fc.array(someLayer, { minLength: 1, maxLength: 3 }),
    overrides: fc.array(someOverride, { maxLength: 3 }),
  })
  .map(
    ({ overrides, ...rest }) =>
      new OnCallSchedule({
        ...rest,
        overrides: overrides.map(({ fromMs, hours, member }, id) => ({
          id,
          fromMs,
          toMs: fromMs + hours * hourMs,
          member,
        })),
      }),
  );

describe('who is on call', () => {
  it('is told for every instant of a span once: shifts and gaps tile it', () => {
    fc.assert(
      fc.property(someSchedule, someInstant, fc.integer({ min: 1, max: 60 * 24 }), (one, fromMs, hours) => {
        const toMs = fromMs + hours * hourMs;
        const shifts = one.shifts(fromMs, toMs);
        expect([shifts[0]!.fromMs, shifts.at(-1)!.toMs]).toEqual([fromMs, toMs]);
        for (const [index, shift] of shifts.entries()) {
          expect(shift.fromMs).toBeLessThan(shift.toMs);
          expect(shift.toMs).toBe(shifts[index + 1]?.fromMs ?? toMs);
        }
      }),
      { numRuns: 80 },
    );
  });

  it('is the same by the instant as by the shift that holds it', () => {
    fc.assert(
      fc.property(someSchedule, someInstant, fc.integer({ min: 0, max: 40 * 24 * 60 - 1 }), (one, fromMs, minutes) => {
        const atMs = fromMs + minutes * 60_000;
        const shift = one.shifts(fromMs, fromMs + 40 * dayMs).find((each) => each.fromMs <= atMs && atMs < each.toMs)!;
        expect(one.at(atMs)).toEqual({ member: shift.member, layer: shift.layer, override: shift.override });
      }),
      { numRuns: 300 },
    );
  });

  it('is the same for two spans that meet as for the whole', () => {
    fc.assert(
      fc.property(
        someSchedule,
        someInstant,
        fc.integer({ min: 1, max: 999 }),
        fc.integer({ min: 1, max: 999 }),
        (one, fromMs, a, b) => {
          const [cut, toMs] = [fromMs + a * hourMs, fromMs + (a + b) * hourMs];
          expect(joined([...one.shifts(fromMs, cut), ...one.shifts(cut, toMs)])).toEqual(one.shifts(fromMs, toMs));
        },
      ),
      { numRuns: 150 },
    );
  });

  it('is shared equally over whole cycles', () => {
    const rotation = fc.constantFrom('daily', 'weekly', 'custom' as const);
    fc.assert(
      fc.property(
        rotation,
        fc.integer({ min: 1, max: 400 }),
        fc.subarray(names, { minLength: 2 }),
        (kind, hours, members) => {
          const one = schedule('UTC', [layer({ rotation: kind as never, lengthMs: hours * hourMs, members })]);
          const turnMs = { daily: dayMs, weekly: 7 * dayMs, custom: hours * hourMs }[kind];
          const fromMs = at('2026-01-05T09:00Z');
          const shares = new Map<string | null, number>();
          for (const { member, ...span } of one.shifts(fromMs, fromMs + 3 * members.length * turnMs))
            shares.set(member, (shares.get(member) ?? 0) + span.toMs - span.fromMs);
          expect([...shares]).toEqual(members.map((name) => [name, 3 * turnMs]));
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('a hand-over', () => {
  it('stays at nine by the wall clock in Berlin over both changes', () => {
    const one = schedule('Europe/Berlin', [layer()]);
    expect(lines(one, '2026-03-28T08:00Z', '2026-03-30T07:00Z')).toEqual([
      '2026-03-28T08:00Z 2026-03-29T07:00Z ana',
      '2026-03-29T07:00Z 2026-03-30T07:00Z ben',
    ]);
    expect(lines(one, '2026-10-24T07:00Z', '2026-10-26T08:00Z')).toEqual([
      '2026-10-24T07:00Z 2026-10-25T08:00Z ana',
      '2026-10-25T08:00Z 2026-10-26T08:00Z ben',
    ]);
  });

  it('in an hour that New York skips is where the clock goes on, and in one that it shows twice at the first', () => {
    const one = schedule('America/New_York', [layer({ handOver: '02:30' })]);
    expect(lines(one, '2026-03-07T12:00Z', '2026-03-09T06:00Z')).toEqual([
      '2026-03-07T12:00Z 2026-03-08T07:00Z ben',
      '2026-03-08T07:00Z 2026-03-09T06:00Z ana',
    ]);
    const early = schedule('America/New_York', [layer({ handOver: '01:30' })]);
    expect(lines(early, '2026-10-31T12:00Z', '2026-11-02T06:00Z')).toEqual([
      '2026-10-31T12:00Z 2026-11-01T05:30Z ben',
      '2026-11-01T05:30Z 2026-11-02T06:00Z ana',
    ]);
  });

  it('follows the half hour by which Lord Howe changes its clocks', () => {
    const one = schedule('Australia/Lord_Howe', [layer({ handOver: '02:15' })]);
    expect(lines(one, '2026-10-02T18:00Z', '2026-10-05T00:00Z')).toEqual([
      '2026-10-02T18:00Z 2026-10-03T15:30Z ben',
      '2026-10-03T15:30Z 2026-10-04T15:15Z ana',
      '2026-10-04T15:15Z 2026-10-05T00:00Z ben',
    ]);
    const autumn = schedule('Australia/Lord_Howe', [layer({ handOver: '01:45' })]);
    expect(lines(autumn, '2026-04-04T00:00Z', '2026-04-05T16:00Z')).toEqual([
      '2026-04-04T00:00Z 2026-04-04T14:45Z ben',
      '2026-04-04T14:45Z 2026-04-05T15:15Z ana',
      '2026-04-05T15:15Z 2026-04-05T16:00Z ben',
    ]);
  });

  it('of a weekly rotation is on its day; who starts in mid-week has the rest of that week', () => {
    const one = schedule('Europe/Berlin', [layer({ rotation: 'weekly', start: '2026-01-07' })]);
    expect(lines(one, '2026-01-01T00:00Z', '2026-01-20T00:00Z')).toEqual([
      '2026-01-01T00:00Z 2026-01-07T08:00Z nobody',
      '2026-01-07T08:00Z 2026-01-12T08:00Z ana',
      '2026-01-12T08:00Z 2026-01-19T08:00Z ben',
      '2026-01-19T08:00Z 2026-01-20T00:00Z ana',
    ]);
  });

  it('of twelve hours comes at nine and at nine', () => {
    const one = schedule('Europe/Berlin', [layer({ rotation: 'custom', lengthMs: 12 * hourMs })]);
    expect(lines(one, '2026-03-28T08:00Z', '2026-03-29T19:00Z')).toEqual([
      '2026-03-28T08:00Z 2026-03-28T20:00Z ana',
      '2026-03-28T20:00Z 2026-03-29T07:00Z ben',
      '2026-03-29T07:00Z 2026-03-29T19:00Z ana',
    ]);
  });
});

describe('layers', () => {
  const atNight = layer({ members: ['cleo'], hours: hoursIn('UTC', nights) });

  it('hold in their hours above those below them, and leave a gap where none does', () => {
    const office = layer({ members: ['ana'], hours: hoursIn('UTC', { mon: ['09:00-20:00'] }) });
    expect(lines(schedule('UTC', [atNight, office]), '2026-01-12T00:00Z', '2026-01-13T12:00Z')).toEqual([
      '2026-01-12T00:00Z 2026-01-12T09:00Z nobody',
      '2026-01-12T09:00Z 2026-01-12T18:00Z ana',
      '2026-01-12T18:00Z 2026-01-13T08:00Z cleo',
      '2026-01-13T08:00Z 2026-01-13T12:00Z nobody',
    ]);
  });

  it('are overridden, by the newest override first', () => {
    const span = (from: string, to: string) => ({ fromMs: at(from), toMs: at(to) });
    const one = schedule(
      'UTC',
      [layer({ members: ['ana'] })],
      [
        { id: 1, member: 'ben', ...span('2026-01-12T10:00Z', '2026-01-12T16:00Z') },
        { id: 2, member: 'dan', ...span('2026-01-12T12:00Z', '2026-01-12T13:00Z') },
      ],
    );
    expect(lines(one, '2026-01-12T09:00Z', '2026-01-12T18:00Z')).toEqual([
      '2026-01-12T09:00Z 2026-01-12T10:00Z ana',
      '2026-01-12T10:00Z 2026-01-12T12:00Z ben',
      '2026-01-12T12:00Z 2026-01-12T13:00Z dan',
      '2026-01-12T13:00Z 2026-01-12T16:00Z ben',
      '2026-01-12T16:00Z 2026-01-12T18:00Z ana',
    ]);
    const turns = byPerson(
      schedule('UTC', [atNight, layer({ members: ['cleo'] })]).shifts(at('2026-01-12T10:00Z'), at('2026-01-13T12:00Z')),
    );
    expect(turns.map(({ fromMs, toMs }) => [told(fromMs), told(toMs)])).toEqual([
      ['2026-01-12T10:00Z', '2026-01-13T12:00Z'],
    ]);
    expect(one.shiftsOfLayer(0, at('2026-01-12T09:00Z'), at('2026-01-12T18:00Z'))).toHaveLength(1);
  });
});
