import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database.ts';

export interface StoredFeed {
  id: number;
  name: string;
  by: string;
  createdAt: Date;
  lastUsedAt: Date | null;
}

export interface NewFeed {
  scheduleId: number;
  name: string;
  tokenHash: Buffer;
  /** The name of the account whose it is; null for a token of the API. */
  user: string | null;
  by: string;
}

const ofUser = (parameter: string): string => `(select id from users where name = ${parameter})`;
const columns = `id, name, actor as "by", created_at as "createdAt", last_used_at as "lastUsedAt"`;

/** Secret addresses under which calendars read the shifts of a schedule. */
@Injectable()
export class FeedsRepository {
  constructor(readonly database: Database) {}

  /** Those of a schedule in the order in which they were made: of one account, or of all for null. */
  page(scheduleId: number, user: string | null, after: number, limit: number): Promise<StoredFeed[]> {
    return this.database.query(
      `select ${columns} from on_call_feeds
       where schedule_id = $1 and ($2::text is null or user_id = ${ofUser('$2')}) and id > $3 order by id limit $4`,
      [scheduleId, user, after, limit],
    );
  }

  async insert({ scheduleId, name, tokenHash, user, by }: NewFeed): Promise<StoredFeed> {
    const [row] = await this.database.query<StoredFeed>(
      `insert into on_call_feeds (schedule_id, name, token_hash, user_id, actor) values ($1, $2, $3, ${ofUser('$4')}, $5)
       returning ${columns}`,
      [scheduleId, name, tokenHash, user, by],
    );
    return row!;
  }

  /** What was deleted: that of an id, of one account or of any for null. */
  async delete(scheduleId: number, user: string | null, id: number): Promise<StoredFeed | undefined> {
    const [row] = await this.database.query<StoredFeed>(
      `with gone as (
         delete from on_call_feeds where schedule_id = $1 and ($2::text is null or user_id = ${ofUser('$2')}) and id = $3 returning *)
       select ${columns} from gone`,
      [scheduleId, user, id],
    );
    return row;
  }

  /** Marks a feed as read. Whether a token opens a schedule: it does not once its account is gone or disabled. */
  async use(scheduleId: number, tokenHash: Buffer): Promise<boolean> {
    const rows = await this.database.query(
      `with used as (
         update on_call_feeds f set last_used_at = now()
         where schedule_id = $1 and token_hash = $2
           and (user_id is null or exists (select 1 from users u where u.id = f.user_id and not u.disabled))
         returning id)
       select id from used`,
      [scheduleId, tokenHash],
    );
    return rows.length > 0;
  }
}
