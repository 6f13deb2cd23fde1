import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBody, ApiOkResponse } from '@nestjs/swagger';
import { keySchema, pageOf, pageQuerySchema, type Page, type PageQuery } from '../contract/catalog.ts';
import {
  metricChangeSchema,
  metricInstantSchema,
  metricPushedSchema,
  metricPushSchema,
  metricSchema,
  metricValueSchema,
  metricValuesQuerySchema,
  type Metric,
  type MetricChange,
  type MetricPush,
  type MetricPushed,
  type MetricValuesQuery,
  type MetricValueView,
} from '../contract/metrics.ts';
import { Allow } from '../platform/allow.decorator.ts';
import { inputJsonSchema } from '../platform/input-json-schema.ts';
import { Operation } from '../platform/operation.decorator.ts';
import { MetricValuesService } from './metric-values.service.ts';

@Controller('api/v1/metrics')
@Allow('board:read')
export class MetricValuesController {
  constructor(readonly metrics: MetricValuesService) {}

  @Get()
  @Operation('Lists metrics with their last values')
  @ApiOkResponse({ standardSchema: pageOf(metricSchema) })
  list(@Query({ schema: pageQuerySchema }) query: PageQuery): Promise<Page<Metric>> {
    return this.metrics.page(query);
  }

  @Get(':key')
  @Operation('Lists the values of a metric, the newest first')
  @ApiOkResponse({ standardSchema: pageOf(metricValueSchema) })
  values(
    @Param('key', { schema: keySchema }) key: string,
    @Query({ schema: metricValuesQuerySchema }) query: MetricValuesQuery,
  ): Promise<Page<MetricValueView>> {
    return this.metrics.valuesPage(key, query);
  }

  @Get(':key/changes')
  @Operation('Lists values of a metric that gave way to others or to nothing, the newest first')
  @ApiOkResponse({ standardSchema: pageOf(metricChangeSchema) })
  changes(
    @Param('key', { schema: keySchema }) key: string,
    @Query({ schema: pageQuerySchema }) query: PageQuery,
  ): Promise<Page<MetricChange>> {
    return this.metrics.changesPage(key, query);
  }

  @Post(':key')
  @Operation('Pushes a value of a metric, or many; one at the same instant is replaced')
  @Allow('metrics:push')
  @HttpCode(200)
  @ApiBody({ schema: inputJsonSchema(metricPushSchema) })
  @ApiOkResponse({ standardSchema: metricPushedSchema })
  push(
    @Param('key', { schema: keySchema }) key: string,
    @Body({ schema: metricPushSchema }) input: MetricPush,
  ): Promise<MetricPushed> {
    return this.metrics.push(key, input);
  }

  @Delete(':key/:at')
  @Operation('Deletes the value that a metric has at an instant')
  @Allow('metrics:push')
  @HttpCode(204)
  async delete(
    @Param('key', { schema: keySchema }) key: string,
    @Param('at', { schema: metricInstantSchema }) at: string,
  ): Promise<void> {
    await this.metrics.delete(key, at);
  }
}
