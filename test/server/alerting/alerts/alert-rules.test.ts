import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { dayMs, hourMs, minuteMs } from '../../../../server/domain/durations.ts';
import { RunningRefreshService } from '../../../../server/compliance/running-refresh.service.ts';
import { Alerting } from '../../../support/alerting.ts';
import { MeasuredService, put } from '../../../support/measured.ts';
import { startTestServer, type TestServer } from '../../../support/server.ts';
import { signedAgreement, signers, type Signers } from '../../../support/signed-agreement.ts';

let server: TestServer;
let alerting: Alerting;
let parties: Signers;
let count = 0;

beforeAll(async () => {
  server = await startTestServer({ TROTH_ROLES: 'api', TROTH_ALLOW_LOOPBACK: 'true' });
  alerting = new Alerting(server);
  for (const key of ['noc', 'mail']) await alerting.channel(key);
  for (const key of ['it', 'hr']) await put(server, `teams/${key}`, { name: key.toUpperCase() });
  parties = await signers(server, 'it', 'hr');
});
afterAll(() => server?.close());
afterEach(async () => {
  await alerting.forget();
  alerting.aheadMs = 0;
});

const measured = (options = {}) =>
  MeasuredService.make(server, `r-${(count += 1)}`, { everyMs: minuteMs, historyMs: 3 * dayMs, ...options });
const of = async ({ key }: { key: string }, query = '') => alerting.alerts(`service=${key}${query}`);
const iso = (ms: number) => new Date(ms).toISOString();

const written = (one: MeasuredService, change: object) => ({
  ...{ kind: 'SLA', title: `For ${one.key}`, provider: 'it', customer: 'hr', period: 'rolling-30d', timeZone: 'UTC' },
  ...{ effective: { from: '2020-01-01' }, services: [one.key] },
  objectives: { up: { type: 'availability', target: '99.9' } },
  ...change,
});
async function agreement(one: MeasuredService, change: object = {}): Promise<string> {
  const key = `for-${one.key}`;
  await signedAgreement(server, key, written(one, change), parties);
  return key;
}
/** What the background does after changes. */
const settle = async () => {
  await server.app.get(RunningRefreshService).refresh();
  await alerting.do();
};

describe('the budget of a promise', () => {
  it('fires and clears at the instants that its windows give, and says it once beside the outage', async () => {
    const one = await measured();
    const key = await agreement(one, { counting: { unknown: 'good' } });
    await one.record(Array.from({ length: 90 }, (_, n) => one.saw(n - 91, 'up')));
    await settle();
    expect(await alerting.alerts(`agreement=${key}`)).toEqual([]);
    await one.record([one.saw(-1, 'down'), one.saw(0, 'down')]);
    await settle();
    // 14.4 times 0.1 % of an hour is 51.84 s: of the first failing slot on it burns.
    const fires = one.slot(-1) + 51_840;
    const [burning] = await alerting.alerts(`agreement=${key}&rule=burn-fast`);
    if (alerting.nowMs < fires) {
      expect(burning).toBeUndefined();
      await alerting.pass(fires - alerting.nowMs);
    }
    const [fast] = await alerting.alerts(`agreement=${key}&rule=burn-fast`);
    expect(fast).toMatchObject({
      ...{ urgency: 'page', state: 'firing', agreement: { key, name: `For ${one.key}` }, objective: 'up' },
      ...{ title: expect.stringContaining('burns its budget'), muted: { by: 'inhibited' }, toldAt: null },
      reason: 'At least 1.44 % of the last 1 h and of the last 5 min of agreed time was bad',
    });
    expect((await alerting.told()).map(({ title }) => title)).toEqual([`${one.key} is down`, `${one.key} is down`]);
    alerting.aheadMs = one.slot(1) + 5_000 - Date.now();
    await one.record([one.saw(1, 'up')]);
    await settle();
    const clears = one.slot(1) + 5 * minuteMs - 4_320;
    await alerting.pass(clears - alerting.nowMs - 2_000);
    expect((await alerting.alert(fast!.id)).state).toBe('firing');
    await alerting.pass(2_500);
    expect((await alerting.alert(fast!.id)).state).toBe('resolved');
  });

  it('that is overspent is told after a moment, with what it was', async () => {
    const one = await measured();
    const key = await agreement(one, { period: 'week', objectives: { up: { type: 'availability', target: '99.99' } } });
    await one.record([one.saw(-3, 'up'), one.saw(-2, 'down'), one.saw(-1, 'down')]);
    await one.record([one.saw(0, 'up')]);
    await settle();
    const [breached] = await alerting.alerts(`agreement=${key}&rule=objective-breached`);
    expect(breached).toMatchObject({ urgency: 'notify', objective: 'up', labels: { team: 'it', agreements: [key] } });
    await alerting.pass(11_000);
    const [told] = await alerting.told(breached!.id);
    expect(told!.message).toMatchObject({ agreement: { key }, title: expect.stringContaining('is breached') });
  });
});

describe('the clock of an incident', () => {
  it('warns at its shares and tells that it ran out, once each, until somebody responds', async () => {
    const one = await measured();
    await agreement(one, {
      objectives: { answer: { type: 'response', severity: 2, within: '60m', target: '95' } },
    });
    const body = { title: 'Printers jam', services: [one.key], severity: 2 };
    const { id } = (await server.request('POST', '/api/v1/incidents', body)).body;
    await alerting.do();
    const titles = async (rule: string) =>
      (await alerting.alerts(`incident=${id}&rule=${rule}`)).map(({ title }) => title);
    await alerting.pass(29 * minuteMs);
    expect(await titles('clock-warning')).toEqual([]);
    await alerting.pass(minuteMs + 1_000);
    expect(await titles('clock-warning')).toEqual(['Printers jam: 50 % of the time to respond is spent']);
    await alerting.pass(15 * minuteMs);
    await alerting.pass(15 * minuteMs);
    expect(await titles('clock-warning')).toEqual([
      'Printers jam: 75 % of the time to respond is spent',
      'Printers jam: 50 % of the time to respond is spent',
    ]);
    const [ran] = await alerting.alerts(`incident=${id}&rule=clock-breached`);
    expect(ran).toMatchObject({ urgency: 'page', title: 'Printers jam: the time to respond has run out' });
    expect((await alerting.told(ran!.id))[0]!.message.reason).toMatch(/within 1 h, which was due /);
    await alerting.pass(hourMs);
    expect(await alerting.alerts(`incident=${id}&rule=clock-breached`)).toHaveLength(1);
    await server.request('POST', `/api/v1/incidents/${id}/resolve`, {});
    expect((await alerting.alert(ran!.id)).state).toBe('resolved');
  });
});

describe('a draft', () => {
  it('has clocks and a verdict, and calls nobody until it is signed', async () => {
    const one = await measured();
    const key = `for-${one.key}`;
    const objectives = {
      up: { type: 'availability', target: '99.9' },
      answer: { type: 'response', severity: 2, within: '10m', target: '95' },
    };
    await put(server, `agreements/${key}`, written(one, { objectives }));
    const body = { title: 'Printers jam', services: [one.key], severity: 2 };
    const { id } = (await server.request('POST', '/api/v1/incidents', body)).body;
    await one.record([one.saw(-1, 'down'), one.saw(0, 'down')]);
    await settle();
    await alerting.pass(hourMs);
    expect((await server.request('GET', `/api/v1/incidents/${id}`)).body.clocks.agreements).toMatchObject([
      { agreement: key, basis: 'draft' },
    ]);
    const ofPromise = async () =>
      (await alerting.alerts(`agreement=${key}`)).filter(({ rule }) => /^(objective|burn)/.test(rule));
    expect(await ofPromise()).toEqual([]);
    expect(await alerting.alerts(`incident=${id}&rule=clock-breached`)).toEqual([]);
    await agreement(one, { objectives });
    await settle();
    expect(await ofPromise()).not.toEqual([]);
  });
});

describe('a silence', () => {
  const fails = (one: MeasuredService) => one.record([one.saw(-1, 'down'), one.saw(0, 'down')]);
  const silence = (match: object, more: object = { for: '1h' }) =>
    server.request('POST', '/api/v1/silences', { match, reason: 'We are at it', ...more });

  it('keeps alerts from being told, and its end is told with what still fires', async () => {
    const [one, other] = [await measured(), await measured()];
    const { status, body } = await silence({ service: [one.key, other.key] });
    expect([status, body.state]).toEqual([201, 'holding']);
    await fails(one);
    await fails(other);
    expect(await of(one)).toMatchObject([{ state: 'firing', muted: { by: 'silence', until: body.to } }]);
    expect((await server.request('GET', `/api/v1/silences/${body.id}`)).body.muted).toBe(2);
    alerting.aheadMs = other.slot(1) + 5_000 - Date.now();
    await other.record([other.saw(1, 'up')]);
    await alerting.pass(58 * minuteMs);
    expect(await alerting.told()).toEqual([]);
    await alerting.pass(2 * minuteMs);
    await alerting.pass(11_000);
    const told = (await alerting.told()).filter(({ channel }) => channel === 'noc');
    expect(told.map(({ title }) => title).toSorted()).toEqual(
      [`${one.key} is down`, 'The silence of TROTH_ADMIN_TOKEN has ended: We are at it'].toSorted(),
    );
    expect(told.find(({ title }) => title.includes('is down'))!.message.reason).toContain('Its silence has ended');
    expect(told.find(({ title }) => title.includes('silence'))!.message.reason).toBe(
      `Still firing: ${one.key} is down`,
    );
    await Promise.all([alerting.pass(hourMs), alerting.do()]);
    expect(await alerting.told()).toHaveLength(4);
  });

  it('of one alert keeps its steps back, and can be ended at once', async () => {
    const one = await measured();
    await fails(one);
    const [alert] = await of(one);
    await alerting.act(alert!.id, 'silence', { for: '2h', reason: 'Known' });
    const [held] = (await server.request('GET', '/api/v1/silences?state=holding')).body.items;
    expect(held).toMatchObject({ fingerprint: alert!.fingerprint, reason: 'Known' });
    expect((await server.request('POST', `/api/v1/silences/${held.id}/end`)).body.state).toBe('ended');
    expect((await server.request('POST', `/api/v1/silences/${held.id}/end`)).body.code).toBe('conflict');
  });

  it('over everything, without an end, or in the past is refused with the field', async () => {
    const paths = async (match: object, more?: object) =>
      (await silence(match, more)).body.issues.map(({ path }: { path: string }) => path);
    expect(await paths({})).toEqual(['match']);
    expect(await paths({ tier: [1] }, {})).toEqual(['to']);
    expect(await paths({ tier: [1] }, { to: iso(Date.now() - hourMs) })).toEqual(['to']);
    expect(await paths({ rule: ['no-such'] })).toEqual(['match.rule.0']);
  });
});

describe('a service that flaps', () => {
  it('is told a few times, then that it flaps, and again when it rests and is down', async () => {
    const one = await measured({ everyMs: 5_000, historyMs: hourMs });
    const first = one.numberAt(alerting.nowMs);
    let slot = first;
    const turn = async (verdict: 'up' | 'down', times: number) => {
      for (let n = 0; n < times; n += 1, slot += 1) {
        alerting.aheadMs = one.slot(slot) + 1_000 - Date.now();
        await one.record([one.saw(slot, verdict)]);
      }
      await alerting.do();
    };
    await turn('up', 2);
    for (let n = 0; n < 5; n += 1) {
      await turn('down', 2);
      await turn('up', 1);
    }
    const [flapping] = await of(one, '&rule=service-flapping');
    expect(flapping).toMatchObject({ urgency: 'notify', state: 'firing', title: `${one.key} is flapping` });
    const pages = async () =>
      (await alerting.told()).filter(
        ({ channel, moment, urgency }) => channel === 'noc' && moment === 'firing' && urgency === 'page',
      );
    const before = (await pages()).length;
    expect(before).toBeLessThanOrEqual(4);
    for (let n = 0; n < 5; n += 1) {
      await turn('down', 2);
      await turn('up', 1);
    }
    expect(await pages()).toHaveLength(before);
    await turn('down', 21);
    expect((await alerting.alert(flapping!.id)).state).toBe('resolved');
    expect(await pages()).toHaveLength(before + 1);
  });
});

describe('services that flap, many at once', () => {
  it('are told a few times each at most, and one that rests and is down is told then', async () => {
    const all: MeasuredService[] = [];
    for (let n = 0; n < 12; n += 1) all.push(await measured({ everyMs: 5_000, historyMs: hourMs }));
    const one = all[0]!;
    let slot = one.numberAt(alerting.nowMs);
    const turn = async (verdict: 'up' | 'down', times: number, of = all) => {
      for (let n = 0; n < times; n += 1, slot += 1) {
        alerting.aheadMs = one.slot(slot) + 6_000 - Date.now();
        for (const each of of) await each.record([each.saw(each.numberAt(one.slot(slot)), verdict)]);
      }
      await alerting.do();
    };
    const pages = async () =>
      (await alerting.told()).filter(
        ({ channel, moment, urgency }) => channel === 'noc' && moment === 'firing' && urgency === 'page',
      );
    await turn('up', 2);
    for (let n = 0; n < 4; n += 1) {
      await turn('down', 2);
      await turn('up', 1);
    }
    const before = (await pages()).length;
    expect(before).toBeLessThanOrEqual(4 * all.length);
    expect(await alerting.alerts('rule=service-flapping&state=living')).toHaveLength(all.length);
    for (let n = 0; n < 3; n += 1) {
      await turn('down', 2);
      await turn('up', 1);
    }
    expect(await pages()).toHaveLength(before);
    await turn('down', 21, [one]);
    const after = (await pages()).slice(before);
    expect(after.map(({ title }) => title)).toEqual([`${one.key} is down`]);
  }, 120_000);
});

describe('hours', () => {
  it('let nobody be paged while they are closed, but of tier 1 soon before they open', async () => {
    const now = new Date();
    const opens = new Date(now.getTime() + 3 * hourMs);
    const clock = (date: Date) => date.toISOString().slice(11, 16);
    const closes = new Date(opens.getTime() + hourMs);
    const sameDay = clock(closes) > clock(opens);
    const hours = [`${clock(opens)}-${sameDay ? clock(closes) : '24:00'}`];
    const week = Object.fromEntries(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].map((day) => [day, hours]));
    await put(server, 'calendars/soon', { name: 'Soon', timeZone: 'UTC', week });
    const down = async (tier: number) => {
      const one = await measured();
      await put(server, `services/${one.key}`, { name: one.key, owner: 'it', tier });
      await agreement(one, { calendar: 'soon' });
      await one.record([one.saw(-1, 'down'), one.saw(0, 'down')]);
      return (await of(one))[0]!;
    };
    const [first, third] = [await down(1), await down(3)];
    const openMs = Date.parse(`${opens.toISOString().slice(0, 16)}:00Z`);
    expect(first.muted).toEqual({ by: 'quiet-hours', until: iso(openMs - hourMs) });
    expect(third.muted).toEqual({ by: 'quiet-hours', until: iso(openMs) });
    await alerting.pass(openMs - hourMs - alerting.nowMs);
    expect(await alerting.heard(first.id)).toEqual(['mail firing', 'noc firing']);
    expect(await alerting.told(third.id)).toEqual([]);
    await alerting.pass(hourMs);
    expect(await alerting.heard(third.id)).toEqual(['mail firing', 'noc firing']);
  });
});

describe('how urgent a rule is', () => {
  it('stands in one table, and can be set for a service or an agreement', async () => {
    const rules = (await server.request('GET', '/api/v1/alert-rules')).body;
    expect(rules.find(({ rule }: { rule: string }) => rule === 'service-down')).toMatchObject({
      ...{ urgency: 'page', scopes: ['service', 'agreement'], settings: [] },
    });
    const [ticket, off, held] = [await measured(), await measured(), await measured()];
    await put(server, `alert-rules/service-down/service/${ticket.key}`, { urgency: 'ticket' });
    const key = await agreement(off);
    await put(server, `alert-rules/service-down/agreement/${key}`, { urgency: 'off' });
    await put(server, `alert-rules/service-down/service/${held.key}`, { urgency: 'page', hold: '5m' });
    for (const one of [ticket, off, held]) await one.record([one.saw(-1, 'down'), one.saw(0, 'down')]);
    expect(await of(ticket)).toMatchObject([{ urgency: 'ticket' }]);
    expect(await of(off)).toEqual([]);
    const [waiting] = await of(held);
    expect(waiting!.muted!.by).toBe('hold');
    await alerting.pass(4 * minuteMs);
    expect(await alerting.told(waiting!.id)).toEqual([]);
    await alerting.pass(minuteMs + 1);
    expect(await alerting.told(waiting!.id)).toHaveLength(2);
    const set = (await server.request('GET', '/api/v1/alert-rules')).body[0].settings;
    expect(set).toContainEqual({ scope: 'service', key: held.key, urgency: 'page', hold: '5m' });
    const gone = await server.request('DELETE', `/api/v1/alert-rules/service-down/service/${held.key}`);
    expect(gone.status).toBe(204);
    const wrong = await server.request('PUT', `/api/v1/alert-rules/silent-location/service/${held.key}`, {
      urgency: 'off',
    });
    expect(wrong.body.issues).toEqual([{ path: 'scope', message: 'silent-location is the same everywhere' }]);
  });
});

describe('a channel that cannot be told', () => {
  it('is told through the others, with what it was not told, until it works again', async () => {
    const { DeliveriesService } = await import('../../../../server/alerting/channels/deliveries.service.ts');
    const one = await measured();
    await server.database.query(`update channels set name = 'Operations' where key = 'noc'`);
    await put(server, 'alert-routes/all-noc', { name: 'All', channels: ['noc'] });
    try {
      await one.record([one.saw(-1, 'down'), one.saw(0, 'down')]);
      const [alert] = await of(one);
      expect(await alerting.heard(alert!.id)).toEqual(['noc firing']);
      await server.database.query(`update deliveries set give_up_at = now() where alert_id = $1`, [alert!.id]);
      const [row] = await server.database.query<{ id: number }>(`select id from deliveries where alert_id = $1`, [
        alert!.id,
      ]);
      await server.app.get(DeliveriesService).attempt(row!.id, 0);
      expect(await alerting.heard(alert!.id)).toEqual(['noc firing', 'mail firing']);
      const [failing] = await alerting.alerts('rule=delivery-failing');
      expect(failing).toMatchObject({ fingerprint: 'delivery-failing/noc', urgency: 'notify', state: 'firing' });
      expect(failing!.title).toBe('The channel Operations cannot be told');
      await alerting.pass(11_000);
      expect(await alerting.heard(failing!.id)).toEqual(['mail firing']);
    } finally {
      await server.request('DELETE', '/api/v1/alert-routes/all-noc');
    }
  });
});
