import { networkInterfaces } from 'node:os';
import { describe, expect, it } from 'vitest';
import { ProbeFailure } from '../../../probes/contract.ts';
import { createAddressGuard, parseAllowLoopback } from '../../../probes/support/address-guard.ts';

type Options = Parameters<typeof createAddressGuard>[0];

function verdictOn(address: string, port = 80, options: Partial<Options> = {}): string {
  const guard = createAddressGuard({ allowLoopback: false, ...options });
  try {
    guard.check(address, port);
    return 'allowed';
  } catch (error) {
    return error instanceof ProbeFailure && error.reason === 'address-refused' ? error.message : `broken: ${error}`;
  }
}

describe('the address guard', () => {
  it.each([
    '10.0.0.1',
    '172.16.5.5',
    '192.168.1.1',
    '100.64.0.1',
    '203.0.113.7',
    '8.8.8.8',
    'fd12:3456::1',
    '2001:db8::1',
    '::ffff:10.0.0.1',
    '64:ff9b::10.0.0.1',
    '64:ff9b:1::10.0.0.1',
  ])('lets probes reach %s, an ordinary or internal address', (address) => {
    expect(verdictOn(address)).toBe('allowed');
  });

  it.each([
    ['169.254.169.254', 'metadata'],
    ['169.254.0.1', 'link-local'],
    ['0.0.0.0', 'unspecified'],
    ['0.1.2.3', 'this network'],
    ['255.255.255.255', 'broadcast'],
    ['224.0.0.251', 'multicast'],
    ['239.255.255.250', 'multicast'],
    ['100.100.100.200', 'metadata of Alibaba'],
    ['168.63.129.16', 'metadata of Azure'],
    ['::', 'unspecified'],
    ['fe80::1', 'link-local'],
    ['fe80::1%eth0', 'link-local with a zone'],
    ['febf::1', 'the end of link-local'],
    ['ff02::1', 'multicast'],
    ['fd00:ec2::254', 'metadata of AWS'],
    ['FD00:0EC2:0:0:0:0:0:254', 'the same, spelt otherwise'],
    ['::ffff:169.254.169.254', 'mapped'],
    ['::ffff:a9fe:a9fe', 'mapped, hexadecimal'],
    ['::169.254.169.254', 'compatible'],
    ['::ffff:0:169.254.169.254', 'translated'],
    ['64:ff9b::a9fe:a9fe', 'NAT64'],
    ['64:ff9b:1::169.254.169.254', 'local NAT64'],
    ['64:ff9b:1:a9fe:a9:fe00::', 'local NAT64 of a /48'],
    ['2002:a9fe:a9fe::1', '6to4'],
    ['2001:0:4136:e378:8000:63bf:5601:5601', 'Teredo'],
  ])('refuses %s always (%s)', (address) => {
    expect(verdictOn(address, 80, { allowLoopback: true })).toContain('never probed');
  });

  it.each(['127.1', '0177.0.0.1', '2130706433', '0x7f000001', 'localhost', '', 'fe80::1%'])(
    'refuses "%s", which is no IP address in its usual form',
    (address) => {
      expect(verdictOn(address, 80, { allowLoopback: true })).toContain('refused');
    },
  );

  const loopback = [
    '127.0.0.1',
    '127.255.255.254',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '::127.0.0.1',
    '2002:7f00:1::',
  ];
  it.each(loopback)('refuses %s unless loopback is allowed', (address) => {
    expect(verdictOn(address)).toContain('TROTH_ALLOW_LOOPBACK');
    expect(verdictOn(address, 80, { allowLoopback: true })).toBe('allowed');
  });

  it('allows loopback endpoint by endpoint', () => {
    const allowLoopback = parseAllowLoopback('8080, 127.0.0.1:9090,[::1]:7070,localhost:6060');
    const allowed = (address: string, port: number) => verdictOn(address, port, { allowLoopback }) === 'allowed';
    expect(allowed('127.0.0.1', 8080)).toBe(true);
    expect(allowed('::1', 8080)).toBe(true);
    expect(allowed('127.0.0.1', 9090)).toBe(true);
    expect(allowed('::ffff:127.0.0.1', 9090)).toBe(true);
    expect(allowed('127.0.0.2', 9090)).toBe(false);
    expect(allowed('::1', 9090)).toBe(false);
    expect(allowed('::1', 7070)).toBe(true);
    expect(allowed('127.0.0.1', 7070)).toBe(false);
    expect(allowed('127.0.0.9', 6060)).toBe(true);
    expect(allowed('127.0.0.1', 80)).toBe(false);
  });

  it('lets a protocol without ports reach a loopback address of which some port is allowed', () => {
    expect(verdictOn('127.0.0.1', 0, { allowLoopback: ['127.0.0.1:9090'] })).toBe('allowed');
    expect(verdictOn('::1', 0, { allowLoopback: ['127.0.0.1:9090'] })).toContain('refused');
  });

  it("refuses Troth's own database and queue and nothing else at their addresses", () => {
    const options = {
      allowLoopback: true,
      refused: [
        { host: '10.0.0.5', port: 5432 },
        { host: 'fd00::6', port: 6379 },
      ],
    };
    expect(verdictOn('10.0.0.5', 5432, options)).toContain("Troth's own");
    expect(verdictOn('::ffff:10.0.0.5', 5432, options)).toContain("Troth's own");
    expect(verdictOn('fd00:0::6', 6379, options)).toContain("Troth's own");
    expect(verdictOn('10.0.0.5', 5433, options)).toBe('allowed');
    expect(verdictOn('10.0.0.6', 5432, options)).toBe('allowed');
  });

  const machine = Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map((one) => one.address));

  it.each(['localhost', '0.0.0.0', '::', ...machine])(
    'refuses a database on %s by every address of this machine',
    (host) => {
      const options = { allowLoopback: true, refused: [{ host, port: 5432 }] };
      for (const address of ['127.0.0.1', '127.0.0.2', '::1', '::ffff:127.0.0.1', ...machine]) {
        expect(verdictOn(address, 5432, options)).toContain('refused');
      }
      expect(verdictOn('127.0.0.1', 5433, options)).toBe('allowed');
    },
  );

  it('takes other endpoints for its own when it is told so', () => {
    const guard = createAddressGuard({ allowLoopback: false, refused: [{ host: '10.0.0.5', port: 5432 }] });
    guard.refuse([{ host: '10.0.0.6', port: 5432 }]);
    expect(() => guard.check('10.0.0.6', 5432)).toThrow("Troth's own");
    expect(() => guard.check('10.0.0.5', 5432)).not.toThrow();
  });

  it('demands that the names of its own endpoints have been resolved', () => {
    const make = () => createAddressGuard({ allowLoopback: true, refused: [{ host: 'postgres', port: 5432 }] });
    expect(make).toThrow('"postgres" is not an IP address');
  });
});

describe('TROTH_ALLOW_LOOPBACK', () => {
  it.each([
    ['true', true],
    [' TRUE ', true],
    ['false', false],
    ['', false],
    ['8080', ['8080']],
    ['127.0.0.1:80, [::1]:443', ['127.0.0.1:80', '[::1]:443']],
  ])('reads "%s"', (text, expected) => {
    expect(parseAllowLoopback(text)).toEqual(expected);
  });

  it.each(['yes', '0', '65536', '10.0.0.1:80', 'example.org:80', '127.0.0.1', '::1:80', '8080,,', '127.1:80'])(
    'names what is wrong with "%s" and what is allowed',
    (text) => {
      expect(() => parseAllowLoopback(text)).toThrow(/TROTH_ALLOW_LOOPBACK: ".*" is neither a port.*true, false/);
    },
  );
});
