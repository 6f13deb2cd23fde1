import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from '../../../server/contract/catalog.ts';
import type { StateChange } from '../../../server/contract/probing.ts';
import { MeasuredService } from '../../support/measured.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

let server: TestServer;
let payroll: MeasuredService;
let web: MeasuredService;
const iso = (ms: number) => new Date(ms).toISOString();

beforeAll(async () => {
  server = await startTestServer({ TROTH_ROLES: 'api' });
  const once = { probe: { confirm: { failures: 1 } } };
  payroll = await MeasuredService.make(server, 'payroll', once);
  web = await MeasuredService.make(server, 'web', once);
  await payroll.record([
    payroll.saw(-5, 'up'),
    payroll.saw(-4, 'down'),
    payroll.saw(-3, 'down'),
    payroll.saw(-2, 'up'),
  ]);
  await web.record([
    web.saw(-5, 'up'),
    web.saw(-4, 'up'),
    web.saw(-3, 'up'),
    web.saw(-2, 'down'),
    web.saw(-1, 'down'),
    web.saw(0, 'down'),
  ]);
});
afterAll(() => server.close());

const read = async (more = '') => {
  const span = `from=${iso(payroll.slot(-6))}&to=${iso(payroll.slot(1))}`;
  const { status, body } = await server.request('GET', `/api/v1/changes?${span}${more}`);
  expect(status, JSON.stringify(body)).toBe(200);
  return body as Page<StateChange>;
};
const story = ({ items }: Page<StateChange>) => items.map(({ service, before, state }) => [service.key, before, state]);

describe('the changes of all services', () => {
  it('come newest first, each with what was before, why, and how long it held', async () => {
    const { items } = await read();
    expect(items.map(({ from }) => from)).toEqual(
      items
        .map(({ from }) => from)
        .toSorted()
        .toReversed(),
    );
    const down = items.find(({ service, state }) => service.key === 'payroll' && state === 'down');
    expect(down).toEqual({
      service: { key: 'payroll', name: 'payroll' },
      before: 'up',
      state: 'down',
      reason: expect.stringMatching(/refused/),
      from: iso(payroll.slot(-4)),
      to: iso(payroll.slot(-2)),
    });
    const webDown = items.find(({ service, state }) => service.key === 'web' && state === 'down');
    expect(webDown).toMatchObject({ before: 'up', to: null, from: iso(web.slot(-2)) });
  });

  it('come in pages that leave nothing out and repeat nothing', async () => {
    const whole = await read();
    const paged: StateChange[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: Page<StateChange> = await read(`&limit=1${cursor && `&cursor=${cursor}`}`);
      expect(page.items.length).toBeLessThanOrEqual(1);
      paged.push(...page.items);
      cursor = page.next;
    }
    expect(paged).toEqual(whole.items);
    expect(paged.length).toBeGreaterThanOrEqual(4);
  });

  it('leave out what was deleted, and refuse a cursor that is none', async () => {
    await server.request('DELETE', '/api/v1/services/web');
    expect(story(await read()).map(([key]) => key)).not.toContain('web');
    const { status, body } = await server.request('GET', `/api/v1/changes?from=${iso(0)}&to=${iso(1)}&cursor=x`);
    expect([status, body.issues[0].path]).toEqual([422, 'cursor']);
  });

  it('are found by their index, not by reading every timeline', async () => {
    await server.database.query('analyze service_intervals');
    const plan = await server.database.transaction(async () => {
      await server.database.query('set local enable_seqscan = off');
      return server.database.query<{ 'QUERY PLAN': string }>(
        `explain select 1 from service_intervals i where i.layer = 0 and i.from_ms >= 1 and i.from_ms < 2
           and (i.from_ms, i.service_id) < (2, 0) order by i.from_ms desc, i.service_id desc limit 5`,
      );
    });
    expect(plan.map((row) => row['QUERY PLAN']).join('\n')).toMatch(
      /Index.* Scan Backward using service_intervals_from/,
    );
  });
});
