import { Module } from '@nestjs/common';
import { AccessModule } from '../access/access.module.ts';
import { CalendarsController } from './calendars.controller.ts';
import { CalendarsRepository } from './calendars.repository.ts';
import { CalendarsService } from './calendars.service.ts';
import { CatalogDocumentService } from './catalog-document.service.ts';
import { CatalogEditor } from './catalog-editor.service.ts';
import { CatalogRestorer } from './catalog-restorer.service.ts';
import { CatalogReferences } from './catalog-references.service.ts';
import { CatalogRepository, KIND_REPOSITORIES, type KindRepositories } from './catalog.repository.ts';
import { CatalogService } from './catalog.service.ts';
import { CatalogViews } from './catalog-views.service.ts';
import { CatalogWriter } from './catalog-writer.service.ts';
import { LocationsController } from './locations.controller.ts';
import { LocationsRepository } from './locations.repository.ts';
import { LocationsService } from './locations.service.ts';
import { MaintenanceController } from './maintenance.controller.ts';
import { MaintenanceNoticesRepository } from './maintenance-notices.repository.ts';
import { MaintenanceRepository } from './maintenance.repository.ts';
import { MaintenanceService } from './maintenance.service.ts';
import { MaintenanceWindows } from './maintenance-windows.service.ts';
import { ProbesController } from './probes.controller.ts';
import { ProbesRepository } from './probes.repository.ts';
import { ProbesService } from './probes.service.ts';
import { SearchController } from './search.controller.ts';
import { SearchRepository } from './search.repository.ts';
import { SearchService } from './search.service.ts';
import { ServicesController } from './services.controller.ts';
import { ServicesRepository } from './services.repository.ts';
import { ServicesService } from './services.service.ts';
import { TeamsController } from './teams.controller.ts';
import { TeamsRepository } from './teams.repository.ts';
import { TeamsService } from './teams.service.ts';

const kindRepositories = {
  provide: KIND_REPOSITORIES,
  useFactory: (
    team: TeamsRepository,
    location: LocationsRepository,
    calendar: CalendarsRepository,
    service: ServicesRepository,
    probe: ProbesRepository,
    maintenance: MaintenanceRepository,
  ): KindRepositories => ({ team, location, calendar, service, probe, maintenance }),
  inject: [
    TeamsRepository,
    LocationsRepository,
    CalendarsRepository,
    ServicesRepository,
    ProbesRepository,
    MaintenanceRepository,
  ],
};

/** What is promised and measured: teams, locations, calendars, services, probes, maintenance. */
@Module({
  imports: [AccessModule],
  controllers: [
    TeamsController,
    LocationsController,
    CalendarsController,
    ServicesController,
    ProbesController,
    MaintenanceController,
    SearchController,
  ],
  providers: [
    CatalogService,
    CatalogDocumentService,
    CatalogEditor,
    CatalogReferences,
    CatalogRestorer,
    CatalogViews,
    CatalogWriter,
    TeamsService,
    LocationsService,
    CalendarsService,
    ServicesService,
    ProbesService,
    MaintenanceService,
    MaintenanceWindows,
    SearchService,
    CatalogRepository,
    TeamsRepository,
    LocationsRepository,
    CalendarsRepository,
    ServicesRepository,
    ProbesRepository,
    MaintenanceRepository,
    MaintenanceNoticesRepository,
    SearchRepository,
    kindRepositories,
  ],
  exports: [
    CatalogService,
    CatalogDocumentService,
    CatalogReferences,
    CatalogViews,
    CalendarsService,
    SearchService,
    ServicesService,
    ProbesService,
    MaintenanceService,
    TeamsService,
  ],
})
export class CatalogModule {}
