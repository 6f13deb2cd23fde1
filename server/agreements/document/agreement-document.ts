/** The one source of the document: from an agreement and the names it needs to the blocks that every rendering shows. */
import type { AgreementDocument, DocumentPart, DocumentStatus } from '../../contract/agreement-document.ts';
import type { AgreementInput, AgreementKind } from '../../contract/agreements.ts';
import type { PartDraft } from './blocks.ts';
import { dateWords, dateWordsAt, dayBeforeWords } from './date-words.ts';
import type { DocumentContext, Source } from './document-context.ts';
import { reviewPart, signaturesPart } from './parts/closing-parts.ts';
import { consequencesPart } from './parts/consequences-part.ts';
import { definitionsPart } from './parts/definitions-part.ts';
import { dependenciesPart } from './parts/dependencies-part.ts';
import { hoursPart } from './parts/hours-part.ts';
import { objectivesPart } from './parts/objectives-part.ts';
import { partiesPart } from './parts/parties-part.ts';
import { scopePart } from './parts/scope-part.ts';
import { severitiesPart } from './parts/severities-part.ts';
import { continuityPart, dutiesPart } from './parts/text-parts.ts';
import { readable } from './plain-text.ts';

const writers: readonly ((source: Source) => PartDraft)[] = [
  partiesPart,
  scopePart,
  definitionsPart,
  hoursPart,
  objectivesPart,
  severitiesPart,
  dutiesPart,
  continuityPart,
  dependenciesPart,
  consequencesPart,
  reviewPart,
  signaturesPart,
];

export const kindTexts: Record<AgreementKind, string> = {
  SLA: 'Service level agreement (SLA)',
  OLA: 'Operational level agreement (OLA)',
  UC: 'Underpinning contract (UC)',
};

const statusTexts: Record<DocumentStatus, string> = {
  draft: 'Draft',
  proposed: 'Proposed',
  returned: 'Returned with comments',
  withdrawn: 'Withdrawn',
  signed: 'Signed',
  active: 'Signed, in force',
  superseded: 'Superseded',
  ended: 'Ended',
  declared: 'Declared, not signed',
};

/** Letters of the title at the foot of a page. */
const mostAtFoot = 60;

/** What has to be seen first, on every page. */
const marks: Record<DocumentStatus, string | null> = {
  draft: 'Draft: not signed, not in force',
  proposed: 'Proposed: not signed, not in force',
  returned: 'Returned with comments: not signed, not in force',
  withdrawn: 'Withdrawn: not signed, not in force',
  signed: null,
  active: null,
  superseded: 'Superseded: no longer in force',
  ended: 'Ended: no longer in force',
  declared: 'Declared, not signed',
};

/** Writes the document of an agreement. The same input gives the same document. */
export function agreementDocument(agreement: AgreementInput, context: DocumentContext): AgreementDocument {
  const source: Source = { agreement: readable(agreement), context: readable(context) };
  const { kind, title, objectives } = source.agreement;
  const { status, version, writtenAt, figures } = source.context;
  const mark = marks[status];
  const versionText = version === null ? 'no version yet' : `version ${version}`;
  return {
    kind,
    kindText: kindTexts[kind],
    title,
    status,
    mark,
    facts: factsOf(source),
    parts: numbered(writers.map((write) => write(source))),
    foot: [shortened(title), versionText, ...(mark === null ? [] : [mark])].join(' · '),
    writtenAt,
    figures: Object.keys(objectives).flatMap((objective) => {
      const text = figures?.get(objective);
      return text === undefined ? [] : [{ objective, text }];
    }),
  };
}

/** At the foot of a page the mark must have its place, however long the title is. */
const shortened = (title: string): string => (title.length > mostAtFoot ? `${title.slice(0, mostAtFoot - 1)}…` : title);

function factsOf(source: Source): AgreementDocument['facts'] {
  const { agreement, context } = source;
  const { from } = agreement.effective;
  return [
    { term: 'Version', text: context.version === null ? 'none yet' : String(context.version) },
    { term: 'Status', text: statusTexts[context.status] },
    { term: 'In force', text: `from ${dateWords(from)}${untilWords(agreement)}` },
    { term: 'Written', text: dateWordsAt(context.writtenAt, agreement.timeZone) },
  ];
}

function untilWords({ effective: { to }, renewal }: AgreementInput): string {
  if (to == null) return '';
  return renewal.atEnd === 'expires' ? ` to ${dayBeforeWords(to)}` : `, first to ${dayBeforeWords(to)}`;
}

const numbered = (drafts: readonly PartDraft[]): DocumentPart[] =>
  drafts.filter(({ blocks }) => blocks.length > 0).map((draft, index) => ({ ...draft, number: index + 1 }));
