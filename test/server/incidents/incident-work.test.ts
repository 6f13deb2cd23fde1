import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { SteadyClock } from '../../../probes/support/clock.ts';
import { dayMs, hourMs, minuteMs } from '../../../server/domain/durations.ts';
import { IncidentWorkService } from '../../../server/incidents/incident-work.service.ts';
import { account } from '../../support/accounts.ts';
import { put } from '../../support/measured.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

let server: TestServer;
let aheadMs = 0;
beforeAll(async () => {
  server = await startTestServer({ TROTH_ROLES: 'api' });
  vi.spyOn(server.app.get(SteadyClock), 'now').mockImplementation(() => Date.now() + aheadMs);
  for (const key of ['it', 'hr', 'sales']) await put(server, `teams/${key}`, { name: key.toUpperCase() });
  for (const key of ['payroll', 'mail', 'crm'])
    await put(server, `services/${key}`, { name: key, owner: key === 'crm' ? 'sales' : 'it' });
  await put(server, 'agreements/hr-payroll', {
    ...agreement('hr', [
      [1, 1, 2],
      [2, 3, 4],
      [3, 4, 5],
    ]),
    objectives: {
      response: { type: 'response', severity: 1, within: '15m', target: '95' },
      resolution: { type: 'resolution', severity: 1, within: '4h', allowMisses: 1 },
      slow: { type: 'resolution', severity: 3, within: '8h', allowMisses: 1 },
    },
  });
  await put(server, 'agreements/sales-payroll', {
    ...agreement('sales', [
      [1, 2, 3],
      [2, 3, 4],
      [3, 4, 5],
    ]),
    pausedBy: ['supplier'],
    objectives: { resolution: { type: 'resolution', severity: 2, within: '6h', allowMisses: 1 } },
  });
});
afterAll(() => server?.close());

const agreement = (customer: string, severities: number[][]) => ({
  ...{ kind: 'SLA', title: `Payroll for ${customer}`, provider: 'it', customer, effective: { from: '2026-01-01' } },
  ...{ timeZone: 'Europe/Berlin', services: ['payroll'], severities },
});
const call = (method: string, path: string, body?: unknown, cookie?: string) =>
  server.request(method, `/api/v1/incidents${path}`, body, cookie === undefined ? {} : { cookie });
const post = async (path: string, body: unknown, cookie?: string) => (await call('POST', path, body, cookie)).body;
const open = async (more: Record<string, unknown> = {}) =>
  (await post('', { title: 'It hangs', services: ['payroll'], ...more })).id as number;
const read = async (id: number) => (await call('GET', `/${id}`)).body;
const ago = (ms: number) => new Date(Date.now() - ms).toISOString();
const after = (text: string, ms: number) => new Date(Date.parse(text) + ms).toISOString();

describe('the clocks of an incident', () => {
  it('run under each agreement by its own matrix, times and reasons of waiting', async () => {
    const reportedAt = ago(hourMs);
    const id = await open({ impact: 1, urgency: 2, reportedAt });
    await call('POST', `/${id}/pend`, { reason: 'supplier', at: after(reportedAt, 10 * minuteMs) });
    const { clocks, severity, nextUpdateDueAt } = await read(id);
    // The most severe that any agreement makes of it.
    expect(severity).toBe(1);
    expect(nextUpdateDueAt).toBe(after(reportedAt, 30 * minuteMs));
    const [hr, sales] = clocks.agreements;
    expect(hr).toMatchObject({ agreement: 'hr-payroll', basis: 'draft', severity: 1 });
    expect(hr.response).toMatchObject({
      state: 'breached',
      dueAt: after(reportedAt, 15 * minuteMs),
      targetSeconds: 900,
    });
    expect(hr.resolution).toMatchObject({ state: 'running', dueAt: after(reportedAt, 4 * hourMs) });
    expect(hr.resolution.warnings.map(({ at }: { at: string }) => at)).toEqual(
      [120, 180, 216, 240].map((minutes) => after(reportedAt, minutes * minuteMs)),
    );
    expect(sales).toMatchObject({ agreement: 'sales-payroll', severity: 2, response: { state: 'none' } });
    expect(sales.resolution).toMatchObject({ state: 'paused', dueAt: null, elapsedSeconds: 600, leftSeconds: 21_000 });
    expect(clocks.response).toEqual(hr.response);
    expect(clocks.resolution).toEqual(hr.resolution);
  });

  it('begin anew with another severity from the same start, and what was breached before stays', async () => {
    const reportedAt = ago(hourMs);
    const id = await open({ severity: 1, reportedAt });
    await call('PATCH', `/${id}`, { severity: 3 });
    const [hr] = (await read(id)).clocks.agreements;
    expect(hr).toMatchObject({ severity: 3, response: { state: 'none' } });
    expect(hr.resolution.dueAt).toBe(after(reportedAt, 8 * hourMs));
    expect(hr.breaches).toEqual([{ clock: 'response', severity: 1, dueAt: after(reportedAt, 15 * minuteMs) }]);
    const missed = (
      await server.request('GET', '/api/v1/agreements/hr-payroll/objectives/response/explain')
    ).body.events.filter(({ what }: { what: string }) => what.startsWith(`#${id} `));
    expect(missed).toMatchObject([{ class: 'bad' }]);
  });

  it('of a severity that somebody chose need the reason for it', async () => {
    const input = { title: 'It hangs', services: ['mail'], impact: 2, urgency: 2, severity: 1 };
    expect((await post('', input)).issues).toEqual([
      { path: 'severityReason', message: 'is needed: impact and urgency make it 3' },
    ]);
    expect(await post('', { ...input, severityReason: 'Payday' })).toMatchObject({
      severity: 1,
      severityReason: 'Payday',
    });
    expect(await post('', { ...input, severity: 3 })).toMatchObject({ severity: 3, severityReason: null });
  });
});

describe('work on an incident', () => {
  it('is on its timeline with who and when', async () => {
    const [operator, id] = [await account(server, 'olga', 'operator'), await open()];
    await post(`/${id}/assign`, { user: 'olga', team: 'it', note: 'Knows it best' }, operator);
    await post(`/${id}/notes`, { text: 'We look at it', toCustomer: true }, operator);
    const made = await post(`/${id}/follow-ups`, { what: 'Add a second node', team: 'it', dueOn: '2027-01-31' });
    const [followUp] = made.followUps;
    expect(followUp).toMatchObject({ what: 'Add a second node', owner: { team: { key: 'it' } }, dueOn: '2027-01-31' });
    await call('PUT', `/${id}/follow-ups/${followUp.id}`, { what: 'Add two nodes', user: 'olga', done: true });
    const detail = await read(id);
    expect(detail.assignee).toMatchObject({ user: { name: 'olga' }, team: { key: 'it' } });
    expect(detail.followUps).toMatchObject([{ what: 'Add two nodes', doneAt: expect.any(String) }]);
    const { entries } = (await call('GET', `/${id}/timeline`)).body;
    expect(entries.map(({ act }: { act: string }) => act)).toEqual([
      ...['opened', 'assigned', 'noted', 'followed-up', 'followed-up'],
    ]);
    expect(entries[1]).toMatchObject({ by: { kind: 'user' }, note: 'Knows it best' });
    expect(entries[2].toCustomer).toBe(true);
    await expect(server.database.query(`update incident_acts set note = ''`)).rejects.toThrow('append-only');
    expect((await call('POST', `/${id}/assign`, { user: 'nobody' })).body.issues[0].path).toBe('user');
    expect((await call('DELETE', `/${id}/follow-ups/99999`)).status).toBe(404);
  });

  it('goes on by itself at the instant until which it was to wait', async () => {
    const id = await open({ reportedAt: ago(hourMs) });
    const resumeBy = new Date(Date.now() + hourMs).toISOString();
    await call('POST', `/${id}/pend`, { reason: 'customer', note: 'which invoice?', resumeBy });
    const work = server.app.get(IncidentWorkService);
    expect(await work.resumeDue()).toBe(0);
    aheadMs = 2 * hourMs;
    expect([await work.resumeDue(), await work.resumeDue()]).toEqual([1, 0]);
    expect(await read(id)).toMatchObject({ state: 'open', pauses: [{ to: resumeBy, resumeBy }] });
    aheadMs = 0;
  });

  it('that waits is disputed by its customer alone', async () => {
    const id = await open({ reportedAt: ago(hourMs) });
    await call('POST', `/${id}/pend`, { reason: 'customer' });
    const [stranger, customer] = [await account(server, 'stan', 'viewer'), await account(server, 'hanna', 'viewer')];
    await server.database.query(
      `insert into user_teams (user_id, team_id) select u.id, t.id from users u, teams t where u.name = 'hanna' and t.key = 'hr'`,
    );
    const note = 'We answered yesterday';
    expect((await call('POST', `/${id}/dispute`, { note }, stranger)).status).toBe(403);
    const disputed = await post(`/${id}/dispute`, { note }, customer);
    expect(disputed.pauses).toMatchObject([{ dispute: { note, by: expect.any(String) } }]);
  });

  it('is opened again within five working days, not later', async () => {
    const id = await open({ reportedAt: ago(20 * dayMs), resolvedAt: ago(19 * dayMs) });
    expect((await call('POST', `/${id}/reopen`, {})).body.detail).toContain('more than 5 working days before');
    expect((await call('POST', `/${id}/reopen`, { at: ago(18 * dayMs) })).body.state).toBe('open');
  });

  it('goes on in another incident, or in two', async () => {
    const [early, late] = [ago(2 * hourMs), ago(hourMs)];
    const [one, two] = [await open({ reportedAt: late }), await open({ services: ['mail'], reportedAt: early })];
    await call('POST', `/${two}/acknowledge`, {});
    const merged = await post(`/${two}/merge`, { into: one, note: 'Same switch' });
    expect(merged).toMatchObject({ id: one, state: 'acknowledged', reportedAt: early, startedAt: early });
    expect(merged.services.map(({ key }: { key: string }) => key)).toEqual(['mail', 'payroll']);
    expect(await read(two)).toMatchObject({ state: 'closed', mergedInto: one });
    expect((await call('POST', `/${two}/reopen`, {})).status).toBe(409);
    const split = await post(`/${one}/split`, { services: ['mail'], title: 'Mail is slow' });
    expect(split).toMatchObject({ title: 'Mail is slow', follows: one, startedAt: early, services: [{ key: 'mail' }] });
    expect((await read(one)).services).toMatchObject([{ key: 'payroll' }]);
    expect((await call('POST', `/${one}/split`, { services: ['payroll'] })).status).toBe(422);
  });
});

describe('a problem that a user reports', () => {
  it('is an incident, and the next that reports it is told that it is known', async () => {
    const viewer = await account(server, 'vic', 'viewer');
    const report = (description: string) =>
      server.request(
        'POST',
        '/api/v1/services/crm/problems',
        { description, impact: 2, urgency: 1 },
        { cookie: viewer },
      );
    const [first, second] = await Promise.all([report('White page'), report('Nothing happens')]);
    expect([first.body.isKnown, second.body.isKnown].toSorted()).toEqual([false, true]);
    expect(first.body.incident.id).toBe(second.body.incident.id);
    expect(first.body.incident).toMatchObject({ source: 'Report', severity: 2, services: [{ key: 'crm' }] });
    const { entries } = (await call('GET', `/${first.body.incident.id}/timeline`)).body;
    expect(entries.map(({ act }: { act: string }) => act)).toEqual(['opened', 'reported']);
    const strange = await server.request('POST', '/api/v1/services/cmr/problems', {}, { cookie: viewer });
    expect([strange.status, strange.body.detail]).toEqual([404, 'There is no service "cmr"; did you mean "crm"?']);
  });
});

describe('statistics of incidents', () => {
  it('tell how fast people answer and restore, and how long it holds, by what is asked for', async () => {
    await server.database.query('delete from incidents');
    const at = (day: number, hour: number, minute = 0) => new Date(Date.UTC(2026, 0, day, hour, minute)).toISOString();
    const one = (day: number, services: string[], minutes: number, severity = 2) =>
      open({
        ...{
          services,
          severity,
          reportedAt: at(day, 8),
          acknowledgedAt: at(day, 8, 10),
          resolvedAt: at(day, 8, minutes),
        },
      });
    await one(5, ['payroll'], 30);
    await one(7, ['payroll', 'mail'], 50, 1);
    await one(9, ['crm'], 20);
    const span = `from=${at(1, 0)}&to=${at(11, 0)}`;
    const read = async (by: string) => (await call('GET', `/statistics?by=${by}&${span}`)).body;
    const byService = await read('service');
    expect(byService.groups.map(({ key, count }: { key: string; count: number }) => [key, count])).toEqual([
      ['crm', 1],
      ['mail', 1],
      ['payroll', 2],
    ]);
    expect(byService.groups[2]).toEqual({
      ...{ key: 'payroll', name: 'payroll', count: 2, open: 0, reopened: 0 },
      ...{ meanAcknowledgeSeconds: 600, meanRestoreSeconds: 2_400, meanBetweenSeconds: (240 * 3_600 - 4_800) / 2 },
    });
    expect(byService.all).toMatchObject({ count: 3, meanRestoreSeconds: 2_000 });
    expect((await read('team')).groups).toMatchObject([
      { key: 'it', count: 2 },
      { key: 'sales', count: 1 },
    ]);
    expect((await read('severity')).groups).toMatchObject([
      { key: '1', count: 1 },
      { key: '2', count: 2 },
    ]);
    expect((await read('month')).groups).toMatchObject([{ key: '2026-01', count: 3 }]);
    expect((await call('GET', `/statistics?from=${at(2, 0)}&to=${at(1, 0)}`)).body.issues[0].path).toBe('to');
    const none = await call('GET', `/statistics?from=${at(20, 0)}&to=${at(21, 0)}`);
    expect(none.body).toMatchObject({ all: { count: 0, meanBetweenSeconds: null }, groups: [] });
  });
});
