import { AsyncLocalStorage } from 'node:async_hooks';
import { vi } from 'vitest';
import type { TestServer } from './server.ts';

interface Statement {
  sql: string;
  parameters: unknown[] | undefined;
}

/** Statements with their parameters that `act` has the database do; what the server does meanwhile by itself is left out. */
export async function statementsOf({ database }: TestServer, act: () => Promise<unknown>): Promise<Statement[]> {
  const within = new AsyncLocalStorage<true>();
  const statements: Statement[] = [];
  const query = database.query.bind(database);
  const spy = vi.spyOn(database, 'query').mockImplementation((sql, parameters) => {
    if (within.getStore()) statements.push({ sql, parameters });
    return query(sql, parameters);
  });
  try {
    await within.run(true, act);
  } finally {
    spy.mockRestore();
  }
  return statements;
}
