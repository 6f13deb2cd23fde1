import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Part } from './part.ts';

const everyMs = 10_000;
const timeoutMs = 5_000;

/** Calls a push address every ten seconds, as a nightly job calls at its end; silent until it was told the address. */
export class HeartbeatPart implements Part {
  #url: string | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** From now on, and once at once, the heartbeat goes there. */
  sendTo(url: string): void {
    this.#url = url;
    if (this.#timer) this.#beat();
  }

  async start(): Promise<void> {
    this.#timer = setInterval(() => this.#beat(), everyMs);
    this.#beat();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** A heartbeat that does not arrive is what the probe is there to notice. */
  #beat(): void {
    if (!this.#url) return;
    const url = new URL(this.#url);
    const options = { method: 'POST', timeout: timeoutMs };
    // The address is our own server's on this machine, whose certificate is for the name that people use.
    const call =
      url.protocol === 'https:'
        ? requestHttps(url, { ...options, rejectUnauthorized: false })
        : requestHttp(url, options);
    call.on('response', (response) => response.resume());
    call.on('timeout', () => call.destroy());
    call.on('error', () => call.destroy());
    call.end();
  }
}
