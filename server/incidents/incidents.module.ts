import { Module } from '@nestjs/common';
import { AccessModule } from '../access/access.module.ts';
import { AgreementsModule } from '../agreements/agreements.module.ts';
import { CatalogModule } from '../catalog/catalog.module.ts';
import { IncidentClocksService } from './incident-clocks.service.ts';
import { IncidentDetailsService } from './incident-details.service.ts';
import { IncidentSeverityService } from './incident-severity.service.ts';
import { IncidentTermsService } from './incident-terms.service.ts';
import { IncidentTimelineRepository } from './incident-timeline.repository.ts';
import { IncidentWriterService } from './incident-writer.service.ts';
import { IncidentWritesRepository } from './incident-writes.repository.ts';
import { IncidentsController } from './incidents.controller.ts';
import { IncidentsRepository } from './incidents.repository.ts';
import { IncidentsService } from './incidents.service.ts';
import { ProbeOutagesRepository } from './probe-outages.repository.ts';
import { ReopeningService } from './reopening.service.ts';

/** What hurts a service and what users ask for, with the instants that their clocks run on. */
@Module({
  imports: [AccessModule, AgreementsModule, CatalogModule],
  controllers: [IncidentsController],
  providers: [
    IncidentsRepository,
    IncidentWritesRepository,
    IncidentTimelineRepository,
    ProbeOutagesRepository,
    IncidentTermsService,
    IncidentClocksService,
    IncidentSeverityService,
    IncidentDetailsService,
    IncidentWriterService,
    ReopeningService,
    IncidentsService,
  ],
  exports: [IncidentsService, IncidentClocksService],
})
export class IncidentsModule {}
