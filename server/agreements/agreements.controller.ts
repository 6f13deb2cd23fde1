import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query, Res } from '@nestjs/common';
import { ApiBody, ApiCreatedResponse, ApiOkResponse } from '@nestjs/swagger';
import type { Response } from 'express';
import { SteadyClock } from '../../probes/support/clock.ts';
import {
  agreementInputSchema,
  agreementListQuerySchema,
  agreementSchema,
  agreementSummarySchema,
  type Agreement,
  type AgreementListQuery,
  type AgreementSummary,
} from '../contract/agreements.ts';
import { keySchema, pageOf, putQuerySchema, type Page, type PutQuery } from '../contract/catalog.ts';
import { Allow } from '../platform/allow.decorator.ts';
import { inputJsonSchema } from '../platform/input-json-schema.ts';
import { Operation } from '../platform/operation.decorator.ts';
import { AgreementsService } from './agreements.service.ts';

/** Agreements: what teams promise each other. */
@Controller('api/v1/agreements')
@Allow('board:read')
export class AgreementsController {
  constructor(
    readonly agreements: AgreementsService,
    readonly clock: SteadyClock,
  ) {}

  @Get()
  @Operation('Lists agreements')
  @ApiOkResponse({ standardSchema: pageOf(agreementSummarySchema) })
  list(@Query({ schema: agreementListQuerySchema }) query: AgreementListQuery): Promise<Page<AgreementSummary>> {
    return this.agreements.page(query, this.clock.now());
  }

  @Get(':key')
  @Operation('Reads an agreement with its draft and its versions')
  @ApiOkResponse({ standardSchema: agreementSchema })
  get(@Param('key', { schema: keySchema }) key: string): Promise<Agreement> {
    return this.agreements.get(key, this.clock.now());
  }

  /** Makes or changes the draft of an agreement; 201 where it is new. */
  @Put(':key')
  @Operation('Makes or changes the draft of an agreement', 'changed-meanwhile')
  @Allow('catalog:write')
  @ApiBody({ schema: inputJsonSchema(agreementInputSchema) })
  @ApiOkResponse({ standardSchema: agreementSchema })
  @ApiCreatedResponse({ standardSchema: agreementSchema })
  async put(
    @Param('key', { schema: keySchema }) key: string,
    @Query({ schema: putQuerySchema }) query: PutQuery,
    @Body() input: unknown,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Agreement> {
    response.status((await this.agreements.put(key, input, query)) ? 201 : 200);
    return this.agreements.get(key, this.clock.now());
  }

  @Delete(':key')
  @Operation('Deletes an agreement that was never in force', 'in-use', 'conflict')
  @Allow('catalog:write')
  @HttpCode(204)
  async delete(@Param('key', { schema: keySchema }) key: string): Promise<void> {
    await this.agreements.delete(key);
  }

  @Post(':key/restore')
  @Operation('Takes the last deletion of an agreement back', 'not-found', 'conflict')
  @Allow('catalog:write')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: agreementSchema })
  async restore(@Param('key', { schema: keySchema }) key: string): Promise<Agreement> {
    await this.agreements.restore(key);
    return this.agreements.get(key, this.clock.now());
  }
}
