import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CsvReader } from '../../../server/domain/csv-reader.ts';
import { TableReader, type TableFormat } from '../../../server/domain/table-reader.ts';

/** Cuts a text into pieces of a size, in bytes. */
function read(text: string | Uint8Array, { format = 'csv' as TableFormat, size = 7, check = () => [] } = {}) {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  const reader = new TableReader(format, 'values', check);
  const results = [];
  for (let at = 0; at < bytes.length; at += size) results.push(reader.push(bytes.subarray(at, at + size)));
  results.push(reader.end());
  return {
    records: results.flatMap(({ records }) => records.map(({ row, cells }) => [row, ...Object.values(cells)])),
    faults: results.flatMap(({ faults }) => faults.map(({ row, column, message }) => [row, column, message])),
  };
}

const csvOf = (rows: readonly (readonly string[])[], separator: string, end: string): string =>
  rows.map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(separator) + end).join('');

describe('CSV', () => {
  it.each([
    [
      'a byte order mark and CRLF',
      '\uFEFFat,value\r\nx,1\r\ny,2\r\n',
      [
        [2, 'x', '1'],
        [3, 'y', '2'],
      ],
    ],
    ['no line break at the end', 'at,value\nx,1', [[2, 'x', '1']]],
    ['semicolons, as spreadsheets of some countries write', 'at;value\nx;1,5\n', [[2, 'x', '1,5']]],
    ['tabs', 'at\tvalue\nx\t1\n', [[2, 'x', '1']]],
    [
      'old line breaks',
      'at,value\rx,1\ry,2\r',
      [
        [2, 'x', '1'],
        [3, 'y', '2'],
      ],
    ],
    ['lines that are empty, which count', 'at,value\n\nx,1\n\n', [[3, 'x', '1']]],
    ['quotes around separators, breaks and quotes', 'at,value\n"x, ""y""\nz","1"\n', [[2, 'x, "y"\nz', '1']]],
    [
      'empty cells',
      'at,value\n,\n"",""\n',
      [
        [2, '', ''],
        [3, '', ''],
      ],
    ],
    ['a separator in a quoted head', '"at;b",value\nx,1\n', [[2, 'x', '1']]],
  ])('is read with %s', (_what, text, records) => {
    for (const size of [1, 3, 1_000]) expect(read(text, { size })).toEqual({ records, faults: [] });
  });

  it.each([
    [
      'at,value\nx\ny,1\nz,1,2\n',
      [
        [2, null, 'has 1 cell, the head has 2'],
        [4, null, 'has 3 cells, the head has 2'],
      ],
    ],
    ['at,value\nx,"1\n', [[2, null, 'opens a quote that nothing closes']]],
    ['at,value\nx,"1"2\n', [[2, null, 'has "2" after a closing quote']]],
    ['at,value\nx,1"2\n', [[2, null, 'has a quote inside a cell that does not begin with one']]],
    [`at,value\nx,${'1'.repeat(70_000)}\n`, [[2, null, 'is longer than 65536 characters']]],
    [Uint8Array.from([97, 44, 98, 10, 0xff, 0xfe]), [[1, null, 'is no text in UTF-8']]],
  ])('that is wrong is told with its row: %j', (text, faults) => {
    expect(read(text, { size: 5 }).faults.map(([row, ...rest]) => [row, ...rest])).toEqual(faults);
  });

  it('whose head is refused is read no further', () => {
    const check = () => [{ column: 'vlaue', message: 'is no column' }];
    expect(read('at,vlaue\nx,1\n', { check: check as never })).toEqual({
      records: [],
      faults: [[1, 'vlaue', 'is no column']],
    });
  });

  it('reads back whatever cells were written, however it is cut', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', 'ö', '😀', '"', ',', ';', '\t', '\n', '\r', ' ') });
    const rows = fc.array(fc.array(cell, { minLength: 2, maxLength: 2 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(rows, fc.constantFrom('\n', '\r\n'), fc.integer({ min: 1, max: 9 }), (given, end, size) => {
        const text = csvOf([['a', 'b'], ...given], ',', end);
        const reader = new CsvReader();
        const found: unknown[] = [];
        for (let at = 0; at < text.length; at += size) found.push(...reader.push(text.slice(at, at + size)));
        expect([...found, ...reader.end()]).toEqual(
          [['a', 'b'], ...given].map((cells, index) => ({ row: index + 1, cells })),
        );
      }),
    );
  });
});

describe('JSON', () => {
  const one = '{"at": "x {[\\"]}", "value": 1.5}';
  it.each([
    ['json', `[${one}, ${one}]`],
    ['json', `\uFEFF  { "values" : [\n${one},${one}\n] } \n`],
    ['ndjson', `${one}\n\n${one}\n`],
    ['ndjson', `${one}\r\n${one}`],
  ] as const)('%s is read element by element: %j', (format, text) => {
    for (const size of [1, 4, 1_000]) {
      expect(read(text, { format, size })).toEqual({
        records: [
          [1, 'x {["]}', '1.5'],
          [2, 'x {["]}', '1.5'],
        ],
        faults: [],
      });
    }
  });

  it.each([
    ['json', `[${one}`, 2, 'is cut off: the list has no end'],
    ['json', `[${one} ${one}]`, 2, 'has "{" where a comma or the end of the list must be'],
    ['json', `[${one}, 5]`, 2, 'is no object {...}'],
    ['json', `{"other": []}`, 1, 'the file must be a list [...], or {"values": [...]}'],
    ['json', `"text"`, 1, 'the file must be a list [...], or {"values": [...]}'],
    ['json', `[${one}] true`, 2, 'has "t" after the list'],
    ['json', '[{"at": }]', 1, 'is no JSON: '],
    ['ndjson', `${one}\n{"at"\n`, 2, 'is no JSON: '],
    ['ndjson', `${one}\n[1]\n`, 2, 'is no object {...}'],
    ['ndjson', `{"at": {"deep": 1}}\n`, 1, 'must be a text or a number'],
  ] as const)('%s that is wrong is told with its element: %j', (format, text, row, message) => {
    const [fault] = read(text, { format }).faults;
    expect(fault![0]).toBe(row);
    expect(fault![2]).toContain(message);
  });
});
