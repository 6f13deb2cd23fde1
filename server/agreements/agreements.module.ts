import { Module } from '@nestjs/common';
import { AccessModule } from '../access/access.module.ts';
import { CatalogModule } from '../catalog/catalog.module.ts';
import { AgreementsController } from './agreements.controller.ts';
import { AgreementsDocumentService } from './agreements-document.service.ts';
import { AgreementsRepository } from './agreements.repository.ts';
import { AgreementsService } from './agreements.service.ts';

/** What teams promise each other, draft and in force. */
@Module({
  imports: [AccessModule, CatalogModule],
  controllers: [AgreementsController],
  providers: [AgreementsService, AgreementsDocumentService, AgreementsRepository],
  exports: [AgreementsService, AgreementsDocumentService],
})
export class AgreementsModule {}
