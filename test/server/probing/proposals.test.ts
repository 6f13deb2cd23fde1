import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { proposalsSchema } from '../../../server/contract/proposals.ts';
import { httpTarget, type WebTarget } from '../../support/targets/http-target.ts';
import { put } from '../../support/measured.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

let server: TestServer;
let target: WebTarget;
beforeAll(async () => {
  target = await httpTarget((_request, response) => response.end('hello'));
  server = await startTestServer({ TROTH_ALLOW_LOOPBACK: 'true' });
  await put(server, 'teams/it', { name: 'IT' });
  await put(server, 'locations/hq', { name: 'Head office' });
  await put(server, 'services/payroll', { name: 'Payroll', owner: 'it' });
  await put(server, 'probes/payroll.web', { kind: 'http', locations: ['hq'], config: { url: `${target.url}/` } });
});
afterAll(async () => {
  await server.close();
  await target.close();
});

const propose = (body: unknown) => server.request('POST', '/api/v1/probes/propose', body);

describe('proposing probes', () => {
  it('knows the services and probes that are there', async () => {
    const { status, body } = await propose({ lines: [`${target.url}/ Payroll`, `${target.url}/new`], location: 'hq' });
    expect(status).toBe(200);
    const { proposals } = proposalsSchema.parse(body);
    expect(proposals.map(({ key, takenKey, watchedBy }) => [key, takenKey, watchedBy])).toEqual([
      ['payroll-2', 'payroll', 'payroll.web'],
      [expect.stringMatching(/^127-0-0-1-\d+-new$/), null, null],
    ]);
  });

  it('proposes what can be run and stored as it is', async () => {
    const lines = [`${target.url}/x`, new URL(target.url).host];
    const { body } = await propose({ lines, location: 'hq' });
    for (const { probes } of body.proposals) {
      const [{ kind, config, timeoutMs }] = probes;
      const run = await server.request('POST', '/api/v1/probes/run', { kind, config, timeoutMs });
      expect([run.status, run.body.verdict]).toEqual([200, 'up']);
    }
  });

  it('does not know whether a location without an agent can ping', async () => {
    const { body } = await propose({ lines: ['10.0.0.1'], location: 'hq' });
    expect([body.canPing, body.proposals[0].probes[0].kind]).toEqual([null, 'http']);
  });

  it.each([
    [{ lines: [], location: 'hq' }, 'lines'],
    [{ lines: ['a'], location: 'moon' }, 'location'],
  ])('names the field that is wrong in %j', async (body, path) => {
    const reply = await propose(body);
    expect([reply.status, reply.body.issues[0].path]).toEqual([422, path]);
  });
});
