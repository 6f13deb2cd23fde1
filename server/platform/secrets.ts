import { createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from './config.ts';

export { isSealed, mapPaths, seal, unseal, type SecretPath } from '../../probes/support/sealed.ts';

/** Keys that are all derived from the one secret key of the installation. */
export class Keyring {
  readonly #master: string;

  constructor(secretKey: string) {
    this.#master = secretKey;
  }

  #derive(purpose: string): Buffer {
    return Buffer.from(hkdfSync('sha256', this.#master, 'troth', purpose, 32));
  }

  /** Seals what is stored in the database. */
  get atRest(): Buffer {
    return this.#derive('at-rest');
  }

  /** Seals what an agent of one location may read; the agent holds this key alone. */
  location(location: string): Buffer {
    return this.#derive(`location:${location}`);
  }

  /** A token that can be shown again because it is computed, not stored. */
  token(purpose: string, subject: string | number): string {
    return createHmac('sha256', this.#derive(`token:${purpose}`))
      .update(String(subject))
      .digest('base64url')
      .slice(0, 32);
  }
}

/** Nest's token for the Keyring. */
export const KEYRING = Symbol('keyring');

/** The secret key from the environment, else from a file of mode 0600 that is made on first use. */
export function readSecretKey(fromEnvironment: string | undefined, dataFolder: string): string {
  if (fromEnvironment) return fromEnvironment;
  const file = join(dataFolder, 'secret-key');
  if (!existsSync(file)) makeSecretKey(dataFolder, file);
  chmodSync(file, 0o600);
  const key = readFileSync(file, 'utf8').trim();
  if (key.length < 32) throw new ConfigError(`Bad configuration.\n  TROTH_DATA: ${file} holds no secret key`);
  return key;
}

/** The file appears whole or not at all, and the first of several processes decides what it holds. */
function makeSecretKey(folder: string, file: string): void {
  mkdirSync(folder, { recursive: true });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, randomBytes(32).toString('base64url'), { mode: 0o600 });
  try {
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    unlinkSync(draft);
  }
}
