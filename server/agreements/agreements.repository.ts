import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database.ts';
import { restoreNewest } from '../platform/restored-row.ts';
import type { AgreementSnapshot } from './snapshot.ts';

/** `replaced`: as if it had never been. Only what was declared or signed is ever in force. */
export type VersionState = 'declared' | 'replaced' | 'proposed' | 'returned' | 'withdrawn' | 'signed';

export interface StoredVersion {
  id: number;
  number: number;
  state: VersionState;
  document: unknown;
  /** Local dates; `effectiveTo` is the first day on which it no longer holds. */
  effectiveFrom: string;
  effectiveTo: string | null;
  createdAt: string;
  /** Null for what was declared, as is `hash`. */
  snapshot: AgreementSnapshot | null;
  hash: string | null;
}

export interface StoredAgreement {
  id: number;
  key: string;
  managedBy: 'file' | null;
  draft: unknown;
  createdAt: Date;
  updatedAt: Date;
  /** In order of number. */
  versions: readonly StoredVersion[];
}

export interface AgreementDraft {
  key: string;
  managedBy: 'file' | null;
  draft: unknown;
}

export interface NewVersion {
  /** Key of the agreement. */
  key: string;
  state: VersionState;
  document: unknown;
  effectiveFrom: string;
  effectiveTo: string | null;
}

/** What is being written of each agreement, else its newest version. */
const newest = `
  select a.key, coalesce(a.draft, (
    select v.document from agreement_versions v where v.agreement_id = a.id order by v.number desc limit 1)) as document
  from agreements a where a.deleted_at is null`;

/** What a search finds of agreements. */
export const searchableAgreements = `
  select 'agreement', 5, key, coalesce(nullif(document->>'title', ''), key),
    (document->>'provider') || ' for ' || (document->>'customer'),
    key || ' ' || coalesce(document->>'title', '')
  from (${newest}) as newest`;

/** And of their objectives, each under the key by which others rest on it. */
export const searchableObjectives = `
  select 'objective', 10, newest.key || '/' || objective.key, title, coalesce(nullif(document->>'title', ''), newest.key),
    newest.key || '/' || objective.key || ' ' || title || ' ' || coalesce(document->>'title', '')
  from (${newest}) as newest
  cross join lateral json_each(case json_typeof(document->'objectives') when 'object' then document->'objectives' end)
    as objective
  cross join lateral (select coalesce(nullif(objective.value->>'title', ''),
    upper(left(objective.key, 1)) || replace(substr(objective.key, 2), '-', ' ')) as title) as named`;

@Injectable()
export class AgreementsRepository {
  constructor(readonly database: Database) {}

  /** In order of key: those of these keys, or all. */
  find(keys?: readonly string[]): Promise<StoredAgreement[]> {
    return this.database.query(
      `select a.id, a.key, a.managed_by as "managedBy", a.draft, a.created_at as "createdAt", a.updated_at as "updatedAt",
         coalesce((
           select json_agg(json_build_object('id', v.id, 'number', v.number, 'state', v.state, 'document', v.document,
             'effectiveFrom', v.effective_from, 'effectiveTo', v.effective_to, 'createdAt', v.created_at,
             'snapshot', v.snapshot, 'hash', v.hash) order by v.number)
           from agreement_versions v where v.agreement_id = a.id), '[]') as versions
       from agreements a
       where a.deleted_at is null and ($1::text[] is null or a.key = any($1))
       order by a.key collate "C"`,
      [keys ?? null],
    );
  }

  /** Keys of those whose texts hold one of these words in quotes, in order: few, and among them all that name a service. */
  async naming(words: readonly string[]): Promise<string[]> {
    const rows = await this.database.query<{ key: string }>(
      `select a.key from agreements a
       where a.deleted_at is null and exists (select from unnest($1::text[]) word
         where position('"' || word || '"' in a.draft::text) > 0 or exists (select from agreement_versions v
           where v.agreement_id = a.id and position('"' || word || '"' in v.document::text) > 0))
       order by a.key collate "C"`,
      [words],
    );
    return rows.map(({ key }) => key);
  }

  /** Makes agreements, or changes their drafts. */
  async write(drafts: readonly AgreementDraft[]): Promise<void> {
    await this.database.query(
      `insert into agreements (key, managed_by, draft)
       select key, "managedBy", draft from json_to_recordset($1) as r(key text, "managedBy" text, draft json)
       on conflict (key) where deleted_at is null
         do update set managed_by = excluded.managed_by, draft = excluded.draft, updated_at = now()`,
      [JSON.stringify(drafts)],
    );
  }

  /** Adds versions, numbered after those there are. */
  async addVersions(versions: readonly NewVersion[]): Promise<void> {
    await this.database.query(
      `insert into agreement_versions (agreement_id, number, state, document, effective_from, effective_to)
       select a.id, 1 + coalesce((select max(number) from agreement_versions v where v.agreement_id = a.id), 0),
         r.state, r.document, r."effectiveFrom", r."effectiveTo"
       from json_to_recordset($1)
         as r(key text, state text, document json, "effectiveFrom" date, "effectiveTo" date)
       join agreements a on a.key = r.key and a.deleted_at is null`,
      [JSON.stringify(versions)],
    );
  }

  /** Takes versions out of force, as if they had never been. */
  async replaceVersions(ids: readonly number[]): Promise<void> {
    await this.database.query(`update agreement_versions set state = 'replaced' where id = any($1)`, [ids]);
  }

  /** Ends versions on a local day. */
  async endVersions(ends: readonly { id: number; effectiveTo: string | null }[]): Promise<void> {
    await this.database.query(
      `update agreement_versions v set effective_to = r."effectiveTo"
       from jsonb_to_recordset($1) as r(id int, "effectiveTo" date) where v.id = r.id`,
      [JSON.stringify(ends)],
    );
  }

  async delete(keys: readonly string[]): Promise<void> {
    await this.database.query(`update agreements set deleted_at = now() where key = any($1) and deleted_at is null`, [
      keys,
    ]);
  }

  /** Brings back the one of a key that was deleted last. Answers whether there was one. */
  async restore(key: string): Promise<boolean> {
    return (await restoreNewest(this.database, 'agreements', key)) !== null;
  }
}
