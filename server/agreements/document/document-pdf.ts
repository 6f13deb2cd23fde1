/** The document as a PDF: A4, no letter smaller than 10 pt. */
import type { AgreementDocument, DocumentPart } from '../../contract/agreement-document.ts';
import type { PdfColumn, PdfContent, PdfDefinition } from '../../platform/pdf-content.ts';
import { printPdf } from '../../platform/pdf-printer.ts';
import {
  blockContent,
  breakable,
  cellGap,
  colours,
  plainLayout,
  sideMargin,
  textWidth,
  type Figures,
} from './pdf-blocks.ts';

/** Prints the document. The same document gives the same bytes. */
export const documentPdf = (document: AgreementDocument): Promise<Uint8Array> => printPdf(pdfDefinition(document));

/** Ids of the places in the layout: where a part begins, and where the last one ends. */
export const partId = (key: DocumentPart['key']): string => `part-${key}`;
export const endId = 'end';

/** Points. */
const factWidths = [46, 240, 46];
const pageWidth = 70;
const footGap = 16;
const sum = (widths: readonly number[]): number => widths.reduce((all, one) => all + one, 0);

export function pdfDefinition(document: AgreementDocument): PdfDefinition {
  const figures: Figures = new Map(document.figures.map(({ objective, text }) => [objective, text]));
  return {
    pageSize: 'A4',
    pageMargins: [sideMargin, 40, sideMargin, 46],
    version: '1.7',
    language: 'en',
    displayTitle: true,
    info: {
      title: document.foot,
      subject: document.kindText,
      creator: 'Troth',
      producer: 'Troth',
      creationDate: new Date(document.writtenAt),
    },
    defaultStyle: { font: 'Roboto', fontSize: 10, lineHeight: 1, color: colours.ink },
    content: [...headContent(document), ...document.parts.flatMap((part) => partContent(part, figures)), place(endId)],
    footer: footOf(document),
  };
}

function headContent({ kindText, title, mark, facts }: AgreementDocument): PdfContent[] {
  const pairs = facts.map(({ term, text }) => [{ text: term, bold: true, color: colours.quiet }, { text }]);
  const rows = Array.from({ length: Math.ceil(pairs.length / 2) }, (_, index) => [
    ...pairs[index * 2]!,
    ...(pairs[index * 2 + 1] ?? ['', '']),
  ]);
  return [
    {
      columns: [
        { width: '*', text: kindText, bold: true, color: colours.quiet, margin: [0, 3, 0, 0] },
        ...(mark === null ? [] : [markContent(mark)]),
      ],
    },
    { text: breakable(title), fontSize: 20, bold: true, margin: [0, 2, 0, 5] },
    { table: { widths: [...factWidths, textWidth - sum(factWidths) - 4 * cellGap], body: rows }, layout: plainLayout },
  ];
}

const markContent = (mark: string): PdfColumn => ({
  width: 'auto',
  table: { widths: ['auto'], body: [[{ text: mark, bold: true, color: colours.warn, margin: [6, 2, 6, 1] }]] },
  layout: { hLineColor: () => colours.warn, vLineColor: () => colours.warn, fillColor: () => '#fff6e8' },
});

function partContent({ key, number, title, blocks }: DocumentPart, figures: Figures): PdfContent[] {
  const head = (mark: { id?: string; headlineLevel?: 1 }): PdfContent => ({
    stack: [
      { text: `${number}   ${title}`, fontSize: 12, bold: true, outline: true },
      {
        canvas: [{ type: 'line', x1: 0, y1: 1, x2: textWidth, y2: 1, lineWidth: 0.6, lineColor: colours.strong }],
      },
    ],
    margin: [0, 6, 0, 3],
    ...mark,
  });
  const body = blocks.map((block) => blockContent(block, figures));
  if (key !== 'signatures') return [head({ id: partId(key), headlineLevel: 1 }), ...body];
  // Lines to sign on stay together, with the names under them. What is kept whole must not ask for a break inside.
  return [place(partId(key)), { stack: [head({}), ...body], unbreakable: true }];
}

/** Takes no room, and can be found in the layout. */
const place = (id: string): PdfContent => ({
  canvas: [{ type: 'line', x1: 0, y1: 0, x2: 0, y2: 0, lineWidth: 0 }],
  id,
});

const footOf =
  ({ foot }: AgreementDocument): PdfDefinition['footer'] =>
  (page, pages) => ({
    columns: [
      { width: textWidth - pageWidth - footGap, text: breakable(foot) },
      { width: pageWidth, text: `Page ${page} of ${pages}`, alignment: 'right' },
    ],
    columnGap: footGap,
    color: colours.quiet,
    margin: [sideMargin, 14, sideMargin, 0],
  });
