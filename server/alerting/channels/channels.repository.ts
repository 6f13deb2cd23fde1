import { Injectable } from '@nestjs/common';
import type { ChannelInput } from '../../contract/channels.ts';
import { Database } from '../../platform/database.ts';
import { restoreNewest } from '../../platform/restored-row.ts';

export interface StoredChannel {
  id: number;
  key: string;
  name: string;
  kind: string;
  /** Secrets are sealed. */
  config: Readonly<Record<string, unknown>>;
  selfTest: ChannelInput['selfTest'];
  managedBy: 'file' | null;
  createdAt: Date;
  updatedAt: Date;
}

/** What came of what was sent to a channel. */
export interface ChannelCourse {
  waiting: number;
  lastDeliveredAt: Date | null;
  lastFailedAt: Date | null;
  lastFailedSaid: string | null;
}

const columns = `c.id, c.key, c.name, c.kind, c.config, c.self_test as "selfTest", c.managed_by as "managedBy",
  c.created_at as "createdAt", c.updated_at as "updatedAt"`;

/** Channels, with what became of their deliveries. */
@Injectable()
export class ChannelsRepository {
  constructor(readonly database: Database) {}

  /** In order of key: those of these keys, or all. */
  find(keys: readonly string[] | null = null): Promise<StoredChannel[]> {
    return this.database.query(
      `select ${columns} from channels c
       where c.deleted_at is null and ($1::text[] is null or c.key = any($1)) order by c.key collate "C"`,
      [keys],
    );
  }

  /** By the id of the channel. */
  async courses(ids: readonly number[]): Promise<ReadonlyMap<number, ChannelCourse>> {
    const rows = await this.database.query<ChannelCourse & { id: number }>(
      `select c.id,
         (select count(*)::int from deliveries d where d.channel_id = c.id and d.state = 'waiting') as waiting,
         (select d.ended_at from deliveries d where d.channel_id = c.id and d.state = 'delivered'
          order by d.id desc limit 1) as "lastDeliveredAt",
         failed.ended_at as "lastFailedAt", failed.said as "lastFailedSaid"
       from unnest($1::int[]) c(id)
       left join lateral (
         select d.ended_at, d.said from deliveries d where d.channel_id = c.id and d.state = 'failed'
         order by d.ended_at desc limit 1) failed on true`,
      [ids],
    );
    return new Map(rows.map(({ id, ...course }) => [id, course]));
  }

  /** Locks the key, so that two who write it at once do so one after the other. */
  async lock(key: string): Promise<void> {
    await this.database.query(`select pg_advisory_xact_lock(hashtext('channel ' || $1))`, [key]);
  }

  async write(key: string, { name, kind, config, selfTest }: ChannelInput): Promise<void> {
    await this.database.query(
      `insert into channels (key, name, kind, config, self_test) values ($1, $2, $3, $4, $5)
       on conflict (key) where deleted_at is null do update
         set name = excluded.name, kind = excluded.kind, config = excluded.config, self_test = excluded.self_test,
           updated_at = now(), hold_until = '-infinity'`,
      [key, name, kind, JSON.stringify(config), selfTest],
    );
  }

  async delete(key: string): Promise<void> {
    await this.database.query(`update channels set deleted_at = now() where key = $1 and deleted_at is null`, [key]);
  }

  async restore(key: string): Promise<boolean> {
    return (await restoreNewest(this.database, 'channels', key)) !== null;
  }

  /** Takes over those whose weekly test is due. */
  async dueForSelfTest(): Promise<{ key: string; name: string }[]> {
    return this.database.query(
      `update channels set self_tested_at = now()
       where self_test = 'weekly' and deleted_at is null and self_tested_at <= now() - interval '7 days'
       returning key, name`,
    );
  }
}
