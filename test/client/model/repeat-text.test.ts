import { describe, expect, it } from 'vitest';
import { freshRepeat, repeatKinds, repeatOf, ruleOf } from '../../../client/model/repeat-rule.ts';
import { recurrenceText } from '../../../client/model/repeat-text.ts';

/** A Sunday, the first of its month. */
const start = '2026-03-01T02:00';
const text = (repeat: string | null, more: object = {}): string =>
  recurrenceText({ start, timeZone: 'Europe/Berlin', durationMs: 7_200_000, repeat, ...more });

describe('a recurrence in words', () => {
  it.each([
    [null, 'once on Sun 2026-03-01'],
    ['FREQ=DAILY', 'every day'],
    ['FREQ=DAILY;INTERVAL=3', 'every 3 days'],
    ['FREQ=WEEKLY;BYDAY=SU', 'every Sunday'],
    ['FREQ=WEEKLY', 'every Sunday'],
    ['FREQ=WEEKLY;BYDAY=TU,TH', 'every Tuesday and Thursday'],
    ['FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR', 'every week on Mon–Fri'],
    ['FREQ=WEEKLY;INTERVAL=2;BYDAY=SA', 'every 2 weeks on Saturday'],
    ['FREQ=MONTHLY', 'on day 1 of every month'],
    ['FREQ=MONTHLY;BYMONTHDAY=-1', 'on the last day of every month'],
    ['FREQ=MONTHLY;BYDAY=1SU', 'on the first Sunday of every month'],
    ['FREQ=MONTHLY;BYDAY=SU;BYSETPOS=-1', 'on the last Sunday of every month'],
    ['FREQ=MONTHLY;INTERVAL=3;BYDAY=2TU', 'on the second Tuesday of every 3 months'],
    ['FREQ=YEARLY', 'every year on 1 March'],
    ['FREQ=YEARLY;BYMONTH=1,7;BYDAY=1SU', 'by the rule FREQ=YEARLY;BYMONTH=1,7;BYDAY=1SU'],
  ])('%j is "%s"', (rule, words) => {
    expect(text(rule)).toBe(`${words} at 02:00 for 2 h, Europe/Berlin`);
  });

  it('tells where it ends and what is left out', () => {
    expect(text('FREQ=DAILY;UNTIL=20261231T225959Z')).toMatch(/, until Thu 2026-12-31$/);
    expect(text('FREQ=DAILY;UNTIL=20261231T235959')).toMatch(/, until Thu 2026-12-31$/);
    // Half past midnight in Berlin.
    expect(text('FREQ=DAILY;UNTIL=20261231T233000Z')).toMatch(/, until Fri 2027-01-01$/);
    expect(text('FREQ=DAILY;COUNT=10', { except: ['2026-03-04'] })).toMatch(/, 10 times, left out on Wed 2026-03-04$/);
    expect(text('FREQ=DAILY', { except: ['2026-03-04', '2026-03-05'] })).toMatch(/, left out on 2 dates$/);
  });
});

describe('the parts of a rule', () => {
  it.each([
    'FREQ=DAILY;INTERVAL=2',
    'FREQ=WEEKLY;BYDAY=MO,SU;COUNT=4',
    'FREQ=WEEKLY;INTERVAL=2;BYDAY=SA;UNTIL=20261231T235959',
    'FREQ=MONTHLY;BYMONTHDAY=31',
    'FREQ=MONTHLY;INTERVAL=6;BYDAY=-1FR',
    'FREQ=YEARLY',
    'FREQ=HOURLY;BYHOUR=2',
    'FREQ=WEEKLY;BYDAY=MO;WKST=SU',
    'nonsense',
  ])('make the same rule again: %s', (rule) => {
    expect(ruleOf(repeatOf(rule, start))).toBe(rule);
  });

  it('leave to its writer what they do not offer', () => {
    expect(repeatOf('FREQ=WEEKLY;BYDAY=1MO', start).kind).toBe('own');
    expect(repeatOf('FREQ=MONTHLY;BYMONTHDAY=1,15', start).kind).toBe('own');
    expect(repeatOf('FREQ=DAILY;INTERVAL=0', start).kind).toBe('own');
    expect(repeatOf('FREQ=DAILY;UNTIL=soon', start).kind).toBe('own');
  });

  it('begin with what fits the start', () => {
    const fifth = '2026-03-29T02:00';
    const rules = repeatKinds.filter((kind) => kind !== 'own').map((kind) => ruleOf(freshRepeat(kind, fifth)));
    expect(rules).toEqual([
      null,
      'FREQ=DAILY',
      'FREQ=WEEKLY;BYDAY=SU',
      'FREQ=MONTHLY;BYMONTHDAY=29',
      'FREQ=MONTHLY;BYDAY=-1SU',
      'FREQ=YEARLY',
    ]);
  });
});
