import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { SteadyClock } from '../../probes/support/clock.ts';
import { AccessService } from '../access/access.service.ts';
import { AuditService } from '../access/audit.service.ts';
import type { Incident } from '../contract/incidents.ts';
import type { InputIssue } from '../contract/input-issues.ts';
import { suggestion } from '../contract/suggestion.ts';
import { Database } from '../platform/database.ts';
import { EventBus } from '../platform/events.ts';
import { invalidInput } from '../platform/input.pipe.ts';
import { tellNews } from '../platform/news.ts';
import { Problem } from '../platform/problem.ts';
import { currentActor } from '../platform/request-context.ts';
import { IncidentTimelineRepository } from './incident-timeline.repository.ts';
import { incidentView } from './incident-views.ts';
import { IncidentWritesRepository } from './incident-writes.repository.ts';
import type { IncidentNews } from './incidents.event.ts';
import { IncidentsRepository } from './incidents.repository.ts';
import type { IncidentDraft, StoredIncident } from './stored-incident.ts';

/** An act as the timeline and the audit trail tell it. */
export interface ToldAct {
  /** In the past: `acknowledged`. */
  readonly act: string;
  /** When it was; left out: now. */
  readonly atMs?: number;
  readonly note?: string;
  readonly toCustomer?: boolean;
  readonly detail?: Readonly<Record<string, unknown>>;
}

/** Reads and writes single incidents, and tells of it: on their timeline, in the audit trail, to the features above. */
@Injectable()
export class IncidentWriterService {
  constructor(
    readonly incidents: IncidentsRepository,
    readonly writes: IncidentWritesRepository,
    readonly timeline: IncidentTimelineRepository,
    readonly audit: AuditService,
    readonly access: AccessService,
    readonly events: EventBus,
    readonly database: Database,
    readonly clock: SteadyClock,
  ) {}

  nowMs(): number {
    return Math.floor(this.clock.now());
  }

  /** @throws Problem not-found */
  async find(id: number): Promise<StoredIncident> {
    const incident = await this.incidents.find(id);
    if (!incident) throw new Problem('not-found', `There is no incident ${id}`);
    return incident;
  }

  /** Held until the transaction ends. @throws Problem not-found */
  async hold(id: number): Promise<StoredIncident> {
    await this.writes.lock(id);
    return this.find(id);
  }

  async insert(draft: IncidentDraft, serviceIds: readonly number[], told: ToldAct): Promise<StoredIncident> {
    const id = await this.writes.insert(draft, serviceIds);
    if (draft.pauses.length > 0) await this.writes.update(id, draft, serviceIds);
    const made = await this.find(id);
    await this.tell(made, told);
    await this.events.publish('incidents.changed', { serviceIds, fromMs: made.startedMs });
    return made;
  }

  async update(
    before: StoredIncident,
    draft: IncidentDraft,
    serviceIds: readonly number[],
    told: ToldAct | ((after: StoredIncident) => ToldAct),
  ): Promise<StoredIncident> {
    await this.writes.update(before.id, draft, serviceIds);
    const after = await this.find(before.id);
    await this.tell(after, typeof told === 'function' ? told(after) : told, before);
    await this.announce(before, after);
    return after;
  }

  /** Figures of the services of either are to be made anew. */
  async announce(before: StoredIncident, after: StoredIncident): Promise<void> {
    await this.events.publish('incidents.changed', {
      serviceIds: [...new Set([...idsOf(before), ...idsOf(after)])],
      fromMs: Math.min(before.startedMs, after.startedMs),
    });
  }

  async remove(before: StoredIncident): Promise<void> {
    // Told while it is there: what others hold of it goes with it, and could not be found afterwards.
    await this.events.publish('incident.resolved', { incidents: [newsOf(before, 'deleted')] });
    await this.writes.delete(before.id);
    await this.audit.record({
      ...{ action: 'incident.deleted', subjectKind: 'incident', subject: String(before.id) },
      detail: incidentView(before),
    });
    await tellNews(this.database, { of: 'incident', key: String(before.id) });
    await this.events.publish('incidents.changed', { serviceIds: idsOf(before), fromMs: before.startedMs });
  }

  /** Something was done that changes no clock. */
  async tell(incident: StoredIncident, told: ToldAct, before: StoredIncident = incident): Promise<void> {
    const { act, atMs = this.nowMs(), note = '', toCustomer = false, detail = {} } = told;
    const { id } = incident;
    const by = { byKind: currentActor().kind, byName: this.access.actingPerson().name };
    await this.timeline.append([{ incidentId: id, act, atMs, ...by, note, toCustomer, detail }]);
    await this.audit.record({
      ...{ action: `incident.${act}`, subjectKind: 'incident', subject: String(id) },
      detail: { at: new Date(atMs).toISOString(), note, ...detail },
    });
    await tellNews(this.database, { of: 'incident', key: String(id) });
    const incidents = [newsOf(incident, act)];
    const isOver = incident.resolvedMs !== null;
    const wasOver = before.resolvedMs !== null;
    if (act === 'opened') await this.events.publish('incident.opened', { incidents });
    else if (isOver && !wasOver) await this.events.publish('incident.resolved', { incidents });
    else if (!isOver && wasOver) await this.events.publish('incident.opened', { incidents });
    else await this.events.publish('incident.changed', { incidents });
  }

  /** Ids of services by key, in that order. @throws Problem invalid-input */
  async serviceIds(keys: readonly string[]): Promise<number[]> {
    const ids = await this.writes.subjects(keys);
    if (ids.size < keys.length) {
      const known = await this.writes.serviceKeys();
      const faults = keys.flatMap((key, index): InputIssue[] =>
        ids.has(key)
          ? []
          : [{ path: ['services', String(index)], message: `there is no service "${key}"${suggestion(key, known)}` }],
      );
      throw invalidInput(faults);
    }
    return keys.map((key) => ids.get(key)!);
  }
}

export const idsOf = ({ services }: StoredIncident): number[] => services.map(({ id }) => id);

/** News for some services of an incident, or for all of them. */
export const newsOf = (
  incident: StoredIncident,
  act: string,
  serviceIds: readonly number[] = idsOf(incident),
): IncidentNews => ({
  ...{ id: incident.id, kind: incident.kind, severity: incident.severity, source: incident.source, act },
  ...{ serviceIds, isLate: incident.isLate },
  ...{ rootServiceId: incident.root?.id ?? null, locationId: incident.location?.id ?? null },
});

/** Fields that differ, as they were and as they are. */
export function differenceOf(before: StoredIncident, after: StoredIncident): { from: object; to: object } {
  const [from, to] = [incidentView(before), incidentView(after)];
  const names = (Object.keys(to) as (keyof Incident)[]).filter(
    (name) => name !== 'updatedAt' && !isDeepStrictEqual(from[name], to[name]),
  );
  const only = (incident: Incident) => Object.fromEntries(names.map((name) => [name, incident[name]]));
  return { from: only(from), to: only(to) };
}
