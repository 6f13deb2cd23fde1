import { Inject, Module, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { ENVIRONMENT, type Environment } from '../platform/config.ts';
import { HealthRegistry } from '../platform/health-registry.ts';
import { MailsProcessor } from './mails.processor.ts';
import { MailsRepository } from './mails.repository.ts';
import { MailsService } from './mails.service.ts';

/** The outbox of mails: written in the transaction that has something to say, sent by jobs. */
@Module({
  providers: [MailsRepository, MailsService, MailsProcessor],
  exports: [MailsService],
})
export class MailsModule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(
    @Inject(ENVIRONMENT) readonly environment: Environment,
    readonly mails: MailsProcessor,
    readonly health: HealthRegistry,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.environment.TROTH_ROLES.includes('ingest')) return;
    this.mails.start();
    this.health.register('mail', () => this.mails.health(), { required: false });
  }

  beforeApplicationShutdown(): void {
    this.mails.stop();
  }
}
