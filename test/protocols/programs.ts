import { accessSync, chmodSync, constants, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** The path of a program; throws an Error that says how to get it where it is not installed. */
export function installed(program: string): string {
  for (const folder of [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin']) {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return join(folder, program);
    } catch {
      continue;
    }
  }
  throw new Error(`${program} is not installed: npm run test:protocols installs what these tests need`);
}

/** A folder for PATH that holds nothing but these programs, each a shell script of one or more lines. */
export function folderOf(scripts: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'troth-programs-'));
  for (const [name, script] of Object.entries(scripts)) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  return folder;
}
