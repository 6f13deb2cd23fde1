/** What follows from a closed period by the terms of the agreement: proposed here, decided by the parties. */
import type { AgreementInput } from '../contract/agreements.ts';
import type { ObjectiveResult } from '../contract/compliance.ts';
import type { ReportConsequences, ReportTrend } from '../contract/reports.ts';
import { amountOf, capped, proportional, tierOf } from '../domain/consequences.ts';
import { amountText, centsOf } from '../domain/money.ts';
import { compareRatios, ratioOf, ratioOfPercent, type Ratio } from '../domain/ratio.ts';

/** What one version came to, and for how much of the period it held. */
export interface ConsequencePart {
  readonly version: number;
  readonly terms: Pick<AgreementInput, 'consequences'>;
  /** Credits need two signatures; actions do not. */
  readonly isSigned: boolean;
  /** Of the agreed time of the period; any unit that all parts share. */
  readonly weight: number;
  readonly results: readonly Pick<ObjectiveResult, 'key' | 'verdict' | 'unproven' | 'disputed' | 'attained'>[];
}

export interface ConsequenceAsk {
  /** In order of time; the caps of the last hold. */
  readonly parts: readonly ConsequencePart[];
  /** Of the periods before and of this one, this one the last. */
  readonly trend: readonly ReportTrend[];
  /** Credits of the same year so far, in the smallest unit of the currency. */
  readonly givenThisYear: bigint;
}

type Credit = ReportConsequences['credits'][number];
type Action = ReportConsequences['actions'][number];

export function proposedConsequences({ parts, trend, givenThisYear }: ConsequenceAsk): ReportConsequences {
  const whole = parts.reduce((sum, { weight }) => sum + weight, 0);
  const earned = parts.flatMap((part) => creditsOf(part, whole));
  return {
    credits: afterCaps(earned, parts.at(-1), givenThisYear).map(({ cents, ...credit }) => ({
      ...credit,
      amount: amountText(cents),
    })),
    actions: parts.flatMap((part) => actionsOf(part, trend)),
  };
}

type Earned = Omit<Credit, 'amount'> & { cents: bigint };

function creditsOf({ version, terms, isSigned, weight, results }: ConsequencePart, whole: number): Earned[] {
  const { base, credits } = terms.consequences;
  if (!base) return [];
  return results.flatMap((result): Earned[] => {
    const { key, attained } = result;
    if (!attained) return [];
    const own = credits.filter(({ objective }) => objective === key);
    const tiers = own.map(({ below, percent }) => ({ below: ratioOfPercent(below), share: ratioOfPercent(percent) }));
    const tier = tierOf(tiers, exact(attained));
    if (!tier) return [];
    const { below, percent } = own[tiers.indexOf(tier)]!;
    const waitsFor = isSigned ? openQuestion(result) : 'The agreement is not signed: credits wait for signatures';
    const why = waitsFor ?? `${attained.text} is below ${below} %`;
    return [
      {
        ...{ objective: key, version, below, percent, currency: base.currency, why },
        cents: proportional(amountOf(centsOf(base.amount), tier.share), weight, whole),
        state: waitsFor === null ? 'proposed' : 'waiting',
      },
    ];
  });
}

/** What waits takes nothing from the caps. */
function afterCaps(earned: readonly Earned[], last: ConsequencePart | undefined, givenThisYear: bigint): Earned[] {
  const { base, cap } = last?.terms.consequences ?? {};
  if (!base || !cap) return [...earned];
  const share = (percent: string | null | undefined): Ratio | null =>
    percent == null ? null : ratioOfPercent(percent);
  const isCounted = ({ state, currency }: Earned): boolean => state === 'proposed' && currency === base.currency;
  const given = capped(
    earned.filter(isCounted).map(({ cents }) => cents),
    centsOf(base.amount),
    { period: share(cap.period), year: share(cap.year) },
    givenThisYear,
  );
  return earned.map((credit) => {
    if (!isCounted(credit)) return credit;
    const cents = given.shift()!;
    return cents === credit.cents ? credit : { ...credit, cents, why: `${credit.why}; less what is above the cap` };
  });
}

function actionsOf({ version, terms, results }: ConsequencePart, trend: readonly ReportTrend[]): Action[] {
  const byKey = new Map(results.map((result) => [result.key, result]));
  return terms.consequences.actions.flatMap(({ objective, below, repeated, action }): Action[] => {
    const result = byKey.get(objective);
    if (result?.verdict !== 'missed') return [];
    if (below != null && !(result.attained && compareRatios(exact(result.attained), ratioOfPercent(below)) < 0))
      return [];
    const misses = repeated ? missesOf(objective, trend.slice(-repeated.of)) : 0;
    if (repeated && misses < repeated.misses) return [];
    const why = repeated
      ? `Missed in ${misses} of the last ${repeated.of} periods`
      : below == null
        ? 'Missed'
        : `${result.attained!.text} is below ${below} %`;
    const waitsFor = openQuestion(result);
    return [{ objective, version, action, state: waitsFor === null ? 'proposed' : 'waiting', why: waitsFor ?? why }];
  });
}

/** What has to be settled before anything follows from a figure; null when nothing is open. */
function openQuestion({ unproven, disputed }: ConsequencePart['results'][number]): string | null {
  if (unproven) return 'Too little of the time is known';
  return disputed ? 'A correction is proposed that nobody has answered yet' : null;
}

const missesOf = (key: string, trend: readonly ReportTrend[]): number =>
  trend.filter(({ objectives }) => objectives.some((one) => one.key === key && one.verdict === 'missed')).length;

const exact = ({ numerator, denominator }: NonNullable<ObjectiveResult['attained']>): Ratio =>
  ratioOf(numerator, denominator);
