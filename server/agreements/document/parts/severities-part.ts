/** How severe a case is, and how it is reported. */
import type { DocumentBlock } from '../../../contract/agreement-document.ts';
import { cell, heading, paragraph, table, type PartDraft } from '../blocks.ts';
import { textOf, type Source } from '../document-context.ts';
import { markdownBlocks } from '../markdown-blocks.ts';
import { hasClocks } from './hours-part.ts';

const impacts = [
  'Impact 1: the whole organisation, or a process it cannot do without',
  'Impact 2: a team, a site or many users',
  'Impact 3: single users',
];
const urgencies = ['Urgency 1: work stops', 'Urgency 2: work is hindered', 'Urgency 3: work goes on'];

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
    paragraph('Impact and urgency together give the severity, 1 the most severe. To override it needs a reason.'),
    ...table(
      { Impact: 6, ...Object.fromEntries(urgencies.map((urgency) => [urgency, 4])) },
      agreement.severities.map((row, index) => [
        cell(impacts[index] ?? ''),
        ...row.map((one) => cell(`Severity ${one}`)),
      ]),
    ),
  ];
}
