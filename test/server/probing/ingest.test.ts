import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jobNames, resultsQueue, type WireObservation } from '../../../probes/contract.ts';
import { Queues } from '../../../probes/queues.ts';
import { SteadyClock } from '../../../probes/support/clock.ts';
import { AgentsRepository } from '../../../server/probing/agents.repository.ts';
import { MeasuredService } from '../../support/measured.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';
import { until } from '../../support/until.ts';

let server: TestServer;
let services = 0;

const service = (options = {}) => MeasuredService.make(server, `service-${(services += 1)}`, options);
const stored = async (series: number): Promise<number> => {
  const days = await server.database.query<{ day: number }>(`select day from observation_days`);
  const counts = await Promise.all(
    days.map(({ day }) =>
      server.database.query<{ n: number }>(`select count(*)::int as n from observations_${day} where series = $1`, [
        series,
      ]),
    ),
  );
  return counts.reduce((sum, [row]) => sum + row!.n, 0);
};
const refused = async (): Promise<Record<string, number>> => {
  const { body } = await server.request('GET', '/metrics');
  const lines = String(body).matchAll(/troth_refused_observations_total\{reason="([^"]+)"\} (\d+)/g);
  return Object.fromEntries([...lines].map(([, reason, count]) => [reason, Number(count)]));
};

beforeAll(async () => {
  server = await startTestServer({ TROTH_ROLES: 'api,ingest', LOG_LEVEL: 'fatal' });
});
afterAll(() => server?.close());

describe('a batch of results', () => {
  it('twice is a batch once', async () => {
    const made = await service();
    const batch = made.batch([made.saw(-2, 'up'), made.saw(-1, 'down'), made.saw(-1, 'down', { attempt: 1 })]);
    await made.record([], batch);
    const [once, status] = [await made.seriesTimeline(), await made.status()];
    await made.record([], batch);
    expect(await made.seriesTimeline()).toEqual(once);
    expect(await made.status()).toEqual(status);
    expect(await stored(made.only)).toBe(2);
    const [agent] = await server.database.query<{ through: number }>('select through from agents where id = $1', [
      made.agent,
    ]);
    expect(agent!.through).toBe(1);
  });

  it('under a new number changes nothing either when it tells nothing new', async () => {
    const made = await service();
    const observations = [made.saw(-3, 'up'), made.saw(-2, 'down'), made.saw(-1, 'down')];
    await made.record(observations);
    const [once, status] = [await made.seriesTimeline(), await made.status()];
    await made.record(observations.map((each) => [...each.slice(0, 3), 0, ...each.slice(4)] as WireObservation));
    expect(await made.seriesTimeline()).toEqual(once);
    expect(await made.status()).toEqual(status);
    expect(await stored(made.only)).toBe(3);
  });

  it('that overtakes another ends as if it had not', async () => {
    const [ordered, shuffled] = [await service(), await service()];
    const verdicts = ['up', 'down', 'down', 'up', 'unknown', 'down', 'down', 'up'] as const;
    const parts = (made: MeasuredService) =>
      [0, 2, 4, 6].map((at) => [at, at + 1].map((index) => made.saw(index - 7, verdicts[index]!)));
    for (const part of parts(ordered)) await ordered.record(part);
    const [a, b, c, d] = parts(shuffled);
    for (const part of [c!, a!, d!, b!]) await shuffled.record(part);
    const expected = [
      [-7, 'up'],
      [-6, 'down'],
      [-4, 'up'],
      [-3, 'unknown'],
      [-2, 'down'],
      [0, 'up'],
    ];
    expect(await ordered.seriesStory()).toEqual(expected);
    expect(await shuffled.seriesStory()).toEqual(expected);
    expect((await shuffled.story()).slice(1)).toEqual((await ordered.story()).slice(1));
    const comparable = ({ stable, label, pending, last_attempt }: Record<string, unknown>) => [
      stable,
      label,
      pending,
      last_attempt,
    ];
    expect(comparable(await shuffled.status())).toEqual(comparable(await ordered.status()));
  });

  it('keeps what is owed of it and counts what is refused', async () => {
    const [made, elsewhere] = [await service(), await service({ locations: ['branch'] })];
    const good = made.saw(-1, 'up');
    const moved = (observation: WireObservation, byMs: number) =>
      observation.map((field, index) => (index === 1 ? (field as number) + byMs : field)) as WireObservation;
    const before = await refused();
    await made.record([
      moved(good, 3_600_000),
      moved(good, 7),
      elsewhere.saw(-1, 'down'),
      [999_999, ...good.slice(1)] as WireObservation,
      moved(good, -40 * 86_400_000),
      good,
    ]);
    const after = await refused();
    const more = (reason: string) => (after[reason] ?? 0) - (before[reason] ?? 0);
    expect([more('future'), more('off-schedule'), more('not-owed-here'), more('too-old')]).toEqual([1, 1, 2, 1]);
    expect(await stored(made.only)).toBe(1);
    expect(await stored(elsewhere.only)).toBe(0);
    expect(await elsewhere.seriesTimeline()).toEqual([]);
  });

  it('is stored by a server whose clock is behind that of the server which handed its slots out', async () => {
    const made = await service();
    const batch = made.batch([made.saw(0, 'up')]);
    const clock = server.app.get(SteadyClock);
    const { now } = clock;
    clock.now = () => made.slot(0) - 10_000;
    try {
      await server.database.query('update dispatch_lease set dispatched_until_ms = $1', [made.slot(0) + 1]);
      await made.record([], batch);
    } finally {
      clock.now = now;
      await server.database.query('update dispatch_lease set dispatched_until_ms = 0');
    }
    expect(await stored(made.only)).toBe(1);
  });

  it('cannot date what was seen outside the time of its slot', async () => {
    const [early, late] = [await service(), await service()];
    const at = (made: MeasuredService, observedMs: number) =>
      made.saw(-1, 'up').map((field, index) => (index === 6 ? observedMs : field)) as WireObservation;
    await early.record([at(early, 0)]);
    await late.record([at(late, Number.MAX_SAFE_INTEGER)]);
    expect((await early.status())['observed_ms']).toBe(early.slot(-1));
    expect((await late.status())['observed_ms']).toBeLessThan(Date.now() + 60_000);
    expect((await server.request('GET', '/api/v1/board')).status).toBe(200);
  });

  it('that comes long after its agent was last heard is still told to be committed', async () => {
    const made = await service();
    const batch = made.batch([made.saw(-1, 'up')]);
    const confirmed = async () => (await server.app.get(AgentsRepository).all()).some(({ id }) => id === made.agent);
    for (let times = 0; times < 2; times += 1) {
      await made.record([], batch);
      expect(await confirmed()).toBe(true);
      const longAgo = `now() - interval '2 days'`;
      await server.database.query(
        `update agents set last_seen_at = ${longAgo}, recorded_at = ${longAgo} where id = $1`,
        [made.agent],
      );
      expect(await confirmed()).toBe(false);
    }
  });

  it('with an outage that rests on thousands of services is stored all the same', async () => {
    const made = await service({ probe: { confirm: { failures: 2 } } });
    await server.database.query(
      `insert into services (key, name, category, owner_id, tier)
       select 'upstream-' || n, 'Upstream', 'application', (select min(id) from teams), 1 from generate_series(1, 2500) n`,
    );
    await server.database.query(
      `insert into service_dependencies select $1, id from services where key like 'upstream-%'`,
      [made.id],
    );
    await made.record([made.saw(-1, 'up')]);
    await made.record([made.saw(0, 'down')]);
    expect(await stored(made.only)).toBe(2);
  });

  it('of an agent at a location that does not exist is dropped', async () => {
    const made = await service();
    await made.record([made.saw(-1, 'down')], { location: 'nowhere', agent: randomUUID() });
    expect(await stored(made.only)).toBe(0);
  });

  it('keeps texts that Postgres cannot hold, with a replacement', async () => {
    const made = await service();
    const told = made.saw(-1, 'down', { detail: 'binary \u0000 banner, cut \uD83D' });
    const facts = { 'b\u0000d': 'x\u0000y', code: 3 };
    const batch = made.batch([[...told.slice(0, 9), facts] as unknown as WireObservation]);
    await made.record([], batch);
    const [row] = await server.database.query<{ detail: string; facts: unknown }>(
      'select detail, facts from observation_details where series_id = $1',
      [made.only],
    );
    expect(row!.detail).toBe('binary \uFFFD banner, cut \uFFFD');
    expect(row!.facts).toEqual({ 'b\uFFFDd': 'x\uFFFDy', code: 3 });
  });

  it('dates an outage back to its first failing slot', async () => {
    const made = await service({ probe: { confirm: { failures: 3 } } });
    await made.record([made.saw(-3, 'up'), made.saw(-2, 'down'), made.saw(-1, 'down')]);
    expect((await made.seriesStory()).at(0)).toEqual([-3, 'up']);
    await made.record([made.saw(0, 'down')]);
    expect((await made.story()).slice(-2)).toEqual([
      [-3, 'up'],
      [-2, 'down'],
    ]);
    const [status] = await server.database.query<{ since_ms: number }>(
      'select since_ms from service_status where service_id = $1',
      [made.id],
    );
    expect(status!.since_ms).toBe(made.slot(-2));
  });

  it('never turns a fault of our own into an outage', async () => {
    const made = await service();
    await made.record([-5, -4, -3, -2, -1, 0].map((number) => made.saw(number, 'unknown')));
    expect(await made.seriesStory()).toEqual([[-5, 'unknown']]);
    expect(new Set((await made.story()).map(([, state]) => state))).toEqual(new Set(['unknown']));
  });
});

describe('the results queue', () => {
  it('goes on with what can be read after jobs and observations that cannot', async () => {
    const made = await service();
    const queue = server.app.get(Queues).queue(resultsQueue);
    const garbage = await queue.add(jobNames.batch, { agent: 'nobody', observations: 'many' });
    const strange = await queue.add('explode', made.batch([made.saw(-3, 'down')]));
    const poison = made.saw(-3, 'down').map((field, index) => (index === 9 ? { daysLeft: null } : field));
    await queue.add(jobNames.batch, made.batch([poison as WireObservation, made.saw(-2, 'up')]));
    await until(async () => (await stored(made.only)) === 1);
    await until(async () => (await garbage.getState()) === 'failed' && (await strange.getState()) === 'failed');
    expect((await refused())['unreadable']).toBe(1);
    expect(await made.seriesStory()).toEqual([
      [-2, 'up'],
      [-1, 'unknown'],
    ]);
  });
});
