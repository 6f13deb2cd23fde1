import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query, Res } from '@nestjs/common';
import { ApiBody, ApiCreatedResponse, ApiOkResponse } from '@nestjs/swagger';
import type { Response } from 'express';
import { z } from 'zod';
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
  channelInputSchema,
  channelKindSchema,
  channelSchema,
  channelTestSchema,
  deliveriesQuerySchema,
  deliverySchema,
  type Channel,
  type ChannelKindInfo,
  type ChannelTest,
  type DeliveriesQuery,
  type Delivery,
} from '../../contract/channels.ts';
import { Allow } from '../../platform/allow.decorator.ts';
import { inputJsonSchema } from '../../platform/input-json-schema.ts';
import { Operation } from '../../platform/operation.decorator.ts';
import { ChannelsService } from './channels.service.ts';

/** Channels by which people are told, and what became of what they were told. */
@Controller('api/v1')
@Allow('config:read')
export class ChannelsController {
  constructor(readonly channels: ChannelsService) {}

  @Get('channel-kinds')
  @Operation('Lists the kinds of channels, with the schemas of their configs')
  @ApiOkResponse({ standardSchema: z.array(channelKindSchema) })
  kinds(): ChannelKindInfo[] {
    return this.channels.kinds();
  }

  @Get('channels')
  @Operation('Lists channels')
  @ApiOkResponse({ standardSchema: pageOf(channelSchema) })
  list(@Query({ schema: listQuerySchema }) query: ListQuery): Promise<Page<Channel>> {
    return this.channels.page(query);
  }

  @Get('channels/:key')
  @Operation('Reads a channel, its secrets hidden')
  @ApiOkResponse({ standardSchema: channelSchema })
  get(@Param('key', { schema: keySchema }) key: string): Promise<Channel> {
    return this.channels.get(key);
  }

  @Put('channels/:key')
  @Operation('Makes or changes a channel', 'changed-meanwhile', 'managed-by-file')
  @Allow('catalog:write')
  @ApiBody({ schema: inputJsonSchema(channelInputSchema) })
  @ApiOkResponse({ standardSchema: channelSchema })
  @ApiCreatedResponse({ standardSchema: channelSchema })
  async put(
    @Param('key', { schema: keySchema }) key: string,
    @Query({ schema: putQuerySchema }) query: PutQuery,
    @Body() input: unknown,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Channel> {
    response.status((await this.channels.put(key, input, query)) ? 201 : 200);
    return this.channels.get(key);
  }

  @Delete('channels/:key')
  @Operation('Deletes a channel; what waits for it is given up', 'in-use', 'managed-by-file')
  @Allow('catalog:write')
  @HttpCode(204)
  async delete(@Param('key', { schema: keySchema }) key: string): Promise<void> {
    await this.channels.delete(key);
  }

  @Post('channels/:key/restore')
  @Operation('Takes the last deletion of a channel back', 'not-found', 'conflict', 'managed-by-file')
  @Allow('catalog:write')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: channelSchema })
  async restore(@Param('key', { schema: keySchema }) key: string): Promise<Channel> {
    await this.channels.restore(key);
    return this.channels.get(key);
  }

  @Post('channels/:key/test')
  @Operation('Sends a test to a channel now, and answers what its receiver said')
  @Allow('catalog:write')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: channelTestSchema })
  test(@Param('key', { schema: keySchema }) key: string): Promise<ChannelTest> {
    return this.channels.test(key);
  }

  @Get('channels/:key/deliveries')
  @Operation('Lists what a channel was told and is to be told, the newest first')
  @ApiOkResponse({ standardSchema: pageOf(deliverySchema) })
  deliveries(
    @Param('key', { schema: keySchema }) key: string,
    @Query({ schema: deliveriesQuerySchema }) query: DeliveriesQuery,
  ): Promise<Page<Delivery>> {
    return this.channels.deliveriesOf(key, query);
  }
}
