import { Injectable } from '@nestjs/common';
import type { KioskToken, KioskTokenInput, NewKioskToken } from '../contract/boards.ts';
import type { Page, PageQuery } from '../contract/catalog.ts';
import { Database } from '../platform/database.ts';
import { Problem } from '../platform/problem.ts';
import type { ApiTokenEntity } from './api-token.entity.ts';
import { AuditService, type AuditRecord } from './audit.service.ts';
import { IssuedTokens, tokenTimes } from './issued-tokens.ts';
import { SessionsService } from './sessions.service.ts';
import { TokensRepository } from './tokens.repository.ts';

type NamedToken = Pick<ApiTokenEntity, 'id' | 'name'>;

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
      await this.#audit.record(record('kiosk.created', boardKey, made, { expiresAt: view.expiresAt }));
      return { ...view, token };
    });
  }

  /** Revokes a token at once and for good; a second time changes nothing. @throws Problem not-found */
  async revoke(boardKey: string, id: number): Promise<void> {
    await this.#database.transaction(async () => {
      const token = await this.#tokens.find(boardKey, id);
      if (!token) throw new Problem('not-found', `The board "${boardKey}" has no kiosk token ${id}`);
      if (token.revokedAt) return;
      await this.#tokens.revoke(id);
      await this.#tellRevoked(boardKey, [token]);
    });
  }

  /** Revokes all tokens of a board; call it in the transaction that deletes the board. */
  async revokeAll(boardKey: string): Promise<void> {
    await this.#tellRevoked(boardKey, await this.#tokens.revokeOfBoard(boardKey));
  }

  async #tellRevoked(boardKey: string, tokens: readonly NamedToken[]): Promise<void> {
    await this.#sessions.announceRevoked(tokens.map(({ id }) => id));
    await this.#audit.recordAll(tokens.map((token) => record('kiosk.revoked', boardKey, token)));
  }
}

const record = (action: string, board: string, { id, name }: NamedToken, detail: object = {}): AuditRecord => ({
  action,
  subjectKind: 'kiosk',
  subject: String(id),
  detail: { board, name, ...detail },
});
