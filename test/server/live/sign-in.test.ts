import { Manager } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { SessionsService } from '../../../server/access/sessions.service.ts';
import { account } from '../../support/accounts.ts';
import { LiveGateway } from '../../../server/live/live.gateway.ts';
import { eventually } from '../../support/eventually.ts';
import { openLive } from '../../support/live-socket.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

let server: TestServer;
let sessions: SessionsService;
beforeAll(async () => {
  server = await startTestServer({ TROTH_ROLES: 'api' });
  sessions = server.app.get(SessionsService);
});
afterAll(() => server.close());

const signOut = (cookie: string) => server.request('DELETE', '/api/v1/session', undefined, { cookie });
const disconnected = (socket: { connected: boolean }) => eventually(() => expect(socket.connected).toBe(false));

/** Opens a connection that is in no namespace. */
async function bareConnection(): Promise<Manager> {
  const line = new Manager(server.url, { transports: ['websocket'], reconnection: false });
  await new Promise<void>((resolve) => line.once('open', () => resolve()));
  return line;
}
const closed = (line: Manager) => new Promise<void>((resolve) => line.once('close', () => resolve()));

describe('a connection without a sign-in', () => {
  it('finds no other namespace than the live one', async () => {
    const admin = { authorization: `Bearer ${server.adminToken}` };
    for (const headers of [{}, admin]) {
      await expect(openLive(server, headers, '/')).rejects.toThrow('nothing-here');
      await expect(openLive(server, headers, '/other')).rejects.toThrow('Invalid namespace');
    }
  });

  it('is cut after ten seconds, also when it asked and was refused', async () => {
    const startedMs = performance.now();
    const lines = [await bareConnection(), await bareConnection()];
    lines[1]!.engine.write('0/live,');
    await Promise.all(lines.map(closed));
    expect(performance.now() - startedMs).toBeGreaterThan(9_000);
    expect(performance.now() - startedMs).toBeLessThan(13_000);
  });

  it('is cut when it leaves the live namespace', async () => {
    const { socket } = await openLive(server);
    const cut = closed(socket.io);
    // Leaves the namespace alone, where `disconnect` would close the connection with it.
    socket.io.engine.write('1/live,');
    await cut;
  });
});

describe('a socket', () => {
  it('is refused without a sign-in, and with one that does not hold', async () => {
    await expect(openLive(server, {})).rejects.toThrow('sign-in-required');
    await expect(openLive(server, { authorization: 'Bearer wrong' })).rejects.toThrow('sign-in-required');
    await expect(openLive(server, { cookie: 'troth_session=wrong' })).rejects.toThrow('sign-in-required');
  });

  it('is told and cut when its session signs out, and no other is', async () => {
    const cookie = await account(server, 'ada', 'viewer');
    const { socket } = await openLive(server, { cookie });
    const { socket: other } = await openLive(server);
    const told = new Promise<void>((resolve) => socket.on('signed-out', resolve));
    await signOut(cookie);
    await told;
    await disconnected(socket);
    expect(other.connected).toBe(true);
    other.close();
  });

  it('is cut when its account is disabled', async () => {
    const { socket } = await openLive(server, { cookie: await account(server, 'bea', 'viewer') });
    await server.request('PUT', '/api/v1/users/bea', { displayName: 'bea', role: 'viewer', disabled: true });
    await disconnected(socket);
  });

  it('is cut when its token is revoked', async () => {
    const { id, token } = (await server.request('POST', '/api/v1/tokens', { name: 't', scopes: ['board:read'] })).body;
    const { socket } = await openLive(server, { authorization: `Bearer ${token}` });
    await server.request('DELETE', `/api/v1/tokens/${id}`);
    await disconnected(socket);
  });

  it('is not let in by a session that ends while its use is written down', async () => {
    const cookie = await account(server, 'cleo', 'viewer');
    await server.database.query(`update sessions set last_used_at = now() - interval '5 minutes'`);
    let opening: Promise<unknown> | undefined;
    await server.database.transaction(async () => {
      await server.database.query(`delete from sessions where user_id = (select id from users where name = 'cleo')`);
      opening = openLive(server, { cookie }).catch((error: unknown) => error);
      await eventually(async () => {
        const waiting = await server.database.query(
          'select 1 from pg_locks where not granted and pg_backend_pid() = any(pg_blocking_pids(pid))',
        );
        expect(waiting).toHaveLength(1);
      });
    });
    expect(await opening).toMatchObject({ message: 'sign-in-required' });
  });

  it('is cut when its session ended in the middle of its handshake', async () => {
    const cookie = await account(server, 'dido', 'viewer');
    const ended = new Promise<string>((resolve) => sessions.onEnded(resolve));
    const authenticate = sessions.authenticateSocket.bind(sessions);
    vi.spyOn(sessions, 'authenticateSocket').mockImplementationOnce(async (headers) => {
      const principal = await authenticate(headers);
      await signOut(cookie);
      expect(await ended).toBe(principal!.id);
      return principal;
    });
    const { socket } = await openLive(server, { cookie });
    await disconnected(socket);
  });
});

describe('an open socket', () => {
  const leftHours = async (name: string) => {
    const [row] = await server.database.query<{ hours: number }>(
      `select extract(epoch from expires_at - now())::float / 3600 as hours
       from sessions where user_id = (select id from users where name = $1)`,
      [name],
    );
    return row!.hours;
  };
  const age = (name: string, created: string, left: string) =>
    server.database.query(
      `update sessions set created_at = now() - $2::interval, last_used_at = now() - interval '11 hours',
         expires_at = now() + $3::interval
       where user_id = (select id from users where name = $1)`,
      [name, created, left],
    );

  it('is use of its session, within the longest life of one; a session without a socket runs out', async () => {
    const open = await Promise.all(
      ['elli', 'fay'].map(async (name) => openLive(server, { cookie: await account(server, name, 'viewer') })),
    );
    await account(server, 'gil', 'viewer');
    await age('elli', '11 hours', '1 hour');
    await age('fay', '6 days 20 hours', '1 hour');
    await age('gil', '11 hours', '1 hour');
    await server.app.get(LiveGateway).keepSessions();
    expect(await leftHours('elli')).toBeCloseTo(12, 1);
    expect(await leftHours('fay')).toBeCloseTo(4, 1);
    expect(await leftHours('gil')).toBeCloseTo(1, 1);
    for (const { socket } of open) socket.close();
  });

  it('brings back no session that is over', async () => {
    const { socket } = await openLive(server, { cookie: await account(server, 'hal', 'viewer') });
    await age('hal', '13 hours', '-1 second');
    await server.app.get(LiveGateway).keepSessions();
    expect(await leftHours('hal')).toBeLessThan(0);
    await sessions.sweep();
    await disconnected(socket);
  });
});
