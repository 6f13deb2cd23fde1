import { Module } from '@nestjs/common';
import { AccessModule } from '../access/access.module.ts';
import { AgreementsModule } from '../agreements/agreements.module.ts';
import { CatalogModule } from '../catalog/catalog.module.ts';
import { IncidentsModule } from '../incidents/incidents.module.ts';
import { ProbingModule } from '../probing/probing.module.ts';
import { AgreementDocumentsController } from './agreement-documents.controller.ts';
import { ComplianceController } from './compliance.controller.ts';
import { ComplianceService } from './compliance.service.ts';
import { CorrectionOutlookService } from './correction-outlook.service.ts';
import { CorrectionsController } from './corrections.controller.ts';
import { CorrectionsRepository } from './corrections.repository.ts';
import { CorrectionsService } from './corrections.service.ts';
import { EvaluationService } from './evaluation.service.ts';
import { MetricValuesModule } from './metric-values.module.ts';
import { ServiceLinesService } from './service-lines.service.ts';

/** How agreements stand against what was measured, and why. */
@Module({
  imports: [AccessModule, AgreementsModule, CatalogModule, ProbingModule, IncidentsModule, MetricValuesModule],
  controllers: [AgreementDocumentsController, ComplianceController, CorrectionsController],
  providers: [
    ComplianceService,
    CorrectionOutlookService,
    CorrectionsRepository,
    CorrectionsService,
    EvaluationService,
    ServiceLinesService,
  ],
  exports: [ComplianceService, CorrectionOutlookService, CorrectionsService],
})
export class ComplianceModule {}
