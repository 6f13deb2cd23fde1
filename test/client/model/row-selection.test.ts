import { describe, expect, it } from 'vitest';
import { allToggled, extended, noSelection, toggled, without } from '../../../client/model/row-selection.ts';

const rows = ['a', 'b', 'c', 'd', 'e'];
const keysOf = ({ keys }: { keys: ReadonlySet<string> }) => [...keys].toSorted();

describe('rows that are chosen', () => {
  it('come and go one by one', () => {
    const one = toggled(noSelection, 'b');
    expect(keysOf(one)).toEqual(['b']);
    expect(keysOf(toggled(one, 'b'))).toEqual([]);
  });

  it('reach from the last one chosen to another, in both directions', () => {
    const from = toggled(noSelection, 'c');
    expect(keysOf(extended(from, 'e', rows))).toEqual(['c', 'd', 'e']);
    expect(keysOf(extended(extended(from, 'e', rows), 'a', rows))).toEqual(rows);
  });

  it('begin a range anew where the last one chosen is not listed', () => {
    const from = toggled(noSelection, 'gone');
    expect(extended(from, 'b', rows)).toEqual({ keys: new Set(['gone', 'b']), anchor: 'b' });
  });

  it('are all that is listed or none of it, whatever is chosen elsewhere', () => {
    const elsewhere = toggled(noSelection, 'z');
    const all = allToggled(elsewhere, rows);
    expect(keysOf(all)).toEqual([...rows, 'z']);
    expect(keysOf(allToggled(all, rows))).toEqual(['z']);
  });

  it('are let go of when they are gone', () => {
    const selection = extended(toggled(noSelection, 'a'), 'c', rows);
    expect(without(selection, (key) => key === 'a')).toEqual({ keys: new Set(['b', 'c']), anchor: null });
  });
});
