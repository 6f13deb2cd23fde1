import { describe, expect, it } from 'vitest';
import { ledgerChanges, overYearCap, type LedgerEntry, type LedgerOutcome } from '../../../server/domain/ledger.ts';

const credit = (amount: bigint, more: Partial<LedgerOutcome> = {}): LedgerOutcome => ({
  ...{
    place: 'credit availability 1',
    isWaiting: false,
    amount,
    currency: 'EUR',
    percent: '5',
    why: 'Missed',
    ...more,
  },
});
const standing = (state: LedgerEntry['state'], amount: bigint, more: Partial<LedgerEntry> = {}): LedgerEntry => ({
  ...{ ...credit(amount), id: 1, state, booked: 0n, ...more },
});
const nothing = (entry: LedgerEntry): LedgerOutcome => ({ ...entry, amount: 0n, isWaiting: false });
const changes = (newest: LedgerEntry[], wanted: LedgerOutcome[]) => {
  const { added, ended } = ledgerChanges(newest, wanted, nothing);
  return {
    ended,
    added: added.map(({ wanted: { amount }, supersedes, isOver, booked }) => ({ amount, supersedes, isOver, booked })),
  };
};
const none = { added: [], ended: [] };

describe('what a frozen report changes in the ledger', () => {
  it('is an entry for each consequence, once', () => {
    expect(changes([], [credit(500n)])).toEqual({
      added: [{ amount: 500n, supersedes: null, isOver: false, booked: 0n }],
      ended: [],
    });
    for (const state of ['proposed', 'contested', 'accepted', 'booked', 'waived', 'dismissed'] as const)
      expect(changes([standing(state, 500n)], [credit(500n)])).toEqual(none);
  });

  it('supersedes what a revision says otherwise, and keeps in mind what was booked for it', () => {
    const added = (booked: bigint) => ({ added: [{ amount: 200n, supersedes: 1, isOver: false, booked }], ended: [] });
    for (const state of ['proposed', 'accepted'] as const)
      expect(changes([standing(state, 500n)], [credit(200n)])).toEqual(added(0n));
    expect(changes([standing('booked', 500n)], [credit(200n)])).toEqual(added(500n));
    // Booked, revised, and revised again before the difference was booked.
    expect(changes([standing('proposed', 300n, { booked: 500n })], [credit(200n)])).toEqual(added(500n));
    expect(changes([standing('proposed', 500n)], [credit(500n, { percent: '15' })]).added).toHaveLength(1);
    expect(changes([standing('proposed', 500n)], [credit(500n, { currency: 'CHF' })]).added).toHaveLength(1);
  });

  it('tells anew why something is owed where nobody has answered it, and leaves what was answered', () => {
    const other = credit(500n, { why: 'Missed in 2 of the last 3 periods' });
    for (const state of ['waiting', 'proposed'] as const)
      expect(
        changes(
          [standing(state, 500n, { isWaiting: state === 'waiting' })],
          [{ ...other, isWaiting: state === 'waiting' }],
        ),
      ).toEqual({
        added: [{ amount: 500n, supersedes: 1, isOver: false, booked: 0n }],
        ended: [],
      });
    for (const state of ['contested', 'accepted', 'booked', 'waived', 'dismissed'] as const)
      expect(changes([standing(state, 500n)], [other])).toEqual(none);
  });

  it('ends what is gone; what was booked for it is booked back', () => {
    for (const state of ['waiting', 'proposed', 'contested', 'accepted'] as const)
      expect(changes([standing(state, 500n)], [])).toEqual({ added: [], ended: [1] });
    for (const state of ['waived', 'dismissed', 'superseded'] as const)
      expect(changes([standing(state, 500n)], [])).toEqual(none);
    const back = { added: [{ amount: 0n, supersedes: 1, isOver: false, booked: 500n }], ended: [] };
    expect(changes([standing('booked', 500n)], [])).toEqual(back);
    expect(changes([standing('proposed', 300n, { booked: 500n })], [])).toEqual(back);
    // That nothing is owed was said before.
    expect(changes([standing('proposed', 0n, { booked: 500n })], [])).toEqual(none);
    expect(changes([standing('booked', 0n, { booked: 500n })], [])).toEqual(none);
  });

  it('leaves what was decided alone where no more is asked for the same, as when the cap of a year takes of it', () => {
    for (const state of ['waived', 'dismissed'] as const) {
      expect(changes([standing(state, 500n)], [credit(200n)])).toEqual(none);
      expect(changes([standing(state, 500n)], [credit(501n)]).added).toHaveLength(1);
      expect(changes([standing(state, 500n)], [credit(200n, { percent: '2' })]).added).toHaveLength(1);
      // 300 more than what was booked: none of it is owed. That something goes back was never decided.
      expect(changes([standing(state, 500n, { booked: 200n })], [credit(300n)])).toEqual(none);
      expect(changes([standing(state, 500n, { booked: 200n })], [credit(100n)]).added).toHaveLength(1);
      // 300 need not go back: nor need 100, but 400 are more.
      expect(changes([standing(state, 200n, { booked: 500n })], [credit(400n)])).toEqual(none);
      expect(changes([standing(state, 200n, { booked: 500n })], [credit(100n)]).added).toHaveLength(1);
    }
  });

  it('follows again after it had ended', () => {
    expect(changes([standing('superseded', 500n)], [credit(500n)]).added).toEqual([
      { amount: 500n, supersedes: 1, isOver: true, booked: 0n },
    ]);
  });

  it('leaves what is settled alone while a new question is open', () => {
    const waiting = credit(500n, { isWaiting: true });
    for (const state of ['accepted', 'booked', 'done', 'waived', 'dismissed'] as const)
      expect(changes([standing(state, 500n)], [waiting])).toEqual(none);
    for (const state of ['proposed', 'contested'] as const)
      expect(changes([standing(state, 500n)], [waiting]).added).toHaveLength(1);
    // Waived while it waited: that the question is answered does not ask for it again.
    expect(changes([standing('waived', 500n, { isWaiting: true })], [credit(500n)])).toEqual(none);
    const action = { amount: null, currency: null, percent: null };
    const waivedAction = standing('waived', 0n, { ...action, isWaiting: true });
    expect(changes([waivedAction], [credit(0n, action)])).toEqual(none);
    expect(changes([standing('waiting', 500n, { isWaiting: true })], [waiting])).toEqual(none);
    expect(changes([standing('waiting', 500n, { isWaiting: true })], [credit(500n)]).added).toHaveLength(1);
  });
});

describe('the cap of a year', () => {
  const of = (id: number, fromMs: number, amount: bigint, yearCap: bigint | null = 1_000n) => ({
    ...{ id, fromMs, amount, yearCap },
  });

  it('leaves what fits, in order of time, and takes from the last', () => {
    expect(overYearCap([of(3, 30, 400n), of(1, 10, 400n), of(2, 20, 200n)])).toEqual([]);
    expect(overYearCap([of(3, 30, 400n), of(1, 10, 500n), of(2, 20, 300n)])).toEqual([{ id: 3, amount: 200n }]);
    expect(overYearCap([of(1, 10, 900n), of(2, 20, 300n), of(3, 30, 400n)])).toEqual([
      { id: 2, amount: 100n },
      { id: 3, amount: 0n },
    ]);
  });

  it('is that of the terms of each period', () => {
    expect(overYearCap([of(1, 10, 900n, null), of(2, 20, 300n, 1_000n), of(3, 30, 300n, null)])).toEqual([
      { id: 2, amount: 100n },
    ]);
  });
});
