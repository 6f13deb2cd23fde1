import { Injectable } from '@nestjs/common';
import { SteadyClock } from '../../probes/support/clock.ts';
import { reasonOf, reasons } from '../../probes/contract.ts';
import type { Page } from '../contract/catalog.ts';
import type { LocationFigures, Outage, ProbeLocations, ServiceDays } from '../contract/probing.ts';
import { dayFigures, localDays, stateLengths, uptimeOf, type StateLengths } from '../domain/day-figures.ts';
import { groupBy } from '../domain/grouping.ts';
import { ratioOf, ratioText, readablePercent } from '../domain/ratio.ts';
import type { ServiceState } from '../domain/service-state.ts';
import { clip, type Interval } from '../domain/timeline.ts';
import { invalidField } from '../platform/problem.ts';
import { bucketsOf, percentiles, runCounts, stepWidthMs } from './latency-points.ts';
import type { SeriesRef } from './measurements.repository.ts';
import type { DetailRow } from './observation-details.ts';
import { observationView } from './observation-view.ts';
import { OutagesRepository } from './outages.repository.ts';
import { PlanningRepository, type StoredPlan } from './planning.repository.ts';
import { RollupsRepository } from './rollups.repository.ts';
import { SubjectsService } from './subjects.service.ts';
import { seriesShelf, serviceShelf, TimelinesRepository } from './timelines.repository.ts';

interface Span {
  fromMs: number;
  toMs: number;
}

const iso = (atMs: number): string => new Date(atMs).toISOString();

/** What became of a service over time: its days, its outages, and how each location saw its probes. */
@Injectable()
export class HistoryService {
  constructor(
    readonly subjects: SubjectsService,
    readonly timelines: TimelinesRepository,
    readonly outageEnds: OutagesRepository,
    readonly planning: PlanningRepository,
    readonly rollups: RollupsRepository,
    readonly clock: SteadyClock,
  ) {}

  /** The days of a zone that a span touches, each whole, as far as they are over. */
  async days(key: string, { fromMs, toMs }: Span, zone: string): Promise<ServiceDays> {
    const serviceId = await this.subjects.serviceId(key);
    const nowMs = this.#nowMs();
    const days = localDays(fromMs, Math.min(toMs, nowMs), zone);
    const startMs = days[0]?.fromMs ?? fromMs;
    const endMs = Math.max(startMs, Math.min(days.at(-1)?.toMs ?? startMs, nowMs));
    const timeline = (await this.timelines.effective([serviceId], startMs, endMs)).get(serviceId)!;
    return {
      zone,
      days: dayFigures(timeline, days, nowMs).map(({ date, fromMs: from, toMs: to, outages, ...lengths }) => ({
        ...{ date, from: iso(from), to: iso(to), outages },
        ...withUptime(lengths),
      })),
      total: withUptime(stateLengths(timeline, startMs, endMs)),
    };
  }

  /** Outages that touch a span, newest first; the cursor is the instant at which the last one began. */
  async outages(key: string, { fromMs, toMs }: Span, limit: number, cursor?: string): Promise<Page<Outage>> {
    const serviceId = await this.subjects.serviceId(key);
    const beforeMs = cursor === undefined ? Number.MAX_SAFE_INTEGER : cursorMs(cursor);
    const span = { fromMs, toMs, beforeMs };
    const found = await this.timelines.newestOf(serviceShelf, serviceId, 'down', span, limit + 1);
    const page = found.slice(0, limit);
    const next = found.length > limit ? String(page.at(-1)!.fromMs) : null;
    const refs = await this.subjects.seriesOfService(key, 'deleted too');
    return { items: await this.#withFailures(serviceId, page, refs), next };
  }

  async #withFailures(
    serviceId: number,
    outages: readonly Interval<ServiceState>[],
    refs: readonly SeriesRef[],
  ): Promise<Outage[]> {
    const nowMs = this.#nowMs();
    const earliestMs = outages.at(-1)?.fromMs ?? nowMs;
    const plans = (await this.planning.plansSince([serviceId], earliestMs)).get(serviceId)!;
    const bySeries = new Map(refs.map((ref) => [ref.series, ref]));
    const searches = outages.map(({ fromMs, toMs }) => {
      const span = { fromMs, toMs: toMs ?? nowMs + 1 };
      return { ...span, series: decidingSeries(plans, span) };
    });
    const ends = await this.outageEnds.failures(searches);
    const failure = (row: DetailRow | null): Outage['first'] => {
      const ref = row && bySeries.get(row.series);
      return ref ? { probe: ref.probe, observation: observationView(ref.location, row, row) } : null;
    };
    return outages.map(({ fromMs, toMs, reason }, index) => ({
      from: iso(fromMs),
      to: toMs === null ? null : iso(toMs),
      durationMs: Math.max(0, (toMs ?? nowMs) - fromMs),
      reason: reasonOf(reason),
      reasonText: reasons[reasonOf(reason)].text,
      first: failure(ends[index]!.first),
      last: failure(ends[index]!.last),
    }));
  }

  /** How each location saw a probe over a span. */
  async locations(probeKey: string, { fromMs, toMs }: Span): Promise<ProbeLocations> {
    const refs = await this.subjects.seriesOfProbe(probeKey);
    const ids = refs.map(({ series }) => series);
    const span = { fromMs, toMs: Math.max(fromMs, Math.min(toMs, this.#nowMs())) };
    const timelines = await this.timelines.betweenAll(seriesShelf, ids, span.fromMs, span.toMs);
    const buckets = groupBy(
      await bucketsOf(this.rollups, ids, span, stepWidthMs({ fromMs, toMs }, undefined)),
      ({ series }) => series,
    );
    const figures = ({ series, location }: SeriesRef): LocationFigures => {
      const its = buckets.get(series) ?? [];
      const lengths = stateLengths(clip(timelines.get(series)!, span.fromMs, span.toMs), span.fromMs, span.toMs);
      return { location, ...withUptime(lengths), runs: runCounts(its), ...percentiles(its) };
    };
    return { locations: refs.map(figures) };
  }

  #nowMs(): number {
    return Math.floor(this.clock.now());
  }
}

function withUptime(lengths: StateLengths): StateLengths & Pick<LocationFigures, 'uptime'> {
  const uptime = uptimeOf(lengths);
  if (!uptime) return { ...lengths, uptime };
  const { numerator, denominator } = uptime;
  const exact = ratioOf(numerator, denominator);
  const texts = { ratio: ratioText(exact), text: readablePercent(exact) };
  return { ...lengths, uptime: { ...texts, numerator, denominator } };
}

/** Series of the probes that could take the service down at any time of a span, as it was made up then. */
function decidingSeries(plans: readonly StoredPlan[], { fromMs, toMs }: Span): number[] {
  const held = plans.filter((plan) => plan.fromMs < toMs && (plan.toMs === null || plan.toMs > fromMs));
  const critical = held.flatMap(({ parts }) => parts.filter(({ role }) => role === 'critical'));
  return [...new Set(critical.flatMap(({ series }) => series))];
}

function cursorMs(cursor: string): number {
  const ms = Number(cursor);
  if (!/^\d+$/.test(cursor) || !Number.isSafeInteger(ms)) throw invalidField('cursor', 'is not one of this list');
  return ms;
}
