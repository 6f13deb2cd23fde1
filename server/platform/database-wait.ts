import { setTimeout as sleep } from 'node:timers/promises';
import { ConfigError } from './config.ts';
import type { Logger } from './logger.ts';

/** A database that starts together with us gets this long to answer. */
const startLimitMs = 60_000;
const retryMs = 500;
/** Wrong password, wrong account, no such database: no waiting helps. */
const hopelessCodes = new Set(['28P01', '28000', '3D000']);

/**
 * Tries to connect until the database answers.
 * @throws ConfigError when it does not within `limitMs`, or refuses the account
 */
export async function whenDatabaseAnswers(
  connect: () => Promise<unknown>,
  log: Logger,
  limitMs = startLimitMs,
): Promise<void> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    try {
      await connect();
      return;
    } catch (err) {
      const { message = '', code = '' } = err as NodeJS.ErrnoException;
      if (hopelessCodes.has(code) || performance.now() > deadline) {
        const reason = message || code;
        throw new ConfigError(`Bad configuration.\n  DATABASE_URL: cannot be used (${reason})`, { cause: err });
      }
      log.warn({ err }, 'the database does not answer yet');
      await sleep(retryMs);
    }
  }
}
