/** How the agreement is reviewed, renewed and ended, and who signs it. */
import type { DocumentSignatory } from '../../../contract/agreement-document.ts';
import { counted, lengthWords } from '../../../contract/length-words.ts';
import { paragraph, type PartDraft } from '../blocks.ts';
import { dateWords, dateWordsAt, dayBeforeWords } from '../date-words.ts';
import { teamName, textOf, type Side, type Source } from '../document-context.ts';
import { markdownBlocks } from '../markdown-blocks.ts';

export function reviewPart(source: Source): PartDraft {
  const { review } = source.agreement;
  const term = termWords(source);
  return {
    key: 'review',
    title: 'Review, renewal and termination',
    blocks: [
      paragraph(
        `The parties review this agreement and its reports every ${review.every}. ${term} A signed version is not changed: what is changed becomes a new version.`,
      ),
      ...markdownBlocks(textOf(source, 'termination')),
    ],
  };
}

function termWords({ agreement: { effective, renewal } }: Source): string {
  const from = dateWords(effective.from);
  if (effective.to == null) return `It is in force from ${from} until a party ends it.`;
  const first = `It is in force from ${from} to ${dayBeforeWords(effective.to)}, both included.`;
  if (renewal.atEnd === 'expires')
    return `${first} It is renewed by both parties, not by silence; they are reminded 90, 60 and 30 days before.`;
  const notice = renewal.notice === 0 ? 'by the last day of a term' : `${lengthWords(renewal.notice)} before its end`;
  return `${first} It then goes on by ${counted(renewal.months, 'month')} each time, unless a party ends it ${notice}; they are reminded 90, 60 and 30 days before that.`;
}

export function signaturesPart(source: Source): PartDraft {
  return {
    key: 'signatures',
    title: 'Signatures',
    blocks: [
      ...(source.context.status === 'declared'
        ? [paragraph('This agreement was declared in a configuration file. It is in force, and it is not signed.')]
        : []),
      {
        kind: 'signatures',
        parties: (['provider', 'customer'] as const).map((side) => ({
          side: side === 'provider' ? 'For the provider' : 'For the customer',
          team: teamName(source, source.agreement[side]),
          people: peopleOf(source, side),
        })),
      },
    ],
  };
}

function peopleOf({ agreement, context }: Source, side: Side): DocumentSignatory[] {
  const unsigned = { isSigned: false, state: context.status === 'declared' ? 'declared, not signed' : 'not signed' };
  const named = agreement.parties[side].signatories.map(({ name, role, email }) => {
    const signOff = context.signOffs?.find((one) => one.side === side && one.email === email);
    if (!signOff) return { name, role, ...unsigned };
    const day = dateWordsAt(signOff.signedAt, agreement.timeZone);
    if (signOff.onPaper) return { name, role, isSigned: true, state: `Signed on paper, attached on ${day}` };
    const by = signOff.name === name ? '' : ` by ${signOff.name}, delegate`;
    return { name, role, isSigned: true, state: `Signed${by} on ${day}` };
  });
  return named.length > 0 ? named : [{ name: '', role: '', ...unsigned }];
}
