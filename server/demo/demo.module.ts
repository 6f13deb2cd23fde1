import { Module } from '@nestjs/common';
import { AccessModule } from '../access/access.module.ts';
import { AgreementsModule } from '../agreements/agreements.module.ts';
import { CatalogModule } from '../catalog/catalog.module.ts';
import { ComplianceModule } from '../compliance/compliance.module.ts';
import { MetricValuesModule } from '../compliance/metric-values.module.ts';
import { IncidentsModule } from '../incidents/incidents.module.ts';
import { InterchangeModule } from '../interchange/interchange.module.ts';
import { ProbingModule } from '../probing/probing.module.ts';
import { ReportsModule } from '../reports/reports.module.ts';
import { DemoCatalogService } from './demo-catalog.service.ts';
import { DemoHistoryService } from './demo-history.service.ts';
import { DemoLoaderService } from './demo-loader.service.ts';
import { DemoPromisesService } from './demo-promises.service.ts';
import { DemoRemainsRepository } from './demo-remains.repository.ts';
import { DemoRemovalService } from './demo-removal.service.ts';
import { DemoSigningService } from './demo-signing.service.ts';
import { DemoUsesService } from './demo-uses.service.ts';
import { DemoController } from './demo.controller.ts';
import { DemoRepository } from './demo.repository.ts';
import { DemoService } from './demo.service.ts';

/** An organisation to look at, with a history, that can be taken away again. */
@Module({
  imports: [
    AccessModule,
    AgreementsModule,
    CatalogModule,
    ComplianceModule,
    IncidentsModule,
    InterchangeModule,
    MetricValuesModule,
    ProbingModule,
    ReportsModule,
  ],
  controllers: [DemoController],
  providers: [
    DemoRepository,
    DemoRemainsRepository,
    DemoCatalogService,
    DemoHistoryService,
    DemoSigningService,
    DemoPromisesService,
    DemoLoaderService,
    DemoUsesService,
    DemoRemovalService,
    DemoService,
  ],
})
export class DemoModule {}
