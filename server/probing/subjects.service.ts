import { Injectable } from '@nestjs/common';
import { Problem } from '../platform/problem.ts';
import { MeasurementsRepository, type SeriesRef } from './measurements.repository.ts';

/** Finds what a measurement is about by the keys that people use. */
@Injectable()
export class SubjectsService {
  constructor(readonly repository: MeasurementsRepository) {}

  /** @throws Problem not-found */
  async serviceId(key: string): Promise<number> {
    const id = await this.repository.serviceId(key);
    if (id === null) throw new Problem('not-found', `There is no service ${key}.`);
    return id;
  }

  /** The series of a service's probes; or also of probes that are gone. @throws Problem not-found */
  async seriesOfService(key: string, which: 'present' | 'deleted too' = 'present'): Promise<SeriesRef[]> {
    const id = await this.serviceId(key);
    return which === 'present' ? this.repository.seriesOfService(id) : this.repository.allSeriesOfService(id);
  }

  /** The series of a probe, none where it never ran. @throws Problem not-found */
  async seriesOfProbe(probeKey: string): Promise<SeriesRef[]> {
    const [service = '', probe = ''] = probeKey.split('.');
    const refs = await this.repository.seriesOfProbe(service, probe);
    if (refs.length === 0 && !(await this.repository.probeExists(service, probe))) {
      throw new Problem('not-found', `There is no probe ${probeKey}.`);
    }
    return refs;
  }
}
