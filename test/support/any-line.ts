/** Random small cases of objectives over time: everything happens at whole ticks around an origin. */
import fc from 'fast-check';
import { ServiceHours } from '../../server/domain/calendar.ts';
import { minuteMs } from '../../server/domain/durations.ts';
import type { Combination, LineService } from '../../server/domain/objective-line.ts';
import { weekdays } from '../../server/domain/opening.ts';
import { ratioOfPercent } from '../../server/domain/ratio.ts';
import { serviceStates } from '../../server/domain/service-state.ts';
import type { TimeFrame, TimeObjective } from '../../server/domain/time-objective.ts';

export interface AnyLine {
  objective: TimeObjective;
  frame: TimeFrame;
  services: LineService[];
  tickMs: number;
}

export const originMs = Date.parse('2026-10-05T00:00:00Z');
/** Open in the minutes 3 to 9 and 14 to 31 of every day. */
export const shortHours = new ServiceHours({
  timeZone: 'UTC',
  week: Object.fromEntries(
    weekdays.map((day) => [
      day,
      [
        { fromMinute: 3, toMinute: 9 },
        { fromMinute: 14, toMinute: 31 },
      ],
    ]),
  ) as unknown as ConstructorParameters<typeof ServiceHours>[0]['week'],
  holidays: () => new Set(),
  exceptions: new Map(),
});

const anyTick = (min: number, max: number) => fc.integer({ min, max });

/** Cases at ticks of a millisecond, around the clock, or of a minute, in service hours. */
export const anyLine: fc.Arbitrary<AnyLine> = fc
  .record({
    isTimed: fc.boolean(),
    isRolling: fc.boolean(),
    from: anyTick(0, 20),
    length: anyTick(1, 60),
    now: anyTick(1, 75),
    effective: fc.tuple(anyTick(-30, 40), fc.option(anyTick(1, 90))),
    target: fc.constantFrom('50', '80', '95', '99.9'),
    combine: fc.constantFrom<Combination>('any-down', 'all-down', 'average'),
    degraded: fc.constantFrom('good' as const, 'bad' as const),
    unknown: fc.constantFrom('excluded' as const, 'good' as const, 'bad' as const),
    minimum: fc.nat(5),
    services: fc.array(
      fc.record({
        since: fc.oneof(fc.constant(-1_000), anyTick(-10, 30)),
        states: fc.array(fc.tuple(fc.constantFrom(...serviceStates), anyTick(1, 25)), { minLength: 1, maxLength: 8 }),
        excluded: fc.array(fc.tuple(anyTick(-20, 80), anyTick(0, 15)), { maxLength: 3 }),
      }),
      { minLength: 1, maxLength: 3 },
    ),
  })
  .map((given): AnyLine => {
    const tickMs = given.isTimed ? minuteMs : 1;
    const at = (tick: number): number => originMs + tick * tickMs;
    // Of rolling days the window ends now, as long as it is; else now lies anywhere from its first instant on.
    const now = given.isRolling ? given.now : given.from + given.now;
    const period = given.isRolling
      ? { fromMs: at(now - given.length), toMs: at(now) }
      : { fromMs: at(given.from), toMs: at(given.from + given.length) };
    const [effectiveFrom, effectiveLength] = given.effective;
    return {
      tickMs,
      objective: {
        ...{ target: ratioOfPercent(given.target), combine: given.combine, minimumCoverage: ratioOfPercent('95') },
        counting: {
          ...{ degraded: given.degraded, unknown: given.unknown, minimumOutageMs: given.minimum * tickMs },
        },
      },
      frame: {
        ...{ period, isRolling: given.isRolling, hours: given.isTimed ? shortHours : null, nowMs: at(now) },
        effective: {
          fromMs: at(effectiveFrom),
          toMs: effectiveLength === null ? Infinity : at(effectiveFrom + effectiveLength),
        },
      },
      services: given.services.map(({ since, states, excluded }, index) => {
        let tick = -40;
        // What lies ahead is not known yet: the last state that has begun goes on.
        const known = states
          .map(([state, length]) => {
            const from = tick;
            tick += length;
            return { state, from, to: tick };
          })
          .filter(({ from }, place) => place === 0 || from < now);
        return {
          key: `service-${index}`,
          sinceMs: at(since),
          timeline: known.map(({ state, from, to }, place) => ({
            ...{ fromMs: at(from), toMs: place === known.length - 1 ? null : at(to), state, reason: 0 },
          })),
          exclusions: excluded.map(([from, length]) => ({
            ...{ fromMs: at(from), toMs: at(from + length), cause: 'maintenance' as const, key: 'patch' },
          })),
        };
      }),
    };
  });
