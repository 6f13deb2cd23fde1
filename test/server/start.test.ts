import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page, Probe } from '../../server/contract/catalog.ts';
import type { BoardSnapshot } from '../../server/contract/live.ts';
import type { Timeline } from '../../server/contract/probing.ts';
import type { ProcessIdentity } from '../../server/platform/process-lock.ts';
import { bootstrap, Installation, runToEnd, troth } from '../support/installation.ts';
import { living, processesIn } from '../support/processes.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const allUp = {
  'name-service': 'up',
  'order-desk': 'up',
  'secure-gateway': 'up',
  'stock-report': 'up',
  'web-shop': 'up',
};
const slow = { timeout: 60_000 };

let folder: string;
let dataFolder: string;

beforeAll(() => {
  folder = temporaryFolder('troth-start-');
  dataFolder = join(folder, 'data');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('npm start', () => {
  let installation: Installation;

  beforeAll(async () => {
    installation = await new Installation(dataFolder, {}, ['npm', 'start']).started();
  }, 180_000);
  afterAll(() => installation.stop());

  it('prints the address, a link for the first sign-in, and what loopback it lets probes reach', () => {
    expect(installation.output).toMatch(/First sign-in\s+http:\/\/127\.0\.0\.1:\d+\/setup#\S{20,}/);
    expect(installation.output).toContain('start with HOST=0.0.0.0 to let them in');
    expect(installation.output.match(/127\.0\.0\.1:2\d{4}/g)).toHaveLength(4);
  });

  it('is there as `npx troth`, as people are told', slow, async () => {
    const { code, output } = await runToEnd(['npx', 'troth', 'sample', 'status'], { TROTH_DATA: dataFolder });
    expect([code, output]).toEqual([0, expect.stringMatching(/http +running/)]);
  });

  it('comes to a board with real observations of five kinds of probe, all up', slow, async () => {
    await expect.poll(() => installation.states(), { timeout: 30_000 }).toMatchObject(allUp);
    const { items } = await installation.get<Page<Probe>>('/api/v1/probes');
    const kinds = new Set(items.map(({ kind }) => kind));
    expect([...kinds].toSorted()).toEqual(['dns', 'heartbeat', 'http', 'tcp', 'tls']);
    const { services } = await installation.get<BoardSnapshot>('/api/v1/board');
    expect(services.filter(({ observedAt }) => observedAt === null)).toEqual([]);
  });

  it(
    'shows red what is stopped by hand, since it was first seen failing, and green what is started again',
    slow,
    async () => {
      const { code, output } = await runToEnd(troth('sample', 'stop', 'http'), { TROTH_DATA: dataFolder });
      expect([code, output]).toEqual([0, expect.stringMatching(/^http +stopped\ntcp +running\n/)]);
      const stopped = Date.now();
      await expect
        .poll(() => installation.states(), { timeout: 15_000 })
        .toEqual({ ...(await others()), 'web-shop': 'down' });
      await runToEnd(troth('sample', 'start', 'http'), { TROTH_DATA: dataFolder });
      await expect.poll(() => installation.states(), { timeout: 15_000 }).toMatchObject(allUp);
      const span = `from=${new Date(stopped - 1_000).toISOString()}&to=${new Date(Date.now() + 60_000).toISOString()}`;
      const { intervals } = await installation.get<Timeline>(`/api/v1/services/web-shop/timeline?${span}`);
      const down = intervals.filter(({ state }) => state === 'down');
      expect(down).toHaveLength(1);
      expect(Date.parse(down[0]!.from)).toBeLessThan(stopped + 6_000);
    },
  );

  const others = async () =>
    Object.fromEntries(Object.entries(await installation.states()).filter(([, state]) => state === 'up'));

  it('refuses to run twice on one data folder, naming the process that does', slow, async () => {
    const { code, output } = await runToEnd(bootstrap, { TROTH_DATA: dataFolder, PORT: '0' });
    const { pid } = JSON.parse(readFileSync(join(dataFolder, 'start.lock'), 'utf8')) as ProcessIdentity;
    expect([code, output]).toEqual([
      1,
      expect.stringContaining(`already runs on the data folder ${dataFolder} (process ${pid})`),
    ]);
    expect(await installation.states()).toMatchObject({ 'name-service': 'up' });
  });

  it('starts whatever is killed again, in the same place', slow, async () => {
    const before = installation.processes();
    const [supervisor, ...children] = before;
    expect(children).toHaveLength(3);
    const killedAt = new Date().toISOString();
    for (const { pid } of [...children, ...processesIn(join(dataFolder, 'postgres')).slice(0, 1)])
      process.kill(pid, 'SIGKILL');
    const observedSince = async () => {
      const { services } = await installation.get<BoardSnapshot>('/api/v1/board').catch(() => ({ services: [] }));
      return services.length > 0 && services.every(({ observedAt, state }) => state === 'up' && observedAt! > killedAt);
    };
    await expect.poll(observedSince, { timeout: 50_000 }).toBe(true);
    expect(living(before)).toEqual([supervisor!.pid]);
    expect(living(installation.processes())).toHaveLength(4);
  });

  it('leaves nothing running after Ctrl-C', slow, async () => {
    const before = [...installation.processes(), ...processesIn(join(dataFolder, 'postgres'))];
    expect(living(before).length).toBeGreaterThan(5);
    installation.interrupt();
    await installation.ended;
    expect(installation.output).toContain('Troth has stopped.');
    expect(living(before)).toEqual([]);
  });

  it('takes up where it stopped, with the same ports for the sample', slow, async () => {
    const ports = sampleFile();
    const begun = new Date().toISOString();
    const again = (installation = await new Installation(dataFolder).started());
    const seenAnew = async () => {
      const { services } = await again.get<BoardSnapshot>('/api/v1/board');
      return services.some(({ observedAt }) => observedAt !== null && observedAt > begun);
    };
    await expect.poll(seenAnew, { timeout: 15_000 }).toBe(true);
    expect(sampleFile()).toBe(ports);
  });

  it('cleans up after a supervisor that was killed, and ends at once at a second Ctrl-C', slow, async () => {
    const before = [...installation.processes(), ...processesIn(join(dataFolder, 'postgres'))];
    process.kill(before[0]!.pid, 'SIGKILL');
    await installation.ended;
    const again = (installation = await new Installation(dataFolder).started());
    expect(living(before)).toEqual([]);
    await expect.poll(() => again.states(), { timeout: 30_000 }).toMatchObject(allUp);
    const now = [...again.processes(), ...processesIn(join(dataFolder, 'postgres'))];
    again.interrupt();
    await expect.poll(() => again.output).toContain('Stopping');
    again.interrupt();
    await again.ended;
    expect(living(now)).toEqual([]);
  });

  const sampleFile = () => readFileSync(join(dataFolder, 'sample', 'sample.json'), 'utf8');
});
