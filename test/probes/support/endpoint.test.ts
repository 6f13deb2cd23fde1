import { expect, it } from 'vitest';
import { isHost, parseHostAndPort } from '../../../probes/support/endpoint.ts';

it.each([
  ['payroll.internal', { host: 'payroll.internal' }],
  ['payroll.internal:25', { host: 'payroll.internal', port: 25 }],
  ['10.0.0.1:65535', { host: '10.0.0.1', port: 65_535 }],
  ['::1', { host: '::1' }],
  ['[::1]', { host: '::1' }],
  ['[2001:db8::1]:53', { host: '2001:db8::1', port: 53 }],
  ['_sip._tcp.internal', { host: '_sip._tcp.internal' }],
  ['münchen.example:1', { host: 'münchen.example', port: 1 }],
])('reads %s', (text, parts) => expect(parseHostAndPort(text)).toEqual(parts));

it.each([
  '',
  ':25',
  'a:',
  'a:0',
  'a:65536',
  'a:b',
  '[a]:1',
  '[::1',
  'a b:1',
  'http://a:1',
  '-x:1',
  'a:1:2',
  '1.2.3:80',
])('does not read %j', (text) => {
  expect(parseHostAndPort(text)).toBeUndefined();
});

it('knows what can be a host', () => {
  expect(['a', 'a-b.c', '10.0.0.1', '::1', 'a.'].filter((text) => !isHost(text))).toEqual([]);
  expect(['-a', 'a/b', 'a@b', 'a%b', 'a..b', '.', '$a', 'a;b', 'x'.repeat(254)].filter(isHost)).toEqual([]);
});

it('does not take for a host what resolvers fill up to an address', () => {
  expect(
    ['1.2.3', '127.1', '256.1.1.1', '1.2.3.4.5', '2130706433', '0x7f.1', 'a.0x', '10.0.0.1.'].filter(isHost),
  ).toEqual([]);
  expect(['1a', '3com.example', '1.2.3.example', '0x7g', '10.0.0.5'].filter((text) => !isHost(text))).toEqual([]);
});
