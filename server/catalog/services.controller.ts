import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query, Res } from '@nestjs/common';
import { ApiBody, ApiCreatedResponse, ApiOkResponse } from '@nestjs/swagger';
import type { Response } from 'express';
import {
  keySchema,
  madeServicesSchema,
  newServicesSchema,
  serviceListQuerySchema,
  pageOf,
  putQuerySchema,
  serviceInputSchema,
  serviceSchema,
  type MadeServices,
  type ServiceListQuery,
  type Page,
  type PutQuery,
  type Service,
} from '../contract/catalog.ts';
import {
  serviceBulkResultSchema,
  serviceBulkSchema,
  type ServiceBulk,
  type ServiceBulkResult,
} from '../contract/service-bulk.ts';
import { inputJsonSchema } from '../platform/input-json-schema.ts';
import { Allow } from '../platform/allow.decorator.ts';
import { Operation } from '../platform/operation.decorator.ts';
import { ServicesService } from './services.service.ts';

@Controller('api/v1/services')
@Allow('board:read')
export class ServicesController {
  readonly #services: ServicesService;

  constructor(services: ServicesService) {
    this.#services = services;
  }

  @Get()
  @Operation('Lists services with their probes')
  @ApiOkResponse({ standardSchema: pageOf(serviceSchema) })
  list(@Query({ schema: serviceListQuerySchema }) query: ServiceListQuery): Promise<Page<Service>> {
    return this.#services.page(query);
  }

  /** Makes services with their probes: all of them, or nothing. */
  @Post()
  @Operation('Makes many services with their probes, all or nothing; none may be there already')
  @Allow('catalog:write')
  @ApiBody({ schema: inputJsonSchema(newServicesSchema) })
  @ApiCreatedResponse({ standardSchema: madeServicesSchema })
  async makeAll(@Body() input: unknown): Promise<MadeServices> {
    return { made: await this.#services.makeAll(input) };
  }

  @Get(':key')
  @Operation('Reads a service with its probes')
  @ApiOkResponse({ standardSchema: serviceSchema })
  get(@Param('key', { schema: keySchema }) key: string): Promise<Service> {
    return this.#services.get(key);
  }

  /** All of them or none; what is so already stays untouched. */
  @Post('bulk')
  @Operation('Pauses, resumes or tags many services at once')
  @Allow('catalog:write')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: serviceBulkResultSchema })
  bulk(@Body({ schema: serviceBulkSchema }) input: ServiceBulk): Promise<ServiceBulkResult> {
    return this.#services.changeMany(input);
  }

  /** Makes or changes a service; 201 where it is new. */
  @Put(':key')
  @Operation('Makes or changes a service', 'changed-meanwhile')
  @Allow('catalog:write')
  @ApiBody({ schema: inputJsonSchema(serviceInputSchema) })
  @ApiOkResponse({ standardSchema: serviceSchema })
  @ApiCreatedResponse({ standardSchema: serviceSchema })
  async put(
    @Param('key', { schema: keySchema }) key: string,
    @Query({ schema: putQuerySchema }) query: PutQuery,
    @Body() input: unknown,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Service> {
    response.status((await this.#services.put(key, input, query)) ? 201 : 200);
    return this.#services.get(key);
  }

  @Delete(':key')
  @Operation('Deletes a service with its probes')
  @Allow('catalog:write')
  @HttpCode(204)
  async delete(@Param('key', { schema: keySchema }) key: string): Promise<void> {
    await this.#services.delete(key);
  }

  @Post(':key/restore')
  @Operation('Takes the last deletion of a service back, its probes and history with it', 'not-found', 'conflict')
  @Allow('catalog:write')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: serviceSchema })
  async restore(@Param('key', { schema: keySchema }) key: string): Promise<Service> {
    await this.#services.restore(key);
    return this.#services.get(key);
  }
}
