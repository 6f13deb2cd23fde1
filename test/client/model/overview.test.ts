import { describe, expect, it } from 'vitest';
import type { BoardService } from '../../../server/contract/live.ts';
import { overviewOf } from '../../../client/model/overview.ts';
import { boardService } from '../board-service.ts';

const board = (...services: Partial<BoardService>[]) =>
  new Map(services.map((parts) => [parts.key!, boardService({ name: parts.key!, ...parts })]));
const keys = (services: readonly BoardService[]) => services.map(({ key }) => key);

describe('the overview', () => {
  it('leaves out what is as expected, paused or never measured', () => {
    const { wrong, endangered, unknown, watched, impact } = overviewOf(
      board({ key: 'a' }, { key: 'b', state: 'unmonitored', since: null }),
    );
    expect([wrong, endangered, unknown, watched, impact.size]).toEqual([[], [], [], 1, 0]);
  });

  it('tells what failed from what is close to it and from what cannot be told', () => {
    const { wrong, endangered, unknown } = overviewOf(
      board(
        { key: 'failed', state: 'down' },
        { key: 'slow', state: 'degraded' },
        { key: 'shaking', suspect: true },
        { key: 'silent', state: 'unknown' },
      ),
    );
    expect([keys(wrong), keys(endangered), keys(unknown)]).toEqual([['failed'], ['shaking', 'slow'], ['silent']]);
  });

  it('puts the most important first, and among equals the newest', () => {
    const { wrong } = overviewOf(
      board(
        { key: 'old', state: 'down', tier: 2, since: '2026-03-01T08:00:00.000Z' },
        { key: 'new', state: 'down', tier: 2, since: '2026-03-01T09:00:00.000Z' },
        { key: 'vital', state: 'down', tier: 1, since: '2026-03-01T07:00:00.000Z' },
      ),
    );
    expect(keys(wrong)).toEqual(['vital', 'new', 'old']);
  });

  it('counts everything that rests on a service, through others too, once each', () => {
    const { impact } = overviewOf(
      board(
        { key: 'network', state: 'down' },
        { key: 'database', dependsOn: ['network'] },
        { key: 'payroll', dependsOn: ['database', 'network'] },
        { key: 'web' },
      ),
    );
    expect([...impact]).toEqual([['network', 2]]);
  });
});
