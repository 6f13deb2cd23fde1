import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { runningQuerySchema, runningSchema, type Running, type RunningQuery } from '../contract/compliance.ts';
import { Allow } from '../platform/allow.decorator.ts';
import { Operation } from '../platform/operation.decorator.ts';
import { RunningFiguresService } from './running-figures.service.ts';

/** How all promises stand now. */
@Controller('api/v1/compliance')
@Allow('board:read')
export class RunningFiguresController {
  constructor(readonly running: RunningFiguresService) {}

  @Get()
  @Operation('Tells how every objective of every agreement stands in its present period')
  @ApiOkResponse({ standardSchema: runningSchema })
  overview(@Query({ schema: runningQuerySchema }) query: RunningQuery): Promise<Running> {
    return this.running.overview(query);
  }
}
