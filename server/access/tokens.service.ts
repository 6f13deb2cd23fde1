import { Injectable } from '@nestjs/common';
import type { ApiToken, NewApiToken, TokenInput } from '../contract/access.ts';
import type { Page, PageQuery } from '../contract/catalog.ts';
import { Database } from '../platform/database.ts';
import { Problem } from '../platform/problem.ts';
import type { ApiTokenEntity } from './api-token.entity.ts';
import { AuditService } from './audit.service.ts';
import { IssuedTokens, tokenTimes } from './issued-tokens.ts';
import { SessionsService } from './sessions.service.ts';
import { TokensRepository } from './tokens.repository.ts';

const toApiToken = (token: ApiTokenEntity): ApiToken => ({
  id: token.id,
  name: token.name,
  scopes: token.scopes,
  ...tokenTimes(token),
});

/** API tokens: shown once, then known by their hash alone. */
@Injectable()
export class TokensService {
  readonly #database: Database;
  readonly #issued: IssuedTokens;
  readonly #tokens: TokensRepository;
  readonly #sessions: SessionsService;
  readonly #audit: AuditService;

  constructor(
    database: Database,
    issued: IssuedTokens,
    tokens: TokensRepository,
    sessions: SessionsService,
    audit: AuditService,
  ) {
    this.#database = database;
    this.#issued = issued;
    this.#tokens = tokens;
    this.#sessions = sessions;
    this.#audit = audit;
  }

  page(query: PageQuery): Promise<Page<ApiToken>> {
    return this.#issued.page(null, query, toApiToken);
  }

  /** Makes a token; the answer alone ever holds it. */
  create({ name, scopes, expiresAt }: TokenInput): Promise<NewApiToken> {
    return this.#database.transaction(async () => {
      const order = { prefix: 'troth', name, scopes: [...new Set(scopes)], boardKey: null, expiresAt };
      const { made, token } = await this.#issued.issue(order);
      const view = toApiToken(made);
      const detail = { name, scopes: made.scopes, expiresAt: view.expiresAt };
      await this.#audit.record({ action: 'token.created', subjectKind: 'token', subject: String(made.id), detail });
      return { ...view, token };
    });
  }

  /** Revokes a token at once and for good; a second time changes nothing. */
  async revoke(id: number): Promise<void> {
    await this.#database.transaction(async () => {
      const token = await this.#tokens.find(null, id);
      if (!token) throw new Problem('not-found', `There is no token ${id}`);
      if (token.revokedAt) return;
      await this.#tokens.revoke(id);
      await this.#sessions.announceRevoked([id]);
      const detail = { name: token.name };
      await this.#audit.record({ action: 'token.revoked', subjectKind: 'token', subject: String(id), detail });
    });
  }
}
