import { Body, Controller, HttpCode, Post, Query } from '@nestjs/common';
import { ApiBody, ApiOkResponse } from '@nestjs/swagger';
import {
  draftTrialInputSchema,
  draftTrialQuerySchema,
  draftTrialSchema,
  type DraftTrial,
  type DraftTrialQuery,
} from '../contract/draft-trial.ts';
import { Allow } from '../platform/allow.decorator.ts';
import { inputJsonSchema } from '../platform/input-json-schema.ts';
import { Operation } from '../platform/operation.decorator.ts';
import { DraftTrialService } from './draft-trial.service.ts';

/** Agreements that are being written, tried on what was measured. */
@Controller('api/v1/agreements')
@Allow('board:read')
export class DraftTrialController {
  constructor(readonly trials: DraftTrialService) {}

  @Post('trial')
  @Operation('Judges what is being written of an agreement over its last 12 whole periods; stores nothing')
  @HttpCode(200)
  @ApiBody({ schema: inputJsonSchema(draftTrialInputSchema) })
  @ApiOkResponse({ standardSchema: draftTrialSchema })
  trial(@Query({ schema: draftTrialQuerySchema }) query: DraftTrialQuery, @Body() input: unknown): Promise<DraftTrial> {
    return this.trials.of(query, input);
  }
}
