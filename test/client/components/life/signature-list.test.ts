import { mount } from '@vue/test-utils';
import { createPinia } from 'pinia';
import { describe, expect, it } from 'vitest';
import SignatureList from '../../../../client/components/life/SignatureList.vue';
import type { VersionLife } from '../../../../server/contract/agreement-life.ts';

const hash = 'a3'.repeat(32);
const by = { user: 'anna', name: 'Anna Berg' };
const version: VersionLife = {
  ...{ number: 2, effective: { from: '2026-01-01', to: null }, createdAt: '2026-01-01T00:00:00.000Z', hash: 'ff' },
  ...{ state: 'active', isIntact: true, acts: [], signatures: [] },
  attachments: [
    { id: 7, party: 'customer', name: 'signed.pdf', bytes: 123_456, hash, by, at: '2026-01-02T10:00:00.000Z' },
  ],
};

describe('a signed paper that is offered', () => {
  it('is told with its fingerprint, its size, and who attached it when', () => {
    const list = mount(SignatureList, {
      props: { version, agreementKey: 'payroll' },
      global: { plugins: [createPinia()] },
    });
    const paper = list.get('[data-paper="7"]');
    expect(paper.get('a').attributes('href')).toBe('/api/v1/agreements/payroll/versions/2/papers/7');
    const text = paper.text().replaceAll(/\s+/g, ' ');
    expect(text).toContain('(123 kB), attached for the customer by Anna Berg');
    expect(paper.get('time').attributes('datetime')).toBe('2026-01-02T10:00:00.000Z');
    expect(text).toContain(`SHA-256 ${hash}`);
  });
});
