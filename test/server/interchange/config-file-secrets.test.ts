import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { CatalogService } from '../../../server/catalog/catalog.service.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

let server: TestServer;
const answers: string[] = [];
const password = 'correct-horse-battery-staple';

beforeAll(async () => {
  server = await startTestServer({ TROTH_ROLES: 'api' });
});
afterAll(() => server.close());
afterEach(() => {
  for (const name of Object.keys(process.env)) if (/^(PAYROLL|SECRET)_/.test(name)) delete process.env[name];
});

const post = async (act: 'plan' | 'apply', text: string, at = server) => {
  const reply = await at.request('POST', `/api/v1/config/${act}`, text);
  answers.push(JSON.stringify(reply.body));
  return reply;
};
const file = (config: string) => `apiVersion: troth/v1
teams: { hr-it: { name: HR IT } }
locations: { hq: { name: Head office } }
services:
  payroll:
    name: Payroll
    owner: hr-it
    probes:
      login:
        kind: http
        locations: [hq]
        config: { url: "https://payroll.internal/login", ${config} }
`;
const basic = (secret: string) => file(`basic: { username: probe, password: "${secret}" }`);
const openConfig = async () => {
  const catalog = server.app.get(CatalogService);
  return catalog.openConfig((await catalog.definitions())[0]!.probes[0]!);
};
const issueOf = async (text: string) => (await post('plan', text)).body.issues?.[0];

describe('a variable in a config file', () => {
  it('stands for a secret of the environment, which is never shown', async () => {
    process.env['PAYROLL_PASSWORD'] = password;
    expect((await post('apply', basic('${PAYROLL_PASSWORD}'))).status).toBe(200);
    expect(await openConfig()).toMatchObject({ basic: { username: 'probe', password } });
    expect((await post('plan', basic('${PAYROLL_PASSWORD}'))).body.changes).toEqual([]);
    process.env['PAYROLL_PASSWORD'] = `${password}-2`;
    expect((await post('apply', basic('${PAYROLL_PASSWORD}'))).body.changes).toEqual([
      expect.objectContaining({ fields: [{ path: 'config.basic.password', from: '********', to: '********' }] }),
    ]);
    const { body: exported } = await server.request('GET', '/api/v1/config');
    const trail = await server.request('GET', '/api/v1/audit?limit=1000');
    expect([...answers, exported, JSON.stringify(trail.body)].join('\n')).not.toContain(password);
  });

  it('may be a part of a text, and makes a header secret', async () => {
    process.env['PAYROLL_TOKEN'] = 'abc';
    await post('apply', file('headers: { Authorization: "Bearer ${PAYROLL_TOKEN}", Accept: text/plain }'));
    expect(await openConfig()).toMatchObject({
      headers: { Accept: 'text/plain' },
      secretHeaders: { Authorization: 'Bearer abc' },
    });
    const shown = await server.request('GET', '/api/v1/probes/payroll.login');
    expect(shown.body.config).toMatchObject({ secretHeaders: { Authorization: '********' } });
  });

  it('is a plain text where it is escaped, anywhere', async () => {
    await post(
      'apply',
      file('expect: { body: { contains: "$${NAME}" } }').replace('name: Payroll', () => 'name: "Pay $${x} $$${y}"'),
    );
    expect(await openConfig()).toMatchObject({ expect: { body: { contains: '${NAME}' } } });
    expect((await server.request('GET', '/api/v1/services/payroll')).body.name).toBe('Pay ${x} $${y}');
  });

  it.each([
    ['is not set', '${PAYROLL_MISSING}', 'the environment variable PAYROLL_MISSING is not set'],
    ['is no name', '${not a name}', '"${not a name}" names no environment variable; write $${ for a plain ${'],
    [
      'is the database of Troth',
      '${DATABASE_URL}',
      "${DATABASE_URL} is Troth's own and cannot be used in a config file",
    ],
    [
      'is a token of Troth',
      '${TROTH_ADMIN_TOKEN}',
      "${TROTH_ADMIN_TOKEN} is Troth's own and cannot be used in a config file",
    ],
    ['is of the database client', '${PGPASSWORD}', "${PGPASSWORD} is Troth's own and cannot be used in a config file"],
  ])('that %s is refused with its place', async (_what, secret, message) => {
    expect(await issueOf(basic(secret))).toEqual({
      line: 12,
      column: 94,
      path: 'services.payroll.probes.login.config.basic.password',
      message,
    });
  });

  it('is refused where its value would be shown', async () => {
    process.env['PAYROLL_HOST'] = 'evil';
    expect(await issueOf(file('body: "${PAYROLL_HOST}"'))).toEqual({
      line: 12,
      column: 64,
      path: 'services.payroll.probes.login.config.body',
      message:
        '${PAYROLL_HOST} may stand only where values stay secret: here config.secretHeaders.*, config.basic.password, config.bearer, config.tls.key, config.headers.*; write $${ for a plain ${',
    });
    expect(await issueOf(file('method: GET').replace('name: Payroll', 'name: "${PAYROLL_HOST}"'))).toMatchObject({
      line: 6,
      column: 11,
      message: '${PAYROLL_HOST} may stand only where values stay secret of a probe; write $${ for a plain ${',
    });
  });
});

describe('an export with secrets', () => {
  it('names a variable for each, keeps them where it came from, and asks for them elsewhere', async () => {
    process.env['PAYROLL_PASSWORD'] = password;
    await post('apply', basic('${PAYROLL_PASSWORD}'));
    const { body: exported, headers } = await server.request('GET', '/api/v1/config');
    expect(headers.get('content-type')).toBe('application/yaml; charset=utf-8');
    expect(exported).toContain('password: ${SECRET_PAYROLL__LOGIN__BASIC_PASSWORD}');
    expect((await post('plan', exported)).body.changes).toEqual([]);

    const moved = exported.replace('https://payroll.internal', 'https://evil.example');
    expect((await issueOf(moved)).message).toBe(
      'the environment variable SECRET_PAYROLL__LOGIN__BASIC_PASSWORD is not set',
    );

    const elsewhere = await startTestServer({ TROTH_ROLES: 'api' });
    const refused = await post('apply', exported, elsewhere);
    expect(refused.body.issues).toEqual([
      {
        line: exported.split('\n').findIndex((line: string) => line.includes('password:')) + 1,
        column:
          exported
            .split('\n')
            .find((line: string) => line.includes('password:'))
            .indexOf('$') + 1,
        path: 'services.payroll.probes.login.config.basic.password',
        message: 'the environment variable SECRET_PAYROLL__LOGIN__BASIC_PASSWORD is not set',
      },
    ]);
    process.env['SECRET_PAYROLL__LOGIN__BASIC_PASSWORD'] = password;
    expect((await post('apply', exported, elsewhere)).status).toBe(200);
    await elsewhere.close();
  });
});
