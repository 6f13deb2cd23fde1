/** What the promises rest on, and what that lets them promise. */
import { listWords } from '../../../contract/list-words.ts';
import type { DocumentBlock } from '../../../contract/agreement-document.ts';
import { objectiveTitle } from '../../../contract/objective-words.ts';
import { ceilingOf } from '../../../domain/attribution.ts';
import { compareRatios, percentText, ratioOfPercent, type Ratio } from '../../../domain/ratio.ts';
import { cell, paragraph, table, type PartDraft } from '../blocks.ts';
import { objectivesOf, type Source } from '../document-context.ts';

export function dependenciesPart(source: Source): PartDraft {
  const rows = source.agreement.restsOn.map((reference) => {
    const support = source.context.supports?.get(reference);
    if (!support) return [cell(reference), cell(''), cell('')];
    return [cell(`${support.kind}: ${support.agreement}`), cell(support.title), cell(support.target)];
  });
  return {
    key: 'dependencies',
    title: 'Dependencies',
    blocks: [...table({ 'Rests on': 6, Objective: 5, Target: 5 }, rows), ...ceilingWords(source)],
  };
}

/** What the targets below allow to be promised, and which promises here are higher. */
function ceilingWords(source: Source): DocumentBlock[] {
  const targets = source.agreement.restsOn.flatMap((reference) => {
    const target = source.context.supports?.get(reference)?.availability;
    return target == null ? [] : [ratioOfPercent(target)];
  });
  const isAvailable = objectivesOf(source).some(([, { type }]) => type === 'availability');
  if (targets.length === 0 || !isAvailable) return [];
  const ceiling = ceilingOf(targets);
  const rests = `What it rests on promises ${ceilingText(ceiling)} together, if outages come independently.`;
  const above = availabilitiesAbove(source, ceiling);
  if (above.length === 0) return [paragraph(`${rests} No availability promised here is higher.`)];
  return [paragraph(`${rests} This agreement promises more than that: ${listWords(above)}.`)];
}

const ceilingText = (ceiling: Ratio): string => `${percentText(ceiling, 4, 'down').replace(/\.?0+$/, '')} %`;

function availabilitiesAbove(source: Source, ceiling: Ratio): string[] {
  return objectivesOf(source).flatMap(([key, objective]) => {
    if (objective.type !== 'availability' || compareRatios(ratioOfPercent(objective.target), ceiling) <= 0) return [];
    return [`${objectiveTitle(key, objective)} ${objective.target} %`];
  });
}
