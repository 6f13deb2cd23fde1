/** A frozen report as a mail: the verdict first, then what it rests on, in plain text and as HTML. */
import { periodTitle } from '../contract/period-title.ts';
import type { Report, ReportContent, ReportVerdict } from '../contract/reports.ts';
import { verdictWords } from '../domain/verdict.ts';
import { escaped, mailHtml } from '../platform/mail-html.ts';
import { headerText, type Mail } from '../platform/mailer.ts';
import { consequencesTable, promisesTable } from './report-tables.ts';
import { verdictColours } from './report-chart.ts';

/** Columns of the table of promises that a mail has room for: what was promised, what was reached, how it stands. */
const columns = [0, 1, 2, 5] as const;

interface MailWords {
  /** The verdict and what it is, in a sentence. */
  first: string;
  verdict: ReportVerdict;
  /** What it is about, line by line. */
  about: readonly string[];
  table: { head: readonly string[]; rows: readonly (readonly string[])[] };
  follows: readonly string[];
  link: string;
  proof: string;
}

export function reportMail(report: Report, link: string): Pick<Mail, 'subject' | 'text' | 'html'> {
  const { content, revision, hash } = report;
  const { gist, provider, customer, title, reason } = content;
  const named = headerText(`${title}, ${periodTitle(content.period.label)}`);
  const words: MailWords = {
    ...{ verdict: gist.verdict, first: `${verdictWords[gist.verdict]}. ${gist.sentence}` },
    about: [
      ...[named, `${provider.name} for ${customer.name}`],
      ...(reason === null ? [] : [`This is revision ${revision}: ${reason}`]),
    ],
    table: promisesOf(content),
    follows: consequencesTable(content).rows.map(
      ([promise, what, state, why]) => `${what} (${promise}): ${state}. ${why}`,
    ),
    ...{ link, proof: `Hash of this report: ${hash}` },
  };
  const subject = `${verdictWords[gist.verdict]}: ${named}${reason === null ? '' : ` (revision ${revision})`}`;
  return { subject, text: textOf(words), html: htmlOf(words) };
}

function promisesOf(content: ReportContent): MailWords['table'] {
  const { head, rows } = promisesTable(content);
  const pick = (cells: readonly string[]): string[] => columns.map((column) => cells[column]!);
  return { head: pick(head), rows: rows.map(pick) };
}

const textOf = ({ first, about, table, follows, link, proof }: MailWords): string =>
  [
    ...[first, '', ...about, ''],
    ...table.rows.map(
      ([promise, promised, reached, stands]) => `- ${promise}: ${stands}. Promised ${promised}, reached ${reached}.`,
    ),
    ...(follows.length > 0 ? ['', 'What follows:', ...follows.map((line) => `- ${line}`)] : []),
    ...['', `The whole report: ${link}`, 'It is attached as a PDF.', proof, ''],
  ].join('\n');

const htmlOf = ({ first, verdict, about, table, follows, link, proof }: MailWords): string =>
  mailHtml([
    `<p style="margin:0 0 4px;font-size:19px;font-weight:600;color:${verdictColours[verdict]}">${escaped(first)}</p>`,
    `<p style="margin:0 0 16px;color:#4a5563">${about.map(escaped).join('<br>')}</p>`,
    tableHtml(table),
    ...(follows.length > 0 ? [followsHtml(follows)] : []),
    `<p style="margin:16px 0">The whole report: <a href="${escaped(link)}">${escaped(link)}</a><br>It is attached as a PDF.</p>`,
    `<p style="margin:0;color:#4a5563;font-size:12px">${escaped(proof)}</p>`,
  ]);

const followsHtml = (lines: readonly string[]): string =>
  `<p style="margin:16px 0 4px;font-weight:600">What follows</p>
<ul style="margin:0;padding-left:20px">${lines.map((line) => `<li>${escaped(line)}</li>`).join('')}</ul>`;

const cellStyle = 'padding:6px 12px 6px 0;border-bottom:1px solid #d5dbe3;text-align:left;vertical-align:top';

function tableHtml({ head, rows }: { head: readonly string[]; rows: readonly (readonly string[])[] }): string {
  const row = (cells: readonly string[], tag: 'th' | 'td'): string =>
    `<tr>${cells.map((cell) => `<${tag} style="${cellStyle}">${escaped(cell)}</${tag}>`).join('')}</tr>`;
  return `<table style="border-collapse:collapse">${row(head, 'th')}${rows.map((cells) => row(cells, 'td')).join('')}</table>`;
}
