import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../platform/logger.ts';
import { identify, isAlive, type ProcessIdentity } from '../platform/process-lock.ts';

const patienceMs = 10_000;

/** Remembers which processes were started, so that the next start can end what a killed supervisor left behind. */
export class ChildRecord {
  readonly #file: string;
  readonly #known = new Map<string, ProcessIdentity>();

  constructor(dataFolder: string) {
    this.#file = join(dataFolder, 'processes.json');
  }

  note(name: string, pid: number): void {
    const identity = identify(pid);
    if (!identity) return;
    this.#known.set(name, identity);
    writeFileSync(this.#file, JSON.stringify([...this.#known.values()]), { mode: 0o600 });
  }

  /** Ends the processes of an earlier start that still live. Most end by themselves when their supervisor is gone. */
  async endLeftovers(log: Logger): Promise<void> {
    const leftovers = () => this.#read().filter(isAlive);
    const first = leftovers();
    if (first.length === 0) return;
    log.warn({ pids: first.map(({ pid }) => pid) }, 'ending processes that an earlier start left behind');
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      for (const { pid } of leftovers()) process.kill(pid, signal);
      const deadline = performance.now() + patienceMs;
      while (leftovers().length > 0 && performance.now() < deadline) await sleep(20);
    }
  }

  #read(): ProcessIdentity[] {
    return existsSync(this.#file) ? (JSON.parse(readFileSync(this.#file, 'utf8')) as ProcessIdentity[]) : [];
  }
}
