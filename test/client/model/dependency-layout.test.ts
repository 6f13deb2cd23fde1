import { describe, expect, it } from 'vitest';
import { type Box, kindCounts, layoutGraph, neighboursOf } from '../../../client/model/dependency-layout.ts';
import { boardService } from '../board-service.ts';

const overlap = (a: Box, b: Box): boolean =>
  a.left < b.left + b.width && b.left < a.left + a.width && a.top < b.top + b.height && b.top < a.top + a.height;

describe('the graph of dependencies', () => {
  it.each([0, 1, 2, 8, 30, 200])('keeps %d neighbours a side apart and inside, wide and narrow', (count) => {
    for (const width of [320, 559, 560, 1_100]) {
      const { self, upstream, downstream, edges, height } = layoutGraph(count, count, width, 34);
      const boxes = [self, ...upstream, ...downstream];
      expect(boxes).toHaveLength(2 * count + 1);
      expect(edges).toHaveLength(2 * count);
      for (const { left, top, width: own, height: high } of boxes) {
        expect(Math.min(left, top)).toBeGreaterThanOrEqual(0);
        expect([left + own <= width + 0.01, top + high <= height + 0.01]).toEqual([true, true]);
      }
      for (const [index, box] of boxes.entries())
        for (const other of boxes.slice(index + 1)) expect(overlap(box, other)).toBe(false);
    }
  });

  it('stands upstream at the left of the service and downstream at its right, or above and below it', () => {
    const wide = layoutGraph(1, 1, 900, 34);
    expect(wide.upstream[0]!.left).toBeLessThan(wide.self.left);
    expect(wide.downstream[0]!.left).toBeGreaterThan(wide.self.left);
    const narrow = layoutGraph(1, 1, 340, 34);
    expect(narrow.upstream[0]!.top).toBeLessThan(narrow.self.top);
    expect(narrow.downstream[0]!.top).toBeGreaterThan(narrow.self.top);
  });

  it('puts trouble first, and what the board does not know last', () => {
    const services = new Map(
      [
        boardService({ key: 'a', name: 'A' }),
        boardService({ key: 'b', name: 'B', state: 'down' }),
        boardService({ key: 'c', name: 'C', suspect: true }),
      ].map((service) => [service.key, service]),
    );
    const neighbours = neighboursOf(['gone', 'a', 'b', 'c'], services);
    expect(neighbours.map(({ key }) => key)).toEqual(['b', 'c', 'a', 'gone']);
    expect(kindCounts(neighbours)).toBe('1 down, 1 suspect, 1 up, 1 not on the board');
  });
});
