import { afterAll, inject } from 'vitest';

const given: string[] = [];

/**
 * The URL of a new database on the run's PostgreSQL, with every migration applied and no rows. It lives until the end
 * of the test file.
 */
export const freshDatabase = (): Promise<string> => askFor('');

/** The same without any table. */
export const emptyDatabase = (): Promise<string> => askFor('empty');

async function askFor(what: string): Promise<string> {
  const answer = await fetch(new URL(what, inject('databasesUrl')), { method: 'POST' });
  const text = await answer.text();
  if (!answer.ok) throw new Error(text);
  given.push(text);
  return text;
}

/** Called for every test file by the runner. */
export function dropDatabasesAfterFile(): void {
  afterAll(async () => {
    for (const url of given.splice(0)) {
      await fetch(new URL(new URL(url).pathname, inject('databasesUrl')), { method: 'DELETE' });
    }
  });
}
