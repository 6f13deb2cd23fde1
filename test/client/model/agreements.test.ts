import { describe, expect, it } from 'vitest';
import type { ObjectiveResult } from '../../../server/contract/compliance.ts';
import { burnText, isFastBurn, objectiveName } from '../../../client/model/agreement-text.ts';
import { upstreamTexts } from '../../../server/contract/upstream-words.ts';
import { budgetLeft, tightest } from '../../../client/model/objective-budget.ts';
import { kindOfLabel, periodKindText, periodSteps, periodTitle } from '../../../client/model/period-step.ts';
import { verdictLooks, worstVerdict } from '../../../client/model/verdict-look.ts';

type Budget = ObjectiveResult['budget'];
const none: Budget = { seconds: null, leftSeconds: null, events: null, leftEvents: null, usedRatio: null };
const inSeconds = (seconds: number, leftSeconds: number, usedRatio: string | null) => ({
  budget: { ...none, seconds, leftSeconds, usedRatio },
});
const inEvents = (events: number, leftEvents: number, usedRatio: string | null) => ({
  budget: { ...none, events, leftEvents, usedRatio },
});

describe('the worst verdict', () => {
  it('is the one that deserves attention first', () => {
    const of = (...verdicts: ObjectiveResult['verdict'][]) => worstVerdict(verdicts.map((verdict) => ({ verdict })));
    expect(of('on-track', 'at-risk', 'met')).toBe('at-risk');
    expect(of('missed', 'breached', 'no-data')).toBe('breached');
    expect(of('on-track', 'no-data')).toBe('no-data');
    expect(of()).toBeNull();
  });

  it('has a shape and a word that no other verdict has', () => {
    const looks = Object.values(verdictLooks);
    expect(new Set(looks.map(({ icon }) => icon)).size).toBe(looks.length);
    expect(new Set(looks.map(({ word }) => word)).size).toBe(looks.length);
  });
});

describe('what is left of a budget', () => {
  it('is told in time or in misses, cut off so that it never flatters', () => {
    expect(budgetLeft(inSeconds(2_592, 1_692.9, '0.347222'))).toEqual({
      share: 1 - 0.347222,
      text: '28 min 12 s of 43 min 12 s left',
      isOver: false,
    });
    expect(budgetLeft(inEvents(3, 1, '0.666667'))?.text).toBe('1 miss of 3 misses left');
  });

  it('is nothing where it is overspent, by however little', () => {
    expect(budgetLeft(inSeconds(267.84, -572.16, '3.136201'))).toEqual({
      share: 0,
      text: '9 min 32 s over',
      isOver: true,
    });
    expect(budgetLeft(inSeconds(60, -0.001, '1.000017'))?.text).toBe('Just over');
  });

  it('tells that nothing may be missed from that there is no budget', () => {
    expect(budgetLeft(inEvents(0, 0, null))).toEqual({ share: 0, text: 'Nothing may be missed', isOver: false });
    expect(budgetLeft({ budget: none })).toBeNull();
  });

  it('is scarcest where the smallest share is left, overspent first', () => {
    const judged = { verdict: 'on-track' as const };
    const half = { ...judged, ...inSeconds(100, 50, '0.5') };
    const tenth = { ...judged, ...inEvents(10, 1, '0.9') };
    const over = { ...judged, ...inSeconds(10, -1, '1.1') };
    const unknown = { verdict: 'no-data' as const, ...inEvents(0, 0, null) };
    expect(tightest([half, tenth, unknown, { ...judged, budget: none }])).toBe(tenth);
    expect(tightest([half, over, tenth])).toBe(over);
    expect(tightest([unknown, { ...judged, budget: none }])).toBeNull();
  });
});

describe('the periods beside one', () => {
  const nowMs = Date.parse('2026-11-25T22:00:00Z');

  it('are those before and after it, and none that has not begun', () => {
    expect(periodSteps('month', 'Europe/Berlin', '2026-10', nowMs)).toEqual({
      previous: '2026-09',
      next: '2026-11',
      isPresent: false,
    });
    expect(periodSteps('month', 'Europe/Berlin', null, nowMs)).toEqual({
      previous: '2026-10',
      next: null,
      isPresent: true,
    });
    expect(periodSteps('quarter', 'UTC', '2026-Q1', nowMs)).toMatchObject({ previous: '2025-Q4', next: '2026-Q2' });
    expect(periodSteps('week', 'UTC', '2026-W01', nowMs)).toMatchObject({ previous: '2025-W52', next: '2026-W02' });
  });

  it('begin by the clocks of the zone', () => {
    const lateMs = Date.parse('2026-11-30T23:30:00Z');
    expect(periodSteps('month', 'Europe/Berlin', '2026-11', lateMs).next).toBe('2026-12');
    expect(periodSteps('month', 'UTC', '2026-11', lateMs).next).toBeNull();
  });

  it('are months beside rolling days, which end with the present', () => {
    expect(periodSteps('rolling-30d', 'UTC', null, nowMs)).toEqual({
      previous: '2026-10',
      next: null,
      isPresent: true,
    });
    expect(periodSteps('rolling-30d', 'UTC', '2026-11', nowMs)).toMatchObject({
      previous: '2026-10',
      isPresent: false,
    });
  });

  it('have names that people say', () => {
    expect(['2026-10', '2026-W07', '2026-Q4', '2026', 'rolling-30d', 'a/b'].map(periodTitle)).toEqual([
      'October 2026',
      'Week 7 of 2026',
      'Quarter 4 of 2026',
      '2026',
      'The last 30 days',
      'A span of its own',
    ]);
    expect(kindOfLabel('2026-13x')).toBeNull();
    expect(periodKindText('rolling-1d')).toBe('over the last day');
    expect(periodKindText('month')).toBe('each month');
  });
});

describe('an objective in words', () => {
  it('is called by its key where it has no title', () => {
    expect(objectiveName({ key: 'urgent-response', title: 'urgent-response' })).toBe('Urgent response');
    expect(objectiveName({ key: 'a', title: 'Availability' })).toBe('Availability');
  });

  it('burns at a rate without needless noughts', () => {
    expect(['2.40', '14.00', '0.05', '10'].map(burnText)).toEqual(['2.4×', '14×', '0.05×', '10×']);
    expect(['1.00', '1.01'].map(isFastBurn)).toEqual([false, true]);
  });

  it('tells what fell to services below, and how it would stand without', () => {
    const seconds = { bad: 840 } as ObjectiveResult['seconds'];
    const attained = { ratio: '0.999000', numerator: 999, denominator: 1_000, text: '99.9 %' };
    const share = { service: 'core', seconds: 240, excused: false };
    const nameOf = (key: string) => ({ core: 'Core network' })[key] ?? key;
    const upstream = [share, { service: 'lan', seconds: 60, excused: false }];
    expect(upstreamTexts({ seconds, upstream, withoutUpstream: { attained, met: true } }, nameOf)).toEqual([
      'Of the 14 min lost, 4 min fell to Core network and 1 min to lan; without that the target would be kept, at 99.9 %.',
    ]);
    expect(upstreamTexts({ seconds, upstream: [share], withoutUpstream: { attained, met: false } }, nameOf)).toEqual([
      'Of the 14 min lost, 4 min fell to Core network; even without that the target would be missed, at 99.9 %.',
    ]);
    expect(upstreamTexts({ seconds, upstream: [{ ...share, excused: true }], withoutUpstream: null }, nameOf)).toEqual([
      '4 min that fell to Core network are excused, and not counted.',
    ]);
    expect(upstreamTexts({ seconds, upstream: [], withoutUpstream: null }, nameOf)).toEqual([]);
  });
});
