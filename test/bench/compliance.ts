import { Agent, get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { quantile, type Figure } from './figures.ts';
import { adminToken, pathOf, type Installation } from './installation.ts';

const agreements = 200;
const objectivesEach = 5;
const intervalsEach = 5_000;
const reads = 500;
/**
 * Reads before those that are measured, as a server that has run for a while has answered them: until about as many V8
 * compiles what is read by, one function after the other, and the slowest of twenty are those that wait for it.
 */
const unmeasured = 2_000;
const monthMs = 30 * 86_400_000;

/**
 * How 1,000 objectives stand, each over the 30 days of a service of its own that was 5,000 times another: read again and
 * again, each time judged for the instant of the read from the rows of running figures: no answer is kept; and how long it
 * takes to make those rows.
 */
export async function measureCompliance(installation: Installation): Promise<Figure[]> {
  await fill(installation);
  const wholeMs = await recompute(installation);
  await settle(installation);
  const api = `${installation.url}/api/v1`;
  const overviewMs = await timed(() => `${api}/compliance`);
  const oneMs = await timed((read) => `${api}/compliance?agreements=${keyOf(read)}`);
  const scorecardMs = await timed((read) => `${api}/agreements/${keyOf(read)}/compliance`);
  const target = `http://127.0.0.1:${await installation.target.ready}${pathOf(0)}`;
  const bareMs = await timed(() => target);
  const at = encodeURIComponent(new Date().toISOString());
  const scratchMs = await timed((read) => `${api}/agreements/${keyOf(read)}/compliance?at=${at}`, 20, 5);
  const count = agreements * objectivesEach;
  const both = (name: string, tookMs: number[], reach: string): Figure[] => [
    { name: `${name}, p50`, measured: quantile(tookMs, 0.5), unit: 'ms', reach: '' },
    { name: `${name}, p95`, measured: quantile(tookMs, 0.95), unit: 'ms', reach },
  ];
  return [
    ...both(`30-day compliance of ${count} objectives`, overviewMs, '≤ 40 ms'),
    ...both(`the same of one agreement with ${objectivesEach}`, oneMs, '≤ 5 ms'),
    ...both(`scorecard of one agreement with ${objectivesEach}`, scorecardMs, '≤ 5 ms'),
    ...both('an answer of a bare Node.js server', bareMs, ''),
    {
      name: `  one objective from scratch, ${intervalsEach} intervals`,
      measured: quantile(scratchMs, 0.5) / objectivesEach,
      unit: 'ms',
      reach: '',
    },
    { name: `  all ${count} from scratch`, measured: wholeMs / 1_000, unit: 's', reach: '' },
  ];
}

const keyOf = (read: number): string => `a-${(read * 7) % agreements}`;

async function fill(installation: Installation): Promise<void> {
  const serviceOf = (index: number) => ({ name: `Service ${index}`, owner: 'it' });
  const agreementOf = (index: number) => ({
    ...{ kind: 'SLA', title: `Agreement ${index}`, provider: 'it', customer: 'hr', status: 'declared' },
    ...{ effective: { from: '2020-01-01' }, timeZone: 'UTC', period: 'rolling-30d' },
    objectives: Object.fromEntries(
      Array.from({ length: objectivesEach }, (_, each) => [
        `up-${each}`,
        { type: 'availability', services: [`s-${index * objectivesEach + each}`], target: '99.9' },
      ]),
    ),
  });
  const many = <Item>(count: number, prefix: string, of: (index: number) => Item) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`${prefix}-${index}`, of(index)]));
  await installation.apply({
    apiVersion: 'troth/v1',
    teams: { it: { name: 'IT Operations' }, hr: { name: 'Human Resources' } },
    services: many(agreements * objectivesEach, 's', serviceOf),
    agreements: many(agreements, 'a', agreementOf),
  });
  const stepMs = Math.floor(monthMs / intervalsEach);
  const fromMs = Date.now() - monthMs;
  const at = (n: string): string => `${fromMs} + (${n})::bigint * ${stepMs}`;
  // What is made up does not overlap, and is about services that are there: to have every row checked, and sorted into
  // indexes that no objective is read by, would take longer than all the rest.
  await installation.query(
    `alter table service_intervals drop constraint service_intervals_int4range_int4range1_int8range_excl;
     drop index service_intervals_from;
     drop index service_intervals_end;`,
  );
  await installation.query(
    `set session_replication_role = replica;
     insert into service_intervals (service_id, layer, from_ms, to_ms, state, reason)
     select s.id, 0, ${at('n')} - case when n % 2 = 1 then 9000 else 0 end,
       case when n + 1 < ${intervalsEach} then ${at('n + 1')} - case when n % 2 = 0 then 9000 else 0 end end,
       case when n % 2 = 0 then 0 else 2 end, 0
     from services s, generate_series(0, ${intervalsEach} - 1) n;`,
  );
  await installation.query('vacuum analyze service_intervals');
  await installation.query('analyze');
}

/** Has everything evaluated anew; how long that takes, ms. */
async function recompute(installation: Installation): Promise<number> {
  const isDone = async (): Promise<boolean> => {
    const [row] = await installation.query<{ left: number }>(
      `select count(*)::int as left from agreements a left join running_agreements r on r.agreement_id = a.id
       where r.agreement_id is null or r.doubtful`,
    );
    return row!.left === 0;
  };
  while (!(await isDone())) await sleep(500);
  await installation.query(`update running_agreements set doubtful = true`);
  const begun = performance.now();
  await installation.query(`select pg_notify('troth_figures', '')`);
  while (!(await isDone())) await sleep(100);
  return performance.now() - begun;
}

/** Lets the database write out what the filling left it, as it would have long done of history that came in by itself. */
async function settle(installation: Installation): Promise<void> {
  await installation.query('vacuum analyze');
  await installation.query('checkpoint');
  await sleep(5_000);
}

/** How long each of some reads takes, ms, one after the other and after some that are not counted. */
async function timed(urlOf: (read: number) => string, count = reads, before = unmeasured): Promise<number[]> {
  const tookMs: number[] = [];
  for (let read = -before; read < count; read++) {
    const begun = performance.now();
    await readOver(connection, urlOf(Math.abs(read)));
    if (read >= 0) tookMs.push(performance.now() - begun);
  }
  return tookMs;
}

/** One connection for all reads, by a client that costs little: `fetch` takes longer than some of the answers. */
const connection = new Agent({ keepAlive: true, maxSockets: 1 });

const readOver = (agent: Agent, url: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${adminToken}` };
    const request = get(url, { agent, headers }, (response) => {
      response.resume();
      response.on('error', reject);
      response.on('end', () =>
        response.statusCode === 200 ? resolve() : reject(new Error(`${url} was answered ${response.statusCode}`)),
      );
    });
    request.on('error', reject);
  });
