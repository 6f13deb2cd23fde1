import { readdirSync, readlinkSync } from 'node:fs';
import { identify, isAlive, type ProcessIdentity } from '../../server/platform/process-lock.ts';

/** The processes that work in a folder, as those of PostgreSQL do in its data; the eldest first. */
export const processesIn = (folder: string): ProcessIdentity[] =>
  readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && workingFolder(pid) === folder)
    .sort((a, b) => a - b)
    .flatMap((pid) => identify(pid) ?? []);

function workingFolder(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return undefined;
  }
}

/** Ids of those that still run. */
export const living = (processes: readonly ProcessIdentity[]): number[] =>
  processes.filter(isAlive).map(({ pid }) => pid);
