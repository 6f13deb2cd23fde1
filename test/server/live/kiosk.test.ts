import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SessionsService } from '../../../server/access/sessions.service.ts';
import type { AuditEntry } from '../../../server/contract/access.ts';
import { LiveGateway } from '../../../server/live/live.gateway.ts';
import { account } from '../../support/accounts.ts';
import { eventually } from '../../support/eventually.ts';
import { openLive, type LiveLink } from '../../support/live-socket.ts';
import { put } from '../../support/measured.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await put(server, 'teams/it', { name: 'IT' });
  await put(server, 'services/core', { name: 'Core', owner: 'it' });
  await put(server, 'services/secret', { name: 'Secret', owner: 'it' });
  await put(server, 'boards/lobby', { name: 'Lobby', selection: { services: ['core'] } });
  await put(server, 'boards/other', { name: 'Other', selection: { services: ['secret'] } });
});
afterAll(() => server.close());

const make = async (board: string, more: object = {}): Promise<{ id: number; token: string }> =>
  (await server.request('POST', `/api/v1/boards/${board}/kiosk-tokens`, { name: 'Screen', ...more })).body;
const get = (path: string, token: string) => server.request('GET', path, undefined, { token });
const revoke = (board: string, id: number) => server.request('DELETE', `/api/v1/boards/${board}/kiosk-tokens/${id}`);
/** As a browser does, which cannot add headers to a socket. */
const open = (token: string): Promise<LiveLink> => openLive(server, {}, '/live', { token });

describe('a kiosk token', () => {
  it('reads the settings and the snapshot of its board', async () => {
    const { token } = await make('lobby');
    expect((await get('/api/v1/boards/lobby', token)).body.name).toBe('Lobby');
    const { body } = await get('/api/v1/boards/lobby/snapshot', token);
    expect(body.services.map(({ key }: { key: string }) => key)).toEqual(['core']);
  });

  it('is answered 403 by every other route', async () => {
    const { token } = await make('lobby');
    const express = server.app.getHttpAdapter().getInstance() as {
      router: { stack: { route?: { path: string; methods: Record<string, boolean> } }[] };
    };
    const routes = express.router.stack.flatMap(({ route }) =>
      route ? Object.keys(route.methods).map((method) => [method.toUpperCase(), route.path] as const) : [],
    );
    // What asks for no sign-in, and its own board.
    const open =
      /^GET \/(health|api\/v1\/(on-call-schedules\/:key\/calendar\.ics|boards\/:key(\/snapshot)?$))|^POST \/api\/v1\/(session|setup|heartbeats\/|incident-hooks\/:token|message-links\/)/;
    const closed = routes.filter(([method, path]) => path.startsWith('/') && !open.test(`${method} ${path}`));
    expect(closed.length).toBeGreaterThan(35);
    const passed: string[] = [];
    for (const [method, path] of closed) {
      // Its own board's key everywhere: not even there it reaches more.
      const address = path.replaceAll(/:\w+/g, 'lobby');
      const { status } = await server.request(method, address, method === 'GET' ? undefined : {}, { token });
      if (status !== 403) passed.push(`${method} ${path}: ${status}`);
    }
    expect(passed).toEqual([]);
    for (const path of ['/api/v1/boards/other', '/api/v1/boards/all/snapshot', '/api/docs-json', '/metrics'])
      expect([path, (await get(path, token)).status]).toEqual([path, 403]);
  });

  it('watches its board by a socket, and nothing else', async () => {
    const { token } = await make('lobby');
    const link = await open(token);
    for (const room of ['board', 'board:all', 'board:other', 'service:core', 'service:secret'])
      expect([room, await link.join(room)]).toEqual([room, 'This kiosk link opens one board alone.']);
    expect(await link.join('board:lobby')).toBeNull();
    await eventually(() => expect(link.snapshots).toHaveLength(1));
    await put(server, 'services/secret', { name: 'Secret two', owner: 'it' });
    await put(server, 'services/core', { name: 'Core two', owner: 'it', dependsOn: ['secret'] });
    link.socket.emit('resync');
    await eventually(() => expect(JSON.stringify(link.deltas)).toContain('Core two'));
    await eventually(() => expect(link.snapshots).toHaveLength(2));
    expect(JSON.stringify([link.snapshots, link.deltas]).toLowerCase()).not.toContain('secret');
    link.socket.close();
  });

  it('is refused and cut within moments of its end, and its sockets are told', async () => {
    const { id, token } = await make('lobby');
    const link = await open(token);
    await link.join('board:lobby');
    const told = new Promise<void>((resolve) => link.socket.on('signed-out', resolve));
    expect((await revoke('lobby', id)).status).toBe(204);
    await told;
    await eventually(() => expect(link.socket.connected).toBe(false));
    expect((await get('/api/v1/boards/lobby/snapshot', token)).status).toBe(401);
    await expect(open(token)).rejects.toThrow('sign-in-required');
    expect((await revoke('lobby', id)).status).toBe(204);
  });

  it('ends when its time is over', async () => {
    const { id, token } = await make('lobby', { expiresAt: new Date(Date.now() + 3_600_000).toISOString() });
    const link = await open(token);
    await server.database.query(`update api_tokens set expires_at = now() - interval '1 second' where id = $1`, [id]);
    await server.app.get(SessionsService).sweep();
    await eventually(() => expect(link.socket.connected).toBe(false));
    expect((await get('/api/v1/boards/lobby', token)).status).toBe(401);
  });

  it('ends with its board like every other of it, and opens no later one of the same key', async () => {
    await put(server, 'boards/brief', { name: 'Brief' });
    const [hall, door, gone] = [await make('brief'), await make('brief', { name: 'Door' }), await make('brief')];
    await revoke('brief', gone.id);
    const links = [await open(hall.token), await open(door.token)];
    await server.request('DELETE', '/api/v1/boards/brief');
    for (const { socket } of links) await eventually(() => expect(socket.connected).toBe(false));
    await put(server, 'boards/brief', { name: 'Brief again' });
    for (const { token } of [hall, door]) expect((await get('/api/v1/boards/brief', token)).status).toBe(401);
    const { items } = (await server.request('GET', '/api/v1/audit?action=kiosk.revoked&limit=3')).body;
    const told = (items as AuditEntry[]).map(({ subject, detail }) => [Number(subject.key), detail] as const);
    expect(told.toSorted(([a], [b]) => a - b)).toEqual([
      [hall.id, { board: 'brief', name: 'Screen' }],
      [door.id, { board: 'brief', name: 'Door' }],
      [gone.id, { board: 'brief', name: 'Screen' }],
    ]);
  });

  it('opens the board of everything too', async () => {
    const link = await open((await make('all')).token);
    expect(await link.join('board:all')).toBeNull();
    await eventually(() => expect(link.snapshots[0]!.services.map(({ key }) => key)).toEqual(['core', 'secret']));
    link.socket.close();
  });

  it('survives a restart of the server', async () => {
    const { token } = await make('lobby');
    const again = await startTestServer({ DATABASE_URL: server.databaseUrl });
    const link = await openLive(again, {}, '/live', { token });
    expect(await link.join('board:lobby')).toBeNull();
    link.socket.close();
    await again.close();
  });

  it('is in use while a display is connected', async () => {
    const { id, token } = await make('lobby');
    const link = await open(token);
    await server.database.query(`update api_tokens set last_used_at = now() - interval '1 day' where id = $1`, [id]);
    await server.app.get(LiveGateway).keepSessions();
    const { items } = (await server.request('GET', '/api/v1/boards/lobby/kiosk-tokens')).body;
    const { lastUsedAt } = items.find((item: { id: number }) => item.id === id);
    expect(Date.now() - Date.parse(lastUsedAt)).toBeLessThan(60_000);
    link.socket.close();
  });
});

describe('kiosk tokens', () => {
  it('are listed with their board, without the token, and are no tokens of the API', async () => {
    const { id, token } = await make('other', { name: 'Lab door' });
    expect(token).toMatch(/^kiosk_[\w-]{43}$/);
    const { items } = (await server.request('GET', '/api/v1/boards/other/kiosk-tokens')).body;
    expect(items).toEqual([expect.objectContaining({ id, name: 'Lab door', revokedAt: null })]);
    expect(JSON.stringify(items)).not.toContain(token);
    expect((await server.request('GET', '/api/v1/tokens')).body.items).toEqual([]);
    expect((await server.request('DELETE', `/api/v1/tokens/${id}`)).status).toBe(404);
    expect((await revoke('lobby', id)).status).toBe(404);
    const [row] = await server.database.query<{ text: string }>(
      `select t::text as text from api_tokens t where id = $1`,
      [id],
    );
    expect(row!.text).not.toContain(token);
  });

  it('are made by admins alone, for boards that exist, to end in the future', async () => {
    const path = '/api/v1/boards/lobby/kiosk-tokens';
    const cookie = await account(server, 'olga', 'owner');
    expect((await server.request('POST', path, { name: 'x' }, { cookie })).status).toBe(403);
    expect((await server.request('POST', '/api/v1/boards/none/kiosk-tokens', { name: 'x' })).status).toBe(404);
    const late = await server.request('POST', path, { name: 'x', expiresAt: '2020-01-01T00:00:00Z' });
    expect(late.body.issues).toEqual([{ path: 'expiresAt', message: 'must be in the future' }]);
  });

  it('are on record', async () => {
    const { id } = await make('lobby', { name: 'Hall' });
    await revoke('lobby', id);
    const { items } = (await server.request('GET', `/api/v1/audit?subjectKind=kiosk&subject=${id}`)).body;
    expect(items.map(({ action }: { action: string }) => action)).toEqual(['kiosk.revoked', 'kiosk.created']);
    expect(items[0].detail).toMatchObject({ board: 'lobby', name: 'Hall' });
  });
});
