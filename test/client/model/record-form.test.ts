import { describe, expect, it } from 'vitest';
import { kindSchemas } from '../../../probes/registry.ts';
import { probesOf, services, teams } from '../../../client/api/resources.ts';
import { fieldTitle } from '../../../client/model/field-title.ts';
import { standingIssues } from '../../../client/model/form-value.ts';
import { keyOfName } from '../../../server/contract/key-of-name.ts';
import { probeSchemaFor, withKind } from '../../../client/model/probe-form.ts';
import { trialOf } from '../../../client/model/probe-trial.ts';
import { recordIssues, withKeyField, withSuggestedKey } from '../../../client/model/record-form.ts';
import type { ProbeKindInfo } from '../../../server/contract/catalog.ts';
import { inputOf } from '../../../server/contract/record-input.ts';
import { jsonSchemaOf } from '../../../server/contract/schema-fields.ts';

const kinds = kindSchemas() as ProbeKindInfo[];
const probe = probesOf('payroll');
const probeSchema = jsonSchemaOf(probe.input);

describe('a key', () => {
  it.each([
    ['HR IT', 'hr-it'],
    ['  Straße & Café (1) ', 'strasse-cafe-1'],
    ['Ærø', 'aero'],
    ['東京', ''],
    [`${'a'.repeat(62)} b`, 'a'.repeat(62)],
  ])('of %s is suggested as "%s"', (name, key) => {
    expect(keyOfName(name, '')).toBe(key);
  });

  it('follows the name until somebody types another', () => {
    const first = withSuggestedKey(teams, {}, { name: 'HR' });
    expect(first).toEqual({ name: 'HR', key: 'hr' });
    expect(withSuggestedKey(teams, first, { name: 'HR IT', key: 'hr' })).toEqual({ name: 'HR IT', key: 'hr-it' });
    const own = withSuggestedKey(teams, first, { name: 'HR', key: 'people' });
    expect(own['key']).toBe('people');
    expect(withSuggestedKey(teams, own, { name: 'Human', key: 'people' })['key']).toBe('people');
  });

  it('is asked for behind the name, and judged with the rest', () => {
    const schema = withKeyField(jsonSchemaOf(teams.input), teams);
    expect(Object.keys(schema.properties!).slice(0, 2)).toEqual(['name', 'key']);
    expect(recordIssues(teams, { name: '', key: 'No!' }, true).map(({ path }) => path)).toEqual(['name', 'key']);
    expect(recordIssues(teams, { name: 'HR' }, false)).toEqual([]);
  });
});

describe('what was read of a thing', () => {
  it('becomes the input that would make it so', () => {
    const answer = {
      ...{ key: 'payroll.login', service: 'payroll', name: 'Login', kind: 'http', target: 'x', mayChange: true },
      ...{
        everyMs: 30_000,
        timeoutMs: 1_500,
        degradedAboveMs: null,
        quorum: null,
        locations: ['hq'],
        role: 'critical',
      },
      confirm: { failures: 2, recheckAfterMs: 5_000, successes: 1 },
      config: { url: 'https://a.example', expect: { latencyMs: 5 } },
    };
    const input = inputOf(probeSchema, answer);
    expect(input).toEqual({
      ...{ name: 'Login', kind: 'http', every: '30s', timeout: '1500ms', locations: ['hq'], role: 'critical' },
      confirm: { failures: 2, recheckAfter: '5s', successes: 1 },
      config: { url: 'https://a.example', expect: { latencyMs: 5 } },
    });
    expect(recordIssues(probe, input, false)).toEqual([]);
    expect(inputOf(jsonSchemaOf(services.input), { name: 'A', owner: 'b', probes: [], atLeast: null })).toEqual({
      name: 'A',
      owner: 'b',
    });
  });
});

describe('the form of a probe', () => {
  it('has the config and the times of its kind, and places for those alone that run somewhere', () => {
    const http = probeSchemaFor(probeSchema, kinds, 'http').properties!;
    expect(Object.keys(http).slice(0, 3)).toEqual(['name', 'kind', 'config']);
    expect(Object.keys(http['config']!.properties!)).toContain('url');
    expect([http['every']!['default'], http['timeout']!['default']]).toEqual(['30s', '10s']);
    const heartbeat = Object.keys(probeSchemaFor(probeSchema, kinds, 'heartbeat').properties!);
    expect(heartbeat).not.toContain('locations');
    expect(heartbeat).toContain('config');
  });

  it('forgets on another kind what was configured of the former', () => {
    const before = { name: 'Login', kind: 'http', config: { url: 'x' }, locations: ['hq'], quorum: 1 };
    expect(withKind(before, kinds, 'tcp')).toEqual({ ...before, kind: 'tcp', config: {} });
    expect(withKind(before, kinds, 'heartbeat')).toEqual({ name: 'Login', kind: 'heartbeat', config: {} });
  });

  it('can be tried as it stands', () => {
    const http = kinds.find(({ kind }) => kind === 'http')!;
    const value = { kind: 'http', config: { url: 'x' }, every: '5m', timeout: '90s', degradedAbove: '1s' };
    expect(trialOf(value, http, 'hq', null)).toEqual({
      ...{ kind: 'http', config: { url: 'x' }, location: 'hq' },
      ...{ timeoutMs: 60_000, degradedAboveMs: 1_000 },
    });
    expect(trialOf({ kind: 'http', timeout: 'soon' }, http, null, 'payroll.login')).toEqual({
      ...{ kind: 'http', config: {}, timeoutMs: http.defaults.timeoutMs, probe: 'payroll.login' },
    });
  });
});

describe('a fault that the server found', () => {
  it('stands until what it is about changes', () => {
    const issues = [
      { path: 'config.url', message: 'is not an address' },
      { path: 'name', message: 'is taken' },
    ];
    const then = { name: 'a', config: { url: 'x' } };
    expect(standingIssues(issues, then, { name: 'b', config: { url: 'x' } })).toEqual([issues[0]]);
  });
});

describe('the title of a field', () => {
  it.each([
    ['recheckAfter', 'Recheck after'],
    ['httpVersion', 'HTTP version'],
    ['latencyMs', 'Latency (ms)'],
    ['url', 'URL'],
    ['trouble-first', 'Trouble first'],
  ])('of %s is "%s"', (name, title) => {
    expect(fieldTitle(name)).toBe(title);
  });
});
