import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HistoryImport } from '../../../server/contract/history-imports.ts';
import { HistoryApplyService } from '../../../server/interchange/history/history-apply.service.ts';
import { HistoryCheckService } from '../../../server/interchange/history/history-check.service.ts';
import { account } from '../../support/accounts.ts';
import { startTestServer, type RequestOptions, type TestServer } from '../../support/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ TROTH_ROLES: 'api' });
  await put('teams/it', { name: 'IT' });
  await put('teams/hr', { name: 'HR' });
  for (const key of ['payroll', 'mail'])
    await put(`services/${key}`, { name: key, category: 'application', owner: 'it' });
  await server.request('POST', '/api/v1/metrics/leads', { value: 1, at: '2025-01-01T00:00:00Z' });
});
afterAll(() => server?.close());

async function put(path: string, body: unknown): Promise<void> {
  const reply = await server.request('PUT', `/api/v1/${path}`, body);
  expect([reply.status, reply.body]).toEqual([201, expect.anything()]);
}
const call = (method: string, path: string, body?: unknown, options?: RequestOptions) =>
  server.request(method, `/api/v1/imports${path}`, body, options);

/** Sends bytes of a file from an offset on. */
const send = (id: number, offset: number, content: string, options: RequestOptions = {}) =>
  call('PUT', `/${id}/content?offset=${offset}`, content, {
    ...options,
    headers: { 'Content-Type': 'application/octet-stream' },
  });

async function announce(content: string, input: object, options?: RequestOptions): Promise<number> {
  const body = { format: 'csv', name: 'history.csv', bytes: Buffer.byteLength(content), ...input };
  const reply = await call('POST', '', body, options);
  expect([reply.status, reply.body]).toEqual([200, expect.anything()]);
  return reply.body.id as number;
}

/** A file that was sent as a whole and checked. */
async function checked(content: string, input: object): Promise<HistoryImport> {
  const id = await announce(content, input);
  expect((await send(id, 0, content)).status).toBe(200);
  await server.app.get(HistoryCheckService).check(id);
  return (await call('GET', `/${id}`)).body as HistoryImport;
}

async function applied(id: number): Promise<HistoryImport> {
  expect((await call('POST', `/${id}/apply`)).status).toBe(200);
  await server.app.get(HistoryApplyService).apply(id);
  return (await call('GET', `/${id}`)).body as HistoryImport;
}

const day = (date: number, hour = 0): string => new Date(Date.UTC(2025, 2, date, hour)).toISOString();
const timeline = async (key: string) =>
  (await server.request('GET', `/api/v1/services/${key}/timeline?from=${day(1)}&to=${day(20)}`)).body.intervals.map(
    ({ state, from, to }: Record<string, string>) => [state, from, to],
  );
const audit = async (subject: string, kind: string) =>
  (await server.request('GET', `/api/v1/audit?subjectKind=${kind}&subject=${subject}`)).body.items;

describe('a timeline of several services', () => {
  const file = [
    'service,state,from,to,reason',
    `payroll,up,${day(1)},${day(3)},`,
    `mail,down,${day(2)},${day(3)},timeout`,
    `payroll,up,${day(3)},${day(4)},`,
    `payroll,down,${day(4)},${day(5)},`,
    '',
  ].join('\r\n');

  it('is told before it is taken over: what its rows are, and of what', async () => {
    const found = await checked(file, { kind: 'timeline' });
    expect(found).toMatchObject({ state: 'checked', rows: 4, faults: [], subjectCount: 2, checkedBytes: file.length });
    expect(found.preview.columns).toEqual(['service', 'state', 'from', 'to', 'reason']);
    expect(found.preview.rows[1]).toEqual(['mail', 'down', day(2), day(3), 'timeout']);
    expect(found.subjects).toEqual([
      { name: 'mail', key: 'mail', rows: 1, from: day(2), to: day(3), replaces: 0, unchanged: 0 },
      { name: 'payroll', key: 'payroll', rows: 3, from: day(1), to: day(5), replaces: 0, unchanged: 0 },
    ]);
    expect(await timeline('payroll')).toEqual([]);
    const done = await applied(found.id);
    expect([done.state, done.appliedRows]).toEqual(['applied', 4]);
    expect(await timeline('payroll')).toEqual([
      ['up', day(1), day(4)],
      ['down', day(4), day(5)],
    ]);
    expect(await timeline('mail')).toEqual([['down', day(2), day(3)]]);
  });

  it('takes the place of what was imported of the same time, and leaves the rest of it; that is on record', async () => {
    const next = `state,from,to\ndegraded,${day(2)},${day(2, 12)}\ndown,${day(4, 12)},${day(6)}\n`;
    const found = await checked(next, { kind: 'timeline', service: 'payroll' });
    expect(found.subjects.map(({ replaces }) => replaces)).toEqual([2]);
    await applied(found.id);
    expect(await timeline('payroll')).toEqual([
      ['up', day(1), day(2)],
      ['degraded', day(2), day(2, 12)],
      ['up', day(2, 12), day(4)],
      ['down', day(4), day(4, 12)],
      ['down', day(4, 12), day(6)],
    ]);
    const [own] = await audit('payroll', 'service');
    expect([own.action, own.detail]).toEqual([
      'timeline.imported',
      { intervals: 2, from: day(2), to: day(6), replaced: 2 },
    ]);
    const [whole] = await audit(String(found.id), 'import');
    expect(whole.detail).toEqual({
      ...{ file: 'history.csv', kind: 'timeline', rows: 2, subjects: 1, replaced: 2 },
      ...{ from: day(2), to: day(6) },
    });
  });

  it('leaves nothing of the file behind once it is taken over, and is not taken over twice', async () => {
    const found = await checked(file, { kind: 'timeline' });
    await applied(found.id);
    const [left] = await server.database.query(
      `select (select count(*)::int from import_chunks) as chunks, (select count(*)::int from import_rows where import_id = $1) as rows`,
      [found.id],
    );
    expect(left).toEqual({ chunks: 0, rows: 0 });
    expect((await call('POST', `/${found.id}/apply`)).status).toBe(409);
    const before = await audit('payroll', 'service');
    await server.app.get(HistoryApplyService).apply(found.id);
    expect(await audit('payroll', 'service')).toEqual(before);
  });
});

describe('what is wrong', () => {
  it('at row 40,000 is told with row and column, and nothing is taken over', async () => {
    const lines = ['state,from,to'];
    for (let index = 0; index < 40_100; index += 1) {
      const [from, to] = [index, index + 1].map((minute) => new Date(Date.UTC(2025, 5, 1, 0, minute)).toISOString());
      lines.push(index === 39_998 ? `up,${from}` : `${index % 2 ? 'up' : 'down'},${from},${to}`);
    }
    const found = await checked(`${lines.join('\n')}\n`, { kind: 'timeline', service: 'mail' });
    expect([found.state, found.faults]).toEqual([
      'faulty',
      [{ row: 40_000, column: null, message: 'has 2 cells, the head has 3' }],
    ]);
    expect((await call('POST', `/${found.id}/apply`)).body.detail).toContain('found right');
    expect((await server.database.query(`select 1 from import_rows where import_id = $1`, [found.id])).length).toBe(0);
  });

  const row = `up,${day(1)},${day(2)}`;
  it.each([
    ['state,from', 'to', 'is missing', 1],
    [`state,from,to,resaon\n${row},x`, 'resaon', 'is no column of timeline; did you mean "reason"?', 1],
    [`state,from,to,to\n${row},x`, 'to', 'is there twice', 1],
    [`state,from,to\n${row}\nup,${day(4)},${day(3)}`, 'to', 'must be after from', 3],
    [`state,from,to\nup,${day(1)},${day(9)}\n\ndown,${day(5)},${day(6)}`, 'from', 'overlaps row 2', 4],
    [
      `state,from,to\ndwon,${day(1)},${day(2)}`,
      'state',
      'must be up, degraded, down, unknown, unmonitored; did you mean "down"?',
      2,
    ],
    [`state,from,to\nup,2025-03-01T08:00,${day(2)}`, 'from', /has no zone/, 2],
    [`state,from,to\nup,2025-02-30T08:00:00Z,${day(2)}`, 'from', /must be a time such as/, 2],
    [`state,from,to\nup,${day(1)},2999-01-01T00:00:00Z`, 'to', 'must not lie in the future', 2],
    [`state,from,to,reason\n${row},tiemout`, 'reason', 'is none that Troth knows; did you mean "timeout"?', 2],
    [
      `service,state,from,to\npayrol,${row}\npayrol,${row}`,
      'service',
      'there is no service "payrol"; did you mean "payroll"?',
      2,
    ],
    ['state,from,to\n', null, 'The file holds no rows', null],
  ])('in a timeline is named: %j', async (content, column, message, place) => {
    const found = await checked(content, { kind: 'timeline', service: 'payroll' });
    expect(found.state).toBe('faulty');
    expect(found.faults).toEqual([
      { row: place, column, message: typeof message === 'string' ? message : expect.stringMatching(message) },
    ]);
  });

  it.each([
    ['leeds', '1', 'metric', 'there is no metric "leeds"; did you mean "leads"?'],
    ['leads', '1e9', 'value', /must be a number/],
    ['leads', '', 'value', /must be a number/],
  ])('in values is named: %s %s', async (metric, value, column, message) => {
    const found = await checked(`metric,at,value\n${metric},${day(1)},${value}\n`, { kind: 'metrics' });
    expect(found.faults).toEqual([
      { row: 2, column, message: typeof message === 'string' ? message : expect.stringMatching(message) },
    ]);
  });

  it('twice at one instant is named in both its rows', async () => {
    const found = await checked(`at,value\n${day(1)},1\n${day(2)},1\n${day(1)},2\n`, {
      kind: 'metrics',
      metric: 'leads',
    });
    expect(found.faults).toEqual([{ row: 4, column: 'at', message: 'is the instant of row 2' }]);
  });

  it('is told a hundred times at most', async () => {
    const lines = Array.from({ length: 500 }, () => 'bad,bad,bad');
    const found = await checked(`state,from,to\n${lines.join('\n')}\n`, { kind: 'timeline', service: 'payroll' });
    expect([found.faults.length, found.hasMoreFaults]).toEqual([100, true]);
  });

  it.each([
    [{ kind: 'timeline', service: 'payrol' }, 'service', /did you mean "payroll"/],
    [{ kind: 'metrics', service: 'payroll' }, 'service', /does not belong to metrics/],
    [{ kind: 'metrics', metric: 'leeds' }, 'metric', /did you mean "leads"/],
    [{ kind: 'timeline', timeZone: 'Europe/Berlim' }, 'timeZone', /./],
    [{ kind: 'observations', probe: 'payroll.login' }, 'probe', /there is no probe/],
    [{ kind: 'timeline', bytes: 0 }, 'bytes', /empty/],
  ])('with what is announced is told at its field: %j', async (input, path, message) => {
    const { status, body } = await call('POST', '', { format: 'csv', name: 'a.csv', bytes: 9, ...input });
    expect([status, body.issues]).toEqual([422, [{ path, message: expect.stringMatching(message) }]]);
  });
});

describe('values of metrics', () => {
  it('take the place of others at the same instants, which stay in the history; local times count in the zone of the file', async () => {
    await server.request('POST', '/api/v1/metrics/leads', {
      values: [
        { value: 5, at: day(1) },
        { value: 6, at: day(2) },
      ],
    });
    const lines = [
      '{"at": "2025-03-01 01:00", "value": "5.0"}',
      '{"at": "2025-03-02 01:00", "value": 7.25}',
      `{"at": "${day(3)}", "value": "8"}`,
    ];
    const found = await checked(lines.join('\n'), {
      kind: 'metrics',
      metric: 'leads',
      format: 'ndjson',
      timeZone: 'Europe/Berlin',
    });
    expect(found.subjects).toEqual([
      {
        name: 'leads',
        key: 'leads',
        rows: 3,
        from: day(1),
        to: new Date(Date.parse(day(3)) + 1).toISOString(),
        replaces: 1,
        unchanged: 1,
      },
    ]);
    await applied(found.id);
    const values = (await server.request('GET', `/api/v1/metrics/leads?from=${day(1)}&to=${day(4)}`)).body.items;
    expect(values.map(({ at, value }: Record<string, string>) => [at, value])).toEqual([
      [day(3), '8'],
      [day(2), '7.25'],
      [day(1), '5'],
    ]);
    const { items } = (await server.request('GET', '/api/v1/metrics/leads/changes')).body;
    expect(items).toMatchObject([{ at: day(2), before: '6', after: '7.25', reason: null }]);
  });
});

describe('a file in pieces', () => {
  const content = `state,from,to\nup,${day(10)},${day(11)}\n`;

  it('goes on where it was cut, and only there', async () => {
    const id = await announce(content, { kind: 'timeline', service: 'payroll' });
    expect((await send(id, 0, content.slice(0, 20))).body).toMatchObject({ state: 'receiving', receivedBytes: 20 });
    const again = await send(id, 0, content.slice(0, 20));
    expect([again.status, again.body.code, again.body.detail]).toEqual([
      ...[409, 'changed-meanwhile'],
      'There are 20 bytes of the file here: go on from there',
    ]);
    expect((await send(id, 20, `${content.slice(20)}more`)).body.issues[0].path).toBe('bytes');
    expect((await send(id, 20, content.slice(20))).body).toMatchObject({
      state: 'checking',
      receivedBytes: content.length,
    });
    expect((await send(id, content.length, 'more')).status).toBe(409);
  });

  it('is refused where it is sent as something else', async () => {
    const id = await announce(content, { kind: 'timeline', service: 'payroll' });
    expect((await call('PUT', `/${id}/content?offset=0`, { a: 1 })).status).toBe(415);
    expect((await call('PUT', `/${id}/content?offset=0`, content)).status).toBe(415);
  });

  it('is confirmed as it comes in, so that a cut loses little of it', async () => {
    const filler = `${'x'.repeat(1_000)}\n`.repeat(3_000);
    const id = await announce(filler, { kind: 'timeline', service: 'payroll' });
    const body = new ReadableStream({
      async start(controller) {
        controller.enqueue(Buffer.from(filler.slice(0, 2_500_000)));
        await new Promise((resolve) => setTimeout(resolve, 300));
        controller.error(new Error('cut'));
      },
    });
    const headers = { 'Content-Type': 'application/octet-stream', Authorization: `Bearer ${server.adminToken}` };
    const init = { method: 'PUT', body, headers, duplex: 'half' } as RequestInit;
    await expect(fetch(new URL(`/api/v1/imports/${id}/content?offset=0`, server.url), init)).rejects.toThrow(
      'fetch failed',
    );
    const { receivedBytes } = (await call('GET', `/${id}`)).body;
    expect(receivedBytes).toBeGreaterThanOrEqual(2_097_152);
    expect((await send(id, receivedBytes, filler.slice(receivedBytes))).body.state).toBe('checking');
  });

  it('is checked by one server at a time, and anew where that one was lost in the middle', async () => {
    const id = await announce(content, { kind: 'timeline', service: 'mail' });
    await send(id, 0, content);
    // A server takes it and is gone.
    await server.database.query(
      `update history_imports set attempt = 1, held_until = now() + interval '1 minute' where id = $1`,
      [id],
    );
    await server.database.query(
      `insert into import_rows (import_id, subject, at_ms, row, to_ms, code) values ($1, 'mail', 1, 2, 2, 0)`,
      [id],
    );
    const checking = server.app.get(HistoryCheckService);
    await checking.check(id);
    expect((await call('GET', `/${id}`)).body.state).toBe('checking');
    await server.database.query(`update history_imports set held_until = now() where id = $1`, [id]);
    await Promise.all([checking.check(id), checking.check(id)]);
    expect((await call('GET', `/${id}`)).body).toMatchObject({ state: 'checked', rows: 1 });
  });
});

describe('who may', () => {
  const content = `state,from,to\nup,${day(12)},${day(13)}\n`;
  const input = { format: 'csv', name: 'a.csv', bytes: Buffer.byteLength(content) };

  it('is whoever may change the service, or push the metric; others go on with no import', async () => {
    await server.request('PUT', '/api/v1/users/otto', {
      displayName: 'Otto',
      role: 'owner',
      teams: ['hr'],
      password: 'a-long-password',
    });
    const operator = { cookie: await account(server, 'olga', 'operator') };
    const viewer = { cookie: await account(server, 'vera', 'viewer') };
    expect((await call('POST', '', { ...input, kind: 'timeline', service: 'mail' }, operator)).status).toBe(403);
    expect((await call('POST', '', { ...input, kind: 'metrics', metric: 'leads' }, viewer)).status).toBe(403);
    const id = (await call('POST', '', { ...input, kind: 'metrics', metric: 'leads' }, operator)).body.id as number;
    const stranger = { cookie: await account(server, 'oscar', 'operator') };
    expect((await send(id, 0, content, stranger)).body.detail).toContain('"olga", who began this import');
    expect((await call('DELETE', `/${id}`, undefined, stranger)).status).toBe(403);
    expect((await call('DELETE', `/${id}`, undefined, operator)).status).toBe(204);
    expect((await call('GET', `/${id}`)).status).toBe(404);
  });

  it('is asked again of what each row is of', async () => {
    const owner = { cookie: await account(server, 'ines', 'owner') };
    const file = `service,${content.replace('\n', '\nmail,')}`;
    const id = await announce(file, { kind: 'timeline' }, owner);
    await send(id, 0, file, owner);
    await server.app.get(HistoryCheckService).check(id);
    expect((await call('GET', `/${id}`)).body.faults).toEqual([
      { row: 2, column: 'service', message: 'only its own team and admins may change "mail"' },
    ]);
  });
});
