import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query, Req } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOkResponse } from '@nestjs/swagger';
import type { Request } from 'express';
import { z } from 'zod';
import { pageOf, pageQuerySchema, type Page, type PageQuery } from '../../contract/catalog.ts';
import {
  historyImportSchema,
  importContentQuerySchema,
  importInputSchema,
  type HistoryImport,
  type ImportContentQuery,
  type ImportInput,
} from '../../contract/history-imports.ts';
import { Allow } from '../../platform/allow.decorator.ts';
import { octets } from '../../platform/body-parsers.ts';
import { Operation } from '../../platform/operation.decorator.ts';
import { Problem } from '../../platform/problem.ts';
import { HistoryImportsService } from './history-imports.service.ts';

const idSchema = z.coerce.number().int().min(1).max(2_147_483_647);

@Controller('api/v1/imports')
@Allow('metrics:push')
export class HistoryImportsController {
  constructor(readonly imports: HistoryImportsService) {}

  @Get()
  @Operation('Lists files with history from elsewhere, the newest first')
  @ApiOkResponse({ standardSchema: pageOf(historyImportSchema) })
  list(@Query({ schema: pageQuerySchema }) query: PageQuery): Promise<Page<HistoryImport>> {
    return this.imports.page(query);
  }

  @Get(':id')
  @Operation('Reads how far a file with history is on its way in')
  @ApiOkResponse({ standardSchema: historyImportSchema })
  read(@Param('id', { schema: idSchema }) id: number): Promise<HistoryImport> {
    return this.imports.get(id);
  }

  @Post()
  @Operation('Announces a file with timelines, observations or values of metrics', 'conflict')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: historyImportSchema })
  create(@Body({ schema: importInputSchema }) input: ImportInput): Promise<HistoryImport> {
    return this.imports.create(input);
  }

  /** A body of any size; what was confirmed need not be sent again. */
  @Put(':id/content')
  @Operation('Sends the file of an import, or the next piece of it', 'conflict', 'changed-meanwhile')
  @ApiConsumes(octets)
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  @ApiOkResponse({ standardSchema: historyImportSchema })
  async receive(
    @Param('id', { schema: idSchema }) id: number,
    @Query({ schema: importContentQuerySchema }) { offset }: ImportContentQuery,
    @Req() request: Request,
  ): Promise<HistoryImport> {
    if (!request.is(octets)) throw new Problem('unsupported-media-type', `Send the file as ${octets}`);
    return this.imports.receive(id, offset, request);
  }

  @Post(':id/apply')
  @Operation('Agrees to a checked import: all of it is taken over, or nothing', 'conflict')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: historyImportSchema })
  apply(@Param('id', { schema: idSchema }) id: number): Promise<HistoryImport> {
    return this.imports.apply(id);
  }

  @Delete(':id')
  @Operation('Throws a file away that was not taken over', 'conflict')
  @HttpCode(204)
  discard(@Param('id', { schema: idSchema }) id: number): Promise<void> {
    return this.imports.discard(id);
  }
}
