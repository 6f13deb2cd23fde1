/**
 * The marks of states as pictures for tiles that show nothing else: a thousand drawings of their own in the page cost it
 * several times the painting that a thousand times the same few pictures do.
 */
import { type TileKind, tileLooks } from './tile-kind.ts';
import type { TokenName } from './tokens.ts';

/** By name: whose mark it is, and in which colour; as the tile beside it is coloured, see styles/board-tile.css. */
const pictures = {
  down: ['down', 'down-text'],
  'down-planned': ['down', 'down'],
  suspect: ['suspect', 'suspect'],
  degraded: ['degraded', 'degraded'],
  unknown: ['unknown', 'unknown'],
  up: ['up', 'up-quiet'],
  'up-planned': ['up', 'up'],
  'up-stale': ['up', 'stale'],
  unmonitored: ['unmonitored', 'unmonitored'],
} as const satisfies Record<string, readonly [TileKind, TokenName]>;

type PictureProperty = `--picture-${keyof typeof pictures}`;

/** Custom properties that hold the pictures, for an element around tiles. */
export function markPictures(colours: Record<TokenName, string>): Record<PictureProperty, string> {
  return Object.fromEntries(
    Object.entries(pictures).map(([name, [kind, token]]) => [
      `--picture-${name}`,
      `url("data:image/svg+xml,${encodeURIComponent(drawing(tileLooks[kind].icon, colours[token]))}")`,
    ]),
  ) as Record<PictureProperty, string>;
}

const drawing = (path: string, colour: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path fill="${colour}" d="${path}"/></svg>`;
