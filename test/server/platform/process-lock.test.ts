import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { identify, isAlive, LockedError, takeLock } from '../../../server/platform/process-lock.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'troth-lock-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const startSleeper = async () => {
  const child = spawn('sleep', ['60']);
  await once(child, 'spawn');
  return child;
};

describe('the identity of a process', () => {
  it('holds while it lives and no longer', async () => {
    const child = await startSleeper();
    const identity = identify(child.pid!)!;
    expect(isAlive(identity)).toBe(true);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(isAlive(identity)).toBe(false);
  });

  it('is not that of another process with the same id', async () => {
    const { born } = identify(process.pid)!;
    const child = await startSleeper();
    expect(isAlive({ pid: child.pid!, born })).toBe(false);
    expect(isAlive({ pid: process.pid, born })).toBe(true);
    child.kill('SIGKILL');
  });
});

describe('a lock', () => {
  it('is refused while its holder lives, naming it, and free once it is given back', () => {
    const file = join(folder, 'held');
    const giveBack = takeLock(file);
    expect(() => takeLock(file)).toThrow(LockedError);
    expect(() => takeLock(file)).toThrow(`held by process ${process.pid}`);
    giveBack();
    takeLock(file)();
  });

  it.each([
    ['a process that ended', JSON.stringify({ pid: process.pid, born: 'long ago' })],
    ['nobody, cut off while it was written', '{"pid'],
  ])('is taken from %s', (_case, content) => {
    const file = join(folder, 'left');
    writeFileSync(file, content);
    takeLock(file)();
  });
});
