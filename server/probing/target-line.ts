/** Reads one line of a pasted list: what it points at, and what people call it. Pure. */
import { isIP } from 'node:net';
import { isHost, parseHostAndPort } from '../../probes/support/endpoint.ts';

/** `url` for http and https alone; other schemes are a host with the port that the scheme stands for. */
export type Target =
  | { form: 'url'; url: string }
  | { form: 'endpoint'; host: string; port: number }
  | { form: 'host'; host: string };

export type TargetLine = { target: Target; name: string } | { problem: string };

/** The ports that schemes stand for. */
const schemePorts: Readonly<Record<string, number>> = {
  ftp: 21,
  ssh: 22,
  sftp: 22,
  smtp: 25,
  dns: 53,
  pop3: 110,
  imap: 143,
  ldap: 389,
  smtps: 465,
  ldaps: 636,
  imaps: 993,
  pop3s: 995,
  mysql: 3306,
  rdp: 3389,
  postgres: 5432,
  postgresql: 5432,
  amqp: 5672,
  redis: 6379,
};
const problem = (text: string): TargetLine => ({ problem: text });

/** The target and the name of a line such as `https://payroll.internal/login  Payroll` or `10.0.0.5:25, Mail`. */
export function readTargetLine(text: string): TargetLine {
  const line = text.trim().replace(/^[-*•]\s+/, '');
  const [, first = '', rest = ''] = /^([^\s,;]+)(?:\s*[,;]\s*|\s+)?(.*)$/su.exec(line) ?? [];
  const target = targetOf(first);
  if ('problem' in target) return target;
  const name = rest.replaceAll(/\s+/g, ' ').replace(/^#\s*/, '').trim();
  if (name.length > 120) return problem('the name behind it is longer than 120 characters');
  return { target, name: name || nameOf(target) };
}

function targetOf(text: string): Target | { problem: string } {
  const [, scheme, rest = ''] = /^([a-z][a-z\d+.-]*):\/\/(.*)$/i.exec(text) ?? [];
  if (scheme !== undefined) return targetOfUrl(text, scheme.toLowerCase(), rest);
  if (/^[\d.]+\/\d{1,2}$/.test(text) || /^[\da-f:]+\/\d{1,3}$/i.test(text)) {
    return { problem: 'is a whole network: write the single addresses, one a line' };
  }
  if (text.includes('/')) return { form: 'url', url: `https://${text}` };
  const endpoint = parseHostAndPort(text);
  if (endpoint) return endpointTarget(endpoint);
  return { problem: objectionTo(text) };
}

function targetOfUrl(text: string, scheme: string, rest: string): Target | { problem: string } {
  if (scheme === 'http' || scheme === 'https') return { form: 'url', url: text };
  const authority = rest.split(/[/?#]/)[0]!;
  if (authority.includes('@')) return { problem: 'must not hold a user name or a password' };
  const endpoint = parseHostAndPort(authority);
  if (!endpoint) return { problem: objectionTo(authority) };
  if (scheme === 'icmp' || scheme === 'ping') return { form: 'host', host: endpoint.host };
  const port = endpoint.port ?? schemePorts[scheme];
  if (port !== undefined) return { form: 'endpoint', host: endpoint.host, port };
  return { problem: `nothing is known of ${scheme}:// without a port: write it as ${endpoint.host}:port` };
}

const endpointTarget = ({ host, port }: { host: string; port?: number }): Target =>
  port === undefined ? { form: 'host', host } : { form: 'endpoint', host, port };

function objectionTo(text: string): string {
  const [, host, port] = /^(.*?):(\d+)$/.exec(text) ?? [];
  if (host !== undefined && isHost(host)) return `has the port ${port}, and ports go from 1 to 65535`;
  if (text.includes('@')) return 'is a mail address or holds a user name: write the host alone';
  return 'is no URL, no host name, no address and no host:port';
}

/** What a target is called where the line says nothing. */
function nameOf(target: Target): string {
  if (target.form === 'host') return target.host;
  if (target.form === 'endpoint') {
    return isIP(target.host) === 6 ? `[${target.host}]:${target.port}` : `${target.host}:${target.port}`;
  }
  if (!URL.canParse(target.url)) return target.url;
  const { host, pathname } = new URL(target.url);
  return `${host}${pathname === '/' ? '' : pathname.replace(/\/$/, '')}`.slice(0, 120);
}
