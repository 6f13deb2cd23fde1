import { Controller, Get, Res } from '@nestjs/common';
import { ApiOkResponse, ApiProduces } from '@nestjs/swagger';
import type { Response } from 'express';
import { Allow } from './allow.decorator.ts';
import { Metrics } from './metrics.ts';
import { Operation } from './operation.decorator.ts';

@Controller('metrics')
export class MetricsController {
  readonly #metrics: Metrics;

  constructor(metrics: Metrics) {
    this.#metrics = metrics;
  }

  @Get()
  @Operation('Reads the metrics of this server, for Prometheus')
  @Allow('metrics:read')
  @ApiProduces('text/plain')
  @ApiOkResponse({ schema: { type: 'string' } })
  async read(@Res({ passthrough: true }) response: Response): Promise<string> {
    response.type(this.#metrics.registry.contentType);
    return this.#metrics.registry.metrics();
  }
}
