import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBody, ApiOkResponse } from '@nestjs/swagger';
import { keySchema } from '../contract/catalog.ts';
import {
  complianceQuerySchema,
  complianceSchema,
  explanationSchema,
  type Compliance,
  type ComplianceQuery,
  type Explanation,
} from '../contract/compliance.ts';
import { whatIfInputSchema, whatIfSchema, type WhatIf } from '../contract/what-if.ts';
import { Allow } from '../platform/allow.decorator.ts';
import { inputJsonSchema } from '../platform/input-json-schema.ts';
import { Operation } from '../platform/operation.decorator.ts';
import { ComplianceService } from './compliance.service.ts';
import { WhatIfService } from './what-if.service.ts';

/** How agreements stand. */
@Controller('api/v1/agreements/:key')
@Allow('board:read')
export class ComplianceController {
  constructor(
    readonly compliance: ComplianceService,
    readonly whatIfs: WhatIfService,
  ) {}

  @Get('compliance')
  @Operation('Tells how an agreement stands in a period: every objective with its figures and its verdict')
  @ApiOkResponse({ standardSchema: complianceSchema })
  of(
    @Param('key', { schema: keySchema }) key: string,
    @Query({ schema: complianceQuerySchema }) query: ComplianceQuery,
  ): Promise<Compliance> {
    return this.compliance.of(key, query);
  }

  @Get('objectives/:objective/explain')
  @Operation('Tells what a figure is made of: every interval with the rule that put it there')
  @ApiOkResponse({ standardSchema: explanationSchema })
  explain(
    @Param('key', { schema: keySchema }) key: string,
    @Param('objective', { schema: keySchema }) objective: string,
    @Query({ schema: complianceQuerySchema }) query: ComplianceQuery,
  ): Promise<Explanation> {
    return this.compliance.explain(key, objective, query);
  }

  @Post('objectives/:objective/what-if')
  @Operation('Tells what a figure would be with other states or other terms; stores nothing')
  @HttpCode(200)
  @ApiBody({ schema: inputJsonSchema(whatIfInputSchema) })
  @ApiOkResponse({ standardSchema: whatIfSchema })
  whatIf(
    @Param('key', { schema: keySchema }) key: string,
    @Param('objective', { schema: keySchema }) objective: string,
    @Query({ schema: complianceQuerySchema }) query: ComplianceQuery,
    @Body() input: unknown,
  ): Promise<WhatIf> {
    return this.whatIfs.of(key, objective, query, input);
  }
}
