import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { account } from '../../support/accounts.ts';
import { put } from '../../support/measured.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer({ TROTH_ROLES: 'api', LOG_LEVEL: 'silent' });
  for (const team of ['hr-it', 'hr', 'net']) await put(server, `teams/${team}`, { name: team });
  for (const service of ['payroll', 'core'])
    await put(server, `services/${service}`, { name: service, owner: 'hr-it' });
});
afterAll(() => server.close());

const agreement = (change: Record<string, unknown> = {}) => ({
  kind: 'SLA',
  title: 'Payroll for HR',
  provider: 'hr-it',
  customer: 'hr',
  effective: { from: '2026-01-01' },
  timeZone: 'Europe/Berlin',
  objectives: { availability: { type: 'availability', services: ['payroll'], target: '99.9' } },
  ...change,
});
const write = (key: string, change: Record<string, unknown> = {}, query = '') =>
  server.request('PUT', `/api/v1/agreements/${key}${query}`, agreement(change));
const get = async (path: string) => (await server.request('GET', `/api/v1/${path}`)).body;
const issues = async (change: Record<string, unknown>): Promise<string[]> => {
  const { status, body } = await write('faulty', change);
  expect(status).toBe(422);
  return body.issues.map(({ path, message }: { path: string; message: string }) => `${path}: ${message}`);
};

describe('the draft of an agreement', () => {
  it('is made, read, listed and changed; the same again changes nothing', async () => {
    expect((await write('hr-payroll')).status).toBe(201);
    const made = await get('agreements/hr-payroll');
    expect(made).toMatchObject({ key: 'hr-payroll', status: 'draft', versions: [], mayChange: true, managedBy: null });
    expect(made.document.counting).toMatchObject({
      minimumOutage: '0ms',
      maintenanceNotice: '5d',
      minimumCoverage: '95',
    });
    expect((await write('hr-payroll')).body.updatedAt).toBe(made.updatedAt);
    const changed = await write('hr-payroll', { title: 'Payroll' }, `?expect=${made.updatedAt}`);
    expect(changed).toMatchObject({ status: 200, body: { title: 'Payroll' } });
    expect((await write('hr-payroll', {}, `?expect=${made.updatedAt}`)).body.code).toBe('changed-meanwhile');
    const list = await get('agreements?team=hr&service=payroll&text=payr');
    expect(list.items.map(({ key }: { key: string }) => key)).toEqual(['hr-payroll']);
    expect((await get('agreements?service=core')).items).toEqual([]);
    const audit = await get('audit?limit=1');
    expect(audit.items[0]).toMatchObject({ action: 'agreement.changed', subject: { key: 'hr-payroll' } });
    expect(audit.items[0].detail.fields).toEqual([{ path: 'title', from: 'Payroll for HR', to: 'Payroll' }]);
  });

  it('refuses targets that are none, and names what is allowed', async () => {
    for (const target of ['0', '100', '-1', '99.1234567', '101', 'high', 99.9]) {
      const [issue] = await issues({ objectives: { availability: { type: 'availability', target } } });
      expect(issue).toMatch(/^objectives\.availability\.target: /);
    }
    const ok = await write('faulty', { objectives: { a: { type: 'availability', target: '99.123456' } } });
    expect(ok.status).toBe(201);
  });

  it('refuses what it refers to and is not there, an unknown zone, and parties that are one', async () => {
    expect(
      await issues({
        arbiter: 'nobody',
        services: ['payrol'],
        objectives: {
          a: { type: 'availability', services: ['nothing'], target: '99' },
          b: { type: 'recovery', maxAge: '1d', probe: 'payroll.backup' },
        },
        restsOn: ['network-ola/core'],
      }),
    ).toEqual([
      'arbiter: there is no team "nobody"; there is "hr", "hr-it", "net"',
      'services.0: there is no service "payrol"; did you mean "payroll"?',
      expect.stringMatching(/^restsOn\.0: there is no objective "network-ola\/core"/),
      'objectives.a.services.0: there is no service "nothing"; there is "core", "payroll"',
      'objectives.b.probe: there is no heartbeat probe "payroll.backup"',
    ]);
    expect(await issues({ timeZone: 'Mars/Base', customer: 'hr-it' })).toEqual([
      'timeZone: must be a time zone by its IANA name, such as Europe/Berlin',
      'customer: must be another team than the provider',
    ]);
    expect(await issues({ effective: { from: '2026-02-01', to: '2026-01-01' } })).toEqual([
      'effective.to: must be after the first day',
    ]);
    expect(await issues({ consequences: { credits: [{ objective: 'speed', below: '99', percent: '5' }] } })).toEqual([
      'consequences.credits.0.objective: names "speed", which is no objective of this agreement',
      'consequences.base: is needed for credits',
    ]);
  });

  it('refuses to rest on itself through others', async () => {
    await write('network-ola');
    expect((await write('upper', { restsOn: ['network-ola/availability'] })).status).toBe(201);
    const { body } = await write('network-ola', { restsOn: ['upper/availability'] });
    expect(body.issues).toEqual([
      { path: 'restsOn', message: expect.stringMatching(/^rests on itself: .*network-ola -> .*upper/) },
    ]);
    expect((await server.request('DELETE', '/api/v1/agreements/network-ola')).body).toMatchObject({
      code: 'in-use',
      detail: 'agreement "upper" rests on it',
    });
  });

  it('is deleted and brought back', async () => {
    await write('passing');
    expect((await server.request('GET', '/api/v1/agreements/passing')).body.mayDelete).toBe(true);
    expect((await server.request('DELETE', '/api/v1/agreements/passing')).status).toBe(204);
    expect((await server.request('GET', '/api/v1/agreements/passing')).status).toBe(404);
    expect((await server.request('POST', '/api/v1/agreements/passing/restore')).body.title).toBe('Payroll for HR');
  });

  it('belongs to its parties', async () => {
    const outsider = await account(server, 'nora', 'owner', ['net']);
    const party = await account(server, 'hanna', 'owner', ['hr']);
    const asked = (cookie: string) => server.request('PUT', '/api/v1/agreements/theirs', agreement(), { cookie });
    expect(await asked(outsider)).toMatchObject({
      status: 403,
      body: { detail: 'Only its parties and admins may change this agreement' },
    });
    expect((await asked(party)).status).toBe(201);
  });
});
