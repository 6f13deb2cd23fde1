import type { Socket } from 'node:net';
import { z } from 'zod';
import { ProbeFailure, type RunContext } from '../contract.ts';
import { textShortfall } from '../support/assertions.ts';
import { patternSchema } from '../support/pattern.ts';
import { TcpReader } from './tcp-reader.ts';

const text = () => z.string().min(1).max(10_000);
const escapes = 'with \\r \\n \\t \\0 \\\\ and \\x00 for what cannot be typed';

const expectation = z
  .strictObject({
    contains: text().optional().describe(`Text that has to come, ${escapes}`),
    matches: patternSchema.optional().describe('Pattern (RE2) that has to match somewhere in what comes'),
  })
  .refine(({ contains, matches }) => contains !== undefined || matches !== undefined, 'needs contains or matches');

const step = z
  .strictObject({
    send: text().optional().describe(`Text to send, ${escapes}`),
    sendSecret: text()
      .optional()
      .describe('The same for a text that is never shown, such as a password')
      .meta({ secret: true }),
    expect: expectation.optional().describe('What the server has to say; counts from the last text that was sent'),
  })
  .refine((one) => Object.values(one).filter((value) => value !== undefined).length === 1, {
    message: 'needs one of send, sendSecret and expect',
  });
export type ConversationStep = z.infer<typeof step>;

/** The field that holds the steps of a conversation. */
export const conversationField = () =>
  z
    .array(step)
    .max(50)
    .default([])
    .describe('What is said after connecting, in turn: texts to send and answers to expect');

export interface Conversation {
  steps: readonly ConversationStep[];
  /** How much the server may say to one text. */
  maxBytes: number;
  /** What an error of the socket means, where it is not a plain one. */
  explain?: (error: unknown) => ProbeFailure;
  context: RunContext;
}

/** Of the time a run has, how much an answer gets that began but is not the one expected. */
const shareForWrongAnswers = 0.9;

/** Holds a conversation. Throws a ProbeFailure where the server does not say what is expected. */
export async function converse(socket: Socket, { steps, maxBytes, explain, context }: Conversation): Promise<void> {
  const reader = new TcpReader(socket, { maxBytes, ...(explain ? { explain } : {}) });
  try {
    for (const { send, sendSecret, expect } of steps) {
      const said = send ?? sendSecret;
      if (said !== undefined) {
        reader.forget();
        socket.write(unescaped(said));
      }
      if (expect) await hear(reader, expect, context);
    }
  } finally {
    reader.stop();
  }
}

async function hear(
  reader: TcpReader,
  { contains, matches }: z.infer<typeof expectation>,
  { timeoutMs }: RunContext,
): Promise<void> {
  const wanted = { contains: contains === undefined ? undefined : unescaped(contains).toString(), matches };
  const missing = () => textShortfall(wanted, reader.received.toString());
  const giveUp = setTimeout(() => {
    // Silence is left to the timeout of the run; a wrong answer deserves better words.
    if (reader.received.length > 0) reader.fail(new ProbeFailure('answer-unexpected', missing() ?? ''));
  }, timeoutMs * shareForWrongAnswers);
  try {
    await reader.until(() => missing() === null);
  } catch (error) {
    const isWrongAnswer =
      error instanceof ProbeFailure && error.reason === 'connection-closed' && reader.received.length > 0;
    throw isWrongAnswer
      ? new ProbeFailure('answer-unexpected', `${missing()}; then the server closed the connection`)
      : error;
  } finally {
    clearTimeout(giveUp);
  }
}

const controls: Record<string, string> = { r: '\r', n: '\n', t: '\t', '0': '\0', '\\': '\\' };

/** The bytes of a text as UTF-8, with its escapes replaced; an escape that is none of them stays as it is. */
export function unescaped(source: string): Buffer {
  const parts = source.split(/(\\(?:x[\da-fA-F]{2}|[rnt0\\]))/);
  return Buffer.concat(
    parts.map((part, index) => {
      if (index % 2 === 0) return Buffer.from(part);
      return part[1] === 'x' ? Buffer.from(part.slice(2), 'hex') : Buffer.from(controls[part[1]!]!);
    }),
  );
}
