import { isIPv6, type Socket } from 'node:net';
import { z } from 'zod';
import { ProbeFailure } from '../contract.ts';
import { excerpt } from '../support/assertions.ts';
import { TcpReader } from './tcp-reader.ts';
import { ldapResultCode, ldapStartTlsRequest } from './tcp-starttls-ldap.ts';

export const startTlsProtocols = ['smtp', 'imap', 'pop3', 'ftp', 'ldap', 'postgres'] as const;
export type StartTlsProtocol = (typeof startTlsProtocols)[number];

/** The field of the kinds that can begin TLS inside another protocol. */
export const startTlsField = () =>
  z
    .enum(startTlsProtocols)
    .optional()
    .describe('The protocol in whose words the server is asked for TLS (STARTTLS); left out, TLS from the first byte');

interface Reply {
  /** Whether a text is a whole reply, or nothing that could become one. */
  isWhole: (text: string) => boolean;
  /** Whether it is a reply of this protocol, and whether it is the one that is hoped for. */
  form: Pick<RegExp, 'test'>;
  good: Pick<RegExp, 'test'>;
  /** What a good reply says, for people. */
  meaning: string;
}

/** Sends a message, where there is one, and waits for the reply to it. */
type Ask = (message: string | Uint8Array | null, reply: Reply) => Promise<void>;

const maxReplyBytes = 65_536;

/**
 * Asks the server to speak TLS from here on, in the words of its protocol. Throws a ProbeFailure: `answer-unexpected`
 * where the server will not, `protocol-error` where it speaks something else.
 */
export async function startTls(socket: Socket, protocol: StartTlsProtocol): Promise<void> {
  const reader = new TcpReader(socket, { maxBytes: maxReplyBytes });
  const ask: Ask = async (message, { isWhole, form, good, meaning }) => {
    reader.forget();
    if (message !== null) socket.write(message);
    const text = (await reader.until((received) => isWhole(received.toString('latin1')))).toString('latin1');
    if (good.test(text)) return;
    const reason = form.test(text) ? 'answer-unexpected' : 'protocol-error';
    throw new ProbeFailure(reason, `expected ${meaning}, got ${excerpt(text)}`);
  };
  try {
    await dialogues[protocol](ask, socket);
  } finally {
    reader.stop();
  }
}

// The last reply before TLS has to be all there is: what follows it in clear text could have been slipped in.

const coded = (code: string, good: RegExp = new RegExp(`^${code}[ -]`)): Reply => ({
  isWhole: (text) => /(?:^|\n)\d{3}(?: [^\n]*)?\r?\n$/.test(text) || isOtherLine(text, /^\d{3}[ -]/),
  form: /^\d{3}[ \r-]/,
  good,
  meaning: code,
});
const onlyLine = (code: string) => new RegExp(`^${code}(?: [^\\n]*)?\\r?\\n$`);
const line = (form: RegExp, good: RegExp, meaning: string): Reply => ({
  isWhole: (text) => text.endsWith('\n'),
  form,
  good,
  meaning,
});
const isOtherLine = (text: string, form: RegExp) => text.includes('\n') && !form.test(text);

const dialogues: Record<StartTlsProtocol, (ask: Ask, socket: Socket) => Promise<void>> = {
  smtp: async (ask, socket) => {
    await ask(null, coded('220'));
    const offer = { ...coded('250', /^250[ -]STARTTLS\s*$/im), meaning: 'STARTTLS among the extensions' };
    await ask(`EHLO ${addressLiteral(socket.localAddress ?? '127.0.0.1')}\r\n`, offer);
    await ask('STARTTLS\r\n', coded('220', onlyLine('220')));
  },
  ftp: async (ask) => {
    await ask(null, coded('220'));
    await ask('AUTH TLS\r\n', coded('234', onlyLine('234')));
  },
  imap: async (ask) => {
    await ask(null, line(/^\* /, /^\* OK\b/i, '* OK'));
    const isWhole = (text: string) => /(?:^|\n)t1 [^\n]*\n$/i.test(text) || isOtherLine(text, /^(?:\*|t1) /i);
    await ask('t1 STARTTLS\r\n', {
      isWhole,
      form: /^(?:\*|t1) /i,
      good: /^(?:\* [^\n]*\n)*t1 OK\b[^\n]*\n$/i,
      meaning: 't1 OK',
    });
  },
  pop3: async (ask) => {
    await ask(null, line(/^[+-]/, /^\+OK/i, '+OK'));
    await ask('STLS\r\n', line(/^[+-]/, /^\+OK[^\n]*\n$/i, '+OK'));
  },
  ldap: async (ask) => {
    const code = (text: string) => ldapResultCode(Buffer.from(text, 'latin1'));
    await ask(ldapStartTlsRequest, {
      isWhole: (text) => code(text) !== undefined,
      form: { test: (text) => code(text) !== null },
      good: { test: (text) => code(text) === 0 },
      meaning: 'LDAP result 0',
    });
  },
  postgres: async (ask) => {
    const reply = { isWhole: (text: string) => text !== '', form: /^[NE]/, good: /^S$/, meaning: 'S (yes to TLS)' };
    await ask(Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]), reply);
  },
};

/** How a client without a name of its own introduces itself (RFC 5321, 4.1.3). */
const addressLiteral = (address: string): string => (isIPv6(address) ? `[IPv6:${address}]` : `[${address}]`);
