import { describe, expect, it } from 'vitest';
import { untilText, windowText } from '../../../client/model/maintenance-text.ts';

const now = Date.parse('2026-11-25T22:00:00Z');

describe('planned maintenance', () => {
  it('ends at a time of day where that is near, else on a day', () => {
    expect(untilText('2026-11-26T13:00:00Z', 'Europe/Berlin', now)).toBe('Maintenance until 14:00');
    expect(untilText('2026-11-28T13:00:00Z', 'Europe/Berlin', now)).toBe('Maintenance until 11-28 14:00');
  });

  it('is a span of two times', () => {
    const window = { from: '2026-11-26T01:00:00Z', to: '2026-11-27T03:00:00Z' };
    expect(windowText(window, 'Europe/Berlin', now)).toBe('02:00–11-27 04:00');
  });
});
