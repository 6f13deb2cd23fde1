import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reasons, type Verdict } from '../../../probes/contract.ts';
import {
  expire,
  findAnchor,
  foldAttempt,
  foldAttempts,
  isInOrder,
  isSuspect,
  type Attempt,
  type Label,
  type SeriesStatus,
} from '../../../server/domain/series-status.ts';
import { clip, durations, replaceTail, type Interval } from '../../../server/domain/timeline.ts';

const everyMs = 30_000;
const reasonOf = { up: 0, degraded: 1, down: 42, unknown: 87 } satisfies Record<Verdict, number>;
const rule = { failures: 2, successes: 1 };

/** Re-checks come a second after each other. */
const attempt = (slot: number, verdict: Verdict, number = 0, rules = rule): Attempt => ({
  slotMs: slot * everyMs,
  attempt: number,
  atMs: slot * everyMs + number * 1_000,
  verdict,
  reason: reasonOf[verdict],
  everyMs,
  ...rules,
});

/** Folds one by one, as results arrive in order, and keeps the timeline as the database does. */
function live(attempts: readonly Attempt[]) {
  let status: SeriesStatus | null = null;
  let timeline: Interval<Label>[] = [];
  for (const each of attempts) {
    const folded = foldAttempts(status, [each]);
    status = folded.status;
    timeline = replaceTail(timeline, folded.tail);
  }
  return { status: status!, timeline };
}

const states = (attempts: readonly Attempt[]) =>
  live(attempts).timeline.map(({ fromMs, state }) => [fromMs / everyMs, state]);

describe('the status of a series', () => {
  it('starts an outage at the first failing slot once a second failure confirms it', () => {
    expect(states([attempt(0, 'up'), attempt(1, 'down')])).toEqual([[0, 'up']]);
    expect(states([attempt(0, 'up'), attempt(1, 'down'), attempt(2, 'down')])).toEqual([
      [0, 'up'],
      [1, 'down'],
    ]);
  });

  it('confirms by the re-check of the same slot', () => {
    const { status, timeline } = live([attempt(0, 'up'), attempt(1, 'down'), attempt(1, 'down', 1)]);
    expect(timeline.at(-1)).toEqual({ fromMs: everyMs, toMs: null, state: 'down', reason: reasonOf.down });
    expect(status.stable).toBe('down');
  });

  it('is suspect, and counts nothing, while a failure is not confirmed', () => {
    const { status } = live([attempt(0, 'up'), attempt(1, 'down')]);
    expect(isSuspect(status)).toBe(true);
    expect(status.label).toBe('up');
    expect(isSuspect(live([attempt(0, 'up'), attempt(1, 'down'), attempt(1, 'up', 1)]).status)).toBe(false);
  });

  it('forgets a failure that its re-check clears', () => {
    expect(states([attempt(0, 'up'), attempt(1, 'down'), attempt(1, 'up', 1), attempt(2, 'down')])).toEqual([
      [0, 'up'],
    ]);
  });

  it('begins an outage with a re-check that fails though its slot was good: what rests on it has failed', () => {
    const good = [attempt(0, 'up'), attempt(1, 'up')];
    const once = live([...good, attempt(1, 'down', 1)]);
    expect([isSuspect(once.status), once.status.label]).toEqual([true, 'up']);
    const from = everyMs + 1_000;
    const expected = [
      { fromMs: 0, toMs: from, state: 'up', reason: reasonOf.up },
      { fromMs: from, toMs: null, state: 'down', reason: reasonOf.down },
    ];
    expect(live([...good, attempt(1, 'down', 1), attempt(1, 'down', 2)]).timeline).toEqual(expected);
    expect(live([...good, attempt(1, 'down', 1), attempt(2, 'down')]).timeline).toEqual(expected);
    expect(isSuspect(live([...good, attempt(1, 'down', 1), attempt(1, 'up', 2)]).status)).toBe(false);
  });

  it('takes no re-check for a failure where nothing is known of the time at which it was run', () => {
    const late = { ...attempt(0, 'down', 1), atMs: everyMs };
    expect(isSuspect(live([attempt(0, 'up'), late]).status)).toBe(false);
    expect(isSuspect(live([attempt(0, 'up'), attempt(1, 'unknown'), attempt(1, 'down', 1)]).status)).toBe(false);
  });

  it('is up again from the first good slot, when as many as asked for agree', () => {
    const twice = { failures: 1, successes: 2 };
    expect(
      states([attempt(0, 'down', 0, twice), attempt(1, 'up', 0, twice), attempt(2, 'degraded', 0, twice)]),
    ).toEqual([
      [0, 'down'],
      [1, 'up'],
      [2, 'degraded'],
    ]);
    expect(states([attempt(0, 'down', 0, twice), attempt(1, 'up', 0, twice), attempt(2, 'down', 0, twice)])).toEqual([
      [0, 'down'],
    ]);
  });

  it('keeps unknown out of the count and out of the outage around it', () => {
    expect(states([attempt(0, 'up'), attempt(1, 'down'), attempt(2, 'unknown'), attempt(3, 'down')])).toEqual([
      [0, 'up'],
      [1, 'down'],
      [2, 'unknown'],
      [3, 'down'],
    ]);
  });

  it('is unknown where a slot is missing, neither up nor down', () => {
    expect(states([attempt(0, 'up'), attempt(3, 'up')])).toEqual([
      [0, 'up'],
      [1, 'unknown'],
      [3, 'up'],
    ]);
  });

  it('is unknown until the first failure ever is confirmed', () => {
    expect(states([attempt(0, 'down')])).toEqual([[0, 'unknown']]);
    expect(states([attempt(0, 'down'), attempt(1, 'down')])).toEqual([[0, 'down']]);
  });

  it('becomes unknown behind the last covered instant when it expires', () => {
    const { status, timeline } = live([attempt(0, 'up'), attempt(1, 'up')]);
    const tail: Parameters<typeof expire>[1] = [];
    expect(expire(status, tail).label).toBe('unknown');
    expect(replaceTail(timeline, tail).at(-1)).toEqual({
      fromMs: 2 * everyMs,
      toMs: null,
      state: 'unknown',
      reason: reasons['not-observed'].code,
    });
  });
});

const verdict = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Verdict>('up') },
  { weight: 5, arbitrary: fc.constant<Verdict>('down') },
  { weight: 1, arbitrary: fc.constant<Verdict>('degraded') },
  { weight: 1, arbitrary: fc.constant<Verdict>('unknown') },
);

/** A history: for some slots an own run and up to two re-checks, most after failures; with its confirmation rule. */
const history = fc
  .record({
    failures: fc.integer({ min: 1, max: 3 }),
    successes: fc.integer({ min: 1, max: 3 }),
    slots: fc.array(
      fc.record({ skip: fc.boolean(), verdict, rests: fc.nat(3), rechecks: fc.array(verdict, { maxLength: 2 }) }),
      {
        minLength: 1,
        maxLength: 40,
      },
    ),
  })
  .map(({ failures, successes, slots }) =>
    slots.flatMap(({ skip, verdict: own, rests, rechecks }, slot) => {
      if (skip && slot % 3 === 0) return [];
      const rules = { failures, successes };
      const isRechecked = own === 'down' || rests === 0;
      const again = isRechecked ? rechecks.map((each, index) => attempt(slot, each, index + 1, rules)) : [];
      return [attempt(slot, own, 0, rules), ...again];
    }),
  )
  .filter((attempts) => attempts.length > 0);

describe('any history', () => {
  it('folds the same one by one as in one piece', () => {
    fc.assert(
      fc.property(history, (attempts) => {
        const whole = foldAttempts(null, attempts);
        const { status, timeline } = live(attempts);
        expect(status).toEqual(whole.status);
        expect(timeline).toEqual(replaceTail([], whole.tail));
      }),
    );
  });

  it('has states that sum to its length', () => {
    fc.assert(
      fc.property(history, (attempts) => {
        const { status, timeline } = live(attempts);
        const fromMs = attempts[0]!.slotMs;
        const sum = [...durations(clip(timeline, fromMs, status.coveredUntilMs)).values()].reduce((a, b) => a + b, 0);
        expect(sum).toBe(status.coveredUntilMs - fromMs);
      }),
    );
  });

  it('never shows a slot without an observation as up or down, nor one that was not seen failing as down', () => {
    fc.assert(
      fc.property(history, (attempts) => {
        const { status, timeline } = live(attempts);
        const own = new Map(attempts.filter((each) => each.attempt === 0).map((each) => [each.slotMs, each.verdict]));
        const missing = reasons['not-observed'].code;
        for (const { fromMs, toMs, state, reason } of clip(timeline, 0, status.coveredUntilMs)) {
          for (let slotMs = Math.ceil(fromMs / everyMs) * everyMs; slotMs < toMs; slotMs += everyMs) {
            if (!own.has(slotMs) || own.get(slotMs) === 'unknown') expect(state).toBe('unknown');
            if (state === 'down' && attempts.every(({ successes }) => successes === 1))
              expect(own.get(slotMs)).toBe('down');
            if (reason === missing && fromMs === slotMs) expect(state).toBe('unknown');
          }
        }
      }),
    );
  });

  it('ends the same when a late attempt makes it be rebuilt from an anchor', () => {
    fc.assert(
      fc.property(history, fc.nat(), (attempts, choice) => {
        const late = attempts[choice % attempts.length]!;
        const inTime = attempts.filter((each) => each !== late);
        if (inTime.length === 0) return;
        const before = live(inTime);
        if (isInOrder(before.status, late.slotMs, late.attempt)) return;
        const anchor = findAnchor(attempts, late.slotMs);
        const rest = anchor ? attempts.slice(anchor.next) : attempts;
        const rebuilt = foldAttempts(anchor?.status ?? null, rest);
        const tail = anchor
          ? [{ fromMs: anchor.status.lastSlotMs, state: anchor.status.label, reason: 0 }, ...rebuilt.tail]
          : rebuilt.tail;
        const expected = live(attempts);
        expect(rebuilt.status).toEqual(expected.status);
        const shape = (timeline: Interval<Label>[]) =>
          timeline.map(({ fromMs, toMs, state }) => ({ fromMs, toMs, state }));
        expect(shape(replaceTail(before.timeline, tail))).toEqual(shape(expected.timeline));
      }),
      { numRuns: 1_000 },
    );
  });

  it('does not change the status it is given', () => {
    const { status } = live([attempt(0, 'up'), attempt(1, 'down')]);
    const copy = structuredClone(status);
    foldAttempt(status, attempt(2, 'down'), []);
    expect(status).toEqual(copy);
  });
});
