import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { z } from 'zod';
import { durationMs } from '../../probes/support/duration.ts';
import { keySchema, pageOf, pageQuerySchema } from '../contract/catalog.ts';
import {
  latencySchema,
  observationSchema,
  spanQuerySchema,
  timelineImportSchema,
  timelineSchema,
  type TimelineImport,
} from '../contract/probing.ts';
import { Allow } from '../platform/allow.decorator.ts';
import { Operation } from '../platform/operation.decorator.ts';
import { ImportedTimelinesService } from './imported-timelines.service.ts';
import { MeasurementsService } from './measurements.service.ts';

export const probeKeySchema = z
  .string()
  .regex(/^[a-z0-9-]+\.[a-z0-9-]+$/, 'must be <service>.<probe>, such as payroll.login');
const latencyQuerySchema = spanQuerySchema.safeExtend({
  step: durationMs({ min: 60_000, max: 604_800_000 }).optional(),
  location: keySchema.optional().describe('Left out: all locations together'),
});
const observationsQuerySchema = spanQuerySchema.safeExtend(pageQuerySchema.shape);

/** A span as it was asked for, in epoch milliseconds. */
export const parseSpan = ({ from, to }: { from: string; to: string }) => ({
  fromMs: Date.parse(from),
  toMs: Date.parse(to),
});

@Controller('api/v1')
@Allow('board:read')
export class MeasurementsController {
  constructor(
    readonly measurements: MeasurementsService,
    readonly imported: ImportedTimelinesService,
  ) {}

  @Get('services/:key/timeline')
  @Operation('Reads the states of a service over a span')
  @ApiOkResponse({ standardSchema: timelineSchema })
  timeline(
    @Param('key', { schema: keySchema }) key: string,
    @Query({ schema: spanQuerySchema }) query: z.infer<typeof spanQuerySchema>,
  ) {
    return this.measurements.timeline(key, parseSpan(query));
  }

  @Post('services/:key/timeline')
  @Operation('Takes history from another system over, in the place of what it overlaps', 'conflict')
  @Allow('catalog:write')
  @HttpCode(204)
  async import(
    @Param('key', { schema: keySchema }) key: string,
    @Body({ schema: timelineImportSchema }) body: TimelineImport,
  ): Promise<void> {
    await this.imported.import(key, body);
  }

  @Get('probes/:key/latency')
  @Operation('Reads the latency of a probe over a span, in steps')
  @ApiOkResponse({ standardSchema: latencySchema })
  latency(
    @Param('key', { schema: probeKeySchema }) key: string,
    @Query({ schema: latencyQuerySchema }) query: z.infer<typeof latencyQuerySchema>,
  ) {
    return this.measurements.latency(key, parseSpan(query), query);
  }

  @Get('probes/:key/observations')
  @Operation('Lists the observations of a probe over a span')
  @ApiOkResponse({ standardSchema: pageOf(observationSchema) })
  observations(
    @Param('key', { schema: probeKeySchema }) key: string,
    @Query({ schema: observationsQuerySchema }) query: z.infer<typeof observationsQuerySchema>,
  ) {
    return this.measurements.observationsOf(key, parseSpan(query), query.limit, query.cursor);
  }
}
