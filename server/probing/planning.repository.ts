import { Injectable } from '@nestjs/common';
import type { Part, ServicePlan } from '../domain/service-state.ts';
import { Database } from '../platform/database.ts';

/** A probe as a part of its service, with its schedule and confirmation, as it is kept for every time it held. */
export interface PlannedPart extends Part {
  everyMs: number;
  offsetMs: number;
  timeoutMs: number;
  failures: number;
  successes: number;
  /** A push probe covers more than its interval: the grace too. */
  coversMs: number;
  push: boolean;
  /** Location key of each series, in the order of `series`; null for push probes. */
  locations: readonly (string | null)[];
}
export type StoredPlan = ServicePlan<PlannedPart> & { serviceId: number };

interface PlanRow {
  service_id: number;
  from_ms: number;
  to_ms: number | null;
  at_least: number | null;
  parts: PlannedPart[];
}
const toPlan = (row: PlanRow): StoredPlan => ({
  serviceId: row.service_id,
  fromMs: row.from_ms,
  toMs: row.to_ms,
  atLeast: row.at_least,
  parts: row.parts,
});

@Injectable()
export class PlanningRepository {
  constructor(readonly database: Database) {}

  /** Ids of series by `probe/location`, made where they are missing, each with a status that has seen nothing. */
  async ensureSeries(pairs: readonly { probeId: number; locationId: number | null }[]): Promise<Map<string, number>> {
    const parameters = [pairs.map(({ probeId }) => probeId), pairs.map(({ locationId }) => locationId)];
    await this.database.query(
      `insert into series (probe_id, location_id) select * from unnest($1::int[], $2::int[]) on conflict do nothing`,
      parameters,
    );
    const rows = await this.database.query<{ id: number; probe_id: number; location_id: number | null }>(
      `select s.id, s.probe_id, s.location_id from series s
       join unnest($1::int[], $2::int[]) as wanted (probe_id, location_id)
         on s.probe_id = wanted.probe_id and s.location_id is not distinct from wanted.location_id`,
      parameters,
    );
    await this.database.query(
      `insert into series_status
         (series_id, last_slot_ms, last_attempt, covered_until_ms, overdue_at_ms, label, stable, verdict, reason, observed_ms)
       select id, -1, 0, 0, 0, 3, 3, 3, 0, 0 from unnest($1::int[]) as id
       -- A conflict would wait for whoever is writing the status.
       where not exists (select from series_status where series_id = id) on conflict do nothing`,
      [rows.map(({ id }) => id)],
    );
    return new Map(rows.map((row) => [`${row.probe_id}/${row.location_id}`, row.id]));
  }

  /** The plans in force, of all services or of some. */
  async openPlans(serviceIds?: readonly number[]): Promise<StoredPlan[]> {
    const rows = await this.database.query<PlanRow>(
      `select * from service_plans where to_ms is null and ($1::int[] is null or service_id = any($1)) order by service_id`,
      [serviceIds ?? null],
    );
    return rows.map(toPlan);
  }

  /** The plans that held at any time from an instant on, by service, in order of time. */
  async plansSince(serviceIds: readonly number[], fromMs: number): Promise<Map<number, StoredPlan[]>> {
    const rows = await this.database.query<PlanRow>(
      `select * from service_plans where service_id = any($1) and (to_ms is null or to_ms > $2) order by service_id, from_ms`,
      [serviceIds, fromMs],
    );
    const plans = new Map<number, StoredPlan[]>(serviceIds.map((id) => [id, []]));
    for (const row of rows) plans.get(row.service_id)!.push(toPlan(row));
    return plans;
  }

  /** Ends the plans of services at an instant; those that began there never held. */
  async closePlans(serviceIds: readonly number[], atMs: number): Promise<void> {
    await this.database.query(`delete from service_plans where service_id = any($1) and from_ms >= $2`, [
      serviceIds,
      atMs,
    ]);
    await this.database.query(`update service_plans set to_ms = $2 where service_id = any($1) and to_ms is null`, [
      serviceIds,
      atMs,
    ]);
  }

  async openPlan(plans: readonly StoredPlan[]): Promise<void> {
    await this.database.query(
      `insert into service_plans (service_id, from_ms, at_least, parts)
       select * from unnest($1::int[], $2::bigint[], $3::smallint[], $4::jsonb[])`,
      [
        plans.map(({ serviceId }) => serviceId),
        plans.map(({ fromMs }) => fromMs),
        plans.map(({ atLeast }) => atLeast),
        plans.map(({ parts }) => JSON.stringify(parts)),
      ],
    );
  }

  /** The service of each series, also of deleted ones. */
  async servicesOfSeries(series: readonly number[]): Promise<Map<number, number>> {
    const rows = await this.database.query<{ id: number; service_id: number }>(
      `select s.id, p.service_id from series s join probes p on p.id = s.probe_id where s.id = any($1)`,
      [series],
    );
    return new Map(rows.map((row) => [row.id, row.service_id]));
  }

  async locationsOfSeries(series: readonly number[]): Promise<Map<number, string | null>> {
    const rows = await this.database.query<{ id: number; key: string | null }>(
      `select s.id, l.key from series s left join locations l on l.id = s.location_id where s.id = any($1)`,
      [series],
    );
    return new Map(rows.map((row) => [row.id, row.key]));
  }

  /** The newest slot of all series, 0 without any: nothing may be dated before it. */
  async newestSlotMs(): Promise<number> {
    const [row] = await this.database.query<{ newest: number | null }>(
      `select max(last_slot_ms) as newest from series_status`,
    );
    return Math.max(0, row?.newest ?? 0);
  }

  /** Which of some series have been observed. */
  async observedSeries(): Promise<Set<number>> {
    const rows = await this.database.query<{ series_id: number }>(
      `select series_id from series_status where last_slot_ms >= 0`,
    );
    return new Set(rows.map(({ series_id }) => series_id));
  }
}
