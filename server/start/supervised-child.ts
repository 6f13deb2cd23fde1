import { CommandError } from '../cli/command-error.ts';
import { spawn, type ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../platform/logger.ts';

/** What a child tells its supervisor once it does its work. */
export interface ReadyMessage {
  type: 'ready';
  [detail: string]: unknown;
}

export interface ChildOptions {
  name: string;
  /** Arguments of `node`: the program first. */
  args: readonly string[];
  env: NodeJS.ProcessEnv;
  log: Logger;
  /** Gets the child's standard output and error; left out, the child writes to ours. */
  onLine?: ((name: string, line: string) => void) | undefined;
  /** Called at each launch, before the child can do anything. */
  onLaunch?: ((pid: number) => void) | undefined;
}

const shortestDelayMs = 500;
const longestDelayMs = 10_000;
/** A child that lived longer than this begins with the shortest delay again. */
const steadyAfterMs = 30_000;

/** A process of our own that is started again whenever it ends by itself. */
export class SupervisedChild {
  readonly #options: ChildOptions;
  #child: ChildProcess | undefined;
  #isStopping = false;
  #delayMs = shortestDelayMs;
  #env: NodeJS.ProcessEnv;
  #standingMessage: object | undefined;

  constructor(options: ChildOptions) {
    this.#options = options;
    this.#env = options.env;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Variables that later launches get beside the first ones. */
  extendEnvironment(more: NodeJS.ProcessEnv): void {
    this.#env = { ...this.#env, ...more };
  }

  /** Resolves with the child's first word. @throws Error when it ends before that; it is then not started again */
  async start(): Promise<ReadyMessage> {
    const child = this.#launch();
    return new Promise((resolve, reject) => {
      const onExit = (code: number | null, signal: string | null) => {
        this.#child = undefined;
        const how = signal ?? `exit code ${code}`;
        reject(new CommandError(`The ${this.#options.name} ended while it started (${how}); why stands above.`));
      };
      child.once('exit', onExit);
      child.once('error', reject);
      child.on('message', (message: { type?: unknown }) => {
        if (message.type !== 'ready') return;
        child.off('exit', onExit);
        child.once('exit', (code, signal) => void this.#onEnd(code, signal));
        resolve(message as ReadyMessage);
      });
    });
  }

  /** Sends something to the child, and again each time it was started again. */
  tellAlways(message: object): void {
    this.#standingMessage = message;
    this.#tell();
  }

  /** Asks the child to end, and ends it when the patience is over. */
  async stop(patienceMs: number): Promise<void> {
    this.#isStopping = true;
    const child = this.#child;
    if (!child) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    const impatience = setTimeout(() => this.kill(), patienceMs);
    await ended;
    clearTimeout(impatience);
  }

  /** Ends the child at once. */
  kill(): void {
    this.#isStopping = true;
    this.#child?.kill('SIGKILL');
  }

  /** A child that cannot be told has ended, and the next one is told when it is ready. */
  #tell(): void {
    if (this.#standingMessage) this.#child?.send(this.#standingMessage, () => undefined);
  }

  #launch(): ChildProcess {
    const { args, onLine, onLaunch, name } = this.#options;
    const output = onLine ? 'pipe' : 'inherit';
    // A group of its own: Ctrl-C in the terminal reaches us alone, and we end the children in order.
    const child = spawn(process.execPath, args, {
      env: this.#env,
      detached: true,
      stdio: ['ignore', output, output, 'ipc'],
    });
    this.#child = child;
    if (child.pid) onLaunch?.(child.pid);
    if (onLine) for (const stream of [child.stdout!, child.stderr!]) eachLine(stream, (line) => onLine(name, line));
    child.on('message', (message: { type?: unknown }) => {
      if (message.type === 'ready') this.#tell();
    });
    return child;
  }

  async #onEnd(code: number | null, signal: string | null): Promise<void> {
    const { name, log } = this.#options;
    this.#child = undefined;
    if (this.#isStopping) return;
    log.error({ code, signal }, `the ${name} ended by itself; starting it again`);
    await sleep(this.#delayMs);
    this.#delayMs = Math.min(this.#delayMs * 2, longestDelayMs);
    if (this.#isStopping) return;
    const child = this.#launch();
    const steady = setTimeout(() => (this.#delayMs = shortestDelayMs), steadyAfterMs).unref();
    child.once('error', (err) => log.error({ err }, `the ${name} cannot be started`));
    child.once('exit', (endCode, endSignal) => {
      clearTimeout(steady);
      void this.#onEnd(endCode, endSignal);
    });
  }
}

function eachLine(stream: NodeJS.ReadableStream, use: (line: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop()!;
    lines.forEach(use);
  });
  stream.on('end', () => {
    if (rest) use(rest);
  });
}
