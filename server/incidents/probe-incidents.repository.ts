import { Injectable } from '@nestjs/common';
import { probeSource } from '../contract/incidents.ts';
import { Database } from '../platform/database.ts';

/** A service whose outage may be told. */
export interface ToldService {
  readonly id: number;
  readonly key: string;
  readonly name: string;
  readonly tier: number;
}

/** An incident that probes opened, as far as folding wants to know. */
export interface ProbeIncident {
  readonly id: number;
  readonly rootServiceId: number | null;
  readonly resolvedMs: number | null;
  readonly startedMs: number;
}

export interface NewProbeIncident {
  readonly title: string;
  readonly severity: number;
  readonly impact: number;
  readonly urgency: number;
  readonly rootServiceId: number | null;
  readonly locationId: number | null;
  readonly follows: number | null;
  readonly isLate: boolean;
  readonly startedMs: number;
  readonly detectedMs: number;
  readonly resolvedMs: number | null;
  readonly closedMs: number | null;
}

const probeIncident = `select id, root_service_id as "rootServiceId", resolved_ms as "resolvedMs", started_ms as "startedMs"
  from incidents`;

/** Incidents that probes open and end, many in one statement. */
@Injectable()
export class ProbeIncidentsRepository {
  constructor(readonly database: Database) {}

  services(ids: readonly number[]): Promise<ToldService[]> {
    return this.database.query(`select id, key, name, tier from services where id = any($1)`, [ids]);
  }

  find(ids: readonly number[]): Promise<ProbeIncident[]> {
    return this.database.query(`${probeIncident} where id = any($1)`, [ids]);
  }

  /** Of each service the newest that its outage opened, those of which nobody could know left out. */
  lastOf(serviceIds: readonly number[]): Promise<ProbeIncident[]> {
    return this.database.query(
      `select distinct on ("rootServiceId") * from (${probeIncident}
         where root_service_id = any($1) and merged_into_id is null and not is_late) i
       order by "rootServiceId", "startedMs" desc, id desc`,
      [serviceIds],
    );
  }

  /** Answers the ids in that order. */
  async insert(incidents: readonly NewProbeIncident[]): Promise<number[]> {
    const rows = await this.database.query<{ id: number }>(
      `insert into incidents (kind, title, source, severity, impact, urgency, root_service_id, location_id, follows_id,
         is_late, started_ms, detected_ms, resolved_ms, closed_ms)
       select 'incident', title, '${probeSource}', severity, impact, urgency, "rootServiceId", "locationId", follows,
         "isLate", "startedMs", "detectedMs", "resolvedMs", "closedMs"
       from rows from (jsonb_to_recordset($1) as (title text, severity smallint, impact smallint, urgency smallint,
         "rootServiceId" int, "locationId" int, follows int, "isLate" boolean, "startedMs" bigint, "detectedMs" bigint,
         "resolvedMs" bigint, "closedMs" bigint)) with ordinality as r(title, severity, impact, urgency,
         "rootServiceId", "locationId", follows, "isLate", "startedMs", "detectedMs", "resolvedMs", "closedMs", place)
       order by place returning id`,
      [JSON.stringify(incidents)],
    );
    return rows.map(({ id }) => id).toSorted((a, b) => a - b);
  }

  async addServices(pairs: readonly { incidentId: number; serviceId: number }[], isHidden = false): Promise<void> {
    await this.database.query(
      `insert into incident_services (incident_id, service_id, is_hidden)
       select "incidentId", "serviceId", $2 from jsonb_to_recordset($1) as r("incidentId" int, "serviceId" int)
       on conflict do nothing`,
      [JSON.stringify(pairs), isHidden],
    );
  }

  /** The same clock goes on; the time for which they were resolved does not count. */
  async reopen(reopened: readonly { id: number; atMs: number }[]): Promise<void> {
    const values = JSON.stringify(reopened);
    await this.database.query(
      `insert into incident_pauses (incident_id, reason, from_ms, to_ms)
       select i.id, 'resolved', i.resolved_ms, greatest(i.resolved_ms, r."atMs")
       from jsonb_to_recordset($1) as r(id int, "atMs" bigint) join incidents i on i.id = r.id`,
      [values],
    );
    await this.database.query(
      `update incidents i set resolved_ms = null, closed_ms = null, updated_at = now()
       from jsonb_to_recordset($1) as r(id int) where i.id = r.id`,
      [values],
    );
  }

  /** Those that are not resolved yet, at these instants or with the last that happened to them. Answers which were, and when. */
  async resolve(resolved: readonly { id: number; atMs: number }[]): Promise<{ id: number; atMs: number }[]> {
    const rows = await this.database.query<{ id: number; atMs: number }>(
      `update incidents i set updated_at = now(), resolved_ms = greatest(r."atMs", i.detected_ms, i.acknowledged_ms,
         i.responded_ms, (select max(coalesce(p.to_ms, p.from_ms)) from incident_pauses p where p.incident_id = i.id))
       from jsonb_to_recordset($1) as r(id int, "atMs" bigint)
       where i.id = r.id and i.resolved_ms is null and i.merged_into_id is null
       returning i.id, i.resolved_ms as "atMs"`,
      [JSON.stringify(resolved)],
    );
    await this.#endPauses(rows.map(({ id }) => id));
    return rows;
  }

  /** Others go on in their place, from the first that is known of any of them. */
  async merge(merges: readonly { from: number; into: number }[], nowMs: number): Promise<void> {
    const values = JSON.stringify(merges);
    await this.database.query(
      `update incidents t set updated_at = now(), started_ms = least(t.started_ms, f.started),
         detected_ms = least(t.detected_ms, f.detected), reported_ms = least(t.reported_ms, f.reported),
         acknowledged_ms = least(t.acknowledged_ms, f.acknowledged), responded_ms = least(t.responded_ms, f.responded)
       from (select r.into, min(i.started_ms) as started, min(i.detected_ms) as detected, min(i.reported_ms) as reported,
           min(i.acknowledged_ms) as acknowledged, min(i.responded_ms) as responded
         from jsonb_to_recordset($1) as r("from" int, "into" int) join incidents i on i.id = r.from group by r.into) f
       where t.id = f.into`,
      [values],
    );
    await this.database.query(
      `insert into incident_services (incident_id, service_id)
       select r.into, m.service_id from jsonb_to_recordset($1) as r("from" int, "into" int)
       join incident_services m on m.incident_id = r.from and not m.is_hidden on conflict do nothing`,
      [values],
    );
    await this.database.query(
      `update incidents i set merged_into_id = r.into, updated_at = now(),
         resolved_ms = coalesce(i.resolved_ms, $2), closed_ms = coalesce(i.closed_ms, $2)
       from jsonb_to_recordset($1) as r("from" int, "into" int) where i.id = r.from`,
      [values, nowMs],
    );
    await this.#endPauses(merges.map(({ from }) => from));
  }

  async #endPauses(ids: readonly number[]): Promise<void> {
    await this.database.query(
      `update incident_pauses p set to_ms = greatest(i.resolved_ms, p.from_ms)
       from incidents i where i.id = p.incident_id and i.id = any($1) and p.to_ms is null`,
      [ids],
    );
  }
}
