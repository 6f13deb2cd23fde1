import { Controller, Get, Res } from '@nestjs/common';
import { ApiProduces } from '@nestjs/swagger';
import type { Response } from 'express';
import { Allow } from './allow.decorator.ts';
import { Metrics } from './metrics.ts';

@Controller('metrics')
export class MetricsController {
  readonly #metrics: Metrics;

  constructor(metrics: Metrics) {
    this.#metrics = metrics;
  }

  @Get()
  @Allow('metrics:read')
  @ApiProduces('text/plain')
  async read(@Res({ passthrough: true }) response: Response): Promise<string> {
    response.type(this.#metrics.registry.contentType);
    return this.#metrics.registry.metrics();
  }
}
