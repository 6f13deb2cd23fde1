import { Module } from '@nestjs/common';
import { AccessModule } from './access/access.module.ts';
import { AgreementsModule } from './agreements/agreements.module.ts';
import { AlertsModule } from './alerting/alerts/alerts.module.ts';
import { ChannelsModule } from './alerting/channels/channels.module.ts';
import { DeadMansSwitchModule } from './alerting/dead-mans-switch/dead-mans-switch.module.ts';
import { OnCallModule } from './alerting/on-call/on-call.module.ts';
import { CatalogModule } from './catalog/catalog.module.ts';
import { ComplianceModule } from './compliance/compliance.module.ts';
import { ConsequencesModule } from './consequences/consequences.module.ts';
import { DemoModule } from './demo/demo.module.ts';
import { IncidentsModule } from './incidents/incidents.module.ts';
import { InterchangeModule } from './interchange/interchange.module.ts';
import { LiveModule } from './live/live.module.ts';
import { ProbingModule } from './probing/probing.module.ts';
import { RemindersModule } from './reminders/reminders.module.ts';
import { ReportsModule } from './reports/reports.module.ts';
import { ReviewsModule } from './reviews/reviews.module.ts';

/** The features of the server; the platform is added beneath them when it starts. */
@Module({
  imports: [
    AccessModule,
    CatalogModule,
    AgreementsModule,
    InterchangeModule,
    ProbingModule,
    IncidentsModule,
    ComplianceModule,
    ReportsModule,
    ConsequencesModule,
    ReviewsModule,
    RemindersModule,
    ChannelsModule,
    OnCallModule,
    AlertsModule,
    DeadMansSwitchModule,
    LiveModule,
    DemoModule,
  ],
})
export class AppModule {}
