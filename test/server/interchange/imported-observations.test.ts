import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HistoryImport } from '../../../server/contract/history-imports.ts';
import { dayMs, hourMs, minuteMs } from '../../../server/domain/durations.ts';
import { ObservationCountsService } from '../../../server/probing/observation-counts.service.ts';
import { RollupsService } from '../../../server/probing/rollups.service.ts';
import { ReportClosingService } from '../../../server/reports/report-closing.service.ts';
import { eventually } from '../../support/eventually.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

let server: TestServer;
const config = `apiVersion: troth/v1
teams: { it: { name: IT }, hr: { name: HR } }
locations: { hq: { name: Head office }, dmz: { name: Outside } }
services:
  payroll:
    name: Payroll
    owner: it
    probes:
      login: { kind: tcp, every: 1m, locations: [hq, dmz], config: { host: example.org, port: 80 } }
agreements:
  sla:
    kind: SLA
    title: Payroll for HR
    provider: it
    customer: hr
    effective: { from: 2026-08-01 }
    timeZone: UTC
    status: declared
    objectives:
      availability: { type: availability, services: [payroll], target: "99" }
      leads: { type: metric, metric: leads, atLeast: "100", unit: leads }
`;
beforeAll(async () => {
  server = await startTestServer();
  const { status, body } = await server.request('POST', '/api/v1/config/apply', config);
  if (status !== 200) throw new Error(JSON.stringify(body));
});
afterAll(() => server?.close());

/** Sends a file, has the jobs of the server do the rest, and answers what became of it. */
async function run(content: string, input: object, ends: string[]): Promise<HistoryImport> {
  const announced = { format: 'csv', name: 'history.csv', bytes: Buffer.byteLength(content), ...input };
  const { body } = await server.request('POST', '/api/v1/imports', announced);
  const headers = { 'Content-Type': 'application/octet-stream' };
  await server.request('PUT', `/api/v1/imports/${body.id}/content?offset=0`, content, { headers });
  return waited(body.id, ends);
}
const read = async (id: number): Promise<HistoryImport> => (await server.request('GET', `/api/v1/imports/${id}`)).body;
const waited = (id: number, ends: string[]): Promise<HistoryImport> =>
  eventually(async () => {
    const found = await read(id);
    expect(ends).toContain(found.state);
    return found;
  });
async function take(content: string, input: object): Promise<HistoryImport> {
  const checked = await run(content, input, ['checked', 'faulty']);
  expect(checked.faults).toEqual([]);
  await server.request('POST', `/api/v1/imports/${checked.id}/apply`);
  return waited(checked.id, ['applied', 'faulty']);
}

const startMs = Math.floor(Date.now() / dayMs) * dayMs - 60 * dayMs + 9 * hourMs;
const iso = (ms: number): string => new Date(ms).toISOString();
/** Every minute one, each third bad. */
const fileOf = (fromMs: number, count: number, latencyMs: number): string =>
  ['at,verdict,latencyMs', ...Array.from({ length: count }, (_, index) => lineOf(fromMs, index, latencyMs))].join('\n');
const lineOf = (fromMs: number, index: number, latencyMs: number): string => {
  const isDown = index % 3 === 2;
  return `${iso(fromMs + index * minuteMs)},${isDown ? 'down' : 'up'},${isDown ? '' : latencyMs + 0.25}`;
};

async function counts(fromMs: number, toMs: number) {
  const service = server.app.get(ObservationCountsService);
  const [row] = await server.database.query<{ id: number }>(`select id from services where key = 'payroll'`);
  const series = (await service.seriesOf([row!.id])).get(row!.id)!;
  return (await service.counts([{ series, spans: [{ fromMs, toMs }], thresholdsMs: [100] }]))[0]![0];
}
const hq = { kind: 'observations', probe: 'payroll.login', location: 'hq' };
const observed = (location: string, from: number, to: number) =>
  server
    .request('GET', `/api/v1/probes/payroll.login/observations?from=${iso(from)}&to=${iso(to)}&limit=200`)
    .then(
      ({ body }) =>
        body.items.filter((one: { location: string }) => one.location === location) as Record<string, unknown>[],
    );

describe('observations of another system', () => {
  it('count exactly where Troth had not measured yet, at once and when their buckets are made anew', async () => {
    const done = await take(fileOf(startMs + 30 * minuteMs, 150, 40), hq);
    expect(done.subjects).toMatchObject([{ name: 'payroll.login at hq', key: 'payroll', rows: 150, replaces: 0 }]);
    const expected = { up: 100, degraded: 0, down: 50, unknown: 0, timed: 100, within: [100] };
    expect(await counts(startMs, startMs + dayMs)).toEqual(expected);
    await server.app.get(RollupsService).rollUp();
    expect(await counts(startMs, startMs + dayMs)).toEqual(expected);
    expect(await counts(startMs + hourMs, startMs + 2 * hourMs)).toMatchObject({ up: 40, down: 20 });
    const [last] = await observed('hq', startMs, startMs + dayMs);
    expect(last).toMatchObject({ slot: iso(startMs + 179 * minuteMs), verdict: 'down', reason: 'imported' });
  });

  it('take the place of those of the same time, and leave the rest of an hour', async () => {
    const done = await take(fileOf(startMs + 45 * minuteMs, 30, 400), hq);
    expect(done.subjects[0]!.replaces).toBe(30);
    await server.app.get(RollupsService).rollUp();
    expect(await counts(startMs, startMs + dayMs)).toMatchObject({ timed: 100, within: [80], down: 50 });
    expect(await observed('hq', startMs + 44 * minuteMs, startMs + 46 * minuteMs)).toMatchObject([
      { latencyMs: 400.25 },
      { verdict: 'down' },
    ]);
  });

  it('of yesterday count too', async () => {
    const fromMs = Math.floor(Date.now() / hourMs) * hourMs - 4 * hourMs;
    await take(fileOf(fromMs, 60, 40), { ...hq, location: 'dmz' });
    expect(await counts(fromMs, fromMs + hourMs)).toMatchObject({ up: 40, down: 20 });
    await server.app.get(RollupsService).rollUp();
    expect(await counts(fromMs, fromMs + hourMs)).toMatchObject({ up: 40, down: 20 });
  });

  it('are refused of the time that Troth measured itself, and without the place that they are of', async () => {
    const late = await run(fileOf(Date.now() - 2_000, 1, 40), hq, ['checked', 'faulty']);
    expect(late.faults).toMatchObject([
      { row: 2, column: 'at', message: expect.stringContaining('measured it itself') },
    ]);
    const placeless = await run(fileOf(startMs, 1, 40), { kind: 'observations', probe: 'payroll.login' }, ['faulty']);
    expect(placeless.faults).toEqual([
      { row: 2, column: 'location', message: 'payroll.login ran at dmz, hq: say where' },
    ]);
    const elsewhere = await run(
      `location,${fileOf(startMs, 1, 40).replace('\n', '\nhk,')}`,
      { kind: 'observations', probe: 'payroll.login' },
      ['faulty'],
    );
    expect(elsewhere.faults[0]!.message).toContain('did you mean "hq"?');
  });
});

describe('what objectives read', () => {
  it('is told with who owes it, and which periods have a value', async () => {
    const uses = async () => (await server.request('GET', '/api/v1/metric-uses')).body.items;
    const [before] = await uses();
    expect(before).toMatchObject({ key: 'leads', count: 0, last: null });
    expect(before.uses).toMatchObject([
      {
        agreement: { key: 'sla', title: 'Payroll for HR' },
        objective: { key: 'leads', title: 'Leads' },
        provider: { key: 'it', name: 'IT' },
        ...{ promise: 'At least 100 leads in total', unit: 'leads' },
      },
    ]);
    const august = before.uses[0].periods.find(({ label }: { label: string }) => label === '2026-08');
    expect(august).toEqual({
      ...{ label: '2026-08', title: 'August 2026', isRunning: false, at: '2026-08-01T00:00:00.000Z' },
      ...{ count: 0, value: null },
    });
    await server.request('POST', '/api/v1/metrics/leads', { value: 120, at: august.at });
    await server.request('POST', '/api/v1/metrics/leads', { value: 130, at: august.at, reason: 'Counted anew' });
    const [after] = await uses();
    expect(after.uses[0].periods.at(-1)).toMatchObject({ label: '2026-08', count: 1, value: '130' });
    const { items } = (await server.request('GET', '/api/v1/metrics/leads/changes')).body;
    expect(items).toMatchObject([{ before: '120', after: '130', reason: 'Counted anew' }]);
    const compliance = await server.request('GET', '/api/v1/agreements/sla/compliance?period=2026-08');
    expect(compliance.body.objectives.find(({ key }: { key: string }) => key === 'leads').verdict).toBe('met');
  });
});

describe('an import', () => {
  it('reaches the figures of open periods, and none that is frozen', async () => {
    const history = `service,state,from,to\npayroll,up,2026-08-01T00:00:00Z,2026-08-31T00:00:00Z\npayroll,down,2026-08-31T00:00:00Z,2026-09-01T00:00:00Z\n`;
    await take(history, { kind: 'timeline' });
    const figures = (await server.request('GET', '/api/v1/agreements/sla/compliance?period=2026-08')).body
      .objectives[0];
    expect([figures.verdict, figures.seconds.down]).toEqual(['missed', 86_400]);
    const waiting = await run(history, { kind: 'timeline' }, ['checked']);
    await server.database.query(`update agreement_versions set created_at = '2026-08-01'`);
    await server.app.get(ReportClosingService).closeDue();
    await server.request('POST', `/api/v1/imports/${waiting.id}/apply`);
    const late = await waited(waiting.id, ['applied', 'faulty']);
    expect([late.state, late.faults[0]!.message]).toEqual([
      'faulty',
      'Its history is part of frozen reports: 2026-08 of agreement "sla"',
    ]);
    for (const [content, input] of [
      [history, { kind: 'timeline' }],
      ['at,value\n2026-08-02T00:00:00Z,1\n', { kind: 'metrics', metric: 'leads' }],
    ] as const) {
      const refused = await run(content, input, ['checked', 'faulty']);
      expect(refused.faults).toMatchObject([
        { row: null, message: expect.stringContaining('2026-08 of agreement "sla"') },
      ]);
    }
  });

  it('that was confirmed is finished by the server that comes after', async () => {
    const content = 'service,state,from,to\npayroll,up,2025-01-01T00:00:00Z,2025-02-01T00:00:00Z\n';
    const checked = await run(content, { kind: 'timeline' }, ['checked']);
    // It was agreed to on a server that is gone before it began.
    await server.database.query(
      `update history_imports set state = 'applying', confirmed_by = created_by where id = $1`,
      [checked.id],
    );
    const next = await startTestServer({ DATABASE_URL: server.databaseUrl });
    try {
      expect((await waited(checked.id, ['applied'])).appliedRows).toBe(1);
    } finally {
      await next.close();
    }
  });
});
