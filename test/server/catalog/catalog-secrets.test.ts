import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CatalogService } from '../../../server/catalog/catalog.service.ts';
import { account } from '../../support/accounts.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';
import { makeCertificate } from '../../support/targets/certificates.ts';
import { httpTarget } from '../../support/targets/http-target.ts';

let server: TestServer;
const replies: string[] = [];
const password = 'correct-horse-battery-staple';
const apiKey = 'k3y-of-the-gateway';

const call = async (method: string, path: string, body?: unknown) => {
  const reply = await server.request(method, `/api/v1/${path}`, body);
  replies.push(JSON.stringify(reply.body));
  return reply;
};
const put = (path: string, body: unknown) => call('PUT', path, body);
const http = (config: object) => ({
  kind: 'http',
  locations: ['hq'],
  config: { url: 'https://payroll.internal/login', ...config },
});
const openConfig = async (service: string) => {
  const catalog = server.app.get(CatalogService);
  const definition = (await catalog.definitions()).find(({ key }) => key === service)!;
  return catalog.openConfig(definition.probes[0]!);
};

beforeAll(async () => {
  server = await startTestServer({ TROTH_ROLES: 'api', TROTH_ALLOW_LOOPBACK: 'true' });
  await put('teams/hr-it', { name: 'HR IT' });
  await put('locations/hq', { name: 'Head office' });
  for (const key of ['payroll', 'mail', 'gateway', 'client', 'jobs'])
    await put(`services/${key}`, { name: key, owner: 'hr-it' });
});
afterAll(() => server.close());

describe('a secret of a probe', () => {
  it('is used for a trial by those who may change the probe, toward the same target alone', async () => {
    const target = await httpTarget(({ headers }, response) => {
      response.writeHead(headers.authorization === 'Bearer t0ken' ? 200 : 401).end();
    });
    const config = { url: target.url, bearer: 't0ken' };
    await put('services/tried', { name: 'Tried', owner: 'hr-it' });
    await put('probes/tried.api', { ...http({}), config });
    const run = { kind: 'http', config: { ...config, bearer: '********' }, probe: 'tried.api' };
    expect((await call('POST', 'probes/run', run)).body.verdict).toBe('up');
    const elsewhere = { ...run, config: { ...run.config, url: 'http://elsewhere.invalid/' } };
    expect((await call('POST', 'probes/run', elsewhere)).body.issues).toEqual([
      { path: 'config.bearer', message: 'the target has changed: give the secret anew' },
    ]);
    const cookie = await account(server, 'otto', 'operator');
    expect((await server.request('POST', '/api/v1/probes/run', run, { cookie })).status).toBe(403);
    await target.close();
  });

  it('is shown hidden, and kept when it is sent back as shown', async () => {
    const { body } = await put('probes/payroll.login', http({ basic: { username: 'probe', password } }));
    expect(body.config.basic).toEqual({ username: 'probe', password: '********' });
    expect((await put('probes/payroll.login', http(body.config))).status).toBe(200);
    expect(await openConfig('payroll')).toMatchObject({ basic: { username: 'probe', password } });
    const changed = await put('probes/payroll.login', { ...http({ ...body.config, method: 'POST' }), timeout: '2s' });
    expect(changed.body).toMatchObject({
      timeoutMs: 2_000,
      config: { method: 'POST', basic: { password: '********' } },
    });
    expect(await openConfig('payroll')).toMatchObject({ method: 'POST', basic: { password } });
  });

  it('is not sent to another host, port or scheme: it has to be given anew', async () => {
    await put('probes/payroll.login', http({ basic: { username: 'probe', password } }));
    for (const url of [
      'https://evil.example/login',
      'https://payroll.internal:8443/login',
      'http://payroll.internal/login',
    ]) {
      const { status, body } = await put(
        'probes/payroll.login',
        http({ url, basic: { username: 'probe', password: '********' } }),
      );
      expect([status, body.issues]).toEqual([
        422,
        [{ path: 'config.basic.password', message: 'the target has changed: give the secret anew' }],
      ]);
    }
    const path = http({ url: 'https://payroll.internal/other', basic: { username: 'probe', password: '********' } });
    expect((await put('probes/payroll.login', path)).status).toBe(200);
  });

  it('does not move to another field, another header or another kind', async () => {
    await put('probes/gateway.api', http({ secretHeaders: { 'X-Api-Key': apiKey } }));
    const message = '"********" keeps a stored secret, and none is stored here: give it anew';
    for (const [config, path] of [
      [{ bearer: '********' }, 'config.bearer'],
      [{ secretHeaders: { 'X-Other': '********' } }, 'config.secretHeaders.X-Other'],
    ] as const) {
      expect((await put('probes/gateway.api', http(config))).body.issues).toEqual([{ path, message }]);
    }
    const tcp = {
      kind: 'tcp',
      locations: ['hq'],
      config: { host: 'payroll.internal', port: 443, conversation: [{ sendSecret: '********' }] },
    };
    expect((await put('probes/gateway.api', tcp)).body.issues).toEqual([
      { path: 'config.conversation.0.sendSecret', message },
    ]);
  });

  it('stays with its step of a conversation', async () => {
    const steps = [{ send: 'USER probe\\r\\n' }, { sendSecret: `PASS ${password}` }, { expect: { contains: '+OK' } }];
    const tcp = (conversation: object[]) => ({
      kind: 'tcp',
      locations: ['hq'],
      config: { host: 'mail.internal', port: 110, conversation },
    });
    await put('probes/mail.pop', tcp(steps));
    const shown = [steps[0]!, { sendSecret: '********' }, steps[2]!];
    expect((await put('probes/mail.pop', tcp(shown))).status).toBe(200);
    expect(await openConfig('mail')).toMatchObject({ conversation: steps });
    expect((await put('probes/mail.pop', tcp([shown[1]!, shown[0]!, shown[2]!]))).status).toBe(422);
    expect((await put('probes/mail.pop', tcp([...shown, { send: 'QUIT' }]))).status).toBe(422);
  });

  it('of a form that its kind checks can be kept too', async () => {
    const { certificate, key } = await makeCertificate({ name: 'probe' });
    const tls = { certificate, key };
    expect((await put('probes/client.login', http({ tls: { key } }))).body.issues).toEqual([
      { path: 'config.tls.key', message: 'certificate and key go together' },
    ]);
    const { body } = await put('probes/client.login', http({ tls }));
    expect(body.config.tls).toMatchObject({ certificate, key: '********' });
    expect((await put('probes/client.login', http({ tls: body.config.tls }))).status).toBe(200);
    expect(await openConfig('client')).toMatchObject({ tls });
  });

  it('that is wrong is not repeated in the answer', async () => {
    const { body } = await put(
      'probes/client.login',
      http({ basic: { username: 'a', password: 12_345_678 }, bearer: 'two words' }),
    );
    expect(body.issues).toContainEqual({ path: 'config.basic.password', message: 'must be text, not a number' });
    expect(JSON.stringify(body)).not.toMatch(/12345678|two words/);
  });

  it('is in no answer, no audit entry and nowhere in the database as it was given', async () => {
    await put(
      'probes/payroll.login',
      http({ basic: { username: 'probe', password }, secretHeaders: { 'X-Api-Key': apiKey } }),
    );
    await put(
      'probes/payroll.login',
      http({ basic: { username: 'probe', password: `${password}-2` }, secretHeaders: { 'X-Api-Key': apiKey } }),
    );
    const { body } = await call('GET', 'audit?subject=payroll.login');
    expect(body.items[0].detail).toEqual({
      fields: [{ path: 'config.basic.password', from: '********', to: '********' }],
    });
    for (const path of ['probes/payroll.login', 'probes', 'services', 'services/payroll', 'config', 'audit?limit=1000'])
      await call('GET', path);
    const everything = replies.join('\n') + (await dump());
    expect(everything).toContain('payroll.internal');
    expect(everything).not.toContain(password);
    expect(everything).not.toContain(apiKey);
  });
});

/** Every row of every table as text. */
async function dump(): Promise<string> {
  const tables = await server.database.query<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`,
  );
  const texts: string[] = [];
  for (const { name } of tables)
    texts.push(JSON.stringify(await server.database.query(`select t::text from "${name}" t`)));
  return texts.join('\n');
}

describe('the push address of a heartbeat', () => {
  it('is shown to those who may change the probe, and to them alone', async () => {
    const { body } = await put('probes/jobs.backup', { kind: 'heartbeat' });
    expect(body.pushUrl).toMatch(/^\/api\/v1\/heartbeats\/[\w-]{32}$/);
    const token = await call('POST', 'tokens', { name: 'reader', scopes: ['board:read'] });
    const reader = await server.request('GET', '/api/v1/probes/jobs.backup', undefined, { token: token.body.token });
    expect(reader.status).toBe(200);
    expect(reader.body).not.toHaveProperty('pushUrl');
  });

  it('is of the address that people use, where that is known', async () => {
    const other = await startTestServer({
      TROTH_ROLES: 'api',
      PUBLIC_URL: 'https://troth.example/',
      DATABASE_URL: server.databaseUrl,
    });
    const { body } = await other.request('GET', '/api/v1/probes/jobs.backup');
    expect(body.pushUrl).toMatch(/^https:\/\/troth\.example\/api\/v1\/heartbeats\/[\w-]{32}$/);
    await other.close();
  });
});
