import { Inject, Module, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { AccessModule } from '../access/access.module.ts';
import { AgreementsModule } from '../agreements/agreements.module.ts';
import { CatalogModule } from '../catalog/catalog.module.ts';
import { IncidentsModule } from '../incidents/incidents.module.ts';
import { ProbingModule } from '../probing/probing.module.ts';
import { AgreementDocumentsController } from './agreement-documents.controller.ts';
import { BurnLinesService } from './burn-lines.service.ts';
import { ComplianceController } from './compliance.controller.ts';
import { ComplianceService } from './compliance.service.ts';
import { CorrectionOutlookService } from './correction-outlook.service.ts';
import { CorrectionsController } from './corrections.controller.ts';
import { CorrectionsRepository } from './corrections.repository.ts';
import { CorrectionsService } from './corrections.service.ts';
import { DraftTrialController } from './draft-trial.controller.ts';
import { DraftTrialService } from './draft-trial.service.ts';
import { EvaluationService } from './evaluation.service.ts';
import { ENVIRONMENT, type Environment } from '../platform/config.ts';
import { IncidentCostController } from './incident-cost.controller.ts';
import { IncidentCostService } from './incident-cost.service.ts';
import { MetricUsesController } from './metric-uses.controller.ts';
import { MetricUsesService } from './metric-uses.service.ts';
import { MetricValuesModule } from './metric-values.module.ts';
import { ObservationFiguresService } from './observation-figures.service.ts';
import { OwnPromisesController } from './own-promises.controller.ts';
import { OwnPromisesService } from './own-promises.service.ts';
import { RunningEvaluationService } from './running-evaluation.service.ts';
import { RunningFiguresController } from './running-figures.controller.ts';
import { RunningFiguresRepository } from './running-figures.repository.ts';
import { RunningFiguresService } from './running-figures.service.ts';
import { RunningMarksService } from './running-marks.service.ts';
import { RunningRefreshService } from './running-refresh.service.ts';
import { ServiceLinesService } from './service-lines.service.ts';
import { WhatIfService } from './what-if.service.ts';

/** How agreements stand against what was measured, and why. */
@Module({
  imports: [AccessModule, AgreementsModule, CatalogModule, ProbingModule, IncidentsModule, MetricValuesModule],
  controllers: [
    AgreementDocumentsController,
    DraftTrialController,
    ComplianceController,
    CorrectionsController,
    IncidentCostController,
    MetricUsesController,
    OwnPromisesController,
    RunningFiguresController,
  ],
  providers: [
    BurnLinesService,
    ComplianceService,
    CorrectionOutlookService,
    CorrectionsRepository,
    CorrectionsService,
    DraftTrialService,
    EvaluationService,
    IncidentCostService,
    ObservationFiguresService,
    MetricUsesService,
    OwnPromisesService,
    RunningEvaluationService,
    RunningFiguresRepository,
    RunningFiguresService,
    RunningMarksService,
    RunningRefreshService,
    ServiceLinesService,
    WhatIfService,
  ],
  exports: [BurnLinesService, ComplianceService, CorrectionOutlookService, CorrectionsService, RunningFiguresService],
})
export class ComplianceModule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(
    @Inject(ENVIRONMENT) readonly environment: Environment,
    readonly refresh: RunningRefreshService,
  ) {}

  onApplicationBootstrap(): void {
    if (this.environment.TROTH_ROLES.includes('ingest')) this.refresh.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.refresh.stop();
  }
}
