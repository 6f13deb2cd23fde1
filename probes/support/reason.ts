import { ProbeFailure, type Reason } from '../contract.ts';

const byCode: Record<string, Reason> = {
  ENOTFOUND: 'name-not-found',
  EAI_NONAME: 'name-not-found',
  EAI_NODATA: 'name-not-found',
  EAI_AGAIN: 'resolver-unavailable',
  EAI_FAIL: 'name-failed',
  EAI_MEMORY: 'agent-exhausted',
  ECONNREFUSED: 'connection-refused',
  ECONNRESET: 'connection-reset',
  ECONNABORTED: 'connection-reset',
  EPIPE: 'connection-reset',
  ERR_STREAM_PREMATURE_CLOSE: 'connection-closed',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EHOSTDOWN: 'unreachable',
  ETIMEDOUT: 'timeout',
  EMFILE: 'agent-exhausted',
  ENFILE: 'agent-exhausted',
  ENOMEM: 'agent-exhausted',
  EADDRNOTAVAIL: 'agent-exhausted',
  ENOBUFS: 'agent-exhausted',
  EPROTO: 'tls-failed',
  ERR_INVALID_CHAR: 'config-invalid',
  ERR_INVALID_HTTP_TOKEN: 'config-invalid',
  ERR_UNESCAPED_CHARACTERS: 'config-invalid',
};
/** Codes by their beginning: the HTTP/1 parser, HTTP/2, OpenSSL, zlib and brotli. */
const byPrefix: readonly (readonly [string, Reason])[] = [
  ['HPE_', 'protocol-error'],
  ['ERR_HTTP2_', 'protocol-error'],
  ['ERR_SSL_', 'tls-failed'],
  ['ERR_TLS_', 'tls-failed'],
  ['Z_', 'body-undecodable'],
  ['ERR_BROTLI_', 'body-undecodable'],
  ['ERR__ERROR_', 'body-undecodable'],
];

/** The reason behind an error that Node threw; what cannot be told is `internal-error`. */
export function reasonOfError(error: unknown): Reason {
  const { code, syscall } = (error ?? {}) as { code?: unknown; syscall?: unknown };
  if (typeof code !== 'string') return 'internal-error';
  // What Node calls a reset without the system call that met it is a connection that was closed too early.
  if (code === 'ECONNRESET' && syscall === undefined) return 'connection-closed';
  if (code === 'ENOENT' && typeof syscall === 'string' && syscall.startsWith('spawn')) return 'program-missing';
  return byCode[code] ?? byPrefix.find(([prefix]) => code.startsWith(prefix))?.[1] ?? 'internal-error';
}

/** The error as a ProbeFailure, itself its cause; one that is one already stays as it is. */
export function probeFailure(error: unknown, prefix = ''): ProbeFailure {
  if (error instanceof ProbeFailure) return error;
  const message = error instanceof Error ? error.message : String(error);
  return Object.assign(new ProbeFailure(reasonOfError(error), prefix + message), { cause: error });
}
