import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database.ts';

export const watchKinds = ['promises', 'clocks', 'flapping'] as const;
export type WatchKind = (typeof watchKinds)[number];

export interface Watch<State = unknown> {
  readonly subject: number;
  readonly state: Partial<State>;
}

/** How one goes on after it was looked at. */
export interface WatchStep<State = unknown> {
  readonly subject: number;
  /** Null: there is nothing to keep, and nothing to look at. */
  readonly state: State | null;
  /** Null: when something happens. */
  readonly dueMs: number | null;
}

/** What is looked at when its time comes: promises, clocks of incidents, services that flap. */
@Injectable()
export class AlertWatchesRepository {
  constructor(readonly database: Database) {}

  /** They are looked at at an instant, or sooner where they were to be anyway. */
  async watch(kind: WatchKind, subjects: readonly number[], dueMs: number): Promise<void> {
    await this.database.query(
      `insert into alert_watches as w (kind, subject, due_ms)
       select $1, subject, $3 from unnest($2::int[]) subject order by subject
       on conflict (kind, subject) do update set due_ms = least(w.due_ms, excluded.due_ms)`,
      [kind, [...new Set(subjects)], dueMs],
    );
  }

  /** Those of agreements by their keys, also of those that are gone. */
  async watchAgreements(keys: readonly string[], dueMs: number): Promise<void> {
    const rows = await this.database.query<{ id: number }>(`select id from agreements where key = any($1)`, [keys]);
    await this.watch(
      'promises',
      rows.map(({ id }) => id),
      dueMs,
    );
  }

  /** Takes some that are due; nobody else has them until the transaction ends. */
  takeDue<State>(kind: WatchKind, nowMs: number, most: number): Promise<Watch<State>[]> {
    return this.database.query(
      `select subject, state from alert_watches where kind = $1 and due_ms <= $2
       order by due_ms, subject limit $3 for update skip locked`,
      [kind, nowMs, most],
    );
  }

  async step(kind: WatchKind, steps: readonly WatchStep[]): Promise<void> {
    const over = steps.filter(({ state }) => state === null).map(({ subject }) => subject);
    await this.database.query(`delete from alert_watches where kind = $1 and subject = any($2)`, [kind, over]);
    await this.database.query(
      `update alert_watches w set due_ms = r."dueMs", state = r.state
       from jsonb_to_recordset($2) as r(subject int, "dueMs" bigint, state jsonb)
       where w.kind = $1 and w.subject = r.subject and r.state is not null`,
      [kind, JSON.stringify(steps)],
    );
  }

  async nextDueMs(): Promise<number | null> {
    const [row] = await this.database.query<{ next: number | null }>(
      `select min(due_ms) as next from alert_watches where due_ms is not null`,
    );
    return row?.next ?? null;
  }

  /** Keys of agreements by id; those that are gone are left out. */
  async agreementKeys(ids: readonly number[]): Promise<Map<number, string>> {
    const rows = await this.database.query<{ id: number; key: string }>(
      `select id, key from agreements where id = any($1) and deleted_at is null`,
      [ids],
    );
    return new Map(rows.map(({ id, key }) => [id, key]));
  }
}
