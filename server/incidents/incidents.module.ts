import { Inject, Module, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { AccessModule } from '../access/access.module.ts';
import { AgreementsModule } from '../agreements/agreements.module.ts';
import { CatalogModule } from '../catalog/catalog.module.ts';
import { ENVIRONMENT, type Environment } from '../platform/config.ts';
import { AgreedMaintenanceService } from './agreed-maintenance.service.ts';
import { CustomersService } from './customers.service.ts';
import { IncidentClocksService } from './incident-clocks.service.ts';
import { IncidentDetailsService } from './incident-details.service.ts';
import { IncidentHooksController } from './incident-hooks.controller.ts';
import { IncidentHooksRepository } from './incident-hooks.repository.ts';
import { IncidentHooksService } from './incident-hooks.service.ts';
import { IncidentSeverityService } from './incident-severity.service.ts';
import { IncidentStatisticsRepository } from './incident-statistics.repository.ts';
import { IncidentStatisticsService } from './incident-statistics.service.ts';
import { IncidentTermsService } from './incident-terms.service.ts';
import { IncidentTimelineRepository } from './incident-timeline.repository.ts';
import { IncidentUpkeepService } from './incident-upkeep.service.ts';
import { IncidentWorkController } from './incident-work.controller.ts';
import { IncidentWorkService } from './incident-work.service.ts';
import { IncidentWriterService } from './incident-writer.service.ts';
import { IncidentWritesRepository } from './incident-writes.repository.ts';
import { IncidentsController } from './incidents.controller.ts';
import { IncidentsRepository } from './incidents.repository.ts';
import { IncidentsService } from './incidents.service.ts';
import { OutageFoldingService } from './outage-folding.service.ts';
import { ProbeIncidentsRepository } from './probe-incidents.repository.ts';
import { ProbeIncidentsService } from './probe-incidents.service.ts';
import { ProbeOutagesRepository } from './probe-outages.repository.ts';
import { ProbeTellingService } from './probe-telling.service.ts';
import { ProblemReportsService } from './problem-reports.service.ts';
import { ProblemsController } from './problems.controller.ts';
import { ReopeningService } from './reopening.service.ts';
import { SilentLocationsRepository } from './silent-locations.repository.ts';
import { SilentLocationsService } from './silent-locations.service.ts';

/** What hurts a service and what users ask for, with the instants that their clocks run on. */
@Module({
  imports: [AccessModule, AgreementsModule, CatalogModule],
  controllers: [IncidentsController, IncidentWorkController, IncidentHooksController, ProblemsController],
  providers: [
    ...[IncidentsRepository, IncidentWritesRepository, IncidentTimelineRepository, IncidentStatisticsRepository],
    ...[ProbeOutagesRepository, ProbeIncidentsRepository, SilentLocationsRepository, IncidentHooksRepository],
    ...[IncidentTermsService, IncidentClocksService, IncidentSeverityService, IncidentDetailsService],
    ...[IncidentWriterService, IncidentWorkService, ReopeningService, CustomersService, IncidentsService],
    ...[AgreedMaintenanceService, OutageFoldingService, ProbeTellingService, ProbeIncidentsService],
    ...[SilentLocationsService, IncidentUpkeepService, ProblemReportsService, IncidentStatisticsService],
    IncidentHooksService,
  ],
  exports: [IncidentsService, IncidentClocksService, IncidentWorkService, OutageFoldingService],
})
export class IncidentsModule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(
    @Inject(ENVIRONMENT) readonly environment: Environment,
    readonly upkeep: IncidentUpkeepService,
  ) {}

  onApplicationBootstrap(): void {
    if (this.environment.TROTH_ROLES.includes('ingest')) this.upkeep.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.upkeep.stop();
  }
}
