import { Temporal } from 'temporal-polyfill';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { SteadyClock } from '../../../probes/support/clock.ts';
import type { Report, ReportPage } from '../../../server/contract/reports.ts';
import { ReportClosingService } from '../../../server/reports/report-closing.service.ts';
import { account } from '../../support/accounts.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

let server: TestServer;
let cookies: Record<'paula' | 'carla' | 'stranger', string>;

const today = Temporal.Now.plainDateISO('UTC');
/** The Monday on which the running week began. */
const monday = today.subtract({ days: today.dayOfWeek - 1 });
const week = (weeksAgo: number) => monday.subtract({ weeks: weeksAgo });
const labelOf = (weeksAgo: number): string => {
  const { yearOfWeek, weekOfYear } = week(weeksAgo);
  return `${yearOfWeek}-W${String(weekOfYear).padStart(2, '0')}`;
};
const [running, last, beforeLast] = [labelOf(0), labelOf(1), labelOf(2)] as const;

/** Declared just now, for two weeks that are over and the one that runs: nothing of it has settled. */
const config = `apiVersion: troth/v1
teams: { hr-it: { name: HR IT }, hr: { name: Human Resources } }
services: { payroll: { name: Payroll, owner: hr-it } }
agreements:
  hr-payroll:
    kind: SLA
    title: Payroll for HR
    provider: hr-it
    customer: hr
    effective: { from: ${week(2).toString()} }
    timeZone: UTC
    period: week
    status: declared
    objectives: { availability: { type: availability, services: [payroll], target: "99" } }
`;

const act = (method: string, path: string, body?: unknown, cookie?: string) =>
  server.request(method, `/api/v1/agreements/hr-payroll/reports${path}`, body, cookie ? { cookie } : {});
const close = (label: string, by: keyof typeof cookies, body: object = {}) =>
  act('POST', `/${label}/close`, body, cookies[by]);
const page = async (by?: keyof typeof cookies): Promise<ReportPage> =>
  (await act('GET', '', undefined, by && cookies[by])).body;
const labels = async () => (await page()).items.map(({ period }) => period);

beforeAll(async () => {
  server = await startTestServer();
  const applied = await server.request('POST', '/api/v1/config/apply', config);
  if (applied.status >= 300) throw new Error(JSON.stringify(applied.body));
  const history = { state: 'up', from: `${week(2).toString()}T00:00:00Z`, to: `${monday.toString()}T00:00:00Z` };
  await server.request('POST', '/api/v1/services/payroll/timeline', { intervals: [history] });
  cookies = {
    paula: await account(server, 'paula', 'owner', ['hr-it']),
    carla: await account(server, 'carla', 'owner', ['hr']),
    stranger: await account(server, 'stranger', 'owner'),
  };
});
afterAll(() => server.close());
afterEach(() => vi.restoreAllMocks());

describe('closing a period before it has settled', () => {
  it('waits for the end of the period, and says when that is', async () => {
    const { status, body } = await close(running, 'paula');
    expect([status, body.code]).toEqual([409, 'conflict']);
    expect(body.detail).toContain(`ends ${monday.add({ weeks: 1 }).toString()} 00:00:00 UTC: it can be closed then`);
  });

  it('takes the oldest period first, and none that is not there', async () => {
    const later = await close(last, 'paula');
    expect([later.status, later.body.detail]).toEqual([409, expect.stringContaining('comes first')]);
    expect((await close('2019-W02', 'paula')).status).toBe(404);
    expect((await close('yesterday', 'paula')).status).toBe(422);
  });

  it('is for the parties alone', async () => {
    expect((await close(beforeLast, 'stranger')).status).toBe(403);
    expect((await close(beforeLast, 'paula', { party: 'customer' })).status).toBe(403);
    expect((await page('stranger')).upcoming).toMatchObject({ hasEnded: true, may: { close: [], takeBack: false } });
    expect((await page('paula')).upcoming).toMatchObject({ may: { close: ['provider'], takeBack: false } });
  });

  it('is asked by one party, who may take it back, and freezes nothing', async () => {
    const { status, body } = await close(beforeLast, 'paula');
    expect([status, body.isFrozen]).toEqual([200, false]);
    expect(body.upcoming).toMatchObject({
      period: beforeLast,
      said: [{ party: 'provider', by: 'paula' }],
      may: { close: [], takeBack: true },
    });
    expect((await close(beforeLast, 'paula')).status).toBe(409);
    expect((await act('DELETE', `/${beforeLast}/close`, undefined, cookies.carla)).status).toBe(403);
    expect((await act('DELETE', `/${beforeLast}/close`, undefined, cookies.paula)).status).toBe(204);
    expect((await act('DELETE', `/${beforeLast}/close`, undefined, cookies.paula)).status).toBe(409);
    expect((await page()).upcoming?.said).toEqual([]);
    expect(await labels()).toEqual([]);
  });

  it('must be said by two: who speaks for both parties says for which, and not for both', async () => {
    expect((await act('POST', `/${beforeLast}/close`, {})).body.issues[0].path).toBe('party');
    expect((await act('POST', `/${beforeLast}/close`, { party: 'provider' })).status).toBe(200);
    const again = await act('POST', `/${beforeLast}/close`, { party: 'customer' });
    expect([again.status, again.body.detail]).toEqual([409, expect.stringContaining('other party confirms it')]);
  });

  it('waits for the other party, who is told', async () => {
    const waiting = (by: keyof typeof cookies) =>
      server.request('GET', '/api/v1/waiting', undefined, { cookie: cookies[by] });
    expect((await waiting('carla')).body).toMatchObject([
      { kind: 'closing', agreement: { key: 'hr-payroll' }, period: beforeLast },
    ]);
    expect((await waiting('paula')).body).toEqual([]);
  });

  it('is confirmed by the other: the report is frozen at once, as of that moment, and the trail tells all', async () => {
    const before = Date.now();
    const { status, body } = await close(beforeLast, 'carla');
    expect([status, body.isFrozen, body.upcoming.period]).toEqual([200, true, last]);
    expect(await labels()).toEqual([beforeLast]);
    const report = (await act('GET', `/${beforeLast}`)).body as Report;
    expect(Date.parse(report.frozenAt)).toBeGreaterThan(before - 5_000);
    // Its settling day is over: it says the same as if it had been frozen by itself.
    expect(report.content.asOf).toBe(`${week(1).add({ days: 1 }).toString()}T00:00:00.000Z`);
    expect((await act('GET', '/verify')).body).toMatchObject({ holds: true, checked: 1 });
    const again = await close(beforeLast, 'carla');
    expect([again.status, again.body.detail]).toEqual([409, expect.stringContaining('frozen already')]);
    const { items } = (await server.request('GET', '/api/v1/audit?subjectKind=agreement&subject=hr-payroll')).body;
    const told = (items as { action: string }[]).map(({ action }) => action);
    expect(told.slice(0, 5)).toEqual([
      'report.frozen',
      'report.closing-agreed',
      'report.closing-agreed',
      'report.closing-taken-back',
      'report.closing-agreed',
    ]);
  });

  it('leaves late results to a revision, also while the period would still have settled', async () => {
    const toMs = monday.toZonedDateTime('UTC').epochMilliseconds;
    vi.spyOn(server.app.get(SteadyClock), 'now').mockReturnValue(toMs + 10_800_000);
    await close(last, 'paula');
    expect((await close(last, 'carla')).body.isFrozen).toBe(true);
    const { content } = (await act('GET', `/${last}`)).body as Report;
    expect(content.asOf).toBe(new Date(toMs + 10_800_000).toISOString());
    const interval = { state: 'down', from: new Date(toMs - 7_200_000), to: new Date(toMs - 3_600_000) };
    const refused = await server.request('POST', '/api/v1/services/payroll/timeline', { intervals: [interval] });
    expect([refused.status, refused.body.detail]).toEqual([409, expect.stringContaining(last)]);
    const asked = {
      service: 'payroll',
      from: interval.from,
      to: interval.to,
      as: 'down',
      reason: 'Nobody could sign in',
    };
    const correction = await server.request('POST', '/api/v1/agreements/hr-payroll/corrections', asked, {
      cookie: cookies.carla,
    });
    expect(correction.status, JSON.stringify(correction.body)).toBe(201);
    const approved = await server.request(
      'POST',
      `/api/v1/agreements/hr-payroll/corrections/${correction.body.id}/approve`,
      {},
      {
        cookie: cookies.paula,
      },
    );
    expect(approved.body, JSON.stringify(approved.body)).toMatchObject({ state: 'approved' });
    await server.app.get(ReportClosingService).reviseDoubtful();
    const revised = (await act('GET', `/${last}`)).body as Report;
    expect([revised.revision, revised.content.asOf]).toEqual([2, content.asOf]);
    expect(revised.content.parts[0]!.objectives[0]!.result.seconds?.down).toBe(3_600);
  });
});
