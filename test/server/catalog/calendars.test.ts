import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CalendarsService } from '../../../server/catalog/calendars.service.ts';
import { CatalogReferences } from '../../../server/catalog/catalog-references.service.ts';
import { account } from '../../support/accounts.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ TROTH_ROLES: 'api' });
});
afterAll(() => server.close());

const call = (method: string, path: string, body?: unknown, cookie?: string) =>
  server.request(method, `/api/v1/${path}`, body, cookie === undefined ? {} : { cookie });
const put = (path: string, body: unknown) => call('PUT', path, body);
const get = (path: string) => call('GET', path);
const office = {
  name: 'Office',
  timeZone: 'Europe/Berlin',
  week: Object.fromEntries(['mon', 'tue', 'wed', 'thu', 'fri'].map((day) => [day, ['08:00-18:00']])),
  holidays: { country: 'DE', region: 'BE' },
  exceptions: [
    { date: '2026-12-31', hours: [] },
    { date: '2026-12-24', hours: ['08:00-12:00'], name: 'Christmas Eve' },
  ],
};

describe('a calendar', () => {
  it('is made, read, listed, changed, deleted and brought back', async () => {
    const made = await put('calendars/office?expect=new', office);
    expect([made.status, made.body]).toEqual([
      201,
      {
        ...office,
        key: 'office',
        week: { ...office.week, sat: [], sun: [] },
        exceptions: [
          { date: '2026-12-24', hours: ['08:00-12:00'], name: 'Christmas Eve' },
          { date: '2026-12-31', hours: [], name: '' },
        ],
        managedBy: null,
        mayChange: true,
        updatedAt: expect.any(String),
      },
    ]);
    expect((await put('calendars/office', office)).body).toEqual(made.body);
    expect((await get('calendars?text=OFFI')).body.items).toEqual([made.body]);
    expect((await put('calendars/office?expect=new', office)).body.code).toBe('changed-meanwhile');
    await call('DELETE', 'calendars/office');
    expect((await get('calendars/office')).status).toBe(404);
    expect((await call('POST', 'calendars/office/restore')).body).toEqual(made.body);
    const trail = (await get('audit?subject=office')).body.items.map(({ action }: { action: string }) => action);
    expect(trail).toEqual(['calendar.restored', 'calendar.deleted', 'calendar.created']);
  });

  it.each([
    ['an unknown zone', { timeZone: 'Europe/Atlantis' }, 'timeZone', 'must be a time zone by its IANA name'],
    ['hours that overlap', { week: { mon: ['08:00-12:00', '11:00-13:00'] } }, 'week.mon.1', 'must begin after'],
    ['hours that are reversed', { week: { mon: ['18:00-08:00'] } }, 'week.mon.0', 'must be hours of a day'],
    [
      'a date that there is not',
      { exceptions: [{ date: '2026-02-30', hours: [] }] },
      'exceptions.0.date',
      'must be a date',
    ],
    ['an unknown country', { holidays: { country: 'XX' } }, 'holidays.country', 'known are those of AD, AE, AG'],
    [
      'an unknown region',
      { holidays: { country: 'DE', region: 'XX' } },
      'holidays.region',
      'allowed are BB, BE, BW, BY, BY-A',
    ],
    [
      'a region where there is none',
      { holidays: { country: 'MC', region: 'X' } },
      'holidays.region',
      'it has none here',
    ],
  ])('with %s is refused in words', async (_what, wrong, path, message) => {
    const { status, body } = await put('calendars/wrong', { ...office, ...wrong });
    expect(status).toBe(422);
    expect(body.issues).toEqual([{ path, message: expect.stringContaining(message) }]);
  });

  it('belongs to no team: an owner may not change it', async () => {
    const cookie = await account(server, 'otto', 'owner', []);
    expect((await call('PUT', 'calendars/mine', office, cookie)).body.detail).toBe('Only an admin may change this');
  });

  it('stays while something refers to it, which is named', async () => {
    await put('calendars/used', office);
    server.app
      .get(CatalogReferences)
      .register('calendar', (keys) =>
        Promise.resolve(keys.filter((key) => key === 'used').map((key) => ({ key, by: 'agreement hr-payroll' }))),
      );
    const refused = await call('DELETE', 'calendars/used');
    expect([refused.status, refused.body.code, refused.body.detail]).toEqual([
      409,
      'in-use',
      'cannot be deleted: calendar "used" is used by agreement hr-payroll',
    ]);
    expect((await get('calendars/used')).status).toBe(200);
  });
});

describe('working time', () => {
  const seconds = async (from: string, to: string) =>
    (await get(`calendars/office/working-time?from=${from}&to=${to}`)).body.seconds;

  it('leaves out nights, weekends, holidays and closed dates', async () => {
    await put('calendars/office', office);
    expect(await seconds('2026-10-01T00:00:00%2B02:00', '2026-10-06T00:00:00%2B02:00')).toBe(3 * 36_000);
    // German Unity Day is a Saturday in 2026; Good Friday to Easter Monday has a Tuesday behind it.
    expect(await seconds('2026-04-02T22:00:00Z', '2026-04-07T22:00:00Z')).toBe(36_000);
    expect(await seconds('2026-12-23T23:00:00Z', '2026-12-24T23:00:00Z')).toBe(4 * 3_600);
    expect(await seconds('2026-12-30T23:00:00Z', '2026-12-31T23:00:00Z')).toBe(0);
    expect(await seconds('2026-10-01T06:00:00.500Z', '2026-10-01T06:00:01Z')).toBe(0.5);
    expect(await seconds('2026-10-01T06:00:00Z', '2026-10-01T06:00:00Z')).toBe(0);
  });

  it('is not told of a span that is reversed or without end', async () => {
    const of = (from: string, to: string) => get(`calendars/office/working-time?from=${from}&to=${to}`);
    expect((await of('2026-10-02T00:00:00Z', '2026-10-01T00:00:00Z')).body.issues[0].path).toBe('to');
    expect((await of('1900-10-02T00:00:00Z', '2026-10-01T00:00:00Z')).status).toBe(422);
    expect((await get('calendars/none/working-time?from=2026-10-01T00:00:00Z&to=2026-10-02T00:00:00Z')).status).toBe(
      404,
    );
  });

  it('follows a change of the calendar at once', async () => {
    await put('calendars/short', { timeZone: 'UTC', week: { thu: ['08:00-09:00'] } });
    const calendars = server.app.get(CalendarsService);
    const span = [Date.parse('2026-10-01T00:00:00Z'), Date.parse('2026-10-02T00:00:00Z')] as const;
    const first = await calendars.hours('short');
    expect(first!.workingMs(...span)).toBe(3_600_000);
    expect(await calendars.hours('short')).toBe(first);
    await put('calendars/short', { timeZone: 'UTC', week: { thu: ['08:00-10:00'] } });
    expect((await calendars.hours('short'))!.workingMs(...span)).toBe(7_200_000);
    expect(await calendars.hours('never')).toBeNull();
    expect([...(await calendars.definitions(['short', 'never'])).keys()]).toEqual(['short']);
  });
});

describe('a deadline', () => {
  const deadline = (key: string, start: string, seconds: number) =>
    get(`calendars/${key}/deadline?start=${start}&seconds=${seconds}`);

  it('is found forwards and backwards in the hours of the calendar', async () => {
    // Friday 17:00 in Berlin.
    expect((await deadline('office', '2026-10-09T15:00:00Z', 7_200)).body).toEqual({ at: '2026-10-12T07:00:00.000Z' });
    expect((await deadline('office', '2026-10-12T07:00:00Z', -7_200)).body).toEqual({ at: '2026-10-09T15:00:00.000Z' });
  });

  it('that never comes is refused in words', async () => {
    await put('calendars/closed', { timeZone: 'UTC' });
    const { status, body } = await deadline('closed', '2026-10-09T15:00:00Z', 60);
    expect([status, body.code]).toEqual([409, 'conflict']);
    expect(body.detail).toBe(
      'Calendar "closed" does not open for so long within 50 years after that: the deadline never comes',
    );
    expect((await deadline('closed', '2026-10-09T15:00:00Z', -60)).status).toBe(409);
  });
});

describe('the year of a calendar', () => {
  it('tells of every day its hours, where they come from, and its true length', async () => {
    const { body } = await get('calendars/office/days?year=2026');
    expect([body.year, body.timeZone, body.days.length]).toEqual([2026, 'Europe/Berlin', 365]);
    const day = (date: string) => body.days.find((one: { date: string }) => one.date === date);
    expect(day('2026-03-29')).toEqual({
      ...{ date: '2026-03-29', hours: [], kind: 'week', name: '', clockChange: 'forward' },
      ...{ lengthSeconds: 82_800, openSeconds: 0 },
    });
    expect(day('2026-10-25')).toMatchObject({ lengthSeconds: 90_000, clockChange: 'back' });
    expect(day('2026-04-06')).toMatchObject({ kind: 'holiday', name: 'Easter Monday', hours: [] });
    expect(day('2026-12-24')).toMatchObject({ kind: 'exception', name: 'Christmas Eve', openSeconds: 14_400 });
    const open = body.days.reduce((sum: number, one: { openSeconds: number }) => sum + one.openSeconds, 0);
    expect(body.openSeconds).toBe(open);
  });

  it('is told of a calendar that is only being written', async () => {
    const { body } = await call('POST', 'calendars/preview?year=2028', {
      timeZone: 'UTC',
      week: { tue: ['00:00-24:00'] },
    });
    expect([body.days.length, body.openSeconds]).toEqual([366, 52 * 86_400]);
    expect((await call('POST', 'calendars/preview?year=2028', { timeZone: 'Mars/North' })).body.issues[0].path).toBe(
      'timeZone',
    );
  });
});

describe('what is known of holidays', () => {
  it('is told by country and region', async () => {
    const { countries } = (await get('holidays')).body;
    const germany = countries.find(({ code }: { code: string }) => code === 'DE');
    expect(germany.regions).toContainEqual({ code: 'BY-A', name: 'Bayern, Stadt Augsburg' });
    expect(countries.length).toBeGreaterThan(150);
  });
});

describe('iCalendar', () => {
  const file = (...events: string[]) =>
    ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:x', ...events, 'END:VCALENDAR', ''].join('\r\n');
  const event = (...lines: string[]) => ['BEGIN:VEVENT', ...lines, 'END:VEVENT'].join('\r\n');
  const send = (key: string, text: string, query = '') =>
    server.request('POST', `/api/v1/calendars/${key}/exceptions.ics${query}`, text, {
      headers: { 'Content-Type': 'text/calendar' },
    });
  const thisYear = new Date().getUTCFullYear();

  it('closes by events of whole days, opens by those with times, and names what it cannot use', async () => {
    await put('calendars/plant', {
      timeZone: 'Europe/Berlin',
      exceptions: [{ date: '2026-08-03', hours: ['08:00-12:00'] }],
    });
    const text = file(
      event('UID:1', 'SUMMARY:Works holidays', 'DTSTART;VALUE=DATE:20260803', 'DTEND;VALUE=DATE:20260805'),
      event('UID:2', 'SUMMARY:Stock-taking', 'DTSTART:20260905T060000Z', 'DTEND:20260905T100000Z'),
      event('UID:3', 'DTSTART;TZID=America/New_York:20260906T180000', 'DTEND;TZID=America/New_York:20260906T200000'),
      event(
        'UID:4',
        `SUMMARY:Club`,
        `DTSTART;VALUE=DATE:${thisYear}0201`,
        'RRULE:FREQ=YEARLY',
        `EXDATE;VALUE=DATE:${thisYear + 1}0201`,
      ),
      event('UID:5', 'SUMMARY:Lost', 'DTSTART;TZID=Somewhere:20260907T080000', 'DTEND;TZID=Somewhere:20260907T090000'),
      event('UID:6', 'SUMMARY:Off', 'STATUS:CANCELLED', 'DTSTART;VALUE=DATE:20260908'),
    );
    const preview = await send('plant', text, '?preview=true');
    expect(preview.body).toMatchObject({ applied: false, unchanged: 0 });
    expect((await get('calendars/plant')).body.exceptions).toHaveLength(1);
    const { status, body } = await send('plant', text);
    expect([status, body.applied]).toEqual([200, true]);
    expect(body.changed).toEqual([
      {
        before: { date: '2026-08-03', hours: ['08:00-12:00'], name: '' },
        after: { date: '2026-08-03', hours: [], name: 'Works holidays' },
      },
    ]);
    expect(body.added).toEqual(
      expect.arrayContaining([
        { date: '2026-08-04', hours: [], name: 'Works holidays' },
        { date: '2026-09-05', hours: ['08:00-12:00'], name: 'Stock-taking' },
        { date: '2026-09-07', hours: ['00:00-02:00'], name: '' },
        { date: `${thisYear}-02-01`, hours: [], name: 'Club' },
      ]),
    );
    expect(body.added.map(({ date }: { date: string }) => date)).not.toContain(`${thisYear + 1}-02-01`);
    expect(body.skipped).toEqual([
      { event: 'Lost', reason: 'is in the time zone "Somewhere", which the file does not explain' },
      { event: 'Off', reason: 'is cancelled' },
    ]);
    expect((await send('plant', text)).body).toMatchObject({
      added: [],
      changed: [],
      unchanged: body.added.length + 1,
    });
  });

  it('goes out and comes back as it was', async () => {
    await put('calendars/out', {
      ...office,
      exceptions: [...office.exceptions, { date: '2026-03-29', hours: ['01:00-04:00', '22:00-24:00'], name: '' }],
    });
    const out = await get('calendars/out/exceptions.ics');
    expect(out.headers.get('content-type')).toBe('text/calendar; charset=utf-8');
    await put('calendars/in', { timeZone: 'Europe/Berlin' });
    expect((await send('in', out.body)).body.skipped).toEqual([]);
    expect((await get('calendars/in')).body.exceptions).toEqual((await get('calendars/out')).body.exceptions);
  });

  it('is refused where it is none, and where the config file manages the calendar', async () => {
    expect((await send('plant', 'hello')).body).toMatchObject({ status: 422, code: 'invalid-input' });
    expect((await call('POST', 'calendars/plant/exceptions.ics', {})).status).toBe(415);
    const yaml = 'apiVersion: troth/v1\ncalendars: { filed: { timeZone: UTC } }\n';
    expect((await server.request('POST', '/api/v1/config/apply?prune=false', yaml)).status).toBe(200);
    const one = file(event('UID:1', 'DTSTART;VALUE=DATE:20260803'));
    expect((await send('filed', one)).body.code).toBe('managed-by-file');
    expect((await get('calendars/filed')).body).toMatchObject({ managedBy: 'file', mayChange: false });
  });
});
