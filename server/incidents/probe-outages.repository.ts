import { Injectable } from '@nestjs/common';
import { minuteMs } from '../domain/durations.ts';
import { groupBy } from '../domain/grouping.ts';
import type { ServiceOutage } from '../domain/outage-folding.ts';
import { serviceStates, type ServiceState } from '../domain/service-state.ts';
import type { Interval } from '../domain/timeline.ts';
import { Database } from '../platform/database.ts';

/** An outage of a service that an incident is made of. */
export interface IncidentOutage {
  readonly service: string;
  readonly fromMs: number;
  /** Null while it lasts. */
  readonly toMs: number | null;
}

export interface StoredOutage extends ServiceOutage {
  readonly id: number;
  /** Null while agreed maintenance covers it, and where its incident was deleted. */
  readonly incidentId: number | null;
  /** When it is looked at again. */
  readonly reviewMs: number | null;
}

export type NewOutage = Omit<StoredOutage, 'id'>;

/** One server at a time folds outages into incidents. */
const foldingLock = 7_217_124;

const outage = `select o.id, o.service_id as "serviceId", o.incident_id as "incidentId", o.from_ms as "fromMs",
    o.to_ms as "toMs", o.review_ms as "reviewMs"
  from incident_outages o`;

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

  /** Until the transaction ends, nobody else folds. */
  async holdAlone(): Promise<void> {
    await this.database.query(`select pg_advisory_xact_lock(${foldingLock})`);
  }

  /** Of some services those that were not over at an instant. */
  ofServices(serviceIds: readonly number[], sinceMs: number): Promise<StoredOutage[]> {
    return this.database.query(
      `${outage} where o.service_id = any($1) and (o.to_ms is null or o.to_ms >= $2) order by o.from_ms`,
      [serviceIds, sinceMs],
    );
  }

  /** What services were before instants, in order, back to when they were well last; left out where that was just before. */
  async unwellBefore(
    asked: readonly { serviceId: number; beforeMs: number }[],
  ): Promise<Map<number, Interval<ServiceState>[]>> {
    const rows = await this.database.query<Omit<Interval<ServiceState>, 'state'> & { id: number; state: number }>(
      `select i.service_id as id, i.from_ms as "fromMs", i.to_ms as "toMs", i.state, i.reason
       from jsonb_to_recordset($1) as r("serviceId" int, "beforeMs" bigint)
       join service_intervals i on i.service_id = r."serviceId" and i.layer = 0 and i.from_ms < r."beforeMs"
         and i.from_ms > coalesce((select g.from_ms from service_intervals g
           where g.service_id = r."serviceId" and g.layer = 0 and g.from_ms < r."beforeMs" and g.state = any($2)
           order by g.from_ms desc limit 1), -1)
       order by 1, 2`,
      [JSON.stringify(asked), (['up', 'degraded'] as const).map((state) => serviceStates.indexOf(state))],
    );
    const lines = rows.map(({ id, state, ...rest }) => ({ id, interval: { ...rest, state: serviceStates[state]! } }));
    return new Map([...groupBy(lines, ({ id }) => id)].map(([id, its]) => [id, its.map(({ interval }) => interval)]));
  }

  open(): Promise<StoredOutage[]> {
    return this.database.query(`${outage} where o.to_ms is null order by o.from_ms`);
  }

  /** Open ones of services that are deleted, among some services. */
  openOfDeleted(serviceIds: readonly number[]): Promise<StoredOutage[]> {
    return this.database.query(
      `${outage} join services s on s.id = o.service_id
       where o.to_ms is null and o.service_id = any($1) and s.deleted_at is not null order by o.from_ms`,
      [serviceIds],
    );
  }

  /** Open ones that are to be looked at again. */
  due(nowMs: number): Promise<StoredOutage[]> {
    return this.database.query(`${outage} where o.to_ms is null and o.review_ms <= $1 order by o.from_ms`, [nowMs]);
  }

  async add(outages: readonly NewOutage[]): Promise<void> {
    await this.database.query(
      `insert into incident_outages (service_id, incident_id, from_ms, to_ms, review_ms)
       select "serviceId", "incidentId", "fromMs", "toMs", "reviewMs"
       from jsonb_to_recordset($1)
         as r("serviceId" int, "incidentId" int, "fromMs" bigint, "toMs" bigint, "reviewMs" bigint)
       on conflict do nothing`,
      [JSON.stringify(outages)],
    );
  }

  /** Gives open outages another incident, or another time to be looked at. */
  async place(outages: readonly Pick<StoredOutage, 'id' | 'incidentId' | 'reviewMs'>[]): Promise<void> {
    await this.database.query(
      `update incident_outages o set incident_id = r."incidentId", review_ms = r."reviewMs"
       from jsonb_to_recordset($1) as r(id int, "incidentId" int, "reviewMs" bigint) where o.id = r.id`,
      [JSON.stringify(outages)],
    );
  }

  async end(ends: readonly { id: number; toMs: number }[]): Promise<void> {
    await this.database.query(
      `update incident_outages o set to_ms = greatest(r."toMs", o.from_ms), review_ms = null
       from jsonb_to_recordset($1) as r(id int, "toMs" bigint) where o.id = r.id`,
      [JSON.stringify(ends)],
    );
  }

  /** What still lasts of incidents is looked at again once each service had the time to be seen well. */
  async reviewRest(incidentIds: readonly number[], nowMs: number): Promise<void> {
    await this.database.query(
      `update incident_outages o set review_ms = $2::bigint + ${minuteMs} + coalesce((
         select max(p.every_ms + (p.confirm_successes - 1) * p.every_ms) from probes p
         where p.service_id = o.service_id and p.deleted_at is null), 0)
       where o.incident_id = any($1) and o.to_ms is null`,
      [incidentIds, nowMs],
    );
  }

  /** What lasts of incidents belongs to them again. */
  async keepRest(incidentIds: readonly number[]): Promise<void> {
    await this.database.query(
      `update incident_outages set review_ms = null where incident_id = any($1) and to_ms is null`,
      [incidentIds],
    );
  }

  /** Outages of incidents go over to others. */
  async move(moves: readonly { from: number; into: number }[]): Promise<void> {
    await this.database.query(
      `update incident_outages o set incident_id = r.into
       from jsonb_to_recordset($1) as r("from" int, "into" int) where o.incident_id = r.from`,
      [JSON.stringify(moves)],
    );
  }

  /** Maintenance of these services is otherwise than it was: what it covered is looked at again. */
  async reviewCovered(serviceIds: readonly number[], nowMs: number): Promise<void> {
    await this.database.query(
      `update incident_outages set review_ms = least(review_ms, $2)
       where service_id = any($1) and to_ms is null and incident_id is null and review_ms is not null`,
      [serviceIds, nowMs],
    );
  }
}
