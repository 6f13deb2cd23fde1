import { Injectable } from '@nestjs/common';
import type { AlertMatcherInput, SilenceQuery } from '../../contract/alerts.ts';
import { Database } from '../../platform/database.ts';

export interface NewSilence {
  match: AlertMatcherInput;
  fingerprint: string | null;
  reason: string;
  author: string;
  fromMs: number;
  toMs: number;
}
export interface StoredSilence extends NewSilence {
  id: number;
}

const columns = `id, match, fingerprint, reason, author, from_ms as "fromMs", to_ms as "toMs"`;

/** Silences: what is not told, by whom, why, and until when. */
@Injectable()
export class SilencesRepository {
  constructor(readonly database: Database) {}

  async add({ match, fingerprint, reason, author, fromMs, toMs }: NewSilence): Promise<number> {
    const [row] = await this.database.query<{ id: number }>(
      `insert into silences (match, fingerprint, reason, author, from_ms, to_ms) values ($1, $2, $3, $4, $5, $6)
       returning id`,
      [JSON.stringify(match), fingerprint, reason, author, fromMs, toMs],
    );
    return row!.id;
  }

  async find(id: number): Promise<StoredSilence | null> {
    const [row] = await this.database.query<StoredSilence>(`select ${columns} from silences where id = $1`, [id]);
    return row ?? null;
  }

  holding(nowMs: number): Promise<StoredSilence[]> {
    return this.database.query(
      `select ${columns} from silences where not is_announced and from_ms <= $1 and to_ms > $1 order by to_ms desc`,
      [nowMs],
    );
  }

  /** Newest first. */
  page({ limit, cursor, state }: SilenceQuery, nowMs: number): Promise<StoredSilence[]> {
    return this.database.query(
      `select ${columns} from silences
       where ($1::int is null or id < $1)
         and ($2::text is null or $2 = case when to_ms <= $3 then 'ended' when from_ms > $3 then 'coming' else 'holding' end)
       order by id desc limit $4`,
      [cursor === undefined ? null : Number(cursor), state ?? null, nowMs, limit + 1],
    );
  }

  /** Ends one early; answers whether it held or was to come. */
  async end(id: number, nowMs: number): Promise<boolean> {
    const rows = await this.database.query(
      `update silences set to_ms = greatest(from_ms, $2) where id = $1 and to_ms > $2 returning id`,
      [id, nowMs],
    );
    return rows.length > 0;
  }

  /** Takes those whose end has come and was not told yet; nobody else does. */
  async takeEnded(nowMs: number): Promise<StoredSilence[]> {
    return this.database.query(
      `update silences set is_announced = true
       where id in (select id from silences where not is_announced and to_ms <= $1 order by id for update skip locked)
       returning ${columns}`,
      [nowMs],
    );
  }

  async nextEndMs(): Promise<number | null> {
    const [row] = await this.database.query<{ next: number | null }>(
      `select min(to_ms) as next from silences where not is_announced`,
    );
    return row?.next ?? null;
  }
}
