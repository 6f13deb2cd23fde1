import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { applyDelta, applySnapshot, type BoardState } from '../../../client/stores/board-reducer.ts';
import { eventually } from '../../support/eventually.ts';
import { openLive, type LiveLink } from '../../support/live-socket.ts';
import { put } from '../../support/measured.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

let server: TestServer;
let link: LiveLink;
beforeAll(async () => {
  server = await startTestServer({ TROTH_ROLES: 'api' });
  await put(server, 'teams/it', { name: 'IT' });
  await put(server, 'services/core', { name: 'Core', owner: 'it', tags: ['wall'] });
  await put(server, 'services/mail', { name: 'Mail', owner: 'it', tags: ['wall'], dependsOn: ['core'] });
  await put(server, 'services/lab', { name: 'Lab', owner: 'it' });
  await put(server, 'boards/wall', { name: 'Wall', selection: { tags: ['wall'] } });
  await put(server, 'boards/lab', { name: 'Lab', selection: { services: ['lab'] } });
});
afterAll(() => server.close());
beforeEach(async () => {
  link = await openLive(server);
});
afterEach(() => void link.socket.close());

const newest = () => link.snapshots.at(-1)!;
const keysOf = (services: readonly { key: string }[]) => services.map(({ key }) => key).toSorted();
/** What somebody sees who folds all that came since the newest snapshot; no message may leave a gap. */
function shown(): BoardState {
  let state = applySnapshot(newest());
  for (const delta of link.deltas.filter(({ seq }) => seq >= newest().seq)) {
    const folded = applyDelta(state, delta);
    expect(folded.gap).toBe(false);
    state = folded.state;
  }
  return state;
}
async function watch(board: string): Promise<void> {
  const before = link.snapshots.length;
  expect(await link.join(`board:${board}`)).toBeNull();
  await eventually(() => expect(link.snapshots.length).toBeGreaterThan(before));
}
const tag = (key: string, tags: string[], name = key) => put(server, `services/${key}`, { name, owner: 'it', tags });

describe('the room of a board', () => {
  it('begins with its services alone, its name and its layout', async () => {
    await watch('wall');
    expect(newest().board).toMatchObject({ key: 'wall', name: 'Wall', layout: { order: 'trouble-first' } });
    expect(keysOf(newest().services)).toEqual(['core', 'mail']);
  });

  it('tells of services that enter and leave its selection, and of no others, without a gap', async () => {
    await watch('wall');
    await tag('lab', ['wall'], 'Lab one');
    await eventually(() => expect([...shown().services.keys()].toSorted()).toEqual(['core', 'lab', 'mail']));
    await tag('lab', [], 'Lab two');
    await eventually(() => expect([...shown().services.keys()].toSorted()).toEqual(['core', 'mail']));
    link.deltas.splice(0);
    await tag('lab', [], 'Lab three');
    await sleep(600);
    expect(link.deltas.length).toBeGreaterThan(0);
    expect(JSON.stringify(link.deltas)).not.toContain('lab');
  });

  it('tells of services that are deleted', async () => {
    await put(server, 'services/brief', { name: 'Brief', owner: 'it', tags: ['wall'] });
    await watch('wall');
    await eventually(() => expect(shown().services.has('brief')).toBe(true));
    await server.request('DELETE', '/api/v1/services/brief');
    await eventually(() => expect(shown().services.has('brief')).toBe(false));
  });

  it('names nothing that a service rests on and the board does not show', async () => {
    await put(server, 'boards/mail', { name: 'Mail', selection: { services: ['mail'] } });
    await eventually(async () => expect(await link.join('board:mail')).toBeNull());
    await eventually(() => expect(newest()?.services.map(({ dependsOn }) => dependsOn)).toEqual([[]]));
  });

  it('is one at a time: what comes after a snapshot is of that board', async () => {
    await Promise.all([link.join('board:wall'), link.join('board:lab')]);
    await eventually(() => expect(newest()?.board.key).toBe('lab'));
    link.deltas.splice(0);
    await put(server, 'services/core', { name: 'Core again', owner: 'it', tags: ['wall'] });
    await tag('lab', [], 'Lab four');
    await eventually(() => expect(shown().services.get('lab')?.name).toBe('Lab four'));
    expect(JSON.stringify(link.deltas)).not.toContain('core');
  });

  it('is shown anew when the board changes, and ends when it is deleted', async () => {
    await put(server, 'boards/brief', { name: 'Brief', selection: { services: ['core'] } });
    await eventually(async () => expect(await link.join('board:brief')).toBeNull());
    const gone: string[] = [];
    link.socket.on('board-gone', (key) => gone.push(key));
    await put(server, 'boards/brief', { name: 'Wide', selection: { services: ['core', 'lab'] } });
    await eventually(() => expect(newest().board.name).toBe('Wide'));
    expect(keysOf(newest().services)).toEqual(['core', 'lab']);
    await tag('lab', [], 'Lab five');
    await eventually(() => expect(shown().services.get('lab')?.name).toBe('Lab five'));
    await server.request('DELETE', '/api/v1/boards/brief');
    await eventually(() => expect(gone).toEqual(['brief']));
    await eventually(async () => expect(await link.join('board:brief')).toBe('There is no board "brief".'));
  });

  it('that there is not cannot be joined', async () => {
    expect(await link.join('board:none')).toBe('There is no board "none".');
  });
});
