import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database.ts';

export interface Attempts {
  attempts: number;
  /** Until the count starts anew. */
  leftSeconds: number;
}

const windowLength = '15 minutes';
/** What people type as a name may be their password: only a hash of it is stored. */
const keyOf = (kind: 'name' | 'address', value: string) => createHash('sha256').update(`${kind}:${value}`).digest();

/** Counts sign-ins that have not succeeded, for all servers together and across restarts. */
@Injectable()
export class SignInAttemptsRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Counts an attempt before it is made, so that many at once are no way around. */
  async count(name: string, address: string): Promise<{ byName: Attempts; byAddress: Attempts }> {
    const byName = await this.#countOne(keyOf('name', name));
    const byAddress = await this.#countOne(keyOf('address', address));
    return { byName, byAddress };
  }

  async #countOne(key: Buffer): Promise<Attempts> {
    const [row] = await this.#database.query<{ attempts: number; left: number }>(
      `insert into sign_in_attempts as a (key, attempts, ends_at) values ($1, 1, now() + $2::interval)
       on conflict (key) do update set
         attempts = case when a.ends_at <= now() then 1 else a.attempts + 1 end,
         ends_at = case when a.ends_at <= now() then excluded.ends_at else a.ends_at end
       returning attempts, ceil(extract(epoch from ends_at - now()))::int as left`,
      [key, windowLength],
    );
    return { attempts: row!.attempts, leftSeconds: row!.left };
  }

  /** A sign-in that succeeded clears the name and takes back its own count of the address. */
  async forgive(name: string, address: string): Promise<void> {
    await this.#database.query('delete from sign_in_attempts where key = $1', [keyOf('name', name)]);
    await this.#database.query('update sign_in_attempts set attempts = attempts - 1 where key = $1 and attempts > 0', [
      keyOf('address', address),
    ]);
    await this.#database.query(
      `delete from sign_in_attempts
       where key in (select key from sign_in_attempts where ends_at <= now() for update skip locked)`,
    );
  }
}
