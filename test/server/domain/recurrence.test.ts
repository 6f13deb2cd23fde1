import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { dayMs, hourMs, minuteMs } from '../../../server/domain/durations.ts';
import { horizonMs, Recurrence, ruleFault, type Schedule } from '../../../server/domain/recurrence.ts';
import { readRule, scheduleFault } from '../../../server/domain/recurrence-rule.ts';
import { unionOf, type Span } from '../../../server/domain/spans.ts';

const at = (text: string) => Date.parse(text);
const schedule = (parts: Partial<Schedule> = {}): Schedule => ({
  start: '2026-03-01T02:00',
  timeZone: 'Europe/Berlin',
  durationMs: 2 * hourMs,
  repeat: 'FREQ=WEEKLY;BYDAY=SU',
  except: [],
  ...parts,
});
const windows = (parts: Partial<Schedule>, from: string, to: string, end = '2100-01-01') =>
  new Recurrence(schedule(parts))
    .windows(at(from), at(to), at(end))
    .map(({ fromMs, toMs }) =>
      [fromMs, toMs].map((ms) => new Date(ms).toISOString().replace(':00.000Z', 'Z')).join(' '),
    );

describe('a recurring window', () => {
  it('begins by the wall clock and lasts as long as it lasts, across the jumps of the clock', () => {
    expect(windows({}, '2026-03-20', '2026-04-10')).toEqual([
      '2026-03-22T01:00Z 2026-03-22T03:00Z',
      // 02:00 does not exist: it begins when the jump ends, at 03:00.
      '2026-03-29T01:00Z 2026-03-29T03:00Z',
      '2026-04-05T00:00Z 2026-04-05T02:00Z',
    ]);
    // 02:00 comes twice: the first counts, and it ends two hours later, at 03:00 by the wall clock.
    expect(windows({}, '2026-10-25', '2026-10-26')).toEqual(['2026-10-25T00:00Z 2026-10-25T02:00Z']);
  });

  it.each([
    ['America/New_York', '2026-03-08T02:30', '2026-03-08T07:00Z', '2026-11-01T01:30', '2026-11-01T05:30Z'],
    ['Australia/Lord_Howe', '2026-10-04T02:15', '2026-10-03T15:30Z', '2026-04-05T01:45', '2026-04-04T14:45Z'],
    ['Asia/Kathmandu', '2026-03-29T02:00', '2026-03-28T20:15Z', '2026-10-25T02:00', '2026-10-24T20:15Z'],
  ])('in %s at %s begins at %s, at %s at %s', (timeZone, skipped, skippedAt, repeated, repeatedAt) => {
    const once = (start: string) =>
      windows({ timeZone, start, repeat: null, durationMs: hourMs }, '2026-01-01', '2027-01-01')[0];
    expect([once(skipped)!.split(' ')[0], once(repeated)!.split(' ')[0]]).toEqual([skippedAt, repeatedAt]);
  });

  it('leaves out its exceptions, which still count', () => {
    const parts = { repeat: 'FREQ=WEEKLY;BYDAY=SU;COUNT=3', except: ['2026-03-08'] };
    expect(windows(parts, '2026-01-01', '2027-01-01')).toEqual([
      '2026-03-01T01:00Z 2026-03-01T03:00Z',
      '2026-03-15T01:00Z 2026-03-15T03:00Z',
    ]);
  });

  it.each([
    ['UNTIL=20260315', 3],
    ['UNTIL=20260315T020000', 3],
    ['UNTIL=20260315T015959', 2],
    ['UNTIL=20260315T010000Z', 3],
    ['UNTIL=20260315T005959Z', 2],
  ])('with %s holds %i times', (until, count) => {
    expect(windows({ repeat: `FREQ=WEEKLY;BYDAY=SU;${until}` }, '2026-01-01', '2027-01-01')).toHaveLength(count);
  });

  it('is told whole where a span cuts it, and is one where windows overlap or meet', () => {
    expect(windows({}, '2026-03-01T02:00Z', '2026-03-01T02:30Z')).toEqual(['2026-03-01T01:00Z 2026-03-01T03:00Z']);
    const daily = { repeat: 'FREQ=DAILY;COUNT=5', durationMs: 30 * hourMs };
    expect(windows(daily, '2026-03-03', '2026-03-04')).toEqual(['2026-03-01T01:00Z 2026-03-06T07:00Z']);
    const meeting = { repeat: 'FREQ=HOURLY;INTERVAL=2;COUNT=3' };
    expect(windows(meeting, '2026-03-01', '2026-03-02')).toEqual(['2026-03-01T01:00Z 2026-03-01T07:00Z']);
  });

  it('without an end is followed to the horizon and no further', () => {
    expect(windows({}, '2026-03-01', '2099-01-01', '2026-03-16')).toHaveLength(3);
    const endless = { repeat: 'FREQ=DAILY', durationMs: 24 * hourMs, timeZone: 'UTC' };
    expect(windows(endless, '2027-03-01', '2027-03-02', '2028-01-01')).toEqual(['2026-03-01T02:00Z 2028-01-01T02:00Z']);
    expect(new Date(horizonMs(schedule({ repeat: null }), at('2026-05-31T10:00:00Z'))).toISOString()).toBe(
      '2027-06-30T10:00:00.000Z',
    );
    expect(new Date(horizonMs(schedule(), at('2020-01-01T00:00:00Z'))).toISOString()).toBe('2027-04-01T00:00:00.000Z');
  });

  it('that is fine is found soon however long ago it began', () => {
    const parts = {
      start: '1990-01-01T00:10',
      repeat: 'FREQ=MINUTELY;INTERVAL=45',
      durationMs: minuteMs,
      timeZone: 'UTC',
    };
    const found = windows(parts, '2026-06-01T00:00Z', '2026-06-01T03:00Z');
    const expected = [...Array(5).keys()].map((n) => {
      const first =
        at('1990-01-01T00:10Z') +
        Math.ceil((at('2026-06-01T00:00Z') - at('1990-01-01T00:10Z')) / (45 * minuteMs)) * 45 * minuteMs;
      return first + n * 45 * minuteMs;
    });
    expect(found.map((text) => at(text.split(' ')[0]!))).toEqual(expected.filter((ms) => ms < at('2026-06-01T03:00Z')));
  });

  it('is what a walk through all days finds, for random rules, zones and spans', () => {
    const zones = fc.constantFrom('Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu');
    const rules = fc.record({
      days: fc.uniqueArray(fc.nat(6), { minLength: 1, maxLength: 3 }),
      monthDays: fc.uniqueArray(fc.integer({ min: 1, max: 31 }), { minLength: 1, maxLength: 3 }),
      interval: fc.integer({ min: 1, max: 3 }),
      kind: fc.constantFrom('weekly', 'daily', 'monthly'),
    });
    fc.assert(
      fc.property(
        zones,
        rules,
        fc.integer({ min: 0, max: 300 }),
        fc.integer({ min: 0, max: 24 * 60 - 1 }),
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: -20, max: 60 }),
        fc.integer({ min: 1, max: 30 }),
        (timeZone, rule, startDay, startMinute, hours, fromDay, length) => {
          const start = Temporal.PlainDateTime.from('2026-01-01T00:00').add({ days: startDay, minutes: startMinute });
          const durationMs = hours * hourMs;
          const own: Schedule = {
            start: start.toString().slice(0, 16),
            timeZone,
            durationMs,
            repeat: ruleText(rule),
            except: [],
          };
          const fromMs = at('2026-01-01') + (startDay + fromDay) * dayMs;
          const toMs = fromMs + length * dayMs;
          const endMs = toMs + 2 * dayMs;
          const all = unionOf(
            naiveStarts(own, start, rule, endMs).map((ms) => ({ fromMs: ms, toMs: ms + durationMs })),
          );
          const expected = all.filter((span) => span.toMs > fromMs && span.fromMs < toMs);
          const found = new Recurrence(own).windows(fromMs, toMs, endMs);
          expect(found).toEqual(expected);
          expect(isApart(found)).toBe(true);
        },
      ),
      { numRuns: 30 },
    );
  });
});

interface Rule {
  days: number[];
  monthDays: number[];
  interval: number;
  kind: string;
}
const names = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];
const ruleText = ({ days, monthDays, interval, kind }: Rule): string => {
  const by =
    kind === 'weekly'
      ? `;BYDAY=${days.map((day) => names[day])}`
      : kind === 'monthly'
        ? `;BYMONTHDAY=${monthDays}`
        : '';
  return `FREQ=${kind.toUpperCase()};INTERVAL=${interval}${by}`;
};
const isApart = (spans: readonly Span[]) =>
  spans.every((span, index) => index === 0 || spans[index - 1]!.toMs < span.fromMs);

/** Day by day: does the rule name it? The clock of each is read by trying minutes until one is not before the wanted time. */
function naiveStarts({ timeZone }: Schedule, start: Temporal.PlainDateTime, rule: Rule, endMs: number): number[] {
  const found: number[] = [];
  const first = start.toPlainDate();
  const monday = first.subtract({ days: first.dayOfWeek - 1 });
  // East of Greenwich a local day begins before the day of that date in UTC.
  for (let date = first; at(date.toString()) < endMs + dayMs; date = date.add({ days: 1 })) {
    const isNamed =
      rule.kind === 'daily'
        ? first.until(date).days % rule.interval === 0
        : rule.kind === 'weekly'
          ? rule.days.includes(date.dayOfWeek - 1) && Math.floor(monday.until(date).days / 7) % rule.interval === 0
          : rule.monthDays.includes(date.day) &&
            ((date.year - first.year) * 12 + date.month - first.month) % rule.interval === 0;
    const wanted = date.toPlainDateTime(start.toPlainTime());
    if (!isNamed) continue;
    const shown = (atMs: number) =>
      Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(timeZone).toPlainDateTime();
    const isBefore = (atMs: number) => Temporal.PlainDateTime.compare(shown(atMs), wanted) < 0;
    let ms = at(`${wanted.toString({ smallestUnit: 'minute' })}Z`) - 13 * hourMs;
    while (isBefore(ms + hourMs)) ms += hourMs;
    while (isBefore(ms)) ms += minuteMs;
    if (ms < endMs) found.push(ms);
  }
  return found;
}

describe('a rule', () => {
  it.each([
    ['FREQ=SECONDLY', 'recurs by the second (FREQ=SECONDLY)'],
    ['FREQ=DAILY;BYSECOND=30', 'recurs by the second (BYSECOND=30)'],
    ['FREQ=FORTNIGHTLY', 'has FREQ=FORTNIGHTLY: it must be YEARLY, MONTHLY'],
    ['BYDAY=SU', 'has no FREQ'],
    ['', 'has "", which is no part of a rule'],
    ['FREQ=DAILY;', 'has "", which is no part of a rule'],
    ['FREQ=DAILY;FOO=1', 'has FOO, which is none of FREQ, INTERVAL'],
    ['FREQ=DAILY;FREQ=DAILY', 'gives FREQ twice'],
    ['FREQ=DAILY;INTERVAL=0', 'has INTERVAL=0: it must be a whole number'],
    ['FREQ=DAILY;COUNT=0', 'has COUNT=0'],
    ['FREQ=DAILY;COUNT=2;UNTIL=20261231', 'has both COUNT and UNTIL'],
    ['FREQ=DAILY;UNTIL=20260231', 'has UNTIL=20260231: it must be a date'],
    ['FREQ=MONTHLY;BYMONTHDAY=32', 'has BYMONTHDAY=32'],
    ['FREQ=MONTHLY;BYMONTHDAY=0', 'has BYMONTHDAY=0'],
    ['FREQ=WEEKLY;BYDAY=XX', 'has BYDAY=XX: it must be days such as'],
    ['FREQ=WEEKLY;BYDAY=1SU', 'numbered days go with FREQ=MONTHLY or YEARLY alone'],
    ['FREQ=DAILY;BYWEEKNO=1', 'has BYWEEKNO, which goes with FREQ=YEARLY alone'],
    ['FREQ=DAILY;BYSETPOS=1', 'has BYSETPOS without another part'],
    ['FREQ=DAILY;BYHOUR=24', 'has BYHOUR=24'],
    ['FREQ=MINUTELY', 'begins more than 48 times a day'],
    ['FREQ=DAILY;BYHOUR=1,2,3,4,5;BYMINUTE=0,5,10,15,20,25,30,35,40,45', 'begins more than 48 times a day'],
  ])('%s is refused: %s', (text, fault) => expect(readRule(text).fault).toContain(fault));

  it.each([
    'rrule:freq=weekly;byday=su',
    'FREQ=MONTHLY;BYDAY=-1FR',
    'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29',
    'FREQ=MINUTELY;COUNT=3',
  ])('%s is fine', (repeat) => {
    expect(scheduleFault('2026-03-01T02:00', 'UTC', repeat)).toBeNull();
    expect(ruleFault(schedule({ repeat }))).toBeNull();
  });

  it('goes with its start', () => {
    const fault = (start: string, repeat: string | null) => scheduleFault(start, 'Europe/Berlin', repeat);
    expect(fault('2026-03-01T02:00', 'FREQ=DAILY;UNTIL=20260228')).toEqual({
      field: 'repeat',
      message: 'ends (UNTIL=20260228) before the start',
    });
    expect(fault('2026-03-01T02:00', 'FREQ=DAILY;UNTIL=20260301T005959Z')?.field).toBe('repeat');
    expect(fault('2026-03-01T02:00', 'FREQ=DAILY;UNTIL=20260301')).toBeNull();
    expect(fault('2026-02-30T02:00', null)?.field).toBe('start');
    expect(fault('1850-02-20T02:00', null)?.field).toBe('start');
  });

  it.each(['FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30', 'FREQ=HOURLY;BYMONTH=4;BYMONTHDAY=31'])(
    '%s is refused once it is tried: it never comes',
    (repeat) => expect(ruleFault(schedule({ repeat }))).toBe('names no time that ever comes after the start'),
  );
});
