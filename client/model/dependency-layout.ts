/**
 * The graph of a service's neighbours: what it rests on at the left, what rests on it at the right, itself between; on a
 * narrow screen one above the other. Lengths are CSS pixels; pure arithmetic.
 */
import type { BoardService } from '../../server/contract/live.ts';
import { type TileKind, tileKind, tileKinds, tileLooks } from './tile-kind.ts';

export interface Neighbour {
  key: string;
  name: string;
  /** Null where the board does not know it. */
  kind: TileKind | null;
}

export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}
export interface GraphLayout {
  height: number;
  self: Box;
  upstream: Box[];
  downstream: Box[];
  /** A line for each neighbour, as the path of an SVG. */
  edges: string[];
}

/** More neighbours than this are folded at first. */
export const shownAtFirst = 8;

export function neighboursOf(keys: readonly string[], services: ReadonlyMap<string, BoardService>): Neighbour[] {
  const rank = (kind: TileKind | null): number => (kind === null ? tileKinds.length : tileKinds.indexOf(kind));
  return keys
    .map((key) => {
      const service = services.get(key);
      return { key, name: service?.name ?? key, kind: service ? tileKind(service) : null };
    })
    .sort((a, b) => rank(a.kind) - rank(b.kind) || a.name.localeCompare(b.name, 'en', { numeric: true }));
}

/** `3 Down, 12 Up`: what is folded away, the urgent first. */
export function kindCounts(neighbours: readonly Neighbour[]): string {
  return [...tileKinds, null]
    .map((kind) => ({ kind, count: neighbours.filter((one) => one.kind === kind).length }))
    .filter(({ count }) => count > 0)
    .map(({ kind, count }) => `${count} ${kind === null ? 'not on the board' : tileLooks[kind].word.toLowerCase()}`)
    .join(', ');
}

const narrowBelowPx = 560;
const gapPx = 6;

/** Where `above` upstream and `below` downstream boxes of a height stand in a width. */
export function layoutGraph(upstream: number, downstream: number, width: number, boxPx: number): GraphLayout {
  return width < narrowBelowPx
    ? stacked(upstream, downstream, width, boxPx)
    : sideBySide(upstream, downstream, width, boxPx);
}

function sideBySide(upstream: number, downstream: number, width: number, boxPx: number): GraphLayout {
  const lanePx = Math.min(110, width * 0.12);
  const boxWidth = (width - 2 * lanePx) / 3;
  const pitch = boxPx + gapPx;
  const height = Math.max(upstream, downstream, 1) * pitch - gapPx;
  const column = (count: number, left: number): Box[] => {
    const top = (height - (count * pitch - gapPx)) / 2;
    return Array.from({ length: count }, (_, index) => ({
      left,
      top: top + index * pitch,
      width: boxWidth,
      height: boxPx,
    }));
  };
  const [self] = column(1, boxWidth + lanePx) as [Box];
  const left = column(upstream, 0);
  const right = column(downstream, 2 * (boxWidth + lanePx));
  const curve = (from: Box, to: Box): string => {
    const [x1, y1] = [from.left + from.width, from.top + from.height / 2];
    const [x2, y2] = [to.left, to.top + to.height / 2];
    const middle = (x1 + x2) / 2;
    return `M${x1} ${y1} C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}`;
  };
  return {
    height,
    self,
    upstream: left,
    downstream: right,
    edges: [...left.map((box) => curve(box, self)), ...right.map((box) => curve(self, box))],
  };
}

/** A line down the left edge joins what stands one below the other. */
function stacked(upstream: number, downstream: number, width: number, boxPx: number): GraphLayout {
  const indent = 22;
  const pitch = boxPx + gapPx;
  const row = (index: number, left: number): Box => ({
    left,
    top: index * pitch,
    width: width - left,
    height: boxPx,
  });
  const above = Array.from({ length: upstream }, (_, index) => row(index, indent));
  const self = row(upstream, 0);
  const below = Array.from({ length: downstream }, (_, index) => row(upstream + 1 + index, indent));
  const joint = indent / 2;
  const line = (box: Box, edge: number): string => `M${box.left} ${box.top + box.height / 2} H${joint} V${edge}`;
  return {
    height: (upstream + downstream + 1) * pitch - gapPx,
    self,
    upstream: above,
    downstream: below,
    edges: [...above.map((box) => line(box, self.top)), ...below.map((box) => line(box, self.top + self.height))],
  };
}
