import { describe, expect, it } from 'vitest';
import { belongsTo, navigation } from '../../../client/model/navigation.ts';

describe('the place of a page in the navigation', () => {
  it.each([
    ['/agreements', '/agreements', true],
    ['/agreements', '/agreements/payroll/objectives/availability', true],
    ['/agreements', '/new/agreements', true],
    ['/agreements', '/agreements-of-old', false],
    ['/history', '/history/7', true],
    ['/', '/', true],
    ['/', '/agreements', false],
    ['/import', '/history', false],
  ])('%s holds %s: %s', (item, path, is) => {
    expect(belongsTo(item, path)).toBe(is);
  });

  it('is told by its icon alone where there is no room for names', () => {
    const icons = navigation.flatMap(({ items }) => items.map(({ icon }) => icon));
    expect(new Set(icons).size).toBe(icons.length);
  });
});
