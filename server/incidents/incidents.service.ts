import { Injectable } from '@nestjs/common';
import type { Page } from '../contract/catalog.ts';
import {
  actStates,
  type Incident,
  type IncidentAct,
  type IncidentActInput,
  type IncidentChange,
  type IncidentDetail,
  type IncidentInput,
  type IncidentKind,
  type IncidentPendInput,
  type IncidentQuery,
  type IncidentState,
} from '../contract/incidents.ts';
import type { ClockedCourse } from '../domain/incident-clocks.ts';
import { courseFaults, stageOf } from '../domain/incident-course.ts';
import type { RatedIncident } from '../domain/incident-severity.ts';
import { Database } from '../platform/database.ts';
import { invalidInput } from '../platform/input.pipe.ts';
import { assertUnchanged, invalidField, Problem } from '../platform/problem.ts';
import { actRules, pauseFault } from './incident-acts.ts';
import { clockedCourse, IncidentClocksService } from './incident-clocks.service.ts';
import { IncidentDetailsService } from './incident-details.service.ts';
import { IncidentSeverityService } from './incident-severity.service.ts';
import { changedDraft, draftOf, fieldOf, incidentView } from './incident-views.ts';
import { differenceOf, idsOf, IncidentWriterService } from './incident-writer.service.ts';
import { ReopeningService } from './reopening.service.ts';
import type { DecidableAsk, IncidentDraft, IncidentPlace, RecordedBreach, StoredIncident } from './stored-incident.ts';

export type { RecordedBreach };

/** What an incident's clocks are made of. */
export interface ClockedIncident extends ClockedCourse, RatedIncident {
  id: number;
  kind: IncidentKind;
  title: string;
  serviceIds: readonly number[];
  /** When it began to hurt: availability and the time to restore run from there. */
  startedMs: number;
  /** It was learnt of after its end: response and resolution leave it out. */
  isLate: boolean;
  /** Those that stay, whatever its severity is now. */
  breaches: readonly RecordedBreach[];
}

/** What features above tell of an incident. */
export type IncidentBrief = Pick<
  StoredIncident,
  'id' | 'kind' | 'title' | 'description' | 'severity' | 'source' | 'services' | 'hides' | 'root' | 'location'
> &
  Pick<StoredIncident, 'assignee' | 'mergedInto' | 'isLate' | 'startedMs' | 'acknowledgedMs' | 'resolvedMs'>;

/** Incidents, requests and drills: who opens, changes and ends them is on record. */
@Injectable()
export class IncidentsService {
  constructor(
    readonly writer: IncidentWriterService,
    readonly severities: IncidentSeverityService,
    readonly clocks: IncidentClocksService,
    readonly details: IncidentDetailsService,
    readonly reopening: ReopeningService,
    readonly database: Database,
  ) {}

  /** Newest first; the cursor names the last of a page. */
  async page(query: IncidentQuery): Promise<Page<Incident>> {
    const after = query.cursor === undefined ? null : placeOf(query.cursor);
    const found = await this.writer.incidents.page(query, after, query.limit + 1);
    const page = found.slice(0, query.limit);
    const last = page.at(-1);
    const next = found.length > query.limit && last ? `${last.startedMs}-${last.id}` : null;
    return { items: page.map(incidentView), next };
  }

  /** @throws Problem not-found */
  async get(id: number): Promise<IncidentDetail> {
    return this.details.of(await this.writer.find(id));
  }

  /** Incidents and requests that were open in a span about services of a team, or of any; the newest first. */
  async openIn(team: string | null, fromMs: number, toMs: number, most: number): Promise<Incident[]> {
    return (await this.writer.incidents.openIn(team, fromMs, toMs, most)).map(incidentView);
  }

  /** Many at once, in order of id; those that are gone are left out. */
  async briefs(ids: readonly number[]): Promise<IncidentBrief[]> {
    return this.writer.incidents.findAll(ids);
  }

  /** Those whose clocks may be decided in a span: no others count in it, though these need not. */
  async decidable(ask: DecidableAsk): Promise<ClockedIncident[]> {
    const found = await this.writer.incidents.decidable(ask);
    return found.map((incident) => ({
      ...clockedCourse(incident),
      ...{ id: incident.id, kind: incident.kind, title: incident.title, startedMs: incident.startedMs },
      ...{ severity: incident.severity, impact: incident.impact, urgency: incident.urgency },
      ...{ severityReason: incident.severityReason, isLate: incident.isLate, breaches: incident.breaches },
      serviceIds: idsOf(incident),
    }));
  }

  /** @throws Problem invalid-input, conflict */
  async create(input: IncidentInput): Promise<Incident> {
    const draft = draftOf(input, this.writer.nowMs());
    assertRight(draft, this.writer.nowMs());
    return this.database.transaction(async () => {
      const serviceIds = await this.writer.serviceIds(input.services);
      const rated = await this.severities.rated(draft, input.severity ?? null, input.services);
      await this.#assertFree(draft.reference, null);
      const told = { act: 'opened', note: input.description, detail: { ...input } };
      return incidentView(await this.writer.insert({ ...draft, ...rated }, serviceIds, told));
    });
  }

  /** @throws Problem not-found, invalid-input, conflict, changed-meanwhile */
  async change(id: number, change: IncidentChange, expect: string | undefined): Promise<Incident> {
    return this.database.transaction(async () => {
      const before = await this.writer.hold(id);
      assertUnchanged(expect, before.updatedAt, `incident ${id}`);
      const changed = changedDraft(before, change);
      assertRight(changed, this.writer.nowMs());
      const services = change.services ?? before.services.map(({ key }) => key);
      const draft = { ...changed, ...(await this.severities.changed(before, changed, change, services)) };
      await this.#assertFree(draft.reference, id);
      const serviceIds = change.services ? await this.writer.serviceIds(change.services) : idsOf(before);
      if (isRatedAnew(before, draft))
        await this.writer.writes.addBreaches(id, await this.clocks.breaches(before, this.writer.nowMs()));
      const after = await this.writer.update(before, draft, serviceIds, (now) => ({
        act: 'changed',
        detail: { ...differenceOf(before, now) },
      }));
      return incidentView(after);
    });
  }

  /** Does what is done with incidents; what was done already changes nothing. @throws Problem not-found, conflict, invalid-input */
  async act(id: number, act: IncidentAct, input: IncidentActInput | IncidentPendInput): Promise<Incident> {
    const rule = actRules[act];
    return this.database.transaction(async () => {
      const before = await this.writer.hold(id);
      if (before.mergedInto !== null)
        throw new Problem('conflict', `Incident ${id} goes on as incident ${before.mergedInto}`);
      if (rule.isDone(before)) return incidentView(before);
      const stage = stageOf(before);
      if (!isAllowed(act, stage))
        throw new Problem('conflict', `Incident ${id} is ${stage}: it cannot be ${rule.past} now`);
      const nowMs = this.writer.nowMs();
      const atMs = input.at == null ? nowMs : Date.parse(input.at);
      if (act === 'pend' && before.kind === 'incident' && (await this.writer.incidents.isDown(id)))
        throw new Problem('conflict', `Probes say that a service of incident ${id} is down: it cannot wait now`);
      const pend = 'reason' in input ? pendOf(input, atMs) : {};
      const draft = { ...before, ...rule.apply(before, { atMs, note: input.note, ...pend }) };
      const message = pauseFault(draft.pauses) ?? faultAt(atMs, nowMs) ?? courseFaults(draft, nowMs)[0]?.message;
      if (message !== undefined) throw invalidField('at', message);
      if (act === 'reopen') await this.reopening.assertInTime(before, atMs);
      const detail = 'reason' in input ? { reason: input.reason, resumeBy: input.resumeBy ?? null } : {};
      return incidentView(
        await this.writer.update(before, draft, idsOf(before), { act: rule.past, atMs, note: input.note, detail }),
      );
    });
  }

  /** @throws Problem not-found */
  async delete(id: number): Promise<void> {
    await this.database.transaction(async () => {
      const before = await this.writer.hold(id);
      await this.writer.remove(before);
    });
  }

  async #assertFree(reference: string | null, own: number | null): Promise<void> {
    const taken = reference === null ? null : await this.writer.writes.holdReference(reference);
    if (taken === null || taken === own) return;
    const message = `is that of incident ${taken} already`;
    throw new Problem('conflict', `reference: ${message}`, { issues: [{ path: 'reference', message }] });
  }
}

const isAllowed = (act: IncidentAct, stage: IncidentState): boolean =>
  (actStates[act] as readonly IncidentState[]).includes(stage);

const ratings = ['severity', 'impact', 'urgency', 'severityReason'] as const;
const isRatedAnew = (before: RatedIncident, after: RatedIncident): boolean =>
  ratings.some((name) => before[name] !== after[name]);

function pendOf({ reason, resumeBy }: IncidentPendInput, atMs: number) {
  const resumeByMs = resumeBy == null ? null : Date.parse(resumeBy);
  if (resumeByMs !== null && resumeByMs <= atMs) throw invalidField('resumeBy', 'must be after it begins to wait');
  return { reason, resumeByMs };
}

const faultAt = (atMs: number, nowMs: number): string | undefined =>
  atMs > nowMs ? 'must not be in the future' : undefined;

function assertRight(draft: IncidentDraft, nowMs: number): void {
  const faults = courseFaults(draft, nowMs);
  if (faults.length > 0)
    throw invalidInput(faults.map(({ moment, message }) => ({ path: [fieldOf(moment)], message })));
}

function placeOf(cursor: string): IncidentPlace {
  const [, startedMs, id] = /^(\d{1,15})-(\d{1,9})$/.exec(cursor) ?? [];
  if (startedMs === undefined) throw invalidField('cursor', 'is not one of this list');
  return { startedMs: Number(startedMs), id: Number(id) };
}
