import { Injectable } from '@nestjs/common';
import { hourMs } from '../domain/durations.ts';
import { groupBy } from '../domain/grouping.ts';
import type { ObservationCounts } from '../domain/observation-objective.ts';
import type { StoredObservation } from '../domain/packed-hour.ts';
import { slotsBetween } from '../domain/slots.ts';
import { unionOf, within as inside, type Span, type Spans } from '../domain/spans.ts';
import { coverOf } from '../domain/whole-hours.ts';
import { Database } from '../platform/database.ts';
import { HourCountsRepository, type HoursAsk, type HoursWithin, type HourTotals } from './hour-counts.repository.ts';
import { MeasurementsRepository } from './measurements.repository.ts';
import { ObservationRangesRepository } from './observation-ranges.repository.ts';
import { PlanningRepository } from './planning.repository.ts';

/** What is to be counted: each span by itself, over all of the series together. */
export interface CountsAsk {
  readonly series: readonly number[];
  readonly spans: Spans;
  /** Latencies to count up to, whole milliseconds. */
  readonly thresholdsMs: readonly number[];
}

/** One span of an ask. */
interface Part extends HoursAsk {
  readonly rest: readonly Span[];
}

/** Exact counts of observations by slot, in any spans: whole hours from their buckets, the rest one by one. */
@Injectable()
export class ObservationCountsService {
  constructor(
    readonly database: Database,
    readonly hours: HourCountsRepository,
    readonly ranges: ObservationRangesRepository,
    readonly measurements: MeasurementsRepository,
    readonly planning: PlanningRepository,
  ) {}

  /** Series of services, also of probes that are gone: what they saw still counts. */
  async seriesOf(serviceIds: readonly number[]): Promise<Map<number, number[]>> {
    const rows = await this.measurements.seriesOfServices(serviceIds);
    const found = groupBy(rows, ({ serviceId }) => serviceId);
    return new Map(serviceIds.map((id) => [id, (found.get(id) ?? []).map(({ series }) => series)]));
  }

  /** Of each ask the counts of its spans: a handful of statements, however many there are. */
  async counts(asks: readonly CountsAsk[]): Promise<ObservationCounts[][]> {
    const edges = asks.flatMap(({ spans }) => spans.flatMap(({ fromMs, toMs }) => [fromMs, toMs]));
    if (edges.length === 0) return asks.map(() => []);
    const [leastMs, greatestMs] = edges.reduce(([least, most], at) => [Math.min(least, at), Math.max(most, at)], [
      Infinity,
      -Infinity,
    ] as [number, number]);
    return this.database.transaction(async () => {
      // Before the buckets: one that is clean now may only become better meanwhile.
      const dirty = await this.hours.dirtyHours(leastMs, greatestMs);
      const parts = asks.flatMap(({ spans, ...ask }) =>
        spans.map((span): Part => ({ ...ask, ...coverOf(span, dirty) })),
      );
      const counted = await this.#count(parts);
      let next = 0;
      return asks.map(({ spans }) => counted.slice(next, (next += spans.length)));
    });
  }

  async #count(parts: readonly Part[]): Promise<ObservationCounts[]> {
    const totals = await this.hours.totals(parts);
    const told = await this.hours.within(parts);
    const seen = new Observations(await this.ranges.within(rangesOf(parts, told)));
    return parts.map((part, index) => countOf(part, totals[index]!, told[index]!, seen));
  }

  /**
   * How many slots the plans of services owe in spans, past or to come, all probes and locations together; null for a
   * service that waits for pushes, which have no slots.
   */
  async owed(asks: readonly { serviceId: number; spans: Spans }[]): Promise<(number | null)[]> {
    const firstMs = asks.reduce((least, { spans }) => Math.min(least, spans[0]?.fromMs ?? Infinity), Infinity);
    if (firstMs === Infinity) return asks.map(() => 0);
    const plans = await this.planning.plansSince([...new Set(asks.map(({ serviceId }) => serviceId))], firstMs);
    return asks.map(({ serviceId, spans }) => {
      let owed = 0;
      for (const { fromMs, toMs, parts } of plans.get(serviceId)!) {
        const held = inside(spans, fromMs, toMs ?? Infinity);
        if (held.length > 0 && parts.some(({ push }) => push)) return null;
        for (const { series, ...schedule } of parts)
          for (const span of held) owed += series.length * slotsBetween(span.fromMs, span.toMs, schedule);
      }
      return owed;
    });
  }

  /** Instants of the good observations of a series in [fromMs, toMs), rising: the beats of a heartbeat. */
  async goodSlotsMs(series: number, fromMs: number, toMs: number): Promise<number[]> {
    const ranges = new Map([[series, fromMs < toMs ? [{ fromMs, toMs }] : []]]);
    const found = await this.database.transaction(() => this.ranges.within(ranges));
    return (found.get(series) ?? []).filter(isSuccessful).map(({ slotMs }) => slotMs);
  }
}

/** What has to be read one by one: the rest of each part, and its hours that leave a doubt. */
function rangesOf(parts: readonly Part[], told: readonly (readonly HoursWithin[])[]): Map<number, Span[]> {
  const spans = new Map<number, Span[]>();
  const add = (series: number, span: Span) => {
    const known = spans.get(series);
    if (known) known.push(span);
    else spans.set(series, [span]);
  };
  for (const [index, { series, rest }] of parts.entries()) {
    for (const id of series) for (const span of rest) add(id, span);
    for (const { doubtful } of told[index]!)
      for (const hour of doubtful) add(hour.series, { fromMs: hour.fromMs, toMs: hour.fromMs + hourMs });
  }
  return new Map([...spans].map(([series, its]) => [series, unionOf(its)]));
}

function countOf(
  { series, rest, thresholdsMs }: Part,
  totals: HourTotals,
  told: readonly HoursWithin[],
  seen: Observations,
): ObservationCounts {
  const singles = series.flatMap((id) => rest.flatMap((span) => seen.of(id, span)));
  const count = (verdict: StoredObservation['verdict']) => singles.filter((each) => each.verdict === verdict).length;
  const timed = singles.filter(isTimed);
  const within = thresholdsMs.map((thresholdMs, place) => {
    const { within: known, doubtful } = told[place]!;
    const hours = doubtful.flatMap(({ series: id, fromMs }) => seen.of(id, { fromMs, toMs: fromMs + hourMs }));
    return known + [...timed, ...hours.filter(isTimed)].filter((each) => each.latencyUs! <= thresholdMs * 1_000).length;
  });
  return {
    up: totals.up + count('up'),
    degraded: totals.degraded + count('degraded'),
    down: totals.down + count('down'),
    unknown: totals.unknown + count('unknown'),
    timed: totals.timed + timed.length,
    within,
  };
}

const isSuccessful = ({ verdict }: StoredObservation): boolean => verdict === 'up' || verdict === 'degraded';
const isTimed = (observation: StoredObservation): boolean =>
  observation.latencyUs !== null && isSuccessful(observation);

/** Observations by series in order of time. */
class Observations {
  readonly #bySeries: ReadonlyMap<number, readonly StoredObservation[]>;
  constructor(bySeries: ReadonlyMap<number, readonly StoredObservation[]>) {
    this.#bySeries = bySeries;
  }

  of(series: number, { fromMs, toMs }: Span): readonly StoredObservation[] {
    const all = this.#bySeries.get(series) ?? [];
    return all.slice(firstAtOrAfter(all, fromMs), firstAtOrAfter(all, toMs));
  }
}

function firstAtOrAfter(observations: readonly StoredObservation[], atMs: number): number {
  let [low, high] = [0, observations.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (observations[middle]!.slotMs >= atMs) high = middle;
    else low = middle + 1;
  }
  return low;
}
