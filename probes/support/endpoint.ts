import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import { z } from 'zod';

/** A name or an address, with its port where the text has one. */
export interface HostAndPort {
  host: string;
  port?: number;
}

/** Reads `name`, `name:53`, `10.0.0.1:53`, `::1` and `[::1]:53`; undefined where the text is none of these. */
export function parseHostAndPort(text: string): HostAndPort | undefined {
  if (isIP(text) === 6) return { host: text };
  const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d{1,5}))?$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  if (host === undefined || !isHost(host) || (bracketed !== undefined && isIP(host) !== 6)) return undefined;
  if (digits === undefined) return { host };
  const port = Number(digits);
  return port >= 1 && port <= 65_535 ? { host, port } : undefined;
}

/**
 * Whether a text is an address or can be a host name; never true of what a program could take for an option, nor of
 * `10.1`, which some resolvers take for 10.0.0.1: no name ends in a number.
 */
export const isHost = (text: string): boolean =>
  isIP(text) !== 0 ||
  (!isNumeric(text) &&
    text.length <= 253 &&
    !text.includes('..') &&
    /^[\p{L}\p{N}_][\p{L}\p{M}\p{N}_.-]*$/u.test(text) &&
    domainToASCII(text) !== '');

/** Whether a text ends in a number as only addresses do (WHATWG URL, 3.5). */
const isNumeric = (text: string): boolean => /(?:^|\.)(?:\d+|0x[\da-f]*)\.?$/i.test(text);

const incompleteAddress = 'is no IPv4 address: these have four numbers from 0 to 255, such as 10.0.0.5';

/** The field of a config that names a host. */
export const hostField = () =>
  z.string().superRefine((text, { addIssue }) => {
    if (isHost(text)) return;
    const message = isNumeric(text)
      ? incompleteAddress
      : 'must be a host name or an IP address, without scheme, port or path';
    addIssue({ code: 'custom', message });
  });

/** The field of a config that holds a port. */
export const portField = () => z.int().min(1).max(65_535);
