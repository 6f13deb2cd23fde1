import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from '../platform/config.ts';
import { Keyring, readSecretKey } from '../platform/secrets.ts';
import { CommandError } from './command-error.ts';

/** The key that an agent of a location gets: it opens the secrets of that location's probes and nothing else. */
export function locationKey({ TROTH_SECRET_KEY, TROTH_DATA }: Environment, location: string): string {
  if (!TROTH_SECRET_KEY && !existsSync(join(TROTH_DATA, 'secret-key'))) {
    throw new CommandError(
      `There is no secret key in ${TROTH_DATA}. Set TROTH_DATA or TROTH_SECRET_KEY to the server's.`,
    );
  }
  return new Keyring(readSecretKey(TROTH_SECRET_KEY, TROTH_DATA)).location(location).toString('base64url');
}
