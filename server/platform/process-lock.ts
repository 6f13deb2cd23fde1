import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';

/** A process told apart from a later one that got the same id. */
export interface ProcessIdentity {
  pid: number;
  /** When it began, in whatever form the system tells it. */
  born: string;
}

/** Thrown when a lock is held by a process that lives. */
export class LockedError extends Error {
  override name = 'LockedError';
  readonly holder: ProcessIdentity;
  constructor(file: string, holder: ProcessIdentity) {
    super(`${file} is held by process ${holder.pid}`);
    this.holder = holder;
  }
}

/** The identity of a running process; null when there is none, or only what its parent has not collected yet. */
export function identify(pid: number): ProcessIdentity | null {
  const born = process.platform === 'linux' ? bornOnLinux(pid) : bornElsewhere(pid);
  return born === null ? null : { pid, born };
}

export const isAlive = (known: ProcessIdentity): boolean => identify(known.pid)?.born === known.born;

function bornOnLinux(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in brackets and may hold anything; state is the third, start the 22nd.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return fields[0] === 'Z' || fields[0] === 'X' ? null : `${bootId} ${fields[19]}`;
  } catch {
    return null;
  }
}

function bornElsewhere(pid: number): string | null {
  try {
    process.kill(pid, 0);
    if (process.platform === 'win32') return '';
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  } catch {
    return null;
  }
}

/**
 * Takes a lock that lasts as long as this process, also when it is killed; returns the function that gives it back.
 * @throws LockedError while another live process holds it
 */
export function takeLock(file: string): () => void {
  const content = JSON.stringify(identify(process.pid));
  for (;;) {
    try {
      writeFileSync(file, content, { flag: 'wx', mode: 0o600 });
      return () => rmSync(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const holder = readIdentity(file);
    if (holder && isAlive(holder)) throw new LockedError(file, holder);
    rmSync(file, { force: true });
  }
}

function readIdentity(file: string): ProcessIdentity | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ProcessIdentity | null;
  } catch {
    return null;
  }
}
