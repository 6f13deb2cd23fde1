import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LoggedShift } from '../../../server/contract/shift-log.ts';
import { account, makeAccount } from '../../support/accounts.ts';
import { put } from '../../support/measured.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

const dayMs = 86_400_000;
let server: TestServer;
let ana: string;
let viewer: string;
let today: number;

const api = (method: string, path: string, body?: unknown, cookie?: string) =>
  server.request(method, `/api/v1/${path}`, body, cookie === undefined ? {} : { cookie });
const log = async (query = '', key = 'network'): Promise<{ items: LoggedShift[]; next: string | null }> => {
  const reply = await api('GET', `on-call-schedules/${key}/log${query}`);
  expect(reply.status, JSON.stringify(reply.body)).toBe(200);
  return reply.body;
};
/** An instant so many days, and hours, from the beginning of the present shift. */
const at = (days: number, hours = 0): string => new Date(today + days * dayMs + hours * 3_600_000).toISOString();
const incident = async (title: string, service: string, change: object): Promise<number> => {
  const { status, body } = await api('POST', 'incidents', { title, services: [service], severity: 2, ...change });
  expect(status, JSON.stringify(body)).toBe(201);
  return body.id;
};

beforeAll(async () => {
  server = await startTestServer({ TROTH_ROLES: 'api' });
  for (const team of ['net', 'hr']) await put(server, `teams/${team}`, { name: team });
  await put(server, 'services/wan', { name: 'Wide area network', owner: 'net' });
  await put(server, 'services/payroll', { name: 'Payroll', owner: 'hr' });
  ana = await account(server, 'ana', 'operator', ['net']);
  await makeAccount(server, 'ben', 'operator', ['net']);
  viewer = await account(server, 'vera', 'viewer', ['net']);
  // The hand-over is some hours ago, wherever in the day this runs.
  const hour = new Date(Date.now() - 3 * 3_600_000).getUTCHours();
  today = Math.floor(Date.now() / dayMs) * dayMs + hour * 3_600_000;
  if (today > Date.now()) today -= dayMs;
  const handOver = `${String(hour).padStart(2, '0')}:00`;
  const layers = [{ members: ['ana', 'ben'], rotation: 'daily', start: '2026-01-05', handOver }];
  await put(server, 'on-call-schedules/network', { name: 'Network', team: 'net', timeZone: 'UTC', layers });
  await put(server, 'on-call-schedules/all', { name: 'All', timeZone: 'UTC', layers });
  await put(server, 'on-call-schedules/new', { name: 'New', timeZone: 'UTC', layers });
  await server.database.query(
    `update on_call_schedules set created_at = now() - interval '100 days' where key in ('network', 'all')`,
  );
});
afterAll(() => server?.close());

describe('the log of a schedule', () => {
  it('tells for each shift what was taken over, resolved and handed over, of its team alone', async () => {
    const told = { detectedAt: at(-1, 1), startedAt: at(-1, 1) };
    const long = await incident('Line is cut', 'wan', told);
    const short = await incident('Packets are lost', 'wan', { ...told, resolvedAt: at(-1, 2) });
    const fresh = await incident('Switch restarts', 'wan', { detectedAt: at(0, 1), startedAt: at(0, 1) });
    const others = await incident('Payslips are wrong', 'payroll', told);
    const drill = await incident('Restore from backup', 'wan', { ...told, kind: 'drill' });
    const [now, before, earlier] = (await log()).items as [LoggedShift, LoggedShift, LoggedShift];
    expect([now.isPresent, before.isPresent, now.from, before.to]).toEqual([true, false, at(0), at(0)]);
    expect(new Set([now.member, before.member])).toEqual(new Set(['ana', 'ben']));
    const fates = ({ incidents }: LoggedShift) =>
      incidents.map(({ id, isTakenOver, isHandedOver }) => [id, isTakenOver, isHandedOver]);
    expect(fates(now)).toEqual([
      [fresh, false, true],
      [long, true, true],
    ]);
    expect(fates(before)).toEqual([
      [short, false, false],
      [long, false, true],
    ]);
    expect(fates(earlier)).toEqual([]);
    const everyones = (await log('', 'all')).items[1]!.incidents.map(({ id }) => id);
    expect(everyones).toContain(others);
    expect(everyones).not.toContain(drill);

    await api('POST', `incidents/${long}/resolve`, { at: at(0, 1) });
    expect(fates((await log()).items[0]!)).toContainEqual([long, true, false]);
    expect(fates((await log()).items[1]!)).toContainEqual([long, false, true]);
  });

  it('keeps notes in the shift in which they were written, for good', async () => {
    const noted = await api('POST', 'on-call-schedules/network/log', { text: ' Watch the line\nto Oslo ' }, ana);
    expect([noted.status, noted.body]).toEqual([
      201,
      expect.objectContaining({ text: 'Watch the line\nto Oslo', by: 'ana' }),
    ]);
    const { id } = noted.body;
    await server.database.query(`update shift_notes set at = $1 where id = $2`, [at(-1, 5), id]);
    const [now, before] = (await log()).items;
    expect([now!.notes, before!.notes.map(({ text }) => text)]).toEqual([[], ['Watch the line\nto Oslo']]);
    for (const method of ['PUT', 'DELETE'])
      expect((await api(method, `on-call-schedules/network/log/${id}`, { text: 'other' })).status).toBe(404);
    const { body } = await api('GET', 'audit?subjectKind=on-call-schedule');
    expect(body.items[0].action).toBe('on-call-schedule.noted');
  });

  it('says what is wrong with a note, and takes none of those who may only look', async () => {
    const refused = await api('POST', 'on-call-schedules/network/log', { text: '  ' }, ana);
    expect([refused.status, refused.body.issues]).toEqual([422, [{ path: 'text', message: 'must not be empty' }]]);
    expect((await api('POST', 'on-call-schedules/network/log', { text: 'hello' }, viewer)).status).toBe(403);
    expect((await api('POST', 'on-call-schedules/none/log', { text: 'hello' })).status).toBe(404);
    expect((await api('GET', 'on-call-schedules/network/log?cursor=yesterday')).body.issues[0].path).toBe('cursor');
  });

  it('goes back page by page to when the schedule was made, each shift once and whole', async () => {
    const seen: LoggedShift[] = [];
    for (let query = '?limit=17'; query !== '';) {
      const { items, next } = await log(query);
      seen.push(...items);
      query = next === null ? '' : `?limit=17&cursor=${next}`;
    }
    for (const [index, { to }] of seen.slice(1).entries()) expect(to).toBe(seen[index]!.from);
    expect(seen.length).toBe(101);
    expect(seen.slice(0, -1).every(({ from }) => (Date.parse(from) - today) % dayMs === 0)).toBe(true);
    const [first, ...more] = (await log('', 'new')).items;
    expect([first!.isPresent, more]).toEqual([true, []]);
  });
});
