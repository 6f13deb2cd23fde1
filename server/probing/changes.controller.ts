import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { z } from 'zod';
import { pageOf, pageQuerySchema } from '../contract/catalog.ts';
import { spanQuerySchema, stateChangeSchema } from '../contract/probing.ts';
import { Allow } from '../platform/allow.decorator.ts';
import { Operation } from '../platform/operation.decorator.ts';
import { ChangesService } from './changes.service.ts';

const querySchema = spanQuerySchema.safeExtend(pageQuerySchema.shape);

@Controller('api/v1/changes')
@Allow('board:read')
export class ChangesController {
  constructor(readonly changes: ChangesService) {}

  @Get()
  @Operation('Lists the changes of state of all services over a span, newest first')
  @ApiOkResponse({ standardSchema: pageOf(stateChangeSchema) })
  list(@Query({ schema: querySchema }) { from, to, limit, cursor }: z.infer<typeof querySchema>) {
    return this.changes.page(Date.parse(from), Date.parse(to), limit, cursor);
  }
}
