import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database.ts';

/** The one link that makes the first account. */
@Injectable()
export class SetupLinksRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Puts another token in place of the former one, unless the link is used up. */
  async renew(tokenHash: Buffer): Promise<void> {
    await this.#database.query(
      `insert into setup_links (token_hash) values ($1)
       on conflict (only_one) do update set token_hash = excluded.token_hash where setup_links.used_at is null`,
      [tokenHash],
    );
  }

  /** The hash of the token that can be used now; undefined when there is none. */
  async open(): Promise<Buffer | undefined> {
    const [row] = await this.#database.query<{ token_hash: Buffer }>(
      'select token_hash from setup_links where used_at is null and not exists (select from users)',
    );
    return row?.token_hash;
  }

  /** Uses the link up; false when someone else just did. */
  async use(tokenHash: Buffer): Promise<boolean> {
    const rows = await this.#database.query(
      'update setup_links set used_at = now() where token_hash = $1 and used_at is null returning only_one',
      [tokenHash],
    );
    return rows.length > 0;
  }
}
