import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MaintenanceService } from '../../../server/catalog/maintenance.service.ts';
import { dayMs, hourMs, minuteMs } from '../../../server/domain/durations.ts';
import { EventBus, type TransactionEvents } from '../../../server/platform/events.ts';
import { account } from '../../support/accounts.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

let server: TestServer;
let told: TransactionEvents['maintenance.changed'][] = [];
beforeAll(async () => {
  server = await startTestServer({ TROTH_ROLES: 'api' });
  for (const key of ['hr', 'net']) await put(`teams/${key}`, { name: key });
  await put('services/core', { name: 'Core', owner: 'net' });
  await put('services/db', { name: 'Database', owner: 'net', dependsOn: ['core'] });
  await put('services/payroll', { name: 'Payroll', owner: 'hr', dependsOn: ['db'] });
  await put('services/mail', { name: 'Mail', owner: 'hr' });
  server.app.get(EventBus).on('maintenance.changed', (event) => void told.push(event));
});
beforeEach(() => void (told = []));
afterAll(() => server.close());

const call = (method: string, path: string, body?: unknown, cookie?: string) =>
  server.request(method, `/api/v1/${path}`, body, cookie === undefined ? {} : { cookie });
const put = (path: string, body: unknown) => call('PUT', path, body);
const get = (path: string) => call('GET', path);
const idOf = async (key: string) =>
  (
    await server.database.query<{ id: number }>('select id from services where key = $1 and deleted_at is null', [key])
  )[0]!.id;
const windowsOf = async (key: string, fromMs: number, toMs: number) => {
  const id = await idOf(key);
  return (await server.app.get(MaintenanceService).windows([id], fromMs, toMs)).get(id) ?? [];
};
/** A local time of UTC, to the minute. */
const local = (ms: number) => new Date(ms).toISOString().slice(0, 16);
const minute = () => Math.floor(Date.now() / minuteMs) * minuteMs;
const patching = {
  services: ['payroll'],
  start: '2026-03-01T02:00',
  timeZone: 'Europe/Berlin',
  duration: '2h',
  repeat: 'FREQ=WEEKLY;BYDAY=SU',
  announced: '2026-02-20T09:00:00Z',
};

describe('a maintenance', () => {
  it('is made, read, listed, changed, deleted and brought back', async () => {
    const made = await put('maintenance/patch-sunday?expect=new', patching);
    expect([made.status, made.body]).toEqual([
      201,
      {
        ...{ key: 'patch-sunday', name: '', note: '', services: ['payroll'], dependents: false },
        ...{
          start: '2026-03-01T02:00',
          timeZone: 'Europe/Berlin',
          durationMs: 7_200_000,
          repeat: 'FREQ=WEEKLY;BYDAY=SU',
        },
        ...{ except: [], announced: '2026-02-20T09:00:00.000Z', managedBy: null, mayChange: true },
        running: null,
        next: expect.objectContaining({ from: expect.stringMatching(/T0[01]:00:00/) }),
        updatedAt: expect.any(String),
      },
    ]);
    expect((await put('maintenance/patch-sunday', patching)).body.updatedAt).toBe(made.body.updatedAt);
    expect((await get('maintenance')).body.items).toEqual([made.body]);
    expect((await put('maintenance/patch-sunday?expect=new', patching)).body.code).toBe('changed-meanwhile');
    await call('DELETE', 'maintenance/patch-sunday');
    expect((await get('maintenance/patch-sunday')).status).toBe(404);
    expect((await call('POST', 'maintenance/patch-sunday/restore')).body).toEqual(made.body);
    const trail = (await get('audit?subject=patch-sunday')).body.items.map(({ action }: { action: string }) => action);
    expect(trail).toEqual(['maintenance.restored', 'maintenance.deleted', 'maintenance.created']);
  });

  it.each([
    ['seconds', { repeat: 'FREQ=SECONDLY' }, 'repeat', 'recurs by the second'],
    ['an invalid part', { repeat: 'FREQ=DAILY;BYFOO=1' }, 'repeat', 'has BYFOO, which is none of FREQ'],
    [
      'an end before the start',
      { repeat: 'FREQ=DAILY;UNTIL=20260101' },
      'repeat',
      'ends (UNTIL=20260101) before the start',
    ],
    [
      'a rule that never comes',
      { repeat: 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30' },
      'repeat',
      'names no time that ever comes',
    ],
    ['a start that there is not', { start: '2026-02-30T02:00' }, 'start', 'must be a time that there is'],
    ['an unknown zone', { timeZone: 'Europe/Atlantis' }, 'timeZone', 'must be a time zone'],
    [
      'a service that there is not',
      { services: ['payrol'] },
      'services.0',
      'there is no service "payrol"; did you mean "payroll"?',
    ],
    ['no service', { services: [] }, 'services', 'must name a service at least'],
    ['no length', { duration: '0s' }, 'duration', 'must be'],
  ])('with %s is refused in words', async (_what, wrong, path, message) => {
    const { status, body } = await put('maintenance/wrong', { ...patching, ...wrong });
    expect(status).toBe(422);
    expect(body.issues).toEqual([{ path, message: expect.stringContaining(message) }]);
  });

  it('is for those who may change all of its services', async () => {
    const cookie = await account(server, 'hanna', 'owner', ['hr']);
    expect(
      (await call('PUT', 'maintenance/hanna', { ...patching, services: ['payroll', 'mail'] }, cookie)).status,
    ).toBe(201);
    const refused = await call('PUT', 'maintenance/hanna', { ...patching, services: ['payroll', 'core'] }, cookie);
    expect([refused.status, refused.body.detail]).toEqual([403, 'Only team "net" and admins may change this']);
    await put('maintenance/hanna', { ...patching, services: ['core'] });
    expect((await call('GET', 'maintenance/hanna', undefined, cookie)).body.mayChange).toBe(false);
    expect((await call('DELETE', 'maintenance/hanna', undefined, cookie)).status).toBe(403);
    expect((await call('POST', 'maintenance/hanna/end', undefined, cookie)).status).toBe(403);
    await call('DELETE', 'maintenance/hanna');
  });

  it('keeps its last service from going, and loses others', async () => {
    for (const key of ['one', 'two']) await put(`services/${key}`, { name: key, owner: 'hr' });
    await put('maintenance/both', { ...patching, services: ['one', 'two'] });
    expect((await call('DELETE', 'services/one')).status).toBe(204);
    expect((await get('maintenance/both')).body.services).toEqual(['two']);
    expect((await call('DELETE', 'services/two')).body.detail).toBe(
      'cannot be deleted: service "two" is all that is worked on by maintenance both',
    );
    await call('DELETE', 'maintenance/both');
  });
});

describe('occurrences', () => {
  const occurrences = (from: string, to: string) => get(`maintenance/dst/occurrences?from=${from}&to=${to}`);

  it('keep the wall clock across its jumps, and leave out exceptions', async () => {
    await put('maintenance/dst', { ...patching, except: ['2026-04-05'] });
    expect((await occurrences('2026-03-20T00:00:00Z', '2026-04-20T00:00:00Z')).body).toEqual({
      windows: [
        { from: '2026-03-22T01:00:00.000Z', to: '2026-03-22T03:00:00.000Z' },
        { from: '2026-03-29T01:00:00.000Z', to: '2026-03-29T03:00:00.000Z' },
        { from: '2026-04-12T00:00:00.000Z', to: '2026-04-12T02:00:00.000Z' },
        { from: '2026-04-19T00:00:00.000Z', to: '2026-04-19T02:00:00.000Z' },
      ],
    });
  });

  it('are told of spans that make sense, and not of what lies beyond the horizon', async () => {
    expect((await occurrences('2026-04-20T00:00:00Z', '2026-03-20T00:00:00Z')).body.issues[0].path).toBe('to');
    expect((await occurrences('2016-04-20T00:00:00Z', '2026-03-20T00:00:00Z')).status).toBe(422);
    const far = Date.now() + 500 * dayMs;
    expect(
      (await occurrences(new Date(far).toISOString(), new Date(far + 60 * dayMs).toISOString())).body.windows,
    ).toEqual([]);
  });

  it('are at most a thousand', async () => {
    await put('maintenance/dst', { ...patching, duration: '1m', repeat: 'FREQ=HOURLY' });
    expect((await occurrences('2026-03-20T00:00:00Z', '2026-06-20T00:00:00Z')).body.windows).toHaveLength(1_000);
    await call('DELETE', 'maintenance/dst');
  });

  it('of a form that is being filled in are told with their wall clocks, and stored nowhere', async () => {
    const year = new Date().getUTCFullYear() + 1;
    // The last Sundays of March and October, on which the clocks of Berlin jump.
    const { status, body } = await call('POST', 'maintenance/preview', {
      ...{ services: ['any'], timeZone: 'Europe/Berlin', start: `${year}-01-31T02:30`, duration: '1h' },
      repeat: 'FREQ=MONTHLY;BYDAY=-1SU;COUNT=10',
    });
    expect([status, body.windows.length, body.more]).toEqual([200, 10, false]);
    const [skipped, repeated] = [body.windows[2], body.windows[9]];
    expect(skipped).toMatchObject({ offsetFrom: '+02:00', clockNote: 'skipped' });
    expect(skipped.localFrom).toMatch(/-03-\d\dT03:00$/);
    expect(repeated).toMatchObject({ offsetFrom: '+02:00', offsetTo: '+01:00', clockNote: 'repeated' });
    expect(repeated.localFrom.slice(11)).toBe('02:30');
    expect(body.windows[3].clockNote).toBeNull();
    expect((await call('POST', 'maintenance/preview', { ...patching, repeat: 'FREQ=X' })).body.issues[0].path).toBe(
      'repeat',
    );
    expect((await get('maintenance/preview')).status).toBe(404);
  });
});

describe('notice', () => {
  const soon = () => minute() + 2 * hourMs;
  const once = (startMs: number, hours: number, more: object = {}) => ({
    ...{ services: ['db'], start: local(startMs), timeZone: 'UTC', duration: `${hours}h`, ...more },
  });

  it('counts from the receipt; what is widened later has a notice of its own, what is renamed none', async () => {
    const startMs = soon();
    const before = Date.now();
    await put('maintenance/notice', once(startMs, 1));
    const [first] = await windowsOf('db', startMs, startMs + 1);
    expect(first).toMatchObject({ key: 'notice', fromMs: startMs, toMs: startMs + hourMs, declaredMs: null });
    expect(first!.receivedMs).toBeGreaterThanOrEqual(before - 1_000);
    expect(first!.receivedMs).toBeLessThanOrEqual(Date.now() + 1_000);
    await put('maintenance/notice', { ...once(startMs, 1), name: 'Named' });
    await put('maintenance/notice', { ...once(startMs, 3), name: 'Named' });
    const [kept, added] = await windowsOf('db', startMs, startMs + dayMs);
    expect(kept).toEqual({ ...first, name: 'Named' });
    expect(added).toMatchObject({ fromMs: startMs + hourMs, toMs: startMs + 3 * hourMs });
    expect(added!.receivedMs).toBeGreaterThan(first!.receivedMs);
    await call('DELETE', 'maintenance/notice');
    expect(await windowsOf('db', startMs, startMs + dayMs)).toEqual([]);
  });

  it('that is declared is kept as a claim beside the receipt', async () => {
    const startMs = soon();
    await put('maintenance/declared', once(startMs, 1, { announced: '2026-02-20T09:00:00Z' }));
    const [window] = await windowsOf('db', startMs, startMs + 1);
    expect(window!.declaredMs).toBe(Date.parse('2026-02-20T09:00:00Z'));
    expect(
      (
        await get(
          `services/db/maintenance?from=${new Date(startMs).toISOString()}&to=${new Date(startMs + 1).toISOString()}`,
        )
      ).body,
    ).toEqual({
      windows: [
        {
          ...{ key: 'declared', name: 'declared', from: new Date(startMs).toISOString() },
          ...{ to: new Date(startMs + hourMs).toISOString(), declaredAt: '2026-02-20T09:00:00.000Z' },
          receivedAt: new Date(window!.receivedMs).toISOString(),
        },
      ],
    });
    await call('DELETE', 'maintenance/declared');
  });

  it('reaches those that rest on a service where that is wanted', async () => {
    const startMs = soon();
    await put('maintenance/deep', once(startMs, 1, { services: ['core'] }));
    expect(await windowsOf('payroll', startMs, startMs + 1)).toEqual([]);
    expect(told).toEqual([{ serviceIds: expect.any(Array), fromMs: startMs }]);
    await put('maintenance/deep', once(startMs, 1, { services: ['core'], dependents: true }));
    expect(await windowsOf('payroll', startMs, startMs + 1)).toMatchObject([{ key: 'deep', fromMs: startMs }]);
    expect(await windowsOf('mail', startMs, startMs + 1)).toEqual([]);
    const ids = await Promise.all(['core', 'db', 'payroll'].map(idOf));
    expect(told.at(-1)).toEqual({ serviceIds: ids.toSorted((a, b) => a - b), fromMs: startMs });
    await call('DELETE', 'maintenance/deep');
    expect(told).toHaveLength(3);
  });

  it('of what has passed is not taken back, and comes too late for what is past', async () => {
    const startMs = minute() - 3 * hourMs;
    await put('maintenance/late', once(startMs, 1));
    const [late] = await windowsOf('db', startMs, startMs + 1);
    expect(late!.receivedMs).toBeGreaterThan(late!.toMs);
    expect(told).toEqual([{ serviceIds: expect.any(Array), fromMs: startMs }]);
    await put('maintenance/long', once(startMs, 8));
    // As if it had been announced in time.
    await server.database.query(
      `update maintenance_notices set received_ms = $1 where maintenance_id = (select id from maintenance where key = 'long')`,
      [startMs - dayMs],
    );
    await call('DELETE', 'maintenance/long');
    const [kept] = (await windowsOf('db', startMs, startMs + dayMs)).filter(({ key }) => key === 'long');
    expect(kept).toMatchObject({ fromMs: startMs, receivedMs: startMs - dayMs });
    expect(kept!.toMs).toBeLessThanOrEqual(Date.now() + 1_000);
    await call('DELETE', 'maintenance/late');
  });
});

describe('a window that runs', () => {
  it('is told of, and can be ended early once: the rest excuses nothing', async () => {
    const startMs = minute() - hourMs;
    const body = { services: ['mail'], start: local(startMs), timeZone: 'UTC', duration: '3h' };
    const made = await put('maintenance/running', body);
    const window = { from: new Date(startMs).toISOString(), to: new Date(startMs + 3 * hourMs).toISOString() };
    expect(made.body).toMatchObject({ running: window, next: null });
    const ended = await call('POST', 'maintenance/running/end');
    expect([ended.status, ended.body.running]).toEqual([200, null]);
    const [left] = (await get(`maintenance/running/occurrences?from=${window.from}&to=${window.to}`)).body.windows;
    expect(left.from).toBe(window.from);
    expect(Math.abs(Date.parse(left.to) - Date.now())).toBeLessThan(30_000);
    expect(await windowsOf('mail', Date.parse(left.to), startMs + dayMs)).toEqual([]);
    expect(told.at(-1)).toEqual({ serviceIds: [await idOf('mail')], fromMs: Date.parse(left.to) });
    const [entry] = (await get('audit?subject=running')).body.items;
    expect(entry).toMatchObject({ action: 'maintenance.ended', detail: { ...window, endedAt: left.to } });
    const again = await call('POST', 'maintenance/running/end');
    expect([again.status, again.body.detail]).toEqual([409, 'No window of maintenance "running" runs now']);
  });
});

describe('maintenance in the config file', () => {
  const file = `apiVersion: troth/v1
teams:
  ops:
    name: Ops
locations:
  hq:
    name: Head office
calendars:
  office:
    timeZone: Europe/Berlin
    week:
      mon:
        - 08:00-18:00
    holidays:
      country: DE
      region: BE
    exceptions:
      - date: 2026-12-24
        hours: []
services:
  shop:
    name: Shop
    owner: ops
maintenance:
  patch-sunday:
    services:
      - shop
    start: 2026-03-01T02:00
    timeZone: Europe/Berlin
    duration: 2h
    repeat: FREQ=WEEKLY;BYDAY=SU
    announced: 2026-02-20T09:00:00Z
`;
  const send = (verb: string, text: string) => other.request('POST', `/api/v1/config/${verb}`, text);
  let other: TestServer;
  beforeAll(async () => {
    other = await startTestServer({ TROTH_ROLES: 'api' });
  });
  afterAll(() => other.close());

  it('is applied, exported as it was, and pruned', async () => {
    const { body } = await send('apply', file);
    expect(body.changes.map(({ kind, key }: { kind: string; key: string }) => `${kind} ${key}`)).toEqual([
      'team ops',
      'location hq',
      'calendar office',
      'service shop',
      'maintenance patch-sunday',
    ]);
    expect((await other.request('GET', '/api/v1/config')).body).toBe(file);
    expect((await send('plan', file.replace('duration: 2h', 'duration: 3h'))).body.changes).toEqual([
      {
        ...{ action: 'update', kind: 'maintenance', key: 'patch-sunday' },
        fields: [{ path: 'duration', from: '2h', to: '3h' }],
      },
    ]);
    expect((await other.request('DELETE', '/api/v1/maintenance/patch-sunday')).body.code).toBe('managed-by-file');
    const without = file.slice(0, file.indexOf('maintenance:')).replace(/calendars:[^]*services:/, 'services:');
    const pruned = (await send('apply', without)).body.changes;
    expect(pruned.map(({ action, kind }: { action: string; kind: string }) => `${action} ${kind}`)).toEqual([
      'delete maintenance',
      'delete calendar',
    ]);
  });

  it.each([
    ['FREQ=WEEKLY;BYDAY=SU', 'FREQ=SECONDLY', 31, 13, 'maintenance.patch-sunday.repeat'],
    ['      - shop', '      - shap', 27, 9, 'maintenance.patch-sunday.services.0'],
    ['region: BE', 'region: XX', 16, 15, 'calendars.office.holidays.region'],
    ['        - 08:00-18:00', '        - 18:00-08:00', 13, 11, 'calendars.office.week.mon.0'],
  ])('with %s made %s is refused with the place', async (from, to, line, column, path) => {
    const { status, body } = await send('plan', file.replace(from, to));
    expect(status).toBe(422);
    expect(body.issues).toEqual([expect.objectContaining({ line, column, path })]);
  });
});
