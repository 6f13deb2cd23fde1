import { Injectable } from '@nestjs/common';
import type { Permission } from '../../contract/access.ts';
import type { ImportFault, ImportInput, ImportState, ImportedSubject } from '../../contract/history-imports.ts';
import { Database } from '../../platform/database.ts';
import type { Actor } from '../../platform/request-context.ts';
import type { RowSettings } from './import-rows.ts';

/** Who acts, as it is kept: jobs go on as them. */
export type KeptActor = Pick<Actor, 'kind' | 'name' | 'teams'> & { permissions: Permission[] };

export interface StoredImport extends Pick<ImportInput, 'kind' | 'format' | 'name' | 'bytes'> {
  id: number;
  settings: RowSettings;
  state: ImportState;
  receivedBytes: number;
  checkedBytes: number;
  rows: number;
  appliedRows: number;
  faults: ImportFault[];
  hasMoreFaults: boolean;
  preview: { columns: string[]; rows: string[][] };
  subjects: ImportedSubject[];
  subjectCount: number;
  createdAt: Date;
  appliedAt: Date | null;
  createdBy: KeptActor;
  confirmedBy: KeptActor | null;
}

/** What a check came to. */
export type CheckOutcome = Pick<
  StoredImport,
  'state' | 'rows' | 'faults' | 'hasMoreFaults' | 'preview' | 'subjects' | 'subjectCount'
>;

const columns = `id, kind, format, name, settings, state, bytes, received_bytes as "receivedBytes",
  checked_bytes as "checkedBytes", row_count as rows, applied_rows as "appliedRows", faults,
  has_more_faults as "hasMoreFaults", preview, subjects, subject_count as "subjectCount", created_at as "createdAt",
  applied_at as "appliedAt", created_by as "createdBy", confirmed_by as "confirmedBy"`;
/** Together with the number of an import: one that is taken over is taken over once. */
const applyLock = 7_217_097;
const heldFor = `interval '30 seconds'`;

/** Imports with their files, while these are on their way in. */
@Injectable()
export class HistoryImportsRepository {
  constructor(readonly database: Database) {}

  async insert({ kind, format, name, bytes }: ImportInput, settings: RowSettings, by: KeptActor): Promise<number> {
    const [row] = await this.database.query<{ id: number }>(
      `insert into history_imports (kind, format, name, bytes, settings, created_by) values ($1, $2, $3, $4, $5, $6)
       returning id`,
      [kind, format, name, bytes, JSON.stringify(settings), JSON.stringify(by)],
    );
    return row!.id;
  }

  async find(id: number): Promise<StoredImport | null> {
    const [row] = await this.database.query<StoredImport>(`select ${columns} from history_imports where id = $1`, [id]);
    return row ?? null;
  }

  /** The newest first, before one of them. */
  page(beforeId: number | null, most: number): Promise<StoredImport[]> {
    return this.database.query(
      `select ${columns} from history_imports where $1::int is null or id < $1 order by id desc limit $2`,
      [beforeId, most],
    );
  }

  /** How many are on their way in by somebody. */
  async openCount({ kind, name }: KeptActor): Promise<number> {
    const [row] = await this.database.query<{ count: number }>(
      `select count(*)::int as count from history_imports
       where state not in ('faulty', 'applied') and created_by ->> 'kind' = $1 and created_by ->> 'name' = $2`,
      [kind, name],
    );
    return row!.count;
  }

  /** Adds a piece of the file where it ends; false where it ends elsewhere, or nothing is awaited. */
  append(id: number, fromByte: number, content: Buffer): Promise<boolean> {
    return this.database.transaction(async () => {
      const moved = await this.database.query(
        `update history_imports set received_bytes = received_bytes + $3, touched_at = now(),
           state = case when received_bytes + $3 = bytes then 'checking' else state end
         where id = $1 and state = 'receiving' and received_bytes = $2 and received_bytes + $3 <= bytes returning 1`,
        [id, fromByte, content.length],
      );
      if (moved.length === 0) return false;
      await this.database.query(`insert into import_chunks (import_id, from_byte, content) values ($1, $2, $3)`, [
        ...[id, fromByte, content],
      ]);
      return true;
    });
  }

  /** The piece of the file that begins at a byte; null at its end. */
  async chunk(id: number, fromByte: number): Promise<Buffer | null> {
    const [row] = await this.database.query<{ content: Buffer }>(
      `select content from import_chunks where import_id = $1 and from_byte = $2`,
      [id, fromByte],
    );
    return row?.content ?? null;
  }

  /** Imports that are to be checked or taken over, and that nobody holds. */
  async due(): Promise<Pick<StoredImport, 'id' | 'state'>[]> {
    return this.database.query(
      `select id, state from history_imports where state in ('checking', 'applying') and held_until < now() order by id`,
    );
  }

  /** Takes an import to check it, from its beginning; null where somebody else does, or nothing is to be checked. */
  claim(id: number): Promise<number | null> {
    return this.database.transaction(async () => {
      const [row] = await this.database.query<{ attempt: number }>(
        `update history_imports set attempt = attempt + 1, held_until = now() + ${heldFor}, checked_bytes = 0, row_count = 0
         where id = $1 and state = 'checking' and held_until < now() returning attempt`,
        [id],
      );
      if (!row) return null;
      await this.database.query(`delete from import_rows where import_id = $1`, [id]);
      return row.attempt;
    });
  }

  /** Notes how far a check has come, and holds on to the import; false where another attempt has begun, or it is gone. */
  async advance(
    id: number,
    attempt: number,
    { checkedBytes, rows }: { checkedBytes: number; rows: number },
  ): Promise<boolean> {
    const noted = await this.database.query(
      `update history_imports set checked_bytes = $3, row_count = $4, held_until = now() + ${heldFor}
       where id = $1 and attempt = $2 and state = 'checking' returning 1`,
      [id, attempt, checkedBytes, rows],
    );
    return noted.length > 0;
  }

  /** Lets go of an import whose check failed in the middle, so that it is begun again soon. */
  async release(id: number, attempt: number): Promise<void> {
    await this.database.query(`update history_imports set held_until = now() where id = $1 and attempt = $2`, [
      ...[id, attempt],
    ]);
  }

  /** Ends a check; what was wrong as a whole is of no more use. */
  finishCheck(id: number, attempt: number, outcome: CheckOutcome): Promise<void> {
    return this.database.transaction(async () => {
      await this.database.query(
        `update history_imports set state = $3, row_count = $4, faults = $5, has_more_faults = $6, preview = $7,
           subjects = $8, subject_count = $9, checked_bytes = bytes, held_until = '-infinity', touched_at = now()
         where id = $1 and attempt = $2 and state = 'checking'`,
        [
          ...[id, attempt, outcome.state, outcome.rows, JSON.stringify(outcome.faults), outcome.hasMoreFaults],
          ...[JSON.stringify(outcome.preview), JSON.stringify(outcome.subjects), outcome.subjectCount],
        ],
      );
      if (outcome.state === 'faulty') await this.dropContent(id);
    });
  }

  /** Somebody agreed to a checked import; false where it is not to be agreed to. */
  async confirm(id: number, by: KeptActor): Promise<boolean> {
    const rows = await this.database.query(
      `update history_imports set state = 'applying', confirmed_by = $2, applied_rows = 0, touched_at = now()
       where id = $1 and state = 'checked' returning 1`,
      [id, JSON.stringify(by)],
    );
    return rows.length > 0;
  }

  /** Until the transaction ends, nobody else takes the import over, and its statements take the time they need. */
  async holdApplying(id: number): Promise<StoredImport | null> {
    await this.database.query(`select set_config('statement_timeout', '0', true)`);
    await this.database.query(`select pg_advisory_xact_lock($1, $2)`, [applyLock, id]);
    const found = await this.find(id);
    return found?.state === 'applying' ? found : null;
  }

  async noteApplied(id: number, appliedRows: number): Promise<void> {
    await this.database.query(`update history_imports set applied_rows = $2 where id = $1 and state = 'applying'`, [
      ...[id, appliedRows],
    ]);
  }

  async finishApply(id: number): Promise<void> {
    await this.database.query(
      `update history_imports set state = 'applied', applied_rows = row_count, applied_at = now(), touched_at = now()
       where id = $1`,
      [id],
    );
    await this.dropContent(id);
  }

  /** An import that could not be taken over as it was checked. */
  async failApply(id: number, fault: ImportFault): Promise<void> {
    await this.database.query(
      `update history_imports set state = 'faulty', faults = $2, touched_at = now() where id = $1 and state = 'applying'`,
      [id, JSON.stringify([fault])],
    );
    await this.dropContent(id);
  }

  async dropContent(id: number): Promise<void> {
    await this.database.query(`delete from import_chunks where import_id = $1`, [id]);
    await this.database.query(`delete from import_rows where import_id = $1`, [id]);
  }

  /** Removes one that is not being taken over, and was not; false where there is none. */
  async remove(id: number): Promise<boolean> {
    const rows = await this.database.query(
      `delete from history_imports where id = $1 and state not in ('applying', 'applied') returning 1`,
      [id],
    );
    return rows.length > 0;
  }

  /** Removes those that nobody went on with for a week. */
  async removeForgotten(): Promise<number[]> {
    const rows = await this.database.query<{ id: number }>(
      `delete from history_imports
       where state not in ('applying', 'applied') and touched_at < now() - interval '7 days' returning id`,
    );
    return rows.map(({ id }) => id);
  }
}
