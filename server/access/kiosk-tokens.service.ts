import { Injectable } from '@nestjs/common';
import type { KioskToken, KioskTokenInput, NewKioskToken } from '../contract/boards.ts';
import type { Page, PageQuery } from '../contract/catalog.ts';
import { Database } from '../platform/database.ts';
import { invalidField, Problem } from '../platform/problem.ts';
import { currentActor } from '../platform/request-context.ts';
import type { ApiTokenEntity } from './api-token.entity.ts';
import { AuditService } from './audit.service.ts';
import { hashToken, newToken } from './opaque-token.ts';
import { isPrincipal } from './principal.ts';
import { SessionsService } from './sessions.service.ts';
import { TokensRepository } from './tokens.repository.ts';

const iso = (date: Date | null): string | null => date?.toISOString() ?? null;

const toKioskToken = ({ id, name, createdAt, lastUsedAt, expiresAt, revokedAt }: ApiTokenEntity): KioskToken => ({
  id,
  name,
  createdAt: createdAt.toISOString(),
  lastUsedAt: iso(lastUsedAt),
  expiresAt: iso(expiresAt),
  revokedAt: iso(revokedAt),
});

/** Tokens that open one board each, for displays without an account: shown once, then known by their hash alone. */
@Injectable()
export class KioskTokensService {
  readonly #database: Database;
  readonly #tokens: TokensRepository;
  readonly #sessions: SessionsService;
  readonly #audit: AuditService;

  constructor(database: Database, tokens: TokensRepository, sessions: SessionsService, audit: AuditService) {
    this.#database = database;
    this.#tokens = tokens;
    this.#sessions = sessions;
    this.#audit = audit;
  }

  async page(boardKey: string, { limit, cursor }: PageQuery): Promise<Page<KioskToken>> {
    if (cursor !== undefined && !/^\d{1,9}$/.test(cursor)) throw invalidField('cursor', 'is not a cursor of this list');
    const tokens = await this.#tokens.page(boardKey, limit + 1, cursor === undefined ? undefined : Number(cursor));
    const items = tokens.slice(0, limit).map(toKioskToken);
    return { items, next: tokens.length > limit ? String(items.at(-1)!.id) : null };
  }

  /** Makes a token; the answer alone ever holds it. */
  async create(boardKey: string, { name, expiresAt }: KioskTokenInput): Promise<NewKioskToken> {
    const expires = expiresAt ? new Date(expiresAt) : null;
    if (expires && expires.getTime() <= Date.now()) throw invalidField('expiresAt', 'must be in the future');
    const token = `kiosk_${newToken()}`;
    const actor = currentActor();
    return this.#database.transaction(async () => {
      const made = await this.#tokens.insert({
        name,
        scopes: [],
        boardKey,
        tokenHash: hashToken(token),
        createdBy: isPrincipal(actor) ? (actor.user?.id ?? null) : null,
        expiresAt: expires,
      });
      await this.#record('kiosk.created', made, { expiresAt: iso(expires) });
      return { ...toKioskToken(made), token };
    });
  }

  /** Revokes a token at once and for good; a second time changes nothing. @throws Problem not-found */
  async revoke(boardKey: string, id: number): Promise<void> {
    await this.#database.transaction(async () => {
      const token = await this.#tokens.find(boardKey, id);
      if (!token) throw new Problem('not-found', `The board "${boardKey}" has no kiosk token ${id}`);
      await this.#revoke(token);
    });
  }

  /** Revokes all tokens of a board; call it in the transaction that deletes the board. */
  async revokeAll(boardKey: string): Promise<void> {
    for (const token of await this.#tokens.held(boardKey)) await this.#revoke(token);
  }

  async #revoke(token: ApiTokenEntity): Promise<void> {
    if (token.revokedAt) return;
    await this.#tokens.revoke(token.id);
    await this.#sessions.announceRevoked(token.id);
    await this.#record('kiosk.revoked', token, {});
  }

  #record(action: string, { id, name, boardKey }: ApiTokenEntity, detail: object): Promise<void> {
    return this.#audit.record({
      action,
      subjectKind: 'kiosk',
      subject: String(id),
      detail: { board: boardKey, name, ...detail },
    });
  }
}
