import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HealthRegistry, type HealthCheck } from '../../../server/platform/health-registry.ts';
import { captureLog, type LogCapture } from '../../support/log-capture.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

let server: TestServer;
let capture: LogCapture;
beforeAll(async () => {
  capture = captureLog();
  server = await startTestServer({}, { log: capture.log });
});
afterAll(() => server.close());

const ready = () => server.request('GET', '/health/ready', undefined, { token: null });
async function readyWith(name: string, check: HealthCheck, options?: { required: boolean }) {
  const registry = server.app.get(HealthRegistry);
  registry.register(name, check, options);
  const reply = await ready();
  registry.register(name, () => ({ ok: true, detail: 'over' }));
  return reply;
}

describe('/health/live', () => {
  it('answers to everyone', async () => {
    const reply = await server.request('GET', '/health/live', undefined, { token: null });
    expect([reply.status, reply.body]).toEqual([200, { status: 'live' }]);
  });
});

describe('/health/ready', () => {
  it('names what works, to everyone', async () => {
    const reply = await ready();
    expect(reply.status).toBe(200);
    expect(reply.headers.get('cache-control')).toBe('no-store');
    expect(reply.body).toMatchObject({
      status: 'ready',
      checks: { database: { ok: true, detail: 'answers' }, queue: { ok: true, detail: 'answers' } },
    });
  });

  it('is 503 when something that is needed does not work, and says what', async () => {
    const reply = await readyWith('lease', () => ({ ok: false, detail: 'nobody holds it' }));
    expect(reply.status).toBe(503);
    expect(reply.body).toMatchObject({
      status: 'not ready',
      checks: { lease: { ok: false, detail: 'nobody holds it' } },
    });
  });

  it('stays 200 when something that is not needed to serve does not work, and says what', async () => {
    const reply = await readyWith('agents', () => ({ ok: false, detail: 'none' }), { required: false });
    expect(reply.status).toBe(200);
    expect(reply.body.checks.agents).toEqual({ ok: false, detail: 'none' });
  });

  it('tells nothing of an error but that there is one; the log has it', async () => {
    const reply = await readyWith('odd', () => Promise.reject(new Error('at db.internal:5432')));
    expect(reply.body.checks.odd).toEqual({ ok: false, detail: 'failed' });
    expect(capture.lines().find(({ check }) => check === 'odd')).toMatchObject({
      err: { message: 'at db.internal:5432' },
    });
  });

  it('gives up on a check after two seconds', async () => {
    const startedMs = performance.now();
    const reply = await readyWith('hanging', () => new Promise(() => undefined));
    const elapsedMs = performance.now() - startedMs;
    expect(reply.body.checks.hanging).toEqual({ ok: false, detail: 'no answer within 2 s' });
    expect(elapsedMs).toBeGreaterThan(1_900);
    expect(elapsedMs).toBeLessThan(4_000);
  });

  it('tells a database that is away, while the process still lives', async () => {
    const alone = await startTestServer({ LOG_LEVEL: 'silent' });
    await alone.database.close();
    const reply = await alone.request('GET', '/health/ready');
    const live = await alone.request('GET', '/health/live', undefined, { cookie: 'troth_session=any' });
    await alone.close();
    expect([reply.status, reply.body.checks.database, live.status]).toEqual([
      503,
      { ok: false, detail: 'failed' },
      200,
    ]);
  });
});
