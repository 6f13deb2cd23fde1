import { Inject, Module, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { AccessModule } from '../access/access.module.ts';
import { AgreementsModule } from '../agreements/agreements.module.ts';
import { CatalogModule } from '../catalog/catalog.module.ts';
import { ComplianceModule } from '../compliance/compliance.module.ts';
import { IncidentsModule } from '../incidents/incidents.module.ts';
import { MailsModule } from '../mails/mails.module.ts';
import { ENVIRONMENT, type Environment } from '../platform/config.ts';
import { EarlyClosingService } from './early-closing.service.ts';
import { FrozenHistoryService } from './frozen-history.service.ts';
import { ReportClosingsRepository } from './report-closings.repository.ts';
import { ReportClosingService } from './report-closing.service.ts';
import { ReportContentService } from './report-content.service.ts';
import { ReportFilesController } from './report-files.controller.ts';
import { ReportMailingService } from './report-mailing.service.ts';
import { ReportMailsController } from './report-mails.controller.ts';
import { ReportMailsRepository } from './report-mails.repository.ts';
import { ReportMailsService } from './report-mails.service.ts';
import { ReportsController } from './reports.controller.ts';
import { ReportsProcessor } from './reports.processor.ts';
import { ReportsRepository } from './reports.repository.ts';
import { ReportsService } from './reports.service.ts';

/** Periods that are over, frozen as they were told, each report chained to the one before it. */
@Module({
  imports: [AccessModule, AgreementsModule, CatalogModule, ComplianceModule, IncidentsModule, MailsModule],
  controllers: [ReportsController, ReportFilesController, ReportMailsController],
  providers: [
    ReportsRepository,
    ReportContentService,
    ReportMailsRepository,
    ReportMailsService,
    ReportMailingService,
    ReportsService,
    ReportClosingService,
    ReportClosingsRepository,
    EarlyClosingService,
    FrozenHistoryService,
    ReportsProcessor,
  ],
  exports: [ReportsService, ReportClosingService, EarlyClosingService],
})
export class ReportsModule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(
    @Inject(ENVIRONMENT) readonly environment: Environment,
    readonly processor: ReportsProcessor,
  ) {}

  onApplicationBootstrap(): void {
    if (this.environment.TROTH_ROLES.includes('ingest')) this.processor.start();
  }

  beforeApplicationShutdown(): void {
    this.processor.stop();
  }
}
