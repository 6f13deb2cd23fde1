import { Body, Controller, Delete, Get, Header, HttpCode, Param, Post, Put, Query, Res } from '@nestjs/common';
import { ApiBody, ApiCreatedResponse, ApiOkResponse, ApiProduces } from '@nestjs/swagger';
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
  feedQuerySchema,
  onCallNowSchema,
  onCallScheduleInputSchema,
  onCallScheduleSchema,
  shiftsQuerySchema,
  shiftsSchema,
  type FeedQuery,
  type OnCallNow,
  type OnCallSchedule,
  type OnCallShifts,
  type ShiftsQuery,
} from '../../contract/on-call.ts';
import { Allow, Public } from '../../platform/allow.decorator.ts';
import { inputJsonSchema } from '../../platform/input-json-schema.ts';
import { Operation } from '../../platform/operation.decorator.ts';
import { FeedsService } from './feeds.service.ts';
import { SchedulesService } from './schedules.service.ts';

const icalendar = 'text/calendar';

/** On-call schedules, and who is on call by them. */
@Controller('api/v1/on-call-schedules')
@Allow('board:read')
export class SchedulesController {
  constructor(
    readonly schedules: SchedulesService,
    readonly feeds: FeedsService,
  ) {}

  @Get()
  @Operation('Lists on-call schedules with who is on call now and next')
  @ApiOkResponse({ standardSchema: pageOf(onCallScheduleSchema) })
  list(@Query({ schema: listQuerySchema }) query: ListQuery): Promise<Page<OnCallSchedule>> {
    return this.schedules.page(query);
  }

  @Get(':key')
  @Operation('Reads an on-call schedule')
  @ApiOkResponse({ standardSchema: onCallScheduleSchema })
  get(@Param('key', { schema: keySchema }) key: string): Promise<OnCallSchedule> {
    return this.schedules.get(key);
  }

  /** Makes or changes a schedule; 201 where it is new. */
  @Put(':key')
  @Operation('Makes or changes an on-call schedule', 'changed-meanwhile', 'managed-by-file')
  @Allow('catalog:write')
  @ApiBody({ schema: inputJsonSchema(onCallScheduleInputSchema) })
  @ApiOkResponse({ standardSchema: onCallScheduleSchema })
  @ApiCreatedResponse({ standardSchema: onCallScheduleSchema })
  async put(
    @Param('key', { schema: keySchema }) key: string,
    @Query({ schema: putQuerySchema }) query: PutQuery,
    @Body() input: unknown,
    @Res({ passthrough: true }) response: Response,
  ): Promise<OnCallSchedule> {
    response.status((await this.schedules.put(key, input, query)) ? 201 : 200);
    return this.schedules.get(key);
  }

  @Delete(':key')
  @Operation('Deletes an on-call schedule that no escalation policy tells', 'in-use', 'managed-by-file')
  @Allow('catalog:write')
  @HttpCode(204)
  async delete(@Param('key', { schema: keySchema }) key: string): Promise<void> {
    await this.schedules.delete(key);
  }

  @Post(':key/restore')
  @Operation('Takes the last deletion of an on-call schedule back', 'not-found', 'conflict', 'managed-by-file')
  @Allow('catalog:write')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: onCallScheduleSchema })
  async restore(@Param('key', { schema: keySchema }) key: string): Promise<OnCallSchedule> {
    await this.schedules.restore(key);
    return this.schedules.get(key);
  }

  @Get(':key/now')
  @Operation('Tells who is on call now by a schedule, and who is next')
  @ApiOkResponse({ standardSchema: onCallNowSchema })
  now(@Param('key', { schema: keySchema }) key: string): Promise<OnCallNow> {
    return this.schedules.now(key);
  }

  @Get(':key/shifts')
  @Operation('Lays out a span as the shifts of a schedule and of each of its layers')
  @ApiOkResponse({ standardSchema: shiftsSchema })
  shifts(
    @Param('key', { schema: keySchema }) key: string,
    @Query({ schema: shiftsQuerySchema }) query: ShiftsQuery,
  ): Promise<OnCallShifts> {
    return this.schedules.shifts(key, query);
  }

  @Post('preview')
  @Operation('Lays out a span as a schedule would that is being written; stores nothing')
  @HttpCode(200)
  @ApiBody({ schema: inputJsonSchema(onCallScheduleInputSchema) })
  @ApiOkResponse({ standardSchema: shiftsSchema })
  preview(@Body() input: unknown, @Query({ schema: shiftsQuerySchema }) query: ShiftsQuery): Promise<OnCallShifts> {
    return this.schedules.preview(input, query);
  }

  /** For programs that cannot sign in: the secret address is the right to read it. */
  @Get(':key/calendar.ics')
  @Operation('Reads the shifts of a schedule as iCalendar, by the secret address of a feed', 'forbidden')
  @Public()
  @Header('Content-Type', `${icalendar}; charset=utf-8`)
  @ApiProduces(icalendar)
  @ApiOkResponse({ schema: { type: 'string' } })
  calendar(
    @Param('key', { schema: keySchema }) key: string,
    @Query({ schema: feedQuerySchema }) { token }: FeedQuery,
  ): Promise<string> {
    return this.feeds.read(key, token);
  }
}
