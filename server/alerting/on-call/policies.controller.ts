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
} from '../../contract/catalog.ts';
import {
  escalationPolicyInputSchema,
  escalationPolicySchema,
  escalationPreviewQuerySchema,
  escalationPreviewSchema,
  type EscalationPolicy,
  type EscalationPreview,
  type EscalationPreviewQuery,
} from '../../contract/escalation.ts';
import { Allow } from '../../platform/allow.decorator.ts';
import { inputJsonSchema } from '../../platform/input-json-schema.ts';
import { Operation } from '../../platform/operation.decorator.ts';
import { EscalationService } from './escalation.service.ts';
import { PoliciesService } from './policies.service.ts';

/** Escalation policies, and whom they would tell when. */
@Controller('api/v1/escalation-policies')
@Allow('board:read')
export class PoliciesController {
  constructor(
    readonly policies: PoliciesService,
    readonly escalation: EscalationService,
  ) {}

  @Get()
  @Operation('Lists escalation policies')
  @ApiOkResponse({ standardSchema: pageOf(escalationPolicySchema) })
  list(@Query({ schema: listQuerySchema }) query: ListQuery): Promise<Page<EscalationPolicy>> {
    return this.policies.page(query);
  }

  @Get(':key')
  @Operation('Reads an escalation policy')
  @ApiOkResponse({ standardSchema: escalationPolicySchema })
  get(@Param('key', { schema: keySchema }) key: string): Promise<EscalationPolicy> {
    return this.policies.get(key);
  }

  /** Makes or changes a policy; 201 where it is new. */
  @Put(':key')
  @Operation('Makes or changes an escalation policy', 'changed-meanwhile', 'managed-by-file')
  @Allow('catalog:write')
  @ApiBody({ schema: inputJsonSchema(escalationPolicyInputSchema) })
  @ApiOkResponse({ standardSchema: escalationPolicySchema })
  @ApiCreatedResponse({ standardSchema: escalationPolicySchema })
  async put(
    @Param('key', { schema: keySchema }) key: string,
    @Query({ schema: putQuerySchema }) query: PutQuery,
    @Body() input: unknown,
    @Res({ passthrough: true }) response: Response,
  ): Promise<EscalationPolicy> {
    response.status((await this.policies.put(key, input, query)) ? 201 : 200);
    return this.policies.get(key);
  }

  @Delete(':key')
  @Operation('Deletes an escalation policy', 'managed-by-file')
  @Allow('catalog:write')
  @HttpCode(204)
  async delete(@Param('key', { schema: keySchema }) key: string): Promise<void> {
    await this.policies.delete(key);
  }

  @Post(':key/restore')
  @Operation('Takes the last deletion of an escalation policy back', 'not-found', 'conflict', 'managed-by-file')
  @Allow('catalog:write')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: escalationPolicySchema })
  async restore(@Param('key', { schema: keySchema }) key: string): Promise<EscalationPolicy> {
    await this.policies.restore(key);
    return this.policies.get(key);
  }

  @Get(':key/preview')
  @Operation('Tells whom an escalation policy would tell when, of an alert that nobody acknowledges')
  @ApiOkResponse({ standardSchema: escalationPreviewSchema })
  preview(
    @Param('key', { schema: keySchema }) key: string,
    @Query({ schema: escalationPreviewQuerySchema }) { at }: EscalationPreviewQuery,
  ): Promise<EscalationPreview> {
    return this.escalation.preview(key, at);
  }

  @Post('preview')
  @Operation('Tells whom an escalation policy would tell that is being written; stores nothing')
  @HttpCode(200)
  @ApiBody({ schema: inputJsonSchema(escalationPolicyInputSchema) })
  @ApiOkResponse({ standardSchema: escalationPreviewSchema })
  previewDraft(
    @Body() input: unknown,
    @Query({ schema: escalationPreviewQuerySchema }) { at }: EscalationPreviewQuery,
  ): Promise<EscalationPreview> {
    return this.policies.preview(input, at);
  }
}
