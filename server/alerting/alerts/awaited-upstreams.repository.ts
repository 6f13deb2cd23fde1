import { Injectable } from '@nestjs/common';
import { verdictCode } from '../../../probes/contract.ts';
import { Database } from '../../platform/database.ts';
import type { StoredAlert } from './stored-alert.ts';

/** A chain of dependencies that is longer is not followed to its end. */
const deepest = 50;
/** From the end of a run to its result here. */
const wayMs = 2_000;
const [down, unknown] = [verdictCode('down'), verdictCode('unknown')];

/** What the services of alerts rest on, as far as its answer could still say that it is the cause. */
@Injectable()
export class AwaitedUpstreamsRepository {
  constructor(readonly database: Database) {}

  /**
   * By id of the alert, until when something below its service could be confirmed to be down: what was seen failing, at the
   * end of the attempts that are missing; what was not seen since the outage began, at the end of its next, which was asked
   * for. Alerts below whose services everything has answered, or nothing can, are left out.
   */
  async untilMs(alerts: readonly StoredAlert[]): Promise<Map<number, number>> {
    const rows = await this.database.query<{ id: number; until: number }>(
      `with recursive asked as (
         select * from jsonb_to_recordset($1) as r(id int, "serviceId" int, "sinceMs" bigint, "firedMs" bigint)),
       below (alert, id, depth) as (
         select a.id, d.upstream_id, 1 from asked a join service_dependencies d on d.service_id = a."serviceId"
         union
         select b.alert, d.upstream_id, b.depth + 1
         from below b join service_dependencies d on d.service_id = b.id where b.depth < ${deepest}),
       series_below as (
         select b.alert, p.timeout_ms, p.recheck_after_ms, p.confirm_failures, st.observed_ms,
           coalesce((st.pending->>'contrary')::int, 0) as failed
         from (select distinct alert, id from below) b
         join services u on u.id = b.id and u.deleted_at is null and not u.paused
         join probes p on p.service_id = u.id and p.deleted_at is null and not p.paused and p.role = 'critical'
         join series s on s.probe_id = p.id and s.location_id is not null
         join series_status st on st.series_id = s.id
         where st.last_slot_ms >= 0 and st.label <> ${unknown} and st.stable <> ${down})
       select a.id, max(${wayMs} + x.timeout_ms + case when x.failed = 0 then a."firedMs"
           else x.observed_ms + (x.confirm_failures - x.failed) * greatest(x.recheck_after_ms, x.timeout_ms) end)
         as until
       from series_below x join asked a on a.id = x.alert
       where x.failed > 0 or x.observed_ms < a."sinceMs"
       group by a.id`,
      [JSON.stringify(alerts.map(({ id, serviceId, sinceMs, firedMs }) => ({ id, serviceId, sinceMs, firedMs })))],
    );
    return new Map(rows.map(({ id, until }) => [id, until]));
  }

  /** Ids of the services on whose answers alerts wait. */
  async awaited(): Promise<number[]> {
    const rows = await this.database.query<{ id: number }>(
      `with recursive below (id, depth) as (
         select d.upstream_id, 1 from alerts a join service_dependencies d on d.service_id = a.service_id
         where a.resolved_ms is null and a.muted = 'upstream'
         union
         select d.upstream_id, b.depth + 1
         from below b join service_dependencies d on d.service_id = b.id where b.depth < ${deepest})
       select distinct id from below`,
    );
    return rows.map(({ id }) => id);
  }
}
