import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database.ts';

/** An outage of a service that an incident is made of. */
export interface IncidentOutage {
  readonly service: string;
  readonly fromMs: number;
  /** Null while it lasts. */
  readonly toMs: number | null;
}

/** Outages as they are told in incidents. */
@Injectable()
export class ProbeOutagesRepository {
  constructor(readonly database: Database) {}

  /** In order of their beginning. */
  ofIncident(id: number): Promise<IncidentOutage[]> {
    return this.database.query(
      `select s.key as service, o.from_ms as "fromMs", o.to_ms as "toMs"
       from incident_outages o join services s on s.id = o.service_id
       where o.incident_id = $1 order by o.from_ms, s.key`,
      [id],
    );
  }
}
