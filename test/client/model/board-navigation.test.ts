import { describe, expect, it } from 'vitest';
import { neighbour } from '../../../client/model/board-navigation.ts';

/** Three wide trouble tiles (0 1 2) in rows of two over seven small ones (3..9) in rows of four. */
const grids = [
  { columns: 2, count: 3 },
  { columns: 4, count: 7 },
];

describe('arrow keys', () => {
  it.each([
    [0, 'ArrowRight', 1],
    [2, 'ArrowRight', 3],
    [9, 'ArrowRight', 9],
    [3, 'ArrowLeft', 2],
    [0, 'ArrowLeft', 0],
    [0, 'ArrowDown', 2],
    [1, 'ArrowDown', 2],
    [2, 'ArrowDown', 4],
    [3, 'ArrowDown', 7],
    [6, 'ArrowDown', 9],
    [8, 'ArrowDown', 8],
    [7, 'ArrowUp', 3],
    [4, 'ArrowUp', 2],
    [6, 'ArrowUp', 2],
    [2, 'ArrowUp', 0],
    [1, 'ArrowUp', 1],
    [5, 'Home', 0],
    [5, 'End', 9],
  ] as const)('from tile %d, %s leads to tile %d', (from, key, to) => expect(neighbour(from, key, grids)).toBe(to));
});
