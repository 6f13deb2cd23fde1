import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { userInfo } from 'node:os';
import { Client } from 'pg';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { StartTlsProtocol } from '../../probes/kinds/tcp-starttls.ts';
import { tcpProbe } from '../../probes/kinds/tcp.probe.ts';
import { tlsProbe } from '../../probes/kinds/tls.probe.ts';
import { runProbe } from '../../probes/run-probe.ts';
import { startEmbeddedPostgres } from '../../server/platform/embedded-postgres.ts';
import { makeCertificate, type Identity } from '../support/targets/certificates.ts';
import { closedPort } from '../support/targets/tcp-target.ts';
import { startDaemon } from './daemon.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

let identity: Identity;
const ports = {} as Record<StartTlsProtocol, number>;
const stops: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  identity = await makeCertificate({ name: 'localhost', altNames: ['localhost', '127.0.0.1'] });
  for (const protocol of ['smtp', 'imap', 'pop3', 'ftp', 'ldap'] as const) ports[protocol] = await closedPort();
  await startDovecot();
  await startSlapd();
  await startVsftpd();
  await startPostgres();
});
afterAll(() => Promise.all(stops.map((stop) => stop())));

const certificateFiles = () => ({ 'server.pem': identity.certificate, 'server.key': identity.key });

async function startDovecot(): Promise<void> {
  const isRoot = process.getuid?.() === 0;
  const { username } = userInfo();
  const group = execFileSync('id', ['-gn'], { encoding: 'utf8' }).trim();
  const { smtp, imap, pop3 } = ports;
  const login = (name: string, listener: string, port: number) =>
    `service ${name}-login {\n chroot =\n inet_listener ${listener} {\n port = ${port}\n }\n inet_listener ${listener}s {\n port = 0\n }\n}\n`;
  const conf = (folder: string) => `base_dir = ${folder}/run
state_dir = ${folder}/state
log_path = ${folder}/log
default_internal_user = ${isRoot ? 'dovecot' : username}
default_internal_group = ${isRoot ? 'dovecot' : group}
default_login_user = ${isRoot ? 'dovenull' : username}
protocols = imap pop3 submission
listen = 127.0.0.1
ssl = yes
ssl_cert = <${folder}/server.pem
ssl_key = <${folder}/server.key
hostname = mail.troth.test
submission_relay_host = 127.0.0.1
passdb {
 driver = static
 args = nopassword=y
}
service anvil {
 chroot =
}
${login('imap', 'imap', imap)}${login('pop3', 'pop3', pop3)}service submission-login {
 chroot =
 inet_listener submission {
 port = ${smtp}
 }
}
`;
  const dovecot = await startDaemon({
    program: 'dovecot',
    files: (folder) => ({ ...certificateFiles(), 'dovecot.conf': conf(folder) }),
    options: (folder) => ['-F', '-c', `${folder}/dovecot.conf`],
    ports: [smtp, imap, pop3],
  });
  stops.push(dovecot.stop);
}

async function startSlapd(): Promise<void> {
  const slapd = await startDaemon({
    program: 'slapd',
    files: (folder) => ({
      ...certificateFiles(),
      'slapd.conf': `TLSCertificateFile ${folder}/server.pem\nTLSCertificateKeyFile ${folder}/server.key\n`,
    }),
    options: (folder) => ['-d', '0', '-f', `${folder}/slapd.conf`, '-h', `ldap://127.0.0.1:${ports.ldap}/`],
    ports: [ports.ldap],
  });
  stops.push(slapd.stop);
}

async function startVsftpd(): Promise<void> {
  const conf = (folder: string) => `listen=YES
background=NO
listen_address=127.0.0.1
listen_port=${ports.ftp}
run_as_launching_user=YES
seccomp_sandbox=NO
anonymous_enable=YES
anon_root=${folder}
ssl_enable=YES
allow_anon_ssl=YES
ssl_tlsv1=YES
rsa_cert_file=${folder}/server.pem
rsa_private_key_file=${folder}/server.key
`;
  const vsftpd = await startDaemon({
    program: 'vsftpd',
    files: (folder) => ({ ...certificateFiles(), 'vsftpd.conf': conf(folder) }),
    options: (folder) => [`${folder}/vsftpd.conf`],
    ports: [ports.ftp],
  });
  stops.push(vsftpd.stop);
}

/** PostgreSQL may run as another user: it writes its own certificate and key. */
async function startPostgres(): Promise<void> {
  const dataFolder = temporaryFolder('troth-postgres-');
  const postgres = await startEmbeddedPostgres({ dataFolder, log: pino({ level: 'silent' }) });
  stops.push(() => postgres.stop().finally(() => rmSync(dataFolder, { recursive: true, force: true })));
  const client = new Client({ connectionString: postgres.url });
  await client.connect();
  try {
    for (const [name, text] of Object.entries(certificateFiles())) {
      const lines = text
        .trim()
        .split('\n')
        .map((line) => `('${line}')`)
        .join(',');
      await client.query(`COPY (VALUES ${lines}) TO PROGRAM 'umask 077; cat > ${name}'`);
    }
    await client.query(`ALTER SYSTEM SET ssl_cert_file = 'server.pem'`);
    await client.query(`ALTER SYSTEM SET ssl_key_file = 'server.key'`);
    await client.query('ALTER SYSTEM SET ssl = on');
    await client.query('SELECT pg_reload_conf()');
    await vi.waitFor(async () => expect((await client.query('SHOW ssl')).rows).toEqual([{ ssl: 'on' }]));
  } finally {
    await client.end();
  }
  ports.postgres = postgres.port;
}

const options = { timeoutMs: 5_000, guard: { check: () => {} } };

describe.each(['smtp', 'imap', 'pop3', 'ftp', 'ldap', 'postgres'] as const)('a real server of %s', (protocol) => {
  const towards = () => ({ host: '127.0.0.1', port: ports[protocol] });

  it('begins TLS when it is asked to', async () => {
    const config = tcpProbe.config.parse({ ...towards(), tls: { startTls: protocol, ca: identity.certificate } });
    const outcome = await runProbe(tcpProbe, config, options);
    expect(outcome).toMatchObject({
      verdict: 'up',
      facts: { protocol: expect.stringMatching(/^TLSv1\.[23]$/), certificateDaysLeft: 30 },
    });
  });

  it('shows its certificate', async () => {
    const config = tlsProbe.config.parse({ ...towards(), startTls: protocol, ca: identity.certificate });
    expect(await runProbe(tlsProbe, config, options)).toMatchObject({
      verdict: 'up',
      facts: { subject: 'CN=localhost', daysLeft: 30 },
    });
    const untrusting = tlsProbe.config.parse({ ...towards(), startTls: protocol });
    expect(await runProbe(tlsProbe, untrusting, options)).toMatchObject({
      verdict: 'down',
      reason: 'certificate-self-signed',
    });
  });
});

describe('a conversation with a real server', () => {
  it('speaks SMTP under TLS', async () => {
    const config = tcpProbe.config.parse({
      host: '127.0.0.1',
      port: ports.smtp,
      tls: { startTls: 'smtp', ca: identity.certificate },
      conversation: [
        { send: 'EHLO probe.test\\r\\n' },
        { expect: { matches: '(?m)^250[ -]AUTH' } },
        { send: 'QUIT\\r\\n' },
        { expect: { contains: '221' } },
      ],
    });
    expect(await runProbe(tcpProbe, config, options)).toMatchObject({ verdict: 'up' });
  });

  it('speaks IMAP in clear text', async () => {
    const config = tcpProbe.config.parse({
      host: '127.0.0.1',
      port: ports.imap,
      conversation: [
        { expect: { contains: '* OK' } },
        { send: 'a CAPABILITY\\r\\n' },
        { expect: { contains: 'STARTTLS', matches: '(?m)^a OK' } },
      ],
    });
    expect(await runProbe(tcpProbe, config, options)).toMatchObject({ verdict: 'up' });
  });
});
