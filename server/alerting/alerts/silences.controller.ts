import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse } from '@nestjs/swagger';
import {
  alertIdSchema,
  silenceInputSchema,
  silenceQuerySchema,
  silenceSchema,
  type Silence,
  type SilenceInput,
  type SilenceQuery,
} from '../../contract/alerts.ts';
import { pageOf, type Page } from '../../contract/catalog.ts';
import { Allow } from '../../platform/allow.decorator.ts';
import { Operation } from '../../platform/operation.decorator.ts';
import { SilencesService } from './silences.service.ts';

/** What nobody is told of for a while. */
@Controller('api/v1/silences')
@Allow('incidents:write')
export class SilencesController {
  constructor(readonly silences: SilencesService) {}

  @Get()
  @Operation('Lists silences, the newest first')
  @Allow('board:read')
  @ApiOkResponse({ standardSchema: pageOf(silenceSchema) })
  list(@Query({ schema: silenceQuerySchema }) query: SilenceQuery): Promise<Page<Silence>> {
    return this.silences.page(query);
  }

  @Post()
  @Operation('Makes a silence: alerts that match it are not told until it ends')
  @ApiCreatedResponse({ standardSchema: silenceSchema })
  create(@Body({ schema: silenceInputSchema }) input: SilenceInput): Promise<Silence> {
    return this.silences.make(input);
  }

  @Get(':id')
  @Operation('Reads a silence')
  @Allow('board:read')
  @ApiOkResponse({ standardSchema: silenceSchema })
  get(@Param('id', { schema: alertIdSchema }) id: number): Promise<Silence> {
    return this.silences.get(id);
  }

  @Post(':id/end')
  @Operation('Ends a silence now; what still fires is told', 'conflict')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: silenceSchema })
  end(@Param('id', { schema: alertIdSchema }) id: number): Promise<Silence> {
    return this.silences.end(id);
  }
}
