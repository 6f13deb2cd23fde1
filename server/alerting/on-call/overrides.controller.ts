import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse } from '@nestjs/swagger';
import { z } from 'zod';
import { keySchema, pageOf, pageQuerySchema, type Page, type PageQuery } from '../../contract/catalog.ts';
import {
  feedInputSchema,
  feedSchema,
  newFeedSchema,
  overrideInputSchema,
  overrideSchema,
  type FeedInput,
  type NewOnCallFeed,
  type OnCallFeed,
  type OnCallOverride,
  type OverrideInput,
} from '../../contract/on-call.ts';
import { Allow } from '../../platform/allow.decorator.ts';
import { Operation } from '../../platform/operation.decorator.ts';
import { FeedsService } from './feeds.service.ts';
import { OverridesService } from './overrides.service.ts';

const idSchema = z.coerce.number().int().min(1).max(2_147_483_647);

/** What belongs to one schedule: who stands in, and the calendars that read it. */
@Controller('api/v1/on-call-schedules/:key')
@Allow('board:read')
export class OverridesController {
  constructor(
    readonly overrides: OverridesService,
    readonly feeds: FeedsService,
  ) {}

  @Get('overrides')
  @Operation('Lists the overrides of an on-call schedule that have not ended')
  @ApiOkResponse({ standardSchema: pageOf(overrideSchema) })
  list(
    @Param('key', { schema: keySchema }) key: string,
    @Query({ schema: pageQuerySchema }) query: PageQuery,
  ): Promise<Page<OnCallOverride>> {
    return this.overrides.page(key, query);
  }

  @Post('overrides')
  @Operation('Puts somebody on call for a span in the place of whom the schedule names', 'forbidden')
  @Allow('incidents:write')
  @ApiCreatedResponse({ standardSchema: overrideSchema })
  make(
    @Param('key', { schema: keySchema }) key: string,
    @Body({ schema: overrideInputSchema }) input: OverrideInput,
  ): Promise<OnCallOverride> {
    return this.overrides.make(key, input);
  }

  @Delete('overrides/:id')
  @Operation('Takes an override of an on-call schedule away', 'forbidden')
  @Allow('incidents:write')
  @HttpCode(204)
  async remove(
    @Param('key', { schema: keySchema }) key: string,
    @Param('id', { schema: idSchema }) id: number,
  ): Promise<void> {
    await this.overrides.remove(key, id);
  }

  @Get('feeds')
  @Operation('Lists the calendar feeds of an on-call schedule, without their addresses')
  @ApiOkResponse({ standardSchema: pageOf(feedSchema) })
  listFeeds(
    @Param('key', { schema: keySchema }) key: string,
    @Query({ schema: pageQuerySchema }) query: PageQuery,
  ): Promise<Page<OnCallFeed>> {
    return this.feeds.page(key, query);
  }

  @Post('feeds')
  @Operation('Makes a secret address for calendars, and shows it this once')
  @ApiCreatedResponse({ standardSchema: newFeedSchema })
  makeFeed(
    @Param('key', { schema: keySchema }) key: string,
    @Body({ schema: feedInputSchema }) input: FeedInput,
  ): Promise<NewOnCallFeed> {
    return this.feeds.make(key, input);
  }

  @Delete('feeds/:id')
  @Operation('Revokes a calendar feed of an on-call schedule')
  @HttpCode(204)
  async revokeFeed(
    @Param('key', { schema: keySchema }) key: string,
    @Param('id', { schema: idSchema }) id: number,
  ): Promise<void> {
    await this.feeds.revoke(key, id);
  }
}
