import { Inject, Injectable } from '@nestjs/common';
import { LOGGER, type Logger } from './logger.ts';

export interface Health {
  ok: boolean;
  /** Shown without sign-in: says what is wrong, and names no address, account or secret. */
  detail: string;
}
/** What a check found, by name; a server that fails one that is `required` is not ready. */
export interface NamedHealth extends Health {
  name: string;
  required: boolean;
}
export type HealthCheck = () => Promise<Health> | Health;

interface Entry {
  check: HealthCheck;
  required: boolean;
}

/** A check that has not answered by then has failed. */
const limitMs = 2_000;

/** What must work for this server to be of use; features add theirs. */
@Injectable()
export class HealthRegistry {
  readonly #entries = new Map<string, Entry>();
  readonly #log: Logger;

  constructor(@Inject(LOGGER) log: Logger) {
    this.#log = log;
  }

  /** Adds a check. One that is not `required` is shown, but a server that fails it is still ready to serve. */
  register(name: string, check: HealthCheck, { required = true }: { required?: boolean } = {}): void {
    this.#entries.set(name, { check, required });
  }

  /** Runs all checks side by side, each within two seconds. */
  async report(): Promise<{ ready: boolean; checks: Record<string, Health> }> {
    const results = await this.checks();
    return {
      ready: results.every(({ required, ok }) => ok || !required),
      checks: Object.fromEntries(results.map(({ name, ok, detail }) => [name, { ok, detail }])),
    };
  }

  /** As `report`, with everything that is known of each check. */
  checks(): Promise<NamedHealth[]> {
    return Promise.all(
      [...this.#entries].map(async ([name, { check, required }]) => ({
        name,
        required,
        ...(await this.#run(name, check)),
      })),
    );
  }

  async #run(name: string, check: HealthCheck): Promise<Health> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<Health>((resolve) => {
      timer = setTimeout(resolve, limitMs, { ok: false, detail: `no answer within ${limitMs / 1_000} s` });
    });
    try {
      return await Promise.race([check(), late]);
    } catch (err) {
      this.#log.warn({ err, check: name }, 'a health check failed');
      return { ok: false, detail: 'failed' };
    } finally {
      clearTimeout(timer);
    }
  }
}
