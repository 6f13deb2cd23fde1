import { describe, expect, it } from 'vitest';
import { agentSigns, offsetText } from '../../../client/model/agent-signs.ts';
import { deviceText } from '../../../client/model/device-text.ts';
import { healthText } from '../../../client/model/health-text.ts';
import { bytesText, countOf, countText, percentOf } from '../../../client/model/size-text.ts';
import { indexOfPlace, lineCount } from '../../../client/model/text-place.ts';
import { findZones, isZone, zoneNames } from '../../../client/model/time-zone.ts';
import type { Agent } from '../../../server/contract/probing.ts';

describe('sizes', () => {
  it('are told in their unit, counts in groups, shares never as nothing', () => {
    expect([0, 999, 1_000, 45_678, 9_960_000_000].map(bytesText)).toEqual([
      '0 B',
      '999 B',
      '1.0 kB',
      '46 kB',
      '10.0 GB',
    ]);
    expect([countText(1_234_567), countOf(1, 'run'), countOf(0, 'entry', 'entries')]).toEqual([
      '1\u202f234\u202f567',
      '1 run',
      '0 entries',
    ]);
    expect([percentOf(0, 5), percentOf(1, 100_000), percentOf(1, 80), percentOf(1, 2), percentOf(1, 0)]).toEqual([
      '0 %',
      '< 0.1 %',
      '1.3 %',
      '50 %',
      '0 %',
    ]);
  });
});

describe('a place in a text', () => {
  it('is found by line and column, and never beyond its line', () => {
    const text = 'ab\ncdef\n\ng';
    const at = (line: number, column: number): number => indexOfPlace(text, { line, column });
    expect([at(1, 1), at(2, 3), at(2, 99), at(3, 1), at(4, 1), at(9, 1)]).toEqual([0, 5, 7, 8, 9, 10]);
    expect([lineCount(text), lineCount('')]).toEqual([4, 1]);
  });
});

describe('the device of a session', () => {
  it.each([
    ['Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0', 'Firefox on Windows'],
    [
      'Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36 Edg/130.0',
      'Edge on Windows',
    ],
    [
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36',
      'Chrome on Linux',
    ],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile Safari/604.1',
      'Safari on iOS',
    ],
    ['Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36', 'Chrome on Android'],
    ['curl/8.5.0', 'curl/8.5.0'],
    [null, 'Unknown device'],
  ])('%s', (userAgent, text) => {
    expect(deviceText(userAgent)).toBe(text);
  });
});

describe('time zones', () => {
  it('are found by words of their names, in any order', () => {
    const zones = zoneNames();
    expect(zones).toContain('UTC');
    expect(findZones('york new', zones)).toEqual(['America/New_York']);
    expect(findZones('nowhere', zones)).toEqual([]);
    expect([isZone('Europe/Berlin'), isZone('own'), isZone('')]).toEqual([true, false, false]);
  });
});

describe('an agent', () => {
  const agent: Agent = {
    id: '6f9d3f0e-8f5e-4f0c-9f67-1b8d2d5d3f10',
    location: 'hq',
    version: '1.0.0',
    alive: true,
    startedAt: '2026-03-01T10:00:00.000Z',
    lastSeenAt: '2026-03-01T10:00:00.000Z',
    clockOffsetMs: 12,
    inFlight: 0,
    droppedRuns: 0,
    unconfirmedBatches: 0,
  };
  it('that is well gives no sign; each thing that is not is told with what to do', () => {
    expect(agentSigns(agent, '1.0.0')).toEqual([]);
    const ill = { ...agent, alive: false, clockOffsetMs: -61_000, droppedRuns: 3 };
    expect(agentSigns(ill, '1.1.0').map((text) => text.slice(0, 20))).toEqual([
      'Not heard for a whil',
      'Its clock is off by ',
      '3 runs since its sta',
      'It runs version 1.0.',
    ]);
    expect([offsetText(0.2), offsetText(12), offsetText(-61_000)]).toEqual(['0 ms', '+12 ms', '-1 min 1 s']);
  });
});

describe('a check of the server', () => {
  it('has plain words, and its own name where this page does not know it', () => {
    expect(healthText('dispatch lease').remedy).toContain('TROTH_ROLES');
    expect(healthText('mail relay').title).toBe('Mail relay');
  });
});
