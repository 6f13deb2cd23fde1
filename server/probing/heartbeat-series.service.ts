import { Injectable } from '@nestjs/common';
import type { Span } from '../domain/spans.ts';
import { clip } from '../domain/timeline.ts';
import { MeasurementsRepository } from './measurements.repository.ts';
import { seriesShelf, TimelinesRepository } from './timelines.repository.ts';

/** Finds the series of heartbeats for the features above. */
@Injectable()
export class HeartbeatSeriesService {
  constructor(
    readonly measurements: MeasurementsRepository,
    readonly timelines: TimelinesRepository,
  ) {}

  /** The series of a heartbeat, `payroll.backup`, and since when it is expected; null where there is none. */
  async find(probeKey: string): Promise<{ series: number; sinceMs: number } | null> {
    const [service = '', probe = ''] = probeKey.split('.');
    return (await this.measurements.heartbeat(service, probe)) ?? null;
  }

  /** When nobody was there to hear a beat, in [fromMs, toMs). */
  async deaf(series: number, fromMs: number, toMs: number): Promise<Span[]> {
    const timeline = await this.timelines.between(seriesShelf, series, fromMs, toMs);
    return clip(timeline, fromMs, toMs).filter(({ state }) => state === 'unknown');
  }
}
