// @vitest-environment node
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { onSignInRequired, request } from '../../../client/api/request.ts';

let server: Server;
let answer: RequestListener;
const fetchOf = globalThis.fetch;

beforeEach(async () => {
  server = createServer((incoming, response) => answer(incoming, response)).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  globalThis.fetch = (path, init) => fetchOf(new URL(String(path), base), init);
});
afterEach(async () => {
  globalThis.fetch = fetchOf;
  await new Promise((resolve) => server.close(resolve));
});

const json =
  (status: number, body: unknown): RequestListener =>
  (_incoming, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
const problem = (status: number, code: string, issues: unknown[] = []): RequestListener =>
  json(status, { type: 'about:blank', title: 'No', status, code, detail: 'Not so', issues });

describe('a request', () => {
  it('fills the path and the query, and parses the answer', async () => {
    let asked = '';
    answer = (incoming, response) => {
      asked = incoming.url ?? '';
      json(200, { intervals: [] })(incoming, response);
    };
    const query = { from: '2026-03-01T00:00:00Z', to: '2026-03-02T00:00:00Z' };
    expect(await request('timeline', { path: { key: 'a b' }, query })).toEqual({ intervals: [] });
    expect(asked).toBe('/api/v1/services/a%20b/timeline?from=2026-03-01T00%3A00%3A00Z&to=2026-03-02T00%3A00%3A00Z');
  });

  it('sends its body as JSON', async () => {
    let body = '';
    answer = async (incoming, response) => {
      for await (const chunk of incoming) body += String(chunk);
      problem(401, 'sign-in-failed')(incoming, response);
    };
    const failed = request('signIn', { body: { name: 'ada', password: 'no' } });
    await expect(failed).rejects.toMatchObject({ code: 'sign-in-failed', status: 401, message: 'Not so' });
    expect(JSON.parse(body)).toEqual({ name: 'ada', password: 'no' });
  });

  it('brings the faults of single fields', async () => {
    answer = problem(422, 'invalid-input', [
      { path: 'name', message: 'is too short' },
      { path: 'name', message: 'is odd' },
    ]);
    const failed = request('setUp', { body: { token: 't', name: 'ada', displayName: 'Ada', password: '0123456789' } });
    await expect(failed).rejects.toMatchObject({ fieldMessages: { name: 'is too short' } });
  });

  it('tells that nobody is signed in, once for each answer that says so', async () => {
    let times = 0;
    const stop = onSignInRequired(() => (times += 1));
    answer = problem(401, 'sign-in-required');
    await expect(request('session')).rejects.toMatchObject({ code: 'sign-in-required' });
    stop();
    await expect(request('session')).rejects.toMatchObject({ code: 'sign-in-required' });
    expect(times).toBe(1);
  });

  it('refuses an answer that is not what the contract says', async () => {
    answer = json(200, { intervals: [{ state: 'sideways' }] });
    await expect(request('timeline', { path: { key: 'a' } })).rejects.toMatchObject({ code: 'unreadable' });
  });

  it('calls a proxy without a server behind it unreachable', async () => {
    answer = (_incoming, response) => response.writeHead(502).end('<h1>Bad gateway</h1>');
    await expect(request('session')).rejects.toMatchObject({ code: 'unreachable', status: 502 });
  });

  it('takes an answer without content', async () => {
    answer = (_incoming, response) => response.writeHead(204).end();
    await expect(request('signOut')).resolves.toBeUndefined();
  });
});
