import { describe, expect, it } from 'vitest';
import { changeText, inverseOf } from '../../../client/model/bulk-text.ts';
import type { ServiceChange } from '../../../server/contract/service-bulk.ts';

describe('a change of many services', () => {
  it.each<[ServiceChange, number, number, string]>([
    [{ type: 'pause' }, 3, 3, '3 services paused.'],
    [{ type: 'resume' }, 1, 4, '1 service resumed. 3 were so already.'],
    [{ type: 'add-tag', tag: 'eu' }, 2, 2, '2 services tagged “eu”.'],
    [{ type: 'remove-tag', tag: 'eu' }, 0, 2, 'Nothing changed. They were so already.'],
  ])('%j of %d from %d is told', (change, changed, asked, text) => {
    expect(changeText(change, changed, asked)).toBe(text);
  });

  it('is taken back by its opposite', () => {
    for (const change of [{ type: 'pause' }, { type: 'add-tag', tag: 'eu' }] as const) {
      expect(inverseOf(inverseOf(change))).toEqual(change);
      expect(inverseOf(change).type).not.toBe(change.type);
    }
  });
});
