import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse } from '@nestjs/swagger';
import { z } from 'zod';
import {
  apiTokenSchema,
  newApiTokenSchema,
  tokenInputSchema,
  type ApiToken,
  type NewApiToken,
  type TokenInput,
} from '../contract/access.ts';
import { pageOf, pageQuerySchema, type Page, type PageQuery } from '../contract/catalog.ts';
import { Allow } from '../platform/allow.decorator.ts';
import { Operation } from '../platform/operation.decorator.ts';
import { TokensService } from './tokens.service.ts';

const idSchema = z.coerce.number().int().min(1).max(2_147_483_647);

@Controller('api/v1/tokens')
@Allow('access:manage')
export class TokensController {
  readonly #tokens: TokensService;

  constructor(tokens: TokensService) {
    this.#tokens = tokens;
  }

  @Get()
  @Operation('Lists API tokens, without the tokens themselves')
  @ApiOkResponse({ standardSchema: pageOf(apiTokenSchema) })
  list(@Query({ schema: pageQuerySchema }) query: PageQuery): Promise<Page<ApiToken>> {
    return this.#tokens.page(query);
  }

  @Post()
  @Operation('Makes an API token, and shows it this once')
  @ApiCreatedResponse({ standardSchema: newApiTokenSchema })
  create(@Body({ schema: tokenInputSchema }) input: TokenInput): Promise<NewApiToken> {
    return this.#tokens.create(input);
  }

  @Delete(':id')
  @Operation('Revokes an API token')
  @HttpCode(204)
  async revoke(@Param('id', { schema: idSchema }) id: number): Promise<void> {
    await this.#tokens.revoke(id);
  }
}
