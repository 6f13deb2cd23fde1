import { Injectable } from '@nestjs/common';
import type { Permission } from '../contract/access.ts';
import type { Page, PageQuery } from '../contract/catalog.ts';
import { invalidField } from '../platform/problem.ts';
import { currentActor } from '../platform/request-context.ts';
import type { ApiTokenEntity } from './api-token.entity.ts';
import { hashToken, newToken } from '../platform/opaque-token.ts';
import { isPrincipal } from './principal.ts';
import { TokensRepository } from './tokens.repository.ts';

export interface TokenOrder {
  /** What the token begins with, so that people see what it is. */
  prefix: string;
  name: string;
  scopes: Permission[];
  /** The one board that it opens; null for the API. */
  boardKey: string | null;
  expiresAt?: string | null | undefined;
}

/** Instants as answers hold them. */
export const tokenTimes = ({ createdAt, lastUsedAt, expiresAt, revokedAt }: ApiTokenEntity) => ({
  createdAt: createdAt.toISOString(),
  lastUsedAt: lastUsedAt?.toISOString() ?? null,
  expiresAt: expiresAt?.toISOString() ?? null,
  revokedAt: revokedAt?.toISOString() ?? null,
});

/** Tokens of every sort: made from chance, kept by their hash alone, listed in pages. */
@Injectable()
export class IssuedTokens {
  readonly #tokens: TokensRepository;

  constructor(tokens: TokensRepository) {
    this.#tokens = tokens;
  }

  /** Those of a board, or of the API for null. @throws Problem invalid-input */
  async page<View>(
    boardKey: string | null,
    { limit, cursor }: PageQuery,
    view: (token: ApiTokenEntity) => View,
  ): Promise<Page<View>> {
    if (cursor !== undefined && !/^\d{1,9}$/.test(cursor)) throw invalidField('cursor', 'is not a cursor of this list');
    const tokens = await this.#tokens.page(boardKey, limit + 1, cursor === undefined ? undefined : Number(cursor));
    const page = tokens.slice(0, limit);
    return { items: page.map(view), next: tokens.length > limit ? String(page.at(-1)!.id) : null };
  }

  /** Makes a token; what is answered alone ever holds it. @throws Problem invalid-input */
  async issue({
    prefix,
    name,
    scopes,
    boardKey,
    expiresAt,
  }: TokenOrder): Promise<{ made: ApiTokenEntity; token: string }> {
    const expires = expiresAt ? new Date(expiresAt) : null;
    if (expires && expires.getTime() <= Date.now()) throw invalidField('expiresAt', 'must be in the future');
    const token = `${prefix}_${newToken()}`;
    const actor = currentActor();
    const made = await this.#tokens.insert({
      name,
      scopes,
      boardKey,
      tokenHash: hashToken(token),
      createdBy: isPrincipal(actor) ? (actor.user?.id ?? null) : null,
      expiresAt: expires,
    });
    return { made, token };
  }
}
