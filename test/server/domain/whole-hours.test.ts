import fc from 'fast-check';
import { expect, it } from 'vitest';
import { hourMs } from '../../../server/domain/durations.ts';
import { unionOf } from '../../../server/domain/spans.ts';
import { coverOf } from '../../../server/domain/whole-hours.ts';

it('a span is its usable whole hours and the rest, each instant once', () => {
  const quarter = (most: number) => fc.nat(most).map((count) => (count * hourMs) / 4);
  fc.assert(
    fc.property(quarter(80), quarter(80), fc.array(fc.nat(20), { maxLength: 6 }), (a, b, unusable) => {
      const span = { fromMs: Math.min(a, b), toMs: Math.max(a, b) };
      const dirty = unionOf(unusable.map((hour) => ({ fromMs: hour * hourMs, toMs: (hour + 1) * hourMs })));
      const { hours, rest } = coverOf(span, dirty);
      const whole = new Set(hours.flatMap(({ fromMs, toMs }) => (toMs - fromMs) % hourMs));
      expect([...whole]).toEqual(hours.length > 0 ? [0] : []);
      for (let hour = 0; hour < 21; hour += 1) {
        const isUsable = !unusable.includes(hour) && hour * hourMs >= span.fromMs && (hour + 1) * hourMs <= span.toMs;
        expect(hours.some(({ fromMs, toMs }) => fromMs <= hour * hourMs && toMs > hour * hourMs)).toBe(isUsable);
      }
      const lengths = [...hours, ...rest].reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
      expect(lengths).toBe(span.toMs - span.fromMs);
      expect(unionOf([...hours, ...rest])).toEqual(unionOf([span]));
    }),
  );
});
