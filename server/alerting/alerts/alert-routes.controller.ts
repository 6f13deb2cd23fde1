import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query, Res } from '@nestjs/common';
import { ApiBody, ApiCreatedResponse, ApiOkResponse } from '@nestjs/swagger';
import type { Response } from 'express';
import { alertRouteInputSchema, alertRouteSchema, type AlertRoute } from '../../contract/alerts.ts';
import {
  keySchema,
  listQuerySchema,
  pageOf,
  putQuerySchema,
  type ListQuery,
  type Page,
  type PutQuery,
} from '../../contract/catalog.ts';
import { Allow } from '../../platform/allow.decorator.ts';
import { inputJsonSchema } from '../../platform/input-json-schema.ts';
import { Operation } from '../../platform/operation.decorator.ts';
import { AlertRoutesService } from './alert-routes.service.ts';

/** Which alerts are told whom. */
@Controller('api/v1/alert-routes')
@Allow('board:read')
export class AlertRoutesController {
  constructor(readonly routes: AlertRoutesService) {}

  @Get()
  @Operation('Lists alert routes')
  @ApiOkResponse({ standardSchema: pageOf(alertRouteSchema) })
  list(@Query({ schema: listQuerySchema }) query: ListQuery): Promise<Page<AlertRoute>> {
    return this.routes.page(query);
  }

  @Get(':key')
  @Operation('Reads an alert route')
  @ApiOkResponse({ standardSchema: alertRouteSchema })
  get(@Param('key', { schema: keySchema }) key: string): Promise<AlertRoute> {
    return this.routes.get(key);
  }

  /** Makes or changes a route; 201 where it is new. */
  @Put(':key')
  @Operation('Makes or changes an alert route', 'changed-meanwhile', 'managed-by-file')
  @Allow('catalog:write')
  @ApiBody({ schema: inputJsonSchema(alertRouteInputSchema) })
  @ApiOkResponse({ standardSchema: alertRouteSchema })
  @ApiCreatedResponse({ standardSchema: alertRouteSchema })
  async put(
    @Param('key', { schema: keySchema }) key: string,
    @Query({ schema: putQuerySchema }) query: PutQuery,
    @Body() input: unknown,
    @Res({ passthrough: true }) response: Response,
  ): Promise<AlertRoute> {
    response.status((await this.routes.put(key, input, query)) ? 201 : 200);
    return this.routes.get(key);
  }

  @Delete(':key')
  @Operation('Deletes an alert route', 'managed-by-file')
  @Allow('catalog:write')
  @HttpCode(204)
  async delete(@Param('key', { schema: keySchema }) key: string): Promise<void> {
    await this.routes.delete(key);
  }

  @Post(':key/restore')
  @Operation('Takes the last deletion of an alert route back', 'not-found', 'conflict', 'managed-by-file')
  @Allow('catalog:write')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: alertRouteSchema })
  async restore(@Param('key', { schema: keySchema }) key: string): Promise<AlertRoute> {
    await this.routes.restore(key);
    return this.routes.get(key);
  }
}
