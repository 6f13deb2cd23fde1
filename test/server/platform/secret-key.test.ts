import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Keyring, readSecretKey } from '../../../server/platform/secrets.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'troth-key-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the secret key', () => {
  it('is the one of the environment where there is one, and no file is made', () => {
    expect(readSecretKey('from-the-environment', folder)).toBe('from-the-environment');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is made once, kept in a file that only its owner can read, and the same ever after', () => {
    const data = join(folder, 'data');
    const key = readSecretKey(undefined, data);
    expect(key).toMatch(/^[\w-]{43}$/);
    expect(statSync(join(data, 'secret-key')).mode & 0o777).toBe(0o600);
    expect(readSecretKey(undefined, data)).toBe(key);
    expect(readdirSync(data)).toEqual(['secret-key']);
  });

  it('is closed to others again when its file was opened to them', () => {
    readSecretKey(undefined, folder);
    chmodSync(join(folder, 'secret-key'), 0o644);
    readSecretKey(undefined, folder);
    expect(statSync(join(folder, 'secret-key')).mode & 0o777).toBe(0o600);
  });

  it('is never an empty file', () => {
    writeFileSync(join(folder, 'secret-key'), '\n');
    expect(() => readSecretKey(undefined, folder)).toThrow(/TROTH_DATA: .*secret-key holds no secret key/);
    expect(readFileSync(join(folder, 'secret-key'), 'utf8')).toBe('\n');
  });
});

describe('the keys made from it', () => {
  it('are the same each time, and another for each purpose, location and secret', () => {
    const keyring = new Keyring('one');
    expect(keyring.atRest).toEqual(new Keyring('one').atRest);
    const all = [keyring.atRest, keyring.location('hq'), keyring.location('dmz'), new Keyring('two').atRest];
    expect(new Set(all.map((key) => key.toString('hex'))).size).toBe(4);
    expect(keyring.token('heartbeat', 7)).toMatch(/^[\w-]{32}$/);
    expect(keyring.token('heartbeat', 7)).not.toBe(keyring.token('heartbeat', 8));
  });
});
