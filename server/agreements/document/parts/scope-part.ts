/** What the agreement is for, which services it covers and what it leaves out. */
import type { DocumentBlock } from '../../../contract/agreement-document.ts';
import { categories } from '../../../contract/catalog.ts';
import { titleOfKey } from '../../../contract/objective-words.ts';
import { define, definitions, heading, paragraph, type PartDraft } from '../blocks.ts';
import { servicesOf } from '../../agreement-scope.ts';
import { serviceName, textOf, type Source } from '../document-context.ts';
import { markdownBlocks } from '../markdown-blocks.ts';

export function scopePart(source: Source): PartDraft {
  const leftOut = markdownBlocks(textOf(source, 'leftOut'));
  return {
    key: 'scope',
    title: 'Purpose and scope',
    blocks: [
      ...markdownBlocks(textOf(source, 'purpose')),
      ...frameworkWords(source),
      ...definitions(servicesByCategory(source)),
      ...(leftOut.length > 0 ? [heading('Not covered'), ...leftOut] : []),
    ],
  };
}

function servicesByCategory(source: Source) {
  const services = servicesOf(source.agreement);
  const categoryOf = (key: string): string => source.context.services.get(key)?.category ?? 'other';
  const isAnyKnown = services.some((key) => categoryOf(key) !== 'other');
  return [...categories, 'other'].flatMap((category) => {
    const names = services.filter((key) => categoryOf(key) === category).map((key) => serviceName(source, key));
    const term = category === 'other' && !isAnyKnown ? 'Services' : `${titleOfKey(category)} services`;
    return names.length > 0 ? [define(term, names.join(', '))] : [];
  });
}

function frameworkWords({ context }: Source): DocumentBlock[] {
  if (!context.framework) return [];
  const { title, version } = context.framework;
  return [
    paragraph(
      `The terms of the framework agreement “${title}”, version ${version}, apply. Where it and this agreement differ, this agreement holds.`,
    ),
  ];
}
