import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instantOf, instantsOf, startOfDayMs } from '../../../server/domain/local-time.ts';
import { isTimeZone } from '../../../server/domain/time-zone.ts';
import { Temporal } from 'temporal-polyfill';

const iso = (ms: number) => new Date(ms).toISOString();
const local = (text: string) => Temporal.PlainDateTime.from(text);

describe('a time zone', () => {
  it('is known by its name', () => {
    expect(['Europe/Berlin', 'UTC', 'Mars/Base', ''].map(isTimeZone)).toEqual([true, true, false, false]);
  });
});

describe('a local time', () => {
  it.each([
    ['2026-06-01T12:00', 'Europe/Berlin', '2026-06-01T10:00:00.000Z'],
    // The clock jumps from 2 to 3.
    ['2026-03-29T02:30', 'Europe/Berlin', '2026-03-29T01:00:00.000Z'],
    // From 3 back to 2: the first of both.
    ['2026-10-25T02:30', 'Europe/Berlin', '2026-10-25T00:30:00.000Z'],
    // By half an hour.
    ['2026-10-04T02:15', 'Australia/Lord_Howe', '2026-10-03T15:30:00.000Z'],
  ])('of %s in %s is %s', (text, zone, instant) => expect(iso(instantOf(local(text), zone))).toBe(instant));

  it('begins its day after midnight where the clock jumps over that', () => {
    expect(iso(startOfDayMs(Temporal.PlainDate.from('2018-11-04'), 'America/Sao_Paulo'))).toBe(
      '2018-11-04T03:00:00.000Z',
    );
  });

  it('is the same whether one is asked or many', () => {
    const zones = fc.constantFrom('Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'UTC');
    const spread = fc.array(fc.integer({ min: 0, max: 30 * 24 * 4 }), { minLength: 1, maxLength: 12 });
    const month = fc.constantFrom('2026-03-01', '2026-04-01', '2026-10-01', '2026-11-01');
    fc.assert(
      fc.property(zones, month, spread, (zone, first, quarters) => {
        const locals = quarters.toSorted((a, b) => a - b).map((count) => local(first).add({ minutes: 15 * count }));
        const many = instantsOf(
          locals.map((one) => one.toZonedDateTime('UTC').epochMilliseconds),
          zone,
        );
        expect(many).toEqual(locals.map((one) => instantOf(one, zone)));
      }),
      { numRuns: 100 },
    );
  });
});
