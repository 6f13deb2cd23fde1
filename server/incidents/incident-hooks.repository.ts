import { Injectable } from '@nestjs/common';
import type { HookKind, HookMapping, IncidentHookInput } from '../contract/incident-hooks.ts';
import { Database } from '../platform/database.ts';

export interface StoredHook {
  readonly id: number;
  readonly key: string;
  readonly name: string;
  readonly kind: HookKind;
  readonly mapping: HookMapping;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

const hook = `select id, key, name, kind, mapping, created_at as "createdAt", updated_at as "updatedAt" from incident_hooks`;

/** Where other systems tell of their tickets, and what they told of late. */
@Injectable()
export class IncidentHooksRepository {
  constructor(readonly database: Database) {}

  /** In order of key. */
  all(): Promise<StoredHook[]> {
    return this.database.query(`${hook} order by key collate "C"`);
  }

  async byKey(key: string): Promise<StoredHook | null> {
    const [row] = await this.database.query<StoredHook>(`${hook} where key = $1`, [key]);
    return row ?? null;
  }

  async byId(id: number): Promise<StoredHook | null> {
    const [row] = await this.database.query<StoredHook>(`${hook} where id = $1`, [id]);
    return row ?? null;
  }

  async write(key: string, { name, kind, mapping }: IncidentHookInput): Promise<void> {
    await this.database.query(
      `insert into incident_hooks (key, name, kind, mapping) values ($1, $2, $3, $4)
       on conflict (key) do update set name = excluded.name, kind = excluded.kind, mapping = excluded.mapping,
         updated_at = now()`,
      [key, name, kind, JSON.stringify(mapping)],
    );
  }

  async delete(key: string): Promise<boolean> {
    const rows = await this.database.query(`delete from incident_hooks where key = $1 returning id`, [key]);
    return rows.length > 0;
  }

  /** Answers whether this came for the first time; what is too old to be taken again is forgotten. */
  async firstSight(hookId: number, digest: string): Promise<boolean> {
    await this.database.query(`delete from incident_hook_calls where received_at < now() - interval '1 hour'`);
    const rows = await this.database.query(
      `insert into incident_hook_calls (hook_id, digest) values ($1, $2) on conflict do nothing returning hook_id`,
      [hookId, digest],
    );
    return rows.length > 0;
  }
}
