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
  maintenanceInputSchema,
  maintenancePreviewSchema,
  maintenanceSchema,
  occurrencesSchema,
  serviceMaintenanceSchema,
  windowsQuerySchema,
  type Maintenance,
  type MaintenancePreview,
  type Occurrences,
  type ServiceMaintenance,
  type WindowsQuery,
} from '../contract/maintenance.ts';
import { Allow } from '../platform/allow.decorator.ts';
import { inputJsonSchema } from '../platform/input-json-schema.ts';
import { Operation } from '../platform/operation.decorator.ts';
import { MaintenanceService } from './maintenance.service.ts';

@Controller('api/v1')
@Allow('board:read')
export class MaintenanceController {
  readonly #maintenance: MaintenanceService;

  constructor(maintenance: MaintenanceService) {
    this.#maintenance = maintenance;
  }

  @Get('maintenance')
  @Operation('Lists planned maintenance')
  @ApiOkResponse({ standardSchema: pageOf(maintenanceSchema) })
  list(@Query({ schema: listQuerySchema }) query: ListQuery): Promise<Page<Maintenance>> {
    return this.#maintenance.page(query);
  }

  @Get('maintenance/:key')
  @Operation('Reads a planned maintenance, with the window that runs and the next one')
  @ApiOkResponse({ standardSchema: maintenanceSchema })
  get(@Param('key', { schema: keySchema }) key: string): Promise<Maintenance> {
    return this.#maintenance.get(key);
  }

  /** Makes or changes a maintenance; 201 where it is new. What it adds to the windows is announced by it. */
  @Put('maintenance/:key')
  @Operation('Makes or changes a planned maintenance', 'changed-meanwhile')
  @Allow('catalog:write')
  @ApiBody({ schema: inputJsonSchema(maintenanceInputSchema) })
  @ApiOkResponse({ standardSchema: maintenanceSchema })
  @ApiCreatedResponse({ standardSchema: maintenanceSchema })
  async put(
    @Param('key', { schema: keySchema }) key: string,
    @Query({ schema: putQuerySchema }) query: PutQuery,
    @Body() input: unknown,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Maintenance> {
    response.status((await this.#maintenance.put(key, input, query)) ? 201 : 200);
    return this.#maintenance.get(key);
  }

  @Delete('maintenance/:key')
  @Operation('Deletes a planned maintenance; windows that have passed stay what they were')
  @Allow('catalog:write')
  @HttpCode(204)
  async delete(@Param('key', { schema: keySchema }) key: string): Promise<void> {
    await this.#maintenance.delete(key);
  }

  @Post('maintenance/:key/restore')
  @Operation('Takes the last deletion of a planned maintenance back', 'not-found', 'conflict')
  @Allow('catalog:write')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: maintenanceSchema })
  async restore(@Param('key', { schema: keySchema }) key: string): Promise<Maintenance> {
    await this.#maintenance.restore(key);
    return this.#maintenance.get(key);
  }

  @Get('maintenance/:key/occurrences')
  @Operation('Lists the windows of a planned maintenance that touch a span, at most 1,000')
  @ApiOkResponse({ standardSchema: occurrencesSchema })
  occurrences(
    @Param('key', { schema: keySchema }) key: string,
    @Query({ schema: windowsQuerySchema }) { from, to }: WindowsQuery,
  ): Promise<Occurrences> {
    return this.#maintenance.occurrences(key, Date.parse(from), Date.parse(to));
  }

  /** What a form would make; stores nothing. */
  @Post('maintenance/preview')
  @Operation('Tells the next 20 windows of a maintenance that is being written; stores nothing')
  @HttpCode(200)
  @ApiBody({ schema: inputJsonSchema(maintenanceInputSchema) })
  @ApiOkResponse({ standardSchema: maintenancePreviewSchema })
  preview(@Body() input: unknown): MaintenancePreview {
    return this.#maintenance.preview(input);
  }

  /** The rest of the window excuses nothing. */
  @Post('maintenance/:key/end')
  @Operation('Ends the window of a planned maintenance that runs now', 'not-found', 'conflict')
  @Allow('catalog:write')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: maintenanceSchema })
  async end(@Param('key', { schema: keySchema }) key: string): Promise<Maintenance> {
    await this.#maintenance.end(key);
    return this.#maintenance.get(key);
  }

  @Get('services/:key/maintenance')
  @Operation('Lists the windows of maintenance of a service that touch a span, with when they were announced')
  @ApiOkResponse({ standardSchema: serviceMaintenanceSchema })
  ofService(
    @Param('key', { schema: keySchema }) key: string,
    @Query({ schema: windowsQuerySchema }) { from, to }: WindowsQuery,
  ): Promise<ServiceMaintenance> {
    return this.#maintenance.ofService(key, Date.parse(from), Date.parse(to));
  }
}
