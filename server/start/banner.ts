import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';

export interface BannerFacts {
  /** Where the server listens: `http://0.0.0.0:8484`. */
  url: string;
  /** Null once there is an account. */
  setupLink: string | null;
  /** Whether the sample target runs. */
  hasSample: boolean;
  addresses?: readonly string[];
}

/** The address that works on this machine for a server that may listen on all interfaces. */
export function localUrl(url: string): string {
  const { hostname } = new URL(url);
  const local = { '0.0.0.0': '127.0.0.1', '[::]': '[::1]' }[hostname];
  return local ? url.replace(hostname, local) : url;
}

/** What a person needs to go on, in a box. */
export function banner({ url, setupLink, hasSample, addresses = outsideAddresses() }: BannerFacts): string {
  const { hostname, port, protocol } = new URL(url);
  const isOpen = ['0.0.0.0', '[::]'].includes(hostname);
  const others = isOpen
    ? addresses.map((address) => `${protocol}//${address}${port ? `:${port}` : ''}`).join(' ')
    : isLoopback(hostname)
      ? 'start with HOST=0.0.0.0 to let them in'
      : url;
  const rows: [string, string][] = [
    ['Dashboard', localUrl(url)],
    setupLink ? ['First sign-in', setupLink] : ['Sign-in', 'with your account'],
    ['Other machines', others],
    ...(hasSample ? ([['Break something', 'npx troth sample stop http']] as [string, string][]) : []),
    ['Stop', 'Ctrl-C'],
  ];
  const lines = ['Troth is running', '', ...rows.map(([label, text]) => `${label.padEnd(16)} ${text}`)];
  if (setupLink) lines.push('', 'The first sign-in link makes the administrator. It works once.');
  return box(lines);
}

function box(lines: readonly string[]): string {
  const width = Math.max(...lines.map((line) => line.length));
  const rule = '─'.repeat(width + 4);
  return [`╭${rule}╮`, ...lines.map((line) => `│  ${line.padEnd(width)}  │`), `╰${rule}╯`].join('\n');
}

const isLoopback = (hostname: string): boolean =>
  hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.');

/** The addresses of this machine that others may reach. */
export const outsideAddresses = (): string[] =>
  Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .filter(({ internal, address }) => !internal && isIP(address) === 4)
    .map(({ address }) => address);
