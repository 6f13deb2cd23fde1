import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query, Res } from '@nestjs/common';
import { ApiBody, ApiCreatedResponse, ApiOkResponse } from '@nestjs/swagger';
import type { Response } from 'express';
import {
  keySchema,
  listQuerySchema,
  pageOf,
  putQuerySchema,
  locationInputSchema,
  locationSchema,
  type ListQuery,
  type Page,
  type PutQuery,
  type Location,
} from '../contract/catalog.ts';
import { inputJsonSchema } from '../platform/input-json-schema.ts';
import { Allow } from '../platform/allow.decorator.ts';
import { Operation } from '../platform/operation.decorator.ts';
import { LocationsService } from './locations.service.ts';

@Controller('api/v1/locations')
@Allow('board:read')
export class LocationsController {
  readonly #locations: LocationsService;

  constructor(locations: LocationsService) {
    this.#locations = locations;
  }

  @Get()
  @Operation('Lists locations')
  @ApiOkResponse({ standardSchema: pageOf(locationSchema) })
  list(@Query({ schema: listQuerySchema }) query: ListQuery): Promise<Page<Location>> {
    return this.#locations.page(query);
  }

  @Get(':key')
  @Operation('Reads a location')
  @ApiOkResponse({ standardSchema: locationSchema })
  get(@Param('key', { schema: keySchema }) key: string): Promise<Location> {
    return this.#locations.get(key);
  }

  /** Makes or changes a location; 201 where it is new. */
  @Put(':key')
  @Operation('Makes or changes a location', 'changed-meanwhile')
  @Allow('catalog:write')
  @ApiBody({ schema: inputJsonSchema(locationInputSchema) })
  @ApiOkResponse({ standardSchema: locationSchema })
  @ApiCreatedResponse({ standardSchema: locationSchema })
  async put(
    @Param('key', { schema: keySchema }) key: string,
    @Query({ schema: putQuerySchema }) query: PutQuery,
    @Body() input: unknown,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Location> {
    response.status((await this.#locations.put(key, input, query)) ? 201 : 200);
    return this.#locations.get(key);
  }

  @Delete(':key')
  @Operation('Deletes a location', 'in-use')
  @Allow('catalog:write')
  @HttpCode(204)
  async delete(@Param('key', { schema: keySchema }) key: string): Promise<void> {
    await this.#locations.delete(key);
  }

  @Post(':key/restore')
  @Operation('Takes the last deletion of a location back, with all that hung on it', 'not-found', 'conflict')
  @Allow('catalog:write')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: locationSchema })
  async restore(@Param('key', { schema: keySchema }) key: string): Promise<Location> {
    await this.#locations.restore(key);
    return this.#locations.get(key);
  }
}
