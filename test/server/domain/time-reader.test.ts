import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { readTime } from '../../../server/domain/time-reader.ts';

const at = (text: string): number => Temporal.Instant.from(text).epochMilliseconds;

describe('a time', () => {
  it.each([
    ['2025-03-01T08:00:00Z', '2025-03-01T08:00:00Z'],
    ['2025-03-01 08:00Z', '2025-03-01T08:00:00Z'],
    ['2025-03-01T08:00:00.123456+01:00', '2025-03-01T07:00:00.123Z'],
    ['2024-02-29t23:59:59,5-0330', '2024-03-01T03:29:59.5Z'],
  ])('with an offset is that instant: %s', (text, instant) => {
    expect(readTime(text, undefined)).toBe(at(instant));
  });

  it.each([
    ['2025-03-01', 'Europe/Berlin', '2025-02-28T23:00:00Z'],
    ['2025-07-01 08:00', 'Europe/Berlin', '2025-07-01T06:00:00Z'],
    // Of an hour that comes twice the first; what a clock jumps over is the end of the jump.
    ['2025-10-26 02:30', 'Europe/Berlin', '2025-10-26T00:30:00Z'],
    ['2025-03-30 02:30', 'Europe/Berlin', '2025-03-30T01:00:00Z'],
    ['2025-03-01 08:00', 'Asia/Kathmandu', '2025-03-01T02:15:00Z'],
  ])('without one is that of the zone: %s in %s', (text, zone, instant) => {
    expect(readTime(text, zone)).toBe(at(instant));
    expect(readTime(text, undefined)).toBe('no zone');
  });

  it.each([
    '',
    'today',
    '2025-02-29T08:00:00Z',
    '2025-13-01T08:00:00Z',
    '2025-03-01T24:00:00Z',
    '2025-03-01Z',
    '01.03.2025 08:00',
  ])('that no clock shows is none: %s', (text) => expect(readTime(text, 'Europe/Berlin')).toBeNull());
});
