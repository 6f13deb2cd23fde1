/** A frozen report as Markdown (CommonMark, with the tables of GitHub). */
import { periodTitle } from '../contract/period-title.ts';
import type { Report } from '../contract/reports.ts';
import { verdictWords } from '../domain/verdict.ts';
import {
  consequencesTable,
  incidentsTable,
  kindTexts,
  piecesTable,
  promisesTable,
  reportFacts,
  type ReportTable,
} from './report-tables.ts';

export function reportMarkdown(report: Report): string {
  const { content, hash, previousHash } = report;
  const sections = [
    `# ${plain(`${content.title}: ${periodTitle(content.period.label)}`)}`,
    plain(kindTexts[content.kind]),
    reportFacts(report)
      .map(([term, text]) => `- **${plain(term)}:** ${plain(text)}`)
      .join('\n'),
    `**${plain(content.gist.sentence)}**`,
    ...[promisesTable, piecesTable, incidentsTable, consequencesTable].map((make) => tableText(make(content))),
    `## Periods so far\n\n${content.trend
      .map(({ period, verdict }) => `- ${plain(periodTitle(period))}: ${verdictWords[verdict]}`)
      .join('\n')}`,
    `## Proof\n\n- Hash: ${hash}\n- Hash of the report before: ${previousHash ?? 'none, it is the first'}`,
  ];
  return `${sections.join('\n\n')}\n`;
}

function tableText({ title, head, rows, notes }: ReportTable): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(plain).join(' | ')} |`;
  const table = rows.length === 0 ? [] : [line(head), `|${' --- |'.repeat(head.length)}`, ...rows.map(line)];
  return [`## ${title}`, ...(table.length > 0 ? [table.join('\n')] : []), ...notes.map(plain)].join('\n\n');
}

/** Text that says itself: nothing in it is Markdown, and it stays on its line. */
const plain = (text: string): string =>
  text
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[\\`*_[\]<>#|~&]/g, String.raw`\$&`);
