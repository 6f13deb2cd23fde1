import { Module } from '@nestjs/common';
import { AccessModule } from '../access/access.module.ts';
import { CatalogModule } from '../catalog/catalog.module.ts';
import { AgreementDelegatesService } from './agreement-delegates.service.ts';
import { AgreementDocumentsService } from './agreement-documents.service.ts';
import { AgreementLifeController } from './agreement-life.controller.ts';
import { AgreementLifeRepository } from './agreement-life.repository.ts';
import { AgreementLifeService } from './agreement-life.service.ts';
import { AgreementLifeViewService } from './agreement-life-view.service.ts';
import { AgreementPapersController } from './agreement-papers.controller.ts';
import { AgreementPapersService } from './agreement-papers.service.ts';
import { AgreementPartiesService } from './agreement-parties.service.ts';
import { AgreementProposalsService } from './agreement-proposals.service.ts';
import { AgreementRenewalService } from './agreement-renewal.service.ts';
import { AgreementSnapshotsService } from './agreement-snapshots.service.ts';
import { AgreementTemplatesController } from './agreement-templates.controller.ts';
import { AgreementsController } from './agreements.controller.ts';
import { AgreementsDocumentService } from './agreements-document.service.ts';
import { AgreementsRepository } from './agreements.repository.ts';
import { AgreementsService } from './agreements.service.ts';
import { FrameworksController } from './frameworks.controller.ts';
import { FrameworksDocumentService } from './frameworks-document.service.ts';
import { FrameworksRepository } from './frameworks.repository.ts';
import { FrameworksService } from './frameworks.service.ts';

/** What teams promise each other: draft, proposed, signed and in force. */
@Module({
  imports: [AccessModule, CatalogModule],
  controllers: [
    ...[AgreementsController, AgreementTemplatesController, AgreementLifeController, AgreementPapersController],
    FrameworksController,
  ],
  providers: [
    AgreementsService,
    AgreementDocumentsService,
    AgreementsDocumentService,
    AgreementSnapshotsService,
    AgreementPartiesService,
    AgreementProposalsService,
    AgreementRenewalService,
    AgreementLifeService,
    AgreementPapersService,
    AgreementDelegatesService,
    AgreementLifeViewService,
    AgreementsRepository,
    AgreementLifeRepository,
    FrameworksRepository,
    FrameworksService,
    FrameworksDocumentService,
  ],
  exports: [
    AgreementsService,
    AgreementDocumentsService,
    AgreementsDocumentService,
    AgreementLifeService,
    AgreementLifeViewService,
    FrameworksDocumentService,
    FrameworksService,
  ],
})
export class AgreementsModule {}
