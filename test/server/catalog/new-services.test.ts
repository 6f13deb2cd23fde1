import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { account } from '../../support/accounts.ts';
import { put } from '../../support/measured.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ TROTH_ROLES: 'api' });
  await put(server, 'teams/it', { name: 'IT' });
  await put(server, 'teams/hr', { name: 'HR' });
  await put(server, 'locations/hq', { name: 'Head office' });
  await put(server, 'services/payroll', { name: 'Payroll', owner: 'it' });
});
afterAll(() => server.close());

const web = (url: string) => ({ web: { kind: 'http', locations: ['hq'], config: { url } } });
const make = (services: unknown, cookie?: string) =>
  server.request('POST', '/api/v1/services', { services }, cookie ? { cookie } : {});
const keys = async () =>
  (await server.request('GET', '/api/v1/services')).body.items.map(({ key }: { key: string }) => key);

describe('making many services at once', () => {
  it('makes them with their probes, and writes each into the audit trail', async () => {
    const reply = await make([
      { key: 'mail', name: 'Mail', owner: 'it', probes: web('https://mail.example.org/') },
      { key: 'wiki', name: 'Wiki', owner: 'hr', dependsOn: ['mail'], probes: web('https://wiki.example.org/') },
    ]);
    expect([reply.status, reply.body]).toEqual([201, { made: ['mail', 'wiki'] }]);
    const { body } = await server.request('GET', '/api/v1/probes/wiki.web');
    expect([body.target, body.managedBy]).toEqual(['https://wiki.example.org/', null]);
    const audit = await server.request('GET', '/api/v1/audit?subjectKind=service&action=service.created&limit=2');
    expect(audit.body.items.map(({ subject }: { subject: { key: string } }) => subject.key)).toEqual(['wiki', 'mail']);
  });

  it('makes none where one cannot be made, and tells every fault with its place', async () => {
    const before = await keys();
    const reply = await make([
      { key: 'fine', name: 'Fine', owner: 'it', probes: web('https://fine.example.org/') },
      { key: 'payroll', name: 'Payroll', owner: 'it' },
      { key: 'twice', name: 'Twice', owner: 'nobody' },
      { key: 'twice', name: '', owner: 'it', probes: web('ftp://x') },
      { key: 'Not A Key', name: 'X', owner: 'it' },
      'nonsense',
    ]);
    expect(reply.status).toBe(422);
    expect(reply.body.issues.map(({ path }: { path: string }) => path)).toEqual(
      expect.arrayContaining([
        'services.1.key',
        'services.2.owner',
        'services.3.key',
        'services.3.name',
        'services.3.probes.web.config.url',
        'services.4.key',
        'services.5.key',
      ]),
    );
    expect(reply.body.issues[0].message).toBe('there is a service "payroll" already');
    expect(await keys()).toEqual(before);
  });

  it('is for the services of one’s own teams', async () => {
    const cookie = await account(server, 'hanna', 'owner', ['hr']);
    const service = (owner: string) => [{ key: `of-${owner}`, name: owner, owner }];
    expect((await make(service('hr'), cookie)).status).toBe(201);
    const refused = await make([...service('it'), { key: 'more', name: 'More', owner: 'hr' }], cookie);
    expect([refused.status, refused.body.code]).toEqual([403, 'forbidden']);
    expect(await keys()).not.toContain('more');
  });

  it('takes a list, and names what it is not', async () => {
    for (const services of [undefined, [], 'mail']) {
      const reply = await make(services);
      expect([reply.status, reply.body.issues[0].path]).toEqual([422, 'services']);
    }
  });
});
