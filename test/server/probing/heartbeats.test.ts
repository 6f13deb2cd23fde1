import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KEYRING, type Keyring } from '../../../server/platform/secrets.ts';
import { DispatchLease } from '../../../server/probing/dispatch-lease.ts';
import { freshDatabase } from '../../support/postgres.ts';
import { put } from '../../support/measured.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';
import { until } from '../../support/until.ts';

/** Interval and grace together. */
const coversMs = 1_500;
const states = ['up', 'degraded', 'down', 'unknown'];

let server: TestServer;
let databaseUrl: string;

const makeJob = async (key: string, every = 1_000): Promise<string> => {
  await put(server, `services/${key}`, { name: key, owner: 'it' });
  await put(server, `probes/${key}.beat`, { kind: 'heartbeat', every, config: { grace: 500 } });
  return key;
};
const tokenOf = async (key: string) => {
  const [probe] = await server.database.query<{ id: number }>(
    `select p.id from probes p join services v on v.id = p.service_id where v.key = $1`,
    [key],
  );
  return server.app.get<Keyring>(KEYRING).token('heartbeat', probe!.id);
};
const beat = async (key: string, body?: unknown, query = '') => {
  const token = await tokenOf(key);
  return until(async () => {
    const { status } = await server.request('POST', `/api/v1/heartbeats/${token}${query}`, body, { token: null });
    return status === 204;
  });
};
const line = async (key: string) => {
  const rows = await server.database.query<{ from_ms: number; state: number }>(
    `select i.from_ms, i.state from series_intervals i join series s on s.id = i.series_id
     join probes p on p.id = s.probe_id join services v on v.id = p.service_id where v.key = $1 order by i.from_ms`,
    [key],
  );
  return rows.map(({ from_ms, state }) => ({ fromMs: from_ms, state: states[state] }));
};
const lastIs = (key: string, state: string) =>
  until(async () => {
    const last = (await line(key)).at(-1);
    return last?.state === state ? last : null;
  });

beforeAll(async () => {
  databaseUrl = await freshDatabase();
  server = await startTestServer({ DATABASE_URL: databaseUrl });
  await put(server, 'teams/it', { name: 'IT' });
});
afterAll(() => server?.close());

describe('a heartbeat', () => {
  it('shows up, is missed at its deadline, and is up again from the next beat on', async () => {
    const key = await makeJob('backup');
    await beat(key);
    const up = await lastIs(key, 'up');
    const down = await lastIs(key, 'down');
    expect(down.fromMs).toBeGreaterThanOrEqual(up.fromMs + coversMs);
    await beat(key);
    const again = await lastIs(key, 'up');
    expect(again.fromMs).toBeGreaterThan(down.fromMs);
    expect((await lastIs(key, 'down')).fromMs).toBe(again.fromMs + coversMs);
  });

  it('that reports a failure is an outage at once', async () => {
    const key = await makeJob('export', 60_000);
    await beat(key);
    await beat(key, { fail: true, message: 'disk \u0000 full', duration: '3s' });
    const [, down] = await line(key);
    expect(down!.state).toBe('down');
    const [detail] = await server.database.query<{ detail: string; latency_us: number }>(
      `select detail, latency_us from observation_details where slot_ms = $1 and attempt = 0`,
      [down!.fromMs],
    );
    expect(detail).toEqual({ detail: 'disk \uFFFD full', latency_us: 3_000_000 });
    await beat(key, undefined, '?fail=0');
    expect((await line(key)).map(({ state }) => state)).toEqual(['up', 'down', 'up']);
    const get = async (path: string) => (await server.request('GET', `/api/v1/incidents${path}`)).body;
    const [incident] = (await get(`?service=${key}`)).items;
    const { entries } = await get(`/${incident.id}/timeline`);
    expect(entries[0]).toMatchObject({ act: 'opened', by: { kind: 'system', name: 'troth' } });
  });

  it('with a token of no probe is not found', async () => {
    const reply = await server.request('POST', '/api/v1/heartbeats/not-a-token', undefined, { token: null });
    expect(reply.status).toBe(404);
  });

  it('too many at once are refused, with the time to wait, and neither those before nor others are lost', async () => {
    const [flooded, other] = [await makeJob('flooded', 60_000), await makeJob('calm', 60_000)];
    await beat(flooded);
    const path = `/api/v1/heartbeats/${await tokenOf(flooded)}`;
    const replies = await Promise.all(
      Array.from({ length: 150 }, () => server.request('POST', path, undefined, { token: null })),
    );
    const refused = replies.filter(({ status }) => status === 429);
    expect(replies.filter(({ status }) => status === 204).length).toBeGreaterThanOrEqual(49);
    expect(refused.length).toBeGreaterThan(0);
    expect(replies).toHaveLength(refused.length + replies.filter(({ status }) => status === 204).length);
    expect(refused[0]!.headers.get('retry-after')).toBe('1');
    expect(refused[0]!.body).toMatchObject({
      code: 'too-many-requests',
      detail: 'This push address takes 5 heartbeats a second; this one was not recorded, those before it were',
    });
    await beat(other);
    expect((await line(flooded)).map(({ state }) => state)).toEqual(['up']);
    await beat(flooded, { fail: true });
    expect((await line(flooded)).at(-1)!.state).toBe('down');
  });

  it('that could not be heard is not held against the job: the deadline starts anew with the server', async () => {
    const key = await makeJob('sync');
    await beat(key);
    const [up] = await line(key);
    await server.close();
    await until(() => Date.now() > up!.fromMs + coversMs + 200);
    server = await startTestServer({ DATABASE_URL: databaseUrl });
    const backMs = Date.now();
    const down = await lastIs(key, 'down');
    expect(down.fromMs).toBeGreaterThan(backMs + coversMs - 1_000);
    expect((await line(key)).map(({ state }) => state)).toEqual(['up', 'unknown', 'down']);
    expect((await line(key))[1]!.fromMs).toBe(up!.fromMs + coversMs);
  });

  it('that could not be heard for a while is not held against the job either: without the lease nobody watches', async () => {
    const key = await makeJob('mirror', 3_000);
    await beat(key);
    const lease = server.app.get(DispatchLease);
    const { acquire, renew } = lease.leases;
    const refuse = () => Promise.resolve(null);
    Object.assign(lease.leases, { acquire: refuse, renew: refuse });
    await until(() => !lease.isHeld);
    await server.database.query(`update dispatch_lease set expires_at = '-infinity'`);
    Object.assign(lease.leases, { acquire, renew });
    await until(() => lease.isHeld);
    const backMs = Date.now();
    const down = await lastIs(key, 'down');
    expect(down.fromMs).toBeGreaterThan(backMs + 3_500 - 500);
  });
});
