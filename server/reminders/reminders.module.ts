import { Inject, Module, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { AccessModule } from '../access/access.module.ts';
import { AgreementsModule } from '../agreements/agreements.module.ts';
import { CatalogModule } from '../catalog/catalog.module.ts';
import { ComplianceModule } from '../compliance/compliance.module.ts';
import { ConsequencesModule } from '../consequences/consequences.module.ts';
import { MailsModule } from '../mails/mails.module.ts';
import { ENVIRONMENT, type Environment } from '../platform/config.ts';
import { ReviewsModule } from '../reviews/reviews.module.ts';
import { OwedStepsService } from './owed-steps.service.ts';
import { RemindersController } from './reminders.controller.ts';
import { RemindersProcessor } from './reminders.processor.ts';
import { RemindersRepository } from './reminders.repository.ts';
import { RemindersService } from './reminders.service.ts';
import { RemindingService } from './reminding.service.ts';

/** Parties are reminded of what they owe each other. */
@Module({
  imports: [
    ...[AccessModule, AgreementsModule, CatalogModule, ComplianceModule, ConsequencesModule],
    ...[MailsModule, ReviewsModule],
  ],
  controllers: [RemindersController],
  providers: [RemindersRepository, RemindersService, OwedStepsService, RemindingService, RemindersProcessor],
})
export class RemindersModule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(
    @Inject(ENVIRONMENT) readonly environment: Environment,
    readonly processor: RemindersProcessor,
  ) {}

  onApplicationBootstrap(): void {
    if (this.environment.TROTH_ROLES.includes('ingest')) this.processor.start();
  }

  beforeApplicationShutdown(): void {
    this.processor.stop();
  }
}
