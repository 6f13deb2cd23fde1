import { Injectable } from '@nestjs/common';
import { SteadyClock } from '../../probes/support/clock.ts';
import { AgreementsService, currentTerms, versionAt, type AgreementTerms } from '../agreements/agreements.service.ts';
import { CatalogService } from '../catalog/catalog.service.ts';
import { SearchService } from '../catalog/search.service.ts';
import type { AgreementInput, ObjectiveOf } from '../contract/agreements.ts';
import type { MetricUse, UsedMetric, UsedMetrics } from '../contract/metrics.ts';
import { objectiveTitle, targetWords } from '../contract/objective-words.ts';
import { periodTitle } from '../contract/period-title.ts';
import { groupBy } from '../domain/grouping.ts';
import { spanOfDays } from '../domain/local-time.ts';
import { periodAt, previousPeriod, type Period } from '../domain/period.ts';
import type { CalendarPeriod, PeriodKind } from '../domain/period-kind.ts';
import { searchableMetrics } from './metric-values.repository.ts';
import { MetricValuesService } from './metric-values.service.ts';

/** The running period and so many before it. */
const periodsBefore = 5;

/** A period of an objective that reads a metric. */
interface AskedPeriod extends Period {
  key: string;
  atMs: number;
  isRunning: boolean;
}

/** A use, whose periods are not looked at yet. */
interface FoundUse {
  metric: string;
  use: Omit<MetricUse, 'periods'>;
  periods: AskedPeriod[];
}

/** Which objectives read which metrics, who owes the values, and which there are. */
@Injectable()
export class MetricUsesService {
  constructor(
    readonly agreements: AgreementsService,
    readonly catalog: CatalogService,
    readonly metrics: MetricValuesService,
    readonly clock: SteadyClock,
    search: SearchService,
  ) {
    search.include(searchableMetrics);
  }

  /** Those that objectives read first, each in order of key. */
  async list(): Promise<UsedMetrics> {
    const nowMs = Math.floor(this.clock.now());
    const { teams } = await this.catalog.state([]);
    const found = (await this.agreements.terms()).flatMap((agreement) =>
      usesOf(agreement, nowMs, (key) => teams.get(key)?.name ?? key),
    );
    const told = await this.metrics.spans(found.flatMap(({ periods }) => periods));
    const uses = groupBy(withValues(found, told), ({ metric }) => metric);
    const stored = new Map((await this.metrics.all()).map((metric) => [metric.key, metric]));
    const keys = [...new Set([...uses.keys(), ...stored.keys()])].sort();
    const items = keys.map((key): UsedMetric => {
      const { count = 0, last = null } = stored.get(key) ?? {};
      return { key, count, last, uses: (uses.get(key) ?? []).map(({ use }) => use) };
    });
    return { items: items.sort((a, b) => Number(b.uses.length > 0) - Number(a.uses.length > 0)) };
  }
}

function withValues(found: readonly FoundUse[], told: readonly { count: number; value: string | null }[]) {
  let next = 0;
  return found.map(({ metric, use, periods }): { metric: string; use: MetricUse } => ({
    metric,
    use: {
      ...use,
      periods: periods.map(({ label, isRunning, atMs }) => ({
        ...{ label, title: periodTitle(label), isRunning, at: new Date(atMs).toISOString() },
        ...told[next++]!,
      })),
    },
  }));
}

/** What an agreement reads at present, or will; nothing of one that is over. */
function usesOf(agreement: AgreementTerms, nowMs: number, nameOf: (team: string) => string): FoundUse[] {
  const version = versionAt(agreement, nowMs);
  const last = agreement.versions.at(-1);
  if (!version && last && last.effective.to !== null && spanOf(last.terms, last.effective).toMs <= nowMs) return [];
  const terms = version?.terms ?? currentTerms(agreement);
  const effective = spanOf(terms, version?.effective ?? terms.effective);
  return Object.entries(terms.objectives).flatMap(([key, objective]): FoundUse[] => {
    if (objective.type !== 'metric') return [];
    const periods = periodsOf(terms, objective, effective, nowMs);
    const use = {
      agreement: { key: agreement.key, title: terms.title },
      objective: { key, title: objectiveTitle(key, objective) },
      provider: { key: terms.provider, name: nameOf(terms.provider) },
      ...{ promise: targetWords(objective, terms.period), unit: objective.unit },
    };
    return [{ metric: objective.metric, use, periods }];
  });
}

const spanOf = ({ timeZone }: AgreementInput, { from, to }: { from: string; to?: string | null | undefined }) =>
  spanOfDays(from, to ?? null, timeZone);

/** The newest first, as far as the agreement holds; one value of a whole period is kept under its first instant that counts. */
function periodsOf(
  { period: kind, timeZone }: AgreementInput,
  { metric }: ObjectiveOf<'metric'>,
  effective: { fromMs: number; toMs: number },
  nowMs: number,
): AskedPeriod[] {
  if (!isCalendarPeriod(kind)) return [];
  const periods: AskedPeriod[] = [];
  let period = periodAt(kind, timeZone, nowMs);
  for (let back = 0; back <= periodsBefore; back += 1, period = previousPeriod(kind, timeZone, period)) {
    const atMs = Math.max(period.fromMs, effective.fromMs);
    if (atMs < Math.min(period.toMs, effective.toMs) && atMs <= nowMs)
      periods.push({ ...period, key: metric, atMs, isRunning: back === 0 });
  }
  return periods;
}

const isCalendarPeriod = (kind: PeriodKind): kind is CalendarPeriod => !kind.startsWith('rolling');
