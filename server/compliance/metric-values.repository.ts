import { Injectable } from '@nestjs/common';
import type { Span } from '../domain/spans.ts';
import { Database } from '../platform/database.ts';

/** A value as it is stored: a decimal text, exact, without zeros that say nothing. */
export interface StoredValue {
  readonly atMs: number;
  readonly value: string;
}
export type ReceivedValue = StoredValue & { readonly receivedAt: Date };

export interface StoredMetric extends StoredValue {
  readonly key: string;
  readonly count: number;
}

export interface ChangedValue {
  readonly atMs: number;
  readonly before: string;
  readonly after: string | null;
}
export interface StoredChange extends ChangedValue {
  readonly id: number;
  readonly reason: string | null;
  readonly by: string;
  readonly changedAt: Date;
}

const value = 'trim_scale(v.value)::text as value';

/** Metrics that have values, as a search finds them. */
export const searchableMetrics = `
  select 'metric', 9, m.key, m.key, '', m.key from metrics m
  where exists (select from metric_values v where v.metric_id = m.id)`;

@Injectable()
export class MetricValuesRepository {
  constructor(readonly database: Database) {}

  /** In order of key, after one; with the last value of each. */
  page(after: string | null, most: number): Promise<StoredMetric[]> {
    return this.database.query(
      `select m.key, (select count(*)::int from metric_values where metric_id = m.id) as count, v.at_ms as "atMs", ${value}
       from metrics m
       cross join lateral (select * from metric_values where metric_id = m.id order by at_ms desc limit 1) v
       where $1::text is null or m.key collate "C" > $1
       order by m.key collate "C" limit $2`,
      [after, most],
    );
  }

  /** How many values metrics have in spans, and which at the instant of each. */
  spans(asked: readonly (Span & { key: string; atMs: number })[]): Promise<{ count: number; value: string | null }[]> {
    return this.database.query(
      `select told.count, told.value
       from unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[]) with ordinality
         as asked (key, from_ms, to_ms, at_ms, place)
       left join metrics m on m.key = asked.key
       cross join lateral (
         select count(*)::int as count, trim_scale(max(v.value) filter (where v.at_ms = asked.at_ms))::text as value
         from metric_values v where v.metric_id = m.id and v.at_ms >= asked.from_ms and v.at_ms < asked.to_ms) as told
       order by asked.place`,
      [
        asked.map(({ key }) => key),
        asked.map(({ fromMs }) => fromMs),
        asked.map(({ toMs }) => toMs),
        asked.map(({ atMs }) => atMs),
      ],
    );
  }

  async keys(): Promise<string[]> {
    const rows = await this.database.query<{ key: string }>(`select key from metrics order by key collate "C"`);
    return rows.map(({ key }) => key);
  }

  async id(key: string): Promise<number | null> {
    const [row] = await this.database.query<{ id: number }>(`select id from metrics where key = $1`, [key]);
    return row?.id ?? null;
  }

  /** The metric of a key, made where it is missing; held until the transaction ends, one writer at a time. */
  async hold(key: string): Promise<number> {
    const [row] = await this.database.query<{ id: number }>(
      `insert into metrics (key) values ($1) on conflict (key) do update set key = excluded.key returning id`,
      [key],
    );
    return row!.id;
  }

  /** Values of a metric in [fromMs, toMs), the newest first. */
  newest(id: number, fromMs: number | null, toMs: number | null, most: number): Promise<ReceivedValue[]> {
    return this.database.query(
      `select v.at_ms as "atMs", ${value}, v.received_at as "receivedAt" from metric_values v
       where v.metric_id = $1 and ($2::bigint is null or v.at_ms >= $2) and ($3::bigint is null or v.at_ms < $3)
       order by v.at_ms desc limit $4`,
      [id, fromMs, toMs, most],
    );
  }

  /** Values of some metrics in [fromMs, toMs), in order of time. */
  between(keys: readonly string[], fromMs: number, toMs: number): Promise<(StoredValue & { key: string })[]> {
    return this.database.query(
      `select m.key, v.at_ms as "atMs", ${value} from metrics m join metric_values v on v.metric_id = m.id
       where m.key = any($1) and v.at_ms >= $2 and v.at_ms < $3 order by v.at_ms`,
      [keys, fromMs, toMs],
    );
  }

  /** What is stored of a metric at some instants. */
  at(id: number, instantsMs: readonly number[]): Promise<StoredValue[]> {
    return this.database.query(
      `select v.at_ms as "atMs", ${value} from metric_values v where v.metric_id = $1 and v.at_ms = any($2::bigint[])`,
      [id, instantsMs],
    );
  }

  /** Stores values; one that is there already at its instant is replaced. */
  async write(id: number, values: readonly StoredValue[]): Promise<void> {
    await this.database.query(
      `insert into metric_values (metric_id, at_ms, value) select $1, * from unnest($2::bigint[], $3::numeric[])
       on conflict (metric_id, at_ms) do update set value = excluded.value, received_at = excluded.received_at`,
      [id, values.map(({ atMs }) => atMs), values.map((one) => one.value)],
    );
  }

  /** How many of some values are there already, and how many are there as others. */
  async compare(key: string, values: readonly StoredValue[]): Promise<{ unchanged: number; replaces: number }> {
    const [row] = await this.database.query<{ unchanged: number; replaces: number }>(
      `select count(*) filter (where v.value = given.value)::int as unchanged,
         count(*) filter (where v.value <> given.value)::int as replaces
       from unnest($2::bigint[], $3::numeric[]) as given (at_ms, value)
       join metric_values v on v.at_ms = given.at_ms join metrics m on m.id = v.metric_id and m.key = $1`,
      [key, values.map(({ atMs }) => atMs), values.map((one) => one.value)],
    );
    return row!;
  }

  /** Keeps what values were before they gave way. */
  async keepChanges(
    key: string,
    changes: readonly ChangedValue[],
    { by, reason }: { by: { kind: string; name: string }; reason: string | null },
  ): Promise<void> {
    if (changes.length === 0) return;
    await this.database.query(
      `insert into metric_changes (metric, at_ms, before, after, reason, by_kind, by_name)
       select $1, at_ms, before, after, $5, $6, $7
       from unnest($2::bigint[], $3::numeric[], $4::numeric[]) as changed (at_ms, before, after)`,
      [
        key,
        changes.map(({ atMs }) => atMs),
        changes.map(({ before }) => before),
        changes.map(({ after }) => after),
        ...[reason, by.kind, by.name],
      ],
    );
  }

  /** What gave way, the newest first, before one of them. */
  changes(key: string, beforeId: number | null, most: number): Promise<StoredChange[]> {
    return this.database.query(
      `select c.id, c.at_ms as "atMs", trim_scale(c.before)::text as before, trim_scale(c.after)::text as after, c.reason,
         c.by_name as "by", c.changed_at as "changedAt"
       from metric_changes c where c.metric = $1 and ($2::bigint is null or c.id < $2) order by c.id desc limit $3`,
      [key, beforeId, most],
    );
  }

  /** Deletes a value, with the metric where it was the last one; null where there is none. */
  async delete(id: number, atMs: number): Promise<string | null> {
    const [row] = await this.database.query<{ value: string }>(
      `delete from metric_values v where v.metric_id = $1 and v.at_ms = $2 returning ${value}`,
      [id, atMs],
    );
    if (!row) return null;
    await this.database.query(
      `delete from metrics where id = $1 and not exists (select from metric_values where metric_id = $1)`,
      [id],
    );
    return row.value;
  }
}
