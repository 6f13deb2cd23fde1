import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ServiceHours } from '../../../server/domain/calendar.ts';
import { openingOf, weekdays } from '../../../server/domain/opening.ts';
import { hourMs } from '../../../server/domain/durations.ts';
import type { Exclusion, LineCounting, LineService } from '../../../server/domain/objective-line.ts';
import { evaluateOutages, type OutageLimit, type OutageObjective } from '../../../server/domain/outage-objective.ts';
import { percentText, ratioOf, ratioOfPercent, type Ratio } from '../../../server/domain/ratio.ts';
import { serviceStates, type ServiceState } from '../../../server/domain/service-state.ts';
import type { TimeFrame } from '../../../server/domain/time-objective.ts';

/** Hours are counted from the beginning of a Monday of UTC. */
const mondayMs = Date.parse('2026-10-05T00:00:00Z');
const at = (hour: number) => mondayMs + hour * hourMs;
const office = new ServiceHours({
  timeZone: 'UTC',
  week: Object.fromEntries(
    weekdays.map((day, index) => [day, index < 5 ? [openingOf('08:00-18:00')!] : []]),
  ) as unknown as ConstructorParameters<typeof ServiceHours>[0]['week'],
  holidays: () => new Set(),
  exceptions: new Map(),
});
const openHours = new Set(
  Array.from({ length: 400 }, (_, index) => index - 100).filter((hour) => office.workingMs(at(hour), at(hour + 1)) > 0),
);
const isOpen = (hour: number) => openHours.has(hour);

const plain: LineCounting = { degraded: 'good', unknown: 'excluded', minimumOutageMs: 0 };
const objective = (limit: OutageLimit, more: Partial<OutageObjective> = {}): OutageObjective => ({
  combine: 'any-down',
  counting: plain,
  minimumCoverage: ratioOfPercent('95'),
  limit,
  ...more,
});
const frame = (fromHour: number, toHour: number, more: Partial<TimeFrame> = {}): TimeFrame => ({
  period: { fromMs: at(fromHour), toMs: at(toHour) },
  isRolling: false,
  effective: { fromMs: -Infinity, toMs: Infinity },
  hours: null,
  nowMs: at(10_000),
  ...more,
});
/** Up but for outages, as hours from and to; one without an end is open. */
function service(outages: readonly (readonly [number, number?])[], more: Partial<LineService> = {}): LineService {
  const timeline: LineService['timeline'][number][] = [];
  let fromMs: number | null = at(-5_000);
  for (const [from, to] of outages) {
    timeline.push({ fromMs: fromMs!, toMs: at(from), state: 'up', reason: 0 });
    fromMs = to === undefined ? null : at(to);
    timeline.push({ fromMs: at(from), toMs: fromMs, state: 'down', reason: 4 });
  }
  if (fromMs !== null) timeline.push({ fromMs, toMs: null, state: 'up', reason: 0 });
  return { key: 'payroll', sinceMs: -Infinity, timeline, exclusions: [], ...more };
}
const hours = ({ numerator, denominator }: Ratio) => Number(numerator) / Number(denominator) / hourMs;

describe('means over outages', () => {
  // ITIL Service Design, availability management: 5,020 hours with two breaks, of six and of fourteen hours.
  const itil = service([
    [100, 106],
    [2_000, 2_014],
  ]);
  it.each([
    ['to restore', { meanRestoreMs: 10 * hourMs }, 10, 'met'],
    ['to restore, a millisecond less allowed', { meanRestoreMs: 10 * hourMs - 1 }, 10, 'missed'],
    ['between failures', { meanBetweenMs: 2_500 * hourMs }, 2_500, 'met'],
    ['between failures, a millisecond more asked for', { meanBetweenMs: 2_500 * hourMs + 1 }, 2_500, 'missed'],
  ] as const)('%s are those of the book', (_what, limit, mean, verdict) => {
    const result = evaluateOutages(objective(limit), frame(0, 5_020), [itil]);
    expect([hours(result.reached!), result.verdict]).toEqual([mean, verdict]);
    expect(percentText(ratioOf(result.figures.upMs, result.figures.measuredMs), 2, 'down')).toBe('99.60');
  });

  it('are kept where nothing failed, and no data where nothing was measured', () => {
    const limit = { meanBetweenMs: hourMs };
    expect(evaluateOutages(objective(limit), frame(0, 100), [service([])])).toMatchObject({
      reached: null,
      verdict: 'met',
    });
    const unseen = service([], { timeline: [] });
    expect(evaluateOutages(objective(limit), frame(0, 100), [unseen]).verdict).toBe('no-data');
  });

  it('between failures are breached once the good time to come cannot bring them up', () => {
    const limit = { meanBetweenMs: 60 * hourMs };
    const at50 = frame(0, 100, { nowMs: at(50) });
    expect(evaluateOutages(objective(limit), at50, [service([[10, 11]])]).verdict).toBe('on-track');
    expect(
      evaluateOutages(objective(limit), at50, [
        service([
          [10, 11],
          [20, 21],
        ]),
      ]).verdict,
    ).toBe('breached');
  });

  it('to restore may come down again while the period runs', () => {
    const limit = { meanRestoreMs: hourMs };
    const result = evaluateOutages(objective(limit), frame(0, 100, { nowMs: at(50) }), [service([[10, 12]])]);
    expect(result.verdict).toBe('below-target');
  });
});

describe('the longest outage', () => {
  const longest = objective({ longestMs: 4 * hourMs });
  it('is measured whole, across the end of a period, and counts where it became too long', () => {
    const long = [service([[95, 100]])];
    expect(evaluateOutages(longest, frame(0, 98), long)).toMatchObject({ verdict: 'met', reached: null });
    const next = evaluateOutages(longest, frame(98, 200), long);
    expect([next.verdict, next.outages[0]!.badMs, next.outages[0]!.decidedMs]).toEqual(['missed', 5 * hourMs, at(99)]);
  });

  it('of exactly the limit is good', () => {
    const result = evaluateOutages(longest, frame(0, 98), [service([[10, 14]])]);
    expect([result.verdict, result.figures.outages, hours(result.reached!)]).toEqual(['met', 1, 4]);
  });

  it('goes on through closed hours, which do not count', () => {
    // Friday at four in the afternoon to Monday at nine: three hours of service.
    const weekend = [service([[4 * 24 + 16, 7 * 24 + 9]])];
    const result = evaluateOutages(longest, frame(0, 240, { hours: office }), weekend);
    expect([result.figures.outages, hours(result.reached!), result.verdict]).toEqual([1, 3, 'met']);
  });

  it('goes on through maintenance, which is cut out', () => {
    const exclusions: Exclusion[] = [{ fromMs: at(12), toMs: at(14), cause: 'maintenance', key: 'patch' }];
    const result = evaluateOutages(longest, frame(0, 240), [service([[10, 16]], { exclusions })]);
    expect([result.figures.outages, hours(result.reached!), result.verdict]).toEqual([1, 4, 'met']);
    expect(result.outages[0]!.pieces.map(({ fromMs, toMs }) => [fromMs, toMs])).toEqual([
      [at(10), at(12)],
      [at(14), at(16)],
    ]);
  });

  it('that lasts is at risk at four fifths of its limit, and breached behind it', () => {
    const open = [service([[10]])];
    const verdict = (hour: number) => evaluateOutages(longest, frame(0, 240, { nowMs: at(hour) }), open).verdict;
    expect([verdict(13), verdict(13.2), verdict(14), verdict(14.1)]).toEqual([
      'on-track',
      'at-risk',
      'at-risk',
      'breached',
    ]);
  });
});

describe('the number of outages', () => {
  const atMost = (most: number) => objective({ atMost: most });
  it('counts each where it begins', () => {
    const two = [
      service([
        [-1, 2],
        [99, 101],
      ]),
    ];
    expect(evaluateOutages(atMost(1), frame(0, 100), two).reached!.numerator).toBe(1);
    expect(evaluateOutages(atMost(0), frame(0, 100), two)).toMatchObject({ verdict: 'missed', attained: null });
    expect(evaluateOutages(atMost(1), frame(0, 100), two).verdict).toBe('met');
  });

  it('leaves out what is forgiven as too short', () => {
    const short = objective({ atMost: 0 }, { counting: { ...plain, minimumOutageMs: hourMs } });
    expect(evaluateOutages(short, frame(0, 100), [service([[10, 10.9]])]).verdict).toBe('met');
    expect(evaluateOutages(short, frame(0, 100), [service([[10, 11]])]).verdict).toBe('missed');
  });
});

// ---- against a model that looks at every hour ------------------------------------------------------------------

const [firstHour, lastHour] = [-60, 260];
type Cells = (hour: number) => boolean;
const order: Record<'any-down' | 'all-down', readonly string[]> = {
  'any-down': ['down', 'unknown', 'degraded', 'up', 'excluded', 'unmonitored'],
  'all-down': ['up', 'degraded', 'unknown', 'down', 'excluded', 'unmonitored'],
};
const stateIn = ({ timeline }: LineService, hour: number): string =>
  timeline.find(({ fromMs, toMs }) => fromMs <= at(hour) && (toMs === null || toMs > at(hour)))?.state ?? 'unmonitored';
const isExcluded = ({ exclusions }: LineService, hour: number) =>
  exclusions.some(({ fromMs, toMs }) => fromMs <= at(hour) && toMs > at(hour));

/** Outages of the model: the hours that count of each, with its end; a run until the last hour is open. */
function naiveOutages(
  services: readonly LineService[],
  { combine, counting }: OutageObjective,
  isAgreed: Cells,
  now: number,
) {
  const together = (states: string[]) => order[combine].find((state) => states.includes(state))!;
  const isBadState = (state: string) =>
    state === 'down' ||
    (state === 'degraded' && counting.degraded === 'bad') ||
    (state === 'unknown' && counting.unknown === 'bad');
  const rawHours = new Set<number>();
  for (let hour = firstHour - 100; hour < lastHour + 100; hour += 1)
    if (isBadState(together(services.map((one) => stateIn(one, hour))))) rawHours.add(hour);
  const raw: Cells = (hour) => rawHours.has(hour);
  const line: Cells = (hour) =>
    isBadState(together(services.map((one) => (isExcluded(one, hour) ? 'excluded' : stateIn(one, hour)))));
  const isForgiven: Cells = (hour) => {
    if (!raw(hour)) return false;
    let [from, to] = [hour, hour + 1];
    while (from > firstHour - 100 && raw(from - 1)) from -= 1;
    while (to < lastHour + 100 && raw(to)) to += 1;
    return (to - from) * hourMs < counting.minimumOutageMs;
  };
  const isIn: Cells = (hour) => (raw(hour) || line(hour)) && !isForgiven(hour);
  const outages: { hours: number[]; end: number | null }[] = [];
  for (let hour = firstHour; hour < now; hour += 1) {
    if (!isIn(hour)) continue;
    const counted: number[] = [];
    for (; hour < now && isIn(hour); hour += 1) if (line(hour) && isAgreed(hour)) counted.push(hour);
    if (counted.length > 0) outages.push({ hours: counted, end: hour < now ? hour : null });
  }
  return outages;
}

const anyService = fc
  .tuple(
    fc.array(fc.tuple(fc.constantFrom<ServiceState>('up', 'down', ...serviceStates), fc.integer({ min: 1, max: 30 })), {
      minLength: 1,
      maxLength: 14,
    }),
    fc.array(fc.tuple(fc.integer({ min: -40, max: 220 }), fc.integer({ min: 1, max: 30 })), { maxLength: 3 }),
  )
  .map(([states, excluded]): LineService => {
    let hour = firstHour;
    const timeline = states.map(([state, length], index) => {
      const fromMs = at(hour);
      hour += length;
      return { fromMs, toMs: index === states.length - 1 ? null : at(hour), state, reason: 0 };
    });
    const exclusions = excluded.map(([from, length]): Exclusion => ({
      fromMs: at(from),
      toMs: at(from + length),
      cause: 'correction',
      key: '1',
    }));
    return { key: 'a', sinceMs: -Infinity, timeline, exclusions };
  });

describe('any outages', () => {
  it('agree with the model, whichever limit they have', () => {
    fc.assert(
      fc.property(
        fc.array(anyService, { minLength: 1, maxLength: 3 }),
        fc.record({
          combine: fc.constantFrom('any-down' as const, 'all-down' as const),
          degraded: fc.constantFrom('good' as const, 'bad' as const),
          unknown: fc.constantFrom('excluded' as const, 'good' as const, 'bad' as const),
          minimum: fc.nat(4),
          isOffice: fc.boolean(),
          from: fc.integer({ min: 0, max: 80 }),
          length: fc.integer({ min: 10, max: 120 }),
          effective: fc.integer({ min: -50, max: 90 }),
          now: fc.integer({ min: 20, max: 250 }),
          most: fc.nat(20),
        }),
        (services, given) => {
          const counting = {
            degraded: given.degraded,
            unknown: given.unknown,
            minimumOutageMs: given.minimum * hourMs,
          };
          const of = (limit: OutageLimit) => objective(limit, { combine: given.combine, counting });
          const period = frame(given.from, given.from + given.length, {
            nowMs: at(given.now),
            hours: given.isOffice ? office : null,
            effective: { fromMs: at(given.effective), toMs: Infinity },
          });
          const isAgreed: Cells = (hour) => hour >= given.effective && (!given.isOffice || isOpen(hour));
          const all = naiveOutages(services, of({ atMost: 0 }), isAgreed, given.now);
          const isHere = (hour: number | null): hour is number =>
            hour !== null &&
            hour >= Math.max(given.from, given.effective) &&
            hour < Math.min(given.from + given.length, given.now);

          const begun = all.filter((one) => isHere(one.hours[0]!));
          const number = evaluateOutages(of({ atMost: given.most }), period, services);
          if (number.figures.measuredMs === 0) {
            expect(number.verdict).toBe('no-data');
            return;
          }
          expect(number.figures.outages).toBe(begun.length);
          expect(number.left.numerator < 0n).toBe(begun.length > given.most);

          const between = evaluateOutages(of({ meanBetweenMs: given.most * hourMs }), period, services);
          const { measuredMs, badMs, toComeMs } = between.figures;
          expect(between.left.numerator < 0n).toBe(measuredMs - badMs + toComeMs < begun.length * given.most * hourMs);

          const over = all.filter(({ end }) => isHere(end));
          const restore = evaluateOutages(of({ meanRestoreMs: given.most * hourMs }), period, services);
          const total = over.reduce((sum, one) => sum + one.hours.length, 0);
          expect(restore.figures.outages).toBe(over.length);
          expect(restore.left.numerator < 0n).toBe(total > over.length * given.most);

          const tooLong = all.filter((one) => isHere(one.hours[given.most] ?? null));
          const inLimit = all.filter((one) => one.hours.length <= given.most && isHere(one.end));
          const longest = evaluateOutages(of({ longestMs: given.most * hourMs }), period, services);
          expect(longest.figures).toMatchObject({ outages: tooLong.length + inLimit.length, bad: tooLong.length });
        },
      ),
      { numRuns: 80 },
    );
  });
});
