import { createHmac } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { DeliveriesService } from '../../../../server/alerting/channels/deliveries.service.ts';
import { Problem } from '../../../../server/platform/problem.ts';
import { EventBus } from '../../../../server/platform/events.ts';
import { freePort } from '../../../../server/platform/free-port.ts';
import { account } from '../../../support/accounts.ts';
import { alertMessage } from '../../../support/alert-message.ts';
import { captureLog } from '../../../support/log-capture.ts';
import { startReceiver, type Receiver } from '../../../support/receiver.ts';
import { startTestServer, type TestServer } from '../../../support/server.ts';
import { startMailServer, type MailServer } from '../../../support/smtp.ts';
import { makeCertificate } from '../../../support/targets/certificates.ts';
import { until } from '../../../support/until.ts';

const secret = 'a-signing-secret-of-the-tests';
const logs = captureLog();
let server: TestServer;
let receiver: Receiver;
let mail: MailServer;

beforeAll(async () => {
  mail = await startMailServer(await freePort(0));
  receiver = await startReceiver();
  const env = {
    TROTH_ALLOW_LOOPBACK: 'true',
    TROTH_SMTP_URL: mail.url,
    TROTH_MAIL_FROM: 'Troth <troth@example.org>',
    PUBLIC_URL: 'https://troth.example.org',
  };
  server = await startTestServer(env, { log: logs.log });
});
afterAll(async () => {
  await server.close();
  await receiver.stop();
  await mail.stop();
});
afterEach(() => {
  receiver.received.length = 0;
  receiver.reply({});
});

const webhook = (url = `${receiver.url}/hook`) => ({ name: 'Operations', kind: 'webhook', config: { url, secret } });
const put = (key: string, body: unknown, query = '') => server.request('PUT', `/api/v1/channels/${key}${query}`, body);
const testOf = async (key: string) => (await server.request('POST', `/api/v1/channels/${key}/test`)).body;

describe('channels', () => {
  it('are made, read without their secrets, listed, and the same again changes nothing', async () => {
    const made = await put('ops', webhook(), '?expect=new');
    expect([made.status, made.body]).toEqual([
      201,
      {
        ...{ key: 'ops', name: 'Operations', kind: 'webhook', selfTest: 'off', managedBy: null, mayChange: true },
        config: { url: `${receiver.url}/hook`, secret: '********', headers: {}, secretHeaders: {} },
        ...{ createdAt: expect.any(String), updatedAt: expect.any(String) },
        ...{ waiting: 0, lastDeliveredAt: null, lastFailure: null },
      },
    ]);
    const again = await put('ops', { ...webhook(), config: made.body.config }, `?expect=${made.body.updatedAt}`);
    expect([again.status, again.body.updatedAt]).toEqual([200, made.body.updatedAt]);
    const { items } = (await server.request('GET', '/api/v1/channels')).body;
    expect(items.map(({ key }: { key: string }) => key)).toContain('ops');
    const acts = (await server.request('GET', '/api/v1/audit?subjectKind=channel&subject=ops')).body.items;
    expect(acts.map(({ action }: { action: string }) => action)).toEqual(['channel.created']);
    expect(JSON.stringify(acts)).not.toContain(secret);
  });

  it('keep a secret that is shown hidden, but take it to no other host', async () => {
    await put('kept', webhook());
    const hidden = { url: `${receiver.url}/other`, secret: '********' };
    expect((await put('kept', { ...webhook(), config: hidden })).status).toBe(200);
    expect(await testOf('kept')).toMatchObject({ ok: true });
    expect(receiver.received[0]!.headers['webhook-signature']).toMatch(/^v1,/);
    const strayed = await put('kept', { ...webhook(), config: { ...hidden, url: 'https://elsewhere.example.org' } });
    expect([strayed.status, strayed.body.issues]).toEqual([
      422,
      [{ path: 'config.secret', message: 'the target has changed: give the secret anew' }],
    ]);
  });

  it.each([
    ['kind', { name: 'x', kind: 'webhok', config: {} }, 'kind', 'did you mean "webhook"'],
    ['field', { name: 'x', kind: 'ntfy', config: { topic: 'a b' } }, 'config.topic', 'must be 1 to 64 letters'],
    ['way', { name: 'x', kind: 'slack', config: {} }, 'config.webhookUrl', 'give either this or a token'],
    [
      'header',
      { name: 'x', kind: 'gotify', config: { url: 'ftp://x', token: 'a' } },
      'config.url',
      'has to begin with',
    ],
    ['name', { kind: 'email', config: { to: ['noc@example.org'] } }, 'name', 'is required'],
  ])('say at its field what is wrong with a %s', async (_what, body, path, message) => {
    const { status, body: problem } = await put('wrong', body);
    expect([status, problem.issues[0].path]).toEqual([422, path]);
    expect(problem.issues[0].message).toContain(message);
  });

  it('are deleted unless somebody needs them, and brought back with their secrets', async () => {
    await put('gone', webhook());
    let needed = true;
    server.app.get(EventBus).on('channel.deleting', ({ key }) => {
      if (key === 'gone' && needed) throw new Problem('in-use', 'the route to it');
    });
    expect((await server.request('DELETE', '/api/v1/channels/gone')).body.code).toBe('in-use');
    needed = false;
    expect((await server.request('DELETE', '/api/v1/channels/gone')).status).toBe(204);
    expect((await server.request('GET', '/api/v1/channels/gone')).status).toBe(404);
    expect((await server.request('POST', '/api/v1/channels/gone/restore')).status).toBe(200);
    expect(await testOf('gone')).toMatchObject({ ok: true, said: '200: ok' });
  });

  it('are changed by those who may change everything, and seen by those who may see the configuration', async () => {
    const [viewer, operator, owner] = await Promise.all([
      account(server, 'vera', 'viewer'),
      account(server, 'otto', 'operator'),
      account(server, 'olga', 'owner'),
    ]);
    await put('ops', webhook());
    const status = async (cookie: string, method: string, body?: unknown) =>
      (await server.request(method, '/api/v1/channels/ops', body, { cookie })).status;
    expect(await status(viewer, 'GET')).toBe(403);
    expect(await status(operator, 'GET')).toBe(200);
    expect(await status(operator, 'PUT', webhook())).toBe(403);
    expect(await status(owner, 'PUT', webhook())).toBe(403);
  });

  it('kinds come with the schemas that forms are drawn from', async () => {
    const { body } = await server.request('GET', '/api/v1/channel-kinds');
    const slack = body.find(({ kind }: { kind: string }) => kind === 'slack');
    expect(slack.schema.properties.token).toMatchObject({ type: 'string', writeOnly: true, 'x-secret': true });
  });
});

describe('a test', () => {
  it('is sent at once, and what the receiver said is answered', async () => {
    await put('tried', webhook());
    receiver.reply({ status: 403, body: 'this hook is switched off' });
    expect(await testOf('tried')).toEqual({
      ok: false,
      said: '403: this hook is switched off',
      tookMs: expect.any(Number),
    });
    expect(receiver.received[0]!.json).toMatchObject({ type: 'alert.test', data: { moment: 'test' } });
  });

  it('follows no redirect', async () => {
    await put('moved', webhook());
    receiver.reply({ status: 307, headers: { location: `${receiver.url}/elsewhere` }, body: '' });
    expect(await testOf('moved')).toMatchObject({ ok: false, said: '307 (redirects are not followed)' });
    expect(receiver.received.map(({ path }) => path)).toEqual(['/hook']);
  });

  it.each([
    ['the metadata service', 'http://169.254.169.254/latest/meta-data', /is refused/],
    ['the same in IPv6', 'http://[::ffff:169.254.169.254]/', /is refused/],
    ["Troth's own database", () => `http://127.0.0.1:${new URL(server.databaseUrl).port}/`, /own database/],
    ['a name that does not resolve', 'http://nowhere.invalid/', /nowhere\.invalid/],
  ])('connects to no %s', async (_what, url, said) => {
    await put('guarded', webhook(typeof url === 'string' ? url : url()));
    const answer = await testOf('guarded');
    expect(answer.ok).toBe(false);
    expect(answer.said).toMatch(said);
  });

  it('reaches a receiver inside the network whose authority is given, and no other', async () => {
    const authority = await makeCertificate({ name: 'Own authority', isAuthority: true });
    const own = await makeCertificate({ name: 'localhost', issuer: authority, altNames: ['localhost'] });
    const inside = await startReceiver({ cert: own.certificate, key: own.key });
    const url = inside.url.replace('127.0.0.1', 'localhost');
    await put('inside', webhook(url));
    expect(await testOf('inside')).toMatchObject({ ok: false, said: expect.stringMatching(/not trusted/) });
    await put('inside', { ...webhook(url), config: { url, secret, tls: { ca: authority.certificate } } });
    expect(await testOf('inside')).toMatchObject({ ok: true });
    await inside.stop();
  });

  it('goes by mail too, to all addresses at once', async () => {
    mail.received.length = 0;
    await put('post', { name: 'Post', kind: 'email', config: { to: ['noc@example.org', 'lead@example.org'] } });
    expect(await testOf('post')).toMatchObject({ ok: true, said: 'taken' });
    const [{ to, raw }] = mail.received as [MailServer['received'][number]];
    expect(to).toEqual(['noc@example.org', 'lead@example.org']);
    expect(raw).toMatch(/^Subject: Test: This is a test of the channel Post\r$/m);
    expect(raw).toMatch(/^References: <alert-[0-9a-f]{32}@example\.org>\r$/m);
  });

  it('says hostile text as text: no header, no recipient and no element of a mail comes from it', async () => {
    mail.received.length = 0;
    await put('hostile', { name: 'Hostile', kind: 'email', config: { to: ['noc@example.org'] } });
    const text = 'x\r\nBcc: victim@example.org\r\n\r\n<script>alert(1)</script> @everyone \u202Egnp.exe';
    const message = alertMessage({ title: text, reason: text, service: { key: 'payroll', name: text } });
    await server.app.get(DeliveriesService).enqueue({ channel: 'hostile', message, dedupeKey: 'hostile' });
    const { to, raw } = await until(() => mail.received[0]);
    const [head = ''] = raw.split('\r\n\r\n');
    expect(to).toEqual(['noc@example.org']);
    expect(head.match(/^Subject:/gim)).toHaveLength(1);
    expect(head).not.toMatch(/^Bcc:/im);
    const [, html = ''] = raw.replaceAll('=\r\n', '').split('Content-Type: text/html');
    expect(html).toContain('&lt;script&gt;alert(1)');
    expect(html).not.toMatch(/<script/i);
    expect(raw).not.toMatch(/\u202E|=E2=80=AE/);
  });

  it('posts hostile text as it was written, in a body that its signature proves, and in no header', async () => {
    await put('programs', webhook());
    const text = 'x\r\nX-Evil: 1\r\n\r\n<script>alert(1)</script> @everyone \u202Egnp.exe "},"moment":"resolved';
    const message = alertMessage({ title: text, reason: text, service: { key: 'payroll', name: text } });
    await server.app.get(DeliveriesService).enqueue({ channel: 'programs', message, dedupeKey: text });
    const { headers, body, json } = await until(() => receiver.received[0]);
    expect(json.data).toEqual(message);
    const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
    const signature = createHmac('sha256', secret).update(signed).digest('base64');
    expect(headers['webhook-signature']).toBe(`v1,${signature}`);
    expect(headers['x-evil']).toBeUndefined();
    expect(headers['webhook-id']).not.toContain('X-Evil');
  });

  it('does not give away a secret that the receiver repeats', async () => {
    const webhookUrl = `${receiver.url}/hooks/T0PSECRET`;
    await put('echo', { name: 'Echo', kind: 'mattermost', config: { webhookUrl } });
    receiver.reply(({ path }) => ({ status: 404, body: `nothing at ${path}` }));
    expect((await testOf('echo')).said).toBe('404: nothing at ********');
  });
});

it('no secret was ever logged, stored in the clear, or shown', async () => {
  await put('ops', webhook());
  const stored = await server.database.query<{ config: object }>('select config from channels');
  const shown = await server.request('GET', '/api/v1/channels');
  for (const text of [logs.text(), JSON.stringify(stored), JSON.stringify(shown.body)]) {
    expect(text).not.toContain(secret);
    expect(text).not.toContain('T0PSECRET');
  }
});
