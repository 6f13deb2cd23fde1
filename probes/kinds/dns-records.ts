import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import type { Answer, CaaData, DecodedPacket, MxData, SoaData, SrvData } from 'dns-packet';
import ipaddr from 'ipaddr.js';

export const recordTypes = ['A', 'AAAA', 'CNAME', 'MX', 'NS', 'TXT', 'SRV', 'SOA', 'PTR', 'CAA'] as const;
export type RecordType = (typeof recordTypes)[number];

const longestName = 253;
const longestLabel = 63;

/**
 * The name that is asked for: in ASCII, without the dot at its end, and of an address the reverse name.
 * Undefined where DNS cannot carry it.
 */
export function questionName(name: string): string | undefined {
  if (isIP(name) !== 0) return reverseName(name);
  const plain = withoutDot(name);
  // Only names outside ASCII are converted: the conversion would refuse the slash of a classless reverse zone.
  const ascii = /\P{ASCII}/u.test(plain) ? domainToASCII(plain) : plain;
  const labels = ascii.split('.');
  const fits = ascii.length <= longestName && labels.every((label) => label.length > 0 && label.length <= longestLabel);
  return name === '.' ? '.' : fits && !/\s/.test(ascii) ? ascii : undefined;
}

function reverseName(address: string): string {
  const parsed = ipaddr.process(address);
  const bytes = parsed.toByteArray().reverse();
  if (parsed.kind() === 'ipv4') return `${bytes.join('.')}.in-addr.arpa`;
  const nibbles = bytes.flatMap((byte) => [byte & 15, byte >> 4]).map((nibble) => nibble.toString(16));
  return `${nibbles.join('.')}.ip6.arpa`;
}

/** The records of a type that answer a name, through its aliases, each as text in its normal form (see `normalAnswer`). */
export function answersOf(packet: DecodedPacket, name: string, type: RecordType): string[] {
  const answers = packet.answers ?? [];
  const names = new Set([lower(name)]);
  if (type !== 'CNAME') for (let known = 0; known < names.size;) known = followAliases(answers, names);
  return answers.filter((one) => one.type === type && names.has(lower(one.name))).map(recordText);
}

/** Adds the targets of all aliases of known names; gives the number that was known before. */
function followAliases(answers: readonly Answer[], names: Set<string>): number {
  const known = names.size;
  for (const one of answers) if (one.type === 'CNAME' && names.has(lower(one.name))) names.add(lower(one.data));
  return known;
}

/** A record's data as people write it: `10 mail.example.org` of an MX, `0 issue ca.example.org` of a CAA. */
function recordText(answer: Answer): string {
  const { type, data } = answer as { type: RecordType; data: unknown };
  return normalAnswer(type, rawText(type, data));
}

function rawText(type: RecordType, data: unknown): string {
  switch (type) {
    case 'MX': {
      const { preference, exchange } = data as MxData;
      return `${preference} ${exchange}`;
    }
    case 'SRV': {
      const { priority, weight, port, target } = data as SrvData;
      return `${priority} ${weight} ${port} ${target}`;
    }
    case 'SOA': {
      const { mname, rname, serial, refresh, retry, expire, minimum } = data as SoaData;
      return [mname, rname, serial, refresh, retry, expire, minimum].join(' ');
    }
    case 'CAA': {
      const { flags, tag, value } = data as CaaData;
      return `${flags} ${tag} ${value}`;
    }
    case 'TXT':
      return Buffer.concat(data as Buffer[]).toString();
    default:
      return String(data);
  }
}

/** One spelling for equal answers: names in lower case without the last dot, addresses shortest, text without quotes. */
export function normalAnswer(type: RecordType, text: string): string {
  switch (type) {
    case 'A':
      return text.trim();
    case 'AAAA':
      return isIP(text.trim()) === 6 ? ipaddr.IPv6.parse(text.trim()).toRFC5952String() : text.trim();
    case 'TXT':
      return text.replaceAll(/^"|"$/g, '');
    case 'CAA':
      return text.trim().replaceAll('"', '').replaceAll(/\s+/g, ' ');
    default:
      return text.trim().split(/\s+/).map(lower).join(' ');
  }
}

const withoutDot = (name: string): string => name.replace(/\.$/, '');
const lower = (name: string): string => withoutDot(name).toLowerCase() || '.';
