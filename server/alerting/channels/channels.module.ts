import { Inject, Module, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { AccessModule } from '../../access/access.module.ts';
import { ENVIRONMENT, type Environment } from '../../platform/config.ts';
import { HealthRegistry } from '../../platform/health-registry.ts';
import { probeGuard } from '../../platform/probe-guard.ts';
import { ChannelSecrets } from './channel-secrets.ts';
import { CHANNEL_GUARD, ChannelSenderService } from './channel-sender.service.ts';
import { ChannelsController } from './channels.controller.ts';
import { ChannelsRepository } from './channels.repository.ts';
import { ChannelsService } from './channels.service.ts';
import { DeliveriesProcessor } from './deliveries.processor.ts';
import { DeliveriesRepository } from './deliveries.repository.ts';
import { DeliveriesService } from './deliveries.service.ts';
import { DeliveryMetrics } from './delivery-metrics.ts';
import { MessageLinksService } from './message-links.service.ts';
import { SelfTestsService } from './self-tests.service.ts';

/** Channels, and the outbox of what they are told: written in the transaction that has something to say, sent by jobs. */
@Module({
  imports: [AccessModule],
  controllers: [ChannelsController],
  providers: [
    ChannelsRepository,
    ChannelsService,
    ChannelSecrets,
    ChannelSenderService,
    DeliveriesProcessor,
    DeliveriesRepository,
    DeliveriesService,
    DeliveryMetrics,
    MessageLinksService,
    SelfTestsService,
    { provide: CHANNEL_GUARD, useFactory: probeGuard, inject: [ENVIRONMENT] },
  ],
  exports: [ChannelsService, DeliveriesService, MessageLinksService],
})
export class ChannelsModule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(
    @Inject(ENVIRONMENT) readonly environment: Environment,
    readonly deliveries: DeliveriesProcessor,
    readonly health: HealthRegistry,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.environment.TROTH_ROLES.includes('ingest')) return;
    this.deliveries.start();
    this.health.register('deliveries', () => this.deliveries.health(), { required: false });
  }

  beforeApplicationShutdown(): void {
    this.deliveries.stop();
  }
}
