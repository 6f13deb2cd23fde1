/** What a frozen report puts into the ledger: pure. */
import type { AgreementTerms } from '../agreements/agreements.service.ts';
import { titleOfKey } from '../contract/objective-words.ts';
import { periodTitle } from '../contract/period-title.ts';
import { resultTitle } from '../contract/report-words.ts';
import type { ReportConsequences, ReportContent } from '../contract/reports.ts';
import { amountOf } from '../domain/consequences.ts';
import type { LedgerOutcome } from '../domain/ledger.ts';
import { centsOf } from '../domain/money.ts';
import { ratioOfPercent } from '../domain/ratio.ts';

/** An entry as the report has it, before it is anybody's. */
export interface ReportEntry extends LedgerOutcome {
  readonly kind: 'credit' | 'action';
  readonly objective: string;
  readonly objectiveTitle: string;
  readonly version: number;
  /** Of an action: what is to be done. */
  readonly what: string;
  readonly below: string | null;
  /** What the credits of the year come to at most; null: any. */
  readonly yearCap: bigint | null;
  readonly costFrom: string | null;
  readonly costTo: string | null;
}

type Credit = ReportConsequences['credits'][number];
type Action = ReportConsequences['actions'][number];

/** Credits that are more than nothing, of what is signed; and every action. */
export function reportEntries(content: ReportContent, agreement: AgreementTerms): ReportEntry[] {
  const titles = new Map(
    content.parts.flatMap(({ objectives }) => objectives.map(({ result }) => [result.key, resultTitle(result)])),
  );
  const signed = new Set(content.parts.filter(({ basis }) => basis === 'signed').map(({ version }) => version));
  const titleOf = (key: string): string => titles.get(key) ?? titleOfKey(key);
  const capOf = yearCapOf(agreement, content.parts.at(-1)?.version);
  const credits = content.consequences.credits
    .filter(({ version, amount }) => signed.has(version) && centsOf(amount) > 0n)
    .map((credit) => ({
      ...creditEntry(credit, agreement),
      ...{ objectiveTitle: titleOf(credit.objective), yearCap: capOf(credit.currency) },
    }));
  const taken = new Map<string, number>();
  const actions = content.consequences.actions.map((action) => {
    const place = `action ${action.objective} ${action.version} ${action.action}`;
    const count = (taken.get(place) ?? 0) + 1;
    taken.set(place, count);
    const own = count === 1 ? place : `${place} ${count}`;
    return { ...actionEntry(action, own), objectiveTitle: titleOf(action.objective) };
  });
  return [...credits, ...actions];
}

function creditEntry(
  { objective, version, below, percent, amount, currency, state, why }: Credit,
  agreement: AgreementTerms,
): Omit<ReportEntry, 'objectiveTitle' | 'yearCap'> {
  const centres = termsOf(agreement, version)?.consequences.costCentres ?? null;
  return {
    ...{ kind: 'credit', place: `credit ${objective} ${version}`, objective, version, what: '', why, below, percent },
    ...{ isWaiting: state === 'waiting', amount: centsOf(amount), currency },
    ...{ costFrom: centres?.from ?? null, costTo: centres?.to ?? null },
  };
}

const actionEntry = (
  { objective, version, action, state, why }: Action,
  place: string,
): Omit<ReportEntry, 'objectiveTitle'> => ({
  ...{ kind: 'action', place, objective, version, what: action, why, isWaiting: state === 'waiting' },
  ...{ amount: null, currency: null, percent: null, below: null, yearCap: null, costFrom: null, costTo: null },
});

const termsOf = ({ versions }: AgreementTerms, version: number | undefined) =>
  versions.find(({ number }) => number === version)?.terms;

/** The caps of the terms that held last in a period are those of the whole, in the currency of those. */
function yearCapOf(agreement: AgreementTerms, version: number | undefined): (currency: string) => bigint | null {
  const { base, cap } = termsOf(agreement, version)?.consequences ?? {};
  if (!base || cap?.year == null) return () => null;
  const most = amountOf(centsOf(base.amount), ratioOfPercent(cap.year));
  return (currency) => (currency === base.currency ? most : null);
}

/** Nothing is owed any more in the place of an entry for which something was booked. */
export const bookedBack = (before: Omit<ReportEntry, 'amount'>, period: string): ReportEntry => ({
  ...before,
  ...{ isWaiting: false, amount: 0n },
  why: `By the report of ${periodTitle(period)} as it was revised, nothing is owed`,
});
