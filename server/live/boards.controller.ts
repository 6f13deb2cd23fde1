import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse } from '@nestjs/swagger';
import type { Response } from 'express';
import { z } from 'zod';
import { KioskTokensService } from '../access/kiosk-tokens.service.ts';
import {
  boardInputSchema,
  boardSchema,
  kioskTokenInputSchema,
  kioskTokenSchema,
  newKioskTokenSchema,
  type Board,
  type BoardInput,
  type KioskToken,
  type KioskTokenInput,
  type NewKioskToken,
} from '../contract/boards.ts';
import {
  keySchema,
  listQuerySchema,
  pageOf,
  pageQuerySchema,
  putQuerySchema,
  type ListQuery,
  type Page,
  type PageQuery,
  type PutQuery,
} from '../contract/catalog.ts';
import { boardSnapshotSchema, type BoardSnapshot } from '../contract/live.ts';
import { Allow, KioskToo } from '../platform/allow.decorator.ts';
import { Operation } from '../platform/operation.decorator.ts';
import { BoardViews } from './board-views.service.ts';
import { BoardsService } from './boards.service.ts';

const idSchema = z.coerce.number().int().min(1).max(2_147_483_647);

/** Saved boards, what they show, and the links that open one without an account. */
@Controller('api/v1/boards')
@Allow('board:read')
export class BoardsController {
  constructor(
    readonly boards: BoardsService,
    readonly views: BoardViews,
    readonly kiosks: KioskTokensService,
  ) {}

  @Get()
  @Operation('Lists boards')
  @ApiOkResponse({ standardSchema: pageOf(boardSchema) })
  list(@Query({ schema: listQuerySchema }) query: ListQuery): Promise<Page<Board>> {
    return this.boards.page(query);
  }

  @Get(':key')
  @Operation('Reads the settings of a board')
  @KioskToo('key')
  @ApiOkResponse({ standardSchema: boardSchema })
  get(@Param('key', { schema: keySchema }) key: string): Promise<Board> {
    return this.boards.get(key);
  }

  @Get(':key/snapshot')
  @Operation('Reads what a board shows: its services as they are now')
  @KioskToo('key')
  @ApiOkResponse({ standardSchema: boardSnapshotSchema })
  async snapshot(@Param('key', { schema: keySchema }) key: string): Promise<BoardSnapshot> {
    return this.views.snapshotOf(await this.boards.get(key));
  }

  /** Makes or changes a board; 201 where it is new. */
  @Put(':key')
  @Operation('Makes or changes a board', 'conflict', 'changed-meanwhile')
  @Allow('catalog:write')
  @ApiOkResponse({ standardSchema: boardSchema })
  @ApiCreatedResponse({ standardSchema: boardSchema })
  async put(
    @Param('key', { schema: keySchema }) key: string,
    @Query({ schema: putQuerySchema }) query: PutQuery,
    @Body({ schema: boardInputSchema }) input: BoardInput,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Board> {
    response.status((await this.boards.put(key, input, query)) ? 201 : 200);
    return this.boards.get(key);
  }

  @Delete(':key')
  @Operation('Deletes a board and revokes its kiosk links', 'conflict')
  @Allow('catalog:write')
  @HttpCode(204)
  async delete(@Param('key', { schema: keySchema }) key: string): Promise<void> {
    await this.boards.delete(key);
  }

  @Get(':key/kiosk-tokens')
  @Operation('Lists the kiosk tokens of a board, without the tokens themselves')
  @Allow('access:manage')
  @ApiOkResponse({ standardSchema: pageOf(kioskTokenSchema) })
  async listKiosks(
    @Param('key', { schema: keySchema }) key: string,
    @Query({ schema: pageQuerySchema }) query: PageQuery,
  ): Promise<Page<KioskToken>> {
    await this.boards.get(key);
    return this.kiosks.page(key, query);
  }

  @Post(':key/kiosk-tokens')
  @Operation('Makes a kiosk token that opens a board, and shows it this once')
  @Allow('access:manage')
  @ApiCreatedResponse({ standardSchema: newKioskTokenSchema })
  async createKiosk(
    @Param('key', { schema: keySchema }) key: string,
    @Body({ schema: kioskTokenInputSchema }) input: KioskTokenInput,
  ): Promise<NewKioskToken> {
    await this.boards.get(key);
    return this.kiosks.create(key, input);
  }

  @Delete(':key/kiosk-tokens/:id')
  @Operation('Revokes a kiosk token of a board')
  @Allow('access:manage')
  @HttpCode(204)
  async revokeKiosk(
    @Param('key', { schema: keySchema }) key: string,
    @Param('id', { schema: idSchema }) id: number,
  ): Promise<void> {
    await this.kiosks.revoke(key, id);
  }
}
