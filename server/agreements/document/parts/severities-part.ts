/** How severe a case is, and how it is reported. */
import type { DocumentBlock } from '../../../contract/agreement-document.ts';
import { cell, heading, paragraph, table, type PartDraft } from '../blocks.ts';
import { textOf, type Source } from '../document-context.ts';
import { markdownBlocks } from '../markdown-blocks.ts';
import { hasClocks } from './hours-part.ts';

const impacts = ['1: the whole organisation', '2: a team or a site', '3: single users'];
const urgencies = ['1: stopped', '2: hindered', '3: minor'];

export function severitiesPart(source: Source): PartDraft {
  const reporting = markdownBlocks(textOf(source, 'reporting'));
  const severities = hasClocks(source) ? severityTable(source) : [];
  return {
    key: 'severities',
    title: severities.length > 0 ? 'Severities and reporting' : 'Reporting problems',
    blocks: [
      ...severities,
      ...(severities.length > 0 && reporting.length > 0 ? [heading('How to report')] : []),
      ...reporting,
    ],
  };
}

function severityTable({ agreement }: Source): DocumentBlock[] {
  return [
    paragraph('Impact and urgency give the severity, 1 the most severe; to set another one needs a reason.'),
    ...table(
      { 'Severity of': 7, ...Object.fromEntries(urgencies.map((urgency) => [`Urgency ${urgency}`, 5])) },
      agreement.severities.map((row, index) => [
        cell(`Impact ${impacts[index]}`),
        ...row.map((one) => cell(String(one))),
      ]),
    ),
  ];
}
