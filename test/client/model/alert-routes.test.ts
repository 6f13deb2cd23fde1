import { describe, expect, it } from 'vitest';
import { channelsText, matchText, missText, waitText, wayText } from '../../../client/model/alert-preview-text.ts';
import { inOrder, movedPlaces } from '../../../client/model/alert-route-order.ts';
import { turnTexts } from '../../../client/model/own-shifts.ts';
import { alertMatcherSchema } from '../../../server/contract/alerts.ts';

const routes = (places: Record<string, number>) => Object.entries(places).map(([key, place]) => ({ key, place }));
/** The order after a move, and how many were written for it. */
function moved(places: Record<string, number>, key: string, by: -1 | 1): [string, number] {
  const changes = movedPlaces(routes(places), key, by);
  const after = inOrder(routes({ ...places, ...Object.fromEntries(changes) }));
  return [after.map((route) => route.key).join(''), changes.size];
}

describe('a route that is moved', () => {
  it('takes a place between its neighbours where there is one', () => {
    expect(moved({ a: 10, b: 20, c: 30 }, 'c', -1)).toEqual(['acb', 1]);
    expect(moved({ a: 10, b: 20, c: 30 }, 'a', 1)).toEqual(['bac', 1]);
    expect(moved({ a: 10, b: 20, c: 30 }, 'b', -1)).toEqual(['bac', 1]);
    expect(moved({ a: 10, b: 20, c: 30 }, 'b', 1)).toEqual(['acb', 1]);
  });

  it('makes others give way where there is none, and never leaves what is allowed', () => {
    expect(moved({ a: 100, b: 100, c: 100 }, 'c', -1)).toEqual(['acb', 3]);
    expect(moved({ a: 0, b: 1 }, 'b', -1)[0]).toBe('ba');
    const full = movedPlaces(routes({ a: 9_999, b: 10_000 }), 'a', 1);
    expect([...full]).toEqual([
      ['b', 0],
      ['a', 10],
    ]);
  });

  it('stays where there is nothing beyond', () => {
    expect(moved({ a: 10, b: 20 }, 'a', -1)).toEqual(['ab', 0]);
    expect(moved({ a: 10, b: 20 }, 'b', 1)).toEqual(['ab', 0]);
    expect(moved({ a: 10, b: 20 }, 'c', 1)).toEqual(['ab', 0]);
  });
});

describe('what a route takes', () => {
  it('is said by what it names', () => {
    expect(matchText(alertMatcherSchema.parse({ service: ['wan', 'lan'], tier: [1], rule: ['burn-fast'] }))).toBe(
      'service wan or lan, tier 1, rule Budget burns very fast',
    );
    expect(matchText(alertMatcherSchema.parse({}))).toBe('every alert');
  });

  it('and does not is said by what there is instead', () => {
    expect(missText({ field: 'tier', asked: [1, 2], has: [3] })).toBe('wants tier 1 or 2, and it is 3');
    expect(missText({ field: 'tag', asked: ['money'], has: [] })).toBe('wants tag money, and it has none');
  });
});

it('says by what an alert is told', () => {
  const route = { key: 'a', name: 'Money', place: 1, isTaken: true, misses: [] };
  const way = { by: 'route' as const, policy: null, channels: [] };
  expect(wayText({ way, routes: [route] })).toBe('The route “Money” takes it');
  const policy = { key: 'it', name: 'Of IT' };
  expect(wayText({ way: { ...way, by: 'team', policy }, routes: [] })).toContain('“Of IT” of its team');
  expect(wayText({ way: { ...way, by: 'every-channel' }, routes: [] })).toContain('every channel is told');
  const wait = { by: 'silence' as const, from: '', until: null };
  expect(waitText({ ...wait, note: 'We are at it (Ana)' })).toBe('Silenced: We are at it (Ana)');
  expect(waitText({ ...wait, note: null })).toBe('Silenced');
  const channels = [
    { key: 'phone', name: 'Phone', person: 'Ana' },
    { key: 'noc', name: 'Operations', person: null },
  ];
  expect(channelsText({ channels })).toBe('Phone (Ana), Operations');
});

it('says both of one’s turns', () => {
  const nowMs = Date.parse('2026-11-26T12:00:00Z');
  const [current, next] = [
    { from: '2026-11-26T09:00:00Z', to: '2026-11-27T09:00:00Z' },
    { from: '2026-12-04T09:00:00Z', to: null },
  ];
  expect(turnTexts({ current, next }, 'UTC', nowMs)).toEqual({
    now: 'until Fri 09:00',
    next: 'from Fri 2026-12-04 09:00 with no end in sight',
  });
  expect(turnTexts({ current: null, next: null }, 'UTC', nowMs)).toEqual({ now: null, next: null });
});
