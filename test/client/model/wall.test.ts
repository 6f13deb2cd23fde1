import { describe, expect, it } from 'vitest';
import { selectionText } from '../../../client/model/board-summary.ts';
import { orderBoard } from '../../../client/model/board-order.ts';
import { shareText } from '../../../client/model/share-text.ts';
import { sparkPath } from '../../../client/model/spark-path.ts';
import { acknowledge, outagesOf, unacknowledged } from '../../../client/model/wall-alarm.ts';
import { recentChanges } from '../../../client/model/wall-changes.ts';
import { driftAt } from '../../../client/model/wall-drift.ts';
import { nextInTurn, turnOf } from '../../../client/model/wall-rotation.ts';
import { boardSelectionSchema } from '../../../server/contract/boards.ts';
import { boardService } from '../board-service.ts';

describe('uptime in per cent', () => {
  it.each([
    ['1.000000', '100 %'],
    ['0.999999', '99.99 %'],
    ['0.999100', '99.91 %'],
    ['0.050000', '5.00 %'],
    ['0.000000', '0.00 %'],
  ])('of %s is %s, never rounded up', (ratio, text) => expect(shareText(ratio)).toBe(text));
});

describe('a line of latencies', () => {
  it('rises with latency from zero, and breaks where nothing was measured', () => {
    expect(sparkPath([10, 20, null, 5, null, 20, 0])).toBe('M0 0.5L1 0M3 0.75h0M5 0L6 1');
  });
  it('of nothing is nothing', () => {
    expect(sparkPath([null, null])).toBeNull();
    expect(sparkPath([])).toBeNull();
    expect(sparkPath([null, 42])).toBeNull();
  });
});

describe('the changes of the last 15 minutes', () => {
  const change = (at: string) => ({ at, from: 'up', to: 'down', reason: null }) as const;
  it('are those of all services, newest first, and none that is older', () => {
    const mail = boardService({
      key: 'mail',
      name: 'Mail',
      changes: [change('2026-03-01T10:00:00.000Z'), change('2026-03-01T09:44:59.000Z')],
    });
    const web = boardService({ key: 'web', name: 'Web', changes: [change('2026-03-01T09:50:00.000Z')] });
    const found = recentChanges([web, mail], Date.parse('2026-03-01T10:00:00.000Z'));
    expect(found.map(({ key, at }) => [key, at.slice(11, 16)])).toEqual([
      ['mail', '10:00'],
      ['web', '09:50'],
    ]);
  });
});

describe('the alarm', () => {
  const down = (key: string, since: string) => boardService({ key, state: 'down', since });
  it('is for outages that nobody acknowledged; a later one of the same service is another', () => {
    const first = outagesOf([down('mail', '1'), down('web', '1'), boardService({ key: 'up' })]);
    expect(unacknowledged(first, {}).map(({ key }) => key)).toEqual(['mail', 'web']);
    const known = acknowledge(first.slice(0, 1));
    expect(unacknowledged(first, known).map(({ key }) => key)).toEqual(['web']);
    expect(unacknowledged([down('mail', '2')], known)).toHaveLength(1);
    const handled = { by: 'Ana', at: '2026-03-01T09:00:00.000Z' };
    expect(outagesOf([{ ...down('mail', '2'), handled }])).toEqual([]);
  });
  it('forgets what is over', () => {
    expect(acknowledge([])).toEqual({});
  });
});

describe('the drift', () => {
  it('is slow, small, and comes back', () => {
    const places = Array.from({ length: 31 }, (_, minute) => driftAt(minute * 60_000));
    for (const [index, { x, y }] of places.slice(1).entries()) {
      expect(Math.hypot(x, y)).toBeLessThan(6);
      expect(Math.abs(x - places[index]!.x)).toBeLessThanOrEqual(1);
      expect(Math.abs(y - places[index]!.y)).toBeLessThanOrEqual(1);
    }
    expect(places[30]).toEqual(places[0]);
    expect(new Set(places.map(({ x, y }) => `${x},${y}`)).size).toBeGreaterThan(15);
  });
});

describe('the turn of boards', () => {
  it('begins with the board of the display, and goes round', () => {
    const turn = turnOf('noc', { boards: ['all', 'noc', 'hr'], seconds: 30 });
    expect(turn).toEqual(['noc', 'all', 'hr']);
    expect(turn.map((key) => nextInTurn(turn, key))).toEqual(['all', 'hr', 'noc']);
    expect(nextInTurn(turn, 'gone')).toBe('noc');
  });
});

describe('a fixed order', () => {
  it('leaves every service at its place, whatever its state', () => {
    const services = [boardService({ key: 'a' }), boardService({ key: 'b', state: 'down' })];
    const all = { text: '', kinds: new Set<never>() };
    expect(orderBoard(services, all, 'fixed')).toEqual({ trouble: [], rest: services });
    expect(orderBoard(services, all).trouble.map(({ key }) => key)).toEqual(['b']);
  });
});

describe('a board in words', () => {
  it('names few, counts many', () => {
    const select = (parts: object) => selectionText(boardSelectionSchema.parse(parts));
    expect(select({})).toBe('Everything');
    expect(select({ teams: ['hr', 'it'], tiers: [1] })).toBe('teams hr, it · tier 1');
    expect(select({ services: ['a', 'b', 'c', 'd'] })).toBe('4 services');
  });
});
