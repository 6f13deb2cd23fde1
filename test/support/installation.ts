import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BoardSnapshot } from '../../server/contract/live.ts';
import type { ProcessIdentity } from '../../server/platform/process-lock.ts';

export const root = new URL('../..', import.meta.url).pathname;
export const adminToken = 'a-token-for-tests-that-is-long-enough-0123456789';

/** Another user to run as; ourselves when left out. */
export interface Account {
  uid?: number;
  gid?: number;
}

/** Runs `npm start` or any other program of the repository, with nothing of our environment but the path. */
export function runProgram(command: readonly string[], env: NodeJS.ProcessEnv, account: Account = {}) {
  const [program, ...args] = command;
  const child = spawn(program!, args, {
    cwd: root,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
    // A group of its own, so that a test can do what Ctrl-C in a terminal does: signal the whole group.
    detached: true,
    ...account,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const run = { child, output: '', ended: once(child, 'close').then(([code]) => code as number | null) };
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => (run.output += chunk));
  }
  return run;
}

/** Runs a program to its end. */
export async function runToEnd(command: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const run = runProgram(command, env);
  return { code: await run.ended, output: run.output };
}

export const bootstrap = [process.execPath, 'server/bootstrap.mjs'];
export const troth = (...args: readonly string[]): string[] => [process.execPath, 'dist/server/cli.js', ...args];

/** Brings `dist` up to date; nothing to do where `npm test` has built before. */
export async function ensureBuilt(): Promise<void> {
  const { code, output } = await runToEnd([...bootstrap, 'build']);
  if (code !== 0) throw new Error(output);
}

/** One installation on a data folder, started by `npm start` or what that runs. */
export class Installation {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  readonly #run: ReturnType<typeof runProgram>;
  readonly #dataFolder: string;

  constructor(dataFolder: string, env: NodeJS.ProcessEnv = {}, command = bootstrap, account: Account = {}) {
    this.#dataFolder = dataFolder;
    const own = { TROTH_DATA: dataFolder, PORT: '0', TROTH_ADMIN_TOKEN: adminToken };
    this.#run = runProgram(command, { ...own, ...env }, account);
    ({ child: this.child, ended: this.ended } = this.#run);
  }

  get output(): string {
    return this.#run.output;
  }

  /** Resolves when the banner is printed. @throws Error with the output when it ends before that */
  async started(): Promise<this> {
    const isOver = this.ended.then(() => true);
    while (!this.output.includes('╯')) {
      if (await Promise.race([isOver, new Promise((resolve) => setTimeout(resolve, 50, false))])) {
        throw new Error(`It ended while starting:\n${this.output}`);
      }
    }
    return this;
  }

  get url(): string {
    return /Dashboard\s+(\S+)/.exec(this.output)![1]!;
  }

  async get<Answer>(path: string): Promise<Answer> {
    return (await (await this.call('GET', path)).json()) as Answer;
  }

  async call(method: string, path: string): Promise<Response> {
    const headers = { authorization: `Bearer ${adminToken}` };
    const response = await fetch(new URL(path, this.url), { method, headers });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response;
  }

  /** State by key of service; empty while the server does not answer. */
  async states(): Promise<Record<string, string>> {
    const { services } = await this.get<BoardSnapshot>('/api/v1/board').catch(() => ({ services: [] }));
    return Object.fromEntries(services.map(({ key, state }) => [key, state]));
  }

  /** The processes it is made of: supervisor, database, agent, server, sample. */
  processes(): ProcessIdentity[] {
    const read = (name: string): ProcessIdentity[] => {
      const file = join(this.#dataFolder, name);
      return existsSync(file) ? [JSON.parse(readFileSync(file, 'utf8')) as ProcessIdentity[]].flat() : [];
    };
    return [...read('start.lock'), ...read('processes.json')];
  }

  /** What Ctrl-C in a terminal does. */
  interrupt(): void {
    process.kill(-this.child.pid!, 'SIGINT');
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) this.interrupt();
    await this.ended;
  }
}
