import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Demo } from '../../../server/contract/demo.ts';
import { DemoHistoryService } from '../../../server/demo/demo-history.service.ts';
import { DemoPromisesService } from '../../../server/demo/demo-promises.service.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';
import { until } from '../../support/until.ts';

let server: TestServer;

const draft = (more: object) => ({
  ...{ kind: 'SLA', title: 'Ours', provider: 'own', customer: 'others', timeZone: 'UTC' },
  effective: { from: '2026-01-01' },
  services: ['own-service'],
  objectives: { availability: { type: 'availability', target: '99' } },
  ...more,
});
const call = async (method: string, path: string, body?: unknown) => {
  const reply = await server.request(method, `/api/v1/${path}`, body);
  expect(reply.status, JSON.stringify(reply.body)).toBeLessThan(300);
  return reply.body;
};
/** Declared by the config file, so that it has versions. */
const declare = (key: string, more: object) =>
  call(
    'POST',
    'config/apply?prune=false',
    JSON.stringify({ apiVersion: 'troth/v1', agreements: { [key]: draft({ status: 'declared', ...more }) } }),
  );

/** What stands in the way of removing the demo, all of which is there still. */
async function refusal(): Promise<string[]> {
  const { status, body } = await server.request('DELETE', '/api/v1/demo');
  expect([status, body.code], JSON.stringify(body)).toEqual([409, 'in-use']);
  expect(((await call('GET', 'demo')) as Demo).state).toBe('loaded');
  expect((await call('GET', 'agreements/demo-payroll')).versions).toHaveLength(3);
  return (body.detail as string).split('; ').toSorted();
}

beforeAll(async () => {
  server = await startTestServer();
  for (const key of ['own', 'others']) await call('PUT', `teams/${key}`, { name: key });
  await call('PUT', 'services/own-service', { name: 'Ours', owner: 'own' });
  // Its history is in nobody's way.
  vi.spyOn(server.app.get(DemoHistoryService), 'importTimeline').mockResolvedValue();
  vi.spyOn(server.app.get(DemoHistoryService), 'enterIncidents').mockResolvedValue();
  vi.spyOn(server.app.get(DemoPromisesService), 'freeze').mockResolvedValue();
  vi.spyOn(server.app.get(DemoPromisesService), 'contest').mockResolvedValue();
  await call('POST', 'demo', { probes: [] });
  await until(async () => ((await call('GET', 'demo')) as Demo).state === 'loaded', 100_000);
}, 130_000);
afterAll(() => server.close());

describe('removing the demo is refused while an agreement of our own', () => {
  it('rests on one of the demo, includes its terms, or is judged by a number of it', async () => {
    await call('PUT', 'agreements/own-rests', draft({ restsOn: ['demo-network-ola/core'] }));
    await call('PUT', 'agreements/own-includes', draft({ framework: 'demo-house-terms' }));
    await call(
      'PUT',
      'agreements/own-numbers',
      draft({ objectives: { leads: { type: 'metric', metric: 'demo-leads', atLeast: '5' } } }),
    );
    expect(await refusal()).toEqual([
      'agreement "own-includes" includes "demo-house-terms"',
      'agreement "own-numbers" is judged by metric "demo-leads"',
      'agreement "own-rests" rests on "demo-network-ola/core"',
    ]);
    for (const key of ['own-rests', 'own-includes', 'own-numbers']) await call('DELETE', `agreements/${key}`);
  });

  it('names a service of it in a version that held before, or in its draft', async () => {
    await declare('own-earlier', { services: ['demo-payroll'] });
    await declare('own-earlier', { effective: { from: '2026-03-01' } });
    await declare('own-draft', {});
    await server.database.query(`update agreements set draft = $1 where key = 'own-draft'`, [
      JSON.stringify(draft({ services: ['demo-accounting'], calendar: 'demo-office' })),
    ]);
    expect(await refusal()).toEqual([
      'agreement "own-draft" names calendar "demo-office"',
      'agreement "own-draft" names service "demo-accounting"',
      'agreement "own-earlier" names service "demo-payroll"',
    ]);
    await server.database.query(`update agreements set draft = null where key = 'own-draft'`);
    await server.database.query(
      `update agreement_versions set state = 'replaced' where document->'services'->>0 = 'demo-payroll'
       and agreement_id = (select id from agreements where key = 'own-earlier')`,
    );
  });

  it('has a correction on a service of it', async () => {
    await server.database.query(
      `insert into corrections (agreement_id, service_id, from_ms, to_ms, counts_as, reason, party, proposer_kind, proposer,
         proposed_ms, due_ms, effects)
       select a.id, s.id, 0, 1, 'up', 'It was up', 'provider', 'user', 'anna', 2, 3, '[]'
       from agreements a, services s where a.key = 'own-draft' and s.key = 'demo-customers'`,
    );
    expect(await refusal()).toEqual(['agreement "own-draft" has a correction on service "demo-customers"']);
  });
});
