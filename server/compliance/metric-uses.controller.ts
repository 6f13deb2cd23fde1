import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { usedMetricsSchema, type UsedMetrics } from '../contract/metrics.ts';
import { Allow } from '../platform/allow.decorator.ts';
import { Operation } from '../platform/operation.decorator.ts';
import { MetricUsesService } from './metric-uses.service.ts';

@Controller('api/v1/metric-uses')
@Allow('board:read')
export class MetricUsesController {
  constructor(readonly uses: MetricUsesService) {}

  @Get()
  @Operation('Lists metrics with the objectives that read them, and who owes their values')
  @ApiOkResponse({ standardSchema: usedMetricsSchema })
  list(): Promise<UsedMetrics> {
    return this.uses.list();
  }
}
