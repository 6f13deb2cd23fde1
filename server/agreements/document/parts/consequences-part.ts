/** What it costs, what follows from a missed objective, and who decides. */
import type { DocumentBlock, DocumentCell } from '../../../contract/agreement-document.ts';
import { objectiveTitle, perPeriod } from '../../../contract/objective-words.ts';
import { amountOf } from '../../../domain/consequences.ts';
import { ratioOfPercent } from '../../../domain/ratio.ts';
import { cell, heading, line, paragraph, table, type PartDraft } from '../blocks.ts';
import { teamName, textOf, type Source } from '../document-context.ts';
import { markdownBlocks } from '../markdown-blocks.ts';

export function consequencesPart(source: Source): PartDraft {
  const charges = markdownBlocks(textOf(source, 'charges'));
  const follows = [...actions(source), ...credits(source)];
  return {
    key: 'consequences',
    title: charges.length > 0 ? 'Charges, consequences and decisions' : 'Consequences and decisions',
    blocks: [
      ...charges,
      ...(follows.length > 0 && charges.length > 0 ? [heading('When an objective is missed')] : []),
      ...follows,
      ...decisions(source, follows.length > 0),
    ],
  };
}

const nameCell = ({ agreement }: Source, key: string): DocumentCell => {
  const objective = agreement.objectives[key];
  return [line(objective ? objectiveTitle(key, objective) : key, key)];
};

function actions(source: Source): DocumentBlock[] {
  return table(
    { Objective: 4, When: 4, Action: 8 },
    source.agreement.consequences.actions.map(({ objective, below, repeated, action }) => {
      const missed = below == null ? 'missed' : `attained below ${below} %`;
      const again = repeated ? ` in ${repeated.misses} of ${repeated.of} periods` : '';
      return [nameCell(source, objective), cell(missed + again), cell(action)];
    }),
  );
}

/** An amount such as `"10000.00"` in its smallest unit. */
function smallestUnits(amount: string): bigint {
  const [whole = '0', cents = ''] = amount.split('.');
  return BigInt(whole + cents.padEnd(2, '0'));
}

/** `1000050n` of `EUR` is `10 000.50 EUR`. */
function amountWords(units: bigint, currency: string): string {
  const digits = units.toString().padStart(3, '0');
  const whole = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, '\u00a0');
  return `${whole}.${digits.slice(-2)}\u00a0${currency}`;
}

function credits(source: Source): DocumentBlock[] {
  const { credits: tiers, base } = source.agreement.consequences;
  if (!base || tiers.length === 0) return [];
  if (source.context.status === 'declared') {
    return [
      paragraph(
        'Credits are agreed by signature alone: while this agreement is declared and not signed, none are given.',
      ),
    ];
  }
  const units = smallestUnits(base.amount);
  const rows = tiers.map(({ objective, below, percent }) => [
    nameCell(source, objective),
    cell(`attained below ${below} %`),
    cell(`${percent} %, ${amountWords(amountOf(units, ratioOfPercent(percent)), base.currency)}`),
  ]);
  return [
    ...table({ Objective: 4, When: 4, Credit: 8 }, rows),
    paragraph(creditWords(source, amountWords(units, base.currency))),
  ];
}

function creditWords({ agreement: { consequences, period } }: Source, base: string): string {
  const { cap, costCentres } = consequences;
  const caps = [
    ...(cap.period == null ? [] : [`${cap.period} % ${perPeriod(period)}`]),
    ...(cap.year == null ? [] : [`${cap.year} % a year`]),
  ];
  return [
    `Credits are shares of ${base} ${perPeriod(period)}. Of several tiers of an objective the lowest that was missed counts alone.`,
    ...(caps.length > 0 ? [`All credits together come to at most ${caps.join(' and ')}.`] : []),
    ...(costCentres ? [`They are transferred from cost centre ${costCentres.from} to ${costCentres.to}.`] : []),
  ].join(' ');
}

function decisions(source: Source, hasConsequences: boolean): DocumentBlock[] {
  const { arbiter } = source.agreement;
  const decides = arbiter ? teamName(source, arbiter) : null;
  const accepted =
    'The provider accepts what follows; only the customer may waive it, with a reason. Consequences wait while a figure is unproven or disputed.';
  const corrected = `Either party may propose to correct a figure, with a reason; the other approves or rejects it${
    decides ? '. What is not answered within ten working days goes to the arbiter' : ''
  }.`;
  const disagreed = decides ? `Where the parties disagree, ${decides} decides as arbiter.` : 'No arbiter is named.';
  return [paragraph([...(hasConsequences ? [accepted] : []), corrected, disagreed].join(' '))];
}
