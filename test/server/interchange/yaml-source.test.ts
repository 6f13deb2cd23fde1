import { describe, expect, it } from 'vitest';
import { YamlSource, yamlLimits } from '../../../server/interchange/yaml-source.ts';

const lines = (...text: string[]) => text.join('\n');

describe('a YAML source', () => {
  it('is plain data with the place of every value', () => {
    const source = new YamlSource(lines('a:', '  b: [1, two, { c: true }]', '  d: |', '    text', 'e:'));
    expect(source.faults).toEqual([]);
    expect(source.value).toEqual({ a: { b: [1, 'two', { c: true }], d: 'text\n' }, e: null });
    expect(source.placeOf(['a', 'b', '1'])).toEqual({ line: 2, column: 10 });
    expect(source.placeOf(['a', 'b', '2', 'c'])).toEqual({ line: 2, column: 20 });
    expect(source.placeOf(['a', 'b', '2', 'c'], true)).toEqual({ line: 2, column: 17 });
    expect(source.placeOf(['a', 'd'])).toEqual({ line: 3, column: 6 });
  });

  it('names the collection itself for a fault of a collection, and the holder of what is missing', () => {
    const source = new YamlSource(lines('services:', '  payroll:', '    tags: [a]'));
    expect(source.placeOf(['services', 'payroll'])).toEqual({ line: 2, column: 3 });
    expect(source.placeOf(['services', 'payroll', 'owner'])).toEqual({ line: 2, column: 3 });
    expect(source.placeOf(['services', 'payroll', 'tags'])).toEqual({ line: 3, column: 5 });
    expect(source.placeOf(['teams'])).toEqual({ line: 1, column: 1 });
  });

  it('replaces aliases and merges by copies, own fields first', () => {
    const source = new YamlSource(
      lines(
        'base: &base { a: 1, b: 2 }',
        'more: &more { b: 3, c: 4 }',
        'own: { b: 0, <<: [*base, *more] }',
        'list: [*base, *base]',
      ),
    );
    expect(source.faults).toEqual([]);
    expect(source.value).toMatchObject({
      own: { a: 1, b: 0, c: 4 },
      list: [
        { a: 1, b: 2 },
        { a: 1, b: 2 },
      ],
    });
    expect(source.placeOf(['own', 'c'])).toEqual({ line: 2, column: 24 });
    const { list } = source.value as { list: object[] };
    expect(list[0]).not.toBe(list[1]);
  });

  it('takes a field named __proto__ for a field', () => {
    const { value } = new YamlSource('{ __proto__: { x: 1 } }');
    expect(Object.keys(value as object)).toEqual(['__proto__']);
    expect((value as { x?: number }).x).toBeUndefined();
  });

  it.each([
    [
      'a field given twice',
      lines('a: 1', 'b: 2', 'a: 3'),
      { path: ['a'], line: 3, column: 1, message: '"a" is given twice; first on line 1' },
    ],
    ['an unclosed quote', lines('a: 1', 'b: "x'), { line: 2, column: 6, message: 'Missing closing "quote' }],
    [
      'wrong indentation',
      lines('a:', '    b: 1', '  c: 2'),
      { line: 3, column: 1, message: 'All mapping items must start at the same column' },
    ],
    ['an alias of nothing', 'a: [*b]', { line: 1, column: 5, message: 'there is no anchor "&b" before this alias' }],
    [
      'an alias inside of its own anchor',
      'a: &a [*a]',
      { line: 1, column: 8, message: 'is an alias inside of what it stands for' },
    ],
    [
      'a merge of a text',
      'a: { <<: text }',
      { line: 1, column: 10, message: '"<<" takes in a map of fields, or a list of such maps' },
    ],
    [
      'a second document',
      lines('a: 1', '---', 'b: 2'),
      { line: 2, column: 1, message: 'a config file is one document, without a second after ---' },
    ],
    ['an unknown tag', 'a: !secret x', { line: 1, column: 4, message: 'Unresolved tag: !secret' }],
    [
      'a type of YAML 1.1',
      'a: !!binary eA==',
      { line: 1, column: 13, message: 'must be a text, a number, true, false or null' },
    ],
    [
      'a map as a name',
      lines('? { a: 1 }', ': 2'),
      { line: 1, column: 3, message: expect.stringContaining('must be') },
    ],
  ])('tells %s with its place', (_what, text, fault) => {
    expect(new YamlSource(text).faults[0]).toEqual(fault);
  });

  it('is empty where the text is', () => {
    expect(new YamlSource('')).toMatchObject({ value: null, faults: [], isReadable: true });
    expect(new YamlSource('# nothing\n').value).toBeNull();
  });
});

describe('a text made to exhaust its reader', () => {
  const mebibyte = (piece: string) => piece.repeat(Math.ceil(yamlLimits.bytes / piece.length));
  const laughs = (levels: number) =>
    lines(
      '- &a0 [x, x, x, x, x, x, x, x, x]',
      ...Array.from({ length: levels }, (_, i) => `- &a${i + 1} [${`*a${i}, `.repeat(9)}]`),
    );

  it.each([
    ['a billion laughs', laughs(12)],
    ['a quadratic blow-up', lines(`- &a [${'x, '.repeat(10_000)}]`, ...Array.from({ length: 10_000 }, () => '- *a'))],
    [
      'merges that double',
      lines('- &a0 { a: 1 }', ...Array.from({ length: 60 }, (_, i) => `- &a${i + 1} { <<: [*a${i}, *a${i}] }`)),
    ],
    ['a million lists in each other', mebibyte('[')],
    ['maps in each other', mebibyte('{a: ')],
    ['sequences in each other', mebibyte('- ')],
    ['a million commas', `[${mebibyte(',')}`],
    ['a million closing brackets', mebibyte('}\n')],
    ['a million anchors', mebibyte('& ')],
    ['a million tags', mebibyte('!x ')],
    ['a million documents', mebibyte('---\n')],
    ['a million empty lines', `a: 1${mebibyte('\n')}}`],
  ])('%s ends soon and is a fault', (_what, text) => {
    const started = performance.now();
    const source = new YamlSource(text);
    expect(source.faults.length).toBeGreaterThan(0);
    expect(source.faults.length).toBeLessThanOrEqual(yamlLimits.faults + 1);
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  it('reads many different fields without comparing each with all', () => {
    const source = new YamlSource(Array.from({ length: 50_000 }, (_, i) => `k${i}: 1`).join('\n'));
    expect(Object.keys(source.value as object)).toHaveLength(50_000);
  });
});
