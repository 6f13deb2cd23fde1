import type { Socket } from 'node:net';
import { z } from 'zod';
import { defineProbe, type Outcome, type ProbeFailure, type RunContext, type Timings } from '../contract.ts';
import { endpointText } from '../support/address-guard.ts';
import { dial } from '../support/dial.ts';
import { hostField, parseHostAndPort, portField } from '../support/endpoint.ts';
import { tlsSettingsSchema } from '../support/tls-settings.ts';
import { upgradeTls } from '../support/upgrade-tls.ts';
import { conversationField, converse } from './tcp-conversation.ts';
import { startTls, startTlsField } from './tcp-starttls.ts';

const config = z.strictObject({
  host: hostField().describe('The host name or IP address to connect to'),
  port: portField().describe('The port to connect to'),
  family: z.literal(['any', 4, 6]).default('any').describe('The IP version: 4, 6, or any for whichever connects first'),
  tls: tlsSettingsSchema
    .safeExtend({ startTls: startTlsField() })
    .optional()
    .describe('Speak TLS before the conversation; left out, plain text'),
  conversation: conversationField(),
  maxBytes: z
    .int()
    .min(1)
    .max(1_048_576)
    .default(65_536)
    .describe('How many bytes the server may say to one text that is sent'),
});
export type TcpConfig = z.infer<typeof config>;

export const tcpProbe = defineProbe<TcpConfig>({
  kind: 'tcp',
  title: 'TCP',
  description: 'Opens a connection to a port, over TLS where wanted, and can hold a short conversation there.',
  mode: 'pull',
  defaults: { everyMs: 30_000, timeoutMs: 5_000 },
  config,
  describe: ({ host, port }) => endpointText(host, port),
  examples: ['mail.example.org:25', '10.0.0.5:5432', '[2001:db8::5]:22'],
  fromTarget: (target) => parseHostAndPort(target.trim()) ?? { host: target.trim() },
  run,
});

interface Channel {
  socket: Socket;
  timings: Timings;
  facts: NonNullable<Outcome['facts']>;
  /** What a later error of the socket means, where it is not a plain one. */
  explain?: (error: unknown) => ProbeFailure;
}

async function run(config: TcpConfig, context: RunContext): Promise<Outcome> {
  const { host, port, family, tls, conversation: steps, maxBytes } = config;
  const { socket: plain, address, timings: dialled } = await dial({ host, port, family, context });
  const begun = performance.now() - dialled.connect;
  let open = plain;
  try {
    const { socket, explain, ...measured }: Channel = tls
      ? await secured(plain, { ...tls, host }, context)
      : { socket: plain, timings: {}, facts: {} };
    open = socket;
    const timings: Timings = { ...dialled, ...measured.timings };
    if (steps.length > 0) {
      const connected = performance.now();
      await converse(socket, { steps, maxBytes, context, ...(explain ? { explain } : {}) });
      timings.transfer = performance.now() - connected;
    }
    const latencyMs = performance.now() - begun;
    return { verdict: 'up', reason: 'ok', latencyMs, timings, facts: { address, ...measured.facts } };
  } finally {
    // Before the connection under it: Node crashes when that one goes first.
    open.destroy();
    plain.destroy();
  }
}

type Tls = NonNullable<TcpConfig['tls']>;

async function secured(
  plain: Socket,
  { startTls: protocol, ...tls }: Tls & { host: string },
  context: RunContext,
): Promise<Channel> {
  if (protocol) await startTls(plain, protocol);
  const { socket, tlsMs, certificateDaysLeft, explain } = await upgradeTls({ ...tls, socket: plain, context });
  const daysLeft = certificateDaysLeft === null ? {} : { certificateDaysLeft };
  return {
    socket,
    timings: { tls: tlsMs },
    facts: { protocol: socket.getProtocol() ?? 'unknown', ...daysLeft },
    explain,
  };
}
