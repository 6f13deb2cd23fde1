import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { z } from 'zod';
import { keySchema, pageOf, pageQuerySchema } from '../contract/catalog.ts';
import { outageSchema, probeLocationsSchema, serviceDaysSchema, spanQuerySchema } from '../contract/probing.ts';
import { isTimeZone } from '../domain/time-zone.ts';
import { dayMs } from '../domain/durations.ts';
import { Allow } from '../platform/allow.decorator.ts';
import { Operation } from '../platform/operation.decorator.ts';
import { HistoryService } from './history.service.ts';
import { parseSpan, probeKeySchema } from './measurements.controller.ts';

const longestDays = 800;
const daysQuerySchema = spanQuerySchema
  .safeExtend({
    zone: z.string().max(60).refine(isTimeZone, 'is not the name of a time zone, such as Europe/Berlin').default('UTC'),
  })
  .refine((query) => parseSpan(query).toMs - parseSpan(query).fromMs <= longestDays * dayMs, {
    path: ['to'],
    message: `must be at most ${longestDays} days after from`,
  });
const outagesQuerySchema = spanQuerySchema.safeExtend(pageQuerySchema.shape);

@Controller('api/v1')
@Allow('board:read')
export class HistoryController {
  constructor(readonly history: HistoryService) {}

  @Get('services/:key/days')
  @Operation('Reads the figures of a service day by day of a zone')
  @ApiOkResponse({ standardSchema: serviceDaysSchema })
  days(
    @Param('key', { schema: keySchema }) key: string,
    @Query({ schema: daysQuerySchema }) query: z.infer<typeof daysQuerySchema>,
  ) {
    return this.history.days(key, parseSpan(query), query.zone);
  }

  @Get('services/:key/outages')
  @Operation('Lists the outages of a service, the newest first')
  @ApiOkResponse({ standardSchema: pageOf(outageSchema) })
  outages(
    @Param('key', { schema: keySchema }) key: string,
    @Query({ schema: outagesQuerySchema }) query: z.infer<typeof outagesQuerySchema>,
  ) {
    return this.history.outages(key, parseSpan(query), query.limit, query.cursor);
  }

  @Get('probes/:key/locations')
  @Operation('Reads uptime and latency of a probe by location over a span')
  @ApiOkResponse({ standardSchema: probeLocationsSchema })
  locations(
    @Param('key', { schema: probeKeySchema }) key: string,
    @Query({ schema: spanQuerySchema }) query: z.infer<typeof spanQuerySchema>,
  ) {
    return this.history.locations(key, parseSpan(query));
  }
}
