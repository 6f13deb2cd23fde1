import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database.ts';

/** A series with what it belongs to. */
export interface SeriesRef {
  series: number;
  probe: string;
  location: string | null;
}

@Injectable()
export class MeasurementsRepository {
  constructor(readonly database: Database) {}

  /** The id of a service that is not deleted, by its key. */
  async serviceId(key: string): Promise<number | null> {
    const [row] = await this.database.query<{ id: number }>(
      `select id from services where key = $1 and deleted_at is null`,
      [key],
    );
    return row?.id ?? null;
  }

  /** All series that the probes of a service ever had: `payroll.login`, and where it ran. */
  async seriesOfService(serviceId: number): Promise<SeriesRef[]> {
    return this.#series(`p.service_id = $1 and p.deleted_at is null`, [serviceId]);
  }

  /** As `seriesOfService`, with those of deleted probes. */
  async allSeriesOfService(serviceId: number): Promise<SeriesRef[]> {
    return this.#series(`p.service_id = $1`, [serviceId]);
  }

  /** All series of some services, with those of deleted probes, in order of id. */
  async seriesOfServices(serviceIds: readonly number[]): Promise<{ serviceId: number; series: number }[]> {
    return this.database.query(
      `select p.service_id as "serviceId", s.id as series from series s join probes p on p.id = s.probe_id
       where p.service_id = any($1) order by s.id`,
      [serviceIds],
    );
  }

  /** All series of a probe by its key outside the service; empty when there is no such probe. */
  async seriesOfProbe(serviceKey: string, probeKey: string): Promise<SeriesRef[]> {
    return this.#series(`v.key = $1 and v.deleted_at is null and p.key = $2 and p.deleted_at is null`, [
      serviceKey,
      probeKey,
    ]);
  }

  async #series(where: string, parameters: unknown[]): Promise<SeriesRef[]> {
    return this.database.query<SeriesRef>(
      `select s.id as series, v.key || '.' || p.key as probe, l.key as location
       from series s join probes p on p.id = s.probe_id join services v on v.id = p.service_id
         left join locations l on l.id = s.location_id
       where ${where} order by l.key nulls first, s.id`,
      parameters,
    );
  }

  async probeExists(serviceKey: string, probeKey: string): Promise<boolean> {
    const rows = await this.database.query(
      `select 1 from probes p join services v on v.id = p.service_id
       where v.key = $1 and v.deleted_at is null and p.key = $2 and p.deleted_at is null`,
      [serviceKey, probeKey],
    );
    return rows.length > 0;
  }
}
