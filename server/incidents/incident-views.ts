/** Incidents between the wire and what is stored. */
import type { Incident, IncidentChange, IncidentInput, IncidentInstant } from '../contract/incidents.ts';
import { stageOf, type IncidentMoment } from '../domain/incident-course.ts';
import type { IncidentDraft, StoredIncident } from './incidents.repository.ts';

const iso = (ms: number): string => new Date(ms).toISOString();
const isoOrNull = (ms: number | null): string | null => (ms === null ? null : iso(ms));
const msOf = (text: string | null | undefined): number | null => (text == null ? null : Date.parse(text));

/** The field of the wire that holds a moment. */
export const fieldOf = (moment: IncidentMoment): IncidentInstant => moment.replace(/Ms$/, 'At') as IncidentInstant;

export function incidentView(incident: StoredIncident): Incident {
  const { id, kind, title, description, severity, impact, urgency, source, reference, pauses } = incident;
  return {
    id,
    kind,
    state: stageOf(incident),
    title,
    description,
    services: incident.services.map(({ key, name }) => ({ key, name })),
    severity,
    impact,
    urgency,
    source,
    reference,
    startedAt: iso(incident.startedMs),
    detectedAt: isoOrNull(incident.detectedMs),
    reportedAt: isoOrNull(incident.reportedMs),
    acknowledgedAt: isoOrNull(incident.acknowledgedMs),
    respondedAt: isoOrNull(incident.respondedMs),
    resolvedAt: isoOrNull(incident.resolvedMs),
    closedAt: isoOrNull(incident.closedMs),
    pauses: pauses.map(({ reason, note, fromMs, toMs }) => ({
      reason,
      note,
      from: iso(fromMs),
      to: toMs === Infinity ? null : iso(toMs),
    })),
    createdAt: incident.createdAt.toISOString(),
    updatedAt: incident.updatedAt.toISOString(),
  };
}

/** A new incident; what nobody detected is reported now, and began with the first that is known of it. */
export function draftOf(input: IncidentInput, nowMs: number): IncidentDraft {
  const detectedMs = msOf(input.detectedAt);
  const reportedMs = msOf(input.reportedAt) ?? (detectedMs === null ? nowMs : null);
  const noticedMs = Math.min(detectedMs ?? Infinity, reportedMs ?? Infinity);
  return {
    kind: input.kind,
    title: input.title,
    description: input.description,
    severity: input.severity,
    impact: input.impact ?? null,
    urgency: input.urgency ?? null,
    source: input.source,
    reference: input.reference ?? null,
    startedMs: msOf(input.startedAt) ?? noticedMs,
    detectedMs,
    reportedMs,
    acknowledgedMs: msOf(input.acknowledgedAt),
    respondedMs: msOf(input.respondedAt),
    resolvedMs: msOf(input.resolvedAt),
    closedMs: msOf(input.closedAt),
    pauses: [],
  };
}

/** The incident with what a change names; an instant that is given as null is taken away, but that it started. */
export function changedDraft(incident: StoredIncident, change: IncidentChange): IncidentDraft {
  const moment = (name: Exclude<IncidentMoment, 'startedMs'>): number | null => {
    const given = change[fieldOf(name)];
    return given === undefined ? incident[name] : msOf(given);
  };
  return {
    kind: incident.kind,
    title: change.title ?? incident.title,
    description: change.description ?? incident.description,
    severity: change.severity ?? incident.severity,
    impact: change.impact === undefined ? incident.impact : change.impact,
    urgency: change.urgency === undefined ? incident.urgency : change.urgency,
    source: change.source ?? incident.source,
    reference: change.reference === undefined ? incident.reference : change.reference,
    startedMs: msOf(change.startedAt) ?? incident.startedMs,
    detectedMs: moment('detectedMs'),
    reportedMs: moment('reportedMs'),
    acknowledgedMs: moment('acknowledgedMs'),
    respondedMs: moment('respondedMs'),
    resolvedMs: moment('resolvedMs'),
    closedMs: moment('closedMs'),
    pauses: incident.pauses,
  };
}
