import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { urlToHttpOptions } from 'node:url';
import { brotliCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../../support/server.ts';

let folder: string;
let parent: string;
let server: TestServer;
const html = '<!doctype html><title>Troth</title>';
const wallHtml = '<!doctype html><title>A wall of Troth</title>';
beforeAll(async () => {
  parent = mkdtempSync(join(tmpdir(), 'troth-client-'));
  folder = join(parent, 'client');
  mkdirSync(join(folder, 'assets'), { recursive: true });
  writeFileSync(join(parent, 'outside.txt'), 'outside');
  writeFileSync(join(folder, 'index.html'), html);
  writeFileSync(join(folder, 'wall.html'), wallHtml);
  writeFileSync(join(folder, 'favicon.svg'), '<svg/>');
  writeFileSync(join(folder, 'assets', 'app-1a2b3c.js'), `export const text = "${'x'.repeat(5_000)}";`);
  writeFileSync(join(folder, 'assets', 'app-1a2b3c.js.br'), brotliCompressSync('export const text = "packed";'));
  writeFileSync(join(folder, 'assets', 'plain-4d5e6f.js'), 'export {};');
  server = await startTestServer({}, { clientFolder: folder });
});
afterAll(async () => {
  await server.close();
  rmSync(parent, { recursive: true });
});

const get = (path: string, headers: Record<string, string> = { Accept: 'text/html' }) =>
  server.request('GET', path, undefined, { token: null, headers });

describe('the client', () => {
  it('is served at every address of a page, always fresh, without sign-in', async () => {
    const pages = ['/', '/index.html', '/services/payroll', '/setup', '/walls'].map((path) => [path, html] as const);
    const walls = ['/wall', '/wall/all', '/wall/noc?rotate=30s'].map((path) => [path, wallHtml] as const);
    for (const [path, expected] of [...pages, ...walls]) {
      const reply = await get(path);
      expect([path, reply.status, reply.headers.get('content-type')]).toEqual([path, 200, 'text/html; charset=utf-8']);
      expect(reply.headers.get('cache-control')).toBe('no-cache');
      expect(reply.body).toBe(expected);
    }
  });

  it('has hashed files that are kept for ever, compressed, and other files that are asked for anew', async () => {
    const asset = await get('/assets/app-1a2b3c.js', { 'Accept-Encoding': 'gzip' });
    expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(asset.headers.get('content-encoding')).toBe('gzip');
    expect((await get('/favicon.svg')).headers.get('cache-control')).toBe('no-cache');
  });

  it('sends hashed files as the build has packed them, and packs them for who cannot read that', async () => {
    const packed = await get('/assets/app-1a2b3c.js', { 'Accept-Encoding': 'gzip, br' });
    expect(packed.headers.get('content-encoding')).toBe('br');
    expect(packed.headers.get('content-type')).toMatch(/^(text|application)\/javascript/);
    expect(packed.headers.get('vary')).toBe('Accept-Encoding');
    expect(packed.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    // What the build has packed says something else here, so that it is told apart.
    expect(packed.body).toBe('export const text = "packed";');
    for (const accepted of ['gzip', 'identity']) {
      const read = await get('/assets/app-1a2b3c.js', { 'Accept-Encoding': accepted });
      expect(read.body).toContain('xxx');
    }
    const before = await get('/assets/plain-4d5e6f.js', { 'Accept-Encoding': 'br' });
    expect([before.headers.get('content-encoding'), before.body]).toEqual([null, 'export {};']);
  });

  it('tells the browser of an asset no more than that it is one', async () => {
    const { headers } = await get('/assets/app-1a2b3c.js', {});
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
    expect(headers.get('content-security-policy')).toBeNull();
  });

  it.each(['/assets/gone-000.js', '/api/v1/gone', '/health/gone'])('is not served in place of %s', async (path) => {
    const reply = await get(path, { Accept: '*/*' });
    expect([reply.status, reply.body.code]).toEqual([404, 'not-found']);
  });

  it.each(['/../outside.txt', '/..%2foutside.txt', '/assets/../../outside.txt', '/assets/%2e%2e/%2e%2e/outside.txt'])(
    'opens no file beside its folder: %s',
    async (path) => {
      // fetch would tidy the path up before it sends it.
      const sent = request({ ...urlToHttpOptions(new URL(server.url)), path }).end();
      const [response] = (await once(sent, 'response')) as [IncomingMessage];
      expect(await text(response)).not.toContain('outside');
    },
  );

  it('says so when it has not been built', async () => {
    const unbuilt = await startTestServer(
      { DATABASE_URL: server.databaseUrl },
      { clientFolder: join(folder, 'nowhere') },
    );
    const reply = await unbuilt.request('GET', '/', undefined, { headers: { Accept: 'text/html' } });
    await unbuilt.close();
    expect([reply.status, reply.headers.get('content-type')]).toEqual([503, 'text/plain; charset=utf-8']);
    expect(reply.body).toBe('The dashboard has not been built. Run "npm run build", then reload this page.\n');
  });
});

describe('every answer', () => {
  it('forbids what no page of Troth needs', async () => {
    const { headers } = await get('/');
    const policy = headers.get('content-security-policy')!;
    expect(policy.split(';')).toEqual([
      "default-src 'self'",
      "script-src 'self'",
      "style-src 'self'",
      "style-src-attr 'unsafe-inline'",
      "img-src 'self' data:",
      "connect-src 'self'",
      "object-src 'none'",
      "base-uri 'none'",
      "form-action 'self'",
      "frame-ancestors 'none'",
    ]);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('referrer-policy')).toBe('same-origin');
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('strict-transport-security')).toBeNull();
  });
});

describe('/metrics', () => {
  it('is Prometheus text for those who may read it', async () => {
    await server.request('GET', '/api/v1/users');
    const reply = await server.request('GET', '/metrics');
    expect(reply.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(reply.body).toMatch(/^process_cpu_seconds_total \d/m);
    expect(reply.body).toMatch(
      /^troth_http_request_duration_seconds_count\{method="GET",route="\/api\/v1\/users",status="200"\} 1$/m,
    );
  });
});

describe('the description of the API', () => {
  it('is OpenAPI 3.1 with the schemas that inputs are checked by', async () => {
    const { status, body } = await server.request('GET', '/api/docs-json');
    expect([status, body.openapi, body.info.title]).toEqual([200, '3.1.0', 'Troth']);
    const { put, get: read } = body.paths['/api/v1/users/{name}'];
    const input = put.requestBody.content['application/json'].schema;
    expect(input.properties.role.enum).toEqual(['viewer', 'operator', 'owner', 'admin']);
    expect(input.required.toSorted()).toEqual(['displayName', 'role']);
    expect(put.parameters).toMatchObject([
      { name: 'name', in: 'path', required: true, schema: { type: 'string', maxLength: 60 } },
      { name: 'expect', in: 'query', required: false },
    ]);
    expect(read.responses['200'].content['application/json'].schema.properties.createdAt.type).toBe('string');
    const query = body.paths['/api/v1/audit'].get.parameters as { name: string; in: string; required: boolean }[];
    expect(query.filter((one) => one.in === 'query').map(({ name }) => name)).toEqual(
      expect.arrayContaining(['limit', 'cursor', 'from']),
    );
    expect(query.find(({ name }) => name === 'cursor')!.required).toBe(false);
  });

  it('is a page for those who are signed in', async () => {
    const page = await server.request('GET', '/api/docs');
    expect([page.status, page.body.includes('swagger-ui')]).toEqual([200, true]);
    expect(page.headers.get('content-security-policy')).toContain("style-src 'self' 'unsafe-inline'");
    for (const path of [
      '/api/docs',
      '/api/docs/',
      '/api/docs/swagger-ui-bundle.js',
      '/api/docs/swagger-ui-init.js',
      '/api/docs-json',
    ]) {
      expect([path, (await get(path)).status]).toEqual([path, 401]);
    }
  });
});
