import { Injectable } from '@nestjs/common';
import { serviceStates, type ServiceState } from '../domain/service-state.ts';
import { Database } from '../platform/database.ts';

/** The present state of a service. */
export interface ServiceStatus {
  serviceId: number;
  state: ServiceState;
  sinceMs: number | null;
  reason: number;
  suspect: boolean;
}

interface StatusRow {
  service_id: number;
  state: number;
  since_ms: number | null;
  reason: number;
  suspect: boolean;
}

@Injectable()
export class ServiceStatusRepository {
  constructor(readonly database: Database) {}

  /** Locks services in the order of their ids, made where they are missing, until the transaction ends. */
  async lock(serviceIds: readonly number[]): Promise<Map<number, ServiceStatus>> {
    const ids = [...serviceIds].sort((a, b) => a - b);
    const select = `select * from service_status where service_id = any($1) order by service_id for update`;
    let rows = await this.database.query<StatusRow>(select, [ids]);
    if (rows.length < ids.length) {
      await this.database.query(
        `insert into service_status (service_id, state) select id, $2 from unnest($1::int[]) as id on conflict do nothing`,
        [ids, serviceStates.indexOf('unmonitored')],
      );
      rows = await this.database.query<StatusRow>(select, [ids]);
    }
    return new Map(rows.map((row) => [row.service_id, toStatus(row)]));
  }

  async write(statuses: readonly ServiceStatus[]): Promise<void> {
    await this.database.query(
      `update service_status s
       set state = written.state, since_ms = written.since_ms, reason = written.reason, suspect = written.suspect
       from unnest($1::int[], $2::smallint[], $3::bigint[], $4::smallint[], $5::boolean[])
         as written (service_id, state, since_ms, reason, suspect)
       where s.service_id = written.service_id`,
      [
        statuses.map(({ serviceId }) => serviceId),
        statuses.map(({ state }) => serviceStates.indexOf(state)),
        statuses.map(({ sinceMs }) => sinceMs),
        statuses.map(({ reason }) => reason),
        statuses.map(({ suspect }) => suspect),
      ],
    );
  }

  /** Services that these rest on, directly. */
  async upstreams(serviceIds: readonly number[]): Promise<number[]> {
    const rows = await this.database.query<{ upstream_id: number }>(
      `select distinct upstream_id from service_dependencies where service_id = any($1)`,
      [serviceIds],
    );
    return rows.map(({ upstream_id }) => upstream_id);
  }
}

const toStatus = (row: StatusRow): ServiceStatus => ({
  serviceId: row.service_id,
  state: serviceStates[row.state] ?? 'unknown',
  sinceMs: row.since_ms,
  reason: row.reason,
  suspect: row.suspect,
});
