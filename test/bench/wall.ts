import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { deflateRawSync } from 'node:zlib';
import { chromium, type Browser, type CDPSession, type Page } from 'playwright-core';
import { unpackChromium } from '../support/chromium.ts';
import type { BoardDelta } from '../../server/contract/live.ts';
import { groupBy } from '../../server/domain/grouping.ts';
import { quantile, type Figure } from './figures.ts';
import { adminToken, pathOf, type Installation } from './installation.ts';
import { Child } from './processes.ts';

const displays = 100;
const changeEveryMs = 250;
const restMs = 3_000;
/** Displays that open the wall one after the other, each with nothing of it in its cache. */
const loads = 5;
/** Services that fail and recover in turn: after each round the wall shows again what it showed before. */
const turns = 20;
/** The server packs what is larger, see its gateway. */
const packedFrom = 65_536;

/** A tile that is to show another state, or shows it. */
interface Painted {
  key: string;
  kind: string;
  atMs: number;
}

/** Runs in the page: notes every frame, and in which frame a tile became another. */
const watchTiles = `
  globalThis.bench = { frames: [], painted: [] };
  let changed = [];
  const now = () => performance.timeOrigin + performance.now();
  new MutationObserver((records) => {
    for (const { target, addedNodes } of records) {
      // A tile that comes to another zone is made anew.
      const tiles = [...addedNodes].flatMap((node) => (node.querySelectorAll ? [...node.querySelectorAll('[data-key]')] : []));
      for (const { dataset } of target.dataset.key ? [target, ...tiles] : tiles) changed.push([dataset.key, dataset.kind]);
    }
  }).observe(document.body, { subtree: true, childList: true, attributeFilter: ['data-kind'] });
  const frame = () => {
    bench.frames.push(now());
    for (const [key, kind] of changed.splice(0)) bench.painted.push({ key, kind, atMs: now() });
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
`;

const takeNotes = '({ frames: bench.frames.splice(0), painted: bench.painted.splice(0) })';

/** A wall of all services in a real browser, while 100 other displays listen and four services change a second. */
export async function measureWall(installation: Installation, forMs: number): Promise<Figure[]> {
  const browser = await launchBrowser();
  const others = new Child<string>(fileURLToPath(new URL('./displays.ts', import.meta.url)), [
    installation.url,
    adminToken,
    String(displays),
  ]);
  try {
    await others.ready;
    const address = await wallAddress(installation);
    const load = await firstLoads(browser, address);
    const { page, session } = await newPage(browser);
    await openWall(page, address);
    // What changed in the last minutes is on the wall too: sizes are compared once there is something of it.
    await playRound(installation, turns);
    const before = await sizeOf(session);
    const sent = await deltasOf(session);
    await page.evaluate(watchTiles);
    const skipped = (await installation.switched()).length;
    const frames: number[] = [];
    const painted: Painted[] = [];
    for (let left = roundsIn(forMs, turns); left > 0; left--) {
      await playRound(installation, turns);
      // What is noted here is not to make the page look larger.
      const noted = (await page.evaluate(takeNotes)) as { frames: number[]; painted: Painted[] };
      for (const at of noted.frames) frames.push(at);
      painted.push(...noted.painted);
    }
    const switched = (await installation.switched()).slice(skipped);
    const answered = switched.map(({ path, failing, answeredMs }) => ({
      key: `s-${path.split('/').at(-1)}`,
      kind: failing ? 'down' : 'up',
      atMs: answeredMs,
    }));
    return [
      ...load,
      ...smoothness(frames),
      ...delays('probe end', answered, painted),
      ...delays('delta sent', sent, painted),
      ...growth(before, await sizeOf(session)),
    ];
  } finally {
    await others.stop();
    await browser.close();
  }
}

/** A wall of all services that is left to itself: what of it grows, from its first minute to the end. */
export async function measureSoak(installation: Installation, forMs: number): Promise<Figure[]> {
  const browser = await launchBrowser();
  try {
    const { page, session } = await newPage(browser);
    await openWall(page, await wallAddress(installation));
    // A service that is asked every ten seconds must stay as it is for longer than that to be seen.
    const slowTurns = 3 * turns;
    const rounds = (ms: number) => Array.from({ length: roundsIn(ms, slowTurns) });
    for (const _ of rounds(60_000)) await playRound(installation, slowTurns);
    const before = await sizeOf(session);
    for (const _ of rounds(forMs)) await playRound(installation, slowTurns);
    return growth(before, await sizeOf(session));
  } finally {
    await browser.close();
  }
}

async function launchBrowser(): Promise<Browser> {
  const { executablePath, libraries, fonts } = await unpackChromium();
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'],
    env: { ...process.env, LD_LIBRARY_PATH: libraries, FONTCONFIG_PATH: fonts },
  });
}

async function newPage(browser: Browser): Promise<{ page: Page; session: CDPSession }> {
  const page = await browser.newPage({ viewport: { width: 1_920, height: 1_080 } });
  return { page, session: await page.context().newCDPSession(page) };
}

const roundsIn = (ms: number, services: number): number =>
  Math.max(1, Math.round(ms / (2 * services * changeEveryMs + restMs)));

async function playRound({ target }: Installation, services: number): Promise<void> {
  for (let change = 0; change < 2 * services; change++) {
    target.tell({ type: 'switch', path: pathOf(change % services) });
    await sleep(changeEveryMs);
  }
  await sleep(restMs);
}

/** Opens the wall as a display does. */
async function wallAddress(installation: Installation): Promise<string> {
  const response = await installation.request('/api/v1/boards/all/kiosk-tokens', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'bench' }),
  });
  const { token } = (await response.json()) as { token: string };
  return `${installation.url}/wall/all#kiosk=${token}`;
}

/** Until all tiles stand; how long the page alone took, and all of it. */
async function openWall(page: Page, address: string): Promise<{ pageMs: number; usableMs: number }> {
  const begun = performance.now();
  await page.goto(address);
  const pageMs = performance.now() - begun;
  await page.locator('[data-key]').first().waitFor();
  return { pageMs, usableMs: performance.now() - begun };
}

/** What comes over the wire, as it is compressed there, until all tiles stand, and how long that takes. */
async function firstLoad(browser: Browser, address: string) {
  let files = 0;
  let snapshot = 0;
  const { page, session } = await newPage(browser);
  await session.send('Network.enable');
  session.on('Network.loadingFinished', ({ encodedDataLength }) => (files += encodedDataLength));
  session.on('Network.webSocketFrameReceived', ({ response }) => {
    if (response.payloadData.length > packedFrom) snapshot += deflateRawSync(response.payloadData).length;
  });
  const took = await openWall(page, address);
  await page.context().close();
  return { bytes: files + snapshot, snapshot, ...took };
}

async function firstLoads(browser: Browser, address: string): Promise<Figure[]> {
  const loaded: Awaited<ReturnType<typeof firstLoad>>[] = [];
  while (loaded.length < loads) loaded.push(await firstLoad(browser, address));
  const median = (of: keyof (typeof loaded)[number]): number =>
    quantile(
      loaded.map((load) => load[of]),
      0.5,
    );
  return [
    { name: 'wall of 1,000 services: first load', measured: median('bytes') / 1_000, unit: 'kB', reach: '≤ 350 kB' },
    { name: '  of it the snapshot', measured: median('snapshot') / 1_000, unit: 'kB', reach: '' },
    { name: `  page after, median of ${loads} displays`, measured: median('pageMs'), unit: 'ms', reach: '' },
    { name: '  usable after', measured: median('usableMs'), unit: 'ms', reach: '≤ 2,000 ms' },
    {
      name: '  usable after, the slowest',
      measured: Math.max(...loaded.map(({ usableMs }) => usableMs)),
      unit: 'ms',
      reach: '',
    },
  ];
}

function smoothness(frames: readonly number[]): Figure[] {
  const gapsMs = frames.slice(1).map((at, index) => at - frames[index]!);
  const seconds = (frames.at(-1)! - frames[0]!) / 1_000;
  return [
    { name: '  frames at 4 changes a second', measured: gapsMs.length / seconds, unit: '/s', reach: '≥ 30 /s' },
    { name: '  longest frame, p99', measured: quantile(gapsMs, 0.99), unit: 'ms', reach: '' },
  ];
}

/** Fills up with what the server tells the page of services that went down or came up, and when it was sent. */
async function deltasOf(session: CDPSession): Promise<Painted[]> {
  const sent: Painted[] = [];
  await session.send('Network.enable');
  session.on('Network.webSocketFrameReceived', ({ response: { payloadData } }) => {
    const start = '42/live,["delta",';
    if (!payloadData.startsWith(start)) return;
    const delta = JSON.parse(payloadData.slice(start.length, -1)) as BoardDelta;
    for (const { key, state } of delta.changed) sent.push({ key, kind: state, atMs: Date.parse(delta.asOf) });
  });
  return sent;
}

/** From each of these until its tile shows it. */
function delays(from: string, changes: readonly Painted[], painted: readonly Painted[]): Figure[] {
  const ofTile = groupBy(painted, tileOf);
  const isNews = ({ kind }: Painted, before: Painted | undefined): boolean => kind !== before?.kind;
  const news = [...groupBy(changes, ({ key }) => key).values()].flatMap((of) =>
    of.filter((change, index) => isNews(change, of[index - 1])),
  );
  const tookMs = news.flatMap((change) => {
    const first = ofTile.get(tileOf(change))?.find(({ atMs }) => atMs > change.atMs);
    return first ? [first.atMs - change.atMs] : [];
  });
  const name = `  ${from} → pixel, with ${displays} other displays`;
  return [
    { name: `${name}, p50`, measured: quantile(tookMs, 0.5), unit: 'ms', reach: '' },
    { name: `${name}, p99`, measured: quantile(tookMs, 0.99), unit: 'ms', reach: '≤ 300 ms' },
    { name: '  changes not painted', measured: news.length - tookMs.length, unit: '', reach: '0' },
  ];
}

const tileOf = ({ key, kind }: Painted): string => `${key} ${kind}`;

const looksAtSize = 5;

interface Size {
  nodes: number;
  heapMb: number;
}

/** What the page holds: the least of some looks, as what is on its way at the instant of one is not held. */
async function sizeOf(session: CDPSession): Promise<Size> {
  await session.send('Performance.enable');
  const looks: Size[] = [];
  while (looks.length < looksAtSize) {
    await sleep(1_000);
    await session.send('HeapProfiler.collectGarbage');
    const { metrics } = await session.send('Performance.getMetrics');
    const value = (name: string): number => metrics.find((metric) => metric.name === name)?.value ?? Number.NaN;
    looks.push({ nodes: value('Nodes'), heapMb: value('JSHeapUsedSize') / 1_048_576 });
  }
  const least = (of: keyof Size): number => Math.min(...looks.map((look) => look[of]));
  return { nodes: least('nodes'), heapMb: least('heapMb') };
}

const growth = (before: Size, after: Size): Figure[] => [
  { name: '  nodes of the document, of those before', measured: after.nodes / before.nodes, unit: '', reach: '≤ 1.1' },
  { name: '  heap of the page, of that before', measured: after.heapMb / before.heapMb, unit: '', reach: '≤ 1.1' },
  { name: '  heap of the page', measured: after.heapMb, unit: 'MB', reach: '' },
];
