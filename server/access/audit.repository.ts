import { Injectable } from '@nestjs/common';
import type { AuditEntry, AuditQuery } from '../contract/access.ts';
import type { Page } from '../contract/catalog.ts';
import { Database } from '../platform/database.ts';

export interface NewAuditEntry {
  actor: AuditEntry['actor'];
  action: string;
  subjectKind: string;
  subject: string;
  detail: unknown;
  address: string | null;
}

interface Row {
  id: number;
  at: Date;
  actor_kind: AuditEntry['actor']['kind'];
  actor: string;
  action: string;
  subject_kind: string;
  subject: string;
  detail: unknown;
  address: string | null;
}

const toEntry = (row: Row): AuditEntry => ({
  id: row.id,
  at: row.at.toISOString(),
  actor: { kind: row.actor_kind, name: row.actor },
  action: row.action,
  subject: { kind: row.subject_kind, key: row.subject },
  detail: row.detail,
  address: row.address,
});

@Injectable()
export class AuditRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async append(entries: readonly NewAuditEntry[]): Promise<void> {
    await this.#database.query(
      `insert into audit_trail (actor_kind, actor, action, subject_kind, subject, detail, address)
       select r.actor->>'kind', r.actor->>'name', r.action, r."subjectKind", r.subject, r.detail, r.address
       from jsonb_to_recordset($1)
         as r(actor jsonb, action text, "subjectKind" text, subject text, detail jsonb, address text)`,
      [JSON.stringify(entries)],
    );
  }

  /** Newest first. */
  async page({ limit, cursor, actor, action, subjectKind, subject, from, to }: AuditQuery): Promise<Page<AuditEntry>> {
    const rows = await this.#database.query<Row>(
      `select * from audit_trail
       where ($1::bigint is null or id < $1) and ($2::text is null or actor = $2) and ($3::text is null or action = $3)
         and ($4::text is null or subject_kind = $4) and ($5::text is null or subject = $5)
         and ($6::timestamptz is null or at >= $6) and ($7::timestamptz is null or at < $7)
       order by id desc limit $8`,
      [
        cursor ?? null,
        actor ?? null,
        action ?? null,
        subjectKind ?? null,
        subject ?? null,
        from ?? null,
        to ?? null,
        limit + 1,
      ],
    );
    const items = rows.slice(0, limit).map(toEntry);
    return { items, next: rows.length > limit ? String(items.at(-1)!.id) : null };
  }
}
