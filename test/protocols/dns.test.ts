import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dnsProbe } from '../../probes/kinds/dns.probe.ts';
import { runProbe } from '../../probes/run-probe.ts';
import { closedPort } from '../support/targets/tcp-target.ts';
import { startDaemon, type Daemon } from './daemon.ts';

const longTexts = Array.from({ length: 20 }, (_, index) => `long TXT "${'x'.repeat(100)}${index}"`).join('\n');
const forward = `$ORIGIN troth.test.
$TTL 60
@ SOA ns1 admin 7 3600 600 86400 60
@ NS ns1
@ MX 10 mail
@ CAA 0 issue "ca.troth.test"
ns1 A 10.0.0.53
host A 10.0.0.5
host A 10.0.0.6
host AAAA 2001:db8::5
mail A 10.0.0.25
www CNAME host
info TXT "v=spf1 " "-all"
_ldap._tcp SRV 1 2 389 host
${longTexts}
`;
const reverse = `$ORIGIN 0.0.10.in-addr.arpa.
$TTL 60
@ SOA ns1.troth.test. admin.troth.test. 1 3600 600 86400 60
@ NS ns1.troth.test.
5 PTR host.troth.test.
`;

let nsd: Daemon;
let port: number;
beforeAll(async () => {
  port = await closedPort();
  nsd = await startDaemon({
    program: 'nsd',
    files: (folder) => ({
      'forward.zone': forward,
      'reverse.zone': reverse,
      'nsd.conf': `server:
  ip-address: 127.0.0.1@${port}
  server-count: 1
  username: ""
  chroot: ""
  zonesdir: "${folder}"
  database: ""
  pidfile: "${folder}/pid"
  xfrdfile: "${folder}/xfrd"
  xfrdir: "${folder}"
  zonelistfile: "${folder}/zones"
  rrl-ratelimit: 0
remote-control:
  control-enable: no
zone:
  name: troth.test
  zonefile: forward.zone
zone:
  name: 0.0.10.in-addr.arpa
  zonefile: reverse.zone
`,
    }),
    options: (folder) => ['-d', '-c', `${folder}/nsd.conf`],
    ports: [port],
  });
});
afterAll(() => nsd?.stop());

const look = (input: object) => {
  const config = dnsProbe.config.parse({ server: `127.0.0.1:${port}`, ...input });
  return runProbe(dnsProbe, config, { timeoutMs: 3_000, guard: { check: () => {} } });
};

describe('a real name server', () => {
  it.each([
    ['host.troth.test', 'A', ['10.0.0.6', '10.0.0.5']],
    ['host.troth.test', 'AAAA', ['2001:DB8::0:5']],
    ['www.troth.test', 'A', ['10.0.0.5', '10.0.0.6']],
    ['www.troth.test', 'CNAME', ['host.troth.test']],
    ['troth.test', 'MX', ['10 mail.troth.test']],
    ['troth.test', 'NS', ['ns1.troth.test.']],
    ['info.troth.test', 'TXT', ['"v=spf1 -all"']],
    ['_ldap._tcp.troth.test', 'SRV', ['1 2 389 host.troth.test']],
    ['troth.test', 'SOA', ['ns1.troth.test admin.troth.test 7 3600 600 86400 60']],
    ['10.0.0.5', 'PTR', ['host.troth.test']],
    ['troth.test', 'CAA', ['0 issue "ca.troth.test"']],
  ])('answers %s %s, over either transport', async (name, type, equals) => {
    for (const transport of ['udp', 'tcp']) {
      const outcome = await look({ name, type, transport, expect: { authoritative: true, answers: { equals } } });
      expect(outcome).toMatchObject({ verdict: 'up', facts: { transport, authoritative: true } });
    }
  });

  it('is asked again over TCP for what is too long for UDP', async () => {
    const outcome = await look({
      name: 'long.troth.test',
      type: 'TXT',
      expect: { answers: { count: { exactly: 20 } } },
    });
    expect(outcome).toMatchObject({ verdict: 'up', facts: { transport: 'tcp' } });
  });

  it('tells a missing name from a zone that is not its own', async () => {
    expect(await look({ name: 'gone.troth.test' })).toMatchObject({
      reason: 'rcode-unexpected',
      detail: 'expected NOERROR, got NXDOMAIN',
    });
    expect(await look({ name: 'gone.troth.test', expect: { rcode: 'NXDOMAIN' } })).toMatchObject({ verdict: 'up' });
    expect(await look({ name: 'other.test' })).toMatchObject({ detail: 'expected NOERROR, got REFUSED' });
    expect(await look({ name: 'info.troth.test' })).toMatchObject({ reason: 'answer-unexpected' });
  });
});
