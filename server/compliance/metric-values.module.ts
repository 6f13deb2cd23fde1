import { Module } from '@nestjs/common';
import { AccessModule } from '../access/access.module.ts';
import { MetricValuesController } from './metric-values.controller.ts';
import { MetricValuesRepository } from './metric-values.repository.ts';
import { MetricValuesService } from './metric-values.service.ts';

/** Numbers that teams push, for objectives that no probe can measure. */
@Module({
  imports: [AccessModule],
  controllers: [MetricValuesController],
  providers: [MetricValuesRepository, MetricValuesService],
  exports: [MetricValuesService],
})
export class MetricValuesModule {}
