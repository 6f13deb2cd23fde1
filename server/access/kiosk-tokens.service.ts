import { Injectable } from '@nestjs/common';
import type { KioskToken, KioskTokenInput, NewKioskToken } from '../contract/boards.ts';
import type { Page, PageQuery } from '../contract/catalog.ts';
import { Database } from '../platform/database.ts';
import { Problem } from '../platform/problem.ts';
import type { ApiTokenEntity } from './api-token.entity.ts';
import { AuditService } from './audit.service.ts';
import { IssuedTokens, tokenTimes } from './issued-tokens.ts';
import { SessionsService } from './sessions.service.ts';
import { TokensRepository } from './tokens.repository.ts';

const toKioskToken = (token: ApiTokenEntity): KioskToken => ({ id: token.id, name: token.name, ...tokenTimes(token) });

/** Tokens that open one board each, for displays without an account: shown once, then known by their hash alone. */
@Injectable()
export class KioskTokensService {
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

  page(boardKey: string, query: PageQuery): Promise<Page<KioskToken>> {
    return this.#issued.page(boardKey, query, toKioskToken);
  }

  /** Makes a token; the answer alone ever holds it. */
  create(boardKey: string, { name, expiresAt }: KioskTokenInput): Promise<NewKioskToken> {
    return this.#database.transaction(async () => {
      const { made, token } = await this.#issued.issue({ prefix: 'kiosk', name, scopes: [], boardKey, expiresAt });
      const view = toKioskToken(made);
      await this.#record('kiosk.created', made, { expiresAt: view.expiresAt });
      return { ...view, token };
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
