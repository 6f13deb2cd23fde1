/** What a closed period came to, in a few words. */
import type { ObjectiveResult } from '../contract/compliance.ts';
import { titleOfKey } from '../contract/objective-words.ts';
import { reachedWords } from '../contract/report-words.ts';
import type { ReportConsequences, ReportGist, ReportPart, ReportTrend, ReportVerdict } from '../contract/reports.ts';
import { amountText, centsOf } from '../domain/money.ts';

type Mark = ReportGist['objectives'][number];

/** Each promise once: where several versions held, how it stood under the last, and missed where any missed it. */
export function objectiveMarks(parts: readonly ReportPart[]): Mark[] {
  const marks = new Map<string, Mark>();
  for (const { result } of parts.flatMap(({ objectives }) => objectives)) {
    const before = marks.get(result.key);
    marks.set(result.key, {
      key: result.key,
      title: result.title === result.key ? titleOfKey(result.key) : result.title,
      verdict: worse(before?.verdict ?? 'no-data', closedVerdict(result.verdict)),
      attained: result.attained === null && result.reached === null ? null : reachedWords(result),
    });
  }
  return [...marks.values()];
}

/** A closed period has three. */
function closedVerdict(verdict: ReportPart['objectives'][number]['result']['verdict']): ReportVerdict {
  if (verdict === 'met' || verdict === 'missed' || verdict === 'no-data') return verdict;
  throw new Error(`the verdict "${verdict}" is none of a closed period`);
}

const rank: Readonly<Record<ReportVerdict, number>> = { 'no-data': 0, met: 1, missed: 2 };
const worse = (a: ReportVerdict, b: ReportVerdict): ReportVerdict => (rank[a] >= rank[b] ? a : b);

export const verdictOfAll = (marks: readonly Pick<Mark, 'verdict'>[]): ReportVerdict =>
  marks.reduce<ReportVerdict>((worst, { verdict }) => worse(worst, verdict), 'no-data');

export function reportGist(
  marks: readonly Mark[],
  parts: readonly ReportPart[],
  { credits }: ReportConsequences,
): ReportGist {
  const unproven = parts.some(({ objectives }) => objectives.some(({ result }) => isUnproven(result)));
  const proposed = credits.filter(({ state }) => state === 'proposed');
  const currency = proposed[0]?.currency;
  const cents = proposed
    .filter((credit) => credit.currency === currency)
    .reduce((sum, { amount }) => sum + centsOf(amount), 0n);
  return {
    verdict: verdictOfAll(marks),
    unproven,
    sentence: sentenceOf(marks, unproven),
    objectives: [...marks],
    credit: currency === undefined || cents === 0n ? null : { amount: amountText(cents), currency },
  };
}

/** Of what nothing is known at all, there is nothing to prove. */
const isUnproven = ({ unproven, verdict }: Pick<ObjectiveResult, 'unproven' | 'verdict'>): boolean =>
  unproven && verdict !== 'no-data';

export const trendOf = (period: string, { verdict, objectives }: ReportGist): ReportTrend => ({
  ...{ period, verdict, objectives },
});

function sentenceOf(marks: readonly Mark[], lacksProof: boolean): string {
  const missed = marks.filter(({ verdict }) => verdict === 'missed');
  const met = marks.filter(({ verdict }) => verdict === 'met');
  const proof = lacksProof ? ' Too little of the time is known to prove all of it.' : '';
  if (missed.length === 0 && met.length === 0)
    return 'Nothing was measured that could tell whether the promises were kept.';
  if (missed.length > 0) {
    const names = missed.slice(0, 3).map(({ title }) => title);
    const rest = missed.length > names.length ? ` and ${missed.length - names.length} more` : '';
    return `${missed.length} of ${promises(marks.length)} missed: ${names.join(', ')}${rest}.${proof}`;
  }
  const untold = marks.length - met.length;
  const kept =
    untold === 0
      ? marks.length === 1
        ? 'The promise was kept.'
        : `All ${marks.length} promises were kept.`
      : `${met.length} of ${promises(marks.length)} kept; of ${untold === 1 ? 'one' : untold} nothing was measured.`;
  return `${kept}${proof}`;
}

const promises = (count: number): string => (count === 1 ? '1 promise' : `${count} promises`);
