import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { BoardProjection } from '../../../server/live/board-projection.service.ts';
import { BoardRepository } from '../../../server/live/board.repository.ts';
import { put } from '../../support/measured.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';
import { until } from '../../support/until.ts';

let server: TestServer;
let board: BoardProjection;
let repository: BoardRepository;

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  server = await startTestServer({ TROTH_ROLES: 'api' });
  board = server.app.get(BoardProjection);
  repository = server.app.get(BoardRepository);
  await put(server, 'teams/it', { name: 'IT' });
  await put(server, 'services/payroll', { name: 'Payroll', owner: 'it' });
  await until(() => board.service('payroll'));
});
afterAll(async () => {
  vi.useRealTimers();
  await server?.close();
});

const eventsAfter = async (seq: number) => (await repository.eventsAfter(seq)).events;

describe('events of the board', () => {
  it('are forgotten when they are old, and not before', async () => {
    await server.database.query(`update live_events set at = now() - interval '1 day'`);
    await repository.append({ changed: [], seen: [], agreements: [], locations: false, maintenance: false });
    expect((await eventsAfter(0)).length).toBeGreaterThan(1);
    vi.advanceTimersByTime(60_000);
    await until(async () => (await eventsAfter(0)).length === 1);
  });

  it('that were forgotten before they were read have the board read anew', async () => {
    const [service] = await server.database.query<{ id: number }>(`select id from services where key = 'payroll'`);
    await server.database.transaction(async () => {
      await server.database.query(`update services set name = 'Wages' where id = $1`, [service!.id]);
      await repository.append({
        changed: [service!.id],
        seen: [],
        agreements: [],
        locations: false,
        maintenance: false,
      });
      await server.database.query('delete from live_events');
      await repository.append({ changed: [], seen: [], agreements: [], locations: false, maintenance: false });
    });
    await until(() => board.service('payroll')?.name === 'Wages');
    expect(board.seq).toBe(await repository.seq());
  });
});

describe('what is wrong with a service', () => {
  it('stands on its tile with who has it, from when it is taken until it is resolved', async () => {
    const handled = () => board.service('payroll')?.handled;
    const act = (id: number, what: string, body: object = {}) =>
      server.request('POST', `/api/v1/incidents/${id}/${what}`, body);
    const incident = { title: 'No wages', services: ['payroll'], severity: 1 };
    const { id } = (await server.request('POST', '/api/v1/incidents', incident)).body;
    const before = board.seq;
    const taken = (await act(id, 'acknowledge')).body;
    await until(() => handled());
    expect([handled(), board.seq > before]).toEqual([{ by: expect.any(String), at: taken.acknowledgedAt }, true]);
    expect(handled()!.by).not.toBe('');
    await act(id, 'assign', { team: 'it' });
    await until(() => handled()?.by === 'IT');
    await act(id, 'resolve');
    await until(() => handled() === null);
    await act(id, 'reopen');
    await until(() => handled()?.by === 'IT');
    await server.request('DELETE', `/api/v1/incidents/${id}`);
    await until(() => handled() === null);
  });
});
