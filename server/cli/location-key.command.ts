import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { keySchema } from '../contract/catalog.ts';
import { parseInput } from '../contract/input-issues.ts';
import type { Environment } from '../platform/config.ts';
import { Keyring, readSecretKey } from '../platform/secrets.ts';
import { CommandError, UsageError } from './command-error.ts';

/**
 * The key that an agent of a location gets: it opens the secrets of that location's probes and nothing else. Needs no
 * database, so that it cannot know whether there is such a location. @throws UsageError, CommandError
 */
export function locationKey({ TROTH_SECRET_KEY, TROTH_DATA }: Environment, location: string): string {
  const [fault] = parseInput(keySchema, location).issues;
  if (fault) throw new UsageError(`This is no key of a location: it ${fault.message}.`);
  if (!TROTH_SECRET_KEY && !existsSync(join(TROTH_DATA, 'secret-key'))) {
    throw new CommandError(
      `There is no secret key in ${TROTH_DATA}. Set TROTH_DATA or TROTH_SECRET_KEY to the server's.`,
    );
  }
  return new Keyring(readSecretKey(TROTH_SECRET_KEY, TROTH_DATA)).location(location).toString('base64url');
}
