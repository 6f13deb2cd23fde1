import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query, Res } from '@nestjs/common';
import { ApiBody, ApiCreatedResponse, ApiOkResponse } from '@nestjs/swagger';
import type { Response } from 'express';
import { z } from 'zod';
import {
  probeListQuerySchema,
  pageOf,
  probeInputSchema,
  probeKeySchema,
  probeKindSchema,
  probeSchema,
  putQuerySchema,
  type ProbeListQuery,
  type Page,
  type Probe,
  type ProbeKindInfo,
  type PutQuery,
} from '../contract/catalog.ts';
import { inputJsonSchema } from '../platform/input-json-schema.ts';
import { Allow } from '../platform/allow.decorator.ts';
import { Operation } from '../platform/operation.decorator.ts';
import { ProbesService, type ProbeName } from './probes.service.ts';

@Controller('api/v1')
@Allow('board:read')
export class ProbesController {
  readonly #probes: ProbesService;

  constructor(probes: ProbesService) {
    this.#probes = probes;
  }

  /** The kinds of probes with the JSON Schemas of their configs. */
  @Get('probe-kinds')
  @Operation('Lists the kinds of probes, with the schemas of their configs')
  @ApiOkResponse({ standardSchema: z.array(probeKindSchema) })
  kinds(): ProbeKindInfo[] {
    return this.#probes.kinds();
  }

  @Get('probes')
  @Operation('Lists probes')
  @ApiOkResponse({ standardSchema: pageOf(probeSchema) })
  list(@Query({ schema: probeListQuerySchema }) query: ProbeListQuery): Promise<Page<Probe>> {
    return this.#probes.page(query);
  }

  @Get('probes/:key')
  @Operation('Reads a probe')
  @ApiOkResponse({ standardSchema: probeSchema })
  get(@Param('key', { schema: probeKeySchema }) name: ProbeName): Promise<Probe> {
    return this.#probes.get(name);
  }

  /** Makes or changes a probe; 201 where it is new. */
  @Put('probes/:key')
  @Operation('Makes or changes a probe', 'not-found', 'changed-meanwhile')
  @Allow('catalog:write')
  @ApiBody({ schema: inputJsonSchema(probeInputSchema) })
  @ApiOkResponse({ standardSchema: probeSchema })
  @ApiCreatedResponse({ standardSchema: probeSchema })
  async put(
    @Param('key', { schema: probeKeySchema }) name: ProbeName,
    @Query({ schema: putQuerySchema }) query: PutQuery,
    @Body() input: unknown,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Probe> {
    response.status((await this.#probes.put(name, input, query)) ? 201 : 200);
    return this.#probes.get(name);
  }

  @Delete('probes/:key')
  @Operation('Deletes a probe')
  @Allow('catalog:write')
  @HttpCode(204)
  async delete(@Param('key', { schema: probeKeySchema }) name: ProbeName): Promise<void> {
    await this.#probes.delete(name);
  }

  @Post('probes/:key/restore')
  @Operation('Takes the last deletion of a probe back, its history with it', 'not-found', 'conflict')
  @Allow('catalog:write')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: probeSchema })
  async restore(@Param('key', { schema: probeKeySchema }) name: ProbeName): Promise<Probe> {
    await this.#probes.restore(name);
    return this.#probes.get(name);
  }
}
