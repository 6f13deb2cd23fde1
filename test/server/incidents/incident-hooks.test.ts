import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { IncidentHook, IncidentHookInput } from '../../../server/contract/incident-hooks.ts';
import { account } from '../../support/accounts.ts';
import { put } from '../../support/measured.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ TROTH_ROLES: 'api' });
  await put(server, 'teams/it', { name: 'IT' });
  for (const key of ['payroll', 'mail']) await put(server, `services/${key}`, { name: key, owner: 'it' });
});
afterAll(() => server?.close());

const hook = async (key: string, input: Partial<IncidentHookInput>): Promise<IncidentHook> => {
  const reply = await server.request('PUT', `/api/v1/incident-hooks/${key}`, { name: key, ...input });
  expect(reply.status, JSON.stringify(reply.body)).toBe(200);
  return reply.body;
};
const hmac = (secret: string, text: string) => createHmac('sha256', secret).update(text).digest('hex');
const json = { 'Content-Type': 'application/json' };
const raw = (path: string, body: string, headers: Record<string, string>) =>
  server.request('POST', path, body, { token: null, headers: { ...json, ...headers } });
/** Signed in our own way, so many seconds ago. */
const send = ({ path, secret }: IncidentHook, payload: unknown, agoSeconds = 0) => {
  const [body, t] = [JSON.stringify(payload), Math.floor(Date.now() / 1_000) - agoSeconds];
  return raw(path, body, { 'Troth-Signature': `t=${t},v1=${hmac(secret, `${t}.${body}`)}` });
};
const read = async (id: number) => (await server.request('GET', `/api/v1/incidents/${id}`)).body;

describe('an address at which another system tells of its tickets', () => {
  it('takes what is signed, once, and follows it to its end', async () => {
    const generic = await hook('tickets', {});
    const ticket = { reference: 'T-1', title: 'No payslips', service: 'payroll', severity: 2, state: 'open' };
    const first = await send(generic, ticket);
    expect([first.status, first.body.isNew]).toEqual([200, true]);
    const id = first.body.incident as number;
    expect(await read(id)).toMatchObject({ title: 'No payslips', severity: 2, source: 'tickets', reference: 'T-1' });
    expect((await send(generic, { ...ticket, title: 'No pay', state: 'acknowledged' })).body).toEqual({
      ...{ incident: id, isNew: false },
    });
    expect(await read(id)).toMatchObject({ title: 'No pay', state: 'acknowledged' });
    await send(generic, { ...ticket, state: 'closed' });
    expect((await read(id)).state).toBe('closed');
    await send(generic, { ...ticket, state: 'pending' });
    expect(await read(id)).toMatchObject({ state: 'pending' });
    const { entries } = (await server.request('GET', `/api/v1/incidents/${id}/timeline`)).body;
    expect(entries.map(({ by }: { by: { name: string } }) => by.name)).toContain('tickets');
  });

  it('refuses what is not signed, signed with another secret, too old, or came before', async () => {
    const generic = await hook('strict', {});
    const ticket = { reference: 'T-2', service: 'mail' };
    const body = JSON.stringify(ticket);
    expect((await raw(generic.path, body, {})).status).toBe(403);
    expect((await send({ ...generic, secret: 'another' }, ticket)).status).toBe(403);
    expect((await send(generic, ticket, 301)).status).toBe(403);
    expect((await raw(generic.path.replace(/.$/, '_'), body, {})).status).toBe(404);
    const t = Math.floor(Date.now() / 1_000);
    const signed = { 'Troth-Signature': `t=${t},v1=${hmac(generic.secret, `${t}.${body}`)}` };
    expect((await raw(generic.path, body, signed)).status).toBe(200);
    const again = await raw(generic.path, body, signed);
    expect([again.status, again.body.code]).toEqual([409, 'conflict']);
    expect((await raw(generic.path, body.replace('mail', 'payroll'), signed)).status).toBe(403);
  });

  it('takes what has to be cut through a letter of two halves', async () => {
    const generic = await hook('long', {});
    const ticket = {
      reference: 'T-4',
      service: 'mail',
      title: `${'x'.repeat(199)}😀`,
      description: `${'y'.repeat(3_999)}😀`,
    };
    const reply = await send(generic, ticket);
    expect(reply.status, JSON.stringify(reply.body)).toBe(200);
    const { title, description } = await read(reply.body.incident);
    expect([title.slice(198), description.slice(3_998)]).toEqual(['x\uFFFD', 'y\uFFFD']);
    const again = await send(generic, { ...ticket, title: `${'z'.repeat(199)}😀` });
    expect([again.status, again.body.incident]).toEqual([200, reply.body.incident]);
  });

  it('takes what is refused again once it can be taken', async () => {
    const generic = await hook('later', {});
    expect((await send(generic, { reference: 'T-3', service: 'wiki' })).body.issues[0].path).toBe('services.0');
    expect((await send(generic, { service: 'mail' })).body.issues[0].path).toBe('reference');
    await hook('later', { mapping: { services: { wiki: 'mail' } } as never });
    expect((await send(generic, { reference: 'T-3', service: 'wiki' })).status).toBe(200);
  });

  it('knows the payloads and signatures of Jira Service Management', async () => {
    const jira = await hook('jira', { kind: 'jira', mapping: { services: { 'HR payroll': 'payroll' } } as never });
    const payload = {
      ...{ timestamp: Date.now(), webhookEvent: 'jira:issue_created' },
      issue: {
        key: 'ITSM-7',
        fields: {
          ...{ summary: 'Payslips are empty', description: 'All of them', priority: { name: 'High' } },
          ...{ components: [{ name: 'HR payroll' }], created: '2026-01-05T09:00:00.000+0100' },
          status: { name: 'In Progress', statusCategory: { key: 'indeterminate' } },
        },
      },
    };
    const body = JSON.stringify(payload);
    const reply = await raw(jira.path, body, { 'X-Hub-Signature': `sha256=${hmac(jira.secret, body)}` });
    expect(await read(reply.body.incident)).toMatchObject({
      ...{ reference: 'ITSM-7', title: 'Payslips are empty', severity: 2, state: 'acknowledged' },
      ...{ reportedAt: '2026-01-05T08:00:00.000Z', services: [{ key: 'payroll' }] },
    });
  });

  it('knows those of GLPI and of ServiceNow', async () => {
    const glpi = await hook('glpi', { kind: 'glpi', mapping: { service: 'mail' } as never });
    const item = { id: 31, name: 'Mail is late', content: 'By hours', status: { id: 1 }, impact: 4, urgency: 3 };
    const [body, t] = [JSON.stringify({ event: 'new', item }), String(Math.floor(Date.now() / 1_000))];
    const signed = { 'X-GLPI-timestamp': t, 'X-GLPI-signature': hmac(glpi.secret, `${body}${t}`) };
    const ticket = await raw(glpi.path, body, signed);
    expect(await read(ticket.body.incident)).toMatchObject({ reference: '31', impact: 1, urgency: 2, severity: 2 });
    const now = await hook('now', { kind: 'servicenow' });
    const reply = await send(now, {
      ...{ number: 'INC0010001', short_description: 'Mail is down', state: '2', impact: '1', urgency: '1' },
      ...{ business_service: 'mail', opened_at: '2026-01-05 08:00:00' },
    });
    expect(await read(reply.body.incident)).toMatchObject({
      ...{ reference: 'INC0010001', severity: 1, state: 'acknowledged', reportedAt: '2026-01-05T08:00:00.000Z' },
    });
  });

  it('is made and seen by admins alone, and checked', async () => {
    const owner = await account(server, 'otto', 'owner');
    expect((await server.request('GET', '/api/v1/incident-hooks', undefined, { cookie: owner })).status).toBe(403);
    const bad = await server.request('PUT', '/api/v1/incident-hooks/bad', {
      ...{ name: 'Bad', mapping: { paths: { title: 'issue' } } },
    });
    expect(bad.body.issues[0].path).toBe('mapping.paths.title');
    expect((await server.request('DELETE', '/api/v1/incident-hooks/jira')).status).toBe(204);
    const { items } = (await server.request('GET', '/api/v1/incident-hooks')).body;
    expect(items.map(({ key }: IncidentHook) => key)).not.toContain('jira');
  });
});
