import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BoardLocation } from '../../../server/contract/live.ts';
import { AgentsRepository } from '../../../server/probing/agents.repository.ts';
import { eventually } from '../../support/eventually.ts';
import { openLive } from '../../support/live-socket.ts';
import { batchOf, put } from '../../support/measured.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';
import { until } from '../../support/until.ts';

let server: TestServer;
let agents: AgentsRepository;
beforeAll(async () => {
  server = await startTestServer({ TROTH_ROLES: 'api' });
  agents = server.app.get(AgentsRepository);
});
afterAll(() => server.close());

const onBoard = async (key: string): Promise<BoardLocation | undefined> => {
  const { body } = await server.request('GET', '/api/v1/board');
  return body.locations.find((location: BoardLocation) => location.key === key);
};

describe('the locations of the board, while nobody has a socket open', () => {
  it('are there as soon as they are made, renamed and removed', async () => {
    await put(server, 'locations/dmz', { name: 'DMZ' });
    await eventually(async () =>
      expect(await onBoard('dmz')).toEqual({ key: 'dmz', name: 'DMZ', silent: false, agents: 0 }),
    );
    await put(server, 'locations/dmz', { name: 'Outside' });
    await eventually(async () => expect(await onBoard('dmz')).toMatchObject({ name: 'Outside' }));
    await server.request('DELETE', '/api/v1/locations/dmz');
    await eventually(async () => expect(await onBoard('dmz')).toBeUndefined());
  });

  it('have the agents that live now', async () => {
    await put(server, 'locations/hq', { name: 'Head office' });
    const agent = randomUUID();
    await agents.seen(batchOf(agent, 'hq'));
    await until(async () => (await onBoard('hq'))?.agents === 1);
    await server.database.query(`update agents set last_seen_at = now() - interval '16 seconds' where id = $1`, [
      agent,
    ]);
    await until(async () => (await onBoard('hq'))?.agents === 0);
  });

  it('keep a living agent when they are removed and made again', async () => {
    await put(server, 'locations/lab', { name: 'One' });
    const agent = randomUUID();
    await agents.seen(batchOf(agent, 'lab'));
    await server.request('DELETE', '/api/v1/locations/lab');
    await put(server, 'locations/lab', { name: 'Two' });
    await agents.seen(batchOf(agent, 'lab'));
    await until(async () => {
      const lab = await onBoard('lab');
      return lab?.name === 'Two' && lab.agents === 1;
    });
  });
});

describe('a socket of the board', () => {
  it('is told of a new location at once', async () => {
    const link = await openLive(server);
    await link.join('board');
    await put(server, 'locations/fresh', { name: 'Fresh' });
    await eventually(() =>
      expect(link.deltas.flatMap(({ locations = [] }) => locations.map(({ key }) => key))).toContain('fresh'),
    );
    link.socket.close();
  });
});
