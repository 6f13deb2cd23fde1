import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

function fakeTimeLibrary(): string {
  const folders = readdirSync('/usr/lib').map((name) => join('/usr/lib', name, 'faketime'));
  const library = folders.flatMap((folder) => {
    try {
      return readdirSync(folder)
        .filter((name) => name === 'libfaketime.so.1')
        .map((name) => join(folder, name));
    } catch {
      return [];
    }
  })[0];
  if (!library) throw new Error('libfaketime is not installed');
  return library;
}

/** A wall clock for processes that are started with `env`, which steps when it is told to; its file is in the folder. */
export function fakeClock(folder: string) {
  const file = join(folder, 'wall-clock');
  const step = (by: string): void => writeFileSync(file, `${by}\n`);
  step('+0');
  const env = {
    LD_PRELOAD: fakeTimeLibrary(),
    FAKETIME_TIMESTAMP_FILE: file,
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
    FAKETIME_NO_CACHE: '1',
  };
  return { env, step };
}
