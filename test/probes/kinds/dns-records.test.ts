import { decode, encode, type Answer } from 'dns-packet';
import { describe, expect, it } from 'vitest';
import { answersOf, normalAnswer, questionName, type RecordType } from '../../../probes/kinds/dns-records.ts';

const received = (answers: Answer[]) => decode(encode({ type: 'response', id: 1, answers }));

describe('the name of a question', () => {
  it.each([
    ['payroll.internal', 'payroll.internal'],
    ['payroll.internal.', 'payroll.internal'],
    ['_ldap._tcp.internal', '_ldap._tcp.internal'],
    ['0/25.2.0.192.in-addr.arpa', '0/25.2.0.192.in-addr.arpa'],
    ['münchen.example', 'xn--mnchen-3ya.example'],
    ['.', '.'],
    ['192.0.2.17', '17.2.0.192.in-addr.arpa'],
    ['2001:db8::a1', '1.a.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa'],
  ])('of %s is %s', (name, question) => expect(questionName(name)).toBe(question));

  it.each(['a..b', '.a', 'a b', `${'x'.repeat(64)}.a`, 'ab.'.repeat(90)])('does not exist for %j', (name) => {
    expect(questionName(name)).toBeUndefined();
  });
});

describe('the answers of a packet', () => {
  it('follow aliases in any order, and leave out what belongs to other names', () => {
    const packet = received([
      { type: 'A', name: 'edge.internal', data: '10.0.0.7' },
      { type: 'CNAME', name: 'web.internal', data: 'edge.internal' },
      { type: 'CNAME', name: 'WWW.internal', data: 'web.internal' },
      { type: 'A', name: 'other.internal', data: '10.0.0.8' },
    ]);
    expect(answersOf(packet, 'www.internal', 'A')).toEqual(['10.0.0.7']);
    expect(answersOf(packet, 'www.internal', 'CNAME')).toEqual(['web.internal']);
    expect(answersOf(packet, 'other.internal', 'A')).toEqual(['10.0.0.8']);
  });

  it.each<[Answer, string]>([
    [{ type: 'A', name: 'x', data: '10.0.0.1' }, '10.0.0.1'],
    [{ type: 'AAAA', name: 'x', data: '2001:db8:0:0::1' }, '2001:db8::1'],
    [{ type: 'CNAME', name: 'x', data: 'Edge.Internal' }, 'edge.internal'],
    [{ type: 'NS', name: 'x', data: 'ns1.internal' }, 'ns1.internal'],
    [{ type: 'PTR', name: 'x', data: 'Host.internal' }, 'host.internal'],
    [{ type: 'MX', name: 'x', data: { preference: 10, exchange: 'Mail.internal' } }, '10 mail.internal'],
    [{ type: 'MX', name: 'x', data: { preference: 0, exchange: '.' } }, '0 .'],
    [
      { type: 'SRV', name: 'x', data: { priority: 1, weight: 2, port: 389, target: 'dc.internal' } },
      '1 2 389 dc.internal',
    ],
    [{ type: 'TXT', name: 'x', data: ['v=spf1 ', '-all'] }, 'v=spf1 -all'],
    [{ type: 'CAA', name: 'x', data: { flags: 0, tag: 'issue', value: 'ca.example' } }, '0 issue ca.example'],
    [
      {
        type: 'SOA',
        name: 'x',
        data: { mname: 'NS1.x', rname: 'admin.x', serial: 7, refresh: 1, retry: 2, expire: 3, minimum: 4 },
      },
      'ns1.x admin.x 7 1 2 3 4',
    ],
  ])('are written as people write them: %j', (answer, text) => {
    expect(answersOf(received([answer]), 'x', answer.type as RecordType)).toEqual([text]);
  });

  it.each<[RecordType, string, string]>([
    ['AAAA', '2001:0DB8::0001', '2001:db8::1'],
    ['MX', '10  Mail.Internal.', '10 mail.internal'],
    ['CAA', '0 issue "ca.example"', '0 issue ca.example'],
    ['TXT', '"V=spf1  -all"', 'V=spf1  -all'],
  ])('have one spelling: %s %s', (type, written, normal) => expect(normalAnswer(type, written)).toBe(normal));
});
