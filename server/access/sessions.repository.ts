import { Injectable } from '@nestjs/common';
import type { Role } from '../contract/access.ts';
import { Database } from '../platform/database.ts';

/** A session that is not used for so long ends; a used one ends after `longest` too. */
const lifetime = { idle: '12 hours', longest: '7 days' };
/** The cookie may live as long as any session; whether one holds is the server's to say. */
export const longestSessionMs = 7 * 86_400_000;

export interface SessionRow {
  expires_at: Date;
  user_id: number;
  name: string;
  display_name: string;
  role: Role;
  teams: string[];
}

export interface OwnSessionRow {
  token_hash: Buffer;
  created_at: Date;
  last_used_at: Date;
  expires_at: Date;
  address: string | null;
  user_agent: string | null;
}

/** Sessions, by the hash of their token. Those that ended are deleted. */
@Injectable()
export class SessionsRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async insert(session: {
    tokenHash: Buffer;
    userId: number;
    address: string | null;
    userAgent: string | null;
  }): Promise<void> {
    await this.#database.query(
      `insert into sessions (token_hash, user_id, expires_at, address, user_agent)
       values ($1, $2, now() + $3::interval, $4, $5)`,
      [session.tokenHash, session.userId, lifetime.idle, session.address, session.userAgent],
    );
  }

  /** The account behind a session that holds; its use is written down at most once a minute. */
  async use(tokenHash: Buffer): Promise<SessionRow | undefined> {
    const [row] = await this.#database.prepared<SessionRow & { rested: boolean }>(
      `select s.expires_at, s.last_used_at < now() - interval '1 minute' as rested, u.id as user_id, u.name, u.display_name,
         u.role, array(select t.key from user_teams ut join teams t on t.id = ut.team_id and t.deleted_at is null where ut.user_id = u.id order by 1) as teams
       from sessions s join users u on u.id = s.user_id
       where s.token_hash = $1 and s.expires_at > now() and not u.disabled`,
      [tokenHash],
    );
    if (!row?.rested) return row;
    const [touched] = await this.#database.query<{ expires_at: Date }>(
      `update sessions set last_used_at = now(),
         expires_at = least(now() + $2::interval, created_at + $3::interval)
       where token_hash = $1 returning expires_at`,
      [tokenHash, lifetime.idle, lifetime.longest],
    );
    // It ended between the two statements.
    return touched && { ...row, ...touched };
  }

  /** Writes the use of many sessions down in one statement; what another server writes at this moment is passed over. */
  async useAll(tokenHashes: readonly Buffer[]): Promise<void> {
    await this.#database.query(
      `update sessions set last_used_at = now(), expires_at = least(now() + $2::interval, created_at + $3::interval)
       where token_hash in (
         select token_hash from sessions
         where token_hash = any($1::bytea[]) and expires_at > now() and last_used_at < now() - interval '1 minute'
         for update skip locked)`,
      [tokenHashes, lifetime.idle, lifetime.longest],
    );
  }

  ofUser(userId: number): Promise<OwnSessionRow[]> {
    return this.#database.query<OwnSessionRow>(
      `select token_hash, created_at, last_used_at, expires_at, address, user_agent from sessions
       where user_id = $1 and expires_at > now() order by created_at desc`,
      [userId],
    );
  }

  /** Whether there was such a session of that account. */
  async delete(tokenHash: Buffer, userId: number): Promise<boolean> {
    const rows = await this.#database.query(
      'delete from sessions where token_hash = $1 and user_id = $2 returning user_id',
      [tokenHash, userId],
    );
    return rows.length > 0;
  }

  /** The hashes of the sessions that were deleted. */
  deleteOfUser(userId: number): Promise<Buffer[]> {
    return this.#hashes('delete from sessions where user_id = $1 returning token_hash', [userId]);
  }

  deleteExpired(): Promise<Buffer[]> {
    return this.#hashes('delete from sessions where expires_at <= now() returning token_hash', []);
  }

  /** Those of the given that are there. */
  existing(tokenHashes: readonly Buffer[]): Promise<Buffer[]> {
    return this.#hashes('select token_hash from sessions where token_hash = any($1::bytea[])', [tokenHashes]);
  }

  async #hashes(sql: string, parameters: unknown[]): Promise<Buffer[]> {
    const rows = await this.#database.query<{ token_hash: Buffer }>(sql, parameters);
    return rows.map((row) => row.token_hash);
  }
}
