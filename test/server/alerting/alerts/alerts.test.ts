import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { AlertDutiesService } from '../../../../server/alerting/alerts/alert-duties.service.ts';
import { AlertIntakeService } from '../../../../server/alerting/alerts/alert-intake.service.ts';
import { dayMs, hourMs, minuteMs } from '../../../../server/domain/durations.ts';
import type { ServiceState } from '../../../../server/domain/service-state.ts';
import { SilentLocationsService } from '../../../../server/incidents/silent-locations.service.ts';
import { EventBus } from '../../../../server/platform/events.ts';
import type { ServiceChange } from '../../../../server/probing/timelines.service.ts';
import { makeAccount } from '../../../support/accounts.ts';
import { Alerting } from '../../../support/alerting.ts';
import { MeasuredService, put } from '../../../support/measured.ts';
import { startTestServer, type TestServer } from '../../../support/server.ts';
import { statementsOf } from '../../../support/statements.ts';
import { until } from '../../../support/until.ts';

let server: TestServer;
let alerting: Alerting;
let count = 0;

beforeAll(async () => {
  server = await startTestServer({ TROTH_ROLES: 'api', TROTH_ALLOW_LOOPBACK: 'true' });
  alerting = new Alerting(server);
  await alerting.channel('noc');
});
afterAll(() => server?.close());
afterEach(async () => {
  await alerting.forget();
  alerting.aheadMs = 0;
});

const everyMs = 5_000;
const measured = (options = {}) => MeasuredService.make(server, `a-${(count += 1)}`, { everyMs, ...options });
const fails = (one: MeasuredService, ...numbers: number[]) => one.record(numbers.map((n) => one.saw(n, 'down')));
const recovers = (one: MeasuredService, number: number) => one.record([one.saw(number, 'up')]);
const restsOn = (one: MeasuredService, ...below: MeasuredService[]) =>
  put(server, `services/${one.key}`, { name: one.key, owner: 'it', dependsOn: below.map(({ key }) => key) });
const of = async ({ key }: MeasuredService) => alerting.alerts(`service=${key}`);
const iso = (ms: number) => new Date(ms).toISOString();

describe('a service that goes down', () => {
  it('is told in the transaction that learns of it, and its recovery too', async () => {
    const one = await measured();
    await recovers(one, -5);
    await fails(one, -4);
    expect(await of(one)).toEqual([]);
    await fails(one, -3);
    const [alert] = await of(one);
    expect(alert).toMatchObject({
      ...{ rule: 'service-down', urgency: 'page', state: 'firing', fingerprint: `service-down/${one.key}` },
      ...{ title: `${one.key} is down`, reason: expect.stringMatching(/refused/i), sinceAt: iso(one.slot(-4)) },
      ...{ service: { key: one.key, name: one.key }, muted: null, incident: expect.any(Number) },
      labels: { service: one.key, team: 'it', agreements: [], tags: [], tier: 3 },
    });
    const [told] = await alerting.told(alert!.id);
    expect(told!.message).toMatchObject({
      ...{ moment: 'firing', urgency: 'page', title: `${one.key} is down`, holder: null, budget: null },
      links: {
        open: expect.stringContaining(`/alerts/${alert!.id}`),
        acknowledge: expect.stringContaining('/act#'),
      },
    });
    await recovers(one, -2);
    expect(await alerting.heard(alert!.id)).toEqual(['noc firing', 'noc resolved']);
    expect(await alerting.alert(alert!.id)).toMatchObject({ state: 'resolved', resolvedAt: expect.any(String) });
  });

  it('is not told where its transaction fails', async () => {
    const one = await measured();
    server.app.get(EventBus).on('incident.opened', ({ incidents }) => {
      if (incidents.some(({ serviceIds }) => serviceIds.includes(one.id))) throw new Error('it fails');
    });
    await expect(fails(one, -4, -3)).rejects.toThrow('it fails');
    expect([await of(one), await alerting.told()]).toEqual([[], []]);
  });

  it('is acknowledged with its incident, and its incident with it', async () => {
    const [one, other] = [await measured(), await measured()];
    await fails(one, -4, -3);
    await fails(other, -4, -3);
    const [[first], [second]] = [await of(one), await of(other)];
    await server.request('POST', `/api/v1/incidents/${first!.incident}/acknowledge`, {});
    expect(await alerting.alert(first!.id)).toMatchObject({
      state: 'acknowledged',
      acknowledgedBy: expect.any(String),
    });
    expect(await alerting.heard(first!.id)).toEqual(['noc firing', 'noc acknowledged']);
    expect((await alerting.act(second!.id, 'acknowledge')).body).toMatchObject({ state: 'acknowledged' });
    const incident = (await server.request('GET', `/api/v1/incidents/${second!.incident}`)).body;
    expect(incident).toMatchObject({ state: 'acknowledged', acknowledgedAt: expect.any(String) });
    await alerting.act(second!.id, 'acknowledge');
    expect(await alerting.heard(second!.id)).toEqual(['noc firing', 'noc acknowledged']);
  });

  it('is over with its incident where that was recorded by mistake and is deleted', async () => {
    const one = await measured();
    await fails(one, -4, -3);
    const [alert] = await of(one);
    expect((await server.request('DELETE', `/api/v1/incidents/${alert!.incident}`)).status).toBe(204);
    expect(await alerting.alert(alert!.id)).toMatchObject({ state: 'resolved', incident: null });
    expect(await alerting.heard(alert!.id)).toEqual(['noc firing', 'noc resolved']);
  });

  it('again after its recovery is told anew, whoever had it before', async () => {
    const one = await measured();
    await fails(one, -4, -3);
    const [first] = await of(one);
    await alerting.act(first!.id, 'acknowledge');
    await recovers(one, -2);
    await alerting.pass(minuteMs);
    const again = one.numberAt(alerting.nowMs) - 3;
    await fails(one, again, again + 1);
    const [second] = await of(one);
    expect(second).toMatchObject({ state: 'firing', incident: first!.incident });
    expect(second!.id).toBeGreaterThan(first!.id);
    expect(await alerting.heard(second!.id)).toEqual(['noc firing']);
  });

  it('waits for the answer of what it rests on, and is not told where that is the cause', async () => {
    const [core, payroll] = [await measured(), await measured()];
    await restsOn(payroll, core);
    await recovers(core, -2);
    await fails(payroll, -1, 0);
    const [waiting] = await of(payroll);
    expect(waiting).toMatchObject({ state: 'firing', muted: { by: 'upstream', until: expect.any(String) } });
    // A run of five seconds, and its way here.
    expect(Date.parse(waiting!.muted!.until!) - Date.parse(waiting!.firedAt)).toBe(7_000);
    await fails(core, -1, 0);
    expect(await of(payroll)).toMatchObject([{ state: 'resolved', toldAt: null }]);
    const [page] = await of(core);
    await alerting.pass(minuteMs);
    expect((await alerting.told()).map(({ alertId, moment }) => [alertId, moment])).toEqual([[page!.id, 'firing']]);
    expect((await alerting.told())[0]!.message.dependents).toEqual({ names: [payroll.key], count: 1 });
  });

  it('waits for what was seen failing until that could be confirmed, for 15 s at most', async () => {
    const [core, payroll] = [await measured({ probe: { confirm: { failures: 3 } } }), await measured()];
    await restsOn(payroll, core);
    await recovers(core, -2);
    await fails(core, -1);
    await fails(payroll, -1, 0);
    const [waiting] = await of(payroll);
    const atMs = Math.min(core.slot(-1) + 3 * 5_000 + 2_000, Date.parse(waiting!.firedAt) + 15_000);
    expect(waiting!.muted).toEqual({ by: 'upstream', until: iso(atMs) });
    await alerting.pass(15_000);
    expect(await alerting.heard(waiting!.id)).toEqual(['noc firing']);
  });

  it('does not wait for what was well after it began, or cannot answer', async () => {
    const [well, paused, unseen, far] = [await measured(), await measured(), await measured(), await measured()];
    const payroll = await measured();
    await restsOn(payroll, well, paused, unseen);
    await restsOn(well, far);
    for (const one of [well, paused, far]) await recovers(one, -2);
    const sinceMs = payroll.slot(-1);
    await put(server, `services/${paused.key}`, { name: paused.key, owner: 'it', paused: true });
    for (const one of [well, far]) await recovers(one, one.numberAt(sinceMs));
    await fails(payroll, -1, 0);
    expect(await of(payroll)).toMatchObject([{ muted: null, toldAt: expect.any(String) }]);
  });

  it('is told as soon as what it rests on has answered that it is well', async () => {
    const [core, payroll] = [await measured(), await measured()];
    await restsOn(payroll, core);
    await recovers(core, -2);
    await fails(payroll, -1, 0);
    await alerting.do();
    expect(await alerting.told()).toEqual([]);
    await recovers(core, core.numberAt(payroll.slot(-1)));
    await until(async () => {
      await alerting.do();
      return (await alerting.heard()).length > 0;
    }, 2_000);
    expect(await of(payroll)).toMatchObject([{ state: 'firing', muted: null }]);
  });

  it('and waits is told when the answer does not come, also after a restart', async () => {
    const [core, payroll] = [await measured(), await measured()];
    await restsOn(payroll, core);
    await recovers(core, -2);
    await fails(payroll, -1, 0);
    const [waiting] = await of(payroll);
    expect(await alerting.told()).toEqual([]);
    const again = await startTestServer({ TROTH_ROLES: 'api', DATABASE_URL: server.databaseUrl });
    try {
      const restarted = new Alerting(again);
      await restarted.pass(20_000);
      expect(await alerting.heard(waiting!.id)).toEqual(['noc firing']);
      await restarted.do();
    } finally {
      await again.close();
    }
    await alerting.pass(30_000);
    expect(await alerting.heard(waiting!.id)).toEqual(['noc firing']);
  });

  it('with 2,000 that rest on it is one page', async () => {
    const root = await MeasuredService.make(server, 'root', { everyMs });
    await recovers(root, -2);
    const above = await server.database.query<{ id: number }>(
      `insert into services (key, name, description, category, owner_id, tier, tags, paused)
       select 'on-root-' || n, 'On root ' || n, '', category, owner_id, tier, tags, paused
       from services, generate_series(1, 2000) n where key = 'root' returning id`,
    );
    await server.database.query(
      `insert into service_dependencies (service_id, upstream_id) select unnest($1::int[]), $2`,
      [above.map(({ id }) => id), root.id],
    );
    const fromMs = alerting.nowMs;
    const turned = (serviceId: number): ServiceChange => {
      const status = (state: ServiceState) => ({ serviceId, state, sinceMs: fromMs, reason: 0, suspect: false });
      const timeline = [{ fromMs, toMs: null, state: 'down' as const, reason: 0 }];
      return { serviceId, before: status('up'), after: status('down'), fromMs, timeline };
    };
    // Those above are confirmed first.
    const statements = await statementsOf(server, async () => {
      for (const ids of [above.map(({ id }) => id), [root.id]])
        await server.database.transaction(() =>
          server.app.get(EventBus).publish('services.changed', { changes: ids.map(turned) }),
        );
    });
    expect(await alerting.heard()).toEqual(['noc firing']);
    expect((await alerting.told())[0]).toMatchObject({ title: 'root is down' });
    expect((await alerting.told())[0]!.message.dependents.count).toBe(2_000);
    await alerting.pass(5 * minuteMs);
    expect(await alerting.heard()).toEqual(['noc firing']);
    expect(await alerting.alerts('state=living')).toHaveLength(1);
    expect(statements.length).toBeLessThan(200);
  }, 60_000);
});

describe('a silent location', () => {
  it('is one page that lists what it hides', async () => {
    const one = await measured({ locations: ['far'] });
    await one.record([one.saw(-1, 'up')]);
    await server.database.query(
      `update agents set last_seen_at = now() - interval '10 minutes'
       where location_id = (select id from locations where key = 'far')`,
    );
    await server.app.get(SilentLocationsService).watch();
    const [alert] = await alerting.alerts('rule=silent-location');
    expect(alert).toMatchObject({
      fingerprint: 'silent-location/far',
      urgency: 'page',
      title: 'Nothing is heard of far',
    });
    const [told] = await alerting.told(alert!.id);
    expect(told!.message.reason).toContain(`It hides ${one.key}`);
    await server.database.query(`update agents set last_seen_at = now()`);
    await server.app.get(SilentLocationsService).watch();
    expect(await alerting.heard(alert!.id)).toEqual(['noc firing', 'noc resolved']);
  });
});

describe('outages that are learnt of late', () => {
  it('are one message of their team', async () => {
    const all = [];
    for (let n = 0; n < 13; n += 1) all.push(await measured());
    for (const one of all)
      await one.record([one.saw(-8, 'down'), one.saw(-7, 'down'), one.saw(-6, 'up'), one.saw(0, 'up')]);
    expect(await alerting.told()).toEqual([]);
    await alerting.pass(11_000);
    const told = await alerting.told();
    expect(told.map(({ urgency, title }) => [urgency, title])).toEqual([['ticket', `${all[0]!.key} was down`]]);
    expect(told[0]!.message.reason).toContain(`Also: ${all[1]!.key} was down`);
    expect(told[0]!.message.reason).toContain('And 2 more');
  }, 60_000);
});

describe('an incident that somebody tells of', () => {
  it('pages where it is of severity 1, waits a moment otherwise, and is told once about one service', async () => {
    const one = await measured();
    const open = (severity: number) =>
      server.request('POST', '/api/v1/incidents', { title: `Severity ${severity}`, services: [one.key], severity });
    const { body } = await open(3);
    const [alert] = await of(one);
    expect(alert).toMatchObject({ rule: 'incident-reported', urgency: 'notify', muted: { by: 'group' } });
    await alerting.pass(9_000);
    expect(await alerting.told()).toEqual([]);
    await open(4);
    await alerting.pass(1_001);
    const told = await alerting.told();
    expect(told).toMatchObject([{ alertId: alert!.id, urgency: 'notify', title: 'Severity 3' }]);
    expect(told[0]!.message.reason).toContain('Also: Severity 4');
    // What goes on is told by itself when the one in whose message it was told is over.
    await server.request('POST', `/api/v1/incidents/${body.id}/resolve`, {});
    await alerting.pass(11_000);
    expect((await alerting.told()).map(({ title, moment }) => [title, moment])).toEqual([
      ['Severity 3', 'firing'],
      ['Severity 3', 'resolved'],
      ['Severity 4', 'firing'],
    ]);
    // Two that end together are told to be over in one message; one that was told in another's ends with a word of its own.
    const [{ body: fourth }, { body: fifth }] = [await open(4), await open(5)];
    await alerting.pass(11_000);
    const ends = async ({ id }: { id: number }, act = 'resolve') => {
      await server.request('POST', `/api/v1/incidents/${id}/${act}`, {});
      return (await alerting.told()).at(-1)!;
    };
    const before = (await alerting.told()).length;
    expect(await ends(fifth)).toMatchObject({ moment: 'resolved', title: 'Severity 5', channel: 'noc' });
    expect(await ends(fourth)).toMatchObject({ moment: 'resolved', title: 'Severity 4', channel: 'noc' });
    expect(await alerting.told()).toHaveLength(before + 2);
    await open(1);
    await alerting.pass(hourMs);
    expect((await alerting.told()).at(-1)).toMatchObject({ urgency: 'page', title: 'Severity 1' });
  });
});

describe('what was told in the message of another', () => {
  it('is over in the message of that where both end at once', async () => {
    const one = await measured();
    const report = (title: string) =>
      server.request('POST', '/api/v1/incidents', { title, services: [one.key], severity: 3 });
    for (const title of ['First', 'Second']) await report(title);
    await alerting.pass(11_000);
    const ids = (await of(one)).map(({ id }) => id);
    await server.app.get(AlertIntakeService).resolve({ ids }, alerting.nowMs);
    const told = await alerting.told();
    expect(told.map(({ title, moment }) => [title, moment])).toEqual([
      ['First', 'firing'],
      ['First', 'resolved'],
    ]);
    expect(told[1]!.message.reason).toContain('Also over: Second');
  });

  it('is told to be over though the other ended before and it was not told by itself yet', async () => {
    const one = await measured();
    const report = async (title: string) =>
      (await server.request('POST', '/api/v1/incidents', { title, services: [one.key], severity: 3 })).body.id;
    const [first, second] = [await report('First'), await report('Second')];
    await alerting.pass(11_000);
    for (const id of [first, second]) await server.request('POST', `/api/v1/incidents/${id}/resolve`, {});
    await alerting.pass(minuteMs);
    expect((await alerting.told()).map(({ title, moment }) => [title, moment])).toEqual([
      ['First', 'firing'],
      ['First', 'resolved'],
      ['Second', 'resolved'],
    ]);
  });
});

describe('an alert of long ago', () => {
  it('is forgotten when what was told of it is, unless one that lives was told in its message', async () => {
    const [old, kept] = [await measured(), await measured()];
    for (const one of [old, kept]) await fails(one, -4, -3);
    for (const one of [old, kept]) await recovers(one, -2);
    const lives = await measured();
    await fails(lives, -4, -3);
    const [[first], [leader], [living]] = [await of(old), await of(kept), await of(lives)];
    await server.database.query('update alerts set told_in = $1 where id = $2', [leader!.id, living!.id]);
    const duties = server.app.get(AlertDutiesService);
    alerting.aheadMs = 89 * dayMs;
    await duties.forget();
    expect(await of(old)).toHaveLength(1);
    alerting.aheadMs = 91 * dayMs;
    await duties.forget();
    expect((await alerting.alerts()).map(({ id }) => id)).toEqual([living!.id, leader!.id]);
    expect((await server.request('GET', `/api/v1/alerts/${first!.id}`)).status).toBe(404);
  });
});

describe('an escalation', () => {
  const policy = {
    name: 'Own',
    team: 'own',
    steps: [{ targets: [{ kind: 'user', key: 'ann' }] }, { after: '15m', targets: [{ kind: 'channel', key: 'boss' }] }],
    repeat: 1,
    repeatAfter: '30m',
  };
  const down = async () => {
    const one = await measured();
    await put(server, `services/${one.key}`, { name: one.key, owner: 'own' });
    await fails(one, -4, -3);
    const [alert] = await of(one);
    return alert!;
  };
  beforeAll(async () => {
    await put(server, 'teams/own', { name: 'Own team' });
    await makeAccount(server, 'ann', 'operator', ['own']);
    for (const key of ['ann-phone', 'boss']) await alerting.channel(key);
    await put(server, 'contacts/ann', { channels: ['ann-phone'] });
    await put(server, 'escalation-policies/own', policy);
  });

  it("follows the policy of the owner's team, step by step, and begins anew", async () => {
    const alert = await down();
    expect(alert.escalation).toEqual({ policy: 'own', nextAt: expect.any(String) });
    expect(await alerting.heard(alert.id)).toEqual(['ann-phone firing']);
    expect((await alerting.told(alert.id))[0]!.message.holder).toContain('on call: ann');
    await alerting.pass(14 * minuteMs);
    expect(await alerting.heard(alert.id)).toEqual(['ann-phone firing']);
    await alerting.pass(minuteMs + 1);
    expect(await alerting.heard(alert.id)).toEqual(['ann-phone firing', 'boss firing']);
    await alerting.pass(30 * minuteMs);
    await alerting.pass(15 * minuteMs);
    const all = ['ann-phone firing', 'boss firing', 'ann-phone reminder', 'boss reminder'];
    expect(await alerting.heard(alert.id)).toEqual(all);
    await alerting.pass(24 * hourMs);
    expect(await alerting.heard(alert.id)).toEqual(all);
  });

  it('stops when somebody acknowledges', async () => {
    const alert = await down();
    await alerting.act(alert.id, 'acknowledge');
    await alerting.pass(2 * hourMs);
    expect(await alerting.heard(alert.id)).toEqual(['ann-phone firing', 'ann-phone acknowledged']);
  });

  it('goes to the next step at once when somebody asks for it', async () => {
    const alert = await down();
    await alerting.act(alert.id, 'acknowledge');
    expect((await alerting.act(alert.id, 'escalate')).body.state).toBe('firing');
    await alerting.do();
    expect((await alerting.heard(alert.id)).at(-1)).toBe('boss firing');
  });

  it('takes the route that fits first, and every channel where it leads nowhere', async () => {
    await put(server, 'alert-routes/pages', {
      ...{ name: 'Pages', place: 2, match: { team: ['own'], urgency: ['page'] }, channels: ['boss'] },
    });
    await put(server, 'alert-routes/tier-1', { name: 'Tier 1', place: 1, match: { tier: [1] }, channels: ['noc'] });
    try {
      expect(await alerting.heard((await down()).id)).toEqual(['boss firing']);
      const gone = await server.request('DELETE', '/api/v1/channels/boss');
      expect(gone.body).toMatchObject({ code: 'in-use', detail: expect.stringContaining('alert route "pages"') });
      await put(server, 'contacts/ann', { channels: [] });
      await server.request('DELETE', '/api/v1/alert-routes/pages');
      expect(await alerting.heard((await down()).id)).toEqual(['ann-phone firing', 'boss firing', 'noc firing']);
    } finally {
      await put(server, 'contacts/ann', { channels: ['ann-phone'] });
      await server.request('DELETE', '/api/v1/alert-routes/tier-1');
    }
  });

  it('is told once by two servers', async () => {
    const alert = await down();
    alerting.aheadMs = 15 * minuteMs + 1;
    await Promise.all([alerting.do(), alerting.do(), alerting.do()]);
    expect(await alerting.heard(alert.id)).toEqual(['ann-phone firing', 'boss firing']);
  });
});
