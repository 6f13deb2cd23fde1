import { Module } from '@nestjs/common';
import { AccessModule } from '../access/access.module.ts';
import { AgreementsModule } from '../agreements/agreements.module.ts';
import { CatalogModule } from '../catalog/catalog.module.ts';
import { ComplianceModule } from '../compliance/compliance.module.ts';
import { ConsequencesController } from './consequences.controller.ts';
import { ConsequencesRepository } from './consequences.repository.ts';
import { ConsequencesService } from './consequences.service.ts';
import { LedgerFilesController } from './ledger-files.controller.ts';
import { LedgerRecordingService } from './ledger-recording.service.ts';

/** What follows from missed promises: a ledger that is only added to. */
@Module({
  imports: [AccessModule, AgreementsModule, CatalogModule, ComplianceModule],
  controllers: [LedgerFilesController, ConsequencesController],
  providers: [ConsequencesRepository, ConsequencesService, LedgerRecordingService],
  exports: [ConsequencesService],
})
export class ConsequencesModule {}
