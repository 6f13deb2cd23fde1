import { Injectable } from '@nestjs/common';
import { MeasurementsRepository } from './measurements.repository.ts';

/** Finds the series of heartbeats for the features above. */
@Injectable()
export class HeartbeatSeriesService {
  constructor(readonly measurements: MeasurementsRepository) {}

  /** The series of a heartbeat, `payroll.backup`, and since when it is expected; null where there is none. */
  async find(probeKey: string): Promise<{ series: number; sinceMs: number } | null> {
    const [service = '', probe = ''] = probeKey.split('.');
    return (await this.measurements.heartbeat(service, probe)) ?? null;
  }
}
