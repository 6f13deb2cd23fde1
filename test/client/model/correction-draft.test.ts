import { describe, expect, it } from 'vitest';
import { coveredServices, draftOf, isWhole } from '../../../client/model/correction-draft.ts';

const document = {
  services: ['payroll', 'mail'],
  objectives: { availability: { services: ['mail', 'disk'] }, response: {} },
};

describe('a correction that is being written', () => {
  it('may be about each service of the agreement, the contested one first, each once', () => {
    expect(coveredServices(document, '')).toEqual(['payroll', 'mail', 'disk']);
    expect(coveredServices(document, 'disk')).toEqual(['disk', 'payroll', 'mail']);
    expect(coveredServices(null, '')).toEqual([]);
  });

  it('can be counted once it says of what, from when and to when', () => {
    const query = { service: 'mail', from: '2026-01-01T00:00:00Z', to: '2026-01-01T01:00:00Z' };
    expect(isWhole(draftOf(query))).toBe(true);
    for (const name of ['service', 'from', 'to']) expect(isWhole(draftOf({ ...query, [name]: '' })), name).toBe(false);
  });
});
