import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database.ts';
import { restoreNewest } from '../../platform/restored-row.ts';

/** Things that people define, each sort in a table of its own. */
export type DefinedKind = 'on-call-schedule' | 'escalation-policy' | 'alert-route';

const tables: Record<DefinedKind, string> = {
  'on-call-schedule': 'on_call_schedules',
  'escalation-policy': 'escalation_policies',
  'alert-route': 'alert_routes',
};

export interface StoredDefinition {
  id: number;
  key: string;
  managedBy: 'file' | null;
  definition: unknown;
  updatedAt: Date;
}
export type DefinitionDraft = Pick<StoredDefinition, 'key' | 'managedBy' | 'definition'>;

const searchable = (kind: DefinedKind, sort: number): string =>
  `select '${kind}', ${sort}, key, definition->>'name', coalesce(definition->>'team', ''), key || ' ' || (definition->>'name')
   from ${tables[kind]} where deleted_at is null`;
/** Schedules and policies as a search finds them. */
export const searchableOnCall = `${searchable('on-call-schedule', 9)} union all ${searchable('escalation-policy', 10)}`;

@Injectable()
export class DefinitionsRepository {
  constructor(readonly database: Database) {}

  /** In order of key: those of these keys, or all. */
  find(kind: DefinedKind, keys?: readonly string[]): Promise<StoredDefinition[]> {
    return this.database.query(
      `select id, key, managed_by as "managedBy", definition, updated_at as "updatedAt" from ${tables[kind]}
       where deleted_at is null and ($1::text[] is null or key = any($1)) order by key collate "C"`,
      [keys ?? null],
    );
  }

  /** Makes them what they are given as. */
  async write(kind: DefinedKind, drafts: readonly DefinitionDraft[]): Promise<void> {
    await this.database.query(
      `insert into ${tables[kind]} (key, managed_by, definition)
       select key, "managedBy", definition
       from jsonb_to_recordset($1) as r(key text, "managedBy" text, definition jsonb)
       on conflict (key) where deleted_at is null
       do update set managed_by = excluded.managed_by, definition = excluded.definition, updated_at = now()`,
      [JSON.stringify(drafts)],
    );
  }

  async delete(kind: DefinedKind, keys: readonly string[]): Promise<void> {
    await this.database.query(
      `update ${tables[kind]} set deleted_at = now() where key = any($1) and deleted_at is null`,
      [keys],
    );
  }

  /** Brings back the one of a key that was deleted last. Answers whether there was one. */
  async restore(kind: DefinedKind, key: string): Promise<boolean> {
    return (await restoreNewest(this.database, tables[kind], key)) !== null;
  }
}
