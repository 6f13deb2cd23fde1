import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database.ts';

export interface StoredOverride {
  id: number;
  scheduleId: number;
  member: string;
  from: Date;
  to: Date;
  reason: string;
  by: string;
  createdAt: Date;
}

const columns = `id, schedule_id as "scheduleId", member, from_at as "from", to_at as "to", reason, actor as "by",
  created_at as "createdAt"`;

/** Who is on call instead of whom a schedule names. */
@Injectable()
export class OverridesRepository {
  constructor(readonly database: Database) {}

  /** Those of schedules that touch [from, to), the oldest first. */
  touching(scheduleIds: readonly number[], from: Date, to: Date): Promise<StoredOverride[]> {
    return this.database.query(
      `select ${columns} from on_call_overrides
       where schedule_id = any($1) and to_at > $2 and from_at < $3 order by id`,
      [scheduleIds, from, to],
    );
  }

  /** Those of one schedule that end after an instant, by their ids, behind that of `after`. */
  page(scheduleId: number, endingAfter: Date, after: number, limit: number): Promise<StoredOverride[]> {
    return this.database.query(
      `select ${columns} from on_call_overrides
       where schedule_id = $1 and to_at > $2 and id > $3 order by id limit $4`,
      [scheduleId, endingAfter, after, limit],
    );
  }

  async insert(override: Omit<StoredOverride, 'id' | 'createdAt'>): Promise<StoredOverride> {
    const { scheduleId, member, from, to, reason, by } = override;
    const [row] = await this.database.query<StoredOverride>(
      `insert into on_call_overrides (schedule_id, member, from_at, to_at, reason, actor)
       values ($1, $2, $3, $4, $5, $6) returning ${columns}`,
      [scheduleId, member, from, to, reason, by],
    );
    return row!;
  }

  /** What was deleted; undefined where the schedule has none of that id. */
  async delete(scheduleId: number, id: number): Promise<StoredOverride | undefined> {
    const [row] = await this.database.query<StoredOverride>(
      `with gone as (delete from on_call_overrides where schedule_id = $1 and id = $2 returning *)
       select ${columns} from gone`,
      [scheduleId, id],
    );
    return row;
  }
}
