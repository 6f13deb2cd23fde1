import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createAddressGuard } from '../../../probes/support/address-guard.ts';
import { makeCertificate } from '../../support/targets/certificates.ts';
import { runHttp } from '../../support/http-runs.ts';
import { httpsTarget, httpTarget, type WebTarget } from '../../support/targets/http-target.ts';

interface Seen {
  at: string;
  method: string | undefined;
  headers: IncomingMessage['headers'];
  body: string;
}

let home: WebTarget;
let away: WebTarget;
let secure: WebTarget;
const seen: Seen[] = [];

/** Answers `/to?status=302&location=...` with that redirect and anything else with a page. */
const answerAs = (name: string) => (request: IncomingMessage, response: ServerResponse) => {
  let body = '';
  request.setEncoding('utf8').on('data', (text: string) => (body += text));
  request.on('end', () => {
    const url = new URL(request.url!, 'http://x');
    seen.push({ at: `${name}${url.pathname}`, method: request.method, headers: request.headers, body });
    const location = url.searchParams.get('location');
    if (url.pathname === '/loop') response.writeHead(302, { location: '/loop' }).end();
    else if (location === null) response.end(`this is ${name}`);
    else response.writeHead(Number(url.searchParams.get('status') ?? 302), { location }).end('elsewhere');
  });
};
const to = (location: string, status = 302) => `/to?status=${status}&location=${encodeURIComponent(location)}`;

beforeAll(async () => {
  home = await httpTarget(answerAs('home'));
  away = await httpTarget(answerAs('away'));
  secure = await httpsTarget(await makeCertificate({ name: 'x', altNames: ['127.0.0.1'] }), answerAs('secure'));
});
afterAll(() => Promise.all([home, away, secure].map((target) => target.close())));
beforeEach(() => {
  seen.length = 0;
});

describe('redirects', () => {
  it('are followed to the answer, each on a fresh connection, their times added up', async () => {
    const connections = home.connections();
    const path = to(to(`${away.url}/page`), 301);
    const outcome = await runHttp({ url: home.url + path, expect: { body: { contains: 'this is away' } } });
    expect(outcome).toMatchObject({ verdict: 'up', facts: { redirects: 2, statusCode: 200, bytes: 12 } });
    expect(seen.map((one) => one.at)).toEqual(['home/to', 'home/to', 'away/page']);
    expect(home.connections() - connections).toBe(2);
    expect(outcome.latencyMs).toBeGreaterThanOrEqual(outcome.timings!.firstByte!);
  });

  it('are the answer itself where none is to be followed', async () => {
    const redirects = { follow: 0 };
    const outcome = await runHttp({ url: home.url + to('/page'), redirects });
    expect(outcome).toMatchObject({ verdict: 'up', facts: { statusCode: 302, redirects: 0, bytes: 9 } });
    const expected = { status: ['302'], headers: { location: { equals: '/page' } } };
    expect((await runHttp({ url: home.url + to('/page'), redirects, expect: expected })).verdict).toBe('up');
    expect(seen.map((one) => one.at)).toEqual(['home/to', 'home/to']);
  });

  it('end after as many as are allowed', async () => {
    expect(await runHttp({ url: `${home.url}/loop` })).toMatchObject({
      verdict: 'down',
      reason: 'too-many-redirects',
      detail: 'more than 5 redirects',
    });
    expect(seen).toHaveLength(6);
    const once = { url: home.url + to(to('/page')), redirects: { follow: 1 } };
    expect((await runHttp(once)).reason).toBe('too-many-redirects');
    expect((await runHttp({ ...once, redirects: { follow: 2 } })).reason).toBe('ok');
  });

  it('without a location are answers', async () => {
    const bare = await httpTarget((_, response) => response.writeHead(302).end());
    expect(await runHttp({ url: bare.url })).toMatchObject({
      reason: 'status-unexpected',
      detail: 'expected 2xx, got 302 Found',
    });
    await bare.close();
  });

  it.each([
    [301, 'POST', 'GET'],
    [302, 'POST', 'GET'],
    [302, 'PUT', 'PUT'],
    [303, 'POST', 'GET'],
    [303, 'PUT', 'GET'],
    [303, 'HEAD', 'HEAD'],
    [307, 'POST', 'POST'],
    [308, 'PUT', 'PUT'],
  ])('with %i turn %s into %s, and the body goes along or not', async (status, method, then) => {
    const body = method === 'HEAD' ? {} : { body: '{"a":1}' };
    expect((await runHttp({ url: home.url + to('/page', status), method, ...body })).verdict).toBe('up');
    expect(seen.map((one) => one.method)).toEqual([method, then]);
    const isKept = method === then && method !== 'HEAD';
    expect(seen[1]!.body).toBe(isKept ? '{"a":1}' : '');
    expect(seen[1]!.headers['content-type']).toBe(isKept ? 'application/json' : undefined);
    expect(seen[1]!.headers['content-length']).toBe(isKept ? '7' : undefined);
  });

  it('may lead to a path with raw UTF-8 in it', async () => {
    const raw = await httpTarget((request, response) => {
      if (request.url === '/') response.socket!.end(`HTTP/1.1 302 Found\r\nLocation: /größe\r\n\r\n`);
      else response.end(request.url);
    });
    expect((await runHttp({ url: raw.url, expect: { body: { contains: '/gr%C3%B6%C3%9Fe' } } })).verdict).toBe('up');
    await raw.close();
  });

  it.each(['http://', 'ftp://a.test/', 'file:///etc/passwd', 'javascript:alert(1)', 'http://a.test:99999/'])(
    'to %s lead nowhere',
    async (location) => {
      expect(await runHttp({ url: home.url + to(location) })).toMatchObject({
        verdict: 'down',
        reason: 'redirect-invalid',
        facts: { statusCode: 302 },
      });
    },
  );

  it.each([
    'http://169.254.169.254/latest/meta-data',
    'http://[fe80::1]/',
    'http://[::ffff:169.254.169.254]/',
    'http://0/',
  ])('to %s are refused', async (location) => {
    const outcome = await runHttp({ url: home.url + to(location) });
    expect(outcome).toMatchObject({ verdict: 'unknown', reason: 'address-refused' });
    expect(outcome.facts).not.toHaveProperty('statusCode');
  });

  it('to a loopback port that is not allowed are refused', async () => {
    const guard = createAddressGuard({ allowLoopback: [`127.0.0.1:${home.port}`] });
    const outcome = await runHttp({ url: home.url + to(`${away.url}/`) }, { guard });
    expect(outcome).toMatchObject({ verdict: 'unknown', reason: 'address-refused' });
    expect(seen.map((one) => one.at)).toEqual(['home/to']);
  });
});

describe('credentials', () => {
  const secrets = {
    headers: { Cookie: 'session=1', 'X-Tenant': 'hr', 'Accept-Language': 'de' },
    secretHeaders: { 'X-Api-Key': 'k' },
    bearer: 'token',
    tls: { insecure: true },
  };
  const carried = ({ headers }: Seen) =>
    ['authorization', 'cookie', 'x-tenant', 'x-api-key', 'accept-language'].filter((name) => name in headers);

  it('stay with redirects inside their origin', async () => {
    await runHttp({ url: home.url + to('/page'), ...secrets });
    expect(carried(seen[1]!)).toEqual(['authorization', 'cookie', 'x-tenant', 'x-api-key', 'accept-language']);
  });

  it.each([
    ['another port', () => home.url + to(`${away.url}/page`)],
    ['another host', () => home.url + to(`http://localhost:${home.port}/page`)],
    ['https', () => home.url + to(`${secure.url}/page`)],
    ['http after https', () => secure.url + to(`${home.url}/page`)],
  ])('never go to %s', async (_, url) => {
    expect((await runHttp({ url: url(), ...secrets })).verdict).toBe('up');
    expect(seen).toHaveLength(2);
    expect(carried(seen[0]!)).toHaveLength(5);
    expect(carried(seen[1]!)).toEqual(['accept-language']);
  });

  it('are not given out again when a foreign origin sends back', async () => {
    await runHttp({ url: home.url + to(away.url + to(`${home.url}/page`)), ...secrets });
    expect(seen.map((one) => one.at)).toEqual(['home/to', 'away/to', 'home/page']);
    expect(carried(seen[2]!)).toEqual(['accept-language']);
  });

  it('in the location of a redirect are not used', async () => {
    await runHttp({ url: home.url + to(`http://me:word@127.0.0.1:${away.port}/page`) });
    expect(seen[1]).toMatchObject({ at: 'away/page' });
    expect(seen[1]!.headers).not.toHaveProperty('authorization');
  });

  it('and a name of its own for the host stay away from other origins', async () => {
    await runHttp({ url: home.url + to('/page'), headers: { host: 'virtual.test' } });
    await runHttp({ url: home.url + to(`${away.url}/page`), headers: { host: 'virtual.test' } });
    const hosts = seen.map((one) => one.headers.host);
    expect(hosts).toEqual(['virtual.test', 'virtual.test', 'virtual.test', `127.0.0.1:${away.port}`]);
  });
});
