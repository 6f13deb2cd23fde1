import { Injectable } from '@nestjs/common';
import { reasons } from '../../probes/contract.ts';
import { SteadyClock } from '../../probes/support/clock.ts';
import { AccessService } from '../access/access.service.ts';
import { AuditService } from '../access/audit.service.ts';
import { CatalogService } from '../catalog/catalog.service.ts';
import type { TimelineImport } from '../contract/probing.ts';
import type { ServiceState } from '../domain/service-state.ts';
import { cutOut, type Interval } from '../domain/timeline.ts';
import { Database } from '../platform/database.ts';
import { EventBus } from '../platform/events.ts';
import { invalidInput } from '../platform/input.pipe.ts';
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

/** History from other systems: it counts above what was measured here. */
@Injectable()
export class ImportedTimelinesService {
  constructor(
    readonly timelines: TimelinesRepository,
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
      reason: reason === undefined ? codeOf[state] : reasons[reason].code,
    }));
    const nowMs = this.clock.now();
    const future = given.flatMap(({ toMs }, index) =>
      toMs > nowMs ? [{ path: ['intervals', String(index), 'to'], message: 'must not lie in the future' }] : [],
    );
    if (future.length > 0) throw invalidInput(future);
    const serviceId = await this.subjects.serviceId(key);
    const [service] = await this.catalog.definitions([serviceId]);
    this.access.assertMayChange(service!.owner);
    const written = given.toSorted((a, b) => a.fromMs - b.fromMs);
    const span = { fromMs: written[0]!.fromMs, toMs: written.at(-1)!.toMs };
    await this.database.transaction(async () => {
      await this.database.query('select pg_advisory_xact_lock(7217087, $1)', [serviceId]);
      await this.events.publish('timelines.importing', { serviceId, ...span });
      const before = await this.timelines.between(importedShelf, serviceId, span.fromMs, span.toMs);
      const after = [...cutOut(before, written), ...written].sort((a, b) => a.fromMs - b.fromMs);
      await this.timelines.write(importedShelf, [{ owner: serviceId, before, after: joined(after) }]);
      await this.audit.record({
        action: 'timeline.imported',
        subjectKind: 'service',
        subject: key,
        detail: {
          intervals: written.length,
          from: new Date(span.fromMs).toISOString(),
          to: new Date(span.toMs).toISOString(),
        },
      });
      await this.events.publish('timelines.revised', { serviceIds: [serviceId], ...span });
    });
  }
}

/** What an interval began with where the other system does not say. */
const codeOf: Record<ServiceState, number> = {
  up: reasons.ok.code,
  degraded: reasons.imported.code,
  down: reasons.imported.code,
  unknown: reasons.imported.code,
  unmonitored: reasons.ok.code,
};

/** Intervals that follow each other and say the same are one. */
function joined(intervals: readonly Interval<ServiceState>[]): Interval<ServiceState>[] {
  const result: Interval<ServiceState>[] = [];
  for (const interval of intervals) {
    const last = result.at(-1);
    if (last && last.toMs === interval.fromMs && last.state === interval.state && last.reason === interval.reason)
      last.toMs = interval.toMs;
    else result.push({ ...interval });
  }
  return result;
}
