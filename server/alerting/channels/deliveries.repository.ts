import { Injectable } from '@nestjs/common';
import type { AlertMessage, DeliveriesQuery, Delivery } from '../../contract/channels.ts';
import { Database } from '../../platform/database.ts';

export interface NewDelivery {
  channel: string;
  message: AlertMessage;
  dedupeKey: string;
  giveUpAfterMs: number;
}

/** The channel of a delivery that is somebody's to attempt. */
export interface HeldChannel {
  id: number;
  key: string;
  kind: string;
  config: Readonly<Record<string, unknown>>;
}

/** A delivery that is somebody's to attempt. */
export interface ClaimedDelivery {
  id: number;
  attempts: number;
  key: string;
  message: AlertMessage;
  /** Where the channel keeps the alert's first message. */
  previous: string | null;
  /** Since it was written. */
  ageMs: number;
  /** Until it is given up. */
  leftMs: number;
}

export interface DeliveryRow {
  id: number;
  alertId: number;
  fingerprint: string;
  moment: Delivery['moment'];
  urgency: Delivery['urgency'];
  title: string;
  state: Delivery['state'];
  attempts: number;
  said: string | null;
  createdAt: Date;
  nextAt: Date;
  giveUpAt: Date;
  endedAt: Date | null;
}

/** What is waiting and nobody is at. */
const isFree = `d.state = 'waiting' and d.next_at <= now() and (d.busy_until is null or d.busy_until < now())`;
/** Nothing is told of an alert before what was to be told earlier: a recovery never comes before the outage. */
const isFirst = `not exists (
  select 1 from deliveries e
  where e.channel_id = d.channel_id and e.fingerprint = d.fingerprint and e.state = 'waiting' and e.id < d.id)`;
const busyOf = (channel: string): string => `(
  select count(*) from deliveries b
  where b.channel_id = ${channel} and b.state = 'waiting' and b.busy_until >= now())`;

/** The outbox of alerts: what is to be told, by which channel, and how far it is. */
@Injectable()
export class DeliveriesRepository {
  constructor(readonly database: Database) {}

  /** Adds those that are not there yet; the ids of the channels that have something new. */
  async add(deliveries: readonly NewDelivery[]): Promise<number[]> {
    const rows = await this.database.query<{ channelId: number }>(
      `insert into deliveries (channel_id, dedupe_key, alert_id, fingerprint, moment, urgency, message, give_up_at)
       select c.id, item->>'dedupeKey', (message->'alert'->>'id')::int, message->'alert'->>'fingerprint',
         message->>'moment', message->>'urgency', message,
         now() + (item->>'giveUpAfterMs')::bigint * interval '1 millisecond'
       from json_array_elements($1) with ordinality as r(item, n)
       cross join lateral (select item->'message' as message) m
       join channels c on c.key = item->>'channel' and c.deleted_at is null
       order by r.n
       on conflict (dedupe_key) do nothing
       returning channel_id as "channelId"`,
      [JSON.stringify(deliveries)],
    );
    return [...new Set(rows.map(({ channelId }) => channelId))];
  }

  /** Those of some keys that no channel has. */
  async missing(keys: readonly string[]): Promise<string[]> {
    const rows = await this.database.query<{ key: string }>(
      `select distinct k.key from unnest($1::text[]) k(key)
       where not exists (select 1 from channels c where c.key = k.key and c.deleted_at is null)`,
      [keys],
    );
    return rows.map(({ key }) => key);
  }

  /**
   * Those to be attempted now, pages first: of each channel as many as it has room for, which stands by kind in `rooms`.
   * Of these channels, or of all.
   */
  due(rooms: Readonly<Record<string, number>>, channelIds: readonly number[] | null, most: number) {
    return this.database.query<{ id: number; attempts: number }>(
      `select d.id, d.attempts
       from channels c cross join lateral (
         select d.id, d.attempts, d.urgency, d.next_at from deliveries d
         where d.channel_id = c.id and ${isFree} and ${isFirst}
         order by d.urgency <> 'page', d.next_at, d.id
         limit greatest(0, coalesce(($1::json->>c.kind)::int, 1) - ${busyOf('c.id')})) d
       where c.hold_until <= now()
         and c.id in (select channel_id from deliveries where state = 'waiting')
         and ($2::int[] is null or c.id = any($2))
       order by d.urgency <> 'page', d.next_at, d.id limit $3`,
      [JSON.stringify(rooms), channelIds, most],
    );
  }

  /** Milliseconds until something is due that is not yet; null where nothing is. */
  async nextInMs(channelIds: readonly number[] | null): Promise<number | null> {
    const [row] = await this.database.query<{ ms: number | null }>(
      `select (extract(epoch from min(at) - now()) * 1000)::float8 as ms from (
         select greatest(d.next_at, d.busy_until, c.hold_until) as at
         from deliveries d join channels c on c.id = d.channel_id
         where d.state = 'waiting' and ($1::int[] is null or c.id = any($1))) due
       where at > now()`,
      [channelIds],
    );
    return row?.ms == null ? null : Math.ceil(row.ms);
  }

  /** Locks the channel of a delivery for the claim, so that its room is counted right. */
  async holdChannel(deliveryId: number): Promise<HeldChannel | undefined> {
    const [row] = await this.database.query<HeldChannel>(
      `select c.id, c.key, c.kind, c.config from channels c
       where c.id = (select channel_id from deliveries where id = $1) and c.hold_until <= now() for update`,
      [deliveryId],
    );
    return row;
  }

  /** Takes one over for an attempt; undefined where another has it, it was tried since, or it is not its turn. */
  async claim(
    { id, attempts }: { id: number; attempts: number },
    room: number,
    leaseMs: number,
  ): Promise<ClaimedDelivery | undefined> {
    const [row] = await this.database.query<ClaimedDelivery>(
      `with claimed as (
         update deliveries d set attempts = attempts + 1, busy_until = now() + $4 * interval '1 millisecond'
         where id = $1 and attempts = $2 and ${isFree} and ${isFirst} and ${busyOf('d.channel_id')} < $3
         returning d.*)
       select d.id, d.attempts, d.idempotency_key as key, d.message, m.reference as previous,
         (extract(epoch from clock_timestamp() - d.created_at) * 1000)::float8 as "ageMs",
         (extract(epoch from d.give_up_at - clock_timestamp()) * 1000)::float8 as "leftMs"
       from claimed d
       left join channel_messages m
         on m.channel_id = d.channel_id and m.alert_id = d.alert_id and d.moment <> 'test'`,
      [id, attempts, room, leaseMs],
    );
    return row;
  }

  /** Nothing is sent to a channel for so long; a longer hold stays. */
  async hold(channelId: number, ms: number): Promise<void> {
    await this.database.query(
      `update channels set hold_until = greatest(hold_until, now() + $2 * interval '1 millisecond') where id = $1`,
      [channelId, ms],
    );
  }

  async delivered(id: number, said: string): Promise<void> {
    await this.database.query(
      `update deliveries set state = 'delivered', said = $2, busy_until = null, ended_at = now()
       where id = $1 and state = 'waiting'`,
      [id, said],
    );
  }

  /** What was said, and after how long it is tried again; false where another attempt has taken over. */
  async again({ id, attempts }: { id: number; attempts: number }, said: string, afterMs: number): Promise<boolean> {
    const rows = await this.database.query(
      `update deliveries set said = $3, busy_until = null, next_at = now() + $4 * interval '1 millisecond'
       where id = $1 and attempts = $2 and state = 'waiting' returning id`,
      [id, attempts, said, afterMs],
    );
    return rows.length > 0;
  }

  /** As `again`, for good. */
  async failed({ id, attempts }: { id: number; attempts: number }, said: string): Promise<boolean> {
    const rows = await this.database.query(
      `update deliveries set state = 'failed', said = $3, busy_until = null, ended_at = now()
       where id = $1 and attempts = $2 and state = 'waiting' returning id`,
      [id, attempts, said],
    );
    return rows.length > 0;
  }

  /** Gives up everything that waits for a channel. */
  async failAll(channelId: number, said: string): Promise<{ id: number; message: AlertMessage }[]> {
    return this.database.query(
      `update deliveries set state = 'failed', said = $2, busy_until = null, ended_at = now()
       where channel_id = $1 and state = 'waiting' returning id, message`,
      [channelId, said],
    );
  }

  /** Gives up what waits for channels that want to be left alone for longer than it is of use. */
  async failHeld(said: string): Promise<{ id: number; channel: string; message: AlertMessage }[]> {
    return this.database.query(
      `update deliveries d set state = 'failed', said = $1, ended_at = now()
       from channels c
       where c.id = d.channel_id and d.state = 'waiting' and d.busy_until is null and c.hold_until > now()
         and c.hold_until > d.give_up_at
       returning d.id, c.key as channel, d.message`,
      [said],
    );
  }

  /** Where the channel keeps the first message about an alert. */
  async keepReference(channelId: number, alertId: number, reference: string): Promise<void> {
    await this.database.query(
      `insert into channel_messages (channel_id, alert_id, reference) values ($1, $2, $3)
       on conflict (channel_id, alert_id) do update set reference = excluded.reference, at = now()`,
      [channelId, alertId, reference],
    );
  }

  /** Newest first. */
  page(channelId: number, { limit, cursor, state }: DeliveriesQuery): Promise<DeliveryRow[]> {
    return this.database.query(
      `select id, alert_id as "alertId", fingerprint, moment, urgency, left(message->>'title', 300) as title, state, attempts, said,
         created_at as "createdAt", next_at as "nextAt", give_up_at as "giveUpAt", ended_at as "endedAt"
       from deliveries
       where channel_id = $1 and ($2::bigint is null or id < $2) and ($3::text is null or state = $3)
       order by id desc limit $4`,
      [channelId, cursor ?? null, state ?? null, limit + 1],
    );
  }

  /** How many of the last day failed, and how many should have been attempted long ago. */
  async troubles(): Promise<{ failed: number; overdue: number }> {
    const [row] = await this.database.query<{ failed: number; overdue: number }>(
      `select
         (select count(*)::int from deliveries
          where state = 'failed' and ended_at > now() - interval '1 day') as failed,
         (select count(*)::int from deliveries d join channels c on c.id = d.channel_id
          where d.state = 'waiting' and greatest(d.next_at, d.busy_until, c.hold_until) < now() - interval '2 minutes'
            and ${isFirst}) as overdue`,
    );
    return row!;
  }

  /** Forgets what ended long ago. */
  async forget(days: number): Promise<void> {
    await this.database.query(`delete from deliveries where ended_at < now() - $1 * interval '1 day'`, [days]);
    await this.database.query(`delete from channel_messages where at < now() - $1 * interval '1 day'`, [days]);
  }
}
