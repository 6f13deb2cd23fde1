import { Module } from '@nestjs/common';
import { AccessModule } from '../../access/access.module.ts';
import { CatalogModule } from '../../catalog/catalog.module.ts';
import { DefinitionsRepository } from './definitions.repository.ts';
import { DefinitionsService } from './definitions.service.ts';
import { EscalationService } from './escalation.service.ts';
import { FeedsRepository } from './feeds.repository.ts';
import { FeedsService } from './feeds.service.ts';
import { IncidentsModule } from '../../incidents/incidents.module.ts';
import { OnCallController } from './on-call.controller.ts';
import { OnCallDocumentService } from './on-call-document.service.ts';
import { OverridesController } from './overrides.controller.ts';
import { OverridesRepository } from './overrides.repository.ts';
import { OverridesService } from './overrides.service.ts';
import { PoliciesController } from './policies.controller.ts';
import { PoliciesService } from './policies.service.ts';
import { RostersService } from './rosters.service.ts';
import { SchedulesController } from './schedules.controller.ts';
import { SchedulesService } from './schedules.service.ts';
import { ShiftLogController } from './shift-log.controller.ts';
import { ShiftLogService } from './shift-log.service.ts';
import { ShiftNotesRepository } from './shift-notes.repository.ts';

/** Who is on call, and who is told when nobody answers. */
@Module({
  imports: [AccessModule, CatalogModule, IncidentsModule],
  controllers: [SchedulesController, OverridesController, OnCallController, PoliciesController, ShiftLogController],
  providers: [
    DefinitionsRepository,
    DefinitionsService,
    EscalationService,
    FeedsRepository,
    FeedsService,
    OnCallDocumentService,
    OverridesRepository,
    OverridesService,
    PoliciesService,
    RostersService,
    SchedulesService,
    ShiftLogService,
    ShiftNotesRepository,
  ],
  exports: [DefinitionsService, EscalationService, OnCallDocumentService, SchedulesService],
})
export class OnCallModule {}
