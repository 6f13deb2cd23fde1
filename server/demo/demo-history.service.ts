import { Injectable } from '@nestjs/common';
import { MetricValuesService } from '../compliance/metric-values.service.ts';
import { incidentInputSchema } from '../contract/incidents.ts';
import { IncidentsService } from '../incidents/incidents.service.ts';
import { ImportedTimelinesService } from '../probing/imported-timelines.service.ts';
import type { DemoIncident } from './demo-incidents.ts';
import { demoMetrics } from './demo-metrics.ts';
import { demoTimeline, type DemoTrouble } from './demo-outages.ts';
import type { DemoTime } from './demo-time.ts';

/** Brings in the history of the demo by the ways that every organisation has for it. */
@Injectable()
export class DemoHistoryService {
  constructor(
    readonly timelines: ImportedTimelinesService,
    readonly metrics: MetricValuesService,
    readonly incidents: IncidentsService,
  ) {}

  async importTimeline(service: string, trouble: readonly DemoTrouble[], time: DemoTime): Promise<void> {
    await this.timelines.import(service, { intervals: demoTimeline(trouble, time) });
  }

  async pushMetrics(time: DemoTime): Promise<void> {
    for (const [key, values] of Object.entries(demoMetrics(time)))
      if (values.length > 0) await this.metrics.push(key, { values });
  }

  async enterIncidents(incidents: readonly DemoIncident[]): Promise<void> {
    for (const incident of incidents) await this.incidents.create(incidentInputSchema.parse(incident));
  }
}
