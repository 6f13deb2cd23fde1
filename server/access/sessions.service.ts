import type { IncomingHttpHeaders } from 'node:http';
import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { parseCookie } from 'cookie';
import { permissions, type OwnSession } from '../contract/access.ts';
import { ENVIRONMENT, type Environment } from '../platform/config.ts';
import { Database } from '../platform/database.ts';
import { LOGGER, type Logger } from '../platform/logger.ts';
import { Problem } from '../platform/problem.ts';
import { currentContext } from '../platform/request-context.ts';
import { hashToken, newToken, sameHash } from '../platform/opaque-token.ts';
import { permissionsOf } from './permissions.ts';
import type { Principal } from './principal.ts';
import { SessionsRepository } from './sessions.repository.ts';
import { TokensRepository } from './tokens.repository.ts';

export const sessionCookie = 'troth_session';

/** Told on every server, with the id of a principal. */
const endedChannel = 'troth_sign_in_ended';
/** A session or token whose time is over is noticed within this. */
const sweepEveryMs = 15_000;

const sessionId = (tokenHash: Buffer): string => `session:${tokenHash.toString('hex')}`;
const tokenId = (id: number): string => `token:${id}`;
/** The part of a principal's id behind the colon. */
const rest = (id: string): string => id.slice(id.indexOf(':') + 1);
/** The hashes of the sessions among principals. */
const tokenHashes = (principalIds: readonly string[]): Buffer[] =>
  principalIds.filter((id) => id.startsWith('session:')).map((id) => Buffer.from(rest(id), 'hex'));

/** Says who sends a request or opens a socket, and when that ends. */
@Injectable()
export class SessionsService implements OnModuleInit, OnModuleDestroy {
  readonly #database: Database;
  readonly #sessions: SessionsRepository;
  readonly #tokens: TokensRepository;
  readonly #adminTokenHash: Buffer | undefined;
  /** Where people come from when a proxy stands between. */
  readonly #publicOrigin: string | undefined;
  readonly #log: Logger;
  readonly #listeners = new Set<(principalId: string) => void>();
  /** Ids that were met here and have not ended: looked at again when notices may have been missed. */
  readonly #met = new Set<string>();
  #sweeper: NodeJS.Timeout | undefined;

  constructor(
    database: Database,
    sessions: SessionsRepository,
    tokens: TokensRepository,
    @Inject(ENVIRONMENT) { TROTH_ADMIN_TOKEN, PUBLIC_URL }: Environment,
    @Inject(LOGGER) log: Logger,
  ) {
    this.#database = database;
    this.#sessions = sessions;
    this.#tokens = tokens;
    this.#adminTokenHash = TROTH_ADMIN_TOKEN === undefined ? undefined : hashToken(TROTH_ADMIN_TOKEN);
    this.#publicOrigin = PUBLIC_URL && new URL(PUBLIC_URL).origin;
    this.#log = log;
  }

  onModuleInit(): void {
    const failed = (err: unknown) => this.#log.warn({ err }, 'ended sign-ins could not be looked up');
    this.#database.listen(
      endedChannel,
      (id) => this.#tellEnded(id),
      () => void this.lookAgain([...this.#met]).catch(failed),
    );
    this.#sweeper = setInterval(() => void this.sweep().catch(failed), sweepEveryMs).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.#sweeper);
  }

  /** Who sends these headers: by the bearer token if there is one, else by the session cookie; null for nobody. */
  async authenticate({ authorization, cookie }: IncomingHttpHeaders): Promise<Principal | null> {
    const principal = await (authorization === undefined ? this.#bySession(cookie) : this.#byToken(authorization));
    if (principal) this.#met.add(principal.id);
    return principal;
  }

  /** As `authenticate`, for a socket: a cookie counts only from a page of our own, since browsers let any page connect. */
  async authenticateSocket(headers: IncomingHttpHeaders): Promise<Principal | null> {
    const { origin, host, authorization } = headers;
    const isOwnPage =
      origin === undefined || origin === this.#publicOrigin || (URL.canParse(origin) && new URL(origin).host === host);
    return isOwnPage || authorization !== undefined ? this.authenticate(headers) : null;
  }

  /** Calls the listener, on every server, with the id of each principal whose sign-in has ended. */
  onEnded(listener: (principalId: string) => void): void {
    this.#listeners.add(listener);
  }

  /** A new session of an account; the answer is its token, which is not kept. */
  async open(userId: number, userAgent: string | undefined): Promise<string> {
    const token = newToken();
    const address = currentContext()?.address ?? null;
    await this.#sessions.insert({
      tokenHash: hashToken(token),
      userId,
      address,
      userAgent: userAgent?.slice(0, 300) ?? null,
    });
    return token;
  }

  async ofUser(userId: number, currentId: string): Promise<OwnSession[]> {
    const rows = await this.#sessions.ofUser(userId);
    return rows.map((row) => ({
      id: row.token_hash.toString('hex'),
      current: sessionId(row.token_hash) === currentId,
      createdAt: row.created_at.toISOString(),
      lastUsedAt: row.last_used_at.toISOString(),
      expiresAt: row.expires_at.toISOString(),
      address: row.address,
      userAgent: row.user_agent,
    }));
  }

  /** Ends one session of an account, named by the id in its list. @throws Problem when it has none such */
  async end(userId: number, id: string): Promise<void> {
    await this.#database.transaction(async () => {
      const tokenHash = Buffer.from(id, 'hex');
      if (!(await this.#sessions.delete(tokenHash, userId))) throw new Problem('not-found', 'There is no such session');
      await this.#announce([sessionId(tokenHash)]);
    });
  }

  /** Ends all sessions of an account; call it in the transaction that is the reason. */
  async endAll(userId: number): Promise<void> {
    const ended = await this.#sessions.deleteOfUser(userId);
    await this.#announce(ended.map(sessionId));
  }

  /** Says that tokens are revoked; call it in the transaction that revokes them. */
  announceRevoked(ids: readonly number[]): Promise<void> {
    return this.#announce(ids.map(tokenId));
  }

  /** Ends what has expired. */
  async sweep(): Promise<void> {
    await this.#database.transaction(async () => {
      const sessions = await this.#sessions.deleteExpired();
      const tokens = await this.#tokens.revokeExpired();
      await this.#announce([...sessions.map(sessionId), ...tokens.map(tokenId)]);
    });
  }

  /** Counts what these principals do without requests, such as watching a board, as use of their sessions. */
  async keepInUse(principalIds: readonly string[]): Promise<void> {
    const hashes = tokenHashes([...new Set(principalIds)]);
    if (hashes.length > 0) await this.#sessions.useAll(hashes);
    const tokens = tokenNumbers(principalIds);
    if (tokens.length > 0) await this.#tokens.useAll(tokens);
  }

  /** Tells the listeners of this server which of these principals' sign-ins have ended: for what no notice can have reached. */
  async lookAgain(principalIds: readonly string[]): Promise<void> {
    const tokens = tokenNumbers(principalIds);
    const there = new Set([
      adminId,
      ...(await this.#sessions.existing(tokenHashes(principalIds))).map(sessionId),
      ...(await this.#tokens.existing(tokens)).map(tokenId),
    ]);
    for (const id of principalIds) if (!there.has(id)) this.#tellEnded(id);
  }

  #announce(ids: readonly string[]): Promise<void> {
    return this.#database.notifyAll(endedChannel, ids);
  }

  #tellEnded(id: string): void {
    this.#met.delete(id);
    for (const listener of this.#listeners) listener(id);
  }

  async #bySession(cookie: string | undefined): Promise<Principal | null> {
    const token = cookie === undefined ? undefined : parseCookie(cookie)[sessionCookie];
    if (!token) return null;
    const tokenHash = hashToken(token);
    const row = await this.#sessions.use(tokenHash);
    if (!row) return null;
    const { name, role, teams } = row;
    return {
      id: sessionId(tokenHash),
      kind: 'user',
      name,
      permissions: permissionsOf[role],
      teams: role === 'admin' ? 'all' : teams,
      memberOf: teams,
      user: { id: row.user_id, name, displayName: row.display_name, role, teams },
      expiresAt: row.expires_at,
    };
  }

  async #byToken(authorization: string): Promise<Principal | null> {
    const [, token] = /^Bearer +(\S+)$/i.exec(authorization) ?? [];
    if (!token) return null;
    const hash = hashToken(token);
    const of = { kind: 'token', teams: 'all', user: null } as const;
    if (this.#adminTokenHash && sameHash(hash, this.#adminTokenHash)) {
      return { ...of, id: adminId, name: 'TROTH_ADMIN_TOKEN', permissions: new Set(permissions), expiresAt: null };
    }
    const row = await this.#tokens.use(hash);
    if (!row) return null;
    const { id, name, scopes, board_key: board, expires_at: expiresAt } = row;
    const principal = { ...of, id: tokenId(id), name, permissions: new Set(scopes), expiresAt };
    return board === null ? principal : { ...principal, kind: 'kiosk', teams: [], board };
  }
}

const adminId = 'token:admin';

/** The numbers of the stored tokens among principals. */
const tokenNumbers = (principalIds: readonly string[]): number[] =>
  principalIds.filter((id) => id.startsWith('token:') && id !== adminId).map((id) => Number(rest(id)));
