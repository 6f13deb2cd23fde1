/** Every term that the agreement uses, in plain and exact words; made from the objectives and how they count. */
import { lengthWords } from '../../../contract/length-words.ts';
import { periodNoun } from '../../../contract/objective-words.ts';
import { define, definitions, listWords, type Definition, type PartDraft } from '../blocks.ts';
import { textOf, type Source } from '../document-context.ts';
import { markdownBlocks } from '../markdown-blocks.ts';
import { measureDefinitions } from './measure-definitions.ts';
import { isTimed } from './hours-part.ts';

export const definitionsPart = (source: Source): PartDraft => ({
  key: 'definitions',
  title: 'Definitions',
  blocks: [
    ...definitions([
      periodDefinition(source),
      ...(isTimed(source) ? timeDefinitions(source) : []),
      ...measureDefinitions(source),
      ...(isTimed(source) ? [coverageDefinition(source)] : []),
      roundingDefinition,
    ]),
    ...markdownBlocks(textOf(source, 'definitions')),
  ],
});

function periodDefinition({ agreement: { period, timeZone } }: Source): Definition {
  const text = period.startsWith('rolling')
    ? `The last ${periodNoun(period)} up to the present, by the clock of ${timeZone}.`
    : `A calendar ${period} by the clock of ${timeZone}, at its real length where the clocks change.`;
  return define('Period', text);
}

function timeDefinitions(source: Source): Definition[] {
  const { counting } = source.agreement;
  return [
    define('Agreed time', 'The service hours of a period while this agreement is in force.'),
    define('Eligible time', `Agreed time less ${listWords(exclusions(source))}.`),
    define('Down', downWords(source)),
    define(
      'Degraded',
      `Usable, but impaired: slower than its limit, or with a supporting part failing. It counts as ${counting.degraded}.`,
    ),
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
    'Automatic probes check each service at fixed intervals. It is down from the first failed check of a confirmed outage until the good check that ends it.',
    ...(forgiven > 0 ? [`Bad time that lasts less than ${lengthWords(forgiven)} as a whole is forgiven.`] : []),
  ].join(' ');
}

const unknownWords = {
  excluded: 'Time of which no measurement is known. It is neither good nor bad, and lowers the coverage.',
  good: 'Time of which no measurement is known. It counts as good, and lowers the coverage.',
  bad: 'Time of which no measurement is known. It counts as bad, and lowers the coverage.',
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
    `The share of eligible time of which the state is known; it stands beside every figure. Below ${counting.minimumCoverage} % a figure is unproven, and consequences wait.`,
  );
}

const roundingDefinition = define(
  'Rounding',
  'Figures are computed exactly and compared with their targets unrounded. In print, what was attained and the coverage are rounded down.',
);
