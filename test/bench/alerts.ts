import { setTimeout as sleep } from 'node:timers/promises';
import { startReceiver, type Receiver } from '../support/receiver.ts';
import { quantile, type Figure } from './figures.ts';
import { pathOf, type Installation } from './installation.ts';

const outages = 40;
const betweenMs = 500;
const settleMs = 10_000;
/** Of these one is below all others. */
const services = 2_000;
const stormMs = 60_000;

/**
 * How long it takes from the answer of a target that confirms an outage to the message at its receiver: one outage after
 * the other, and all services at once with what they rest on.
 */
export async function measureAlerts(installation: Installation): Promise<Figure[]> {
  const receiver = await startReceiver();
  try {
    await installation.startServer();
    await installation.configure(services, 1, '2s', { restingOnFirst: services - outages - 1 });
    await channel(installation, receiver);
    await installation.startAgent();
    await sleep(settleMs);
    return [...(await oneByOne(installation, receiver)), ...(await allAtOnce(installation, receiver))];
  } finally {
    await receiver.stop();
  }
}

async function channel(installation: Installation, { url }: Receiver): Promise<void> {
  const body = { name: 'Bench', kind: 'webhook', config: { url: `${url}/`, secret: 'a-signing-secret-of-the-bench' } };
  const { ok, status } = await installation.request('/api/v1/channels/bench', {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!ok) throw new Error(`the channel was answered ${status}`);
}

/** When a message about the outage of each service came, by its key. */
const firstTold = ({ received }: Receiver): Map<string, number> =>
  new Map(
    received
      .filter(({ json }) => json.type === 'alert.firing' && json.data.service)
      .map(({ json, atMs }): [string, number] => [json.data.service.key, atMs])
      .toReversed(),
  );

/** Services that rest on nothing that could have to answer first: they are the last ones. */
async function oneByOne(installation: Installation, receiver: Receiver): Promise<Figure[]> {
  const places = Array.from({ length: outages }, (_, outage) => services - 1 - outage);
  for (const place of places) {
    installation.target.tell({ type: 'switch', path: pathOf(place) });
    await sleep(betweenMs);
  }
  await sleep(settleMs);
  const told = firstTold(receiver);
  const answered = new Map((await installation.switched()).map(({ path, answeredMs }) => [path, answeredMs]));
  const delaysMs = places.flatMap((place) => {
    const [toldMs, answeredMs] = [told.get(`s-${place}`), answered.get(pathOf(place))];
    return toldMs === undefined || answeredMs === undefined ? [] : toldMs - answeredMs;
  });
  return [
    {
      name: 'confirmed outage → message at its receiver, p50',
      measured: quantile(delaysMs, 0.5),
      unit: 'ms',
      reach: '',
    },
    {
      name: 'confirmed outage → message at its receiver, p95',
      measured: quantile(delaysMs, 0.95),
      unit: 'ms',
      reach: '≤ 2 s',
    },
    { name: '  outages that were not told', measured: outages - delaysMs.length, unit: '', reach: '0' },
  ];
}

async function allAtOnce(installation: Installation, receiver: Receiver): Promise<Figure[]> {
  const before = receiver.received.length;
  const begunMs = Date.now();
  for (let place = 0; place < services - outages; place++)
    installation.target.tell({ type: 'switch', path: pathOf(place) });
  await sleep(stormMs);
  const told = receiver.received.slice(before).filter(({ json }) => json.type === 'alert.firing');
  const first = told.find(({ json }) => json.data.service?.key === 's-0');
  const begun = performance.now();
  await installation.request('/api/v1/board');
  return [
    {
      name: `${services} services down at once → the message of what they rest on`,
      measured: first ? (first.atMs - begunMs) / 1_000 : 'none',
      unit: 's',
      reach: '≤ 30 s',
    },
    { name: '  messages in the minute after', measured: told.length, unit: '', reach: '1' },
    { name: '  the board then answers after', measured: performance.now() - begun, unit: 'ms', reach: '' },
  ];
}
