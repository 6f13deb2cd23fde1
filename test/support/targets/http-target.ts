import { createServer, type RequestListener } from 'node:http';
import { createSecureServer, createServer as createHttp2Server } from 'node:http2';
import { createServer as createHttpsServer } from 'node:https';
import type { TlsOptions } from 'node:tls';
import type { Identity } from './certificates.ts';
import { listening, type Target } from './listening.ts';

export interface WebTarget extends Target {
  /** Without a slash at its end. */
  url: string;
}

const named = (target: Target, scheme: string): WebTarget => ({
  ...target,
  url: `${scheme}://127.0.0.1:${target.port}`,
});

export const httpTarget = async (listener: RequestListener, host?: string): Promise<WebTarget> =>
  named(await listening(createServer(listener), host), 'http');

/** HTTP/2 without TLS. */
export const cleartextHttp2Target = async (listener: RequestListener): Promise<WebTarget> =>
  named(await listening(createHttp2Server(listener as never) as never), 'http');

/** HTTP/1.1 over TLS; the chain is the intermediates that the server shows. */
export const httpsTarget = async (
  identity: Identity,
  listener: RequestListener,
  options: TlsOptions = {},
  chain: readonly Identity[] = [],
): Promise<WebTarget> =>
  named(await listening(createHttpsServer({ ...tlsOf(identity, chain), ...options }, listener)), 'https');

/** HTTP/2 and 1.1 over TLS. */
export const http2Target = async (identity: Identity, listener: RequestListener): Promise<WebTarget> =>
  named(
    await listening(createSecureServer({ ...tlsOf(identity, []), allowHTTP1: true }, listener as never) as never),
    'https',
  );

const tlsOf = (identity: Identity, chain: readonly Identity[]) => ({
  key: identity.key,
  cert: [identity, ...chain].map((one) => one.certificate).join(''),
});
