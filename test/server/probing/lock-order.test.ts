import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RecordResultsService } from '../../../server/probing/record-results.service.ts';
import { isAnyWaiting } from '../../support/lock-waits.ts';
import { MeasuredService } from '../../support/measured.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';
import { until } from '../../support/until.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer({ TROTH_ROLES: 'api,ingest' });
});
afterAll(() => server?.close());

const probe = (every: number, port: number) => ({
  kind: 'http',
  every,
  timeout: 5_000,
  locations: ['hq'],
  confirm: { failures: 1 },
  config: { url: `http://127.0.0.1:${port}/` },
});

/** A batch is being recorded when a probe of its service is changed, and goes on with the change waiting for it. */
describe('a change of a probe while its results are recorded', () => {
  it.each([
    ['of its target', 'target', probe(60_000, 10)],
    ['of its plan', 'plan', probe(30_000, 9)],
  ])('%s does not lock the two out of each other', async (_what, key, changed) => {
    const made = await MeasuredService.make(server, key, { probe: { confirm: { failures: 1 } } });
    await made.record([made.saw(-2, 'up')]);
    const results = server.app.get(RecordResultsService);
    let change: Promise<{ status: number; body: unknown }> | undefined;
    await server.database.transaction(async () => {
      // Seen a moment ago already: the board need not be told of it.
      await results.recordBatches([made.batch([made.saw(-2, 'up', { attempt: 1 })])]);
      let settled = false;
      change = server.request('PUT', `/api/v1/probes/${key}.main`, changed).finally(() => (settled = true));
      await until(async () => settled || (await isAnyWaiting(server)));
      // Another state: the service and the board change too.
      await results.recordBatches([made.batch([made.saw(0, 'down')])]);
    });
    expect(await change).toMatchObject({ status: 200, body: { config: changed.config } });
    expect((await made.story()).at(-1)).toEqual([0, 'down']);
  });
});
