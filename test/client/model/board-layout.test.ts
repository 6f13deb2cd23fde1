import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BoardLayout, gapPx, layoutBoard, type TileGrid, wordLines } from '../../../client/model/board-layout.ts';

const screens = [
  { width: 768, height: 900 },
  { width: 1_260, height: 652 },
  { width: 1_900, height: 1_012 },
  { width: 3_820, height: 2_068 },
];
const gridsOf = ({ trouble, rest }: BoardLayout): TileGrid[] => [trouble, rest].filter((grid) => grid !== null);
const heightOf = (layout: BoardLayout): number => gridsOf(layout).reduce((sum, { heightPx }) => sum + heightPx, 0);

describe('the layout of a board', () => {
  it('fills every desktop with up to 1,000 tiles without scrolling, and none is closer to the next than can be hit', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...screens.slice(1)),
        fc.integer({ min: 1, max: 1_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (area, count, share) => {
          const trouble = Math.round(count * share);
          const layout = layoutBoard(trouble, count - trouble, area);
          expect(layout.scrolls).toBe(false);
          expect(heightOf(layout)).toBeLessThanOrEqual(area.height + 0.5);
          const grids = gridsOf(layout);
          const room = grids.reduce((sum, { columns, rows }) => sum + columns * rows, 0);
          expect(room).toBeGreaterThanOrEqual(count);
          for (const { columns, rows, heightPx } of grids) {
            const gap = gapPx(columns * rows > 1_000 ? 1_000 : columns * rows);
            expect((area.width + gap) / columns).toBeGreaterThanOrEqual(24);
            expect((heightPx + gap) / rows).toBeGreaterThanOrEqual(23.9);
          }
        },
      ),
    );
  });

  it('says everything on few tiles, in larger letters on a larger screen', () => {
    const [laptop, wall] = [layoutBoard(2, 10, screens[1]!), layoutBoard(2, 10, screens[3]!)];
    expect(laptop).toMatchObject({ trouble: null, rest: { density: 'full' } });
    expect(wall.rest?.density).toBe('full');
    expect(wall.rest!.fontPx).toBeGreaterThan(laptop.rest!.fontPx * 1.8);
  });

  it('names services in trouble among a thousand', () => {
    const { trouble, rest } = layoutBoard(12, 988, screens[2]!);
    expect(['full', 'roomy', 'compact']).toContain(trouble?.density);
    expect(rest?.density).toBe('mark');
  });

  it.each([
    [screens[1]!, 3, 297],
    [screens[2]!, 12, 988],
    [screens[3]!, 12, 988],
  ])('on %o gives the names of %d services in trouble beside %d others two lines', (area, trouble, rest) => {
    const { trouble: grid } = layoutBoard(trouble, rest, area);
    expect(grid).toMatchObject({ density: 'full' });
    expect(wordLines(grid!)).toBe(3);
  });

  it('gives up the second line of names before it says less of each', () => {
    const { trouble } = layoutBoard(3, 997, screens[1]!);
    expect(trouble).toMatchObject({ density: 'full' });
    expect(wordLines(trouble!)).toBe(2);
  });

  it('gives names a second line before reasons, where tiles are high enough', () => {
    const grid = { columns: 2, rows: 1, density: 'full', fontPx: 10 } as const;
    const lines = [69, 82, 83, 93, 94].map((heightPx) => wordLines({ ...grid, heightPx }));
    expect(lines).toEqual([2, 2, 3, 3, 4]);
  });

  it('keeps one grid where everything is in trouble, or nothing is', () => {
    expect(layoutBoard(200, 0, screens[2]!).trouble).toBeNull();
    expect(layoutBoard(0, 200, screens[2]!).trouble).toBeNull();
  });

  it('is a list that scrolls on a phone', () => {
    expect(layoutBoard(3, 997, { width: 370, height: 700 })).toMatchObject({
      scrolls: true,
      rest: { columns: 1, rows: 1_000, density: 'compact' },
    });
  });

  it('scrolls where tiles could not be told apart', () => {
    const layout = layoutBoard(0, 1_000, { width: 700, height: 300 });
    expect(layout).toMatchObject({ scrolls: true, rest: { density: 'line' } });
    expect(layout.rest!.heightPx).toBeGreaterThan(300);
  });

  it('of nothing is nothing', () => {
    expect(layoutBoard(0, 0, screens[1]!)).toEqual({ trouble: null, rest: null, scrolls: false });
  });
});
