import { Inject, Module, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { AccessModule } from '../../access/access.module.ts';
import { AgreementsModule } from '../../agreements/agreements.module.ts';
import { CatalogModule } from '../../catalog/catalog.module.ts';
import { ComplianceModule } from '../../compliance/compliance.module.ts';
import { IncidentsModule } from '../../incidents/incidents.module.ts';
import { ENVIRONMENT, type Environment } from '../../platform/config.ts';
import { ChannelsModule } from '../channels/channels.module.ts';
import { OnCallModule } from '../on-call/on-call.module.ts';
import { AlertDraftsService } from './alert-drafts.service.ts';
import { AlertDutiesService } from './alert-duties.service.ts';
import { AlertFactsRepository } from './alert-facts.repository.ts';
import { AlertIntakeService } from './alert-intake.service.ts';
import { AlertMessagesService } from './alert-messages.service.ts';
import { AlertMutesService } from './alert-mutes.service.ts';
import { AlertPreviewService } from './alert-preview.service.ts';
import { AlertReachService } from './alert-reach.service.ts';
import { AlertRoutesController } from './alert-routes.controller.ts';
import { AlertRoutesService } from './alert-routes.service.ts';
import { AlertSettingsController } from './alert-settings.controller.ts';
import { AlertSettingsRepository } from './alert-settings.repository.ts';
import { AlertSettingsService } from './alert-settings.service.ts';
import { AlertTellingService } from './alert-telling.service.ts';
import { AlertUpkeepService } from './alert-upkeep.service.ts';
import { AlertWatchesRepository } from './alert-watches.repository.ts';
import { AlertsController } from './alerts.controller.ts';
import { AlertsRepository } from './alerts.repository.ts';
import { AlertsService } from './alerts.service.ts';
import { AwaitedUpstreamsRepository } from './awaited-upstreams.repository.ts';
import { AwaitedUpstreamsService } from './awaited-upstreams.service.ts';
import { CertificateAlertsService } from './certificate-alerts.service.ts';
import { ClockWatchService } from './clock-watch.service.ts';
import { DeliveryAlertsService } from './delivery-alerts.service.ts';
import { FlappingWatchService } from './flapping-watch.service.ts';
import { IncidentAlertsService } from './incident-alerts.service.ts';
import { MessageActsController } from './message-acts.controller.ts';
import { MessageActsService } from './message-acts.service.ts';
import { PaperAlertsService } from './paper-alerts.service.ts';
import { PromiseWatchService } from './promise-watch.service.ts';
import { SilencesController } from './silences.controller.ts';
import { SilencesRepository } from './silences.repository.ts';
import { SilencesService } from './silences.service.ts';

/** What fires, who is told of it when, and what is not told. */
@Module({
  imports: [
    ...[AccessModule, AgreementsModule, CatalogModule, ComplianceModule, IncidentsModule],
    ...[ChannelsModule, OnCallModule],
  ],
  controllers: [
    MessageActsController,
    AlertsController,
    SilencesController,
    AlertRoutesController,
    AlertSettingsController,
  ],
  providers: [
    ...[AlertsRepository, AlertFactsRepository, AlertSettingsRepository, SilencesRepository],
    ...[AlertWatchesRepository, PromiseWatchService, ClockWatchService, FlappingWatchService],
    ...[AlertIntakeService, AlertTellingService, AlertMutesService, AlertReachService, AlertMessagesService],
    ...[AlertDutiesService, AlertUpkeepService, AlertsService, AlertRoutesService, AlertSettingsService],
    ...[SilencesService, IncidentAlertsService, DeliveryAlertsService, CertificateAlertsService, PaperAlertsService],
    ...[
      MessageActsService,
      AwaitedUpstreamsRepository,
      AwaitedUpstreamsService,
      AlertDraftsService,
      AlertPreviewService,
    ],
  ],
  exports: [AlertsService],
})
export class AlertsModule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(
    @Inject(ENVIRONMENT) readonly environment: Environment,
    readonly upkeep: AlertUpkeepService,
  ) {}

  onApplicationBootstrap(): void {
    if (this.environment.TROTH_ROLES.includes('ingest')) this.upkeep.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.upkeep.stop();
  }
}
