import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matches, missesOf, type AlertLabels, type AlertMatcher } from '../../../server/domain/alert-matching.ts';
import { ServiceHours } from '../../../server/domain/calendar.ts';
import { hourMs, minuteMs } from '../../../server/domain/durations.ts';
import { escalationAt, escalationMoments } from '../../../server/domain/escalation.ts';
import { changeShare, isFlapping } from '../../../server/domain/flapping.ts';
import { pagesFrom } from '../../../server/domain/quiet-hours.ts';

const payroll: AlertLabels = {
  ...{ service: 'payroll', team: 'hr-it', agreements: ['hr-payroll', 'tax'], tags: ['sap'], tier: 1 },
  ...{ urgency: 'page', rule: 'service-down' },
};

describe('a matcher of labels', () => {
  it.each<[AlertMatcher, boolean]>([
    [{}, true],
    [{ service: [], tag: [] }, true],
    [{ service: ['payroll'] }, true],
    [{ service: ['crm', 'payroll'], tier: [1, 2] }, true],
    [{ service: ['payroll'], tier: [2] }, false],
    [{ agreement: ['tax'] }, true],
    [{ tag: ['sap', 'web'], urgency: ['page'], rule: ['service-down'], team: ['hr-it'] }, true],
    [{ rule: ['burn'] }, false],
  ])('%j fits: %s', (matcher, fits) => expect(matches(matcher, payroll)).toBe(fits));

  it('that names a service fits nothing that is about none', () => {
    expect(matches({ service: ['payroll'] }, { ...payroll, service: null })).toBe(false);
    expect(matches({ tier: [1] }, { ...payroll, tier: null })).toBe(false);
  });

  it('says of what it names all that does not fit', () => {
    const matcher = { service: ['payroll'], tier: [2, 3], tag: [], agreement: ['night'] };
    expect(missesOf(matcher, payroll)).toEqual([
      { field: 'agreement', asked: ['night'], has: ['hr-payroll', 'tax'] },
      { field: 'tier', asked: [2, 3], has: [1] },
    ]);
    expect(missesOf({ service: ['crm'] }, { ...payroll, service: null })).toEqual([
      { field: 'service', asked: ['crm'], has: [] },
    ]);
    expect(missesOf({ service: ['payroll'] }, payroll)).toEqual([]);
  });
});

describe('flapping', () => {
  const states = (text: string) => [...text];
  it('weighs 20 changes from 0.8 for the oldest to 1.2 for the newest, 20 in all', () => {
    expect(changeShare(states('ud'.repeat(11)))).toBeCloseTo(1, 10);
    expect(changeShare(states('u'.repeat(20) + 'd'))).toBeCloseTo(1.2 / 20, 10);
    expect(changeShare(states('d' + 'u'.repeat(20)))).toBeCloseTo(0.8 / 20, 10);
    expect(changeShare(states('ud'))).toBeCloseTo(1.2 / 20, 10);
    expect(changeShare([])).toBe(0);
  });

  it('begins at 30 %, and goes on until it is below 25 %', () => {
    const six = states('u'.repeat(15) + 'dududu');
    expect(changeShare(six)).toBeGreaterThan(0.3);
    expect([isFlapping(false, six), isFlapping(true, six)]).toEqual([true, true]);
    const five = states('u'.repeat(16) + 'dudud');
    expect([changeShare(five) > 0.25, changeShare(five) < 0.3]).toEqual([true, true]);
    expect([isFlapping(false, five), isFlapping(true, five)]).toEqual([false, true]);
    const four = states('u'.repeat(17) + 'dudu');
    expect([isFlapping(false, four), isFlapping(true, four)]).toEqual([false, false]);
  });

  it('ends for whatever rests', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('up', 'down'), { maxLength: 60 }), (before) => {
        const share = changeShare(before);
        expect(share).toBeGreaterThanOrEqual(0);
        expect(share).toBeLessThanOrEqual(1 + 1e-9);
        const rested = [...before, ...Array.from({ length: 21 }, () => 'up')];
        expect(isFlapping(true, rested)).toBe(false);
      }),
    );
  });
});

describe('quiet hours', () => {
  const opening = { fromMinute: 8 * 60, toMinute: 18 * 60 };
  const hours = new ServiceHours({
    timeZone: 'UTC',
    week: { mon: [opening], tue: [opening], wed: [opening], thu: [opening], fri: [opening], sat: [], sun: [] },
    holidays: () => new Set(),
    exceptions: new Map(),
  });
  const monday = Date.parse('2026-11-02T00:00:00Z');
  const at = (hour: number) => monday + hour * hourMs;
  const promised = (resolutionMs: number | null = null) => [{ hours, resolutionMs }];

  it('are none where nothing is promised, around the clock, and inside the hours', () => {
    expect(pagesFrom([], false, at(3))).toBe(at(3));
    expect(pagesFrom([...promised(), { hours: null, resolutionMs: null }], false, at(3))).toBe(at(3));
    expect(pagesFrom(promised(), false, at(9))).toBe(at(9));
  });

  it('end with the opening; for an outage of tier 1 so long before as it may take, an hour at least', () => {
    expect(pagesFrom(promised(4 * hourMs), false, at(3))).toBe(at(8));
    expect(pagesFrom(promised(), true, at(3))).toBe(at(7));
    expect(pagesFrom(promised(4 * hourMs), true, at(3))).toBe(at(4));
    expect(pagesFrom(promised(30 * minuteMs), true, at(3))).toBe(at(7));
    expect(pagesFrom(promised(6 * hourMs), true, at(3))).toBe(at(3));
    // Friday evening to Monday morning.
    expect(pagesFrom(promised(4 * hourMs), true, at(4 * 24 + 19))).toBe(at(7 * 24 + 4));
  });

  it('never put a page off beyond the next opening, nor before now', () => {
    const weekMs = 7 * 24 * hourMs;
    fc.assert(
      fc.property(fc.integer({ min: 0, max: weekMs }), fc.integer({ min: 0, max: 12 * hourMs }), (ms, targetMs) => {
        const nowMs = monday + ms;
        const [outage, other] = [true, false].map((isOutage) => pagesFrom(promised(targetMs), isOutage, nowMs));
        expect(outage!).toBeGreaterThanOrEqual(nowMs);
        expect(outage!).toBeLessThanOrEqual(other!);
        expect(hours.spans(other!, other! + 1)).toHaveLength(1);
        expect(hours.workingMs(nowMs, other!)).toBe(0);
      }),
    );
  });
});

describe('an escalation over time', () => {
  it('tells each step once, at its instant or at the first look after it', () => {
    const timing = fc.record({
      steps: fc
        .uniqueArray(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 5 })
        .map((all) => all.toSorted((a, b) => a - b).map((minutes) => ({ afterMs: minutes * minuteMs }))),
      repeat: fc.integer({ min: 0, max: 3 }),
      repeatAfterMs: fc.integer({ min: 1, max: 90 }).map((minutes) => minutes * minuteMs),
    });
    const looks = fc.array(fc.integer({ min: 0, max: 30 * 60_000 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(timing, looks, (policy, waits) => {
        const all = escalationMoments(policy, 0);
        const told: { atMs: number; lookMs: number }[] = [];
        let [nowMs, lastMs] = [0, null as number | null];
        for (const waitMs of waits) {
          nowMs += waitMs;
          const { due, nextMs } = escalationAt(policy, 0, lastMs, nowMs);
          told.push(...due.map(({ atMs }) => ({ atMs, lookMs: nowMs })));
          expect(nextMs).toBe(all.find(({ atMs }) => atMs > nowMs)?.atMs ?? null);
          lastMs = nowMs;
        }
        expect(told.map(({ atMs }) => atMs)).toEqual(all.map(({ atMs }) => atMs).filter((atMs) => atMs <= nowMs));
        expect(told.every(({ atMs, lookMs }) => atMs <= lookMs)).toBe(true);
      }),
    );
  });
});
