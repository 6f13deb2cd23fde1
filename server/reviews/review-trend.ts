/** How promises fared from period to period, out of frozen reports: pure. */
import { resultTitle } from '../contract/report-words.ts';
import type { ReportContent } from '../contract/reports.ts';
import type { ReviewTrend } from '../contract/reviews.ts';
import type { PeriodTargets } from '../reports/reports.service.ts';

/** Each promise of the period with its marks in the periods up to it, each against the target that held then. */
export function reviewTrend(
  { parts, trend }: Pick<ReportContent, 'parts' | 'trend'>,
  targets: PeriodTargets,
): ReviewTrend[] {
  const results = new Map(parts.flatMap(({ objectives }) => objectives.map(({ result }) => [result.key, result])));
  return [...results.values()].map((result) => ({
    key: result.key,
    title: resultTitle(result),
    target: result.target,
    points: trend.map(({ period, objectives }) => {
      const mark = objectives.find(({ key }) => key === result.key);
      const attained = mark?.attained ?? null;
      const target = targets.get(period)?.[result.key] ?? null;
      return { period, verdict: mark?.verdict ?? null, attained, percent: percentOf(attained), target };
    }),
  }));
}

/** Of `99.86 %`, and of nothing else. */
function percentOf(attained: string | null): number | null {
  const [, digits] = /^(\d{1,3}(?:\.\d+)?) %$/.exec(attained ?? '') ?? [];
  return digits === undefined ? null : Number(digits);
}
