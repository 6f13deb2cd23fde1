import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ServiceHours } from '../../../server/domain/calendar.ts';
import { warningPercents } from '../../../server/domain/deadline-clock.ts';
import { hourMs, minuteMs } from '../../../server/domain/durations.ts';
import {
  byPress,
  incidentClock,
  judgedClock,
  nextUpdateMs,
  type ClockedCourse,
} from '../../../server/domain/incident-clocks.ts';
import { severityAmong, severityUnder, usualSeverities } from '../../../server/domain/incident-severity.ts';
import { openingOf, weekdays } from '../../../server/domain/opening.ts';

const office = new ServiceHours({
  timeZone: 'Europe/Berlin',
  week: Object.fromEntries(
    weekdays.map((day, index) => [day, index < 5 ? [openingOf('08:00-18:00')!] : []]),
  ) as unknown as ConstructorParameters<typeof ServiceHours>[0]['week'],
  holidays: () => new Set(),
  exceptions: new Map(),
});
const monday = Date.parse('2026-10-05T06:00:00Z');
const course = (more: Partial<ClockedCourse> = {}): ClockedCourse => ({
  clockedMs: monday,
  respondedMs: null,
  resolvedMs: null,
  pauses: [],
  ...more,
});
const terms = { limitMs: 4 * hourMs, hours: office, pausedBy: ['customer'] };

/** Instants of a week around the change to winter time, and waits in rising order. */
const anyCourse = fc
  .record({
    startMs: fc.integer({ min: 0, max: 72 * 60 }),
    gaps: fc.array(fc.tuple(fc.integer({ min: 1, max: 600 }), fc.integer({ min: 1, max: 600 })), { maxLength: 3 }),
    reasons: fc.array(fc.constantFrom('customer', 'supplier', 'resolved'), { minLength: 3, maxLength: 3 }),
    isOpen: fc.boolean(),
    respondedAfter: fc.option(fc.integer({ min: 0, max: 3_000 })),
    resolvedAfter: fc.option(fc.integer({ min: 1, max: 3_000 })),
    nowAfter: fc.integer({ min: 0, max: 6_000 }),
  })
  .map(({ startMs, gaps, reasons, isOpen, respondedAfter, resolvedAfter, nowAfter }) => {
    const clockedMs = Date.parse('2026-10-23T06:00:00Z') + startMs * minuteMs;
    let atMs = clockedMs;
    const pauses = gaps.map(([waitAfter, wait], index) => {
      const fromMs = atMs + waitAfter * minuteMs;
      atMs = fromMs + wait * minuteMs;
      return { fromMs, toMs: atMs, reason: reasons[index]! };
    });
    const last = pauses.at(-1);
    if (last && isOpen) last.toMs = Infinity;
    const resolvedMs = resolvedAfter === null || (last && isOpen) ? null : atMs + resolvedAfter * minuteMs;
    const respondedMs = respondedAfter === null ? resolvedMs : clockedMs + respondedAfter * minuteMs;
    return { course: { clockedMs, respondedMs, resolvedMs, pauses }, nowMs: clockedMs + nowAfter * minuteMs };
  });
const anyTerms = fc.record({
  limitMs: fc.integer({ min: 1, max: 40 * 60 }).map((minutes) => minutes * minuteMs),
  hours: fc.constantFrom(office, null),
  pausedBy: fc.constantFrom(['customer'], ['customer', 'supplier'], []),
});
const name = fc.constantFrom('response' as const, 'resolution' as const);

describe('the clocks of an incident', () => {
  it('agree with what objectives judge, and warn in order until they are due', () => {
    fc.assert(
      fc.property(anyCourse, anyTerms, name, ({ course: one, nowMs }, promised, which) => {
        const shown = incidentClock(which, one, promised, nowMs);
        const judged = judgedClock(which, one, promised, nowMs);
        expect(shown.state).toBe(judged.state === 'missed' ? 'breached' : judged.state);
        expect([shown.dueMs, shown.elapsedMs, shown.decidedMs]).toEqual([
          judged.dueMs,
          judged.elapsedMs,
          judged.decidedMs,
        ]);
        expect(shown.leftMs).toBe(promised.limitMs - shown.elapsedMs);
        const warned = shown.warnings.flatMap(({ atMs }) => atMs ?? []);
        expect(warned).toEqual(warned.toSorted((a, b) => a - b));
        if (shown.state === 'running') expect(shown.warnings.at(-1)!.atMs).toBe(shown.dueMs);
        if (shown.state === 'breached') expect(shown.warnings.map(({ atMs }) => atMs)).not.toContain(null);
      }),
    );
  });

  it('have spent the share that each warning says at its instant', () => {
    fc.assert(
      fc.property(anyCourse, anyTerms, name, ({ course: one, nowMs }, promised, which) => {
        const { warnings } = incidentClock(which, one, promised, nowMs);
        for (const { percent, atMs } of warnings) {
          if (atMs === null || atMs > nowMs) continue;
          const { elapsedMs } = incidentClock(which, one, promised, atMs);
          expect(elapsedMs).toBe(Math.ceil((promised.limitMs * percent) / 100));
        }
      }),
    );
  });

  it('count while they say that they tick, and stand still otherwise', () => {
    fc.assert(
      fc.property(anyCourse, anyTerms, name, ({ course: one, nowMs }, promised, which) => {
        const { isTicking, elapsedMs } = incidentClock(which, one, promised, nowMs);
        const afterwards = incidentClock(which, one, promised, nowMs + 1);
        expect(afterwards.elapsedMs - elapsedMs).toBe(isTicking ? 1 : 0);
      }),
    );
  });

  it.each([
    ['in support hours, until they end', monday + hourMs, true, monday + 10 * hourMs],
    ['not in the evening, until the morning', monday + 12 * hourMs, false, monday + 24 * hourMs],
    ['not at the very end of the day', monday + 10 * hourMs, false, monday + 24 * hourMs],
    ['not at the weekend, until Monday', monday + 5 * 24 * hourMs, false, monday + 7 * 24 * hourMs],
  ])('tick %s', (_, nowMs, isTicking, turnMs) => {
    expect(incidentClock('response', course(), terms, nowMs)).toMatchObject({ isTicking, turnMs });
    const waiting = course({ pauses: [{ fromMs: monday, toMs: Infinity, reason: 'customer' }] });
    for (const stopped of [waiting, course({ resolvedMs: monday + 60_000 })])
      expect(incidentClock('resolution', stopped, terms, nowMs)).toMatchObject({ isTicking: false, turnMs: null });
    const always = { ...terms, hours: null };
    expect(incidentClock('response', course(), always, nowMs)).toMatchObject({ isTicking: true, turnMs: null });
  });

  it('of response never pause, and those of resolution do for what the agreement lists', () => {
    const pauses = [
      { fromMs: monday + hourMs, toMs: monday + 2 * hourMs, reason: 'supplier' },
      { fromMs: monday + 2 * hourMs, toMs: Infinity, reason: 'customer' },
    ];
    const nowMs = monday + 3 * hourMs;
    expect(incidentClock('response', course({ pauses }), terms, nowMs)).toMatchObject({
      state: 'running',
      elapsedMs: 3 * hourMs,
    });
    const resolution = incidentClock('resolution', course({ pauses }), terms, nowMs);
    expect(resolution).toMatchObject({ state: 'paused', elapsedMs: 2 * hourMs, dueMs: null, leftMs: 2 * hourMs });
    expect(resolution.warnings.map(({ atMs }) => atMs)).toEqual([monday + 2 * hourMs, null, null, null]);
  });

  it('go on with the same resolution clock once it is opened again', () => {
    const pauses = [{ fromMs: monday + hourMs, toMs: monday + 6 * hourMs, reason: 'resolved' }];
    expect(incidentClock('resolution', course({ pauses }), terms, monday + 7 * hourMs)).toMatchObject({
      state: 'running',
      elapsedMs: 2 * hourMs,
      dueMs: monday + 9 * hourMs,
    });
  });

  it('stand in no state where nothing was promised, and tell the time all the same', () => {
    const promised = { ...terms, limitMs: null };
    const clock = incidentClock('resolution', course(), promised, monday + hourMs);
    expect(clock).toEqual({
      ...{ state: 'none', limitMs: null, dueMs: null, elapsedMs: hourMs, leftMs: null, decidedMs: null, warnings: [] },
      ...{ isTicking: false, turnMs: null },
    });
    expect(incidentClock('response', course(), terms, monday).warnings.map(({ percent }) => percent)).toEqual([
      ...warningPercents,
    ]);
  });

  it('press the more the sooner they are due, those that are breached first', () => {
    const soon = incidentClock('response', course(), { ...terms, limitMs: hourMs }, monday);
    const later = incidentClock('response', course(), terms, monday);
    const late = incidentClock('response', course(), { ...terms, limitMs: hourMs }, monday + 2 * hourMs);
    expect([later, soon, late].toSorted(byPress)).toEqual([late, soon, later]);
  });

  it('of the next update begins anew with each, and ends with the resolution', () => {
    expect(nextUpdateMs(course(), null, 1)).toBe(monday + 30 * minuteMs);
    expect(nextUpdateMs(course(), monday + hourMs, 1)).toBe(monday + 90 * minuteMs);
    expect(nextUpdateMs(course({ resolvedMs: monday + hourMs }), null, 1)).toBeNull();
  });
});

describe('the severity of an incident', () => {
  const rated = { severity: 4, impact: 1, urgency: 2, severityReason: null };
  const strict = [
    [1, 1, 1],
    [1, 1, 1],
    [1, 1, 1],
  ];

  it('follows from impact and urgency under each agreement, and where it was overridden is the same under all', () => {
    expect(severityUnder(usualSeverities, rated)).toBe(2);
    expect(severityUnder(strict, rated)).toBe(1);
    expect(severityUnder(strict, { ...rated, severityReason: 'The minister asks' })).toBe(4);
    expect(severityUnder(strict, { ...rated, urgency: null })).toBe(4);
  });

  it('is the most severe of all agreements, and the usual without any', () => {
    expect(severityAmong([usualSeverities, strict], rated)).toBe(1);
    expect(severityAmong([], rated)).toBe(2);
    expect(severityAmong([strict], { impact: 1, urgency: null })).toBeNull();
  });
});
