import { describe, expect, it } from 'vitest';
import {
  axisText,
  clockText,
  instantText,
  latencyText,
  lengthText,
  shortLengthText,
  zoneOffsetMs,
} from '../../../client/model/time-text.ts';

describe('lengths', () => {
  it.each([
    [0, '0 s'],
    [999, '0 s'],
    [4_000, '4 s'],
    [59_999, '59 s'],
    [60_000, '1 min'],
    [725_000, '12 min 5 s'],
    [11_100_000, '3 h 5 min'],
    [3_600_000, '1 h'],
    [187_200_000, '2 d 4 h'],
  ])('%d ms read as %s', (ms, text) => expect(lengthText(ms)).toBe(text));

  it.each([
    [300, 'now'],
    [59_999, '59 s'],
    [3_599_999, '59 min'],
    [86_399_999, '23 h'],
    [864_000_000, '10 d'],
  ])('%d ms read shortly as %s', (ms, text) => expect(shortLengthText(ms)).toBe(text));
});

describe('instants', () => {
  it('carry the zone and its summer time', () => {
    expect(instantText('2026-01-05T09:03:02.900Z', 'Europe/Berlin')).toBe('2026-01-05 10:03:02 CET');
    expect(instantText('2026-07-05T09:03:02Z', 'Europe/Berlin')).toBe('2026-07-05 11:03:02 CEST');
    expect(instantText('2026-07-05T09:03:02Z', 'UTC')).toBe('2026-07-05 09:03:02 UTC');
  });

  it('of midnight begin with 00, not 24', () => {
    expect(clockText('2026-01-05T00:00:00Z', 'UTC')).toBe('00:00:00');
  });

  it('on an axis say what the span needs', () => {
    const at = Date.parse('2026-01-05T09:30:00Z');
    expect(axisText(at, 'UTC', 86_400_000)).toBe('09:30');
    expect(axisText(at, 'UTC', 7 * 86_400_000)).toBe('01-05 09:30');
    expect(axisText(at, 'UTC', 90 * 86_400_000)).toBe('01-05');
  });

  it('know how far a zone is ahead', () => {
    expect(zoneOffsetMs(Date.parse('2026-01-05T09:30:00.500Z'), 'Europe/Berlin')).toBe(3_600_000);
    expect(zoneOffsetMs(Date.parse('2026-01-05T23:30:00Z'), 'America/New_York')).toBe(-5 * 3_600_000);
  });
});

describe('latency', () => {
  it.each([
    [null, '–'],
    [0.421, '0.42 ms'],
    [4.24, '4.2 ms'],
    [9.96, '10 ms'],
    [122.6, '123 ms'],
    [999.6, '1.00 s'],
    [1_234, '1.23 s'],
    [12_345, '12.3 s'],
  ])('%s reads as %s', (ms, text) => expect(latencyText(ms)).toBe(text));
});
