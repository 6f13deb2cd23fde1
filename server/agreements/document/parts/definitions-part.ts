/** Every term that the agreement uses, in plain and exact words; made from the objectives and how they count. */
import { listWords } from '../../../contract/list-words.ts';
import { lengthWords } from '../../../contract/length-words.ts';
import { define, definitions, type Definition, type PartDraft } from '../blocks.ts';
import { textOf, type Source } from '../document-context.ts';
import { markdownBlocks } from '../markdown-blocks.ts';
import { measureDefinitions } from './measure-definitions.ts';
import { isTimed } from './hours-part.ts';

export const definitionsPart = (source: Source): PartDraft => ({
  key: 'definitions',
  title: 'Definitions',
  blocks: [
    ...definitions([
      ...(isTimed(source) ? timeDefinitions(source) : []),
      ...measureDefinitions(source),
      ...(isTimed(source) ? [coverageDefinition(source)] : []),
      roundingDefinition,
    ]),
    ...markdownBlocks(textOf(source, 'definitions')),
  ],
});

function timeDefinitions(source: Source): Definition[] {
  const { counting } = source.agreement;
  return [
    define(
      'Eligible time',
      `Service hours of a period in which this agreement is in force, less ${listWords(exclusions(source))}.`,
    ),
    define('Down', downWords(source)),
    define('Degraded', `Usable, but slow or with a supporting part failing; it counts as ${counting.degraded}.`),
    define('Unknown', unknownWords[counting.unknown]),
    ...upstreamDefinition(source),
  ];
}

function exclusions({ agreement: { counting } }: Source): string[] {
  return [
    ...(counting.maintenanceAllowance === 0 ? [] : ['planned maintenance with the promised notice']),
    'what both parties agreed to exclude',
    ...(counting.upstream === 'excused' ? ['excused time of services below'] : []),
  ];
}

function downWords({ agreement: { counting } }: Source): string {
  const forgiven = counting.minimumOutage;
  return [
    'From the first failed check of a confirmed outage until the good check that ends it; probes check at fixed intervals.',
    ...(forgiven > 0 ? [`What lasts less than ${lengthWords(forgiven)} as a whole is forgiven.`] : []),
  ].join(' ');
}

const unknownWords = {
  excluded: 'Time without a measurement; it is neither good nor bad, and lowers the coverage.',
  good: 'Time without a measurement; it counts as good, and lowers the coverage.',
  bad: 'Time without a measurement; it counts as bad, and lowers the coverage.',
} as const;

/** Whose fault counts. It matters where something is below. */
function upstreamDefinition({ agreement: { counting, restsOn } }: Source): Definition[] {
  if (counting.upstream === 'counted') {
    const text =
      'Downtime caused by a service that this one rests on counts in full; the report says what share of it was caused there.';
    return restsOn.length > 0 ? [define('Services below', text)] : [];
  }
  const tail = counting.tail > 0 ? `, and for ${lengthWords(counting.tail)} after its recovery,` : '';
  return [
    define(
      'Services below',
      `Downtime while a service that this one rests on was down${tail} is excused and does not count.`,
    ),
  ];
}

function coverageDefinition({ agreement: { counting } }: Source): Definition {
  return define(
    'Coverage',
    `Known share of eligible time; below ${counting.minimumCoverage} % a figure is unproven, and consequences wait.`,
  );
}

const roundingDefinition = define(
  'Rounding',
  'Comparison is exact; in print, attained shares and coverage are rounded down.',
);
