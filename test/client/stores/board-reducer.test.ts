import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyDelta, applySnapshot, type BoardState } from '../../../client/stores/board-reducer.ts';
import type { BoardDelta, BoardService, BoardSnapshot } from '../../../server/contract/live.ts';
import { boardInfo, boardService } from '../board-service.ts';

const at = (second: number): string => new Date(Date.UTC(2026, 2, 1, 10, 0, second)).toISOString();
const snapshotOf = (seq: number, services: readonly BoardService[]): BoardSnapshot => ({
  board: boardInfo,
  seq,
  asOf: at(seq),
  minute: at(0),
  services: [...services],
  locations: [],
  maintenance: [],
});
const deltaOf = (parts: Partial<BoardDelta>): BoardDelta => ({
  from: 0,
  seq: 1,
  asOf: at(1),
  changed: [],
  removed: [],
  touched: [],
  ...parts,
});
const start = (): BoardState =>
  applySnapshot(snapshotOf(5, [boardService(), boardService({ key: 'mail', name: 'Mail' })]));

describe('the board', () => {
  it('lists its services in the order of their names, numbers by value', () => {
    const named = ['Node 10', 'node 2', 'Anvil'].map((name, index) => boardService({ key: `s${index}`, name }));
    expect(applySnapshot(snapshotOf(1, named)).roster).toEqual(['s2', 's1', 's0']);
  });

  it('takes whole services from a delta and leaves the others as they are', () => {
    const before = start();
    const down = boardService({ state: 'down', reason: 'Connection refused' });
    const { state, gap } = applyDelta(before, deltaOf({ from: 5, seq: 6, asOf: at(6), changed: [down] }));
    expect(gap).toBe(false);
    expect(state.seq).toBe(6);
    expect(state.asOf).toBe(at(6));
    expect(state.services.get('payroll')).toBe(down);
    expect(state.services.get('mail')).toBe(before.services.get('mail'));
    expect(state.roster).toBe(before.roster);
  });

  it('lists anew when a service comes, goes or is renamed', () => {
    const added = applyDelta(
      start(),
      deltaOf({ from: 5, seq: 6, changed: [boardService({ key: 'dns', name: 'DNS' })] }),
    );
    expect(added.state.roster).toEqual(['dns', 'mail', 'payroll']);
    const renamed = applyDelta(start(), deltaOf({ from: 5, seq: 6, changed: [boardService({ name: 'A payroll' })] }));
    expect(renamed.state.roster).toEqual(['payroll', 'mail']);
    const removed = applyDelta(start(), deltaOf({ from: 5, seq: 6, removed: ['mail', 'never-known'] }));
    expect(removed.state.roster).toEqual(['payroll']);
  });

  it('moves what was seen again forward, never back', () => {
    const seen = applyDelta(start(), deltaOf({ from: 5, seq: 5, touched: [['payroll', at(20), 7]] })).state;
    expect(seen.services.get('payroll')).toMatchObject({ observedAt: at(20), latencyMs: 7, state: 'up' });
    const again = applyDelta(seen, deltaOf({ from: 5, seq: 5, touched: [['payroll', at(10), 99]] })).state;
    expect(again.services.get('payroll')).toMatchObject({ observedAt: at(20), latencyMs: 7 });
  });

  it('numbers the newest change of any service, apart from sights', () => {
    const number = (parts: Partial<BoardDelta>) => applyDelta(start(), deltaOf({ from: 5, ...parts })).state.changedSeq;
    expect(start().changedSeq).toBe(5);
    expect(number({ seq: 7, touched: [['payroll', at(20), 7]] })).toBe(5);
    expect(number({ seq: 7, changed: [boardService()] })).toBe(7);
    expect(number({ seq: 7, removed: ['mail'] })).toBe(7);
    expect(number({ from: 3, seq: 5, changed: [boardService()] })).toBe(5);
  });

  it('changes nothing by a delta that it already holds', () => {
    const before = start();
    const old = deltaOf({ from: 3, seq: 4, changed: [boardService({ state: 'down' })], removed: ['mail'] });
    expect(applyDelta(before, old)).toEqual({ state: before, gap: false });
    const same = applyDelta(before, { ...old, from: 4, seq: 5 });
    expect(same.state.services.get('payroll')?.state).toBe('up');
    expect(same.state.services.has('mail')).toBe(true);
  });

  it('takes what was counted anew at its own number', () => {
    const anew = deltaOf({ from: 5, seq: 5, changed: [boardService({ state: 'down' })], removed: ['mail'] });
    const { state } = applyDelta(start(), anew);
    expect([state.services.get('payroll')?.state, state.services.has('mail'), state.changedSeq]).toEqual([
      'down',
      false,
      5,
    ]);
  });

  it('grows the lines of latencies by a value a minute, once, and whole services bring their own', () => {
    const before = start();
    const minute = at(60);
    const figures = { minute, of: [['mail', '0.500000', 7] as const].map((one) => [...one]) } as BoardDelta['figures'];
    const delta = deltaOf({ from: 5, seq: 5, asOf: at(61), changed: [boardService()], figures });
    const once = applyDelta(before, delta).state;
    expect(once.minute).toBe(minute);
    expect(once.services.get('mail')).toMatchObject({ uptime: '0.500000' });
    expect(once.services.get('mail')!.latencies.slice(-2)).toEqual([42, 7]);
    expect(once.services.get('mail')!.latencies).toHaveLength(30);
    expect(once.services.get('payroll')!.latencies.at(-1)).toBe(42);
    const twice = applyDelta(once, delta).state;
    expect(twice.services.get('mail')).toEqual(once.services.get('mail'));
  });

  it('shows a gap when a delta begins after what it holds, and keeps what it had', () => {
    const before = start();
    const late = deltaOf({ from: 6, seq: 7, changed: [boardService({ state: 'down' })] });
    expect(applyDelta(before, late)).toEqual({ state: before, gap: true });
  });
});

// ---- against every history -----------------------------------------------------------------------------------------

type Act = { key: string; kind: 'state' | 'rename' | 'remove'; value: number };
const keys = ['a', 'b', 'c', 'd'];
const states = ['up', 'down', 'degraded', 'unknown'] as const;
const acts = fc.array(
  fc.record<Act>({
    key: fc.constantFrom(...keys),
    kind: fc.constantFrom('state', 'rename', 'remove'),
    value: fc.integer({ min: 0, max: 3 }),
  }),
  { minLength: 1, maxLength: 25 },
);

/** The server's side: every version of the board, version n after act n. */
function historyOf(done: readonly Act[]): Map<string, BoardService>[] {
  const versions = [new Map(keys.map((key) => [key, boardService({ key, name: key })]))];
  for (const [index, { key, kind, value }] of done.entries()) {
    const next = new Map(versions[index]);
    if (kind === 'remove') next.delete(key);
    else {
      const base = next.get(key) ?? boardService({ key, name: key });
      next.set(key, kind === 'rename' ? { ...base, name: `${key}${value}` } : { ...base, state: states[value]! });
    }
    versions.push(next);
  }
  return versions;
}

function deltaBetween(
  versions: readonly Map<string, BoardService>[],
  done: readonly Act[],
  from: number,
  seq: number,
): BoardDelta {
  const touched = new Set(done.slice(from, seq).map(({ key }) => key));
  const now = versions[seq]!;
  return deltaOf({
    from,
    seq,
    asOf: at(seq),
    changed: [...touched].flatMap((key) => now.get(key) ?? []),
    removed: [...touched].filter((key) => !now.has(key)),
  });
}

const shownBy = ({ services, roster }: BoardState): BoardService[] => roster.map((key) => services.get(key)!);

describe('any stream of snapshots and overlapping deltas', () => {
  it('ends equal to the snapshot of the end, gaps being healed by snapshots', () => {
    const cuts = fc.array(fc.record({ from: fc.nat(30), length: fc.nat(6), asSnapshot: fc.boolean() }), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(acts, cuts, (done, messages) => {
        const versions = historyOf(done);
        const end = done.length;
        let state = applySnapshot(snapshotOf(0, [...versions[0]!.values()]));
        for (const { from, length, asSnapshot } of messages) {
          const begin = Math.min(from, end);
          const seq = Math.min(begin + length, end);
          const isSnapshot = asSnapshot && seq >= state.seq;
          const folded = isSnapshot
            ? { state: applySnapshot(snapshotOf(seq, [...versions[seq]!.values()])), gap: false }
            : applyDelta(state, deltaBetween(versions, done, begin, seq));
          expect(folded.gap).toBe(!isSnapshot && begin > state.seq);
          expect(folded.gap && folded.state !== state).toBe(false);
          state = folded.state;
          const truth = applySnapshot(snapshotOf(state.seq, [...versions[state.seq]!.values()]));
          expect(shownBy(state)).toEqual(shownBy(truth));
        }
        const last = applyDelta(state, deltaBetween(versions, done, state.seq, end));
        expect(last.gap).toBe(false);
        const truth = applySnapshot(snapshotOf(end, [...versions[end]!.values()]));
        expect(last.state.seq).toBe(end);
        expect(shownBy(last.state)).toEqual(shownBy(truth));
      }),
    );
  });

  it('folds a delta twice as once', () => {
    fc.assert(
      fc.property(acts, fc.nat(24), (done, cut) => {
        const versions = historyOf(done);
        const seq = Math.min(cut, done.length);
        const delta = deltaBetween(versions, done, 0, seq);
        const once = applyDelta(applySnapshot(snapshotOf(0, [...versions[0]!.values()])), delta).state;
        expect(shownBy(applyDelta(once, delta).state)).toEqual(shownBy(once));
      }),
    );
  });
});
