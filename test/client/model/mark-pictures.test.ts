import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { markPictures } from '../../../client/model/mark-pictures.ts';
import { tileKinds, tileLooks } from '../../../client/model/tile-kind.ts';
import { tokenNames, type TokenName } from '../../../client/model/tokens.ts';

const styles = (name: string): string =>
  readFileSync(join(import.meta.dirname, '../../../client/styles', name), 'utf8');
const colours = Object.fromEntries(tokenNames.map((name, index) => [name, `#0000${10 + index}`])) as Record<
  TokenName,
  string
>;

it('has for each kind of tile its mark in its colour', () => {
  const pictures = markPictures(colours);
  for (const kind of tileKinds) {
    const drawing = decodeURIComponent(pictures[`--picture-${kind}`]);
    expect(drawing).toMatch(/^url\("data:image\/svg\+xml,<svg .*<\/svg>"\)$/);
    expect(drawing).toContain(` d="${tileLooks[kind].icon}"`);
  }
  expect(decodeURIComponent(pictures['--picture-up-stale'])).toContain(`fill="${colours.stale}"`);
});

it('has the pictures that tiles ask for, and no others', () => {
  const css = styles('board-tile.css');
  const asked = [...css.matchAll(/var\((--picture-[a-z-]+)\)/g)].map(([, name]) => name);
  expect(asked.sort()).toEqual(Object.keys(markPictures(colours)).sort());
});

it('draws only in colours that the tokens name', () => {
  const css = styles('tokens.css');
  for (const name of tokenNames) expect(css, name).toContain(`--${name}:`);
});
