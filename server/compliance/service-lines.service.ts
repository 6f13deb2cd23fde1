import { Injectable } from '@nestjs/common';
import type { AgreementSnapshot } from '../agreements/agreements.service.ts';
import { CatalogService, type ServiceRef, type UpstreamRef } from '../catalog/catalog.service.ts';
import { MaintenanceService } from '../catalog/maintenance.service.ts';
import { TimelineReaderService } from '../probing/timeline-reader.service.ts';
import type { AnnouncedWindow } from '../domain/excused-maintenance.ts';
import type { ServiceState } from '../domain/service-state.ts';
import type { Interval } from '../domain/timeline.ts';
import { groupBy } from '../domain/grouping.ts';

/** A service that another one rests on, with its timeline. */
export interface UpstreamLine extends UpstreamRef {
  readonly timeline: readonly Interval<ServiceState>[];
}

/** What is known of a service in a span, before any agreement says how it counts. */
export interface ServiceLine {
  readonly id: number;
  readonly key: string;
  /** It was made, or its history begins, here. */
  readonly sinceMs: number;
  /** Whole at the edges. */
  readonly timeline: readonly Interval<ServiceState>[];
  /** What is only supposed, to see what would follow: above what was measured and what the parties agreed on. */
  readonly supposed?: readonly Interval<ServiceState>[];
  readonly maintenance: readonly AnnouncedWindow[];
  /** All that it rests on, farthest first. */
  readonly upstream: readonly UpstreamLine[];
}

/** Reads what objectives over time are made of: a handful of statements for any number of services. */
@Injectable()
export class ServiceLinesService {
  constructor(
    readonly catalog: CatalogService,
    readonly timelines: TimelineReaderService,
    readonly maintenance: MaintenanceService,
  ) {}

  /**
   * By key; keys of services that never were are left out. `untilMs` may lie ahead: maintenance does. What a service rests
   * on is as it was signed, where it was.
   */
  async of(
    keys: readonly string[],
    span: { fromMs: number; toMs: number; untilMs: number },
    snapshot: AgreementSnapshot | null,
  ): Promise<Map<string, ServiceLine>> {
    if (keys.length === 0) return new Map();
    const services = await this.catalog.serviceRefs(keys);
    const ids = services.map(({ id }) => id);
    const upstream = snapshot ? await this.#signedUpstream(services, snapshot) : await this.catalog.upstreamOf(ids);
    const all = [...new Set([...ids, ...upstream.map(({ id }) => id)])];
    const timelines = await this.timelines.effective(all, span.fromMs, span.toMs);
    const first = await this.timelines.firstInstants(ids);
    const windows = await this.maintenance.windows(ids, span.fromMs, span.untilMs);
    const below = groupBy(upstream, ({ serviceId }) => serviceId);
    return new Map(
      services.map(({ id, key, createdAt }) => [
        key,
        {
          id,
          key,
          sinceMs: Math.min(createdAt.getTime(), first.get(id) ?? Infinity),
          timeline: timelines.get(id) ?? [],
          maintenance: windows.get(id) ?? [],
          upstream: (below.get(id) ?? []).map((ref) => ({ ...ref, timeline: timelines.get(ref.id) ?? [] })),
        },
      ]),
    );
  }

  async #signedUpstream(
    services: readonly ServiceRef[],
    { services: signed }: AgreementSnapshot,
  ): Promise<UpstreamRef[]> {
    const below = services.flatMap(({ id: serviceId, key }) =>
      (signed[key]?.upstream ?? []).map((ref) => ({ ...ref, serviceId })),
    );
    const refs = await this.catalog.serviceRefs([...new Set(below.map(({ key }) => key))]);
    const ids = new Map(refs.map(({ key, id }) => [key, id]));
    return below.flatMap((ref) => {
      const id = ids.get(ref.key);
      return id === undefined ? [] : [{ ...ref, id }];
    });
  }
}
