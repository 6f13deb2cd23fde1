/**
 * How the tiles of a board fill its area: which grid, how much each tile says, how large its text is. Lengths are CSS
 * pixels; pure arithmetic, so that every size from a phone to a wall can be tested.
 */

import type { BoardService } from '../../server/contract/live.ts';

/** What a tile has room for, from everything to its mark alone. */
export const densities = ['full', 'roomy', 'compact', 'line', 'mark'] as const;
export type Density = (typeof densities)[number];

export interface TileGrid {
  columns: number;
  rows: number;
  density: Density;
  fontPx: number;
  heightPx: number;
}

export interface BoardArea {
  width: number;
  height: number;
}

export interface BoardLayout {
  /** The tiles that need attention in a grid of their own, larger; null where all share one grid. */
  trouble: TileGrid | null;
  rest: TileGrid | null;
  /** The area is too small for all: the board scrolls. */
  scrolls: boolean;
}

/**
 * Room that a density needs in units of its font size, the width in which a name is mostly not cut, and the least font
 * size at which the density is chosen.
 */
const needs: Record<Exclude<Density, 'mark'>, { wide: number; namesWide: number; high: number; leastPx: number }> = {
  full: { wide: 12.5, namesWide: 13.5, high: 6.9, leastPx: 13 },
  roomy: { wide: 11, namesWide: 13, high: 4.9, leastPx: 12 },
  compact: { wide: 10.5, namesWide: 13, high: 3.2, leastPx: 11 },
  line: { wide: 7, namesWide: 12, high: 2, leastPx: 11 },
};
/** A line of a full tile mostly holds this much of a name. */
const lineCharacters = 16;
const largestFontPx = 52;
/** Sizes in between are not told apart, and every other size has the letters of all tiles set anew. */
const fontStepPx = 0.5;
/** A tile this many times as high as its font has room for two lines of its name, and then for two of its reason. */
const nameTwiceFrom = 8.3;
const bothTwiceFrom = 9.4;
/** Centres of neighbouring tiles are at least this far apart, so that each can be hit (WCAG 2.5.8). */
const leastPitchPx = 24;
const listBelowPx = 600;
const listRowPx = 52;
const scrollTile = { width: 150, height: 34 };
/** From this size on a tile tells everything: trouble needs no larger tiles of its own. */
const comfortable = { width: 236, height: 112 };
/** This much higher, it has the same letters and a second line for its name. */
const namedHeight = comfortable.height * (nameTwiceFrom / needs.full.high);
const zoneLabelPx = 26;

/** The gap between tiles: narrower where there are many. */
export const gapPx = (count: number): number => (count > 400 ? 3 : count > 120 ? 4 : 8);

/** Lines that the name and the reason of a service together have on the full tiles of a grid; the name has more first. */
export function wordLines(grid: TileGrid): 2 | 3 | 4 {
  // A font that was chosen for just this many lines is a division of binary fractions.
  const high = tileHeight(grid) / grid.fontPx + 1e-6;
  return high >= bothTwiceFrom ? 4 : high >= nameTwiceFrom ? 3 : 2;
}

function tileHeight({ rows, columns, heightPx }: TileGrid): number {
  const gap = gapPx(rows * columns);
  return (heightPx + gap) / rows - gap;
}

/** The grid in smaller letters, where a long name has a reason beside it and would else have one line. */
export function fitNames(grid: TileGrid, services: readonly Pick<BoardService, 'name' | 'reason'>[]): TileGrid {
  const isCut = services.some(({ name, reason }) => reason !== null && name.length > lineCharacters);
  const fontPx = tileHeight(grid) / nameTwiceFrom;
  const isBetter = grid.density === 'full' && isCut && fontPx >= needs.full.leastPx && fontPx < grid.fontPx;
  return isBetter ? { ...grid, fontPx } : grid;
}

interface Fit {
  density: Density;
  fontPx: number;
}

/** The most that a tile of this size can say, and its font size. */
export function fitTile(width: number, height: number): Fit {
  for (const density of ['full', 'roomy', 'compact', 'line'] as const) {
    const { wide, namesWide, high, leastPx } = needs[density];
    if (Math.min(width / wide, height / high) < leastPx) continue;
    const fontPx = Math.min(Math.max(leastPx, width / namesWide), height / high, largestFontPx);
    return { density, fontPx: Math.floor(fontPx / fontStepPx) * fontStepPx };
  }
  return { density: 'mark', fontPx: Math.max(10, Math.min(width, height) * 0.62) };
}

const score = ({ density, fontPx }: Fit): number => (densities.length - densities.indexOf(density)) * 1_000 + fontPx;

/** The grid in which `count` tiles say most; null where they cannot be kept apart. */
export function fitGrid(count: number, { width, height }: BoardArea): TileGrid | null {
  const gap = gapPx(count);
  const mostColumns = Math.min(count, Math.floor((width + gap) / leastPitchPx));
  let best: (TileGrid & { score: number }) | null = null;
  for (let columns = 1; columns <= mostColumns; columns++) {
    const rows = Math.ceil(count / columns);
    const pitch = (height + gap) / rows;
    if (pitch < leastPitchPx) continue;
    const fit = fitTile((width + gap) / columns - gap, pitch - gap);
    const empty = columns * rows - count;
    const points = score(fit) - empty / columns;
    if (!best || points > best.score) best = { columns, rows, ...fit, heightPx: height, score: points };
  }
  if (!best) return null;
  const { score: _, ...grid } = best;
  return grid;
}

/** A grid of tiles of about this size, as high as it needs to be; few tiles do not fill its width. */
function troubleGrid(count: number, width: number, tile: BoardArea): TileGrid {
  const gap = gapPx(count);
  const columnsOf = (tileWidth: number): number => Math.max(1, Math.floor((width + gap) / (tileWidth + gap)));
  const columns = Math.min(columnsOf(tile.width), Math.max(count, columnsOf(tile.width * 1.4)));
  const rows = Math.ceil(count / columns);
  const { density, fontPx } = fitTile((width + gap) / columns - gap, tile.height);
  return { columns, rows, density, fontPx, heightPx: rows * (tile.height + gap) - gap };
}

/** The same with room for two lines of a name: wide tiles would fill it with larger letters instead. */
function namedGrid(count: number, width: number, tile: BoardArea): TileGrid {
  const grid = troubleGrid(count, width, tile);
  if (grid.density !== 'full') return grid;
  return { ...grid, fontPx: Math.max(needs.full.leastPx, Math.min(grid.fontPx, tile.height / nameTwiceFrom)) };
}

/** Trouble apart and larger, if both fit; undefined where one grid does better. */
function splitLayout(trouble: number, rest: number, area: BoardArea, uniform: TileGrid): BoardLayout | undefined {
  const wall = Math.min(2.6, Math.max(1, Math.sqrt((area.width * area.height) / (1_600 * 900))));
  const candidates = [1, 0.85, 0.7, 0.55, 0.45].flatMap((scale) => {
    const by = scale * wall;
    const tile = { width: comfortable.width * by, height: comfortable.height * by };
    const named = { ...tile, height: namedHeight * by };
    return [namedGrid(trouble, area.width, named), troubleGrid(trouble, area.width, tile)];
  });
  for (const grid of candidates) {
    const restHeight = area.height - grid.heightPx - 2 * zoneLabelPx;
    if (grid.heightPx > area.height * 0.5 || score(grid) <= score(uniform)) continue;
    const restGrid = fitGrid(rest, { width: area.width, height: restHeight });
    if (restGrid) return { trouble: grid, rest: restGrid, scrolls: false };
  }
  return undefined;
}

/** Lays out a board of `trouble` tiles that need attention and `rest` others. */
export function layoutBoard(trouble: number, rest: number, area: BoardArea): BoardLayout {
  const count = trouble + rest;
  if (count === 0) return { trouble: null, rest: null, scrolls: false };
  if (area.width < listBelowPx) {
    const list: TileGrid = { columns: 1, rows: count, density: 'compact', fontPx: 13, heightPx: count * listRowPx };
    return { trouble: null, rest: list, scrolls: true };
  }
  const uniform = fitGrid(count, area);
  if (uniform?.density === 'full' || (uniform && (trouble === 0 || rest === 0))) {
    return { trouble: null, rest: uniform, scrolls: false };
  }
  const split = uniform && splitLayout(trouble, rest, area, uniform);
  if (split) return split;
  if (uniform) return { trouble: null, rest: uniform, scrolls: false };
  const columns = Math.max(1, Math.floor(area.width / scrollTile.width));
  const rows = Math.ceil(count / columns);
  return {
    trouble: null,
    rest: { columns, rows, density: 'line', fontPx: 12, heightPx: rows * scrollTile.height },
    scrolls: true,
  };
}
