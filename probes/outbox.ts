import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { resultBatchSchema, type ResultBatch, type WireObservation } from './contract.ts';
import type { AgentLog } from './agent-log.ts';

export interface OutboxOptions {
  /** Puts a batch on the results queue; rejects when the queue is away. The id makes a batch sent twice one job. */
  send: (batch: ResultBatch, id: string) => Promise<void>;
  /** The fields of a batch that describe the agent at this instant. */
  describe: () => Omit<ResultBatch, 'batch' | 'observations'>;
  /** Where batches are kept while the queue is away. */
  folder: string;
  log: AgentLog;
  flushEveryMs?: number;
  resendAfterMs?: number;
}

interface Held {
  id: string;
  agent: string;
  batch: number;
  /** Null once it lies on disk. */
  content: ResultBatch | null;
  tries: number;
  nextTryMs: number;
}

/** Verdicts that did not change can wait this long; a batch costs as much as a hundred of its observations. */
const unhurriedMs = 1_000;
/** Verdicts that changed go out after this, so that a storm of them is still one batch. */
const urgentMs = 5;
const mostResentAtOnce = 20;
const mostObservations = 5_000;
const longestWaitMs = 60_000;

/**
 * Results on their way to the server: gathered into numbered batches and kept until the server confirms the number as
 * committed. What cannot be sent is kept on disk and survives a restart of the agent.
 */
export class Outbox {
  readonly #options: Required<OutboxOptions>;
  readonly #held = new Map<string, Held>();
  #gathered: WireObservation[] = [];
  #lastBatch = 0;
  #flushTimer: NodeJS.Timeout | undefined;
  #urgentTimer: NodeJS.Timeout | undefined;
  #resendTimer: NodeJS.Timeout | undefined;
  readonly #sending = new Set<Promise<void>>();

  constructor(options: OutboxOptions) {
    this.#options = { flushEveryMs: unhurriedMs, resendAfterMs: 15_000, ...options };
  }

  get unconfirmed(): number {
    return this.#held.size;
  }

  /** Takes up what an earlier process left on disk and begins to send. */
  start(): void {
    const { folder, resendAfterMs, log } = this.#options;
    mkdirSync(folder, { recursive: true });
    for (const name of readdirSync(folder).filter((file) => file.endsWith('.json'))) {
      const left = readSpooled(join(folder, name));
      if (left) this.#hold(left, null);
      else log.warn({ file: name }, 'a spooled batch cannot be read and is left where it is');
    }
    if (this.#held.size > 0) log.info({ batches: this.#held.size }, 'batches of an earlier run will be sent again');
    this.#resendTimer = setInterval(() => this.#resend(), Math.min(1_000, resendAfterMs));
  }

  add(observation: WireObservation, urgent: boolean): void {
    this.#gathered.push(observation);
    if (this.#gathered.length >= mostObservations) this.#flush();
    else if (urgent) this.#urgentTimer ??= setTimeout(() => this.#flush(), urgentMs);
    else this.#flushTimer ??= setTimeout(() => this.#flush(), this.#options.flushEveryMs);
  }

  /** Forgets the batches that the server has committed. */
  confirm(agent: string, through: number, beyond: readonly number[]): void {
    for (const [id, held] of this.#held) {
      if (held.agent !== agent || (held.batch > through && !beyond.includes(held.batch))) continue;
      this.#held.delete(id);
      if (held.content === null) rmSync(this.#file(id), { force: true });
    }
  }

  /** Sends what is gathered; what is not confirmed yet is kept on disk for the next start. */
  async stop(): Promise<void> {
    clearInterval(this.#resendTimer);
    this.#flush();
    await Promise.all(this.#sending);
    for (const held of this.#held.values()) this.#spool(held);
  }

  #flush(): void {
    clearTimeout(this.#flushTimer);
    clearTimeout(this.#urgentTimer);
    this.#flushTimer = this.#urgentTimer = undefined;
    if (this.#gathered.length === 0) return;
    const observations = this.#gathered;
    this.#gathered = [];
    this.#lastBatch += 1;
    const batch: ResultBatch = { ...this.#options.describe(), batch: this.#lastBatch, observations };
    this.#attempt(this.#hold(batch, batch), batch);
  }

  #hold({ agent, batch }: ResultBatch, content: ResultBatch | null): Held {
    const id = `b-${agent}-${batch}`;
    const held = { id, agent, batch, content, tries: 0, nextTryMs: 0 };
    this.#held.set(id, held);
    return held;
  }

  #attempt(held: Held, content: ResultBatch): void {
    const { send, resendAfterMs, log } = this.#options;
    held.tries += 1;
    held.nextTryMs = performance.now() + Math.min(longestWaitMs, resendAfterMs * 2 ** (held.tries - 1));
    const sending = send(content, held.id).catch((err: unknown) => {
      log.debug({ err, batch: held.batch }, 'the results queue is away; the batch is kept on disk');
      held.nextTryMs = performance.now() + Math.min(resendAfterMs, 2_000);
      this.#spool(held);
    });
    this.#sending.add(sending);
    void sending.finally(() => this.#sending.delete(sending));
  }

  #resend(): void {
    const due = [...this.#held.values()].filter(({ nextTryMs }) => nextTryMs <= performance.now());
    for (const held of due.slice(0, mostResentAtOnce)) {
      const content = held.content ?? readSpooled(this.#file(held.id));
      if (content) this.#attempt(held, content);
      else this.#leaveUnread(held);
    }
  }

  /** A file that is gone was taken by another; one that cannot be read now is tried again. */
  #leaveUnread(held: Held): void {
    if (!existsSync(this.#file(held.id))) return void this.#held.delete(held.id);
    held.nextTryMs = performance.now() + longestWaitMs;
    this.#options.log.warn({ batch: held.batch }, 'a spooled batch cannot be read now');
  }

  #spool(held: Held): void {
    if (held.content === null || !this.#held.has(held.id)) return;
    try {
      // Written beside and moved, so that a crash leaves no half of a batch.
      writeFileSync(`${this.#file(held.id)}.part`, JSON.stringify(held.content), { mode: 0o600 });
      renameSync(`${this.#file(held.id)}.part`, this.#file(held.id));
      held.content = null;
    } catch (err) {
      this.#options.log.error({ err, batch: held.batch }, 'a batch cannot be written to disk; it stays in memory');
    }
  }

  #file(id: string): string {
    return join(this.#options.folder, `${id}.json`);
  }
}

function readSpooled(file: string): ResultBatch | null {
  try {
    return resultBatchSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}
