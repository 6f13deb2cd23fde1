import { describe, expect, it } from 'vitest';
import { changesText, removalWarnings } from '../../../client/model/config-change.ts';
import type { ConfigChange } from '../../../server/contract/config-file.ts';

const change = (action: ConfigChange['action'], kind: ConfigChange['kind'], key: string): ConfigChange => ({
  action,
  kind,
  key,
  fields: [],
});

describe('what a file would change', () => {
  it('is counted in words, removals first', () => {
    const changes = [
      change('create', 'team', 'it'),
      change('create', 'service', 'a'),
      change('delete', 'probe', 'b.c'),
    ];
    expect(changesText(changes)).toBe('1 removed, 2 added');
    expect(changesText([])).toBe('Nothing');
  });

  it('warns of what goes, telling probes apart from those of services that go', () => {
    const changes = [
      change('delete', 'service', 'payroll'),
      change('delete', 'probe', 'payroll.login'),
      change('delete', 'probe', 'mail.smtp'),
      change('update', 'service', 'mail'),
    ];
    const warnings = removalWarnings(changes);
    expect(warnings.map((text) => text.split(/[:,]/)[0])).toEqual([
      '1 service with all probes',
      '1 probe of services that stay',
    ]);
    expect(removalWarnings([change('delete', 'service', 'a'), change('delete', 'service', 'b')])[0]).toMatch(
      /^2 services .* they disappear from every board/,
    );
    expect(removalWarnings([change('create', 'team', 'it')])).toEqual([]);
  });
});
