import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse } from '@nestjs/swagger';
import { keySchema, pageOf, type Page } from '../../contract/catalog.ts';
import {
  loggedShiftSchema,
  shiftLogQuerySchema,
  shiftNoteInputSchema,
  shiftNoteSchema,
  type LoggedShift,
  type ShiftLogQuery,
  type ShiftNote,
  type ShiftNoteInput,
} from '../../contract/shift-log.ts';
import { Allow } from '../../platform/allow.decorator.ts';
import { Operation } from '../../platform/operation.decorator.ts';
import { ShiftLogService } from './shift-log.service.ts';

/** What the shifts of a schedule hand over. */
@Controller('api/v1/on-call-schedules/:key/log')
@Allow('board:read')
export class ShiftLogController {
  constructor(readonly log: ShiftLogService) {}

  @Get()
  @Operation('Lists the shifts of a schedule so far, with what was open in each and what was noted')
  @ApiOkResponse({ standardSchema: pageOf(loggedShiftSchema) })
  page(
    @Param('key', { schema: keySchema }) key: string,
    @Query({ schema: shiftLogQuerySchema }) query: ShiftLogQuery,
  ): Promise<Page<LoggedShift>> {
    return this.log.page(key, query);
  }

  @Post()
  @Operation('Notes something for whoever is on call next; it cannot be changed')
  @Allow('incidents:write')
  @ApiCreatedResponse({ standardSchema: shiftNoteSchema })
  note(
    @Param('key', { schema: keySchema }) key: string,
    @Body({ schema: shiftNoteInputSchema }) input: ShiftNoteInput,
  ): Promise<ShiftNote> {
    return this.log.note(key, input);
  }
}
