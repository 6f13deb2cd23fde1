import { describe, expect, it } from 'vitest';
import { bareHosts, identityOf, proposalsFor, readLines } from '../../../server/probing/probe-proposals.ts';

const nothing = { serviceKeys: new Set<string>(), probes: new Map<string, string>() };
const propose = (text: string, canPing: boolean | null = true, known = nothing) =>
  proposalsFor(readLines(text.split('\n')), canPing, known);
const kinds = (text: string, canPing?: boolean | null) => propose(text, canPing)[0]!.probes.map(({ kind }) => kind);
const best = (text: string, canPing?: boolean | null) => propose(text, canPing)[0]!.probes[0]!;

describe('what is proposed for a line', () => {
  it.each([
    ['https://payroll.internal/login', ['http', 'tls', 'tcp']],
    ['http://payroll.internal', ['http', 'tcp']],
    ['payroll.internal:443', ['http', 'tls', 'tcp', 'icmp']],
    ['payroll.internal:8080', ['http', 'tcp', 'icmp']],
    ['10.0.0.5:5432', ['tcp', 'http', 'http', 'icmp']],
    ['10.0.0.5:636', ['tls', 'tcp', 'icmp']],
    ['10.0.0.53:53', ['dns', 'tcp', 'icmp']],
    ['10.0.0.5', ['icmp', 'http', 'http', 'tcp']],
  ])('%s: the best first', (text, expected) => {
    expect(kinds(text)).toEqual(expected);
  });

  it('asks a mail server for its greeting, over TLS where the port is for that', () => {
    expect(best('mail.internal:25').config).toMatchObject({
      port: 25,
      conversation: [{ expect: { matches: '^220' } }, { send: '.*' }, { expect: { matches: '^221' } }].map((step) =>
        'send' in step ? { send: expect.stringMatching(/^QUIT/) } : step,
      ),
    });
    expect(best('mail.internal:465').config).toMatchObject({ tls: {} });
  });

  it('asks a name server for its own name, or for the root where it has none', () => {
    expect(best('ns1.internal:53').config).toEqual({ name: 'ns1.internal', type: 'A', server: 'ns1.internal' });
    expect(best('10.0.0.53:53').config).toEqual({ name: '.', type: 'NS', server: '10.0.0.53' });
  });

  it('pings a host only where the location can, and says so otherwise', () => {
    expect(kinds('payroll.internal', false)).toEqual(['http', 'http', 'tcp']);
    expect(best('payroll.internal', false).because).toMatch(/^The location cannot ping/);
    expect(kinds('payroll.internal', null)).toEqual(['http', 'icmp', 'http', 'tcp']);
    expect(best('payroll.internal', false).target).toBe('https://payroll.internal/');
    expect(best('10.0.0.5', false).target).toBe('http://10.0.0.5/');
  });

  it('says with the words of the probe what is wrong with a URL', () => {
    const [proposal] = propose('https://admin:secret@payroll.internal/');
    expect(proposal).toMatchObject({ probes: [], problem: expect.stringMatching(/user name or password/) });
  });
});

describe('a list', () => {
  it('leaves empty lines and remarks out, and numbers the others as they stand', () => {
    const found = propose('# routers\n10.0.0.1\n\n10.0.0.2 Core\n???');
    expect(found.map(({ line, name, problem }) => [line, name, problem === null])).toEqual([
      [2, '10.0.0.1', true],
      [4, 'Core', true],
      [5, '', false],
    ]);
    expect(bareHosts(readLines(['10.0.0.1', '10.0.0.2:22', 'https://x', 'a.b']))).toEqual(['10.0.0.1', 'a.b']);
  });

  it('makes keys of names that are free, and says which were taken', () => {
    const known = { ...nothing, serviceKeys: new Set(['payroll']) };
    const found = propose('10.0.0.1 Payroll\n10.0.0.2 Büro Köln\n10.0.0.3 Büro Köln\n10.0.0.4 財務', true, known);
    expect(found.map(({ key, takenKey }) => [key, takenKey])).toEqual([
      ['payroll-2', 'payroll'],
      ['buro-koln', null],
      ['buro-koln-2', 'buro-koln'],
      ['service', null],
    ]);
  });

  it('tells what is watched already, and what stands there twice', () => {
    const known = { ...nothing, probes: new Map([[identityOf('icmp', '10.0.0.1'), 'core.ping']]) };
    const found = propose('10.0.0.1\n10.0.0.2\n10.0.0.2 again', true, known);
    expect(found.map(({ watchedBy, sameAsLine }) => [watchedBy, sameAsLine])).toEqual([
      ['core.ping', null],
      [null, null],
      [null, 2],
    ]);
  });
});
