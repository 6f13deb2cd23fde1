import type { Socket } from 'node:net';
import { ProbeFailure } from '../contract.ts';
import { probeFailure } from '../support/reason.ts';

interface Waiting {
  take: (received: Buffer) => boolean;
  resolve: (received: Buffer) => void;
  reject: (failure: ProbeFailure) => void;
}

export interface ReaderLimits {
  /** How much may come between two `forget`s. */
  maxBytes: number;
  /** What an error of the socket, or its end before the first byte, means; `probeFailure` unless it speaks TLS. */
  explain?: (error: unknown) => ProbeFailure;
}

/** Collects what a connection receives and waits until it holds what is wanted. `stop` it before another reads. */
export class TcpReader {
  #received = Buffer.alloc(0);
  #end: ProbeFailure | undefined;
  #waiting: Waiting | undefined;
  readonly #socket: Socket;
  readonly #limits: ReaderLimits;

  constructor(socket: Socket, limits: ReaderLimits) {
    this.#socket = socket;
    this.#limits = limits;
    socket.on('data', this.#onData).on('error', this.#onError).on('end', this.#onClose).on('close', this.#onClose);
  }

  /** What has come since the last `forget`. */
  get received(): Buffer {
    return this.#received;
  }

  /** Resolves with all that has come as soon as `take` is true of it. Throws a ProbeFailure. */
  until(take: (received: Buffer) => boolean): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      this.#waiting = { take, resolve, reject };
      this.#settle();
    });
  }

  /** Ends a wait with this failure. */
  fail(failure: ProbeFailure): void {
    this.#end ??= failure;
    this.#settle();
  }

  /** Drops what has come so far. */
  forget(): void {
    this.#received = Buffer.alloc(0);
  }

  stop(): void {
    const socket = this.#socket;
    socket.off('data', this.#onData).off('error', this.#onError).off('end', this.#onClose).off('close', this.#onClose);
    socket.pause();
  }

  readonly #onData = (chunk: Buffer): void => {
    this.#received = Buffer.concat([this.#received, chunk]);
    this.#settle();
    const { maxBytes } = this.#limits;
    if (this.#received.length > maxBytes) {
      this.fail(new ProbeFailure('answer-unexpected', `more than ${maxBytes} bytes came without what is expected`));
    }
  };

  readonly #onError = (error: Error): void => this.fail(this.#explain(error));

  readonly #onClose = (): void => {
    const count = this.#received.length;
    const what = count === 0 ? 'without a word' : `after ${count} bytes`;
    const failure = new ProbeFailure('connection-closed', `the server closed the connection ${what}`);
    this.fail(count === 0 ? this.#explain(failure) : failure);
  };

  #explain(error: unknown): ProbeFailure {
    return (this.#limits.explain ?? probeFailure)(error);
  }

  #settle(): void {
    const waiting = this.#waiting;
    if (!waiting) return;
    if (waiting.take(this.#received)) {
      this.#waiting = undefined;
      waiting.resolve(this.#received);
    } else if (this.#end) {
      this.#waiting = undefined;
      waiting.reject(this.#end);
    }
  }
}
