import { afterAll, beforeAll, expect, it } from 'vitest';
import { DemoRemainsRepository } from '../../../server/demo/demo-remains.repository.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';
import { until } from '../../support/until.ts';

let server: TestServer;

beforeAll(async () => {
  // Nothing else writes here.
  server = await startTestServer({ TROTH_ROLES: 'api' });
});
afterAll(() => server.close());

it('takes away what is changed at the same moment, and what is added to it', async () => {
  const { database } = server;
  const remains = server.app.get(DemoRemainsRepository);
  const [{ id }] = (await database.query<{ id: number }>(
    `with made as (insert into agreements (key, draft) values ('gone', '{}') returning id) select id from made`,
  )) as [{ id: number }];
  await database.query(
    `insert into running_agreements (agreement_id, told, rests_on, refresh_ms, verdicts) values ($1, '{}', '{}', 0, 'met')`,
    [id],
  );
  const other = database.source.createQueryRunner();
  await other.startTransaction();
  await other.query(`update running_agreements set verdicts = 'missed'`);
  await other.query(
    `insert into agreement_versions (agreement_id, number, state, document, effective_from)
     values ($1, 1, 'declared', '{}', '2026-01-01')`,
    [id],
  );
  const removing = database.transaction(() => remains.delete(new Map([['agreements', [id]]])));
  const ended = removing.then(
    () => null,
    (err: unknown) => err,
  );
  await until(async () => (await database.query('select 1 from pg_locks where not granted')).length > 0);
  await other.commitTransaction();
  await other.release();
  expect(await ended).toBeNull();
  for (const table of ['agreements', 'agreement_versions', 'running_agreements'])
    expect(await database.query(`select 1 from ${table}`)).toEqual([]);
});
