import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { cleanEnvironment, type Place } from './embedded-postgres-place.ts';
import type { Logger } from './logger.ts';
import { identify } from './process-lock.ts';

const fastShutdownMs = 30_000;
const immediateShutdownMs = 5_000;
const restartDelaysMs = [100, 300, 1_000, 3_000, 5_000];

/** The port was taken by another program between choosing and using it. */
export class PortTakenError extends Error {
  override name = 'PortTakenError';
}

/** One PostgreSQL server as our child, started again on the same port whenever it ends by itself. */
export class PostgresProcess {
  readonly #place: Place;
  readonly #settings: Readonly<Record<string, string>>;
  readonly #log: Logger;
  readonly #killOnExit = () => this.#child?.kill('SIGINT');
  #child: ChildProcess | undefined;
  #port = 0;
  #isStopping = false;

  constructor(place: Place, settings: Readonly<Record<string, string>>, log: Logger) {
    this.#place = place;
    this.#settings = settings;
    this.#log = log;
  }

  /** Of the present process; undefined while it is being started again. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Resolves once connections are accepted. @throws PortTakenError, or an Error with PostgreSQL's last words */
  async start(port: number): Promise<void> {
    this.#port = port;
    await this.#launch();
    process.once('exit', this.#killOnExit);
  }

  /** Fast shutdown: open transactions are rolled back, everything committed is kept. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    process.off('exit', this.#killOnExit);
    const child = this.#child;
    if (!child) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGINT');
    const timers = [
      setTimeout(() => child.kill('SIGQUIT'), fastShutdownMs),
      setTimeout(() => child.kill('SIGKILL'), fastShutdownMs + immediateShutdownMs),
    ];
    await ended;
    timers.forEach(clearTimeout);
  }

  #launch(): Promise<void> {
    const { programs, data, account, folder } = this.#place;
    const settings = { ...this.#settings, port: String(this.#port) };
    const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    // A group of its own: Ctrl-C in the terminal must reach us alone, so that the server can drain before this ends.
    const child = spawn(programs.postgres, ['-D', data, ...options], {
      ...account,
      cwd: folder,
      env: cleanEnvironment,
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.#child = child;
    return new Promise((resolve, reject) => {
      let isReady = false;
      const lastWords: string[] = [];
      createInterface({ input: child.stderr! }).on('line', (line) => {
        this.#report(line);
        lastWords.push(line);
        if (lastWords.length > 10) lastWords.shift();
        if (!line.includes('database system is ready to accept connections')) return;
        isReady = true;
        resolve();
      });
      child.once('error', reject);
      child.once('exit', (code, signal) => {
        this.#child = undefined;
        if (isReady) void this.#onEnd(code, signal);
      });
      child.once('close', () => {
        const words = lastWords.join('\n');
        reject(
          words.includes('could not bind')
            ? new PortTakenError(words)
            : new Error(`PostgreSQL did not start.\n${words}`),
        );
      });
    });
  }

  #report(line: string): void {
    // What concerns one connection alone is told to that client.
    this.#log[/^PANIC|was terminated by/.test(line) ? 'warn' : 'debug'](`PostgreSQL: ${line}`);
  }

  async #onEnd(code: number | null, signal: NodeJS.Signals | null): Promise<void> {
    if (this.#isStopping) return;
    this.#log.error({ code, signal }, 'PostgreSQL ended by itself; starting it again');
    for (let attempt = 0; !this.#isStopping; attempt++) {
      await sleep(restartDelaysMs[Math.min(attempt, restartDelaysMs.length - 1)]);
      if (this.#isStopping) return;
      try {
        await stopOrphans(this.#place.data, this.#log);
        await this.#launch();
        this.#log.info({ pid: this.pid }, 'PostgreSQL runs again');
        return;
      } catch (err) {
        this.#log.error({ err }, 'PostgreSQL does not start; trying again');
      }
    }
  }
}

const shutdownSteps = [
  ['SIGINT', fastShutdownMs],
  ['SIGQUIT', immediateShutdownMs],
  ['SIGKILL', immediateShutdownMs],
] as const;

/**
 * Ends what a killed parent, or a killed postmaster, left behind on this data folder, for it would block the next
 * start. Only processes that work in this very folder are touched.
 */
export async function stopOrphans(data: string, log: Logger): Promise<void> {
  let orphans = orphansOf(data);
  if (orphans.length > 0) log.warn({ pids: orphans }, 'stopping what an earlier PostgreSQL left behind');
  const postmaster = orphans.find((pid) => pid === pidFromFile(data));
  // Without a postmaster there is nobody who could shut down in order.
  for (const [signal, patienceMs] of postmaster ? shutdownSteps : shutdownSteps.slice(1)) {
    (postmaster ? [postmaster] : orphans).forEach((pid) => kill(pid, signal));
    const deadline = performance.now() + patienceMs;
    while (orphans.length > 0 && performance.now() < deadline) {
      await sleep(20);
      orphans = orphansOf(data);
    }
  }
  if (process.platform === 'linux') removeMisleadingPidFile(data);
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function pidFromFile(data: string): number | undefined {
  try {
    return Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0]);
  } catch {
    return undefined;
  }
}

/** PostgreSQL works inside its data folder, which tells its processes from all others. */
function orphansOf(data: string): number[] {
  if (process.platform !== 'linux') return orphanByCommand(data);
  const folder = realpathSync(data);
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && pid !== process.pid && workingFolder(pid) === folder && identify(pid) !== null)
    .filter((pid) => readCommand(pid).includes('postgres'));
}

function workingFolder(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return undefined;
  }
}

function readCommand(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

function orphanByCommand(data: string): number[] {
  const pid = pidFromFile(data);
  if (pid === undefined) return [];
  const { stdout } = spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
  return stdout?.includes(data) ? [pid] : [];
}

/** After a restart of the machine the id in the file may belong to any program; PostgreSQL would then refuse to start. */
function removeMisleadingPidFile(data: string): void {
  const pid = pidFromFile(data);
  if (pid !== undefined && identify(pid) !== null && orphansOf(data).length === 0)
    rmSync(join(data, 'postmaster.pid'), { force: true });
}
