import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database.ts';

export interface LocationSilence {
  readonly id: number;
  readonly key: string;
  readonly name: string;
  /** When an agent there was last heard, epoch ms. */
  readonly heardMs: number;
  readonly isSilent: boolean;
  /** The newest incident about its silence; null where there was none. */
  readonly incidentId: number | null;
  readonly resolvedMs: number | null;
}

/** Which locations are silent, and what nobody sees while they are. */
@Injectable()
export class SilentLocationsRepository {
  constructor(readonly database: Database) {}

  /** Locations that owe something, which are silent for so long, or whose incident goes on though they are not. */
  turned(silenceMs: number): Promise<LocationSilence[]> {
    return this.database.query(
      `with heard as (
         select l.id, l.key, l.name, max(a.last_seen_at) as seen from locations l join agents a on a.location_id = l.id
         where l.deleted_at is null and exists (select from probe_locations o join probes p on p.id = o.probe_id
             join services s on s.id = p.service_id
           where o.location_id = l.id and p.deleted_at is null and s.deleted_at is null and not s.paused)
         group by l.id, l.key, l.name),
       newest as (
         select distinct on (i.location_id) i.location_id, i.id, i.resolved_ms from incidents i
         where i.location_id in (select id from heard) and i.merged_into_id is null
         order by i.location_id, i.started_ms desc, i.id desc)
       select h.id, h.key, h.name, (extract(epoch from h.seen) * 1000)::bigint as "heardMs",
         h.seen < now() - $1 * interval '1 millisecond' as "isSilent", n.id as "incidentId", n.resolved_ms as "resolvedMs"
       from heard h left join newest n on n.location_id = h.id
       where (h.seen < now() - $1 * interval '1 millisecond') = (n.id is null or n.resolved_ms is not null)
       order by h.id`,
      [silenceMs],
    );
  }

  /** Services with a probe that no other location runs, or none that is heard. */
  async hidden(
    locationIds: readonly number[],
    silenceMs: number,
  ): Promise<{ locationId: number; serviceId: number }[]> {
    return this.database.query(
      `select distinct o.location_id as "locationId", p.service_id as "serviceId"
       from probe_locations o join probes p on p.id = o.probe_id join services s on s.id = p.service_id
       where o.location_id = any($1) and p.deleted_at is null and s.deleted_at is null and not s.paused
         and not exists (select from probe_locations other join agents a on a.location_id = other.location_id
           where other.probe_id = p.id and a.last_seen_at >= now() - $2 * interval '1 millisecond')`,
      [locationIds, silenceMs],
    );
  }
}
