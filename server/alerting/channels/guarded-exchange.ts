import type { AddressGuard } from '../../../probes/contract.ts';
import type { HttpRequest } from '../../../probes/kinds/http-request.ts';
import { exchangeHttp1 } from '../../../probes/kinds/http1-exchange.ts';
import { dial } from '../../../probes/support/dial.ts';
import { upgradeTls } from '../../../probes/support/upgrade-tls.ts';
import type { ChannelAnswer, ChannelRequest } from './channel-kind.ts';

/** Most of an answer that is looked at. */
const mostTextBytes = 65_536;

export interface Limits {
  guard: AddressGuard;
  signal: AbortSignal;
  timeoutMs: number;
}

/**
 * Sends a request on a connection of its own, to an address that the guard has let pass, and reads the answer. Follows no
 * redirect. Throws a ProbeFailure.
 */
export async function guardedExchange(request: ChannelRequest, context: Limits): Promise<ChannelAnswer> {
  const wire = onTheWire(request);
  const { socket } = await dial({ host: wire.host, port: wire.port, context });
  const tls = wire.isTls
    ? await upgradeTls({ socket, host: wire.host, alpn: ['http/1.1'], context, ...request.tls })
    : null;
  const { status, header, body } = await exchangeHttp1(tls?.socket ?? socket, wire, () => 'content').catch(
    (error: unknown) => {
      throw tls ? tls.explain(error) : error;
    },
  );
  return { status, header, text: body.toString('utf8', 0, mostTextBytes) };
}

function onTheWire({ method, url: address, headers, body: text }: ChannelRequest): HttpRequest {
  const url = new URL(address);
  const isTls = url.protocol === 'https:';
  const body = text === null ? null : Buffer.from(text);
  const all = {
    host: url.host,
    'user-agent': 'Troth',
    accept: '*/*',
    ...headers,
    ...(body === null ? {} : { 'content-length': String(body.length) }),
  };
  return {
    url,
    isTls,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (isTls ? 443 : 80) : Number(url.port),
    method,
    path: url.pathname + url.search,
    headers: all,
    flatHeaders: Object.entries(all).flat(),
    body,
    isTrusted: true,
  };
}
