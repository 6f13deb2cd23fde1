import { Body, Controller, Delete, Get, Header, HttpCode, Param, Post, Put, Query, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiCreatedResponse, ApiOkResponse, ApiProduces } from '@nestjs/swagger';
import type { Response } from 'express';
import {
  calendarImportQuerySchema,
  calendarImportSchema,
  calendarInputSchema,
  calendarSchema,
  calendarYearQuerySchema,
  calendarYearSchema,
  deadlineQuerySchema,
  deadlineSchema,
  holidayCountriesSchema,
  workingTimeQuerySchema,
  workingTimeSchema,
  type Calendar,
  type CalendarImport,
  type CalendarImportQuery,
  type CalendarYear,
  type CalendarYearQuery,
  type Deadline,
  type DeadlineQuery,
  type HolidayCountries,
  type WorkingTime,
  type WorkingTimeQuery,
} from '../contract/calendars.ts';
import {
  keySchema,
  listQuerySchema,
  pageOf,
  putQuerySchema,
  type ListQuery,
  type Page,
  type PutQuery,
} from '../contract/catalog.ts';
import { Allow } from '../platform/allow.decorator.ts';
import { inputJsonSchema } from '../platform/input-json-schema.ts';
import { Operation } from '../platform/operation.decorator.ts';
import { Problem } from '../platform/problem.ts';
import { CalendarsService } from './calendars.service.ts';
import { holidayCountries } from './public-holidays.ts';

const icalendar = 'text/calendar';

@Controller('api/v1')
@Allow('board:read')
export class CalendarsController {
  readonly #calendars: CalendarsService;

  constructor(calendars: CalendarsService) {
    this.#calendars = calendars;
  }

  @Get('holidays')
  @Operation('Lists countries and regions whose public holidays are known')
  @ApiOkResponse({ standardSchema: holidayCountriesSchema })
  holidays(): HolidayCountries {
    return holidayCountries();
  }

  @Get('calendars')
  @Operation('Lists calendars')
  @ApiOkResponse({ standardSchema: pageOf(calendarSchema) })
  list(@Query({ schema: listQuerySchema }) query: ListQuery): Promise<Page<Calendar>> {
    return this.#calendars.page(query);
  }

  @Get('calendars/:key')
  @Operation('Reads a calendar')
  @ApiOkResponse({ standardSchema: calendarSchema })
  get(@Param('key', { schema: keySchema }) key: string): Promise<Calendar> {
    return this.#calendars.get(key);
  }

  /** Makes or changes a calendar; 201 where it is new. */
  @Put('calendars/:key')
  @Operation('Makes or changes a calendar', 'changed-meanwhile')
  @Allow('catalog:write')
  @ApiBody({ schema: inputJsonSchema(calendarInputSchema) })
  @ApiOkResponse({ standardSchema: calendarSchema })
  @ApiCreatedResponse({ standardSchema: calendarSchema })
  async put(
    @Param('key', { schema: keySchema }) key: string,
    @Query({ schema: putQuerySchema }) query: PutQuery,
    @Body() input: unknown,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Calendar> {
    response.status((await this.#calendars.put(key, input, query)) ? 201 : 200);
    return this.#calendars.get(key);
  }

  @Delete('calendars/:key')
  @Operation('Deletes a calendar', 'in-use')
  @Allow('catalog:write')
  @HttpCode(204)
  async delete(@Param('key', { schema: keySchema }) key: string): Promise<void> {
    await this.#calendars.delete(key);
  }

  @Post('calendars/:key/restore')
  @Operation('Takes the last deletion of a calendar back', 'not-found', 'conflict')
  @Allow('catalog:write')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: calendarSchema })
  async restore(@Param('key', { schema: keySchema }) key: string): Promise<Calendar> {
    await this.#calendars.restore(key);
    return this.#calendars.get(key);
  }

  @Get('calendars/:key/working-time')
  @Operation('Tells how much working time lies between two instants')
  @ApiOkResponse({ standardSchema: workingTimeSchema })
  async workingTime(
    @Param('key', { schema: keySchema }) key: string,
    @Query({ schema: workingTimeQuerySchema }) { from, to }: WorkingTimeQuery,
  ): Promise<WorkingTime> {
    return { seconds: (await this.#calendars.workingMs(key, Date.parse(from), Date.parse(to))) / 1_000 };
  }

  @Get('calendars/:key/deadline')
  @Operation('Tells when so much working time will have passed since an instant, or had before it', 'conflict')
  @ApiOkResponse({ standardSchema: deadlineSchema })
  async deadline(
    @Param('key', { schema: keySchema }) key: string,
    @Query({ schema: deadlineQuerySchema }) { start, seconds }: DeadlineQuery,
  ): Promise<Deadline> {
    const atMs = await this.#calendars.deadlineMs(key, Date.parse(start), Math.round(seconds * 1_000));
    return { at: new Date(atMs).toISOString() };
  }

  @Get('calendars/:key/days')
  @Operation('Reads every day of a year as a calendar makes it')
  @ApiOkResponse({ standardSchema: calendarYearSchema })
  days(
    @Param('key', { schema: keySchema }) key: string,
    @Query({ schema: calendarYearQuerySchema }) { year }: CalendarYearQuery,
  ): Promise<CalendarYear> {
    return this.#calendars.year(key, year);
  }

  /** As the days of a calendar, of one that is not stored. */
  @Post('calendars/preview')
  @Operation('Reads every day of a year as a calendar would make it; stores nothing')
  @HttpCode(200)
  @ApiBody({ schema: inputJsonSchema(calendarInputSchema) })
  @ApiOkResponse({ standardSchema: calendarYearSchema })
  preview(
    @Body() input: unknown,
    @Query({ schema: calendarYearQuerySchema }) { year }: CalendarYearQuery,
  ): CalendarYear {
    return this.#calendars.yearOf(input, year);
  }

  @Get('calendars/:key/exceptions.ics')
  @Operation('Exports the exceptions of a calendar as iCalendar')
  @Header('Content-Type', `${icalendar}; charset=utf-8`)
  @ApiProduces(icalendar)
  @ApiOkResponse({ schema: { type: 'string' } })
  exportEvents(@Param('key', { schema: keySchema }) key: string): Promise<string> {
    return this.#calendars.exportEvents(key);
  }

  /** Events of whole days close, events with times open; dates that are not named stay as they are. */
  @Post('calendars/:key/exceptions.ics')
  @Operation('Puts the events of an iCalendar file over the exceptions of a calendar', 'changed-meanwhile')
  @Allow('catalog:write')
  @HttpCode(200)
  @ApiConsumes(icalendar)
  @ApiBody({ schema: { type: 'string' } })
  @ApiOkResponse({ standardSchema: calendarImportSchema })
  importEvents(
    @Param('key', { schema: keySchema }) key: string,
    @Body() body: unknown,
    @Query({ schema: calendarImportQuerySchema }) { preview }: CalendarImportQuery,
  ): Promise<CalendarImport> {
    if (typeof body !== 'string') throw new Problem('unsupported-media-type', `Send the file as ${icalendar}`);
    return this.#calendars.importEvents(key, body, preview);
  }
}
