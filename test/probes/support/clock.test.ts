import { describe, expect, it } from 'vitest';
import { SteadyClock, type ClockSource } from '../../../probes/support/clock.ts';

const startMs = 1_800_000_000_000;
const hourMs = 3_600_000;

/** Two clocks that the test moves. */
class HeldClocks implements ClockSource {
  wall = startMs;
  monotonic = 5_000;
  wallMs = () => this.wall;
  monotonicMs = () => this.monotonic;
  pass(ms: number): void {
    this.wall += ms;
    this.monotonic += ms;
  }
}

const begin = () => {
  const clocks = new HeldClocks();
  return { clocks, steady: new SteadyClock(clocks) };
};

describe('steady time', () => {
  it('is the wall clock while that runs evenly', () => {
    const { clocks, steady } = begin();
    for (let second = 1; second <= 100; second += 1) {
      clocks.pass(1_000);
      expect(steady.now()).toBeCloseTo(startMs + second * 1_000, 3);
    }
    expect(steady.takeStep()).toBe(0);
  });

  it.each([hourMs, -hourMs])('absorbs a step of %i ms at one per cent and never goes back', (stepMs) => {
    const { clocks, steady } = begin();
    clocks.wall += stepMs;
    let before = steady.now();
    expect(before).toBe(startMs);
    for (let second = 1; second <= 600; second += 1) {
      clocks.pass(1_000);
      const now = steady.now();
      expect(now - before).toBeCloseTo(stepMs > 0 ? 1_010 : 990, 3);
      before = now;
    }
    expect(Math.abs(steady.offsetMs)).toBeCloseTo(hourMs - 6_000, 3);
    clocks.pass(hourMs * 100);
    expect(steady.now()).toBeCloseTo(clocks.wall, 3);
    expect(steady.offsetMs).toBeCloseTo(0, 3);
  });

  it('reports a step once, and small drift never', () => {
    const { clocks, steady } = begin();
    clocks.wall += hourMs;
    clocks.pass(1_000);
    expect(steady.takeStep()).toBeCloseTo(hourMs, 3);
    clocks.pass(1_000);
    expect(steady.takeStep()).toBe(0);
    for (let second = 0; second < 60; second += 1) {
      clocks.pass(1_000);
      clocks.wall += 20;
      expect(steady.takeStep()).toBe(0);
    }
  });

  it('is moved on to an instant that is taken, and not back', () => {
    const { clocks, steady } = begin();
    steady.notBefore(startMs + 40_000);
    expect(steady.now()).toBe(startMs + 40_000);
    steady.notBefore(startMs);
    clocks.pass(1_000);
    expect(steady.now()).toBeCloseTo(startMs + 40_990, 3);
  });
});
