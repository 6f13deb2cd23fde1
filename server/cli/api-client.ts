import { request as requestHttp, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { ProblemDocument } from '../contract/access.ts';
import { CommandError, UsageError } from './command-error.ts';

export interface ApiClientOptions {
  /** Where the server is: `http://127.0.0.1:8484`. */
  url: string;
  token: string;
  /** The server is our own child on this machine, whose certificate is for the name that people use. */
  isOwnServer?: boolean;
}

/** What the commands that speak to a running server are told on the command line. */
export interface ServerOptions {
  url?: string;
}

const timeoutMs = 60_000;
const defaultUrl = 'http://127.0.0.1:8484';

/** The server refused; carries its problem document. */
export class ApiError extends CommandError {
  override name = 'ApiError';
  readonly problem: ProblemDocument;
  constructor(problem: ProblemDocument) {
    const { title, detail, issues } = problem;
    super(issues.length > 0 ? [`${title}:`, ...issues.map(issueLine)].join('\n') : detail || title);
    this.problem = problem;
  }
}

/** Speaks to a running server with an API token. */
export class ApiClient {
  readonly #options: ApiClientOptions;

  constructor(options: ApiClientOptions) {
    this.#options = options;
  }

  /** The path of an address at this very server, whatever name people know it by. */
  here(address: string): string {
    const { url } = this.#options;
    return new URL(new URL(address, url).pathname, url).href;
  }

  async get<Answer>(path: string): Promise<Answer> {
    return JSON.parse(await this.send('GET', path)) as Answer;
  }

  async put<Answer>(path: string, body: unknown): Promise<Answer> {
    return JSON.parse(await this.send('PUT', path, JSON.stringify(body), 'application/json')) as Answer;
  }

  async post<Answer>(path: string, body: unknown): Promise<Answer> {
    return JSON.parse(await this.send('POST', path, JSON.stringify(body), 'application/json')) as Answer;
  }

  /** The text of the answer. @throws ApiError when the server refuses, CommandError when it cannot be reached */
  async send(method: string, path: string, body?: string | Buffer, contentType?: string): Promise<string> {
    return (await this.#answer(method, path, body, contentType)).toString('utf8');
  }

  /** A file as it is, byte by byte. @throws as `send` */
  download(path: string): Promise<Buffer> {
    return this.#answer('GET', path);
  }

  async #answer(method: string, path: string, body?: string | Buffer, contentType?: string): Promise<Buffer> {
    const { response, bytes } = await this.#exchange(method, path, body, contentType);
    if (response.statusCode! < 300) return bytes;
    throw (
      problemOf(bytes.toString('utf8')) ??
      new CommandError(`${method} ${path}: the server answered ${response.statusCode}`)
    );
  }

  #exchange(
    method: string,
    path: string,
    body?: string | Buffer,
    contentType?: string,
  ): Promise<{ response: IncomingMessage; bytes: Buffer }> {
    const { url: base, token, isOwnServer = false } = this.#options;
    const url = new URL(path, base);
    const options: RequestOptions & { rejectUnauthorized: boolean } = {
      method,
      timeout: timeoutMs,
      agent: false,
      rejectUnauthorized: !isOwnServer,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': contentType, 'content-length': Buffer.byteLength(body) }),
      },
    };
    return new Promise((resolve, reject) => {
      const fail = (error: Error) =>
        reject(new CommandError(`${url.origin} cannot be reached: ${error.message}`, { cause: error }));
      const outgoing = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, options, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => resolve({ response, bytes: Buffer.concat(chunks) }));
        response.on('error', fail);
      });
      outgoing.on('timeout', () => outgoing.destroy(new Error('no answer in time')));
      outgoing.on('error', fail);
      outgoing.end(body);
    });
  }
}

function problemOf(text: string): ApiError | null {
  try {
    return new ApiError(JSON.parse(text) as ProblemDocument);
  } catch {
    return null;
  }
}

/** A client as the command line and the environment want it. @throws UsageError */
export function apiClient({ url }: ServerOptions, env: NodeJS.ProcessEnv = process.env): ApiClient {
  const base = url ?? (env['TROTH_URL'] || defaultUrl);
  if (!URL.canParse(base)) throw new UsageError(`"${base}" is no address of a server, such as ${defaultUrl}.`);
  const token = env['TROTH_ADMIN_TOKEN'];
  if (!token)
    throw new UsageError(
      'TROTH_ADMIN_TOKEN is missing: the token that the server was started with, or one that an administrator made under "API tokens".',
    );
  return new ApiClient({ url: base, token });
}

const issueLine = ({ path, message, line, column }: ProblemDocument['issues'][number]): string =>
  `  ${line === undefined ? '' : `line ${line}, column ${column}: `}${path ? `${path}: ` : ''}${message}`;
