import { Injectable } from '@nestjs/common';
import { SteadyClock } from '../../probes/support/clock.ts';
import { reasonOf, reasons } from '../../probes/contract.ts';
import { ServicesService } from '../catalog/services.service.ts';
import type { Page } from '../contract/catalog.ts';
import type { Latency, ObservationView, SeriesStatus, ServiceDetail, Timeline } from '../contract/probing.ts';
import { groupBy } from '../domain/grouping.ts';
import { isSuspect } from '../domain/series-status.ts';
import { slotAtOrAfter } from '../domain/slots.ts';
import { clip } from '../domain/timeline.ts';
import { invalidField } from '../platform/problem.ts';
import { latencyPoints, stepWidthMs } from './latency-points.ts';
import type { SeriesRef } from './measurements.repository.ts';
import { lastView, observationView } from './observation-view.ts';
import type { DetailRow } from './observation-details.ts';
import { ObservationsRepository } from './observations.repository.ts';
import { RollupsRepository } from './rollups.repository.ts';
import { SeriesDirectory } from './series-directory.ts';
import { SeriesStatusRepository, type SeriesStatusRow } from './series-status.repository.ts';
import { SubjectsService } from './subjects.service.ts';
import { TimelinesRepository } from './timelines.repository.ts';

interface Span {
  fromMs: number;
  toMs: number;
}

/** What was measured, for people and programs to read. */
@Injectable()
export class MeasurementsService {
  constructor(
    readonly subjects: SubjectsService,
    readonly services: ServicesService,
    readonly statuses: SeriesStatusRepository,
    readonly observations: ObservationsRepository,
    readonly rollups: RollupsRepository,
    readonly timelines: TimelinesRepository,
    readonly directory: SeriesDirectory,
    readonly clock: SteadyClock,
  ) {}

  /** A service with its probes and what each saw last at each location. */
  async detail(key: string): Promise<Omit<ServiceDetail, 'now'>> {
    const service = await this.services.get(key);
    const refs = await this.subjects.seriesOfService(key);
    const rows = await this.statuses.of(refs.map(({ series }) => series));
    const lastSlots = [...rows.values()].flatMap(({ series, status }) =>
      status ? [{ series, slotMs: status.lastSlotMs }] : [],
    );
    const details = groupBy(await this.observations.detailsOfSlots(lastSlots), ({ series }) => series);
    const byProbe = groupBy(refs, ({ probe }) => probe);
    const probes = service.probes.map((probe) => {
      const isHere = ({ location }: SeriesRef) => location === null || probe.locations.includes(location);
      const its = (byProbe.get(probe.key) ?? []).filter(isHere);
      return {
        probe,
        series: its.map((ref) => this.#seriesView(ref, rows.get(ref.series), details.get(ref.series)?.at(-1))),
      };
    });
    return { service, probes };
  }

  #seriesView(
    { series, location }: SeriesRef,
    row: SeriesStatusRow | undefined,
    detail: DetailRow | undefined,
  ): SeriesStatus {
    const { status, last } = row ?? { status: null, last: null };
    const owed = this.directory.get(series);
    const nextMs = owed?.spec ? slotAtOrAfter(this.clock.now(), owed) : null;
    return {
      location,
      state: status?.label ?? 'unknown',
      suspect: status !== null && isSuspect(status),
      nextSlot: nextMs === null ? null : new Date(nextMs).toISOString(),
      last: status && last ? lastView(location, status, last, detail) : null,
    };
  }

  /** The timeline of a service, open ends cut at the present. */
  async timeline(key: string, { fromMs, toMs }: Span): Promise<Timeline> {
    const untilMs = Math.min(toMs, Math.floor(this.clock.now()));
    const serviceId = await this.subjects.serviceId(key);
    const stored = (await this.timelines.effective([serviceId], fromMs, untilMs)).get(serviceId)!;
    return {
      intervals: clip(stored, fromMs, untilMs).map(({ state, fromMs: from, toMs: to, reason }) => ({
        state,
        from: new Date(from).toISOString(),
        to: new Date(to).toISOString(),
        reason: state === 'up' || state === 'unmonitored' ? null : reasons[reasonOf(reason)].text,
      })),
    };
  }

  /** Counts and percentiles of a probe in steps: over all its locations, or at one. */
  async latency(
    probeKey: string,
    span: Span,
    { step, location }: { step?: number | undefined; location?: string | undefined } = {},
  ): Promise<Latency> {
    const all = await this.subjects.seriesOfProbe(probeKey);
    const refs = location === undefined ? all : all.filter((ref) => ref.location === location);
    if (location !== undefined && refs.length === 0) throw invalidField('location', 'is none where the probe ever ran');
    const widthMs = stepWidthMs(span, step);
    const points = await latencyPoints(
      this.rollups,
      refs.map(({ series }) => series),
      span,
      widthMs,
    );
    return { stepMs: widthMs, points };
  }

  /** Observations of a probe at all its locations, newest first, re-checks among them; the cursor is an instant. */
  async observationsOf(
    probeKey: string,
    { fromMs, toMs }: Span,
    limit: number,
    cursor?: string,
  ): Promise<Page<ObservationView>> {
    const refs = await this.subjects.seriesOfProbe(probeKey);
    const beforeMs = cursor === undefined ? toMs : Math.min(toMs, cursorMs(cursor));
    const all = await Promise.all(refs.map((ref) => this.#newest(ref, fromMs, beforeMs, limit)));
    const sorted = all.flat().sort((a, b) => b.slot.localeCompare(a.slot) || b.attempt - a.attempt);
    // A page ends between two slots, so that the next one begins with a whole slot.
    const last = sorted[limit - 1];
    const items = last ? sorted.filter(({ slot }) => slot >= last.slot) : sorted;
    return { items, next: last ? String(Date.parse(last.slot)) : null };
  }

  async #newest(ref: SeriesRef, fromMs: number, toMs: number, limit: number): Promise<ObservationView[]> {
    const own = await this.observations.newest(ref.series, fromMs, toMs, limit);
    const details = await this.observations.detailsBetween(ref.series, own.at(-1)?.slotMs ?? fromMs, toMs);
    const byAttempt = groupBy(details, ({ slotMs, attempt }) => `${slotMs}/${attempt}`);
    const again = details.filter(({ attempt }) => attempt > 0);
    return [
      ...own.map((each) =>
        observationView(ref.location, { ...each, attempt: 0 }, byAttempt.get(`${each.slotMs}/0`)?.[0]),
      ),
      ...again.map((each) => observationView(ref.location, each, each)),
    ];
  }
}

function cursorMs(cursor: string): number {
  const ms = Number(cursor);
  if (!Number.isSafeInteger(ms)) throw invalidField('cursor', 'is not one of this list');
  return ms;
}
