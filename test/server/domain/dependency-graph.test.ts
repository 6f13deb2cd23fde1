import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findCycles } from '../../../server/domain/dependency-graph.ts';

const graph = (edges: Record<string, string[]>) => new Map(Object.entries(edges));

describe('cycles of dependencies', () => {
  it('are named along their edges', () => {
    expect(findCycles(graph({ a: ['b'], b: ['c'], c: ['a'] }))).toEqual([['a', 'b', 'c', 'a']]);
    expect(findCycles(graph({ a: ['a'] }))).toEqual([['a', 'a']]);
  });

  it('do not include what only leads to them', () => {
    expect(findCycles(graph({ x: ['a'], a: ['b'], b: ['a', 'y'], y: [] }))).toEqual([['a', 'b', 'a']]);
  });

  it('are all found where several are apart', () => {
    expect(findCycles(graph({ a: ['b'], b: ['a'], c: ['c'] }))).toEqual([
      ['a', 'b', 'a'],
      ['c', 'c'],
    ]);
  });

  it('are none in a diamond, nor where an edge leads to nothing', () => {
    expect(findCycles(graph({ a: ['b', 'c'], b: ['d'], c: ['d'], d: ['gone'] }))).toEqual([]);
  });

  it('are found in a chain longer than the call stack', () => {
    const length = 50_000;
    const chain = new Map(Array.from({ length }, (_, i) => [`${i}`, [`${(i + 1) % length}`]]));
    expect(findCycles(chain)[0]).toHaveLength(length + 1);
  });

  it('are real, and without their last edges none is left', () => {
    const node = fc.integer({ min: 0, max: 8 }).map(String);
    fc.assert(
      fc.property(fc.array(fc.tuple(node, node), { maxLength: 30 }), (pairs) => {
        const edges = new Map<string, string[]>();
        for (const [from, to] of pairs) edges.set(from, [...new Set([...(edges.get(from) ?? []), to])]);
        const cycles = findCycles(edges);
        for (const cycle of cycles) {
          expect(cycle[0]).toBe(cycle.at(-1));
          for (const [index, key] of cycle.slice(0, -1).entries()) expect(edges.get(key)).toContain(cycle[index + 1]);
        }
        const closing = new Set(cycles.map((cycle) => cycle.slice(-2).join(' ')));
        const rest = new Map(
          [...edges].map(([from, to]) => [from, to.filter((one) => !closing.has(`${from} ${one}`))]),
        );
        expect(findCycles(rest)).toEqual([]);
      }),
    );
  });
});
