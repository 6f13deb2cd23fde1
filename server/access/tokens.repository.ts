import { Injectable } from '@nestjs/common';
import { IsNull, LessThan } from 'typeorm';
import type { Permission } from '../contract/access.ts';
import { Database } from '../platform/database.ts';
import { ApiTokenEntity } from './api-token.entity.ts';

interface TokenRow {
  id: number;
  name: string;
  scopes: Permission[];
  board_key: string | null;
  expires_at: Date | null;
}

const of = (boardKey: string | null) => ({ boardKey: boardKey ?? IsNull() });

@Injectable()
export class TokensRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** The token that fits the hash and holds; its use is written down at most once a minute. */
  async use(tokenHash: Buffer): Promise<TokenRow | undefined> {
    const [row] = await this.#database.prepared<TokenRow & { rested: boolean }>(
      `select id, name, scopes, board_key, expires_at, coalesce(last_used_at < now() - interval '1 minute', true) as rested from api_tokens
       where token_hash = $1 and revoked_at is null and (expires_at is null or expires_at > now())`,
      [tokenHash],
    );
    if (row?.rested) await this.#database.query('update api_tokens set last_used_at = now() where id = $1', [row.id]);
    return row;
  }

  /** Tokens of a board, or with null those of the API: newest first, those with a smaller id than `before`. */
  page(boardKey: string | null, limit: number, before: number | undefined): Promise<ApiTokenEntity[]> {
    return this.#database.repository(ApiTokenEntity).find({
      where: { ...of(boardKey), ...(before === undefined ? {} : { id: LessThan(before) }) },
      order: { id: 'DESC' },
      take: limit,
    });
  }

  async insert(
    token: Pick<ApiTokenEntity, 'name' | 'tokenHash' | 'scopes' | 'boardKey' | 'createdBy' | 'expiresAt'>,
  ): Promise<ApiTokenEntity> {
    const repository = this.#database.repository(ApiTokenEntity);
    const { identifiers } = await repository.insert(token);
    return repository.findOneByOrFail({ id: identifiers[0]!['id'] as number });
  }

  /** A token of a board, or with null one of the API. */
  find(boardKey: string | null, id: number): Promise<ApiTokenEntity | null> {
    return this.#database.repository(ApiTokenEntity).findOneBy({ ...of(boardKey), id });
  }

  async revoke(id: number): Promise<void> {
    await this.#database.query('update api_tokens set revoked_at = now() where id = $1 and revoked_at is null', [id]);
  }

  /** Revokes all tokens of a board; those that were not revoked before. */
  revokeOfBoard(boardKey: string): Promise<Pick<ApiTokenEntity, 'id' | 'name'>[]> {
    return this.#database.query(
      'update api_tokens set revoked_at = now() where board_key = $1 and revoked_at is null returning id, name',
      [boardKey],
    );
  }

  /** Writes the use of many tokens down. */
  async useAll(ids: readonly number[]): Promise<void> {
    await this.#database.query('update api_tokens set last_used_at = now() where id = any($1::int[])', [ids]);
  }

  /** Marks tokens whose time is over as revoked at that time; their ids. */
  async revokeExpired(): Promise<number[]> {
    const rows = await this.#database.query<{ id: number }>(
      'update api_tokens set revoked_at = expires_at where revoked_at is null and expires_at <= now() returning id',
    );
    return rows.map(({ id }) => id);
  }

  /** Those of the given that hold. */
  async existing(ids: readonly number[]): Promise<number[]> {
    const rows = await this.#database.query<{ id: number }>(
      'select id from api_tokens where id = any($1::int[]) and revoked_at is null',
      [ids],
    );
    return rows.map(({ id }) => id);
  }
}
