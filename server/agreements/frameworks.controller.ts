import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query, Res } from '@nestjs/common';
import { ApiBody, ApiCreatedResponse, ApiOkResponse } from '@nestjs/swagger';
import type { Response } from 'express';
import {
  keySchema,
  listQuerySchema,
  pageOf,
  putQuerySchema,
  type ListQuery,
  type Page,
  type PutQuery,
} from '../contract/catalog.ts';
import {
  frameworkInputSchema,
  frameworkSchema,
  frameworkSummarySchema,
  type Framework,
  type FrameworkSummary,
} from '../contract/frameworks.ts';
import { Allow } from '../platform/allow.decorator.ts';
import { inputJsonSchema } from '../platform/input-json-schema.ts';
import { Operation } from '../platform/operation.decorator.ts';
import { FrameworksService } from './frameworks.service.ts';

/** Terms that many agreements share. */
@Controller('api/v1/frameworks')
@Allow('board:read')
export class FrameworksController {
  constructor(readonly frameworks: FrameworksService) {}

  @Get()
  @Operation('Lists framework terms')
  @ApiOkResponse({ standardSchema: pageOf(frameworkSummarySchema) })
  list(@Query({ schema: listQuerySchema }) query: ListQuery): Promise<Page<FrameworkSummary>> {
    return this.frameworks.page(query);
  }

  @Get(':key')
  @Operation('Reads framework terms with all their versions')
  @ApiOkResponse({ standardSchema: frameworkSchema })
  get(@Param('key', { schema: keySchema }) key: string): Promise<Framework> {
    return this.frameworks.get(key);
  }

  @Put(':key')
  @Operation('Makes framework terms, or adds their next version', 'changed-meanwhile', 'managed-by-file')
  @Allow('catalog:write')
  @ApiBody({ schema: inputJsonSchema(frameworkInputSchema) })
  @ApiOkResponse({ standardSchema: frameworkSchema })
  @ApiCreatedResponse({ standardSchema: frameworkSchema })
  async put(
    @Param('key', { schema: keySchema }) key: string,
    @Query({ schema: putQuerySchema }) query: PutQuery,
    @Body() input: unknown,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Framework> {
    response.status((await this.frameworks.put(key, input, query)) ? 201 : 200);
    return this.frameworks.get(key);
  }

  @Delete(':key')
  @Operation('Deletes framework terms that no agreement includes', 'in-use', 'managed-by-file')
  @Allow('catalog:write')
  @HttpCode(204)
  async delete(@Param('key', { schema: keySchema }) key: string): Promise<void> {
    await this.frameworks.delete(key);
  }

  @Post(':key/restore')
  @Operation('Takes the last deletion of framework terms back', 'not-found', 'conflict', 'managed-by-file')
  @Allow('catalog:write')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: frameworkSchema })
  async restore(@Param('key', { schema: keySchema }) key: string): Promise<Framework> {
    await this.frameworks.restore(key);
    return this.frameworks.get(key);
  }
}
