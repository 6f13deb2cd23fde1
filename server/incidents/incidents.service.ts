import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { SteadyClock } from '../../probes/support/clock.ts';
import { AuditService } from '../access/audit.service.ts';
import type { Page } from '../contract/catalog.ts';
import type {
  Incident,
  IncidentActInput,
  IncidentChange,
  IncidentInput,
  IncidentKind,
  IncidentPendInput,
  IncidentQuery,
} from '../contract/incidents.ts';
import type { InputIssue } from '../contract/input-issues.ts';
import { suggestion } from '../contract/suggestion.ts';
import { clockedFrom, courseFaults, stageOf } from '../domain/incident-course.ts';
import { Database } from '../platform/database.ts';
import { EventBus } from '../platform/events.ts';
import { invalidInput } from '../platform/input.pipe.ts';
import { assertUnchanged, invalidField, Problem } from '../platform/problem.ts';
import { actRules, pauseFault, type IncidentAct } from './incident-acts.ts';
import { changedDraft, draftOf, fieldOf, incidentView } from './incident-views.ts';
import {
  IncidentsRepository,
  type DecidableAsk,
  type IncidentDraft,
  type IncidentPause,
  type IncidentPlace,
  type StoredIncident,
} from './incidents.repository.ts';

declare module '../platform/events.ts' {
  interface TransactionEvents {
    /** Incidents of these services are different from an instant on, epoch ms. */
    'incidents.changed': { serviceIds: readonly number[]; fromMs: number };
  }
}

/** What an incident's clocks are made of. */
export interface ClockedIncident {
  id: number;
  kind: IncidentKind;
  title: string;
  severity: number;
  serviceIds: readonly number[];
  /** When it began to hurt: availability and the time to restore run from there. */
  startedMs: number;
  /** When it was detected or reported: response and resolution run from there. */
  clockedMs: number;
  /** The first reply; what is resolved needs none any more. Null while there is neither. */
  respondedMs: number | null;
  resolvedMs: number | null;
  /** Time for which it was resolved stops the clock always, the rest where the agreement says so. An open one ends at Infinity. */
  pauses: readonly IncidentPause[];
}

/** Incidents, requests and drills: who opens, changes and ends them is on record. */
@Injectable()
export class IncidentsService {
  constructor(
    readonly incidents: IncidentsRepository,
    readonly database: Database,
    readonly audit: AuditService,
    readonly events: EventBus,
    readonly clock: SteadyClock,
  ) {}

  /** Newest first; the cursor names the last of a page. */
  async page(query: IncidentQuery): Promise<Page<Incident>> {
    const after = query.cursor === undefined ? null : placeOf(query.cursor);
    const found = await this.incidents.page(query, after, query.limit + 1);
    const page = found.slice(0, query.limit);
    const last = page.at(-1);
    const next = found.length > query.limit && last ? `${last.startedMs}-${last.id}` : null;
    return { items: page.map(incidentView), next };
  }

  /** @throws Problem not-found */
  async get(id: number): Promise<Incident> {
    return incidentView(await this.#find(id));
  }

  /** Those whose clocks may be decided in a span: no others count in it, though these need not. */
  async decidable(ask: DecidableAsk): Promise<ClockedIncident[]> {
    const found = await this.incidents.decidable(ask);
    return found.map((incident) => ({
      id: incident.id,
      kind: incident.kind,
      title: incident.title,
      severity: incident.severity,
      serviceIds: incident.services.map(({ id }) => id),
      startedMs: incident.startedMs,
      clockedMs: clockedFrom(incident),
      respondedMs: incident.respondedMs ?? incident.resolvedMs,
      resolvedMs: incident.resolvedMs,
      pauses: incident.pauses,
    }));
  }

  /** @throws Problem invalid-input, conflict where the reference is taken */
  async create(input: IncidentInput): Promise<Incident> {
    const draft = draftOf(input, this.#nowMs());
    return this.database.transaction(async () => {
      const serviceIds = await this.#serviceIds(input.services);
      assertRight(draft, this.#nowMs());
      await this.#assertFree(draft.reference, null);
      const id = await this.incidents.insert(draft, serviceIds);
      const made = await this.#find(id);
      await this.#record('opened', id, input);
      await this.events.publish('incidents.changed', { serviceIds, fromMs: made.startedMs });
      return incidentView(made);
    });
  }

  /** @throws Problem not-found, invalid-input, conflict, changed-meanwhile */
  async change(id: number, change: IncidentChange, expect: string | undefined): Promise<Incident> {
    return this.database.transaction(async () => {
      const before = await this.#hold(id);
      assertUnchanged(expect, before.updatedAt, `incident ${id}`);
      const draft = changedDraft(before, change);
      assertRight(draft, this.#nowMs());
      await this.#assertFree(draft.reference, id);
      const serviceIds = change.services ? await this.#serviceIds(change.services) : idsOf(before);
      return this.#write(before, draft, serviceIds, 'changed', (after) => differenceOf(before, after));
    });
  }

  /** Does what is done with incidents; what was done already changes nothing. @throws Problem not-found, conflict, invalid-input */
  async act(id: number, act: IncidentAct, input: IncidentActInput | IncidentPendInput): Promise<Incident> {
    const rule = actRules[act];
    return this.database.transaction(async () => {
      const before = await this.#hold(id);
      if (rule.isDone(before)) return incidentView(before);
      const stage = stageOf(before);
      if (!rule.in.includes(stage))
        throw new Problem('conflict', `Incident ${id} is ${stage}: it cannot be ${rule.past} now`);
      const nowMs = this.#nowMs();
      const atMs = input.at == null ? nowMs : Date.parse(input.at);
      const reason = 'reason' in input ? { reason: input.reason } : {};
      const draft = { ...before, ...rule.apply(before, { atMs, note: input.note, ...reason }) };
      const message = pauseFault(draft.pauses) ?? faultAt(atMs, nowMs) ?? courseFaults(draft, nowMs)[0]?.message;
      if (message !== undefined) throw invalidField('at', message);
      const detail = { at: new Date(atMs).toISOString(), note: input.note, ...reason };
      return this.#write(before, draft, idsOf(before), rule.past, () => detail);
    });
  }

  /** @throws Problem not-found */
  async delete(id: number): Promise<void> {
    await this.database.transaction(async () => {
      const before = await this.#hold(id);
      await this.incidents.delete(id);
      await this.#record('deleted', id, incidentView(before));
      await this.events.publish('incidents.changed', { serviceIds: idsOf(before), fromMs: before.startedMs });
    });
  }

  async #write(
    before: StoredIncident,
    draft: IncidentDraft,
    serviceIds: readonly number[],
    verb: string,
    detailOf: (after: StoredIncident) => unknown,
  ): Promise<Incident> {
    const { id } = before;
    await this.incidents.update(id, draft, serviceIds);
    const after = await this.#find(id);
    await this.#record(verb, id, detailOf(after));
    await this.events.publish('incidents.changed', {
      serviceIds: [...new Set([...idsOf(before), ...serviceIds])],
      fromMs: Math.min(before.startedMs, after.startedMs),
    });
    return incidentView(after);
  }

  #nowMs(): number {
    return Math.floor(this.clock.now());
  }

  async #find(id: number): Promise<StoredIncident> {
    const incident = await this.incidents.find(id);
    if (!incident) throw new Problem('not-found', `There is no incident ${id}`);
    return incident;
  }

  async #hold(id: number): Promise<StoredIncident> {
    await this.incidents.lock(id);
    return this.#find(id);
  }

  async #serviceIds(keys: readonly string[]): Promise<number[]> {
    const ids = await this.incidents.subjects(keys);
    if (ids.size < keys.length) {
      const known = await this.incidents.serviceKeys();
      const faults = keys.flatMap((key, index): InputIssue[] =>
        ids.has(key)
          ? []
          : [{ path: ['services', String(index)], message: `there is no service "${key}"${suggestion(key, known)}` }],
      );
      throw invalidInput(faults);
    }
    return keys.map((key) => ids.get(key)!);
  }

  async #assertFree(reference: string | null, own: number | null): Promise<void> {
    const taken = reference === null ? null : await this.incidents.holdReference(reference);
    if (taken === null || taken === own) return;
    const message = `is that of incident ${taken} already`;
    throw new Problem('conflict', `reference: ${message}`, { issues: [{ path: 'reference', message }] });
  }

  #record(verb: string, id: number, detail: unknown): Promise<void> {
    return this.audit.record({ action: `incident.${verb}`, subjectKind: 'incident', subject: String(id), detail });
  }
}

const idsOf = ({ services }: StoredIncident): number[] => services.map(({ id }) => id);

const faultAt = (atMs: number, nowMs: number): string | undefined =>
  atMs > nowMs ? 'must not be in the future' : undefined;

function assertRight(draft: IncidentDraft, nowMs: number): void {
  const faults = courseFaults(draft, nowMs);
  if (faults.length > 0)
    throw invalidInput(faults.map(({ moment, message }) => ({ path: [fieldOf(moment)], message })));
}

/** Fields that differ, as they were and as they are. */
function differenceOf(before: StoredIncident, after: StoredIncident): { from: object; to: object } {
  const [from, to] = [incidentView(before), incidentView(after)];
  const names = (Object.keys(to) as (keyof Incident)[]).filter(
    (name) => name !== 'updatedAt' && !isDeepStrictEqual(from[name], to[name]),
  );
  const only = (incident: Incident) => Object.fromEntries(names.map((name) => [name, incident[name]]));
  return { from: only(from), to: only(to) };
}

function placeOf(cursor: string): IncidentPlace {
  const [, startedMs, id] = /^(\d{1,15})-(\d{1,9})$/.exec(cursor) ?? [];
  if (startedMs === undefined) throw invalidField('cursor', 'is not one of this list');
  return { startedMs: Number(startedMs), id: Number(id) };
}
