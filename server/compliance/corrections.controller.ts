import { Body, Controller, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse } from '@nestjs/swagger';
import type { Response } from 'express';
import { keySchema, pageOf, type Page } from '../contract/catalog.ts';
import {
  correctionApprovalSchema,
  correctionIdSchema,
  correctionInputSchema,
  correctionListQuerySchema,
  correctionOutlookSchema,
  correctionQuerySchema,
  correctionRejectionSchema,
  correctionSchema,
  type AgreementCorrection,
  type CorrectionApproval,
  type CorrectionInput,
  type CorrectionListQuery,
  type CorrectionOutlook,
  type CorrectionQuery,
  type CorrectionRejection,
} from '../contract/corrections.ts';
import { Allow } from '../platform/allow.decorator.ts';
import { Operation } from '../platform/operation.decorator.ts';
import { CorrectionsService } from './corrections.service.ts';

/** What the parties of an agreement propose to count otherwise than it was measured. */
@Controller('api/v1/agreements/:key/corrections')
@Allow('catalog:write')
export class CorrectionsController {
  constructor(readonly corrections: CorrectionsService) {}

  @Get()
  @Operation('Lists the corrections of an agreement, open ones first')
  @Allow('board:read')
  @ApiOkResponse({ standardSchema: pageOf(correctionSchema) })
  list(
    @Param('key', { schema: keySchema }) key: string,
    @Query({ schema: correctionListQuerySchema }) query: CorrectionListQuery,
  ): Promise<Page<AgreementCorrection>> {
    return this.corrections.page(key, query);
  }

  /** 201 where it is proposed; with `dryRun` 200 and what would come of it. */
  @Post()
  @Operation('Proposes a correction, or tells what would come of one', 'conflict')
  @ApiCreatedResponse({ standardSchema: correctionSchema })
  @ApiOkResponse({ standardSchema: correctionOutlookSchema })
  propose(
    @Param('key', { schema: keySchema }) key: string,
    @Query({ schema: correctionQuerySchema }) { dryRun }: CorrectionQuery,
    @Body({ schema: correctionInputSchema }) input: CorrectionInput,
    @Res({ passthrough: true }) response: Response,
  ): Promise<AgreementCorrection | CorrectionOutlook> {
    response.status(dryRun ? 200 : 201);
    return dryRun ? this.corrections.outlook(key, input) : this.corrections.propose(key, input);
  }

  @Get(':id')
  @Operation('Reads a correction with the verdicts before and after it')
  @Allow('board:read')
  @ApiOkResponse({ standardSchema: correctionSchema })
  get(
    @Param('key', { schema: keySchema }) key: string,
    @Param('id', { schema: correctionIdSchema }) id: number,
  ): Promise<AgreementCorrection> {
    return this.corrections.get(key, id);
  }

  @Post(':id/approve')
  @Operation('Approves a correction as the other party: it counts from now on', 'conflict')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: correctionSchema })
  approve(
    @Param('key', { schema: keySchema }) key: string,
    @Param('id', { schema: correctionIdSchema }) id: number,
    @Body({ schema: correctionApprovalSchema }) { reason }: CorrectionApproval,
  ): Promise<AgreementCorrection> {
    return this.corrections.decide(key, id, 'approved', reason);
  }

  @Post(':id/reject')
  @Operation('Rejects a correction as the other party, with a reason', 'conflict')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: correctionSchema })
  reject(
    @Param('key', { schema: keySchema }) key: string,
    @Param('id', { schema: correctionIdSchema }) id: number,
    @Body({ schema: correctionRejectionSchema }) { reason }: CorrectionRejection,
  ): Promise<AgreementCorrection> {
    return this.corrections.decide(key, id, 'rejected', reason);
  }

  @Post(':id/withdraw')
  @Operation('Withdraws a correction that nobody has answered yet', 'conflict')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: correctionSchema })
  withdraw(
    @Param('key', { schema: keySchema }) key: string,
    @Param('id', { schema: correctionIdSchema }) id: number,
    @Body({ schema: correctionApprovalSchema }) { reason }: CorrectionApproval,
  ): Promise<AgreementCorrection> {
    return this.corrections.withdraw(key, id, reason);
  }
}
