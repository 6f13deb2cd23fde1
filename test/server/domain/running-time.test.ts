import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hourMs } from '../../../server/domain/durations.ts';
import { ratioOfPercent } from '../../../server/domain/ratio.ts';
import { momentOf, timeCourse, type TimeCourse } from '../../../server/domain/running-time.ts';
import { evaluateTime, judgeTime, type TimeFrame, type TimeObjective } from '../../../server/domain/time-objective.ts';
import { anyLine, originMs } from '../../support/any-line.ts';

/** The frame at a later instant. */
function frameAt(frame: TimeFrame, nowMs: number): TimeFrame {
  const { fromMs, toMs } = frame.period;
  return { ...frame, nowMs, period: frame.isRolling ? { fromMs: fromMs + nowMs - toMs, toMs: nowMs } : frame.period };
}

/** What a course says at an instant, as the engine would put it. */
function told(course: TimeCourse, objective: TimeObjective, frame: TimeFrame) {
  const stretch = course.stretches.find(({ fromMs, toMs }) => fromMs <= frame.nowMs && frame.nowMs < toMs)!;
  const { tallies, also } = momentOf(stretch, course.ahead, objective.counting.unknown, frame.nowMs);
  return { judged: judgeTime(objective, frame, tallies), also };
}

describe('the course of an objective', () => {
  it('is at every instant ahead exactly what the engine makes of the same line then', () => {
    fc.assert(
      fc.property(
        anyLine,
        fc.integer({ min: 1, max: 90 }),
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 3, maxLength: 8 }),
        ({ objective, frame, services, tickMs }, horizon, shares) => {
          fc.pre(frame.isRolling || frame.nowMs < frame.period.toMs);
          const course = timeCourse({
            ...{ objective, frame, services, horizonMs: frame.nowMs + horizon * tickMs },
            alsoOf: (lines) => [lines.flat().filter(({ class: name }) => name === 'degraded')],
          });
          const { stretches } = course;
          const [first, last] = [stretches[0]!, stretches.at(-1)!];
          expect(first.fromMs).toBe(frame.nowMs);
          for (const [index, { toMs }] of stretches.slice(0, -1).entries())
            expect(stretches[index + 1]!.fromMs).toBe(toMs);
          const instants = [
            ...shares.map((share) => first.fromMs + Math.floor(share * (last.toMs - first.fromMs - 1))),
            ...stretches.flatMap(({ fromMs, toMs }) => [fromMs, toMs - 1]),
          ];
          for (const nowMs of instants) {
            const now = frameAt(frame, nowMs);
            const { lines: _, ...engine } = evaluateTime(objective, now, services);
            const { judged, also } = told(course, objective, now);
            expect(judged).toEqual(engine);
            expect(also).toEqual([engine.figures.degradedMs]);
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it('of a month that burns says when it runs out, though the hours of the month are not read again', () => {
    const objective: TimeObjective = {
      ...{ target: ratioOfPercent('99.9'), combine: 'any-down', minimumCoverage: ratioOfPercent('95') },
      counting: { degraded: 'good', unknown: 'excluded', minimumOutageMs: 0 },
    };
    const timeline = [
      { fromMs: 0, toMs: originMs, state: 'up', reason: 0 },
      { fromMs: originMs, toMs: originMs + 600_000, state: 'down', reason: 4 },
      { fromMs: originMs + 600_000, toMs: null, state: 'up', reason: 0 },
    ] as const;
    const services = [{ key: 'payroll', sinceMs: 0, timeline, exclusions: [] }];
    const frame: TimeFrame = {
      ...{ period: { fromMs: Date.parse('2026-10-01Z'), toMs: Date.parse('2026-11-01Z') }, isRolling: false },
      ...{ effective: { fromMs: -Infinity, toMs: Infinity }, hours: null, nowMs: originMs + hourMs },
    };
    const course = timeCourse({ objective, frame, services, horizonMs: frame.nowMs + 10 * hourMs, alsoOf: () => [] });
    expect(course.stretches).toHaveLength(1);
    const later = frameAt(frame, frame.nowMs + 9 * hourMs);
    const { exhaustedAtMs, verdict } = told(course, objective, later).judged;
    expect(verdict).toBe('at-risk');
    expect(exhaustedAtMs).toBe(evaluateTime(objective, later, services).exhaustedAtMs);
    expect(exhaustedAtMs).toBeGreaterThan(later.nowMs);
  });
});
