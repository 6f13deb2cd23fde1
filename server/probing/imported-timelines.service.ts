import { Injectable } from '@nestjs/common';
import { reasons } from '../../probes/contract.ts';
import { SteadyClock } from '../../probes/support/clock.ts';
import { AccessService } from '../access/access.service.ts';
import { AuditService } from '../access/audit.service.ts';
import { CatalogService } from '../catalog/catalog.service.ts';
import type { TimelineImport } from '../contract/probing.ts';
import { chunks } from '../domain/grouping.ts';
import type { ServiceState } from '../domain/service-state.ts';
import type { Span } from '../domain/spans.ts';
import type { Interval } from '../domain/timeline.ts';
import { Database } from '../platform/database.ts';
import { EventBus } from '../platform/events.ts';
import { invalidInput } from '../platform/input.pipe.ts';
import { ImportedIntervalsRepository } from './imported-intervals.repository.ts';
import { SubjectsService } from './subjects.service.ts';
import { importedShelf, TimelinesRepository } from './timelines.repository.ts';

declare module '../platform/events.ts' {
  interface TransactionEvents {
    /** History of a service is to be replaced in a span; a listener that throws refuses it. */
    'timelines.importing': { serviceId: number; fromMs: number; toMs: number };
    /** What counts of a service's past is another than it was; published inside the transaction that changed it. */
    'timelines.revised': { serviceIds: readonly number[]; fromMs: number; toMs: number };
  }
}

/** An interval of an import: it has an end. */
export type ImportedInterval = Interval<ServiceState> & { toMs: number };
/** In order of time over all batches, apart from each other. */
export type IntervalBatches = AsyncIterable<readonly ImportedInterval[]>;

/** More at once would be compared with each other for long. */
const mostAtOnce = 1_000;

/** History from other systems: it counts above what was measured here. */
@Injectable()
export class ImportedTimelinesService {
  constructor(
    readonly timelines: TimelinesRepository,
    readonly intervals: ImportedIntervalsRepository,
    readonly subjects: SubjectsService,
    readonly catalog: CatalogService,
    readonly access: AccessService,
    readonly clock: SteadyClock,
    readonly database: Database,
    readonly audit: AuditService,
    readonly events: EventBus,
  ) {}

  /** Takes intervals over for those of the same time that were imported before. @throws Problem invalid-input, not-found, conflict */
  async import(key: string, { intervals }: TimelineImport): Promise<void> {
    const given = intervals.map(({ state, from, to, reason }) => ({
      fromMs: Date.parse(from),
      toMs: Date.parse(to),
      state,
      reason: reason === undefined ? importedReason[state] : reasons[reason].code,
    }));
    const nowMs = this.clock.now();
    const future = given.flatMap(({ toMs }, index) =>
      toMs > nowMs ? [{ path: ['intervals', String(index), 'to'], message: 'must not lie in the future' }] : [],
    );
    if (future.length > 0) throw invalidInput(future);
    const written = given.toSorted((a, b) => a.fromMs - b.fromMs);
    await this.takeOver(key, { fromMs: written[0]!.fromMs, toMs: written.at(-1)!.toMs }, batchesOf(written));
  }

  /**
   * As `import`, of any number: batch after batch in one transaction, or in the one around it. Answers how many intervals
   * gave way. @throws Problem not-found, forbidden, conflict
   */
  takeOver(key: string, span: Span, batches: IntervalBatches): Promise<number> {
    return this.database.transaction(async () => {
      const serviceId = await this.assertImportable(key, span);
      let [taken, replaced] = [0, 0];
      for await (const some of mergedBatches(batches)) {
        for (const part of chunks(some, mostAtOnce)) {
          replaced += await this.intervals.displace(serviceId, part);
          await this.timelines.write(importedShelf, [{ owner: serviceId, before: [], after: part }]);
        }
        taken += some.length;
      }
      const [from, to] = [new Date(span.fromMs).toISOString(), new Date(span.toMs).toISOString()];
      await this.audit.record({
        ...{ action: 'timeline.imported', subjectKind: 'service', subject: key },
        detail: { intervals: taken, from, to, ...(replaced > 0 ? { replaced } : {}) },
      });
      await this.events.publish('timelines.revised', { serviceIds: [serviceId], ...span });
      return replaced;
    });
  }

  /** How many intervals would give way. @throws as `takeOver` */
  async wouldReplace(key: string, span: Span, batches: IntervalBatches): Promise<number> {
    const serviceId = await this.database.transaction(() => this.assertImportable(key, span));
    let [count, lastMs]: [number, number | null] = [0, null];
    for await (const some of batches) {
      for (const part of chunks(some, mostAtOnce)) {
        const hits = await this.intervals.hits(serviceId, part, lastMs);
        count += hits.count;
        lastMs = hits.lastMs ?? lastMs;
      }
    }
    return count;
  }

  /** Whether the actor may replace a service's history in a span: answers its id. @throws Problem not-found, forbidden, conflict */
  async assertImportable(key: string, span: Span): Promise<number> {
    const serviceId = await this.subjects.serviceId(key);
    const [service] = await this.catalog.definitions([serviceId]);
    this.access.assertMayChange(service!.owner);
    await this.intervals.holdAlone(serviceId);
    await this.events.publish('timelines.importing', { serviceId, fromMs: span.fromMs, toMs: span.toMs });
    return serviceId;
  }
}

/** What an interval or an observation began with where the other system does not say. */
export const importedReason: Readonly<Record<ServiceState, number>> = {
  up: reasons.ok.code,
  degraded: reasons.imported.code,
  down: reasons.imported.code,
  unknown: reasons.imported.code,
  unmonitored: reasons.ok.code,
};

async function* batchesOf(intervals: readonly ImportedInterval[]): IntervalBatches {
  yield intervals;
}

/** Intervals that follow each other and say the same are one, over the edges of batches too. */
async function* mergedBatches(batches: IntervalBatches): AsyncGenerator<ImportedInterval[]> {
  let last: ImportedInterval | null = null;
  for await (const batch of batches) {
    const whole: ImportedInterval[] = [];
    for (const interval of batch) {
      if (last && last.toMs === interval.fromMs && last.state === interval.state && last.reason === interval.reason)
        last.toMs = interval.toMs;
      else {
        if (last) whole.push(last);
        last = { ...interval };
      }
    }
    if (whole.length > 0) yield whole;
  }
  if (last) yield [last];
}
