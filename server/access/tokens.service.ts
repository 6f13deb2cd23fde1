import { Injectable } from '@nestjs/common';
import type { ApiToken, NewApiToken, TokenInput } from '../contract/access.ts';
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

const toApiToken = (token: ApiTokenEntity): ApiToken => ({
  id: token.id,
  name: token.name,
  scopes: token.scopes,
  createdAt: token.createdAt.toISOString(),
  lastUsedAt: iso(token.lastUsedAt),
  expiresAt: iso(token.expiresAt),
  revokedAt: iso(token.revokedAt),
});

/** API tokens: shown once, then known by their hash alone. */
@Injectable()
export class TokensService {
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

  async page({ limit, cursor }: PageQuery): Promise<Page<ApiToken>> {
    if (cursor !== undefined && !/^\d{1,9}$/.test(cursor)) throw invalidField('cursor', 'is not a cursor of this list');
    const tokens = await this.#tokens.page(null, limit + 1, cursor === undefined ? undefined : Number(cursor));
    const items = tokens.slice(0, limit).map(toApiToken);
    return { items, next: tokens.length > limit ? String(items.at(-1)!.id) : null };
  }

  /** Makes a token; the answer alone ever holds it. */
  async create({ name, scopes, expiresAt }: TokenInput): Promise<NewApiToken> {
    const expires = expiresAt ? new Date(expiresAt) : null;
    if (expires && expires.getTime() <= Date.now()) throw invalidField('expiresAt', 'must be in the future');
    const token = `troth_${newToken()}`;
    const actor = currentActor();
    return this.#database.transaction(async () => {
      const made = await this.#tokens.insert({
        name,
        scopes: [...new Set(scopes)],
        boardKey: null,
        tokenHash: hashToken(token),
        createdBy: isPrincipal(actor) ? (actor.user?.id ?? null) : null,
        expiresAt: expires,
      });
      const detail = { name, scopes: made.scopes, expiresAt: iso(expires) };
      await this.#audit.record({ action: 'token.created', subjectKind: 'token', subject: String(made.id), detail });
      return { ...toApiToken(made), token };
    });
  }

  /** Revokes a token at once and for good; a second time changes nothing. */
  async revoke(id: number): Promise<void> {
    await this.#database.transaction(async () => {
      const token = await this.#tokens.find(null, id);
      if (!token) throw new Problem('not-found', `There is no token ${id}`);
      if (token.revokedAt) return;
      await this.#tokens.revoke(id);
      await this.#sessions.announceRevoked(id);
      const detail = { name: token.name };
      await this.#audit.record({ action: 'token.revoked', subjectKind: 'token', subject: String(id), detail });
    });
  }
}
