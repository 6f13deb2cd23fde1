/** Prints PDF files: nothing is read from the network or the disk but the fonts, and the same input gives the same bytes. */
import { createRequire } from 'node:module';
import type { PdfDefinition } from './pdf-content.ts';

/** Where marked content begins. */
export interface PdfLayout {
  readonly pages: number;
  /** By id of the content, in pages from the top of the first: 1.25 is a quarter down the second. */
  readonly places: ReadonlyMap<string, number>;
}

/**
 * Height that a headline must leave from its top on for what it stands above, as a share of a page; else it moves to the
 * next. One of the first level may be followed by one of the second.
 */
const headlineRooms = [0, 0.15, 0.1];

interface PdfNode {
  readonly id?: string;
  readonly headlineLevel?: 1 | 2;
  readonly startPosition: { readonly pageNumber: number; readonly verticalRatio: number };
}
interface PdfJob extends PdfDefinition {
  readonly pageBreakBefore: (node: PdfNode) => boolean;
  readonly maxPagesNumber?: number;
}
interface PdfMake {
  setFonts(fonts: Record<string, Record<string, string>>): void;
  setUrlAccessPolicy(mayRead: (url: string) => boolean): void;
  setLocalAccessPolicy(mayRead: (path: string) => boolean): void;
  createPdf(job: PdfJob): { getBuffer(): Promise<Uint8Array>; getStream(): Promise<unknown> };
}

const require = createRequire(import.meta.url);
let loaded: PdfMake | undefined;

/** Loaded when first needed: most processes print never, and all of them count their memory. */
function pdfMake(): PdfMake {
  if (loaded) return loaded;
  loaded = require('pdfmake') as PdfMake;
  const { Roboto } = require('pdfmake/fonts/Roboto.js') as { Roboto: Record<string, string> };
  const files = new Set(Object.values(Roboto));
  loaded.setFonts({ Roboto });
  loaded.setUrlAccessPolicy(() => false);
  loaded.setLocalAccessPolicy((path) => files.has(path));
  return loaded;
}

export async function printPdf(definition: PdfDefinition): Promise<Uint8Array> {
  return pdfMake()
    .createPdf({ ...definition, pageBreakBefore: breakRule(new Map()) })
    .getBuffer();
}

/** Lays a document out as `printPdf` does, and says where what has an id came to stand. */
export async function layOutPdf(definition: PdfDefinition): Promise<PdfLayout> {
  const places = new Map<string, number>();
  let pages = 0;
  const job: PdfJob = {
    ...definition,
    pageBreakBefore: breakRule(places),
    footer: (page, count) => {
      pages = count;
      return definition.footer(page, count);
    },
    // All pages are laid out; to draw more than one takes time for nothing.
    maxPagesNumber: 1,
  };
  await pdfMake().createPdf(job).getStream();
  return { pages, places };
}

/** Asked once for everything on the pages, in order: what moves something moves only what comes after it. */
const breakRule =
  (places: Map<string, number>): PdfJob['pageBreakBefore'] =>
  ({ id, headlineLevel, startPosition: { pageNumber, verticalRatio } }) => {
    const moves = headlineLevel !== undefined && verticalRatio > 1 - headlineRooms[headlineLevel]!;
    if (id !== undefined) places.set(id, moves ? pageNumber : pageNumber - 1 + verticalRatio);
    return moves;
  };
