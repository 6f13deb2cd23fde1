/** Where arrow keys lead on a board whose grids stand one below the other. */

export type Direction = 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown' | 'Home' | 'End';
export const isDirection = (key: string): key is Direction =>
  ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End'].includes(key);

/** The tile that an arrow key leads to from tile `index`, over grids that stand one below the other. */
export function neighbour(
  index: number,
  direction: Direction,
  grids: readonly { columns: number; count: number }[],
): number {
  const total = grids.reduce((sum, grid) => sum + grid.count, 0);
  const clamp = (value: number): number => Math.max(0, Math.min(total - 1, value));
  if (direction === 'Home') return 0;
  if (direction === 'End') return total - 1;
  if (direction === 'ArrowLeft') return clamp(index - 1);
  if (direction === 'ArrowRight') return clamp(index + 1);
  return direction === 'ArrowDown' ? below(index, grids) : above(index, grids);
}

interface Place {
  grid: number;
  start: number;
  offset: number;
}

function placeOf(index: number, grids: readonly { count: number }[]): Place {
  let start = 0;
  for (const [grid, { count }] of grids.entries()) {
    if (index < start + count) return { grid, start, offset: index - start };
    start += count;
  }
  return { grid: 0, start: 0, offset: 0 };
}

/** Where a column of one grid stands in another of a different width. */
const columnIn = (offset: number, from: number, to: number): number =>
  Math.floor((((offset % from) + 0.5) / from) * to);

function below(index: number, grids: readonly { columns: number; count: number }[]): number {
  const { grid, start, offset } = placeOf(index, grids);
  const here = grids[grid];
  if (!here) return 0;
  const lastRow = Math.floor((here.count - 1) / here.columns);
  if (Math.floor(offset / here.columns) < lastRow) return start + Math.min(offset + here.columns, here.count - 1);
  const next = grids[grid + 1];
  if (!next) return index;
  return start + here.count + Math.min(columnIn(offset, here.columns, next.columns), next.count - 1);
}

function above(index: number, grids: readonly { columns: number; count: number }[]): number {
  const { grid, start, offset } = placeOf(index, grids);
  const here = grids[grid];
  if (!here) return 0;
  if (offset >= here.columns) return index - here.columns;
  const previous = grids[grid - 1];
  if (!previous) return index;
  const lastRow = Math.floor((previous.count - 1) / previous.columns) * previous.columns;
  const column = columnIn(offset, here.columns, previous.columns);
  return start - previous.count + Math.min(lastRow + column, previous.count - 1);
}
