import { ProbeFailure } from '../contract.ts';
import type { HttpAnswer } from './http-answer.ts';
import type { HttpConfig } from './http-config.ts';

/** One request of a run, ready for the wire. */
export interface HttpRequest {
  url: URL;
  isTls: boolean;
  /** Without brackets. */
  host: string;
  port: number;
  method: string;
  /** With the query. */
  path: string;
  /** Names in lower case; `host` and `content-length` are among them. */
  headers: Readonly<Record<string, string>>;
  /** The same as names and values in turn. */
  flatHeaders: readonly string[];
  body: Buffer | null;
  /** Whether the request still goes to the origin that the config names, which alone may see its credentials. */
  isTrusted: boolean;
}

const prepared = new WeakMap<HttpConfig, HttpRequest>();

/** The first request of a config; made once for each config object. */
export function firstRequest(config: HttpConfig): HttpRequest {
  let request = prepared.get(config);
  if (request === undefined) {
    const body = config.body === undefined ? null : Buffer.from(config.body);
    request = toRequest(new URL(config.url), config.method, configuredHeaders(config), body, true);
    prepared.set(config, request);
  }
  return request;
}

function toRequest(
  url: URL,
  method: string,
  headers: Record<string, string>,
  body: Buffer | null,
  isTrusted: boolean,
): HttpRequest {
  const isTls = url.protocol === 'https:';
  const port = url.port === '' ? (isTls ? 443 : 80) : Number(url.port);
  const host = url.hostname.startsWith('[') ? url.hostname.slice(1, -1) : url.hostname;
  const hasLength = body !== null || method === 'POST' || method === 'PUT' || method === 'PATCH';
  const all = { host: url.host, ...headers, ...(hasLength ? { 'content-length': String(body?.length ?? 0) } : {}) };
  const path = url.pathname + url.search;
  return {
    url,
    isTls,
    host,
    port,
    method,
    path,
    headers: all,
    flatHeaders: Object.entries(all).flat(),
    body,
    isTrusted,
  };
}

function configuredHeaders({ headers, secretHeaders, basic, bearer, body }: HttpConfig): Record<string, string> {
  const given = Object.entries({ ...headers, ...secretHeaders }).map(([name, value]) => [name.toLowerCase(), value]);
  const type = body !== undefined && {
    'content-type': isJson(body) ? 'application/json' : 'text/plain; charset=utf-8',
  };
  const credentials = basic
    ? `Basic ${Buffer.from(`${basic.username}:${basic.password}`).toString('base64')}`
    : bearer && `Bearer ${bearer}`;
  return {
    'user-agent': 'Troth',
    accept: '*/*',
    'accept-encoding': 'gzip, deflate, br',
    ...type,
    ...Object.fromEntries(given),
    ...(credentials ? { authorization: credentials } : {}),
  };
}

function isJson(text: string): boolean {
  try {
    return typeof JSON.parse(text) === 'object';
  } catch {
    return false;
  }
}

const redirectStatuses = new Set([301, 302, 303, 307, 308]);

/** Whether an answer sends the client elsewhere. */
export const isRedirect = (status: number, header: HttpAnswer['header']): boolean =>
  redirectStatuses.has(status) && header('location') !== undefined;

/** Headers that tell nothing about who asks: all that another origin gets to see. */
const harmlessHeaders = new Set([
  'accept',
  'accept-encoding',
  'accept-language',
  'cache-control',
  'content-type',
  'user-agent',
]);

/** The request that a redirect leads to (RFC 9110, 15.4). Throws a ProbeFailure where it leads nowhere usable. */
export function redirected(from: HttpRequest, { status, header }: HttpAnswer): HttpRequest {
  const url = redirectUrl(from.url, header('location')!);
  const isGetNow = status === 303 ? from.method !== 'HEAD' : status < 303 && from.method === 'POST';
  const isTrusted = from.isTrusted && url.origin === from.url.origin;
  const headers = Object.entries(from.headers).filter(
    ([name]) =>
      name !== 'content-length' &&
      (isTrusted ? name !== 'host' || from.headers['host'] !== from.url.host : harmlessHeaders.has(name)) &&
      !(isGetNow && name === 'content-type'),
  );
  return toRequest(
    url,
    isGetNow ? 'GET' : from.method,
    Object.fromEntries(headers),
    isGetNow ? null : from.body,
    isTrusted,
  );
}

function redirectUrl(from: URL, location: string): URL {
  // Node reads header bytes as Latin-1; a raw UTF-8 path in a Location is common.
  const text = Buffer.from(location, 'latin1').toString();
  const shown = text.slice(0, 200);
  if (!URL.canParse(text, from.href)) throw new ProbeFailure('redirect-invalid', `"${shown}" is not a URL`);
  const url = new URL(text, from.href);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new ProbeFailure('redirect-invalid', `"${shown}" is neither http nor https`);
  }
  url.username = '';
  url.password = '';
  return url;
}
