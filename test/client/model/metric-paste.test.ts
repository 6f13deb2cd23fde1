import { describe, expect, it } from 'vitest';
import { readPaste } from '../../../client/model/metric-paste.ts';

const periods = [
  { label: '2026-07', title: 'July 2026', at: '2026-06-30T22:00:00.000Z' },
  { label: '2026-06', title: 'June 2026', at: '2026-05-31T22:00:00.000Z' },
];
const read = (text: string) => readPaste(text, periods, 'Europe/Berlin');

describe('pasted values', () => {
  it.each([
    ['2026-07; 118', '2026-06-30T22:00:00.000Z', '118'],
    ['july 2026\t4,5', '2026-06-30T22:00:00.000Z', '4.5'],
    ['2026-07-31 17:00, -118.25', '2026-07-31T15:00:00.000Z', '-118.25'],
    ['2026-07-31;7', '2026-07-30T22:00:00.000Z', '7'],
    ['2026-07-31T17:00:00Z\t7', '2026-07-31T17:00:00.000Z', '7'],
  ])('are of a period or a time: %j', (line, at, value) => {
    expect(read(line)).toEqual({ values: [{ line: 1, at, value }], faults: [] });
  });

  it('that are wrong are told with their line, whatever is right besides', () => {
    const { values, faults } = read('2026-06;1\n\nMay 2026;2\n2026-07;many\n2026-06;3\n2026-07');
    expect(values.map(({ line }) => line)).toEqual([1]);
    expect(faults).toEqual([
      { line: 3, message: '“May 2026” is no time, and no period that is asked for' },
      { line: 4, message: '“many” is no number such as 118 or 4.5' },
      { line: 5, message: 'is of the same time as a line before' },
      { line: 6, message: '“” is no number such as 118 or 4.5' },
    ]);
  });
});
