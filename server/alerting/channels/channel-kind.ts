import type { z } from 'zod';
import type { TlsSettings } from '../../../probes/support/tls-settings.ts';
import type { AlertMessage } from '../../contract/channels.ts';
import type { Mail } from '../../platform/mailer.ts';

/** A request as a receiver documents it. */
export interface ChannelRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH';
  url: string;
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>;
  body: string | null;
  tls?: TlsSettings;
}

export interface ChannelAnswer {
  status: number;
  /** The value of a header, by its name in lower case. */
  header(name: string): string | undefined;
  /** The beginning of the body. */
  text: string;
}

/** What is handed over: requests one after the other, or a mail. */
export type Letter = { requests: readonly ChannelRequest[] } | { mail: Mail };

/** What is known when a message is written. */
export interface Occasion {
  /** The same for each attempt at one delivery, another for each other one. */
  key: string;
  at: Date;
  /** Where the channel keeps the alert's first message, as `read` told it; null where there is none. */
  previous: string | null;
}

export type Verdict =
  | { outcome: 'taken'; said: string; reference?: string }
  /** The earlier message that was to be changed is gone: a new one takes its place. */
  | { outcome: 'lost' }
  | { outcome: 'refused'; said: string; isFinal: boolean; retryAfterMs?: number };

/** One way to tell people something. Add a kind by one file here and one line in the registry. */
export interface ChannelKind<Config = unknown> {
  readonly kind: string;
  readonly title: string;
  readonly description: string;
  /** A zod object; fields that hold secrets carry `.meta({ secret: true })`. Every field has a `.describe()`. */
  readonly config: z.ZodType<Config>;
  /** How many messages one channel is handed at once. */
  readonly concurrency: number;
  /** The least time between two messages to one channel, as its makers ask for. */
  readonly gapMs: number;
  /** An attempt that takes longer has failed. */
  readonly timeoutMs: number;
  /** Pure: what is sent, everything in it escaped and within the limits of the format. */
  render(config: Config, message: AlertMessage, occasion: Occasion): Letter;
  /** What the last answer means where its status does not say it all; null: as its status says. */
  read?(answer: ChannelAnswer, config: Config): Verdict | null;
}

/** Lets TypeScript infer the config of a kind from its schema. */
export const defineChannel = <Config>(kind: ChannelKind<Config>): ChannelKind<Config> => kind;

export const httpTimeoutMs = 10_000;

export const jsonRequest = (
  url: string,
  { key }: Pick<Occasion, 'key'>,
  body: unknown,
  further: { method?: ChannelRequest['method']; headers?: Record<string, string>; tls?: TlsSettings } = {},
): ChannelRequest => ({
  method: further.method ?? 'POST',
  url,
  headers: { 'content-type': 'application/json; charset=utf-8', 'idempotency-key': key, ...further.headers },
  body: JSON.stringify(body),
  ...(further.tls ? { tls: further.tls } : {}),
});
