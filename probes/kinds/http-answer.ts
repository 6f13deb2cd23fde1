/** Most bytes of a body that are read, and most that it may have once decoded. */
export const bodyLimit = 1_048_576;
/** What compression may add to a body that does not compress. */
const encodingAllowance = 65_536;

/** The answer to one request. */
export interface HttpAnswer {
  status: number;
  /** `200 OK`; HTTP/2 has the number alone. */
  statusLine: string;
  httpVersion: string;
  /** The value of a header, by its name in lower case; several of one name joined by commas. */
  header(name: string): string | undefined;
  /** As it came over the wire, encoded; empty unless it was asked for. */
  body: Buffer;
  bytes: number;
  /** Whether the body went on beyond the limit. */
  isCut: boolean;
  firstByteMs: number;
  transferMs: number;
}

/** What is needed of a body: nothing at all, its length in bytes and time, or its content. */
export type BodyWish = 'none' | 'length' | 'content';
export type ChooseBody = (status: number, header: HttpAnswer['header']) => BodyWish;

/** Gathers a body up to the limit; `add` answers false when no more is wanted. */
export class BodyCollector {
  bytes = 0;
  isCut = false;
  readonly #chunks: Buffer[] = [];
  readonly #keeps: boolean;
  readonly #limit: number;

  constructor(wish: BodyWish, encoding: string | undefined) {
    this.#keeps = wish === 'content';
    this.#limit = bodyLimit + (this.#keeps && encoding !== undefined ? encodingAllowance : 0);
  }

  add(chunk: Buffer): boolean {
    this.bytes += chunk.length;
    this.isCut = this.bytes > this.#limit;
    if (this.#keeps && !this.isCut) this.#chunks.push(chunk);
    return !this.isCut;
  }

  get body(): Buffer {
    return this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks);
  }
}
