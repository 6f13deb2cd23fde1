import { describe, expect, it } from 'vitest';
import type { ReviewTrend, Waiting } from '../../../server/contract/reviews.ts';
import { notesByClause, waitingPlace, waitingText } from '../../../client/model/review-text.ts';
import { pointText, targetText, trendPicture, trendSentence } from '../../../client/model/trend-chart.ts';

type Point = ReviewTrend['points'][number];
const point = (percent: number | null, verdict: Point['verdict'] = 'met', target: string | null = null): Point => ({
  ...{ period: '2026-10', verdict, percent, attained: percent === null ? null : `${percent} %`, target },
});

describe('the trend of a promise', () => {
  it('is drawn from the edge to the edge, the target where it lies, and missed periods marked', () => {
    const picture = trendPicture({
      points: [point(100, 'met', '99'), point(98, 'missed', '99'), point(100, 'met', '99')],
    })!;
    expect(picture.points.map(({ x, isMissed }) => [x, isMissed])).toEqual([
      [10, false],
      [240, true],
      [470, false],
    ]);
    const [first, missed] = picture.points;
    expect(first!.y).toBe(10);
    const [, targetY] = /^M0 ([\d.]+)H125H355H480$/.exec(picture.target)!;
    expect(missed!.y).toBeGreaterThan(Number(targetY));
    expect(missed!.y).toBeLessThan(picture.height);
    expect(picture.lines).toHaveLength(1);
    expect(picture.lowest).toBe(97.7);
  });

  it('steps with the target, so that what missed the target of its time lies below it', () => {
    const eased = [
      { ...point(99.85, 'missed', '99.9'), period: '2026-08' },
      { ...point(99.95, 'met', '99.9'), period: '2026-09' },
      { ...point(99.85, 'met', '99.8'), period: '2026-10' },
    ];
    const picture = trendPicture({ points: eased })!;
    const [, before, after] = /^M0 ([\d.]+)H125H355V([\d.]+)H480$/.exec(picture.target)!.map(Number);
    expect(picture.points[0]!.y).toBeGreaterThan(before!);
    expect(picture.points[2]!.y).toBeLessThan(after!);
    expect(picture.points[0]!.words).toBe('August 2026: Missed, 99.85 %, target 99.9 %');
    expect(targetText({ points: eased })).toBe('Target 99.9 %, from October 2026 99.8 %');
    expect(targetText({ points: eased.slice(0, 2) })).toBe('Target 99.9 %');
    const later = [point(null, null), point(100, 'met', '99'), point(100, 'met', '99')];
    expect(trendPicture({ points: later })!.target).toMatch(/^M125 [\d.]+H355H480$/);
    expect(targetText({ points: [point(null, null)] })).toBe('');
    expect(pointText(point(null, null))).toBe('October 2026: not promised then');
  });

  it('is broken where nothing was measured, and none where nothing ever was', () => {
    const picture = trendPicture({
      points: [point(100), point(100), point(null, 'no-data'), point(99)],
    })!;
    expect(picture.lines).toHaveLength(1);
    expect(picture.points).toHaveLength(3);
    expect(picture.target).toBe('');
    expect(trendPicture({ points: [point(null, 'no-data', '99')] })).toBeNull();
  });

  it('does not blow a hair up to a fall, and holds a single period', () => {
    const picture = trendPicture({ points: [point(99.995, 'met', '99.99')] })!;
    expect(picture.lowest).toBe(99.8);
    expect(picture.points[0]!.x).toBe(240);
    expect(trendPicture({ points: [point(0, 'missed')] })!.lowest).toBe(0);
  });

  it('is said in a sentence', () => {
    expect(trendSentence({ points: [point(null, 'no-data'), point(null, null)] })).toMatch(/^Nothing was measured/);
    expect(trendSentence({ points: [point(100)] })).toBe('Met.');
    expect(trendSentence({ points: [point(100), point(100)] })).toBe('Met in all 2 periods.');
    expect(trendSentence({ points: [point(100), point(90, 'missed')] })).toBe('Missed in 1 of 2 periods.');
  });
});

describe('what waits', () => {
  const of = (kind: Waiting['kind'], count = 1, period: string | null = null): Waiting => ({
    ...{ kind, count, period, dueOn: null, agreement: { key: 'hr-payroll', title: 'Payroll for HR' } },
  });

  it('is an order, and leads to where it is done', () => {
    expect(waitingText(of('signature'))).toBe('Sign the proposed version');
    expect(waitingText(of('consequence', 2, '2026-10'))).toBe('Answer 2 consequences of October 2026');
    expect(waitingText(of('correction'))).toBe('Answer a correction');
    expect(waitingText({ ...of('action', 2), dueOn: '2026-12-01' })).toBe(
      'Do 2 accepted actions, the first by 2026-12-01',
    );
    expect(waitingText(of('review', 1, '2026-10'))).toBe('Review and sign off October 2026');
    expect(waitingPlace(of('review', 1, '2026-10'))).toMatchObject({ name: 'review', params: { period: '2026-10' } });
    expect(waitingPlace(of('booking'))).toMatchObject({ name: 'consequences', query: { agreement: 'hr-payroll' } });
  });
});

describe('notes of reviews', () => {
  it('stand clause by clause, with who wants it and from which review', () => {
    const note = { id: 1, at: '2026-11-12T10:00:00Z', party: 'customer', by: 'carla', period: '2026-10' } as const;
    const notes = [
      { ...note, text: '99.95, please', clause: 'objectives.availability' },
      { ...note, text: 'Seen', clause: null },
      { ...note, text: 'Or 99.99', clause: 'objectives.availability' },
    ];
    expect(notesByClause(notes)).toEqual([
      {
        clause: 'objectives.availability',
        texts: [
          '99.95, please\ncarla for the customer, review of October 2026',
          'Or 99.99\ncarla for the customer, review of October 2026',
        ],
      },
    ]);
  });
});
