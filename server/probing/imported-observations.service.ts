import { Inject, Injectable } from '@nestjs/common';
import { SteadyClock } from '../../probes/support/clock.ts';
import { AuditService } from '../access/audit.service.ts';
import { dayMs, hourMs } from '../domain/durations.ts';
import { groupBy } from '../domain/grouping.ts';
import type { StoredObservation } from '../domain/packed-hour.ts';
import type { Span } from '../domain/spans.ts';
import { ENVIRONMENT, type Environment } from '../platform/config.ts';
import { Database } from '../platform/database.ts';
import { EventBus } from '../platform/events.ts';
import { ImportedTimelinesService } from './imported-timelines.service.ts';
import { ObservationRangesRepository } from './observation-ranges.repository.ts';
import { dayOf, ObservationsRepository } from './observations.repository.ts';
import { PackedHoursRepository } from './packed-hours.repository.ts';
import { PlanningRepository } from './planning.repository.ts';
import { RollupsRepository } from './rollups.repository.ts';
import { bucketOf } from './rollups.service.ts';
import { SubjectsService } from './subjects.service.ts';

/** A probe at a location, of which observations may be imported in [fromMs, untilMs). */
export interface ImportableSeries {
  series: number;
  service: string;
  probe: string;
  location: string | null;
  /** What is older would be dropped at once. */
  fromMs: number;
  /** The hour in which Troth began to measure it. */
  untilMs: number;
}

/** In order of time over all batches, each instant once. */
export type ObservationBatches = AsyncIterable<readonly StoredObservation[]>;

/** So long at once is looked through and cleared. */
const pieceMs = 5 * dayMs;
/** Agents may bring results of this long: buckets of that time are made as those of what was measured. */
const lateMs = 32 * dayMs;
/** A day that is over for this long is packed. */
const restMs = dayMs;

/** Observations from other systems, of the time before Troth itself measured: they count in success and latency. */
@Injectable()
export class ImportedObservationsService {
  constructor(
    readonly subjects: SubjectsService,
    readonly planning: PlanningRepository,
    readonly observations: ObservationsRepository,
    readonly packed: PackedHoursRepository,
    readonly ranges: ObservationRangesRepository,
    readonly rollups: RollupsRepository,
    readonly timelines: ImportedTimelinesService,
    readonly database: Database,
    readonly audit: AuditService,
    readonly events: EventBus,
    readonly clock: SteadyClock,
    @Inject(ENVIRONMENT) readonly environment: Environment,
  ) {}

  /** Where a probe ran, and of which time it may be told. @throws Problem not-found */
  async seriesOf(probeKey: string): Promise<ImportableSeries[]> {
    const [service = ''] = probeKey.split('.');
    const refs = await this.subjects.seriesOfProbe(probeKey);
    const serviceId = await this.subjects.serviceId(service);
    const plans = (await this.planning.plansSince([serviceId], 0)).get(serviceId)!;
    const nowMs = this.clock.now();
    return refs.map(({ series, probe, location }) => {
      const first = plans.find(({ parts }) => parts.some((part) => part.series.includes(series)));
      const untilMs = Math.floor((first?.fromMs ?? nowMs) / hourMs) * hourMs;
      return {
        series,
        service,
        probe,
        location,
        fromMs: nowMs - this.environment.TROTH_RETENTION_DAYS * dayMs,
        untilMs,
      };
    });
  }

  /**
   * Puts observations in the place of all that the series has from the first to the last: batch after batch in one
   * transaction, or in the one around it. Answers how many gave way. @throws Problem not-found, forbidden, conflict
   */
  takeOver(
    { series, service, probe, location }: ImportableSeries,
    span: Span,
    batches: ObservationBatches,
  ): Promise<number> {
    return this.database.transaction(async () => {
      const serviceId = await this.timelines.assertImportable(service, span);
      const removed = await this.#clear(series, span);
      let taken = 0;
      for await (const hours of hoursOf(batches)) {
        await this.#store(series, hours);
        taken += hours.length;
      }
      const detail = {
        observations: taken,
        ...(location === null ? {} : { location }),
        ...{ from: new Date(span.fromMs).toISOString(), to: new Date(span.toMs).toISOString() },
        ...(removed > 0 ? { replaced: removed } : {}),
      };
      await this.audit.record({ action: 'observations.imported', subjectKind: 'probe', subject: probe, detail });
      await this.events.publish('timelines.revised', { serviceIds: [serviceId], ...span });
      return removed;
    });
  }

  /** How many observations would give way. @throws as `takeOver` */
  async wouldReplace({ series, service }: ImportableSeries, span: Span): Promise<number> {
    await this.database.transaction(() => this.timelines.assertImportable(service, span));
    let count = 0;
    for (const piece of piecesOf(span)) {
      const found = await this.database.transaction(() => this.ranges.within(new Map([[series, [piece]]])));
      count += found.get(series)?.length ?? 0;
    }
    return count;
  }

  async #clear(series: number, span: Span): Promise<number> {
    let removed = 0;
    for (const { fromMs, toMs } of piecesOf(span)) {
      await this.#open(daysOf(fromMs, toMs));
      removed += await this.observations.remove(series, fromMs, toMs);
      removed += await this.packed.remove(series, fromMs, toMs);
      await this.rollups.remove(series, fromMs, toMs);
    }
    return removed;
  }

  /** Answers which of the days are sealed: those that are long over have no table of their own. */
  async #open(days: readonly number[]): Promise<Set<number>> {
    const today = dayOf(this.clock.now() - restMs);
    await this.observations.closeDays(days.filter((day) => day < today));
    return this.observations.openDays(days);
  }

  async #store(series: number, hours: readonly StoredObservation[]): Promise<void> {
    const rows = hours.map((observation) => ({ ...observation, series }));
    const sealed = await this.#open([...new Set(rows.map(({ slotMs }) => dayOf(slotMs)))]);
    await this.observations.insert(rows.filter(({ slotMs }) => !sealed.has(dayOf(slotMs))));
    await this.packed.merge(rows.filter(({ slotMs }) => sealed.has(dayOf(slotMs))));
    const recentMs = this.clock.now() - lateMs;
    await this.rollups.markDirty(rows.flatMap(({ slotMs }) => (slotMs >= recentMs ? [slotMs] : [])));
    await this.#rollUp(
      series,
      rows.filter(({ slotMs }) => slotMs < recentMs),
    );
  }

  /** Hours of long ago are counted at once, with what was there at their edges: nothing comes to them any more. */
  async #rollUp(series: number, rows: readonly StoredObservation[]): Promise<void> {
    const [first, last] = [rows[0], rows.at(-1)];
    if (!first || !last) return;
    const whole = { fromMs: hourOf(first.slotMs), toMs: hourOf(last.slotMs) + hourMs };
    const found = (await this.ranges.within(new Map([[series, [whole]]]))).get(series) ?? [];
    const byHour = groupBy(found, ({ slotMs }) => hourOf(slotMs));
    await this.rollups.replace(
      hourMs,
      [...byHour].map(([fromMs, its]) => bucketOf(series, fromMs, its)),
    );
  }
}

const hourOf = (atMs: number): number => Math.floor(atMs / hourMs) * hourMs;

/** Consecutive pieces of a span. */
function piecesOf({ fromMs, toMs }: Span): Span[] {
  const pieces: Span[] = [];
  for (let atMs = fromMs; atMs < toMs; atMs += pieceMs)
    pieces.push({ fromMs: atMs, toMs: Math.min(toMs, atMs + pieceMs) });
  return pieces;
}

function daysOf(fromMs: number, toMs: number): number[] {
  const days: number[] = [];
  for (let day = dayOf(fromMs); day <= dayOf(toMs - 1); day += 1) days.push(day);
  return days;
}

/** Batches that end where an hour does, so that none is written twice. */
async function* hoursOf(batches: ObservationBatches): AsyncGenerator<StoredObservation[]> {
  let held: StoredObservation[] = [];
  for await (const batch of batches) {
    held.push(...batch);
    const lastHourMs = hourOf(held.at(-1)!.slotMs);
    const whole = held.filter(({ slotMs }) => slotMs < lastHourMs);
    held = held.filter(({ slotMs }) => slotMs >= lastHourMs);
    if (whole.length > 0) yield whole;
  }
  if (held.length > 0) yield held;
}
