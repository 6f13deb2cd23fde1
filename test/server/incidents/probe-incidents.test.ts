import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { SteadyClock } from '../../../probes/support/clock.ts';
import { hourMs, minuteMs } from '../../../server/domain/durations.ts';
import type { ServiceState } from '../../../server/domain/service-state.ts';
import { ProbeIncidentsService } from '../../../server/incidents/probe-incidents.service.ts';
import { SilentLocationsService } from '../../../server/incidents/silent-locations.service.ts';
import { EventBus } from '../../../server/platform/events.ts';
import type { ServiceChange } from '../../../server/probing/timelines.service.ts';
import { MeasuredService, put } from '../../support/measured.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';
import { statementsOf } from '../../support/statements.ts';

let server: TestServer;
let count = 0;
let aheadMs = 0;
const told: string[] = [];

beforeAll(async () => {
  server = await startTestServer({ TROTH_ROLES: 'api' });
  const clock = server.app.get(SteadyClock);
  vi.spyOn(clock, 'now').mockImplementation(() => Date.now() + aheadMs);
  const events = server.app.get(EventBus);
  for (const name of ['incident.opened', 'incident.changed', 'incident.resolved'] as const)
    events.on(name, ({ incidents }) => void told.push(...incidents.map(({ act }) => `${name} ${act}`)));
});
afterAll(() => server?.close());
beforeEach(() => told.splice(0));
afterEach(() => (aheadMs = 0));

const everyMs = 5_000;
const measured = (options = {}) => MeasuredService.make(server, `s-${(count += 1)}`, { everyMs, ...options });
const restsOn = (one: MeasuredService, ...below: MeasuredService[]) =>
  put(server, `services/${one.key}`, { name: one.key, owner: 'it', dependsOn: below.map(({ key }) => key) });
const fails = (one: MeasuredService, ...numbers: number[]) => one.record(numbers.map((n) => one.saw(n, 'down')));
const recovers = (one: MeasuredService, number: number) => one.record([one.saw(number, 'up')]);
const about = async ({ key }: MeasuredService, query = '') =>
  (await server.request('GET', `/api/v1/incidents?service=${key}${query}`)).body.items;
const read = async (id: number) => (await server.request('GET', `/api/v1/incidents/${id}`)).body;
const iso = (ms: number) => new Date(ms).toISOString();

describe('an outage that probes confirm', () => {
  it('is an incident from its first failing slot, and resolved by the recovery', async () => {
    const one = await measured();
    await recovers(one, -5);
    await fails(one, -4);
    expect(await about(one)).toEqual([]);
    await fails(one, -3);
    const [made] = await about(one);
    expect(made).toMatchObject({
      ...{ title: `${one.key} is down`, kind: 'incident', source: 'probe', state: 'open', severity: 3 },
      ...{ impact: 3, urgency: 1, startedAt: iso(one.slot(-4)), services: [{ key: one.key }], root: { key: one.key } },
    });
    expect(Date.parse(made.detectedAt)).toBeGreaterThan(Date.now() - minuteMs);
    await fails(one, -2);
    await recovers(one, -1);
    const { resolvedAt, outages, followedBy } = await read(made.id);
    // Never before it was detected.
    expect(resolvedAt).toBe(iso(Math.max(one.slot(-1), Date.parse(made.detectedAt))));
    expect(outages).toEqual([{ service: one.key, from: iso(one.slot(-4)), to: iso(one.slot(-1)) }]);
    expect(followedBy).toEqual([]);
    expect(told).toEqual(['incident.opened opened', 'incident.resolved resolved']);
    const { entries } = (await server.request('GET', `/api/v1/incidents/${made.id}/timeline`)).body;
    expect(entries.map(({ act, by }: { act: string; by: object }) => [act, by])).toEqual([
      ['opened', { kind: 'system', name: 'troth' }],
      ['resolved', { kind: 'system', name: 'troth' }],
    ]);
  });

  it('ends with its service: nobody is called for what was deleted, and it opens again where that is undone', async () => {
    const one = await measured();
    await fails(one, -4, -3);
    const [{ id }] = await about(one);
    expect((await server.request('DELETE', `/api/v1/services/${one.key}`)).status).toBe(204);
    expect(await read(id)).toMatchObject({
      state: 'resolved',
      outages: [{ service: one.key, to: expect.any(String) }],
    });
    expect(told).toEqual(['incident.opened opened', 'incident.resolved resolved']);
    const { entries } = (await server.request('GET', `/api/v1/incidents/${id}/timeline`)).body;
    expect(entries.at(-1)).toMatchObject({ act: 'resolved', detail: { isDeleted: true } });
    await server.request('POST', `/api/v1/services/${one.key}/restore`);
    aheadMs = 4 * everyMs;
    await fails(one, 2, 3);
    expect(await read(id)).toMatchObject({ state: 'open' });
  });

  it('comes twice and is told once', async () => {
    const one = await measured();
    const batch = one.batch([one.saw(-4, 'down'), one.saw(-3, 'down')]);
    await one.record(batch.observations);
    await one.record(batch.observations);
    expect(await about(one)).toHaveLength(1);
  });

  it('that comes back within half an hour opens it again, on the same clock; later another one follows it', async () => {
    const one = await measured();
    await fails(one, -3, -2);
    await recovers(one, -1);
    const [first] = await about(one);
    aheadMs = 20 * minuteMs;
    const again = one.numberAt(Date.now() + aheadMs) - 3;
    await fails(one, again, again + 1);
    const reopened = await read(first.id);
    expect(reopened).toMatchObject({ state: 'open', startedAt: first.startedAt, resolvedAt: null });
    expect(reopened.pauses).toMatchObject([{ reason: 'resolved', to: iso(one.slot(again)) }]);
    await recovers(one, again + 2);
    aheadMs = 2 * hourMs;
    const later = one.numberAt(Date.now() + aheadMs) - 3;
    await fails(one, later, later + 1);
    const all = await about(one);
    expect(all.map(({ state, follows }: { state: string; follows: number }) => [state, follows])).toEqual([
      ['open', first.id],
      ['resolved', null],
    ]);
  });

  it('that is learnt of after its end is a closed record, whose clocks nobody judges', async () => {
    const one = await measured();
    await one.record([
      one.saw(-9, 'up'),
      one.saw(-8, 'down'),
      one.saw(-7, 'down'),
      one.saw(-6, 'up'),
      one.saw(0, 'up'),
    ]);
    const [made] = await about(one);
    expect(made).toMatchObject({
      state: 'closed',
      isLate: true,
      startedAt: iso(one.slot(-8)),
      resolvedAt: iso(one.slot(-6)),
    });
    expect(told).toEqual(['incident.changed opened']);
  });

  it('that late results leave open is told once it is known how it went on', async () => {
    const one = await measured();
    await recovers(one, -200);
    await fails(one, -199, -198);
    expect(await about(one)).toEqual([]);
    await recovers(one, 0);
    expect(await about(one)).toMatchObject([
      { state: 'closed', isLate: true, startedAt: iso(one.slot(-199)), resolvedAt: iso(one.slot(0)) },
    ]);
    const other = await measured();
    await recovers(other, -200);
    await fails(other, -199, -198);
    await fails(other, -1, 0);
    expect(await about(other)).toMatchObject([{ state: 'open', isLate: false, startedAt: iso(other.slot(-199)) }]);
    expect(told).toEqual(['incident.changed opened', 'incident.opened opened']);
  });

  it('cannot be left waiting while probes say that it lasts', async () => {
    const one = await measured();
    await fails(one, -3, -2);
    const [{ id }] = await about(one);
    const pend = () => server.request('POST', `/api/v1/incidents/${id}/pend`, { reason: 'supplier' });
    expect((await pend()).body).toMatchObject({ code: 'conflict', detail: expect.stringContaining('is down') });
    const taken = await server.request('POST', `/api/v1/incidents/${id}/acknowledge`, {});
    expect(taken.body.respondedAt).toBe(taken.body.acknowledgedAt);
  });
});

describe('outages of services that rest on each other', () => {
  it('are one incident of the one below, also where those above are confirmed first', async () => {
    const [core, payroll, mail] = [await measured(), await measured(), await measured()];
    await restsOn(payroll, core);
    await restsOn(mail, core);
    await fails(payroll, -4, -3);
    const [alone] = await about(payroll);
    await server.request('POST', `/api/v1/incidents/${alone.id}/acknowledge`, {});
    await fails(core, -3, -2);
    await fails(mail, -2, -1);
    const [one, ...none] = await about(core);
    expect(none).toEqual([]);
    const detail = await read(one.id);
    expect(detail).toMatchObject({ root: { key: core.key }, startedAt: iso(payroll.slot(-4)), state: 'acknowledged' });
    expect(detail.merged).toEqual([alone.id]);
    expect(detail.services.map(({ key }: { key: string }) => key).toSorted()).toEqual(
      [core.key, payroll.key, mail.key].toSorted(),
    );
    expect(await read(alone.id)).toMatchObject({ state: 'closed', mergedInto: one.id, clocks: { agreements: [] } });
    expect(await about(mail, '&state=open')).toEqual([]);
    expect(told.filter((what) => what.startsWith('incident.opened'))).toHaveLength(2);
  });

  it('are told by themselves once the one below is well again and they are not', async () => {
    const [core, payroll] = [await measured(), await measured()];
    await restsOn(payroll, core);
    await fails(core, -4, -3);
    await fails(payroll, -3, -2);
    await recovers(core, -1);
    const [shared] = await about(payroll);
    expect(shared).toMatchObject({ root: { key: core.key }, state: 'resolved' });
    expect(await server.app.get(ProbeIncidentsService).review()).toBe(0);
    aheadMs = 5 * minuteMs;
    expect(await server.app.get(ProbeIncidentsService).review()).toBe(1);
    const [own] = await about(payroll);
    expect(own).toMatchObject({ root: { key: payroll.key }, state: 'open', follows: shared.id });
  });

  it('are a handful of statements, however many they are', async () => {
    const size = 2_000;
    await put(server, 'services/below-all', { name: 'Below', owner: 'it' });
    const [below] = await server.database.query<{ id: number }>(`select id from services where key = 'below-all'`);
    const above = await server.database.query<{ id: number }>(
      `insert into services (key, name, description, category, owner_id, tier, tags, paused)
       select 'above-' || n, 'Above ' || n, '', category, owner_id, tier, tags, paused
       from services, generate_series(1, $1) n where key = 'below-all' returning id`,
      [size],
    );
    await server.database.query(
      `insert into service_dependencies (service_id, upstream_id) select unnest($1::int[]), $2`,
      [above.map(({ id }) => id), below!.id],
    );
    const nowMs = Date.now();
    const turned = (serviceId: number): ServiceChange => {
      const status = (state: ServiceState) => ({ serviceId, state, sinceMs: nowMs, reason: 0, suspect: false });
      const timeline = [{ fromMs: nowMs, toMs: null, state: 'down' as const, reason: 0 }];
      return { serviceId, before: status('up'), after: status('down'), fromMs: nowMs, timeline };
    };
    const statements = await statementsOf(server, async () => {
      await server.database.transaction(() =>
        server.app
          .get(EventBus)
          .publish('services.changed', { changes: [...above, below!].map(({ id }) => turned(id)) }),
      );
    });
    expect(statements.length).toBeLessThan(80);
    const { items } = (await server.request('GET', '/api/v1/incidents?service=above-7')).body;
    expect(items).toMatchObject([{ root: { key: 'below-all' }, state: 'open' }]);
    expect(items[0].services).toHaveLength(size + 1);
    expect(told.filter((what) => what.startsWith('incident.opened'))).toEqual(['incident.opened opened']);
  });
});

describe('an outage during maintenance', () => {
  it('that was announced is told only if it outlasts it, from its end', async () => {
    const one = await measured();
    const start = iso(Date.now() - minuteMs).slice(0, 16);
    await put(server, 'maintenance/now', {
      ...{ services: [one.key], start, timeZone: 'UTC', duration: '10m', announced: iso(Date.now() - hourMs) },
    });
    await fails(one, -3, -2);
    expect(await about(one)).toEqual([]);
    const review = () => server.app.get(ProbeIncidentsService).review();
    expect(await review()).toBe(0);
    aheadMs = 10 * minuteMs;
    expect(await review()).toBe(1);
    const [made] = await about(one);
    expect(made).toMatchObject({ state: 'open', startedAt: iso(Date.parse(`${start}:00Z`) + 10 * minuteMs) });
  });
});

describe('a location of which nothing is heard', () => {
  const watch = () => server.app.get(SilentLocationsService).watch();
  const heard = (ago: string) =>
    server.database.query(
      `update agents set last_seen_at = now() - $1::interval where location_id = (select id from locations where key = 'far')`,
      [ago],
    );

  it('is one incident that lists what it hides, until it is heard again', async () => {
    const [alone, seen] = [await measured({ locations: ['far'] }), await measured({ locations: ['far', 'hq'] })];
    await alone.record([alone.saw(-1, 'up')]);
    await server.database.query(
      `insert into agents (id, location_id, version, started_at, last_seen_at)
       select $1, id, 'test', now(), now() from locations where key = 'hq' on conflict do nothing`,
      [randomUUID()],
    );
    await heard('10 seconds');
    await watch();
    expect(await about(alone)).toEqual([]);
    await heard('2 minutes');
    await watch();
    await watch();
    const silent = (await server.request('GET', '/api/v1/incidents?state=open&text=nothing+is+heard')).body.items;
    const one = silent.find(({ location }: { location: { key: string } }) => location.key === 'far');
    expect(one).toMatchObject({ title: 'Nothing is heard of far', services: [], severity: 2, source: 'probe' });
    expect(one.hides.map(({ key }: { key: string }) => key)).toEqual([alone.key]);
    expect(one.hides).not.toContainEqual(expect.objectContaining({ key: seen.key }));
    await heard('1 second');
    await watch();
    expect(await read(one.id)).toMatchObject({ state: 'resolved' });
    await heard('2 minutes');
    await watch();
    expect(await read(one.id)).toMatchObject({ state: 'open', pauses: [{ reason: 'resolved' }] });
  });
});
