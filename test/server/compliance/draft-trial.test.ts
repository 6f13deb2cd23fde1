import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DraftTrial, TriedObjective } from '../../../server/contract/draft-trial.ts';
import { dayMs, hourMs } from '../../../server/domain/durations.ts';
import { periodsBefore, type Period } from '../../../server/domain/period.ts';
import { Database } from '../../../server/platform/database.ts';
import { account } from '../../support/accounts.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

let server: TestServer;
const zone = 'Europe/Berlin';
/** The last 12 months, as the server will see them. */
const months = periodsBefore('month', zone, Date.now(), 12);
const iso = (atMs: number): string => new Date(atMs).toISOString();
const outages = [
  { month: 2, lengthMs: 14 * 60_000 },
  { month: 5, lengthMs: 90 * 60_000 },
  { month: 7, lengthMs: 61 * 60_000 + 1 },
].map(({ month, lengthMs }) => {
  const fromMs = months[month]!.fromMs + 10 * dayMs;
  return { month, fromMs, toMs: fromMs + lengthMs };
});

const draft = (objectives: object, more: object = {}) => ({ timeZone: zone, period: 'month', objectives, ...more });
const availability = { type: 'availability', services: ['payroll'], target: '99.9' };
const ask = (body: unknown, query = '') => server.request('POST', `/api/v1/agreements/trial${query}`, body);
async function tried(body: unknown, query = ''): Promise<Record<string, TriedObjective>> {
  const { status, body: told } = await ask(body, query);
  expect(status, JSON.stringify(told)).toBe(200);
  return Object.fromEntries((told as DraftTrial).objectives.map((one) => [one.key, one]));
}
const lengthOf = ({ fromMs, toMs }: Period): number => toMs - fromMs;
const floored = (share: number): string => String(Math.floor(share * 10_000) / 100);
const titleOf = (at: number): string =>
  new Intl.DateTimeFormat('en-GB', { month: 'long', year: 'numeric', timeZone: zone }).format(
    months[at]!.fromMs + dayMs,
  );

async function made(method: string, path: string, input: unknown): Promise<void> {
  const { status, body } = await server.request(method, `/api/v1/${path}`, input);
  if (status >= 300) throw new Error(`${path}: ${JSON.stringify(body)}`);
}

beforeAll(async () => {
  server = await startTestServer({ TROTH_ROLES: 'api', LOG_LEVEL: 'error' });
  for (const [path, body] of [
    ['teams/it', { name: 'IT' }],
    ['teams/hr', { name: 'HR' }],
    ['services/payroll', { name: 'Payroll', owner: 'it' }],
    ['services/quiet', { name: 'Quiet', owner: 'it' }],
    ['calendars/noon', { timeZone: zone, week: { sun: ['12:00-13:00'] } }],
  ] as const)
    await made('PUT', path, body);
  const edges = outages.flatMap(({ fromMs, toMs }) => [fromMs, toMs]);
  const all = [months[0]!.fromMs - 40 * dayMs, ...edges, months[11]!.toMs];
  const intervals = all.slice(1).map((toMs, at) => ({
    ...{ state: at % 2 === 0 ? 'up' : 'down', from: iso(all[at]!), to: iso(toMs) },
  }));
  await made('POST', 'services/payroll/timeline', { intervals });
});
afterAll(() => server?.close());

describe('a draft on its last 12 months', () => {
  it('was met in so many of them, missed worst in one, and a lower target would have been met in all', async () => {
    const { one } = await tried(draft({ one: availability }));
    const longest = outages[1]!;
    const missed = outages
      .slice(1)
      .filter(({ month, fromMs, toMs }) => (toMs - fromMs) / lengthOf(months[month]!) > 0.001);
    expect(missed).toHaveLength(2);
    const attained = 1 - (longest.toMs - longest.fromMs) / lengthOf(months[5]!);
    const points = (Math.ceil((0.999 - attained) * 10_000) / 100).toFixed(2);
    expect(one).toMatchObject({
      met: 10,
      judged: 12,
      unproven: 0,
      worst: months[5]!.label,
      holdingTarget: floored(attained),
    });
    expect(one!.sentence).toBe(
      `Met 10 of 12; missed worst in ${titleOf(5)}, by ${points} points; ${floored(attained)} % would have been met in all.`,
    );
    expect(one!.periods.map(({ label }) => label)).toEqual(months.map(({ label }) => label));
    expect(one!.periods.filter(({ verdict }) => verdict === 'missed').map(({ label }) => label)).toEqual([
      months[5]!.label,
      months[7]!.label,
    ]);
  });

  it('is judged as the scorecard judges what is in force, period by period', async () => {
    const objectives = {
      share: { ...availability, target: '99.95' },
      longest: { type: 'outage', services: ['payroll'], longest: '1h' },
      count: { type: 'outage', services: ['payroll'], atMost: 0 },
    };
    const counting = { minimumOutage: '15m' };
    const document = {
      kind: 'SLA',
      title: 'Payroll',
      provider: 'it',
      customer: 'hr',
      effective: { from: '2020-01-01' },
    };
    await server.request('PUT', '/api/v1/agreements/same', { ...document, ...draft(objectives, { counting }) });
    const trial = await tried(draft(objectives, { counting }), '?agreement=same');
    for (const [at, { label }] of months.entries()) {
      const { body } = await server.request('GET', `/api/v1/agreements/same/compliance?period=${label}`);
      for (const { key, verdict, attained, reached, unproven } of body.objectives) {
        const period = trial[key]!.periods[at]!;
        expect([key, label, period.verdict, period.unproven]).toEqual([key, label, verdict, unproven]);
        if (key !== 'count') expect(period.now).toEqual(reached ?? attained?.text ?? null);
      }
    }
    expect(trial['longest']!.sentence).toBe(
      `Met 10 of 12; missed worst in ${titleOf(5)}, with 1 h 30 min; no outage longer than 1 h 30 min would have been met in all.`,
    );
    expect(trial['count']).toMatchObject({ met: 10, holding: 'at most 1 outages' });
  });

  it('holds with the promise that it says would have been met in all, and with no higher one', async () => {
    const objectives = {
      share: { ...availability, target: '99.999' },
      longest: { type: 'outage', services: ['payroll'], longest: '1m' },
      mean: { type: 'outage', services: ['payroll'], meanRestore: '1m' },
      between: { type: 'outage', services: ['payroll'], meanBetween: '366d' },
      count: { type: 'outage', services: ['payroll'], atMost: 0 },
    };
    const first = await tried(draft(objectives));
    expect(first['between']).toMatchObject({ met: 9 });
    expect(first['share']!.holdingTarget).toMatch(/^99\.\d{1,3}$/);
    const held = await tried(
      draft({
        share: { ...objectives.share, target: first['share']!.holdingTarget },
        higher: { ...objectives.share, target: (Number(first['share']!.holdingTarget) + 0.001).toFixed(3) },
        longest: { ...objectives.longest, longest: '90m' },
        shorter: { ...objectives.longest, longest: 90 * 60_000 - 1 },
      }),
    );
    expect(Object.values(held).map(({ key, met }) => [key, met])).toEqual([
      ['share', 12],
      ['higher', 11],
      ['longest', 12],
      ['shorter', 11],
    ]);
    expect(held['share']!.sentence).toBe(
      `Met 12 of 12; the worst was ${titleOf(5)}, with ${held['share']!.periods[5]!.now}.`,
    );
  });

  it('says where nothing was missed, where little is known, and where nothing is', async () => {
    const quiet = await tried(draft({ none: { ...availability, services: ['quiet'] } }));
    expect(quiet['none']).toMatchObject({ met: 0, judged: 0, worst: null, holding: null });
    expect(quiet['none']!.sentence).toBe('Nothing was measured in the last 12 that could tell.');
    const noons = await tried(draft({ one: availability }, { calendar: 'noon' }));
    expect(noons['one']!.sentence).toBe('Met 12 of 12; nothing was missed in any of them.');
    // Known until the end of the last month: of the last week but one a part, of the last nothing.
    const weeks = await tried(draft({ one: availability }, { period: 'week', counting: { minimumCoverage: '100' } }));
    const whole = periodsBefore('week', zone, Date.now(), 12).filter(({ toMs }) => toMs <= months[11]!.toMs).length;
    const part = periodsBefore('week', zone, Date.now(), 12).filter(
      ({ fromMs, toMs }) => fromMs < months[11]!.toMs && toMs > months[11]!.toMs,
    ).length;
    expect(weeks['one']).toMatchObject({ judged: whole + part });
  });

  it('counts what the parties of the agreement approved, and leaves its own time out of account', async () => {
    const document = {
      kind: 'SLA',
      title: 'New',
      provider: 'it',
      customer: 'hr',
      effective: { from: iso(months[5]!.fromMs).slice(0, 10) },
    };
    const put = await server.request('PUT', '/api/v1/agreements/corrected', {
      ...document,
      ...draft({ one: availability }),
    });
    expect(put.status, JSON.stringify(put.body)).toBe(201);
    const cookies = {
      provider: await account(server, 'pia', 'owner', ['it']),
      customer: await account(server, 'carl', 'owner', ['hr']),
    };
    const { fromMs, toMs } = outages[1]!;
    const correction = {
      service: 'payroll',
      from: iso(fromMs),
      to: iso(toMs),
      as: 'excluded',
      ground: 'customer',
      reason: 'Theirs',
    };
    const made = await server.request('POST', '/api/v1/agreements/corrected/corrections', correction, {
      cookie: cookies.provider,
    });
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    expect((await tried(draft({ one: availability }), '?agreement=corrected'))['one']!.met).toBe(10);
    await server.request(
      'POST',
      `/api/v1/agreements/corrected/corrections/${made.body.id}/approve`,
      {},
      { cookie: cookies.customer },
    );
    expect((await tried(draft({ one: availability }), '?agreement=corrected'))['one']!.met).toBe(11);
    expect((await tried(draft({ one: availability })))['one']!.met).toBe(10);
  });

  it('needs no more of an agreement than its figures do, and names what is wrong in that', async () => {
    const { body } = await ask({ title: '', provider: null, ...draft({ one: { ...availability, target: '100' } }) });
    expect(body.issues.map(({ path }: { path: string }) => path)).toEqual(['objectives.one.target']);
    const unknown = await ask(draft({ one: { ...availability, services: ['payrol'] } }, { calendar: 'none' }));
    expect(unknown.body.issues).toEqual([
      { path: 'calendar', message: expect.stringContaining('there is no calendar "none"') },
      { path: 'objectives.one.services.0', message: expect.stringContaining('there is no service "payrol"') },
    ]);
    expect((await ask(draft({ one: availability }), '?agreement=none')).status).toBe(404);
    const nothing = await ask({});
    expect(nothing.body.issues.map(({ path }: { path: string }) => path)).toEqual(['timeZone', 'objectives']);
  });

  it('is for all who may read agreements, and reads all periods together', async () => {
    const cookie = await account(server, 'reader', 'viewer');
    const reply = await server.request('POST', '/api/v1/agreements/trial', draft({ one: availability }), { cookie });
    expect(reply.status).toBe(200);
    const statements = async (body: unknown): Promise<number> => {
      const database = server.app.get(Database);
      const query = database.query.bind(database);
      let count = 0;
      database.query = ((...given: Parameters<typeof query>) => {
        count += 1;
        return query(...given);
      }) as typeof database.query;
      try {
        await tried(body);
      } finally {
        database.query = query;
      }
      return count;
    };
    const success = { type: 'success', services: ['payroll'], target: '99' };
    // Of the trial and of what goes on beside it: far fewer than there are periods and things to read of each.
    expect(await statements(draft({ one: success }))).toBeLessThan(30);
  });

  it('of rolling days is whole windows, one before the other, until the last local midnight', async () => {
    const { one } = await tried(draft({ one: availability }, { period: 'rolling-30d' }));
    const spans = one!.periods.map(({ from, to }) => ({ fromMs: Date.parse(from), toMs: Date.parse(to) }));
    expect(spans.slice(1).map(({ fromMs }) => fromMs)).toEqual(spans.slice(0, -1).map(({ toMs }) => toMs));
    expect(Date.now() - spans[11]!.toMs).toBeLessThan(25 * hourMs);
    expect(one!.judged).toBeGreaterThanOrEqual(11);
    expect(one!.met).toBe(one!.judged - 2);
    expect(one!.periods[11]!.label).toMatch(/^\d{4}-\d\d-\d\d\/\d{4}-\d\d-\d\d$/);
  });
});
