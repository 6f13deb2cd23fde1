import { Module } from '@nestjs/common';
import { AccessModule } from '../access/access.module.ts';
import { AgreementsModule } from '../agreements/agreements.module.ts';
import { ComplianceModule } from '../compliance/compliance.module.ts';
import { ConsequencesModule } from '../consequences/consequences.module.ts';
import { ReportsModule } from '../reports/reports.module.ts';
import { ReviewsController } from './reviews.controller.ts';
import { ReviewsRepository } from './reviews.repository.ts';
import { ReviewsService } from './reviews.service.ts';
import { WaitingService } from './waiting.service.ts';

/** Closed periods as the parties look back at them together. */
@Module({
  imports: [AccessModule, AgreementsModule, ComplianceModule, ConsequencesModule, ReportsModule],
  controllers: [ReviewsController],
  providers: [ReviewsRepository, ReviewsService, WaitingService],
  exports: [ReviewsService],
})
export class ReviewsModule {}
