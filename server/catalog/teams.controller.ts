import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query, Res } from '@nestjs/common';
import { ApiBody, ApiCreatedResponse, ApiOkResponse } from '@nestjs/swagger';
import type { Response } from 'express';
import {
  keySchema,
  listQuerySchema,
  pageOf,
  putQuerySchema,
  teamInputSchema,
  teamSchema,
  type ListQuery,
  type Page,
  type PutQuery,
  type Team,
} from '../contract/catalog.ts';
import { inputJsonSchema } from '../platform/input-json-schema.ts';
import { Allow } from '../platform/allow.decorator.ts';
import { Operation } from '../platform/operation.decorator.ts';
import { TeamsService } from './teams.service.ts';

@Controller('api/v1/teams')
@Allow('board:read')
export class TeamsController {
  readonly #teams: TeamsService;

  constructor(teams: TeamsService) {
    this.#teams = teams;
  }

  @Get()
  @Operation('Lists teams')
  @ApiOkResponse({ standardSchema: pageOf(teamSchema) })
  list(@Query({ schema: listQuerySchema }) query: ListQuery): Promise<Page<Team>> {
    return this.#teams.page(query);
  }

  @Get(':key')
  @Operation('Reads a team')
  @ApiOkResponse({ standardSchema: teamSchema })
  get(@Param('key', { schema: keySchema }) key: string): Promise<Team> {
    return this.#teams.get(key);
  }

  /** Makes or changes a team; 201 where it is new. */
  @Put(':key')
  @Operation('Makes or changes a team', 'changed-meanwhile')
  @Allow('catalog:write')
  @ApiBody({ schema: inputJsonSchema(teamInputSchema) })
  @ApiOkResponse({ standardSchema: teamSchema })
  @ApiCreatedResponse({ standardSchema: teamSchema })
  async put(
    @Param('key', { schema: keySchema }) key: string,
    @Query({ schema: putQuerySchema }) query: PutQuery,
    @Body() input: unknown,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Team> {
    response.status((await this.#teams.put(key, input, query)) ? 201 : 200);
    return this.#teams.get(key);
  }

  @Delete(':key')
  @Operation('Deletes a team', 'in-use')
  @Allow('catalog:write')
  @HttpCode(204)
  async delete(@Param('key', { schema: keySchema }) key: string): Promise<void> {
    await this.#teams.delete(key);
  }

  @Post(':key/restore')
  @Operation('Takes the last deletion of a team back, with all that hung on it', 'not-found', 'conflict')
  @Allow('catalog:write')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: teamSchema })
  async restore(@Param('key', { schema: keySchema }) key: string): Promise<Team> {
    await this.#teams.restore(key);
    return this.#teams.get(key);
  }
}
