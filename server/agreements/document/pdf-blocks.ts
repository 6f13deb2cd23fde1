/** Blocks of the document as content of a PDF. */

import type {
  BlockOf,
  DocumentBlock,
  DocumentCell,
  DocumentSignatory,
  TextLine,
  TextRun,
} from '../../contract/agreement-document.ts';
import type { PdfColumn, PdfContent, PdfTableLayout } from '../../platform/pdf-content.ts';

export const colours = {
  ink: '#1a1f26',
  quiet: '#4a5563',
  rule: '#d5dbe3',
  strong: '#6b7684',
  link: '#0b57a4',
  warn: '#7a4100',
};

/** A row with more text than this may be split over pages: it could be higher than one. */
const mostUnsplit = 400;
const indentPt = 14;

export type Figures = ReadonlyMap<string, string>;

export function blockContent(block: DocumentBlock, figures: Figures): PdfContent {
  switch (block.kind) {
    case 'heading':
      return { text: block.text, bold: true, headlineLevel: 2, margin: [0, 5, 0, 2] };
    case 'paragraph':
      return { text: boundRuns(block.text, block.objective, figures), margin: [0, 0, 0, 5] };
    case 'text':
      return block.lines.map(lineContent);
    case 'definitions':
      return definitionsContent(block, figures);
    case 'table':
      return tableContent(block, figures);
    case 'signatures':
      return signaturesContent(block);
  }
}

/** A number stays with its unit. */
function boundRuns(text: string, objective: string | null, figures: Figures): PdfContent {
  const figure = objective === null ? undefined : figures.get(objective);
  const words = text.replace(/(\d) (?=[\p{L}%])/gu, '$1\u00a0');
  return figure === undefined ? words : [words, { text: `  now ${figure}`, color: colours.link }];
}

/** Ruled between rows, with a stronger rule under the head. */
const ruled: PdfTableLayout = {
  hLineWidth: (index, { table }) => (index === 0 ? 0 : index === table.headerRows ? 0.8 : 0.4),
  hLineColor: (index, { table }) => (index === table.headerRows ? colours.strong : colours.rule),
  vLineWidth: () => 0,
  paddingLeft: () => 0,
  paddingRight: () => 8,
  paddingTop: () => 2.5,
  paddingBottom: () => 2.5,
};
/** Without rules, for terms and what they mean. */
export const plainLayout: PdfTableLayout = {
  hLineWidth: () => 0,
  vLineWidth: () => 0,
  paddingLeft: () => 0,
  paddingRight: () => 8,
  paddingTop: () => 0,
  paddingBottom: () => 3,
};

function definitionsContent({ items }: BlockOf<'definitions'>, figures: Figures): PdfContent {
  return {
    table: {
      widths: [112, '*'],
      dontBreakRows: items.every(({ text }) => text.length < mostUnsplit),
      body: items.map(({ term, text, objective }) => [
        { text: term, bold: true, color: colours.quiet },
        { text: boundRuns(text, objective, figures) },
      ]),
    },
    layout: plainLayout,
    margin: [0, 0, 0, 3],
  };
}

function tableContent({ columns, rows }: BlockOf<'table'>, figures: Figures): PdfContent {
  const whole = columns.reduce((sum, { share }) => sum + share, 0);
  const lengthOf = (cell: DocumentCell): number => cell.reduce((sum, { text }) => sum + text.length, 0);
  const head: PdfContent[] = columns.map(({ title }) => ({ text: title, bold: true, color: colours.quiet }));
  return {
    table: {
      // A column takes its share whatever stands in it, so that no long word widens the table beyond the page.
      widths: columns.map(({ share }) => `${(share * 100) / whole}%` as const),
      headerRows: 1,
      keepWithHeaderRows: 1,
      dontBreakRows: rows.flat().every((cell) => lengthOf(cell) < mostUnsplit),
      body: [head, ...rows.map((cells) => cells.map((cell) => cellContent(cell, figures)))],
    },
    layout: ruled,
    margin: [0, 0, 0, 7],
  };
}

const cellContent = (cell: DocumentCell, figures: Figures): PdfContent => ({
  stack: cell.map(({ text, objective, isNote }) => ({
    text: boundRuns(text, objective, figures),
    ...(isNote ? { color: colours.quiet } : {}),
  })),
});

function lineContent({ role, depth, marker, runs }: TextLine): PdfContent {
  const text = runs.map(runContent);
  const left = depth * indentPt;
  switch (role) {
    case 'item':
      return {
        columns: [
          { width: indentPt + 4, text: marker ?? '' },
          { width: '*', text },
        ],
        margin: [Math.max(0, left - indentPt), 0, 0, 2],
      };
    case 'heading':
      return { text, bold: true, headlineLevel: 2, margin: [left, 4, 0, 2] };
    case 'quote':
      return { text, italics: true, color: colours.quiet, margin: [left + indentPt, 0, 0, 4] };
    case 'code':
      return { text, preserveLeadingSpaces: true, margin: [left + indentPt, 0, 0, 5] };
    case 'paragraph':
      return { text, margin: [left, 0, 0, 5] };
  }
}

function runContent({ text, marks, href }: TextRun): PdfContent {
  return {
    text,
    ...(marks.includes('strong') ? { bold: true } : {}),
    ...(marks.includes('emphasis') ? { italics: true } : {}),
    ...(marks.includes('code') ? { background: '#eef1f5' } : {}),
    ...(href === null ? {} : { link: href, color: colours.link, decoration: 'underline' }),
  };
}

/** Side by side, a line each to sign on. */
function signaturesContent({ parties }: BlockOf<'signatures'>): PdfContent {
  const columns: PdfColumn[] = parties.map(({ side, team, people }) => ({
    width: '*',
    stack: [{ text: side, bold: true }, team, ...people.map(signatoryContent)],
  }));
  return { columns, columnGap: 36 };
}

function signatoryContent({ name, role, state, isSigned }: DocumentSignatory): PdfContent {
  const isNamed = name !== '';
  return {
    stack: [
      { text: state, color: isSigned ? colours.ink : colours.warn, margin: [0, 26, 0, 2] },
      { canvas: [{ type: 'line', x1: 0, y1: 0, x2: 220, y2: 0, lineWidth: 0.8, lineColor: colours.ink }] },
      { text: isNamed ? name : 'Name', bold: isNamed, margin: [0, 3, 0, 0] },
      { text: isNamed ? role : 'Role, date', color: colours.quiet },
    ],
  };
}
