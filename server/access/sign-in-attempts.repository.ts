import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database.ts';
import type { Attempts } from './attempt-limits.ts';

const windowLength = '15 minutes';
/** An address where somebody signed in counts as theirs for this long after the last time. */
const familiarLength = '90 days';

type Kind = 'name' | 'address' | 'name-at' | 'familiar' | 'session';
/** What people type as a name may be their password: only a hash of it is stored. */
const keyOf = (kind: Kind, value: string) => createHash('sha256').update(`${kind}:${value}`).digest();
/** An address holds no blank, so that a pair has one spelling. */
const at = (name: string, address: string) => `${address} ${name}`;

/**
 * Counts passwords that were not right, for all servers together and across restarts. A name is counted apart at
 * addresses where its owner signed in before, so that strangers elsewhere can use up their own attempts alone.
 */
@Injectable()
export class SignInAttemptsRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Counts an attempt to sign in before it is made, so that many at once are no way around. */
  async count(name: string, address: string): Promise<{ byName: Attempts; byAddress: Attempts }> {
    const byName = await this.#countOne(await this.#nameKey(name, address));
    const byAddress = await this.#countOne(keyOf('address', address));
    return { byName, byAddress };
  }

  /** A sign-in that succeeded clears its name there, takes back its own count of the address, and makes that familiar. */
  async forgive(name: string, address: string): Promise<void> {
    await this.#clear(await this.#nameKey(name, address));
    await this.#database.query('update sign_in_attempts set attempts = attempts - 1 where key = $1 and attempts > 0', [
      keyOf('address', address),
    ]);
    await this.#database.query(
      `insert into sign_in_attempts (key, attempts, ends_at) values ($1, 0, now() + $2::interval)
       on conflict (key) do update set ends_at = excluded.ends_at`,
      [keyOf('familiar', at(name, address)), familiarLength],
    );
    await this.#database.query(
      `delete from sign_in_attempts
       where key in (select key from sign_in_attempts where ends_at <= now() for update skip locked)`,
    );
  }

  /** Counts a password that is tried inside a session, before it is. */
  countInSession(sessionId: string): Promise<Attempts> {
    return this.#countOne(keyOf('session', sessionId));
  }

  forgiveSession(sessionId: string): Promise<void> {
    return this.#clear(keyOf('session', sessionId));
  }

  async #nameKey(name: string, address: string): Promise<Buffer> {
    const familiar = await this.#database.query('select 1 from sign_in_attempts where key = $1 and ends_at > now()', [
      keyOf('familiar', at(name, address)),
    ]);
    return familiar.length > 0 ? keyOf('name-at', at(name, address)) : keyOf('name', name);
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

  async #clear(key: Buffer): Promise<void> {
    await this.#database.query('delete from sign_in_attempts where key = $1', [key]);
  }
}
