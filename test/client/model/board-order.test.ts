import { describe, expect, it } from 'vitest';
import { countKinds, orderBoard } from '../../../client/model/board-order.ts';
import { isStale, type TileKind } from '../../../client/model/tile-kind.ts';
import { boardService } from '../board-service.ts';

const all = { text: '', kinds: new Set<TileKind>() };
const services = [
  boardService({ key: 'a', state: 'unmonitored' }),
  boardService({ key: 'b', state: 'up', name: 'Mail', tags: ['prod'] }),
  boardService({ key: 'c', state: 'unknown' }),
  boardService({ key: 'd', state: 'up', suspect: true }),
  boardService({ key: 'e', state: 'degraded' }),
  boardService({ key: 'f', state: 'down', suspect: true }),
  boardService({ key: 'g', state: 'up', owner: { key: 'net', name: 'Network' } }),
  boardService({ key: 'h', state: 'down' }),
];
const keysOf = (filter: typeof all): string[][] => {
  const { trouble, rest } = orderBoard(services, filter);
  return [trouble, rest].map((group) => group.map(({ key }) => key));
};

describe('the order of a board', () => {
  it('is down, suspect, degraded, unknown, then up and unmonitored, each in the order given', () => {
    expect(keysOf(all)).toEqual([
      ['f', 'h', 'd', 'e', 'c'],
      ['b', 'g', 'a'],
    ]);
  });

  it('puts planned maintenance behind trouble and before the rest, whatever its state', () => {
    const maintenance = { key: 'patch', name: 'Patch', until: '2026-03-01T14:00:00.000Z' };
    const { trouble, rest } = orderBoard(
      [
        boardService({ key: 'fine' }),
        boardService({ key: 'worked-on', maintenance }),
        boardService({ key: 'off', state: 'down', maintenance }),
        boardService({ key: 'broken', state: 'down' }),
      ],
      all,
    );
    expect([trouble, rest].map((group) => group.map(({ key }) => key))).toEqual([
      ['broken'],
      ['off', 'worked-on', 'fine'],
    ]);
  });

  it('puts what somebody has behind what nobody has, whatever is worse', () => {
    const handled = { by: 'Ana', at: '2026-03-01T09:00:00.000Z' };
    const { trouble } = orderBoard(
      [
        boardService({ key: 'taken', state: 'down', handled }),
        boardService({ key: 'free', state: 'degraded' }),
        boardService({ key: 'worse', state: 'down' }),
      ],
      all,
    );
    expect(trouble.map(({ key }) => key)).toEqual(['worse', 'free', 'taken']);
  });

  it('counts each service once, as what it looks like', () => {
    expect(countKinds(services)).toEqual({ down: 2, suspect: 1, degraded: 1, unknown: 1, up: 2, unmonitored: 1 });
  });

  it('shows the chosen kinds alone', () => {
    expect(keysOf({ ...all, kinds: new Set<TileKind>(['down', 'up']) })).toEqual([
      ['f', 'h'],
      ['b', 'g'],
    ]);
  });

  it('finds every word in name, owner or tags, whatever its case', () => {
    expect(keysOf({ ...all, text: 'NETw' })).toEqual([[], ['g']]);
    expect(keysOf({ ...all, text: ' prod mai ' })).toEqual([[], ['b']]);
    expect(keysOf({ ...all, text: 'prod network' })).toEqual([[], []]);
  });
});

describe('a service', () => {
  const seenAt = Date.parse('2026-03-01T09:59:50.000Z');
  it('is stale once its newest observation is older than it should be', () => {
    expect(isStale(boardService(), seenAt + 60_000)).toBe(false);
    expect(isStale(boardService(), seenAt + 60_001)).toBe(true);
  });

  it('that was never seen, or that nothing measures, is not stale', () => {
    expect(isStale(boardService({ observedAt: null }), seenAt + 1e9)).toBe(false);
    expect(isStale(boardService({ state: 'unmonitored' }), seenAt + 1e9)).toBe(false);
  });
});
