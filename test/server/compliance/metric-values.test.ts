import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MetricValuesService } from '../../../server/compliance/metric-values.service.ts';
import { microsOf } from '../../../server/domain/decimal.ts';
import { dayMs } from '../../../server/domain/durations.ts';
import { EventBus, type TransactionEvents } from '../../../server/platform/events.ts';
import { account } from '../../support/accounts.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

let server: TestServer;
const told: TransactionEvents['metrics.changed'][] = [];
beforeAll(async () => {
  server = await startTestServer({ TROTH_ROLES: 'api' });
  server.app.get(EventBus).on('metrics.changed', (event) => void told.push(event));
});
afterAll(() => server?.close());
beforeEach(() => told.splice(0));

const call = (method: string, path: string, body?: unknown, options = {}) =>
  server.request(method, `/api/v1/metrics${path}`, body, options);
const at = (hour: number) => new Date(Date.UTC(2026, 0, 5, hour)).toISOString();
const valuesOf = async (key: string, query = ''): Promise<[string, string][]> =>
  (await call('GET', `/${key}${query}`)).body.items.map((one: { at: string; value: string }) => [one.at, one.value]);

describe('a value of a metric', () => {
  it('is of now where nothing else is said, and read as it was pushed', async () => {
    const beforeMs = Date.now();
    const { status, body } = await call('POST', '/leads', { value: 12 });
    expect([status, body]).toEqual([200, { key: 'leads', stored: 1, replaced: 0, unchanged: 0 }]);
    const [[instant, value]] = (await valuesOf('leads')) as [[string, string]];
    expect(value).toBe('12');
    expect(Date.parse(instant)).toBeGreaterThanOrEqual(beforeMs);
    expect(told).toEqual([{ key: 'leads', fromMs: Date.parse(instant) }]);
  });

  it.each([
    ['4.100000', '4.1'],
    ['999999999999999.999999', '999999999999999.999999'],
    ['-0.000001', '-0.000001'],
    [0.1, '0.1'],
    ['-0', '0'],
  ])('of %j is %s, exact', async (pushed, read) => {
    await call('POST', '/exact', { value: pushed, at: at(1) });
    expect(await valuesOf('exact')).toEqual([[at(1), read]]);
    const kept = await server.app
      .get(MetricValuesService)
      .values(['exact', 'none'], Date.parse(at(1)), Date.parse(at(2)));
    expect([kept.get('exact'), kept.get('none')]).toEqual([[{ atMs: Date.parse(at(1)), micros: microsOf(read) }], []]);
  });

  it('pushed again is what it was, and replaced where it is another; both are on record', async () => {
    await call('POST', '/calls', {
      values: [
        { value: 1, at: at(1) },
        { value: 2, at: at(2) },
      ],
    });
    told.splice(0);
    const again = await call('POST', '/calls', { value: '1.0', at: at(1) });
    expect([again.body.unchanged, told]).toEqual([1, []]);
    const other = await call('POST', '/calls', {
      values: [
        { value: 5, at: at(2) },
        { value: 3, at: at(3) },
      ],
    });
    expect(other.body).toEqual({ key: 'calls', stored: 1, replaced: 1, unchanged: 0 });
    expect(await valuesOf('calls')).toEqual([
      [at(3), '3'],
      [at(2), '5'],
      [at(1), '1'],
    ]);
    expect(told).toEqual([{ key: 'calls', fromMs: Date.parse(at(2)) }]);
    const { items } = (await server.request('GET', '/api/v1/audit?subjectKind=metric&subject=calls')).body;
    expect(items.map(({ detail }: { detail: unknown }) => detail)).toEqual([
      { values: 2, first: at(2), last: at(3), replaced: 1, replacements: [{ at: at(2), from: '2', to: '5' }] },
      { values: 2, first: at(1), last: at(2) },
    ]);
  });

  it('comes with as many as ten thousand others', async () => {
    const startMs = Date.parse(at(0));
    const values = Array.from({ length: 10_000 }, (_, index) => ({
      value: String(index / 8),
      at: new Date(startMs + index * 1_000).toISOString(),
    }));
    expect((await call('POST', '/many', { values })).body.stored).toBe(10_000);
    expect((await call('POST', '/many', { values })).body.unchanged).toBe(10_000);
    expect((await call('POST', '/many', { values: [...values, values[0]] })).status).toBe(422);
  });

  it.each([
    [{ value: '1.0000001' }, 'value'],
    [{ value: '1e3' }, 'value'],
    [{ value: 0.1 + 0.2 }, 'value'],
    [{ value: 1e21 }, 'value'],
    [{ value: true }, 'value'],
    [{}, 'value'],
    [{ value: 1, values: [{ value: 1, at: at(1) }] }, 'value'],
    [{ values: [] }, 'values'],
    [{ values: [{ value: 1 }] }, 'values.0.at'],
    [{ at: at(1), values: [{ value: 1, at: at(1) }] }, 'at'],
    [
      {
        values: [
          { value: 1, at: at(1) },
          { value: 2, at: at(1) },
        ],
      },
      'values.1.at',
    ],
    [{ value: 1, at: new Date(Date.now() + 120_000).toISOString() }, 'at'],
    [{ value: 1, at: new Date(Date.now() - 3_660 * dayMs).toISOString() }, 'at'],
    [{ value: 1, at: 'today' }, 'at'],
  ])('pushed as %j is refused, the field is named, and nothing is stored', async (body, path) => {
    const reply = await call('POST', '/bad', body);
    expect(reply.status).toBe(422);
    expect(reply.body.issues.map((issue: { path: string }) => issue.path)).toEqual([path]);
    expect((await call('GET', '/bad')).status).toBe(404);
  });

  it('of a clock that is a little ahead is taken', async () => {
    expect((await call('POST', '/ahead', { value: 1, at: new Date(Date.now() + 30_000).toISOString() })).status).toBe(
      200,
    );
  });

  it('is deleted, and its metric with the last one; that is on record', async () => {
    await call('POST', '/brief', { value: '7.5', at: at(1) });
    expect((await call('DELETE', `/brief/${at(2)}`)).body.detail).toContain(`has no value at ${at(2)}`);
    expect((await call('DELETE', `/brief/${at(1)}`)).status).toBe(204);
    expect(told.at(-1)).toEqual({ key: 'brief', fromMs: Date.parse(at(1)) });
    expect((await call('GET', '/brief')).status).toBe(404);
    expect((await call('DELETE', `/brief/${at(1)}`)).status).toBe(404);
    const [entry] = (await server.request('GET', '/api/v1/audit?subjectKind=metric&subject=brief')).body.items;
    expect([entry.action, entry.detail]).toEqual(['metric.value-deleted', { at: at(1), value: '7.5' }]);
  });

  it('is pushed by a token of that scope, by operators and owners, and read by all', async () => {
    const make = async (scope: string) =>
      (await server.request('POST', '/api/v1/tokens', { name: scope, scopes: [scope] })).body.token as string;
    expect((await call('POST', '/by', { value: 1, at: at(1) }, { token: await make('metrics:push') })).status).toBe(
      200,
    );
    expect((await call('POST', '/by', { value: 1 }, { token: await make('board:read') })).status).toBe(403);
    const viewer = await account(server, 'vera', 'viewer');
    expect((await call('POST', '/by', { value: 1 }, { cookie: viewer })).status).toBe(403);
    expect((await call('GET', '/by', undefined, { cookie: viewer })).body.items).toHaveLength(1);
    const owner = await account(server, 'otto', 'owner');
    expect((await call('POST', '/by', { value: 2 }, { cookie: owner })).status).toBe(200);
  });
});

describe('the lists', () => {
  beforeAll(async () => {
    await server.database.query('delete from metrics');
    const values = [1, 2, 3, 4, 5].map((hour) => ({ value: hour, at: at(hour) }));
    for (const key of ['b', 'a', 'c']) await call('POST', `/${key}`, { values });
  });

  it('of metrics have how many values there are and the last, in pages', async () => {
    const first = (await call('GET', '?limit=2')).body;
    expect(first.items).toEqual(['a', 'b'].map((key) => ({ key, count: 5, last: { at: at(5), value: '5' } })));
    const second = (await call('GET', `?limit=2&cursor=${first.next}`)).body;
    expect([second.items.map(({ key }: { key: string }) => key), second.next]).toEqual([['c'], null]);
    expect((await call('GET', '?cursor=%20')).body.issues[0].path).toBe('cursor');
  });

  it('of values are those of a span, in pages, and an unknown key is told with what may have been meant', async () => {
    expect((await valuesOf('a', `?from=${at(2)}&to=${at(4)}`)).map(([, value]) => value)).toEqual(['3', '2']);
    const first = (await call('GET', `/a?limit=3&to=${at(5)}`)).body;
    const second = (await call('GET', `/a?limit=3&to=${at(5)}&cursor=${first.next}`)).body;
    expect([...first.items, ...second.items].map(({ value }) => value)).toEqual(['4', '3', '2', '1']);
    expect(second.next).toBeNull();
    expect((await call('GET', '/a?cursor=x')).body.issues[0].path).toBe('cursor');
    expect((await call('GET', '/aa')).body.detail).toBe('There is no metric "aa"; did you mean "a"?');
  });
});
