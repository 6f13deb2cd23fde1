import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Verdict } from '../../../probes/contract.ts';
import {
  judgeService,
  probeState,
  serviceState,
  type Judged,
  type ServicePlan,
} from '../../../server/domain/service-state.ts';
import { replaceTail, stateAt, type Interval } from '../../../server/domain/timeline.ts';

const labels = (...states: Verdict[]): Judged<Verdict>[] => states.map((state) => ({ state, reason: 42 }));
const ofProbe = (quorum: number | null, ...states: Verdict[]) => probeState(labels(...states), quorum).state;

describe('the state of a probe', () => {
  it('follows its one location', () => {
    for (const state of ['up', 'degraded', 'down', 'unknown'] as const) expect(ofProbe(null, state)).toBe(state);
  });
  it('is down when a majority of the locations with fresh results say so', () => {
    expect(ofProbe(null, 'down', 'up', 'up')).toBe('up');
    expect(ofProbe(null, 'down', 'down', 'up')).toBe('down');
    expect(ofProbe(null, 'down', 'unknown', 'unknown')).toBe('down');
    expect(ofProbe(null, 'down', 'up')).toBe('up');
  });
  it('is down when the quorum is reached, and unknown when only silent locations could reach it', () => {
    expect(ofProbe(2, 'down', 'down', 'up')).toBe('down');
    expect(ofProbe(2, 'down', 'unknown', 'up')).toBe('unknown');
    expect(ofProbe(2, 'down', 'up', 'up')).toBe('up');
    expect(ofProbe(1, 'down', 'up', 'up')).toBe('down');
  });
  it('is never up or down without a fresh result', () => {
    expect(ofProbe(null, 'unknown', 'unknown')).toBe('unknown');
    expect(ofProbe(1, 'unknown')).toBe('unknown');
  });
  it('is degraded when most locations are slow or worse', () => {
    expect(ofProbe(null, 'degraded', 'down', 'up')).toBe('degraded');
    expect(ofProbe(null, 'degraded', 'up', 'up')).toBe('up');
  });
});

const part = (role: 'critical' | 'supporting', state: Verdict) => ({ role, judged: { state, reason: 42 } });
const critical = (...states: Verdict[]) => states.map((state) => part('critical', state));

describe('the state of a service', () => {
  it('is judged in the order down, unknown, degraded, up', () => {
    expect(serviceState([...critical('down', 'unknown')], null).state).toBe('down');
    expect(serviceState([...critical('up', 'unknown'), part('supporting', 'down')], null).state).toBe('unknown');
    expect(serviceState([...critical('up'), part('supporting', 'down')], null).state).toBe('degraded');
    expect(serviceState([...critical('up'), part('supporting', 'unknown')], null).state).toBe('degraded');
    expect(serviceState([...critical('up', 'degraded')], null).state).toBe('degraded');
    expect(serviceState([...critical('up', 'up')], null).state).toBe('up');
  });
  it('is unmonitored when there is nothing to measure', () => {
    expect(serviceState([], null).state).toBe('unmonitored');
  });
  it('is up while enough of its redundant parts are', () => {
    expect(serviceState(critical('up', 'up', 'up'), 2).state).toBe('up');
    expect(serviceState(critical('up', 'up', 'down'), 2).state).toBe('degraded');
    expect(serviceState(critical('up', 'down', 'down'), 2).state).toBe('down');
    expect(serviceState(critical('up', 'unknown', 'down'), 2).state).toBe('unknown');
  });
});

const verdicts = fc.constantFrom<Verdict>('up', 'degraded', 'down', 'unknown');
const timeline = fc
  .array(fc.record({ length: fc.integer({ min: 1, max: 20 }), state: verdicts }), { maxLength: 12 })
  .map((pieces) => {
    let fromMs = 0;
    return pieces.reduce<Interval<Verdict>[]>((sum, { length, state }) => {
      const next = replaceTail(sum, [{ fromMs, state, reason: 1 }]);
      fromMs += length;
      return next;
    }, []);
  });

describe('the timeline of a service', () => {
  const plans: ServicePlan[] = [
    { fromMs: 5, toMs: 60, atLeast: null, parts: [{ probeId: 1, role: 'critical', quorum: null, series: [1, 2] }] },
    { fromMs: 80, toMs: null, atLeast: null, parts: [{ probeId: 1, role: 'critical', quorum: 1, series: [1, 2] }] },
  ];

  it('equals, at every instant, the state made of the series at that instant', () => {
    fc.assert(
      fc.property(timeline, timeline, (one, two) => {
        const composed = replaceTail(
          [],
          judgeService(
            plans,
            new Map([
              [1, one],
              [2, two],
            ]),
            0,
          ),
        );
        for (let atMs = 0; atMs < 150; atMs += 1) {
          const plan = plans.find(({ fromMs, toMs }) => fromMs <= atMs && (toMs === null || toMs > atMs));
          const at = [one, two].map((line) => ({ state: stateAt(line, atMs) ?? 'unknown', reason: 0 }) as const);
          const expected = plan ? probeState(at, plan.parts[0]!.quorum).state : 'unmonitored';
          expect(stateAt(composed, atMs)).toBe(atMs < 5 ? undefined : expected);
        }
      }),
    );
  });

  it('is the same when only its end is composed anew', () => {
    fc.assert(
      fc.property(timeline, timeline, fc.integer({ min: 5, max: 140 }), (one, two, fromMs) => {
        const lines = new Map([
          [1, one],
          [2, two],
        ]);
        const whole = replaceTail([], judgeService(plans, lines, 0));
        const again = replaceTail(whole, judgeService(plans, lines, fromMs));
        const shape = (line: typeof whole) => line.map(({ fromMs: from, toMs, state }) => [from, toMs, state]);
        expect(shape(again)).toEqual(shape(whole));
      }),
    );
  });
});
