import { Module } from '@nestjs/common';
import { AccessModule } from '../access/access.module.ts';
import { CatalogDocumentService } from './catalog-document.service.ts';
import { CatalogEditor } from './catalog-editor.service.ts';
import { CatalogRestorer } from './catalog-restorer.service.ts';
import { CatalogRepository } from './catalog.repository.ts';
import { CatalogService } from './catalog.service.ts';
import { CatalogViews } from './catalog-views.service.ts';
import { CatalogWriter } from './catalog-writer.service.ts';
import { LocationsController } from './locations.controller.ts';
import { LocationsRepository } from './locations.repository.ts';
import { LocationsService } from './locations.service.ts';
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

/** What is promised and measured: teams, locations, services, probes. */
@Module({
  imports: [AccessModule],
  controllers: [TeamsController, LocationsController, ServicesController, ProbesController, SearchController],
  providers: [
    CatalogService,
    CatalogDocumentService,
    CatalogEditor,
    CatalogRestorer,
    CatalogViews,
    CatalogWriter,
    TeamsService,
    LocationsService,
    ServicesService,
    ProbesService,
    SearchService,
    CatalogRepository,
    TeamsRepository,
    LocationsRepository,
    ServicesRepository,
    ProbesRepository,
    SearchRepository,
  ],
  exports: [CatalogService, CatalogDocumentService, CatalogViews, SearchService, ServicesService, ProbesService],
})
export class CatalogModule {}
