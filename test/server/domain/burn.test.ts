import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BurnLine, burnLimits, type BurnLimit } from '../../../server/domain/burn.ts';
import { hourMs, minuteMs } from '../../../server/domain/durations.ts';
import type { Piece } from '../../../server/domain/objective-line.ts';
import { ratioOfPercent } from '../../../server/domain/ratio.ts';
import type { Span } from '../../../server/domain/spans.ts';

const monthMs = 720 * hourMs;
const piece = (fromMs: number, toMs: number, isBad: boolean, of: Piece['class'] = isBad ? 'down' : 'up'): Piece => ({
  ...{ fromMs, toMs, class: of, isBad, isForgiven: false, service: 's', reason: 0, exclusion: null },
});
const isMeasured = ({ class: of }: Piece): boolean => of !== 'unknown';

/** Good but for spans of bad time, inside what is agreed. */
function lineOf(agreed: readonly Span[], bad: readonly Span[], unknown: readonly Span[] = []): BurnLine {
  const cut = [...bad, ...unknown].flatMap(({ fromMs, toMs }) => [fromMs, toMs]);
  const pieces = agreed.flatMap((span) => {
    const edges = [span.fromMs, ...cut.filter((at) => at > span.fromMs && at < span.toMs), span.toMs];
    const sorted = [...new Set(edges)].sort((a, b) => a - b);
    return sorted.slice(1).map((toMs, index) => {
      const fromMs = sorted[index]!;
      const isIn = (spans: readonly Span[]) => spans.some((one) => one.fromMs <= fromMs && fromMs < one.toMs);
      return isIn(unknown) ? piece(fromMs, toMs, false, 'unknown') : piece(fromMs, toMs, isIn(bad));
    });
  });
  return new BurnLine(agreed, [pieces], isMeasured);
}

/** A share of each minute is bad. */
const steadily = (share: number, fromMs: number, toMs: number): Span[] =>
  Array.from({ length: Math.floor((toMs - fromMs) / minuteMs) }, (_, index) => ({
    fromMs: fromMs + index * minuteMs,
    toMs: fromMs + index * minuteMs + share * minuteMs,
  }));

/** By counting alone: how much of [place - length, place) is in some spans. */
const share = (spans: readonly Span[], lengthMs: number, place: number): number =>
  spans.reduce(
    (sum, { fromMs, toMs }) => sum + Math.max(0, Math.min(toMs, place) - Math.max(fromMs, place - lengthMs)),
    0,
  );

/** Turns as they come from evaluation to evaluation, each at the instant that the one before has given. */
function turnsOf(line: BurnLine, limit: BurnLimit, fromMs: number, toMs: number): number[] {
  const turns: number[] = [];
  let [is, at] = [line.burns(limit, false, fromMs), fromMs];
  for (let next = line.turn(limit, is, at, toMs); next !== null; next = line.turn(limit, is, at, toMs)) {
    [is, at] = [!is, next];
    turns.push(next);
  }
  return turns;
}

const startMs = 100 * hourMs;
const endMs = 400 * hourMs;
const agreed = [{ fromMs: 0, toMs: endMs }];

describe('burn of a budget', () => {
  it('has the windows and shares of the book, scaled, and capped where nothing could reach them', () => {
    const of = (ms: number, target: string) =>
      burnLimits(ms, ratioOfPercent(target)).map(({ windowMs, shortWindowMs, share: part }) => [
        ...[windowMs / minuteMs, shortWindowMs / minuteMs, Number(part.numerator) / Number(part.denominator)],
      ]);
    expect(of(monthMs, '99.9')).toEqual([
      [60, 5, 0.0144],
      [360, 30, 0.006],
      [1_440, 120, 0.003],
      [4_320, 360, 0.001],
    ]);
    expect(of(monthMs / 4, '90').map(([long, short, part]) => [long, short, part])).toEqual([
      [15, 1.25, 0.9],
      [90, 7.5, 0.6],
      [360, 30, 0.3],
      [1_080, 90, 0.1],
    ]);
  });

  const bads: readonly [name: string, bad: readonly Span[]][] = [
    ['a full outage of an hour', [{ fromMs: startMs, toMs: startMs + hourMs }]],
    ['1 % for six hours', steadily(0.01, startMs, startMs + 6 * hourMs)],
    ['0.2 % for two days', steadily(0.002, startMs, startMs + 48 * hourMs)],
    ['a spike of 30 s', [{ fromMs: startMs, toMs: startMs + 30_000 }]],
    [
      'spikes of 20 s each hour',
      Array.from({ length: 8 }, (_, n) => ({ fromMs: startMs + n * hourMs, toMs: startMs + n * hourMs + 20_000 })),
    ],
    ['10 % for ten minutes', steadily(0.1, startMs, startMs + 10 * minuteMs)],
  ];
  const cases = bads.flatMap(([name, bad]) => ['99', '99.9', '99.99'].map((target) => ({ name, target, bad })));

  it.each(cases)('of $name, promised $target %, fires and clears when its windows say so', ({ target, bad }) => {
    const line = lineOf(agreed, bad);
    for (const limit of burnLimits(monthMs, ratioOfPercent(target))) {
      const part = Number(limit.share.numerator) / Number(limit.share.denominator);
      const counted = (place: number): boolean =>
        [limit.windowMs, limit.shortWindowMs].every(
          (lengthMs) => share(bad, lengthMs, place) >= part * lengthMs - 1e-6,
        );
      const turns = turnsOf(line, limit, startMs - hourMs, endMs);
      // Fires and clears in turn, and each is the first instant at which counting says so.
      expect(turns.length % 2).toBe(0);
      for (const [index, at] of turns.entries()) {
        expect([counted(at - 1), counted(at)]).toEqual(index % 2 === 0 ? [false, true] : [true, false]);
      }
      const isIn = (place: number) => turns.filter((at) => at <= place).length % 2 === 1;
      for (let place = startMs - hourMs; place < endMs; place += 7 * minuteMs + 13_007)
        expect([place, isIn(place)]).toEqual([place, counted(place)]);
    }
  });

  it('fires of a full outage after 14.4 times the budget of an hour, and clears when the short window is well', () => {
    const line = lineOf(agreed, [{ fromMs: startMs, toMs: startMs + hourMs }]);
    const [fast] = burnLimits(monthMs, ratioOfPercent('99.9'));
    expect(turnsOf(line, fast!, startMs - hourMs, endMs)).toEqual([
      startMs + 0.0144 * hourMs,
      startMs + hourMs + 5 * minuteMs - 0.0144 * 5 * minuteMs + 1,
    ]);
  });

  it('does not begin with less than half a window measured, and stays as it is where none is', () => {
    const [fast] = burnLimits(monthMs, ratioOfPercent('99.9'));
    const since = startMs - 20 * minuteMs;
    const young = lineOf(agreed, [{ fromMs: startMs, toMs: endMs }], [{ fromMs: 0, toMs: since }]);
    expect(turnsOf(young, fast!, startMs, endMs)[0]).toBe(since + 30 * minuteMs);
    const dark = lineOf(
      agreed,
      [{ fromMs: startMs, toMs: startMs + hourMs }],
      [{ fromMs: startMs + hourMs, toMs: endMs }],
    );
    expect(dark.burns(fast!, true, startMs + 2 * hourMs + minuteMs)).toBe(true);
    expect(dark.burns(fast!, false, startMs + 2 * hourMs + minuteMs)).toBe(false);
    expect(dark.turn(fast!, true, startMs + hourMs, endMs)).toBeNull();
  });

  it('reaches back over closed hours, in which it stands still', () => {
    const open = Array.from({ length: 16 }, (_, day) => ({
      fromMs: (day * 24 + 8) * hourMs,
      toMs: (day * 24 + 18) * hourMs,
    }));
    const evening = (5 * 24 + 17) * hourMs + 59 * minuteMs;
    const line = lineOf(open, [{ fromMs: evening, toMs: evening + 20 * minuteMs }]);
    const [fast] = burnLimits(monthMs, ratioOfPercent('99.9'));
    const place = line.placeOf(evening + minuteMs);
    expect(line.placeOf(evening + 8 * hourMs)).toBe(place);
    expect(line.burns(fast!, false, place)).toBe(true);
    const cleared = line.turn(fast!, true, place, line.placeOf(15 * 24 * hourMs))!;
    expect(line.instantOf(cleared)).toBe((6 * 24 + 8) * hourMs + 5 * minuteMs - 0.0144 * 5 * minuteMs + 1);
  });

  it('tells every turn beforehand: evaluating in between finds no other', () => {
    const spans = fc
      .array(fc.tuple(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 1, max: 60 })), { maxLength: 12 })
      .map((all) => {
        let at = startMs;
        return all.map(([gap, length]) => {
          const fromMs = at + (gap + 1) * minuteMs;
          at = fromMs + length * 20_000;
          return { fromMs, toMs: at };
        });
      });
    fc.assert(
      fc.property(spans, fc.constantFrom('90', '99', '99.9'), fc.integer({ min: 0, max: 3 }), (bad, target, rule) => {
        const line = lineOf(agreed, bad);
        const limit = burnLimits(monthMs, ratioOfPercent(target))[rule]!;
        const turns = turnsOf(line, limit, startMs, endMs);
        let is = line.burns(limit, false, startMs);
        const found: number[] = [];
        for (let at = startMs + 10_000; at <= startMs + 40 * hourMs; at += 10_000) {
          const now = line.burns(limit, is, at);
          if (now !== is) found.push(at);
          is = now;
        }
        const seen = turns.filter((at) => at <= startMs + 40 * hourMs).map((at) => Math.ceil(at / 10_000) * 10_000);
        const stepped = seen.filter(
          (at, index) => seen.filter((one) => one === at).length % 2 === 1 && seen.indexOf(at) === index,
        );
        expect(found).toEqual(stepped);
      }),
      { numRuns: 60 },
    );
  });
});
