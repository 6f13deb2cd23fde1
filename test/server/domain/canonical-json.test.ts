import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../../server/domain/canonical-json.ts';

describe('canonical JSON', () => {
  it('has fields in order of their names, no white space, and nothing that is undefined', () => {
    expect(canonicalJson({ b: [1, null, 'ä"'], a: { d: 1.5, c: undefined }, '10': true })).toBe(
      '{"10":true,"a":{"d":1.5},"b":[1,null,"ä\\""]}',
    );
  });

  it('is one text for one value, however its fields were written, and JSON that says the same', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(canonicalJson(reversed(JSON.parse(text)))).toBe(text);
      }),
    );
  });
});

/** The same value with its fields in the opposite order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([name, field]) => [name, reversed(field)]),
  );
}
