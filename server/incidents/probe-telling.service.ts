import { Injectable } from '@nestjs/common';
import { AccessService } from '../access/access.service.ts';
import { AuditService } from '../access/audit.service.ts';
import { Database } from '../platform/database.ts';
import { EventBus, type TransactionEvents } from '../platform/events.ts';
import { tellNews } from '../platform/news.ts';
import { currentActor } from '../platform/request-context.ts';
import { IncidentTimelineRepository } from './incident-timeline.repository.ts';
import { newsOf } from './incident-writer.service.ts';
import type { IncidentNews } from './incidents.event.ts';
import { IncidentsRepository } from './incidents.repository.ts';

/** What probes did with an incident. */
export interface ProbeAct {
  readonly id: number;
  readonly act: 'opened' | 'reopened' | 'joined' | 'merged' | 'resolved';
  readonly atMs: number;
  /** The services that it is new for; left out: all of the incident. A storm that comes in piece by piece tells each once. */
  readonly serviceIds?: readonly number[];
  readonly detail?: Readonly<Record<string, unknown>>;
}

const eventOf: Readonly<Record<ProbeAct['act'], 'incident.opened' | 'incident.changed' | 'incident.resolved'>> = {
  ...{ opened: 'incident.opened', reopened: 'incident.opened' },
  ...{ joined: 'incident.changed', merged: 'incident.resolved', resolved: 'incident.resolved' },
};

/** Tells of many incidents at once: on their timelines, in the audit trail, to the features above, to open pages. */
@Injectable()
export class ProbeTellingService {
  constructor(
    readonly incidents: IncidentsRepository,
    readonly timeline: IncidentTimelineRepository,
    readonly audit: AuditService,
    readonly access: AccessService,
    readonly events: EventBus,
    readonly database: Database,
  ) {}

  async tell(acts: readonly ProbeAct[]): Promise<void> {
    if (acts.length === 0) return;
    const by = { byKind: currentActor().kind, byName: this.access.actingPerson().name };
    await this.timeline.append(
      acts.map(({ id, act, atMs, detail = {} }) => ({
        ...{ incidentId: id, act, atMs, ...by, note: '', toCustomer: false, detail },
      })),
    );
    await this.audit.recordAll(
      acts.map(({ id, act, atMs, detail = {} }) => ({
        ...{ action: `incident.${act}`, subjectKind: 'incident', subject: String(id) },
        detail: { at: new Date(atMs).toISOString(), ...detail },
      })),
    );
    await this.#publish(acts);
  }

  async #publish(acts: readonly ProbeAct[]): Promise<void> {
    const ids = [...new Set(acts.map(({ id }) => id))];
    const found = new Map((await this.incidents.findAll(ids)).map((incident) => [incident.id, incident]));
    const byEvent = new Map<keyof TransactionEvents, IncidentNews[]>();
    const concerned = new Set<number>();
    for (const { id, act, serviceIds } of acts) {
      const incident = found.get(id);
      if (!incident) continue;
      const news = newsOf(incident, act, serviceIds);
      for (const serviceId of news.serviceIds) concerned.add(serviceId);
      const event = incident.isLate ? 'incident.changed' : eventOf[act];
      byEvent.set(event, [...(byEvent.get(event) ?? []), news]);
    }
    for (const event of ['incident.opened', 'incident.changed', 'incident.resolved'] as const) {
      const incidents = byEvent.get(event);
      if (incidents) await this.events.publish(event, { incidents });
    }
    await this.events.publish('incidents.changed', {
      serviceIds: [...concerned],
      fromMs: Math.min(...[...found.values()].map(({ startedMs }) => startedMs)),
    });
    await tellNews(this.database, ...ids.map((id) => ({ of: 'incident' as const, key: String(id) })));
  }
}
