import { Injectable } from '@nestjs/common';
import { serviceStates } from '../domain/service-state.ts';
import { Database } from '../platform/database.ts';

const unmonitored = serviceStates.indexOf('unmonitored');

export interface ChangeRow {
  service_id: number;
  key: string;
  name: string;
  /** Null where the timeline begins. */
  before: number | null;
  state: number;
  reason: number;
  from_ms: number;
  to_ms: number | null;
}

/** A place in the list: everything after it is older. */
export interface ChangePlace {
  fromMs: number;
  serviceId: number;
}

@Injectable()
export class ChangesRepository {
  constructor(readonly database: Database) {}

  /**
   * The changes of all services in [fromMs, toMs), newest first, from a place on. What held for less than a second, and
   * a timeline that begins with nothing measured, is no news.
   */
  newest(fromMs: number, toMs: number, after: ChangePlace | null, limit: number): Promise<ChangeRow[]> {
    return this.database.query<ChangeRow>(
      `select i.service_id, s.key, s.name, before.state as before, i.state, i.reason, i.from_ms, i.to_ms
       from service_intervals i
       join services s on s.id = i.service_id and s.deleted_at is null
       left join lateral (
         select state from service_intervals b
         where b.service_id = i.service_id and b.layer = 0 and b.from_ms < i.from_ms
         order by b.from_ms desc limit 1
       ) before on true
       where (i.to_ms is null or i.to_ms - i.from_ms >= 1000) and (before.state is not null or i.state <> $6)
         and i.layer = 0 and i.from_ms >= $1 and i.from_ms < $2 and (i.from_ms, i.service_id) < ($3, $4)
       order by i.from_ms desc, i.service_id desc limit $5`,
      [fromMs, toMs, after?.fromMs ?? toMs, after?.serviceId ?? 0, limit, unmonitored],
    );
  }
}
