import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ServiceHours } from '../../../server/domain/calendar.ts';
import { openingOf, weekdays } from '../../../server/domain/opening.ts';
import { dayMs, hourMs, minuteMs } from '../../../server/domain/durations.ts';
import type { Combination, LineService } from '../../../server/domain/objective-line.ts';
import { periodOf } from '../../../server/domain/period.ts';
import {
  compareRatios,
  floorNumber,
  percentText,
  ratioOf,
  ratioOfPercent,
  subtractRatio,
} from '../../../server/domain/ratio.ts';
import { serviceStates, type ServiceState } from '../../../server/domain/service-state.ts';
import { evaluateTime, isBadUntil, type TimeFrame, type TimeObjective } from '../../../server/domain/time-objective.ts';

const forever = { fromMs: -Infinity, toMs: Infinity };
const objective = (more: Partial<TimeObjective> = {}): TimeObjective => ({
  target: ratioOfPercent('99.9'),
  combine: 'any-down',
  counting: { degraded: 'good', unknown: 'excluded', minimumOutageMs: 0 },
  minimumCoverage: ratioOfPercent('95'),
  ...more,
});
const berlin = (label: string) => periodOf(label, 'Europe/Berlin')!;
const frame = (label: string, more: Partial<TimeFrame> = {}): TimeFrame => ({
  period: berlin(label),
  isRolling: false,
  effective: forever,
  hours: null,
  nowMs: berlin(label).toMs,
  ...more,
});
/** A service that is up but for some outages: beginnings as texts, lengths in minutes. */
function service(
  outages: readonly (readonly [string, number, ServiceState?])[],
  more: Partial<LineService> = {},
): LineService {
  const timeline: LineService['timeline'][number][] = [];
  let atMs = Date.parse('2020-01-01T00:00:00Z');
  for (const [from, minutes, state = 'down'] of outages) {
    const fromMs = Date.parse(from);
    timeline.push({ fromMs: atMs, toMs: fromMs, state: 'up', reason: 0 });
    atMs = fromMs + minutes * minuteMs;
    timeline.push({ fromMs, toMs: atMs, state, reason: 4 });
  }
  return {
    key: 'payroll',
    sinceMs: -Infinity,
    timeline: [...timeline, { fromMs: atMs, toMs: null, state: 'up', reason: 0 }],
    exclusions: [],
    ...more,
  };
}
const office = new ServiceHours({
  timeZone: 'Europe/Berlin',
  week: Object.fromEntries(
    weekdays.map((day, index) => [day, index < 5 ? [openingOf('08:00-18:00')!] : []]),
  ) as unknown as ConstructorParameters<typeof ServiceHours>[0]['week'],
  holidays: () => new Set(),
  exceptions: new Map(),
});

describe('availability of a month', () => {
  it.each([
    ['2026-03', 743],
    ['2026-10', 745],
    ['2026-12', 744],
    ['2028-02', 696],
  ])('%s is judged over its %d real hours', (label, hours) => {
    const { figures, budget } = evaluateTime(objective(), frame(label), [service([])]);
    expect(figures.agreedMs).toBe(hours * hourMs);
    expect(Number(budget.numerator) / Number(budget.denominator)).toBeCloseTo((hours * hourMs) / 1_000, 3);
  });

  it('is missed by a minute more than the budget and met by exactly the budget', () => {
    // 744 h at 99.9 %: 44 min 38.4 s.
    const of = (minutes: number) =>
      evaluateTime(objective(), frame('2026-12'), [service([['2026-12-05T10:00:00Z', minutes]])]);
    expect(of(44.64).verdict).toBe('met');
    expect(of(44.64).left.numerator).toBe(0);
    expect(of(45).verdict).toBe('missed');
    expect(percentText(of(45).attained!, 4, 'down')).toBe('99.8991');
  });

  it('in office hours leaves out the nights, and what began before them counts from their beginning', () => {
    const night = service([['2026-12-07T05:00:00Z', 150]]);
    const { figures } = evaluateTime(objective(), frame('2026-12', { hours: office }), [night]);
    expect(figures.badMs).toBe(30 * minuteMs);
    expect(figures.agreedMs).toBe(23 * 10 * hourMs);
  });

  it('leaves out maintenance, whatever happened in it, and counts the overrun', () => {
    const fromMs = Date.parse('2026-12-06T01:00:00Z');
    const exclusions = [{ fromMs, toMs: fromMs + 2 * hourMs, cause: 'maintenance' as const, key: 'patch' }];
    const patched = service([['2026-12-06T01:30:00Z', 120]], { exclusions });
    const { figures } = evaluateTime(objective(), frame('2026-12'), [patched]);
    expect([figures.excludedMs, figures.badMs]).toEqual([2 * hourMs, 30 * minuteMs]);
  });

  it('counts a service that came in the middle from then on', () => {
    const sinceMs = Date.parse('2026-12-16T23:00:00Z');
    const { figures, coverage } = evaluateTime(objective(), frame('2026-12'), [service([], { sinceMs })]);
    expect(figures.agreedMs).toBe(15 * dayMs);
    expect(percentText(coverage!, 2, 'down')).toBe('100.00');
  });

  it('counts an agreement that begins or ends in the middle for its part', () => {
    const effective = { fromMs: Date.parse('2026-12-09T23:00:00Z'), toMs: Date.parse('2026-12-19T23:00:00Z') };
    const { figures } = evaluateTime(objective(), frame('2026-12', { effective }), [service([])]);
    expect(figures.agreedMs).toBe(10 * dayMs);
  });

  it('that knows too little of its time is unproven, and what is unknown is neither good nor bad', () => {
    const blind = service([['2026-12-05T10:00:00Z', 3 * 24 * 60, 'unknown']]);
    const { figures, isProven, coverage, attained } = evaluateTime(objective(), frame('2026-12'), [blind]);
    expect(figures.measuredMs).toBe(28 * dayMs);
    expect([percentText(attained!, 2, 'down'), percentText(coverage!, 2, 'down'), isProven]).toEqual([
      '100.00',
      '90.32',
      false,
    ]);
  });

  it('averages services that are to be averaged', () => {
    const services = [service([['2026-12-05T10:00:00Z', 60]]), service([], { key: 'web' })];
    const { figures, lines } = evaluateTime(objective({ combine: 'average' }), frame('2026-12'), services);
    expect([figures.agreedMs, figures.badMs, lines.length]).toEqual([2 * 744 * hourMs, hourMs, 2]);
  });
});

describe('a running month', () => {
  const nowMs = Date.parse('2026-12-11T23:00:00Z');

  it('spends the budget of the whole month', () => {
    const { figures, budget, verdict } = evaluateTime(objective(), frame('2026-12', { nowMs }), [service([])]);
    expect([figures.agreedMs, figures.toComeMs]).toEqual([11 * dayMs, 20 * dayMs]);
    expect([floorNumber(budget), verdict]).toEqual([31 * 86_400, 'on-track']);
  });

  it('knows that maintenance which is announced does not come', () => {
    const fromMs = Date.parse('2026-12-20T01:00:00Z');
    const exclusions = [{ fromMs, toMs: fromMs + dayMs, cause: 'maintenance' as const, key: 'move' }];
    const { figures } = evaluateTime(objective(), frame('2026-12', { nowMs }), [service([], { exclusions })]);
    expect(figures.toComeMs).toBe(19 * dayMs);
  });

  it('is at risk when the burn of late ends the budget before the month, and says when', () => {
    const burning = service([['2026-12-11T20:00:00Z', 30]]);
    const result = evaluateTime(objective(), frame('2026-12', { nowMs }), [burning]);
    expect(result.verdict).toBe('at-risk');
    // 14 min 38.4 s are left, and 30 min went in the last tenth of the month, 74 h 24 min.
    expect(result.exhaustedAtMs).toBe(nowMs + (878_400 * 74.4 * 60) / 30);
    expect(percentText(result.burn!, 0, 'up')).toBe('673');
  });

  it('tells whether the budget is being used at that instant, or only was of late', () => {
    const losing = (from: string, minutes: number): boolean =>
      isBadUntil(evaluateTime(objective(), frame('2026-12', { nowMs }), [service([[from, minutes]])]).lines, nowMs);
    expect(losing('2026-12-11T22:40:00Z', 20)).toBe(true);
    expect(losing('2026-12-11T22:40:00Z', 19)).toBe(false);
  });

  it('is breached once nothing to come can repair it, and of rolling days only below its target', () => {
    const broken = [service([['2026-12-05T10:00:00Z', 45]])];
    expect(evaluateTime(objective(), frame('2026-12', { nowMs }), broken).verdict).toBe('breached');
    const rolling = { period: { fromMs: nowMs - 30 * dayMs, toMs: nowMs }, isRolling: true, nowMs };
    const result = evaluateTime(objective(), frame('2026-12', rolling), broken);
    expect([result.verdict, result.figures.toComeMs]).toEqual(['below-target', 0]);
  });

  it('has no data before anything was measured', () => {
    const result = evaluateTime(objective(), frame('2026-12', { nowMs }), [service([], { timeline: [] })]);
    expect([result.verdict, result.attained, result.isProven]).toEqual(['no-data', null, false]);
  });
});

describe('any objective over time', () => {
  const anyServices = fc.array(
    fc.record({
      key: fc.constantFrom('a', 'b', 'c'),
      sinceMs: fc.constant(-Infinity),
      timeline: fc
        .array(fc.tuple(fc.constantFrom(...serviceStates), fc.integer({ min: 1, max: 200 })), {
          minLength: 1,
          maxLength: 40,
        })
        .map((parts) => {
          let atMs = berlin('2026-10').fromMs - 100 * hourMs;
          return parts.map(([state, hours], index) => {
            const fromMs = atMs;
            atMs += hours * hourMs;
            return { fromMs, toMs: index === parts.length - 1 ? null : atMs, state, reason: 0 };
          });
        }),
      exclusions: fc.array(
        fc.tuple(fc.nat(745), fc.nat(30)).map(([hour, length]) => {
          const fromMs = berlin('2026-10').fromMs + hour * hourMs;
          return { fromMs, toMs: fromMs + length * hourMs, cause: 'maintenance' as const, key: 'x' };
        }),
        { maxLength: 5 },
      ),
    }),
    { minLength: 1, maxLength: 3 },
  );

  it('puts every agreed millisecond of a month with a long day into exactly one class', () => {
    fc.assert(
      fc.property(
        anyServices,
        fc.constantFrom<Combination>('any-down', 'all-down', 'average'),
        fc.boolean(),
        fc.integer({ min: -10, max: 760 }),
        (services, combine, isOffice, hour) => {
          const nowMs = berlin('2026-10').fromMs + hour * hourMs;
          const at = frame('2026-10', { nowMs, hours: isOffice ? office : null });
          const { figures, left, budget, lines } = evaluateTime(objective({ combine }), at, services);
          const count = combine === 'average' ? services.length : 1;
          const untilMs = Math.max(at.period.fromMs, Math.min(nowMs, at.period.toMs));
          const agreedMs = isOffice ? office.workingMs(at.period.fromMs, untilMs) : untilMs - at.period.fromMs;
          expect(figures.agreedMs).toBe(count * agreedMs);
          const { upMs, degradedMs, downMs, unknownMs, unmonitoredMs, excludedMs } = figures;
          expect(upMs + degradedMs + downMs + unknownMs + unmonitoredMs + excludedMs).toBe(figures.agreedMs);
          expect(figures.badMs).toBe(
            lines.flat().reduce((sum, piece) => sum + (piece.isBad ? piece.toMs - piece.fromMs : 0), 0),
          );
          expect(figures.measuredMs).toBeGreaterThanOrEqual(figures.badMs);
          expect(compareRatios(subtractRatio(budget, left), ratioOf(figures.badMs, 1))).toBe(0);
        },
      ),
    );
  });
});
