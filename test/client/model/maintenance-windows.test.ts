import { describe, expect, it } from 'vitest';
import type { Maintenance } from '../../../server/contract/maintenance.ts';
import { freshMaintenance, timingIn, timingInput } from '../../../client/model/maintenance-form.ts';
import { hasPassed, inPhase, phasedAt } from '../../../client/model/maintenance-phase.ts';
import { windowRows } from '../../../client/model/window-rows.ts';
import { windowText } from '../../../client/model/window-text.ts';

const zone = 'Europe/Berlin';
const window = (from: string, to: string) => ({ from: `${from}:00.000Z`, to: `${to}:00.000Z` });

describe('a window', () => {
  it.each([
    [window('2026-03-01T01:00', '2026-03-01T03:00'), 'Sun 2026-03-01 02:00–04:00 CET'],
    [window('2026-03-01T22:00', '2026-03-02T01:00'), 'Sun 2026-03-01 23:00 – Mon 2026-03-02 02:00 CET'],
    [window('2026-03-29T00:30', '2026-03-29T02:30'), 'Sun 2026-03-29 01:30 CET – 04:30 CEST'],
    [window('2026-10-24T22:00', '2026-10-25T02:00'), 'Sun 2026-10-25 00:00 CEST – 03:00 CET'],
  ])('is told by the clocks of a zone', (given, text) => {
    expect(windowText(given, zone)).toBe(text);
  });

  it('says what the clocks do to it, and since the one before', () => {
    const rows = windowRows(
      [
        window('2026-03-22T01:00', '2026-03-22T03:00'),
        { ...window('2026-03-29T01:00', '2026-03-29T03:00'), clockNote: 'skipped' as const },
        window('2026-04-05T00:00', '2026-04-05T02:00'),
      ],
      zone,
      '02:00',
    );
    expect(rows.map(({ notes }) => notes)).toEqual([
      [],
      [
        'The clocks jump over 02:00 on that day: it begins at 03:00',
        'The clocks have changed since the one before: UTC+2',
      ],
      [],
    ]);
  });

  it('says that its length is the same when the clocks change during it', () => {
    const [row] = windowRows([window('2026-10-24T23:00', '2026-10-25T03:00')], zone, '01:00');
    expect(row!.notes).toEqual(['The clocks go back during it: it lasts 4 h all the same']);
  });
});

describe('maintenance', () => {
  const at = (text: string) => Date.parse(`${text}:00Z`);
  const item = (key: string, running: Maintenance['running'], next: Maintenance['next']) =>
    ({ key, running, next, updatedAt: '2026-01-01T00:00:00.000Z' }) as Maintenance;
  const now = window('2026-03-01T01:00', '2026-03-01T03:00');
  const later = window('2026-03-08T01:00', '2026-03-08T03:00');

  it('runs from the begin of its window to the end, whenever it was read', () => {
    expect(phasedAt(item('a', null, now), at('2026-03-01T00:59'))).toMatchObject({ phase: 'coming', window: now });
    expect(phasedAt(item('a', null, now), at('2026-03-01T01:00'))).toMatchObject({ phase: 'running', window: now });
    expect(phasedAt(item('a', now, later), at('2026-03-01T03:00'))).toMatchObject({ phase: 'coming', window: later });
    expect(phasedAt(item('a', now, null), at('2026-03-01T03:00'))).toMatchObject({ phase: 'past', window: null });
  });

  it('is listed by what happens next', () => {
    const items = [item('late', null, later), item('soon', null, now), item('over', null, null)];
    const keys = (phase: 'running' | 'coming' | 'past') =>
      inPhase(items, phase, at('2026-02-28T00:00')).map((one) => one.item.key);
    expect([keys('running'), keys('coming'), keys('past')]).toEqual([[], ['soon', 'late'], ['over']]);
  });

  it('is read again once a window has begun or ended since', () => {
    const items = [item('a', null, now)];
    expect(hasPassed(items, at('2026-03-01T00:00'), at('2026-03-01T00:59'))).toBe(false);
    expect(hasPassed(items, at('2026-03-01T00:00'), at('2026-03-01T01:00'))).toBe(true);
    expect(hasPassed(items, at('2026-03-01T01:30'), at('2026-03-01T02:00'))).toBe(false);
  });
});

describe('the form of a maintenance', () => {
  it('begins tomorrow evening by the clock of who writes it, with the services that were chosen', () => {
    const nowMs = Date.parse('2026-12-31T23:30:00Z');
    expect(freshMaintenance(['payroll'], nowMs, 'Europe/Berlin')).toEqual({
      services: ['payroll'],
      start: '2027-01-02T22:00',
      timeZone: 'Europe/Berlin',
      duration: '2h',
    });
    expect(freshMaintenance([], nowMs, 'UTC')).not.toHaveProperty('services');
  });

  it('can be asked about its windows before it has a name, a key and services', () => {
    const value = { key: '', start: '2026-03-01T02:00', timeZone: zone, duration: '90m', repeat: 'FREQ=DAILY' };
    expect(timingIn(value)).toMatchObject({ duration: 5_400_000, repeat: 'FREQ=DAILY' });
    expect(timingIn({ ...value, services: ['payroll'], name: 'Patching' })).toEqual(timingIn(value));
    expect(timingIn({ ...value, start: 'soon' })).toBeNull();
    expect(timingInput(value)).not.toHaveProperty('key');
  });
});
