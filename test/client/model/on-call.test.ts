import { describe, expect, it } from 'vitest';
import { layerText } from '../../../client/model/layer-text.ts';
import { bothText, escalationSentence, gapText, turnText, untilText } from '../../../client/model/on-call-text.ts';
import { ownShiftText, shiftsEndAt } from '../../../client/model/own-shifts.ts';
import { barsIn, daysAfter, looksOf, mondayOf, placeIn, weeksFrom } from '../../../client/model/shift-weeks.ts';
import type { OnCallShift } from '../../../server/contract/on-call.ts';

const shift = (from: string, to: string, member: string | null = 'ana'): OnCallShift => ({
  ...{ from, to, member, name: member ?? '', layer: member && 'Primary', override: null },
  gap: member === null ? 'nobody' : null,
});
const nowMs = Date.parse('2026-11-26T12:00:00Z');

describe('weeks of shifts', () => {
  it('begin on a Monday and have days of the length that the clocks give them', () => {
    expect(['2026-11-22', '2026-11-23', '2026-11-29'].map(mondayOf)).toEqual([
      '2026-11-16',
      '2026-11-23',
      '2026-11-23',
    ]);
    expect(daysAfter('2026-12-28', 7)).toBe('2027-01-04');
    const [week, next] = weeksFrom('2026-03-23', 2, 'Europe/Berlin');
    expect(week!.days.map(({ fromMs, toMs }) => (toMs - fromMs) / 3_600_000)).toEqual([24, 24, 24, 24, 24, 24, 23]);
    expect(next!.fromMs).toBe(week!.toMs);
  });

  it('draw days as wide as each other, and cut shifts at their ends', () => {
    const [week] = weeksFrom('2026-03-23', 1, 'Europe/Berlin');
    expect(placeIn(week!, Date.parse('2026-03-29T22:00:00Z'))).toBe(100);
    expect(placeIn(week!, Date.parse('2026-03-28T23:00:00Z'))).toBeCloseTo((6 / 7) * 100);
    const bars = barsIn(week!, [
      shift('2026-03-01T00:00:00Z', '2026-03-25T23:00:00Z'),
      shift('2026-03-25T23:00:00Z', '2026-03-28T23:00:00Z', 'ben'),
      shift('2026-03-30T00:00:00Z', '2026-04-01T00:00:00Z'),
    ]);
    expect(bars.map(({ left, width }) => [Math.round((left * 7) / 100), Math.round((width * 7) / 100)])).toEqual([
      [0, 3],
      [3, 3],
    ]);
  });

  it('give each person a look, the same for as long as it is shown', () => {
    const names = ['a', 'b', 'a', null, 'c', 'd', 'e', 'f', 'g'];
    const looks = looksOf(names.map((name) => shift('2026-03-01T00:00:00Z', '2026-03-02T00:00:00Z', name)));
    expect([...looks]).toEqual([
      ['a', 1],
      ['b', 2],
      ['c', 3],
      ['d', 4],
      ['e', 5],
      ['f', 6],
      ['g', 1],
    ]);
  });
});

describe('shifts in words', () => {
  it('name the day, and the date where it is further off', () => {
    expect(turnText('2026-11-30T08:00:00Z', 'Europe/Berlin', nowMs)).toBe('Mon 09:00');
    expect(turnText('2026-12-07T08:00:00Z', 'Europe/Berlin', nowMs)).toBe('Mon 2026-12-07 09:00');
    const zones = { own: 'Europe/Berlin', schedule: 'America/New_York' };
    expect(bothText('2026-11-30T08:00:00Z', zones, nowMs)).toBe('Mon 09:00 (Mon 03:00 in New York)');
    expect(bothText('2026-11-30T08:00:00Z', { own: 'UTC', schedule: 'UTC' }, nowMs)).toBe('Mon 08:00');
  });

  it('say until when and who is next, or why nobody is', () => {
    const say = (at: string): string => turnText(at, 'UTC', nowMs);
    const current = shift('2026-11-26T09:00:00Z', '2026-11-27T09:00:00Z');
    const next = shift('2026-11-27T09:00:00Z', '2026-11-28T09:00:00Z', 'ben');
    expect(untilText({ current, next }, say)).toBe('until Fri 09:00, then ben');
    expect(untilText({ current, next: shift(next.from, next.to, null) }, say)).toBe('until Fri 09:00, then nobody');
    expect(untilText({ current: { ...current, to: null }, next: null }, say)).toBe('with no end in sight');
    expect((['nobody', 'gone', 'disabled', 'not-in-team'] as const).map((one) => gapText(one, 'Ben'))).toEqual([
      'Nobody is on call',
      '“Ben” has no account any more',
      'Ben cannot sign in any more',
      'Ben is not in the team any more',
    ]);
  });

  it('tell one’s own, and when that becomes untrue', () => {
    const turn = { from: '2026-11-26T09:00:00Z', to: '2026-11-30T09:00:00Z' };
    expect(ownShiftText({ current: turn, next: null }, 'UTC', nowMs)).toBe('You are on call until Mon 09:00');
    expect(ownShiftText({ current: { ...turn, to: null }, next: null }, 'UTC', nowMs)).toBe('You are on call');
    const next = { from: '2026-11-27T09:00:00Z', to: '2026-11-30T09:00:00Z' };
    expect(ownShiftText({ current: null, next }, 'UTC', nowMs)).toBe(
      'You are on call next from Fri 09:00 until Mon 09:00',
    );
    const schedule = { key: 'network', name: 'Network', timeZone: 'UTC' };
    const own = [
      { schedule, current: turn, next },
      { schedule, current: null, next },
    ];
    expect(shiftsEndAt(own)).toBe(Date.parse(next.from));
    expect(shiftsEndAt([])).toBe(Infinity);
  });

  it('tell layers', () => {
    const closed = { mon: [], tue: [], wed: [], thu: [], fri: [], sat: [], sun: [] };
    const layer = { name: '', members: ['ana', 'ben'], rotation: 'weekly', length: null, handOver: '09:00' } as const;
    const rest = { handOverDay: 'mon', start: '2026-01-05' } as const;
    expect(layerText({ ...layer, ...rest, members: ['ana', 'ben'], hours: closed })).toEqual({
      rotation: 'changes on Monday at 09:00, since 2026-01-05',
      hours: 'around the clock',
      members: 'ana and ben in turn',
    });
    const nights = { ...closed, sat: ['00:00-24:00'] };
    expect(
      layerText({ ...layer, ...rest, members: ['ana'], rotation: 'custom', length: '12h', hours: nights }),
    ).toEqual({
      rotation: 'changes every 12h from 09:00 on, since 2026-01-05',
      hours: 'in Sat all day',
      members: 'ana',
    });
  });
});

describe('an escalation in a sentence', () => {
  it('names who is told first, and says where that is nobody', () => {
    const person = { name: 'ana', displayName: 'Ana' };
    const step = (afterSeconds: number, round: number, targets: object[]) =>
      ({ at: '2026-11-26T12:00:00Z', afterSeconds, kind: 'step', round, step: 1, targets }) as never;
    expect(
      escalationSentence([
        step(0, 1, [{ kind: 'schedule', key: 'network', name: 'Network', people: [person], gaps: [] }]),
        step(900, 1, [
          { kind: 'channel', key: 'noc', name: 'noc', people: [], gaps: [] },
          { kind: 'user', key: 'ben', name: 'Ben', people: [], gaps: [{ name: 'Ben', reason: 'gone' }] },
        ]),
        step(1_800, 2, [{ kind: 'user', key: 'ana', name: 'Ana', people: [person], gaps: [] }]),
      ]),
    ).toBe('Ana (Network) at once, channel noc and nobody after 15 min');
  });
});
