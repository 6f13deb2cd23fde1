import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reasons, verdicts, type WireObservation } from '../../../probes/contract.ts';
import { MeasuredService, type Interval } from '../../support/measured.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';
import { statementsOf } from '../../support/statements.ts';

const slots = 24;

let server: TestServer;
let services = 0;

const service = () =>
  MeasuredService.make(server, `service-${(services += 1)}`, { probe: { confirm: { successes: 2 } } });

interface Seen {
  verdict: (typeof verdicts)[number];
  /** Verdicts of its re-checks. */
  rechecks: (typeof verdicts)[number][];
  /** Where it stands in the order of arrival. */
  place: number;
}

const verdict = fc.constantFrom(...verdicts, 'up' as const, 'down' as const);
const seen: fc.Arbitrary<Seen> = fc.record({
  verdict,
  rechecks: fc.oneof({ weight: 3, arbitrary: fc.constant<Seen['rechecks']>([]) }, fc.array(verdict, { maxLength: 2 })),
  place: fc.integer({ min: 0, max: 1_000 }),
});
/** Some slots are missing, but not the newest: whether that is overdue already is a matter of the hour. */
const history = fc
  .tuple(fc.array(fc.option(seen, { freq: 5 }), { minLength: 1, maxLength: slots }), seen)
  .map(([before, newest]) => [...before, newest]);

/** What an agent would send of a history, in the order of slots; the newest slot is the last. */
function attempts(made: MeasuredService, seen: readonly (Seen | null)[]) {
  return seen.flatMap((each, index) => {
    if (!each) return [];
    const number = index - seen.length + 1;
    const all = [each.verdict, ...each.rechecks].map((said, attempt) => made.saw(number, said, { attempt }));
    return [{ observations: all, place: each.place }];
  });
}

const cut = (observations: readonly WireObservation[], size: number) =>
  Array.from({ length: Math.ceil(observations.length / size) }, (_, index) =>
    observations.slice(index * size, (index + 1) * size),
  );

const relative = (made: MeasuredService, line: readonly Interval[]) =>
  line.map(({ fromMs, toMs, state, reason }) => [fromMs - made.newestMs, toMs && toMs - made.newestMs, state, reason]);

/** Everything that follows from what was seen, apart from identities and the plan's own instant. */
async function outcome(made: MeasuredService) {
  const { series_id: _series, ...status } = await made.status();
  const relativeMs = (field: string) => (status[field] as number) - made.newestMs;
  const [service] = await server.database.query<{ state: number; since_ms: number; suspect: boolean; reason: number }>(
    'select state, since_ms, reason, suspect from service_status where service_id = $1',
    [made.id],
  );
  return {
    series: relative(made, await made.seriesTimeline()),
    service: relative(made, (await made.timeline()).slice(1)),
    status: {
      label: status['label'],
      stable: status['stable'],
      contrary: (status['pending'] as { contrary?: number } | null)?.contrary ?? 0,
      lastSlot: relativeMs('last_slot_ms'),
      lastAttempt: status['last_attempt'],
      coveredUntil: relativeMs('covered_until_ms'),
    },
    serviceStatus: { state: service!.state, reason: service!.reason, suspect: service!.suspect },
  };
}

beforeAll(async () => {
  server = await startTestServer({ TROTH_ROLES: 'api,ingest' });
});
afterAll(() => server?.close());

describe('results that come late', () => {
  it('end in the same status and timelines as those that come in order', async () => {
    await fc.assert(
      fc.asyncProperty(history, fc.integer({ min: 1, max: 6 }), async (happened, size) => {
        const [live, late] = [await service(), await service()];
        for (const { observations } of attempts(live, happened)) await live.record(observations);
        const shuffled = attempts(late, happened)
          .toSorted((a, b) => a.place - b.place)
          .flatMap(({ observations }) => observations);
        for (const part of cut(shuffled, size)) await late.record(part);
        expect(await outcome(late)).toEqual(await outcome(live));
      }),
      { numRuns: 20, endOnFailure: true },
    );
  }, 60_000);

  it('leave a timeline without holes that covers its whole span', async () => {
    const made = await service();
    const order = [5, 0, 9, 3, 7, 1, 8];
    for (const number of order) await made.record([made.saw(number - 9, number % 3 === 0 ? 'down' : 'up')]);
    for (const line of [await made.seriesTimeline(), await made.timeline()]) {
      expect(line.length).toBeGreaterThan(2);
      const closed = line.filter(({ toMs }) => toMs !== null);
      const sumMs = closed.reduce((sum, { fromMs, toMs }) => sum + toMs! - fromMs, 0);
      expect(sumMs).toBe(line.at(-1)!.fromMs - line[0]!.fromMs);
      for (const [index, { toMs }] of closed.entries()) expect(toMs).toBe(line[index + 1]!.fromMs);
      expect(line.at(-1)!.toMs).toBeNull();
    }
  });

  it('leave the reason of an interval that begins with the slot before them', async () => {
    const [live, late] = [await service(), await service()];
    const degraded = [-3, -2, -1, 0].map((number) => [number, 'degraded'] as const);
    const all = [[-5, 'up'], [-4, 'up'], ...degraded] as const;
    for (const [number, said] of all) await live.record([live.saw(number, said)]);
    await late.record(all.filter(([number]) => number !== -2).map(([number, said]) => late.saw(number, said)));
    await late.record([late.saw(-2, 'degraded')]);
    expect(await outcome(late)).toEqual(await outcome(live));
    expect((await late.timeline()).at(-1)).toMatchObject({ state: 'degraded', reason: reasons.slow.code });
  });

  it('take an outage back that they prove never was', async () => {
    const made = await service();
    await made.record([
      made.saw(-5, 'up'),
      made.saw(-4, 'down'),
      made.saw(-2, 'down'),
      made.saw(-1, 'up'),
      made.saw(0, 'up'),
    ]);
    expect(await made.seriesStory()).toEqual([
      [-5, 'up'],
      [-4, 'down'],
      [-3, 'unknown'],
      [-2, 'down'],
      [-1, 'up'],
    ]);
    await made.record([made.saw(-4, 'up', { attempt: 1 }), made.saw(-3, 'up')]);
    expect(await made.seriesStory()).toEqual([[-5, 'up']]);
  });

  it('take as many statements of forty series as of one', async () => {
    const statementsFor = async (count: number) => {
      const all = await Promise.all(Array.from({ length: count }, service));
      const record = (number: number) => all[0]!.record(all.map((made) => made.saw(number, 'up')));
      for (const number of [-20, -19, 0]) await record(number);
      const { length } = await statementsOf(server, () => record(-10));
      for (const made of all) {
        expect(await made.seriesStory()).toEqual([
          [-20, 'up'],
          [-18, 'unknown'],
          [-10, 'up'],
          [-9, 'unknown'],
          [0, 'up'],
        ]);
      }
      return length;
    };
    const ofOne = await statementsFor(1);
    expect(await statementsFor(40)).toBe(ofOne);
  }, 60_000);

  it('cannot be written over one another: the database refuses overlapping intervals', async () => {
    const made = await service();
    await made.record([made.saw(-5, 'up'), made.saw(-3, 'up')]);
    const [first] = await made.seriesTimeline();
    const overlap = (table: string, columns: string, values: string) =>
      server.database.query(
        `insert into ${table} (${columns}, from_ms, to_ms, state, reason) values (${values}, $1, $2, 0, 0)`,
        [first!.fromMs + 1, first!.fromMs + 2],
      );
    await expect(overlap('series_intervals', 'series_id', String(made.only))).rejects.toThrow(/exclusion constraint/);
    await expect(overlap('service_intervals', 'service_id, layer', `${made.id}, 0`)).rejects.toThrow(
      /exclusion constraint/,
    );
    await expect(overlap('service_intervals', 'service_id, layer', `${made.id}, 2`)).resolves.toBeDefined();
  });
});
