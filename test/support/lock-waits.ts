import { AsyncLocalStorage } from 'node:async_hooks';
import type { TestServer } from './server.ts';
import { until } from './until.ts';

/** Runs an act that takes no part in the transaction around it, as one of another request would. */
export const outside = AsyncLocalStorage.snapshot() as <T>(act: () => T) => T;

/** Whether any transaction on the server's database waits for a lock of another. */
export async function isAnyWaiting(server: TestServer): Promise<boolean> {
  const [row] = await server.database.source.query(
    `select exists (
       select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
     ) as waiting`,
  );
  return row.waiting as boolean;
}

/** An act of another transaction that has ended, or waits for a lock. */
export interface Begun {
  end: Promise<unknown>;
}

/** Begins an act of another transaction, and comes back when it has ended or waits for a lock. */
export async function beginOutside(server: TestServer, act: () => Promise<unknown>): Promise<Begun> {
  let settled = false;
  const end = outside(act).finally(() => (settled = true));
  await until(async () => settled || (await isAnyWaiting(server)));
  return { end };
}
