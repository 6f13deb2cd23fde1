/** Parts that people write: what the customer does, and what happens after a disaster. */
import { heading, type PartDraft } from '../blocks.ts';
import { textOf, type Source } from '../document-context.ts';
import { markdownBlocks } from '../markdown-blocks.ts';

export function dutiesPart(source: Source): PartDraft {
  const texts = [
    ['Duties of the customer', 'duties'],
    ['Limits of the workload', 'workload'],
    ['Exceptions', 'exceptions'],
  ] as const;
  const blocks = texts.flatMap(([title, name]) => {
    const text = markdownBlocks(textOf(source, name));
    return text.length > 0 ? [heading(title), ...text] : [];
  });
  return { key: 'duties', title: 'Duties, workload and exceptions', blocks };
}

export const continuityPart = (source: Source): PartDraft => ({
  key: 'continuity',
  title: 'Continuity and security recovery',
  blocks: markdownBlocks(textOf(source, 'continuity')),
});
