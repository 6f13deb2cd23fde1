import { describe, expect, it } from 'vitest';
import { findingOf, pagesFound } from '../../../client/model/found-place.ts';
import { navigationFor } from '../../../client/model/navigation.ts';

describe('what was found', () => {
  it.each([
    ['service', 'payroll', { name: 'service', params: { key: 'payroll' } }],
    ['probe', 'payroll.login', { name: 'service', params: { key: 'payroll' }, query: { probe: 'payroll.login' } }],
    ['team', 'hr-it', { path: '/services', query: { team: 'hr-it' } }],
    ['location', 'hq', { path: '/agents', hash: '#hq' }],
    ['board', 'lobby', { name: 'wall', params: { board: 'lobby' } }],
    ['agreement', 'hr-mail', { name: 'agreement', params: { key: 'hr-mail' } }],
    ['maintenance', 'patching', { name: 'maintenance', params: { key: 'patching' } }],
    ['calendar', 'office', { name: 'calendar', params: { key: 'office' } }],
    ['framework', 'it-terms', { name: 'framework', params: { key: 'it-terms' } }],
    ['metric', 'leads', { name: 'metric', params: { key: 'leads' } }],
  ] as const)('leads to the place of a %s', (kind, key, to) => {
    expect(findingOf({ kind, key, name: 'Name', hint: 'hint' })).toMatchObject({ to, hint: `${kind} · hint` });
  });

  it('shows the state of services alone', () => {
    const of = (kind: 'service' | 'team') => findingOf({ kind, key: 'x', name: 'X', hint: '' }).service;
    expect([of('service'), of('team')]).toEqual(['x', null]);
  });

  it('finds pages by their title, of those that one may see', () => {
    const names = (text: string, can: boolean) =>
      pagesFound(
        navigationFor(() => can),
        text,
      ).map(({ name }) => name);
    expect(names('AUDIT', true)).toEqual(['Audit trail']);
    expect(names('', true)).toContain('Overview');
    expect(names('audit', false)).toEqual([]);
  });
});
