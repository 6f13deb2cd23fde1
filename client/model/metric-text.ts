/** Metrics in words: what is owed of them, and by whom. */
import type { MetricPeriod, MetricUse, UsedMetric } from '../../server/contract/metrics.ts';

/** Periods that are over and have no value. */
export const missingPeriods = ({ periods }: Pick<MetricUse, 'periods'>): MetricPeriod[] =>
  periods.filter(({ isRunning, count }) => !isRunning && count === 0);

/** Who owes values that are missing, and of when; empty where nothing is. */
export function owedText({ uses }: Pick<UsedMetric, 'uses'>): string {
  const owed = uses.flatMap((use) => {
    const [newest, ...more] = missingPeriods(use);
    if (!newest) return [];
    return [`${use.provider.name} owes ${newest.title}${more.length > 0 ? ` and ${more.length} more` : ''}`];
  });
  return [...new Set(owed)].join('; ');
}

/** The teams that provide what the metric tells of. */
export const ownersText = ({ uses }: Pick<UsedMetric, 'uses'>): string =>
  [...new Set(uses.map(({ provider }) => provider.name))].join(', ');

/** The unit, where all who read it call it the same. */
export function unitOf({ uses }: Pick<UsedMetric, 'uses'>): string {
  const units = new Set(uses.map(({ unit }) => unit));
  return units.size === 1 ? [...units][0]! : '';
}

/** `118 leads`, or the number alone. */
export const amountText = (value: string, unit: string): string => (unit === '' ? value : `${value} ${unit}`);
