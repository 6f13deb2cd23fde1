import { Injectable } from '@nestjs/common';
import { incidentInputSchema } from '../contract/incidents.ts';
import type { ProblemReport, ReportedProblem } from '../contract/incident-work.ts';
import { suggestion } from '../contract/suggestion.ts';
import { Database } from '../platform/database.ts';
import { Problem } from '../platform/problem.ts';
import { incidentView } from './incident-views.ts';
import { idsOf, IncidentWriterService } from './incident-writer.service.ts';
import { IncidentsService } from './incidents.service.ts';

/** Problems that those who use a service report. */
@Injectable()
export class ProblemReportsService {
  constructor(
    readonly writer: IncidentWriterService,
    readonly incidents: IncidentsService,
    readonly database: Database,
  ) {}

  /** Whoever reports what is known already is told so. @throws Problem not-found */
  report(service: string, { title, description, impact, urgency }: ProblemReport): Promise<ReportedProblem> {
    return this.database.transaction(async () => {
      const serviceId = await this.#serviceId(service);
      // Two who report the same at once make one incident.
      await this.writer.writes.holdReports(serviceId);
      const known = await this.writer.incidents.openOf(serviceId);
      const said = [title, description].filter(Boolean).join('\n');
      if (known === null) {
        const incident = await this.incidents.create(
          incidentInputSchema.parse({
            ...{ title: title ?? `Problem with ${service}`, description, services: [service], source: 'Report' },
            ...{ impact, urgency },
          }),
        );
        return { isKnown: false, incident };
      }
      const before = await this.writer.hold(known);
      const draft = { ...before, reportedMs: before.reportedMs ?? this.writer.nowMs() };
      const told = { act: 'reported', note: said, detail: { service, impact, urgency } };
      return { isKnown: true, incident: incidentView(await this.writer.update(before, draft, idsOf(before), told)) };
    });
  }

  async #serviceId(key: string): Promise<number> {
    const id = (await this.writer.writes.subjects([key])).get(key);
    if (id !== undefined) return id;
    throw new Problem(
      'not-found',
      `There is no service "${key}"${suggestion(key, await this.writer.writes.serviceKeys())}`,
    );
  }
}
