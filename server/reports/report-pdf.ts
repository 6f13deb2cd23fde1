/** A frozen report as a PDF: A4, no letter smaller than 10 pt but under the chart; the same report gives the same bytes. */
import { periodTitle } from '../contract/period-title.ts';
import type { Report, ReportVerdict } from '../contract/reports.ts';
import type { PdfContent, PdfDefinition, PdfTableLayout, PdfWidth } from '../platform/pdf-content.ts';
import { printPdf } from '../platform/pdf-printer.ts';
import { trendChart, trendLegend, verdictMark, verdictColours } from './report-chart.ts';
import {
  consequencesTable,
  incidentsTable,
  kindTexts,
  piecesTable,
  promisesTable,
  reportFacts,
  type ReportTable,
} from './report-tables.ts';

export const reportPdf = (report: Report): Promise<Uint8Array> => printPdf(reportDefinition(report));

/** Points. */
const sideMargin = 46;
const textWidth = 595.28 - 2 * sideMargin;
const cellGap = 8;
const colours = { ink: '#1a1f26', quiet: '#4a5563', rule: '#d5dbe3', strong: '#6b7684' };

/** A word without an end may be broken every so many letters. */
const breakable = (text: string): string => text.replace(/\S{14}/gu, '$&\u200b');

/** What is printed, before it is laid out on pages. */
export function reportDefinition(report: Report): PdfDefinition {
  const { content, frozenAt, hash } = report;
  const title = `${content.title}: ${periodTitle(content.period.label)}`;
  return {
    pageSize: 'A4',
    pageMargins: [sideMargin, 40, sideMargin, 46],
    version: '1.7',
    language: 'en',
    displayTitle: true,
    info: {
      title,
      subject: kindTexts[content.kind],
      creator: 'Troth',
      producer: 'Troth',
      creationDate: new Date(frozenAt),
    },
    defaultStyle: { font: 'Roboto', fontSize: 10, lineHeight: 1, color: colours.ink },
    content: [
      ...headContent(report, title),
      ...tableContent(promisesTable(content), [0.2, 0.21, 0.15, 0.12, 0.17, 0.15], verdictsOf(report)),
      ...trendContent(report),
      ...tableContent(piecesTable(content), [0.17, 0.18, 0.18, 0.12, 0.35]),
      ...tableContent(incidentsTable(content), [0.1, 0.28, 0.1, 0.17, 0.17, 0.18]),
      ...tableContent(consequencesTable(content), [0.2, 0.36, 0.12, 0.32]),
      ...proofContent(report),
    ],
    footer: (page, pages) => ({
      columns: [
        { width: textWidth - 90, text: `${title} · revision ${report.revision} · ${hash.slice(0, 12)}` },
        { width: 80, text: `Page ${page} of ${pages}`, alignment: 'right' },
      ],
      columnGap: 10,
      color: colours.quiet,
      margin: [sideMargin, 14, sideMargin, 0],
    }),
  };
}

const verdictsOf = ({ content }: Report): ReportVerdict[] =>
  content.parts.flatMap(({ objectives }) => objectives.map(({ result }) => result.verdict as ReportVerdict));

function headContent(report: Report, title: string): PdfContent[] {
  const { content } = report;
  const { gist } = content;
  return [
    { text: kindTexts[content.kind], bold: true, color: colours.quiet },
    { text: title, fontSize: 20, bold: true, margin: [0, 2, 0, 6] },
    {
      columns: [
        { width: 20, svg: verdictMark(gist.verdict, 16) },
        { width: textWidth - 28, text: gist.sentence, fontSize: 13, bold: true, color: verdictColours[gist.verdict] },
      ],
      columnGap: 4,
      margin: [0, 0, 0, 8],
    },
    {
      table: {
        widths: [60, textWidth - 60 - 2 * cellGap],
        body: reportFacts(report).map(([term, text]) => [
          { text: term, bold: true, color: colours.quiet },
          { text: breakable(text) },
        ]),
      },
      layout: { ...ruled, hLineWidth: () => 0 },
    },
  ];
}

const headingContent = (text: string): PdfContent => ({
  stack: [
    { text, fontSize: 12, bold: true, outline: true },
    { canvas: [{ type: 'line', x1: 0, y1: 1, x2: textWidth, y2: 1, lineWidth: 0.6, lineColor: colours.strong }] },
  ],
  margin: [0, 12, 0, 3],
  headlineLevel: 1,
});

/** `shares` of the width by column; a row with a verdict carries its mark in its last cell. */
function tableContent(
  { title, head, rows, notes }: ReportTable,
  shares: readonly number[],
  verdicts: readonly ReportVerdict[] = [],
): PdfContent[] {
  const width = textWidth - shares.length * cellGap;
  const cell = (text: string, row: number, column: number): PdfContent => {
    const verdict = column === head.length - 1 ? verdicts[row] : undefined;
    if (verdict === undefined) return { text: breakable(text) };
    return {
      columns: [
        { width: 13, svg: verdictMark(verdict, 10) },
        { width: '*', text: breakable(text), bold: true, color: verdictColours[verdict] },
      ],
    };
  };
  const table: PdfContent = {
    table: {
      widths: shares.map((share): PdfWidth => share * width),
      headerRows: 1,
      keepWithHeaderRows: 1,
      dontBreakRows: rows.flat().every((text) => text.length < 400),
      body: [
        head.map((text) => ({ text, bold: true, color: colours.quiet })),
        ...rows.map((cells, row) => cells.map((text, column) => cell(text, row, column))),
      ],
    },
    layout: ruled,
  };
  return [
    headingContent(title),
    ...(rows.length > 0 ? [table] : []),
    ...notes.map((note): PdfContent => ({ text: note, color: colours.quiet, margin: [0, 3, 0, 0] })),
  ];
}

function trendContent({ content: { trend } }: Report): PdfContent[] {
  const chart = trendChart(trend, textWidth);
  return [
    headingContent(trend.length === 1 ? 'The first period' : `The last ${trend.length} periods`),
    { columns: chart.labels.map(({ text, width }) => ({ width, text, fontSize: 8, color: colours.quiet })) },
    ...chart.rows.map(({ name, svg, nameWidth }): PdfContent => ({
      columns: [
        { width: nameWidth, text: breakable(name) },
        { width: textWidth - nameWidth, svg },
      ],
      margin: [0, 2, 0, 0],
    })),
    { text: trendLegend, color: colours.quiet, margin: [0, 4, 0, 0] },
  ];
}

const proofContent = ({ hash, previousHash, sequence }: Report): PdfContent[] => [
  headingContent('Proof'),
  {
    text: `Report ${sequence} in the chain of this agreement. Its hash, SHA-256 over the hash before it and its content:`,
    margin: [0, 0, 0, 2],
  },
  { text: hash, bold: true },
  { text: previousHash === null ? 'There is no report before it.' : `The hash before it: ${previousHash}` },
];

/** Ruled between rows, with a stronger rule under the head. */
const ruled: PdfTableLayout = {
  hLineWidth: (index, { table }) => (index === 0 ? 0 : index === table.headerRows ? 0.8 : 0.4),
  hLineColor: (index, { table }) => (index === table.headerRows ? colours.strong : colours.rule),
  vLineWidth: () => 0,
  paddingLeft: () => 0,
  paddingRight: () => cellGap,
  paddingTop: () => 2,
  paddingBottom: () => 2,
};
