import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

const ticksPerSecond = 100;

/** A process with all it has started. */
export function processTree(pid: number): number[] {
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const parents = all.flatMap((name) => {
    const fields = statOf(Number(name));
    return fields ? [[Number(name), Number(fields[1])] as const] : [];
  });
  const childrenOf = (of: number): number[] =>
    parents.flatMap(([child, parent]) => (parent === of ? [child, ...childrenOf(child)] : []));
  return [pid, ...childrenOf(pid)];
}

/** CPU time of process trees in ms, that of children which have ended included. */
export function cpuMs(pids: readonly number[]): number {
  const spent = pids.flatMap(processTree).flatMap((pid) => {
    const fields = statOf(pid);
    return fields ? fields.slice(11, 15).map(Number) : [];
  });
  return (spent.reduce((sum, ticks) => sum + ticks, 0) * 1_000) / ticksPerSecond;
}

/** Memory of process trees in MB: shared pages counted in proportion. */
export function memoryMb(pids: readonly number[]): number {
  const kb = pids.flatMap(processTree).map((pid) => {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    return Number(/^Pss:\s+(\d+)/m.exec(text)![1]);
  });
  return kb.reduce((sum, each) => sum + each, 0) / 1_024;
}

/** The fields of `/proc/<pid>/stat` from the state on; null when the process has ended. */
function statOf(pid: number): string[] | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
}

export const machine = (): string => {
  const model = /model name\s*:\s*(.+)/.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1] ?? 'unknown processor';
  return `${availableParallelism()} × ${model}, Node.js ${process.version}`;
};

/** A Node process that answers messages over its channel and ends with us. */
export class Child<First> {
  readonly #process: ChildProcess;
  readonly ready: Promise<First>;

  constructor(file: string, args: readonly string[], env: Record<string, string> = {}, execArgv = process.execArgv) {
    this.#process = fork(file, args, { env: { ...process.env, ...env }, execArgv: [...execArgv] });
    this.ready = this.#next<First>();
  }

  get pid(): number {
    return this.#process.pid!;
  }

  tell(message: object): void {
    this.#process.send(message);
  }

  ask<Answer>(message: object): Promise<Answer> {
    const answer = this.#next<Answer>();
    this.tell(message);
    return answer;
  }

  #next<Message>(): Promise<Message> {
    return new Promise((resolve, reject) => {
      const onExit = (code: number | null) => reject(new Error(`process ${this.pid} ended with ${code}`));
      this.#process.once('exit', onExit);
      this.#process.once('message', (message) => {
        this.#process.off('exit', onExit);
        resolve(message as Message);
      });
    });
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGTERM');
    await ended;
  }
}
