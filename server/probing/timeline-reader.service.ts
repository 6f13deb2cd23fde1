import { Injectable } from '@nestjs/common';
import type { ServiceState } from '../domain/service-state.ts';
import type { Interval } from '../domain/timeline.ts';
import { TimelinesRepository } from './timelines.repository.ts';

/** Timelines of services as they count, for the features above. */
@Injectable()
export class TimelineReaderService {
  constructor(readonly timelines: TimelinesRepository) {}

  /** By id, inside [fromMs, toMs), whole at the edges. */
  effective(
    serviceIds: readonly number[],
    fromMs: number,
    toMs: number,
  ): Promise<Map<number, readonly Interval<ServiceState>[]>> {
    return this.timelines.effective(serviceIds, fromMs, toMs);
  }

  /** By id, where the history of each begins. */
  firstInstants(serviceIds: readonly number[]): Promise<Map<number, number>> {
    return this.timelines.firstInstants(serviceIds);
  }
}
