import ICAL from 'ical.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { account, makeAccount } from '../../support/accounts.ts';
import { put } from '../../support/measured.ts';
import { startTestServer, type Reply, type TestServer } from '../../support/server.ts';

let server: TestServer;
let ana: string;
let outsider: string;

const layer = (change: object = {}) => ({ members: ['ana', 'ben'], rotation: 'daily', start: '2026-01-05', ...change });
const network = (change: object = {}) => ({
  ...{ name: 'Network', team: 'net', timeZone: 'Europe/Berlin', layers: [layer()] },
  ...change,
});
const api = (method: string, path: string, body?: unknown, cookie?: string): Promise<Reply> =>
  server.request(method, `/api/v1/${path}`, body, cookie === undefined ? {} : { cookie });
const get = async (path: string, cookie?: string) => {
  const reply = await api('GET', path, undefined, cookie);
  expect(reply.status, JSON.stringify(reply.body)).toBe(200);
  return reply.body;
};
const person = (name: string, change: object) =>
  api('PUT', `users/${name}`, { displayName: name, role: 'operator', teams: ['net'], ...change });
const shifts = async (key: string, from: string, to: string): Promise<string[]> =>
  (await get(`on-call-schedules/${key}/shifts?from=${from}&to=${to}`)).shifts.map(
    ({ from: begin, to: end, name, gap }: Record<string, string>) =>
      `${begin!.slice(5, 16)} ${end!.slice(5, 16)} ${name || '-'}${gap ? ` (${gap})` : ''}`,
  );

beforeAll(async () => {
  server = await startTestServer({ TROTH_ROLES: 'api' });
  for (const team of ['net', 'hr']) await put(server, `teams/${team}`, { name: team });
  ana = await account(server, 'ana', 'operator', ['net']);
  await makeAccount(server, 'ben', 'operator', ['net']);
  await makeAccount(server, 'cleo', 'operator', ['net']);
  outsider = await account(server, 'olaf', 'operator', ['hr']);
});
afterAll(() => server?.close());

describe('an on-call schedule', () => {
  it('is made, read, changed only by what differs, and says what is wrong with it', async () => {
    expect((await api('PUT', 'on-call-schedules/network', network())).status).toBe(201);
    expect((await api('PUT', 'on-call-schedules/network', network())).status).toBe(200);
    const read = await get('on-call-schedules/network');
    expect(read).toMatchObject({ key: 'network', team: 'net', mayChange: true, mayOverride: true, usedBy: [] });
    expect(read.layers[0]).toMatchObject({
      handOver: '09:00',
      handOverDay: 'mon',
      length: null,
      members: ['ana', 'ben'],
    });
    const { items } = await get('audit?subjectKind=on-call-schedule');
    expect(items.map(({ action }: { action: string }) => action)).toEqual(['on-call-schedule.created']);
    const faulty = network({ team: 'nett', layers: [layer({ members: ['anna', 'olaf'], rotation: 'custom' })] });
    const faults = async (body: object) => (await api('PUT', 'on-call-schedules/other', body)).body.issues;
    expect(await faults(faulty)).toEqual([
      { path: 'layers.0.length', message: 'is needed for a custom rotation, and for no other' },
    ]);
    expect(await faults(network({ team: 'nett' }))).toContainEqual({
      ...{ path: 'team', message: expect.stringContaining('there is no team "nett"') },
    });
    expect(await faults(network({ layers: [layer({ members: ['anna', 'olaf'] })] }))).toEqual([
      {
        path: 'layers.0.members.0',
        message: expect.stringContaining('there is no account "anna"; did you mean "ana"'),
      },
      { path: 'layers.0.members.1', message: '"olaf" is not a member of the team "net"' },
    ]);
  });

  it('tells who is on call over a change of the clocks, now, and next', async () => {
    expect(await shifts('network', '2026-03-28T08:00:00Z', '2026-03-30T07:00:00Z')).toEqual([
      '03-28T08:00 03-29T07:00 ana',
      '03-29T07:00 03-30T07:00 ben',
    ]);
    const { at, current, next } = await get('on-call-schedules/network/now');
    expect(Date.parse(current.from)).toBeLessThanOrEqual(Date.parse(at));
    expect(Date.parse(current.to)).toBeGreaterThan(Date.parse(at));
    expect([current.to, new Set([current.member, next.member])]).toEqual([next.from, new Set(['ana', 'ben'])]);
  });

  it('tells no hand-over from somebody to the same one', async () => {
    const hours = { mon: ['00:00-12:00'], thu: ['12:00-24:00'] };
    const both = [layer({ members: ['ana'], hours }), layer({ members: ['ana'] })];
    await put(server, 'on-call-schedules/alone', network({ layers: both }));
    const { current, next } = await get('on-call-schedules/alone/now');
    expect([current.member, current.from, current.to, next]).toEqual(['ana', null, null, null]);
  });

  it('lays out what is still being written, each layer by itself too', async () => {
    const hours = { sat: ['00:00-24:00'], sun: ['00:00-24:00'] };
    const draft = network({ layers: [layer({ name: 'Weekend', members: ['cleo'], hours }), layer()] });
    const span = 'from=2026-01-09T08:00:00Z&to=2026-01-12T08:00:00Z';
    const { body } = await api('POST', `on-call-schedules/preview?${span}`, draft);
    expect(body.shifts.map(({ name, layer: by }: Record<string, string>) => `${name} ${by}`)).toEqual([
      'ana Layer 2',
      'cleo Weekend',
      'ana Layer 2',
    ]);
    expect(body.layers.map((one: { shifts: object[] }) => one.shifts.length)).toEqual([1, 3]);
  });

  it('shows who is gone, disabled or left the team as a gap, and keeps the turn', async () => {
    await put(server, 'on-call-schedules/gaps', network({ layers: [layer({ members: ['ben', 'cleo'] })] }));
    const told = () => shifts('gaps', '2026-01-05T08:00:00Z', '2026-01-07T08:00:00Z');
    await person('cleo', { teams: [] });
    expect(await told()).toEqual(['01-05T08:00 01-06T08:00 ben', '01-06T08:00 01-07T08:00 cleo (not-in-team)']);
    await person('cleo', { disabled: true });
    expect((await told())[1]).toBe('01-06T08:00 01-07T08:00 cleo (disabled)');
    await api('DELETE', 'users/cleo');
    expect((await told())[1]).toBe('01-06T08:00 01-07T08:00 cleo (gone)');
    const { gaps } = await get('on-call-schedules/gaps');
    expect(gaps.count).toBeGreaterThanOrEqual(14);
    expect(Math.abs(gaps.seconds - 14 * 86_400)).toBeLessThanOrEqual(3_600);
    // Who was named before may stay; that is no reason to refuse another change.
    const renamed = network({ name: 'Renamed', layers: [layer({ members: ['ben', 'cleo'] })] });
    expect((await api('PUT', 'on-call-schedules/gaps', renamed)).status).toBe(200);
    expect((await api('PUT', 'on-call-schedules/fresh', renamed)).status).toBe(422);
  });

  it('is deleted unless a policy tells it, and comes back with its overrides', async () => {
    await put(server, 'on-call-schedules/brief', network());
    const future = { from: '2099-01-05T08:00:00Z', to: '2099-01-05T09:00:00Z', member: 'olaf' };
    await api('POST', 'on-call-schedules/brief/overrides', future);
    const step = { targets: [{ kind: 'schedule', key: 'brief' }] };
    await put(server, 'escalation-policies/brief', { name: 'Brief', steps: [step] });
    expect((await get('on-call-schedules/brief')).usedBy).toEqual([{ key: 'brief', name: 'Brief' }]);
    expect((await api('DELETE', 'on-call-schedules/brief')).body).toMatchObject({
      ...{ code: 'in-use', detail: 'escalation policy "brief" tells it' },
    });
    expect((await api('DELETE', 'teams/net')).body.detail).toContain('on-call schedule "brief"');
    expect((await api('DELETE', 'escalation-policies/brief')).status).toBe(204);
    expect((await api('DELETE', 'on-call-schedules/brief')).status).toBe(204);
    expect((await api('GET', 'on-call-schedules/brief')).status).toBe(404);
    expect((await api('POST', 'escalation-policies/brief/restore')).body.detail).toContain(
      'no on-call schedule "brief"',
    );
    expect((await api('POST', 'on-call-schedules/brief/restore')).status).toBe(200);
    expect((await api('POST', 'on-call-schedules/brief/restore')).body.code).toBe('conflict');
    expect((await get('on-call-schedules/brief/overrides')).items).toMatchObject([{ member: 'olaf', gap: null }]);
  });
});

describe('an override', () => {
  const span = { from: '2099-01-06T10:00:00Z', to: '2099-01-06T12:00:00Z' };

  it('puts another in the place of who has the turn, by members of the team alone, and is taken away', async () => {
    const path = 'on-call-schedules/network/overrides';
    expect((await api('POST', path, { member: 'olaf', ...span }, outsider)).status).toBe(403);
    const made = await api('POST', path, { member: 'OLAF', reason: 'Concert', ...span }, ana);
    expect(made).toMatchObject({ status: 201, body: { member: 'olaf', by: 'ana', reason: 'Concert' } });
    expect((await shifts('network', span.from, '2099-01-06T13:00:00Z'))[0]).toBe('01-06T10:00 01-06T12:00 olaf');
    expect((await get(path)).items).toHaveLength(1);
    expect((await api('DELETE', `${path}/${made.body.id}`, undefined, outsider)).status).toBe(403);
    expect((await api('DELETE', `${path}/${made.body.id}`, undefined, ana)).status).toBe(204);
    expect((await api('DELETE', `${path}/${made.body.id}`, undefined, ana)).status).toBe(404);
    const actions = (await get('audit?subjectKind=on-call-schedule&subject=network')).items;
    expect(actions.slice(0, 2).map(({ action }: { action: string }) => action)).toEqual([
      'on-call-schedule.override-removed',
      'on-call-schedule.overridden',
    ]);
  });

  it.each([
    ['nobody', { ...span, member: 'nobody' }, 'member'],
    ['a span that ends before it begins', { from: span.to, to: span.from, member: 'ana' }, 'to'],
    ['a span that is over', { from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z', member: 'ana' }, 'to'],
  ])('is refused for %s', async (_what, body, path) => {
    const { status, body: problem } = await api('POST', 'on-call-schedules/network/overrides', body);
    expect([status, problem.issues[0].path]).toEqual([422, path]);
  });

  it('stands in one’s own shifts until it is over', async () => {
    const nowMs = Date.now();
    const [from, to] = [nowMs - 3_600_000, nowMs + 3_600_000].map((ms) => new Date(ms).toISOString());
    expect(await get('on-call/mine', outsider)).toEqual([]);
    await api('POST', 'on-call-schedules/network/overrides', { member: 'olaf', from, to });
    const own = await get('on-call/mine', outsider);
    expect(own).toEqual([
      { schedule: { key: 'network', name: 'Network', timeZone: 'Europe/Berlin' }, current: { from, to }, next: null },
    ]);
    const { next } = (await get('on-call/mine', ana)).find(
      ({ schedule }: { schedule: { key: string } }) => schedule.key === 'network',
    );
    expect(Date.parse(next.from)).toBeGreaterThan(nowMs);
  });
});

describe('a calendar feed', () => {
  it('is read by its secret address until it is revoked, and ends with its account', async () => {
    const feeds = 'on-call-schedules/network/feeds';
    const { body: made } = await api('POST', feeds, { name: 'Phone' }, ana);
    const read = (path: string) => server.request('GET', path, undefined, { token: null });
    const reply = await read(made.path);
    expect([reply.status, reply.headers.get('content-type')]).toEqual([200, 'text/calendar; charset=utf-8']);
    const events = new ICAL.Component(ICAL.parse(reply.body) as unknown[]).getAllSubcomponents('vevent');
    const spans = events
      .map((event) => new ICAL.Event(event))
      .map(({ startDate, endDate, summary }) => ({
        ...{ from: startDate.toJSDate().toISOString(), to: endDate.toJSDate().toISOString(), summary },
      }));
    expect(spans.length).toBeGreaterThan(100);
    for (const [index, { to }] of spans.slice(0, -1).entries()) expect(spans[index + 1]!.from).toBe(to);
    expect(new Set(spans.map(({ summary }) => summary))).toEqual(
      new Set(['Network: ana', 'Network: ben', 'Network: olaf']),
    );
    expect((await read(`${made.path}x`)).status).toBe(403);
    expect((await read('/api/v1/on-call-schedules/none/calendar.ics?token=x')).status).toBe(403);
    const [stored] = await server.database.query<{ hash: string }>(
      `select encode(token_hash, 'escape') as hash from on_call_feeds`,
    );
    expect(made.path).not.toContain(stored!.hash);

    expect((await get(feeds, outsider)).items).toEqual([]);
    expect((await api('DELETE', `${feeds}/${made.id}`, undefined, outsider)).status).toBe(404);
    const own = (await get(feeds, ana)).items;
    expect(own).toMatchObject([{ name: 'Phone', by: 'ana', lastUsedAt: expect.any(String) }]);
    expect((await api('DELETE', `${feeds}/${made.id}`, undefined, ana)).status).toBe(204);
    expect((await read(made.path)).status).toBe(403);

    const second = await account(server, 'dora', 'viewer');
    const { path } = (await api('POST', feeds, { name: 'Desk' }, second)).body;
    expect((await read(path)).status).toBe(200);
    await api('PUT', 'users/dora', { displayName: 'dora', role: 'viewer', disabled: true });
    expect((await read(path)).status).toBe(403);
  });
});

describe('people', () => {
  it('are offered to whoever may read, those who cannot sign in left out, in pages', async () => {
    const { items, next } = await get('on-call/people?limit=2', outsider);
    expect([items.map(({ key }: { key: string }) => key), next]).toEqual([['ana', 'ben'], 'ben']);
    const rest = await get('on-call/people?cursor=ben', outsider);
    expect(rest).toEqual({ items: [{ key: 'olaf', name: 'olaf' }], next: null });
  });
});
