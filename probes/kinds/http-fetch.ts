import { ProbeFailure, type Outcome, type Phase, type RunContext, type Timings } from '../contract.ts';
import { dial } from '../support/dial.ts';
import { upgradeTls, type Upgraded } from '../support/upgrade-tls.ts';
import type { ChooseBody, HttpAnswer } from './http-answer.ts';
import type { HttpConfig } from './http-config.ts';
import { firstRequest, isRedirect, redirected, type HttpRequest } from './http-request.ts';
import { exchangeHttp1 } from './http1-exchange.ts';
import { exchangeHttp2 } from './http2-exchange.ts';

/** What a run has learnt so far; a failure takes it along. */
export interface Progress {
  /** Summed over the redirects. */
  timings: Timings;
  facts: NonNullable<Outcome['facts']>;
}

/** Fetches the URL and what it redirects to, each on a connection of its own. Throws a ProbeFailure. */
export async function fetchAnswer(config: HttpConfig, context: RunContext, progress: Progress): Promise<HttpAnswer> {
  const { follow } = config.redirects;
  let request = firstRequest(config);
  for (let redirects = 0; ; redirects++) {
    const answer = await exchange(config, request, context, progress);
    if (follow === 0 || !isRedirect(answer.status, answer.header)) {
      progress.facts['redirects'] = redirects;
      return answer;
    }
    if (redirects === follow) throw new ProbeFailure('too-many-redirects', `more than ${follow} redirects`);
    request = redirected(request, answer);
    delete progress.facts['statusCode'];
  }
}

/** One request and its answer, timed and noted. */
async function exchange(
  config: HttpConfig,
  request: HttpRequest,
  context: RunContext,
  { timings, facts }: Progress,
): Promise<HttpAnswer> {
  const add = (phase: Phase, ms: number) => (timings[phase] = (timings[phase] ?? 0) + ms);
  const dialled = await dial({ host: request.host, port: request.port, family: config.family, context });
  if (dialled.timings.dns !== undefined) add('dns', dialled.timings.dns);
  add('connect', dialled.timings.connect);
  facts['address'] = dialled.address;
  const tls = request.isTls ? await upgrade(config, request, dialled.socket, context) : null;
  if (tls !== null) {
    add('tls', tls.tlsMs);
    noteDaysLeft(facts, tls.certificateDaysLeft);
  }
  const choose: ChooseBody = (status, header) => {
    facts['statusCode'] = status;
    if (config.redirects.follow > 0 && isRedirect(status, header)) return 'none';
    return config.expect.body || config.expect.json ? 'content' : 'length';
  };
  const speaksHttp2 = tls === null ? config.httpVersion === '2' : tls.socket.alpnProtocol === 'h2';
  const send = speaksHttp2 ? exchangeHttp2 : exchangeHttp1;
  const answer = await send(tls?.socket ?? dialled.socket, request, choose).catch((error: unknown) => {
    throw tls !== null && facts['statusCode'] === undefined ? tls.explain(error) : error;
  });
  add('firstByte', answer.firstByteMs);
  add('transfer', answer.transferMs);
  facts['httpVersion'] = answer.httpVersion;
  facts['bytes'] = answer.bytes;
  return answer;
}

const protocols = { auto: ['h2', 'http/1.1'], '1.1': ['http/1.1'], '2': ['h2'] };

/** Another origin than the configured one is neither shown the client certificate nor held to the configured name. */
async function upgrade(
  { tls, httpVersion }: HttpConfig,
  { host, isTrusted }: HttpRequest,
  socket: Parameters<typeof upgradeTls>[0]['socket'],
  context: RunContext,
): Promise<Upgraded> {
  const { certificate, key, serverName, ...common } = tls;
  const own = isTrusted
    ? { ...(certificate && key ? { certificate, key } : {}), ...(serverName ? { serverName } : {}) }
    : {};
  const upgraded = await upgradeTls({ socket, host, alpn: protocols[httpVersion], context, ...common, ...own });
  if (httpVersion === '2' && upgraded.socket.alpnProtocol !== 'h2') {
    upgraded.socket.destroy();
    throw new ProbeFailure('protocol-error', 'the server does not offer HTTP/2');
  }
  return upgraded;
}

function noteDaysLeft(facts: Progress['facts'], daysLeft: number | null): void {
  if (daysLeft === null) return;
  const before = facts['certificateDaysLeft'];
  facts['certificateDaysLeft'] = typeof before === 'number' ? Math.min(before, daysLeft) : daysLeft;
}
