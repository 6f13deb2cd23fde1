/** The document as a PDF: A4, no letter smaller than 10 pt. */
import type { AgreementDocument, DocumentPart } from '../../contract/agreement-document.ts';
import type { PdfContent, PdfDefinition } from '../../platform/pdf-content.ts';
import { printPdf } from '../../platform/pdf-printer.ts';
import { blockContent, colours, plainLayout, type Figures } from './pdf-blocks.ts';

/** Prints the document. The same document gives the same bytes. */
export const documentPdf = (document: AgreementDocument): Promise<Uint8Array> => printPdf(pdfDefinition(document));

/** Ids of the places in the layout: where a part begins, and where the last one ends. */
export const partId = (key: DocumentPart['key']): string => `part-${key}`;
export const endId = 'end';

export function pdfDefinition(document: AgreementDocument): PdfDefinition {
  const figures: Figures = new Map(document.figures.map(({ objective, text }) => [objective, text]));
  return {
    pageSize: 'A4',
    pageMargins: [56, 52, 56, 62],
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
    defaultStyle: { font: 'Roboto', fontSize: 10, lineHeight: 1.2, color: colours.ink },
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
    { text: kindText, bold: true, color: colours.quiet },
    { text: title, fontSize: 20, bold: true, lineHeight: 1.1, margin: [0, 2, 0, 8] },
    ...(mark === null ? [] : [markContent(mark)]),
    { table: { widths: [56, '*', 56, '*'], body: rows }, layout: plainLayout },
  ];
}

const markContent = (mark: string): PdfContent => ({
  table: { widths: ['auto'], body: [[{ text: mark, bold: true, color: colours.warn, margin: [6, 2, 6, 1] }]] },
  layout: { hLineColor: () => colours.warn, vLineColor: () => colours.warn, fillColor: () => '#fff6e8' },
  margin: [0, 0, 0, 9],
});

function partContent({ key, number, title, blocks }: DocumentPart, figures: Figures): PdfContent[] {
  const head = (id: { id?: string }): PdfContent => ({
    stack: [
      { text: `${number}   ${title}`, fontSize: 12, bold: true, outline: true },
      { canvas: [{ type: 'line', x1: 0, y1: 1, x2: 483, y2: 1, lineWidth: 0.6, lineColor: colours.strong }] },
    ],
    headlineLevel: 1,
    margin: [0, 9, 0, 6],
    ...id,
  });
  const body = blocks.map((block) => blockContent(block, figures));
  if (key !== 'signatures') return [head({ id: partId(key) }), ...body];
  // Lines to sign on stay together, with the names under them.
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
      { width: '*', text: foot },
      { width: 80, text: `Page ${page} of ${pages}`, alignment: 'right' },
    ],
    columnGap: 16,
    color: colours.quiet,
    margin: [56, 16, 56, 0],
  });
