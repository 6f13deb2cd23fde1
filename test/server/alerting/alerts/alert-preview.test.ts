import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { dayMs, hourMs, minuteMs } from '../../../../server/domain/durations.ts';
import { account, makeAccount, signIn } from '../../../support/accounts.ts';
import type { AlertPreview } from '../../../../server/contract/alert-preview.ts';
import { Alerting } from '../../../support/alerting.ts';
import { MeasuredService, put } from '../../../support/measured.ts';
import { startTestServer, type TestServer } from '../../../support/server.ts';

let server: TestServer;
let alerting: Alerting;
let count = 0;

beforeAll(async () => {
  server = await startTestServer({ TROTH_ROLES: 'api', TROTH_ALLOW_LOOPBACK: 'true' });
  alerting = new Alerting(server);
  for (const key of ['noc', 'mail', 'phone']) await alerting.channel(key);
  for (const name of ['ana', 'ben']) await makeAccount(server, name, 'operator');
});
afterAll(() => server?.close());
afterEach(async () => {
  await alerting.forget();
  const { items } = (await server.request('GET', '/api/v1/alert-routes')).body;
  for (const { key } of items) await server.request('DELETE', `/api/v1/alert-routes/${key}`);
  alerting.aheadMs = 0;
});

const everyMs = 5_000;
const measured = (options = {}) => MeasuredService.make(server, `p-${(count += 1)}`, { everyMs, ...options });
const iso = (ms: number) => new Date(ms).toISOString();
const ask = (rule: string, query: Record<string, string>, how = {}) =>
  server.request('GET', `/api/v1/alert-rules/${rule}/preview?${new URLSearchParams(query)}`, undefined, how);
const preview = async (rule: string, query: Record<string, string>): Promise<AlertPreview> => {
  const { status, body } = await ask(rule, query);
  expect([status, body.detail]).toEqual([200, undefined]);
  return body;
};
/** `noc` or `phone for ana`, by the seconds after which each is told. */
const told = ({ moments }: AlertPreview) =>
  moments.map(({ afterSeconds, channels }) => [
    afterSeconds,
    channels.map(({ key, person }) => (person === null ? key : `${key} for ${person}`)),
  ]);
const fails = (one: MeasuredService) => one.record([one.saw(-1, 'down'), one.saw(0, 'down')]);

describe('what would happen', () => {
  it('is what happens: the same route, the same channels at the same instants', async () => {
    const one = await measured();
    await server.request('PUT', '/api/v1/contacts/ana', { channels: ['phone'] });
    await server.request('PUT', '/api/v1/contacts/ben', { channels: ['mail'] });
    const layer = { members: ['ana'], rotation: 'daily', start: '2026-01-05' };
    await put(server, 'on-call-schedules/own', { name: 'Own', timeZone: 'UTC', layers: [layer] });
    const steps = [
      { targets: [{ kind: 'schedule', key: 'own' }] },
      {
        after: '15m',
        targets: [
          { kind: 'user', key: 'ben' },
          { kind: 'channel', key: 'noc' },
        ],
      },
    ];
    const policy = { name: 'Critical', steps, repeat: 1, repeatAfter: '30m', handOver: false };
    await put(server, 'escalation-policies/critical', policy);
    const match = { tier: [1], service: ['elsewhere', one.key] };
    await put(server, 'alert-routes/first', { name: 'Tier one', place: 1, match, channels: ['noc'] });
    const own = { name: 'Own', place: 2, match: { service: [one.key] }, policy: 'critical', channels: ['noc'] };
    await put(server, 'alert-routes/second', own);
    await put(server, 'alert-routes/third', { name: 'Never asked', place: 3, channels: ['mail'] });

    const before = await preview('service-down', { service: one.key });
    expect(before).toMatchObject({
      ...{ urgency: 'page', setFor: null, waits: [], saidBy: null },
      routes: [
        { key: 'first', isTaken: false, misses: [{ field: 'tier', asked: [1], has: [3] }] },
        { key: 'second', isTaken: true, misses: [] },
      ],
      way: { by: 'route', policy: { key: 'critical', name: 'Critical' }, channels: [{ key: 'noc', name: 'noc' }] },
    });
    expect(told(before)).toEqual([
      [0, ['phone for ana', 'noc']],
      [900, ['mail for ben', 'noc']],
      [2_700, ['phone for ana']],
      [3_600, ['mail for ben', 'noc']],
    ]);
    expect(before.moments.map(({ round, step }) => [round, step])).toEqual([
      [1, 1],
      [1, 2],
      [2, 1],
      [2, 2],
    ]);
    expect([await alerting.alerts(), await alerting.told()]).toEqual([[], []]);

    await fails(one);
    const heard: unknown[] = [];
    const next = async () =>
      heard.push((await alerting.told()).map(({ channel }) => channel).slice(heard.flat().length));
    await next();
    for (const ms of [15, 30, 15]) {
      await alerting.pass(ms * minuteMs + 1_000);
      await next();
    }
    expect(heard.map((all) => (all as string[]).toSorted())).toEqual([
      ['noc', 'phone'],
      ['mail', 'noc'],
      ['phone'],
      ['mail', 'noc'],
    ]);
  });

  it('without a route is told by the policy of the team, else through every channel', async () => {
    const one = await measured();
    const every = await preview('service-down', { service: one.key });
    expect(every).toMatchObject({ routes: [], way: { by: 'every-channel', policy: null } });
    expect(told(every)).toEqual([[0, ['mail', 'noc', 'phone']]]);
    const steps = [{ targets: [{ kind: 'channel', key: 'mail' }] }];
    await put(server, 'escalation-policies/of-it', { name: 'Of IT', team: 'it', steps });
    const ofTeam = await preview('service-down', { service: one.key });
    expect(ofTeam.way).toEqual({ by: 'team', policy: { key: 'of-it', name: 'Of IT' }, channels: [] });
    expect(told(ofTeam)).toEqual([[0, ['mail']]]);
    await server.request('DELETE', '/api/v1/escalation-policies/of-it');
  });

  it('names the shift that somebody has then, and who takes it over meanwhile', async () => {
    const one = await measured();
    const layer = { members: ['ana', 'ben'], rotation: 'daily', start: '2026-01-05', handOver: '09:00' };
    await put(server, 'on-call-schedules/daily', { name: 'Daily', timeZone: 'UTC', layers: [layer] });
    const steps = [{ targets: [{ kind: 'schedule', key: 'daily' }] }];
    await put(server, 'escalation-policies/daily', { name: 'Daily', steps });
    await put(server, 'alert-routes/daily', { name: 'Daily', policy: 'daily' });
    const day = Math.ceil(alerting.nowMs / dayMs) * dayMs;
    const { moments } = await preview('service-down', { service: one.key, at: iso(day + 8 * hourMs) });
    const names = moments.map(({ kind, afterSeconds, targets }) => [
      ...[kind, afterSeconds, targets[0]!.people.map(({ name }) => name).join()],
    ]);
    const [first, second] = [names[0]![2], names[1]![2]];
    expect(names.slice(0, 2)).toEqual([
      ['step', 0, first],
      ['hand-over', 3_600, second],
    ]);
    expect([first, second].toSorted()).toEqual(['ana', 'ben']);
    await server.request('DELETE', '/api/v1/alert-routes/daily');
    await server.request('DELETE', '/api/v1/escalation-policies/daily');
  });
});

describe('what would hold it back', () => {
  it('is a silence, and a service as urgent as was said', async () => {
    const one = await measured();
    const body = { match: { service: [one.key] }, reason: 'We are at it', for: '2h' };
    const silence = (await server.request('POST', '/api/v1/silences', body)).body;
    const muted = await preview('service-down', { service: one.key });
    expect(muted.waits).toEqual([
      { by: 'silence', from: muted.at, until: silence.to, note: expect.stringContaining('We are at it (') },
    ]);
    expect(Date.parse(muted.moments[0]!.at)).toBe(Date.parse(silence.to));
    const later = await preview('service-down', { service: one.key, at: iso(alerting.nowMs + 3 * hourMs) });
    expect(later.waits).toEqual([]);

    await put(server, `alert-rules/service-down/service/${one.key}`, { urgency: 'ticket', hold: '5m' });
    const set = await preview('service-down', { service: one.key, at: iso(alerting.nowMs + 3 * hourMs) });
    expect(set).toMatchObject({ urgency: 'ticket', setFor: { scope: 'service', key: one.key } });
    expect(set.waits).toMatchObject([{ by: 'hold' }]);
    expect(told(set)).toEqual([[300, ['mail', 'noc', 'phone']]]);
    await put(server, `alert-rules/service-down/service/${one.key}`, { urgency: 'off' });
    const off = await preview('service-down', { service: one.key });
    expect(off).toMatchObject({ urgency: 'off', way: null, routes: [], moments: [] });
  });

  it('is the outage of what it rests on, which says it, and else a moment for its answer', async () => {
    const [core, payroll] = [await measured(), await measured()];
    await put(server, `services/${payroll.key}`, { name: payroll.key, owner: 'it', dependsOn: [core.key] });
    await core.record([core.saw(-2, 'up')]);
    const alone = await preview('service-down', { service: payroll.key });
    expect(alone.waits).toMatchObject([{ by: 'upstream' }]);
    await fails(core);
    const [alert] = await alerting.alerts(`service=${core.key}`);
    const said = await preview('service-down', { service: payroll.key });
    expect(said.saidBy).toEqual({ service: { key: core.key, name: core.key }, incident: alert!.incident });
    expect(said.moments).toEqual([]);
  });

  it('is the night of an agreement in support hours, until they begin', async () => {
    const one = await measured();
    await put(server, 'teams/hr', { name: 'HR' });
    const week = Object.fromEntries(['mon', 'tue', 'wed', 'thu', 'fri'].map((day) => [day, ['08:00-18:00']]));
    await put(server, 'calendars/office', { name: 'Office', timeZone: 'UTC', week });
    await put(server, 'agreements/night', {
      ...{ kind: 'SLA', title: 'Day', provider: 'it', customer: 'hr', timeZone: 'UTC', calendar: 'office' },
      ...{ effective: { from: '2020-01-01' }, services: [one.key] },
      objectives: { up: { type: 'availability', target: '99.9' } },
    });
    // The epoch began on a Thursday.
    const saturday = (Math.floor((alerting.nowMs / dayMs + 4) / 7) * 7 + 9) * dayMs;
    const [noon, opening] = [iso(saturday + 12 * hourMs), iso(saturday + 2 * dayMs + 8 * hourMs)];
    const weekend = await preview('service-down', { service: one.key, at: noon });
    expect(weekend.waits).toEqual([{ by: 'quiet-hours', from: noon, until: opening, note: null }]);
    expect(weekend.moments[0]!.at).toBe(opening);
    const day = await preview('service-down', { service: one.key, at: opening });
    expect(day.waits).toEqual([]);
    const burns = await preview('burn-fast', { agreement: 'night', at: opening });
    expect(burns.labels).toMatchObject({ team: 'it', agreements: ['night'], service: null });
  });
});

describe('what is one’s own', () => {
  it('is what one has, what a team of one’s own has, and what tells a schedule in which one is on call', async () => {
    const [one, other] = [await measured(), await measured()];
    const layer = { members: ['ana'], rotation: 'daily', start: '2026-01-05' };
    await put(server, 'on-call-schedules/mine', { name: 'Mine', timeZone: 'UTC', layers: [layer] });
    const steps = [{ targets: [{ kind: 'schedule', key: 'mine' }] }];
    await put(server, 'escalation-policies/mine', { name: 'Mine', steps });
    await put(server, 'alert-routes/mine', { name: 'Mine', match: { service: [one.key] }, policy: 'mine' });
    await fails(one);
    await fails(other);
    const [onCall, assigned] = [await signIn(server, 'ana'), await signIn(server, 'ben')];
    const member = await account(server, 'cleo', 'operator', ['it']);
    const own = async (cookie: string) => {
      const { body } = await server.request('GET', '/api/v1/alerts?mine=true', undefined, { cookie });
      return body.items.map(({ service }: { service: { key: string } }) => service.key).toSorted();
    };
    expect(await own(onCall)).toEqual([one.key]);
    expect(await own(assigned)).toEqual([]);
    expect(await own(member)).toEqual([one.key, other.key].toSorted());
    const [alert] = await alerting.alerts(`service=${other.key}`);
    await alerting.act(alert!.id, 'assign', { user: 'ben' });
    expect(await own(assigned)).toEqual([other.key]);
    expect(await alerting.alerts('mine=false')).toHaveLength(2);
    expect((await server.request('GET', '/api/v1/alerts?mine=maybe')).status).toBe(422);
    await server.request('DELETE', '/api/v1/alert-routes/mine');
    await server.request('DELETE', '/api/v1/escalation-policies/mine');
  });
});

describe('the question', () => {
  it('says which field is wrong', async () => {
    const fault = async (rule: string, query: Record<string, string>) => {
      const { status, body } = await ask(rule, query);
      return [
        status,
        ...(body.issues ?? []).map(({ path, message }: { path: string; message: string }) => `${path} ${message}`),
      ];
    };
    const one = await measured();
    expect(await fault('service-down', {})).toEqual([422, 'service is needed: service-down is about one']);
    expect(await fault('burn', { service: one.key })).toEqual([
      422,
      'service must be left out: burn is about the agreement',
    ]);
    expect(await fault('service-down', { service: 'none' })).toEqual([422, 'service there is no service "none"']);
    expect(await fault('burn', { agreement: 'none' })).toEqual([422, 'agreement there is no agreement "none"']);
    expect(await fault('service-down', { service: one.key, at: 'soon' })).toMatchObject([422, /^at /]);
    expect(await fault('service-down', { service: one.key, at: '2099-01-01T00:00:00Z' })).toEqual([
      422,
      'at must be at most 400 days from now',
    ]);
    expect((await ask('service-up', { service: one.key })).status).toBe(422);
  });

  it('is for whoever may read the board', async () => {
    const one = await measured();
    expect((await ask('service-down', { service: one.key }, { token: null })).status).toBe(401);
    const cookie = await account(server, 'onlooker', 'viewer');
    expect((await ask('silent-location', {}, { cookie })).status).toBe(200);
  });
});
