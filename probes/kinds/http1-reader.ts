import { ProbeFailure } from '../contract.ts';
import type { HttpAnswer } from './http-answer.ts';

/** Status line and headers of an answer. */
export interface Http1Head {
  status: number;
  /** `200 OK` */
  statusLine: string;
  httpVersion: string;
  /** Several of one name are joined by commas, those that may come once alone are the first. */
  header: HttpAnswer['header'];
}

export interface Http1Events {
  /** The final answer's; those of interim answers (1xx) are passed over. Answers whether the body is wanted. */
  onHead(head: Http1Head): boolean;
  /** Answers whether more is wanted. */
  onBody(chunk: Buffer): boolean;
  onEnd(): void;
}

const longestHead = 65_536;
const longestChunkLine = 4_096;
const lineFeed = 10;
const carriageReturn = 13;
const empty: Buffer = Buffer.alloc(0);

type Framing = 'head' | 'length' | 'close' | 'chunk-size' | 'chunk' | 'chunk-end' | 'trailers' | 'done';

/**
 * Reads one HTTP/1.1 answer as it arrives (RFC 9112), in whatever pieces. Strict where two readers could disagree on where
 * the answer ends, since a probe that guesses measures its guess. Throws a ProbeFailure at what is not HTTP.
 */
export class Http1Reader {
  readonly #events: Http1Events;
  readonly #isHead: boolean;
  #framing: Framing = 'head';
  /** The beginning of a head or of a line whose end has not come yet. */
  #begun: Buffer = empty;
  /** Bytes of the body, or of its chunk, that are still to come. */
  #remaining = 0;
  /** Bytes of trailers so far. */
  #trailed = 0;

  /** @param isHead whether the request was HEAD, whose answer has no body whatever it says */
  constructor(isHead: boolean, events: Http1Events) {
    this.#isHead = isHead;
    this.#events = events;
  }

  /** Whether the head of the final answer has come. */
  get hasHead(): boolean {
    return this.#framing !== 'head';
  }

  push(data: Buffer): void {
    for (let at = 0; at < data.length && this.#framing !== 'done';) at = this.#read(data, at);
  }

  /** The connection was closed by the other side. */
  close(): void {
    if (this.#framing === 'done') return;
    if (this.#framing === 'close') return this.#finish();
    throw new ProbeFailure(
      'connection-closed',
      this.hasHead ? 'closed within the answer' : 'closed before an answer came',
    );
  }

  /** Takes what begins at an offset; where it has read to. */
  #read(data: Buffer, at: number): number {
    switch (this.#framing) {
      case 'head':
        return this.#readHead(data, at);
      case 'length':
      case 'close':
      case 'chunk':
        return this.#readBody(data, at);
      default:
        return this.#readLine(data, at);
    }
  }

  #readHead(data: Buffer, at: number): number {
    const before = this.#begun.length;
    const whole = before === 0 ? data.subarray(at) : Buffer.concat([this.#begun, data.subarray(at)]);
    if (before < 5) checkBeginning(whole);
    const end = endOfHead(whole, Math.max(0, before - 3));
    if ((end ?? whole.length) > longestHead) throw notHttp(`Headers of more than ${longestHead} bytes`);
    if (end === null) {
      this.#begun = whole;
      return data.length;
    }
    this.#begun = empty;
    this.#begin(parseHead(whole.toString('latin1', 0, end)));
    return at + end - before;
  }

  #begin(head: Http1Head): void {
    const { status, header } = head;
    if (status < 200 && status !== 101) return;
    const length = framedLength(header);
    const hasBody = !this.#isHead && status >= 200 && status !== 204 && status !== 304;
    this.#framing = length === 'chunked' ? 'chunk-size' : length === null ? 'close' : 'length';
    this.#remaining = typeof length === 'number' ? length : Infinity;
    if (!this.#events.onHead(head) || !hasBody || length === 0) this.#finish();
  }

  #readBody(data: Buffer, at: number): number {
    const end = Math.min(data.length, at + this.#remaining);
    this.#remaining -= end - at;
    const isWanted = this.#events.onBody(at === 0 && end === data.length ? data : data.subarray(at, end));
    if (!isWanted || (this.#remaining === 0 && this.#framing === 'length')) this.#finish();
    else if (this.#remaining === 0) this.#framing = 'chunk-end';
    return end;
  }

  /** What lies around chunks: their sizes, the ends of their data, trailers. */
  #readLine(data: Buffer, at: number): number {
    const found = data.indexOf(lineFeed, at);
    const end = found === -1 ? data.length : found + 1;
    const line =
      this.#begun.length === 0 ? data.subarray(at, end) : Buffer.concat([this.#begun, data.subarray(at, end)]);
    if (line.length > longestChunkLine) throw notHttp('Line too long within a chunked body');
    this.#begun = found === -1 ? line : empty;
    if (found !== -1)
      this.#takeLine(line.toString('latin1', 0, line.length - (line.at(-2) === carriageReturn ? 2 : 1)));
    return end;
  }

  #takeLine(line: string): void {
    if (this.#framing === 'chunk-size') {
      this.#remaining = chunkSize(line);
      this.#framing = this.#remaining === 0 ? 'trailers' : 'chunk';
    } else if (this.#framing === 'chunk-end') {
      if (line !== '') throw notHttp('A chunk is longer than its size');
      this.#framing = 'chunk-size';
    } else {
      this.#trailed += line.length;
      if (this.#trailed > longestHead) throw notHttp(`Trailers of more than ${longestHead} bytes`);
      if (line === '') this.#finish();
    }
  }

  #finish(): void {
    this.#framing = 'done';
    this.#events.onEnd();
  }
}

const notHttp = (what: string) => new ProbeFailure('protocol-error', `not HTTP: ${what}`);

/** What is no web server is told at its first bytes, whether or not a line follows. */
function checkBeginning(data: Buffer): void {
  const start = data.toString('latin1', 0, 5);
  if (!'HTTP/'.startsWith(start)) throw notHttp('Expected HTTP/');
}

/** Where the empty line that ends a head ends; null while it has not come. A line feed alone ends a line too (RFC 9112, 2.2). */
function endOfHead(data: Buffer, from: number): number | null {
  for (let feed = data.indexOf(lineFeed, from); feed !== -1; feed = data.indexOf(lineFeed, feed + 1)) {
    if (data[feed + 1] === lineFeed) return feed + 2;
    if (data[feed + 1] === carriageReturn && data[feed + 2] === lineFeed) return feed + 3;
  }
  return null;
}

const statusLinePattern = /^HTTP\/(1\.[01]) ([1-9]\d\d)(?: ([\t\x20-\x7e\x80-\xff]*))?$/;
const namePattern = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const valuePattern = /^[\t\x20-\x7e\x80-\xff]*$/;

function parseHead(text: string): Http1Head {
  const lines = text.split('\n');
  const first = withoutReturn(lines[0]!);
  const [, httpVersion, status, phrase = ''] = statusLinePattern.exec(first) ?? [];
  if (httpVersion === undefined) throw notHttp(`"${first.slice(0, 80)}" is not a status line`);
  const names: string[] = [];
  const values: string[] = [];
  for (let index = 1; index < lines.length; index += 1) {
    const line = withoutReturn(lines[index]!);
    if (line === '') continue;
    if (names.length > 0 && /^[ \t]/.test(line)) values[values.length - 1] += ` ${fieldValue(line)}`;
    else {
      const colon = line.indexOf(':');
      const name = line.slice(0, Math.max(0, colon));
      if (!namePattern.test(name)) throw notHttp(`"${line.slice(0, 80)}" is not a header`);
      names.push(name.toLowerCase());
      values.push(fieldValue(line.slice(colon + 1)));
    }
  }
  return {
    status: Number(status),
    statusLine: `${status} ${phrase}`.trim(),
    httpVersion,
    header: (name) => headerOf(names, values, name),
  };
}

const withoutReturn = (line: string): string => (line.endsWith('\r') ? line.slice(0, -1) : line);

function fieldValue(text: string): string {
  if (!valuePattern.test(text)) throw notHttp('Invalid character in a header');
  return text.trim();
}

/** Headers of which the first counts where a server sends several. */
const single = new Set([
  'content-type',
  'location',
  'server',
  'etag',
  'last-modified',
  'expires',
  'age',
  'retry-after',
]);

function headerOf(names: readonly string[], values: readonly string[], name: string): string | undefined {
  const first = names.indexOf(name);
  if (first === -1) return undefined;
  if (names.indexOf(name, first + 1) === -1 || single.has(name)) return values[first];
  return values.filter((_, index) => names[index] === name).join(', ');
}

/** How the length of a body is told (RFC 9112, 6.3): chunks, bytes, or null for all until the connection closes. */
function framedLength(header: Http1Head['header']): 'chunked' | number | null {
  const encoding = header('transfer-encoding');
  const length = header('content-length');
  if (encoding !== undefined) {
    if (length !== undefined) throw notHttp('Both Transfer-Encoding and Content-Length');
    return /(?:^|,)\s*chunked$/i.test(encoding) ? 'chunked' : null;
  }
  if (length === undefined) return null;
  const [bytes, ...others] = new Set(length.split(',').map((each) => each.trim()));
  if (others.length > 0 || !/^\d{1,15}$/.test(bytes!))
    throw notHttp(`"${length.slice(0, 80)}" is not a Content-Length`);
  return Number(bytes);
}

/** Extensions of a chunk say nothing to us. */
function chunkSize(line: string): number {
  const [, digits] = /^0*([\da-f]{1,12})[ \t]*(?:;.*)?$/i.exec(line) ?? [];
  if (digits === undefined) throw notHttp(`"${line.slice(0, 80)}" is not the size of a chunk`);
  return Number.parseInt(digits, 16);
}
