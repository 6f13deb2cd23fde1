import { Client } from 'pg';
import { beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase } from '../../support/postgres.ts';

describe('a database for a test file', () => {
  let url: string;
  beforeAll(async () => {
    url = await freshDatabase();
  });

  it('holds every table and no rows, and is not shared', async () => {
    const other = await freshDatabase();
    expect(other).not.toBe(url);
    const client = new Client({ connectionString: url });
    await client.connect();
    const { rows } = await client.query(
      'select (select count(*) from services)::int as services, (select count(*) from troth_migrations)::int as migrations',
    );
    expect(rows[0].services).toBe(0);
    expect(rows[0].migrations).toBeGreaterThanOrEqual(4);
    await client.end();
  });
});
