import { describe, expect, it } from 'vitest';
import { readTargetLine } from '../../../server/probing/target-line.ts';

const host = (host: string) => ({ form: 'host', host });
const endpoint = (host: string, port: number) => ({ form: 'endpoint', host, port });
const url = (url: string) => ({ form: 'url', url });

describe('a pasted line', () => {
  it.each([
    ['payroll.internal', host('payroll.internal'), 'payroll.internal'],
    ['10.0.0.5', host('10.0.0.5'), '10.0.0.5'],
    ['2001:db8::5', host('2001:db8::5'), '2001:db8::5'],
    ['10.0.0.5:25', endpoint('10.0.0.5', 25), '10.0.0.5:25'],
    ['[2001:db8::5]:443', endpoint('2001:db8::5', 443), '[2001:db8::5]:443'],
    ['ssh://jump.internal', endpoint('jump.internal', 22), 'jump.internal:22'],
    ['ldaps://dir.internal:1636', endpoint('dir.internal', 1636), 'dir.internal:1636'],
    ['ping://10.0.0.1', host('10.0.0.1'), '10.0.0.1'],
    ['https://payroll.internal/login/', url('https://payroll.internal/login/'), 'payroll.internal/login'],
    ['payroll.internal/login', url('https://payroll.internal/login'), 'payroll.internal/login'],
    ['10.0.0.1 core-router', host('10.0.0.1'), 'core-router'],
    ['https://hr.internal, HR portal', url('https://hr.internal'), 'HR portal'],
    ['hr.internal;  HR   portal ', host('hr.internal'), 'HR portal'],
    ['- 10.0.0.7 # the printer', host('10.0.0.7'), 'the printer'],
  ])('%s says what to look at and how it is called', (text, target, name) => {
    expect(readTargetLine(text)).toEqual({ target, name });
  });

  it.each([
    ['10.0.0.0/24', /whole network/],
    ['2001:db8::/64', /whole network/],
    ['payroll:99999', /ports go from 1 to 65535/],
    ['root@10.0.0.5', /write the host alone/],
    ['ssh://root@10.0.0.5', /user name/],
    ['gopher://old.internal', /nothing is known of gopher/],
    ['10.0.0.300', /no URL, no host name/],
    ['???', /no URL, no host name/],
  ])('%s is not taken, and why is said', (text, message) => {
    expect(readTargetLine(text)).toEqual({ problem: expect.stringMatching(message) });
  });
});
