import { describe, expect, it } from 'vitest';
import { parseFping, parsePing } from '../../../probes/kinds/icmp-output.ts';

/** Recorded from fping 5.1 with `-C 3 -p 1000 -t 3500 -i 1`. */
const fpingErrors = `ICMP Host Unreachable from 10.8.0.1 for ICMP Echo sent to 10.8.0.9
ICMP Host Unreachable from 10.8.0.1 for ICMP Echo sent to 10.8.0.9
ICMP Host Unreachable from 10.8.0.1 for ICMP Echo sent to 10.8.0.9

127.0.0.1   : 0.408 0.068 0.053
10.8.0.9    : - - -
10.7.0.1    : 12.3 - 133
2001:db8::1 : - - -
::1         : 0.050 0.046 0.040
`;

describe('the output of fping', () => {
  const found = parseFping(fpingErrors);

  it('gives the round trips of each address, of either family', () => {
    expect(found.get('127.0.0.1')).toEqual({ sent: 3, timesMs: [0.408, 0.068, 0.053] });
    expect(found.get('::1')).toEqual({ sent: 3, timesMs: [0.05, 0.046, 0.04] });
  });

  it('counts a dash as a lost packet', () => {
    expect(found.get('10.7.0.1')).toEqual({ sent: 3, timesMs: [12.3, 133] });
    expect(found.get('2001:db8::1')).toEqual({ sent: 3, timesMs: [] });
  });

  it('says what a router complained about, of that address alone', () => {
    expect(found.get('10.8.0.9')).toEqual({ sent: 3, timesMs: [], complaint: 'Host Unreachable, says 10.8.0.1' });
  });

  it('holds nothing but the addresses', () => {
    expect([...found.keys()]).toEqual(['127.0.0.1', '10.8.0.9', '10.7.0.1', '2001:db8::1', '::1']);
    expect(parseFping("fping: can't create socket (must run as root?)\n").size).toBe(0);
    expect(parseFping('127.0.0.1 : duplicate for [0], 64 bytes, 0.050 ms\n').size).toBe(0);
  });
});

describe('the output of ping', () => {
  it('gives the round trips of iputils', () => {
    const output = `PING 127.0.0.1 (127.0.0.1) 56(84) bytes of data.
64 bytes from 127.0.0.1: icmp_seq=1 ttl=64 time=0.012 ms
64 bytes from 127.0.0.1: icmp_seq=3 ttl=64 time=0.041 ms

--- 127.0.0.1 ping statistics ---
3 packets transmitted, 2 received, 33.3333% packet loss, time 406ms
rtt min/avg/max/mdev = 0.012/0.031/0.041/0.013 ms
`;
    expect(parsePing(output, '')).toEqual({ sent: 3, timesMs: [0.012, 0.041] });
  });

  it('counts a duplicate once', () => {
    const output = `64 bytes from 10.0.0.1: icmp_seq=1 ttl=64 time=0.5 ms
64 bytes from 10.0.0.1: icmp_seq=1 ttl=64 time=0.6 ms (DUP!)

1 packets transmitted, 1 received, +1 duplicates, 0% packet loss, time 0ms
`;
    expect(parsePing(output, '')).toEqual({ sent: 1, timesMs: [0.5] });
  });

  it('gives the round trips of BusyBox', () => {
    const output = `PING 127.0.0.1 (127.0.0.1): 56 data bytes
64 bytes from 127.0.0.1: seq=0 ttl=64 time=0.051 ms
64 bytes from 127.0.0.1: seq=1 ttl=64 time=0.079 ms

--- 127.0.0.1 ping statistics ---
2 packets transmitted, 2 packets received, 0% packet loss
round-trip min/avg/max = 0.051/0.065/0.079 ms
`;
    expect(parsePing(output, '')).toEqual({ sent: 2, timesMs: [0.051, 0.079] });
  });

  it('reads what it says when it is interrupted', () => {
    const output = `PING 10.8.0.9 (10.8.0.9) 56(84) bytes of data.

--- 10.8.0.9 ping statistics ---
3 packets transmitted, 0 received, 100% packet loss, time 408ms

`;
    expect(parsePing(output, '')).toEqual({ sent: 3, timesMs: [] });
  });

  it('says what a router complained about', () => {
    const output = `PING 10.8.0.9 (10.8.0.9) 56(84) bytes of data.
From 10.8.0.1 icmp_seq=1 Destination Host Unreachable
From 10.8.0.1 icmp_seq=2 Destination Host Unreachable

--- 10.8.0.9 ping statistics ---
3 packets transmitted, 0 received, +3 errors, 100% packet loss, time 406ms
pipe 3
`;
    const complaint = 'Destination Host Unreachable, says 10.8.0.1';
    expect(parsePing(output, '')).toEqual({ sent: 3, timesMs: [], complaint });
  });

  it.each([
    ['ping: connect: Network is unreachable\n', 'Network is unreachable'],
    ['ping: connect: No route to host\n', 'No route to host'],
  ])('takes %j as the answer of the network', (errors, complaint) => {
    expect(parsePing('', errors)).toEqual({ sent: 0, timesMs: [], complaint });
  });

  it('has no answer where ping may not send', () => {
    const errors = 'ping: socktype: SOCK_RAW\nping: socket: Operation not permitted\n';
    expect(parsePing('', errors)).toBeNull();
    expect(parsePing('', 'ping: invalid option -- C\n')).toBeNull();
  });
});
