/** Which probes suit a target, the best first, each with the reason why. Pure. */
import { isIP } from 'node:net';
import type { Target } from './target-line.ts';

/** A probe by its kind and the config as people write it. */
export interface ProbeChoice {
  kind: string;
  config: Record<string, unknown>;
  because: string;
}

const httpPorts = new Set([80, 591, 3000, 5000, 8000, 8008, 8080, 8081, 8888, 9090]);
const httpsPorts = new Set([443, 4443, 8443, 9443, 10443]);

/** What a server of a well-known port says first, and over TLS where the port is for that. */
const greetings: Readonly<Record<number, { protocol: string; matches: string; tls?: true; quit?: string }>> = {
  21: { protocol: 'FTP', matches: '^220' },
  22: { protocol: 'SSH', matches: '^SSH-' },
  25: { protocol: 'SMTP', matches: '^220', quit: '^221' },
  110: { protocol: 'POP3', matches: '^\\+OK' },
  143: { protocol: 'IMAP', matches: '^\\* OK' },
  465: { protocol: 'SMTP', matches: '^220', tls: true, quit: '^221' },
  587: { protocol: 'SMTP', matches: '^220', quit: '^221' },
  993: { protocol: 'IMAP', matches: '^\\* OK', tls: true },
  995: { protocol: 'POP3', matches: '^\\+OK', tls: true },
  2525: { protocol: 'SMTP', matches: '^220', quit: '^221' },
};

const inUrl = (host: string): string => (isIP(host) === 6 ? `[${host}]` : host);
const http = (url: string, because: string): ProbeChoice => ({ kind: 'http', config: { url }, because });
const tcp = (host: string, port: number, because: string): ProbeChoice => ({
  kind: 'tcp',
  config: { host, port },
  because,
});
const tls = (host: string, port: number, because: string): ProbeChoice => ({
  kind: 'tls',
  config: { host, port },
  because,
});
const ping = (host: string, because: string): ProbeChoice => ({ kind: 'icmp', config: { host }, because });

/** @param canPing whether the location can send pings; null where nobody knows */
export function choicesFor(target: Target, canPing: boolean | null): ProbeChoice[] {
  switch (target.form) {
    case 'url':
      return choicesForUrl(target.url);
    case 'endpoint':
      return [...choicesForEndpoint(target.host, target.port), ...(canPing === false ? [] : [pingBeside(target.host)])];
    case 'host':
      return choicesForHost(target.host, canPing);
  }
}

const pingBeside = (host: string): ProbeChoice => ping(host, 'Tells only whether the host answers');

function choicesForUrl(url: string): ProbeChoice[] {
  const page = http(url, 'The line is a URL');
  if (!URL.canParse(url)) return [page];
  const { protocol, hostname, port } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  const isSecure = protocol === 'https:';
  const number = Number(port) || (isSecure ? 443 : 80);
  const certificate = tls(host, number, 'Looks at the certificate alone');
  return [page, ...(isSecure ? [certificate] : []), tcp(host, number, 'Tells only whether the port is open')];
}

function choicesForEndpoint(host: string, port: number): ProbeChoice[] {
  const open = tcp(host, port, 'Tells only whether the port is open');
  const authority = `${inUrl(host)}:${port}`;
  if (port === 53) return [nameServer(host), open];
  if (httpsPorts.has(port)) {
    const url = port === 443 ? `https://${inUrl(host)}/` : `https://${authority}/`;
    return [
      http(url, `Port ${port} is used for web pages over TLS`),
      tls(host, port, 'Looks at the certificate alone'),
      open,
    ];
  }
  if (httpPorts.has(port)) {
    const url = port === 80 ? `http://${inUrl(host)}/` : `http://${authority}/`;
    return [http(url, `Port ${port} is used for web pages`), open];
  }
  if (port === 636) return [tls(host, port, 'Port 636 is LDAP over TLS'), open];
  const greeted = greeting(host, port);
  if (greeted) return [greeted, open];
  return [
    tcp(host, port, `Nothing more is known of port ${port} than that it should be open`),
    http(`http://${authority}/`, 'If a web server answers there'),
    http(`https://${authority}/`, 'If a web server answers there over TLS'),
  ];
}

function greeting(host: string, port: number): ProbeChoice | undefined {
  const known = greetings[port];
  if (!known) return undefined;
  const { protocol, matches, quit } = known;
  const goodbye = quit ? [{ send: String.raw`QUIT\r\n` }, { expect: { matches: quit } }] : [];
  const conversation = [{ expect: { matches } }, ...goodbye];
  const config = { host, port, ...(known.tls ? { tls: {} } : {}), conversation };
  return { kind: 'tcp', config, because: `Port ${port} is ${protocol}: its greeting is expected` };
}

/** A name server with a name is asked for that; any other for the root of all names, which every resolver knows. */
function nameServer(host: string): ProbeChoice {
  const server = host;
  return isIP(host) === 0
    ? {
        kind: 'dns',
        config: { name: host, type: 'A', server },
        because: 'Port 53 is DNS: it is asked for its own name',
      }
    : { kind: 'dns', config: { name: '.', type: 'NS', server }, because: 'Port 53 is DNS: it is asked for the root' };
}

function choicesForHost(host: string, canPing: boolean | null): ProbeChoice[] {
  const pages = [
    http(`https://${inUrl(host)}/`, 'If it serves web pages over TLS'),
    http(`http://${inUrl(host)}/`, 'If it serves web pages'),
  ];
  // A bare address serves a certificate for its name more often than one for itself.
  const others = [
    ...(isIP(host) === 0 ? pages : pages.toReversed()),
    tcp(host, 22, 'If it can be administered over SSH'),
  ];
  if (canPing) return [ping(host, 'A host without a port: a ping asks least of it'), ...others];
  const [best, ...rest] = others;
  const why = canPing === false ? 'The location cannot ping' : 'It is not known whether the location can ping';
  const first = { ...best!, because: `${why}; most hosts serve web pages` };
  return canPing === false ? [first, ...rest] : [first, ping(host, 'If the location can ping'), ...rest];
}
