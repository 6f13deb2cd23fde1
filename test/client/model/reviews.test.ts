import { describe, expect, it } from 'vitest';
import type { ReviewTrend, Waiting } from '../../../server/contract/reviews.ts';
import { notesByClause, waitingPlace, waitingText } from '../../../client/model/review-text.ts';
import { trendPicture, trendSentence } from '../../../client/model/trend-chart.ts';

type Point = ReviewTrend['points'][number];
const point = (percent: number | null, verdict: Point['verdict'] = 'met'): Point => ({
  ...{ period: '2026-10', verdict, percent, attained: percent === null ? null : `${percent} %` },
});

describe('the trend of a promise', () => {
  it('is drawn from the edge to the edge, the target where it lies, and missed periods marked', () => {
    const picture = trendPicture({ target: '99', points: [point(100), point(98, 'missed'), point(100)] })!;
    expect(picture.points.map(({ x, isMissed }) => [x, isMissed])).toEqual([
      [10, false],
      [240, true],
      [470, false],
    ]);
    const [first, missed] = picture.points;
    expect(first!.y).toBe(10);
    expect(missed!.y).toBeGreaterThan(picture.targetY!);
    expect(missed!.y).toBeLessThan(picture.height);
    expect(picture.lines).toHaveLength(1);
    expect(picture.lowest).toBe(97.7);
  });

  it('is broken where nothing was measured, and none where nothing ever was', () => {
    const picture = trendPicture({
      target: null,
      points: [point(100), point(100), point(null, 'no-data'), point(99)],
    })!;
    expect(picture.lines).toHaveLength(1);
    expect(picture.points).toHaveLength(3);
    expect(picture.targetY).toBeNull();
    expect(trendPicture({ target: '99', points: [point(null, 'no-data')] })).toBeNull();
  });

  it('does not blow a hair up to a fall, and holds a single period', () => {
    const picture = trendPicture({ target: '99.99', points: [point(99.995)] })!;
    expect(picture.lowest).toBe(99.8);
    expect(picture.points[0]!.x).toBe(240);
    expect(trendPicture({ target: null, points: [point(0, 'missed')] })!.lowest).toBe(0);
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
