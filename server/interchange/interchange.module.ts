import { Inject, Module, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { AccessModule } from '../access/access.module.ts';
import { AgreementsModule } from '../agreements/agreements.module.ts';
import { OnCallModule } from '../alerting/on-call/on-call.module.ts';
import { CatalogModule } from '../catalog/catalog.module.ts';
import { MetricValuesModule } from '../compliance/metric-values.module.ts';
import { ENVIRONMENT, type Environment } from '../platform/config.ts';
import { ProbingModule } from '../probing/probing.module.ts';
import { ConfigFileController } from './config-file.controller.ts';
import { ConfigFileService } from './config-file.service.ts';
import { HistoryApplyService } from './history/history-apply.service.ts';
import { HistoryCheckService } from './history/history-check.service.ts';
import { HistoryImportsController } from './history/history-imports.controller.ts';
import { HistoryImportsProcessor } from './history/history-imports.processor.ts';
import { HistoryImportsRepository } from './history/history-imports.repository.ts';
import { HistoryImportsService } from './history/history-imports.service.ts';
import { ImportRowsRepository } from './history/import-rows.repository.ts';
import { ImportTargetsService } from './history/import-targets.service.ts';

/** The configuration as a file, and files with history from elsewhere. */
@Module({
  imports: [AccessModule, CatalogModule, AgreementsModule, OnCallModule, ProbingModule, MetricValuesModule],
  controllers: [ConfigFileController, HistoryImportsController],
  providers: [
    ConfigFileService,
    HistoryApplyService,
    HistoryCheckService,
    HistoryImportsProcessor,
    HistoryImportsRepository,
    HistoryImportsService,
    ImportRowsRepository,
    ImportTargetsService,
  ],
  exports: [ConfigFileService],
})
export class InterchangeModule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(
    @Inject(ENVIRONMENT) readonly environment: Environment,
    readonly imports: HistoryImportsProcessor,
  ) {}

  onApplicationBootstrap(): void {
    if (this.environment.TROTH_ROLES.includes('ingest')) this.imports.start();
  }

  beforeApplicationShutdown(): void {
    this.imports.stop();
  }
}
