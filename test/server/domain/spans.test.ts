import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coveredMs, intersect, lengthMs, subtract, unionOf, within, type Span } from '../../../server/domain/spans.ts';

const span = fc.tuple(fc.nat(60), fc.nat(12)).map(([fromMs, length]): Span => ({ fromMs, toMs: fromMs + length }));
const anySpans = fc.array(span, { maxLength: 12 });
const spans = anySpans.map(unionOf);
/** Every millisecond that is covered: the naive model. */
const instants = (of: readonly Span[]): number[] => [
  ...new Set(of.flatMap(({ fromMs, toMs }) => Array.from({ length: toMs - fromMs }, (_, index) => fromMs + index))),
];
const sorted = (numbers: Iterable<number>): number[] => [...numbers].sort((a, b) => a - b);

describe('sets of time', () => {
  it('rise, never overlap and never touch, however they were given', () => {
    fc.assert(
      fc.property(anySpans, (given) => {
        const merged = unionOf(given);
        merged.forEach(({ fromMs, toMs }, index) => {
          expect(fromMs).toBeLessThan(toMs);
          if (index > 0) expect(fromMs).toBeGreaterThan(merged[index - 1]!.toMs);
        });
        expect(sorted(instants(merged))).toEqual(sorted(instants(given)));
      }),
    );
  });

  it('count an instant once, however many windows cover it', () => {
    const given = [
      { fromMs: 0, toMs: 10 },
      { fromMs: 5, toMs: 20 },
      { fromMs: 5, toMs: 20 },
    ];
    expect(lengthMs(unionOf(given))).toBe(20);
  });

  it('meet and part as sets of instants do', () => {
    fc.assert(
      fc.property(spans, spans, (a, b) => {
        const [inA, inB] = [new Set(instants(a)), new Set(instants(b))];
        expect(sorted(instants(intersect(a, b)))).toEqual(sorted([...inA].filter((at) => inB.has(at))));
        expect(sorted(instants(subtract(a, b)))).toEqual(sorted([...inA].filter((at) => !inB.has(at))));
        expect(lengthMs(intersect(a, b)) + lengthMs(subtract(a, b))).toBe(lengthMs(a));
        for (const result of [intersect(a, b), subtract(a, b)]) expect(unionOf(result)).toEqual(result);
      }),
    );
  });

  it('answer how much of a window they cover as if it had been cut out', () => {
    fc.assert(
      fc.property(spans, fc.nat(80), fc.nat(80), (set, fromMs, toMs) => {
        expect(coveredMs(set, fromMs, toMs)).toBe(lengthMs(within(set, fromMs, toMs)));
      }),
    );
  });
});
