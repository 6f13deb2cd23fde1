/** Incidents between the wire and what is stored. */
import type { Incident, IncidentChange, IncidentInput, IncidentInstant } from '../contract/incidents.ts';
import { stageOf, type IncidentMoment } from '../domain/incident-course.ts';
import { plainSeverity } from '../domain/incident-severity.ts';
import type { IncidentDraft, IncidentSubject, StoredIncident } from './stored-incident.ts';

const iso = (ms: number): string => new Date(ms).toISOString();
const isoOrNull = (ms: number | null): string | null => (ms === null ? null : iso(ms));
const msOf = (text: string | null | undefined): number | null => (text == null ? null : Date.parse(text));

/** The field of the wire that holds a moment. */
export const fieldOf = (moment: IncidentMoment): IncidentInstant => moment.replace(/Ms$/, 'At') as IncidentInstant;

const subjectView = ({ key, name }: IncidentSubject) => ({ key, name });
const subjectOrNull = (subject: IncidentSubject | null) => subject && subjectView(subject);

export function incidentView(incident: StoredIncident): Incident {
  const { id, kind, title, description, severity, impact, urgency, source, reference, pauses } = incident;
  const { severityReason, attribution, cause, impactText, assignee, follows, mergedInto, isLate } = incident;
  return {
    id,
    kind,
    state: stageOf(incident),
    title,
    description,
    services: incident.services.map(subjectView),
    hides: incident.hides.map(subjectView),
    root: subjectOrNull(incident.root),
    location: subjectOrNull(incident.location),
    severity,
    severityReason,
    impact,
    urgency,
    source,
    reference,
    ...{ attribution, cause, impactText, assignee, follows, mergedInto, isLate },
    startedAt: iso(incident.startedMs),
    detectedAt: isoOrNull(incident.detectedMs),
    reportedAt: isoOrNull(incident.reportedMs),
    acknowledgedAt: isoOrNull(incident.acknowledgedMs),
    respondedAt: isoOrNull(incident.respondedMs),
    resolvedAt: isoOrNull(incident.resolvedMs),
    closedAt: isoOrNull(incident.closedMs),
    pauses: pauses.map(({ reason, note, fromMs, toMs, resumeByMs = null, dispute = null }) => ({
      reason,
      note,
      from: iso(fromMs),
      to: toMs === Infinity ? null : iso(toMs),
      resumeBy: isoOrNull(resumeByMs),
      dispute: dispute && { at: iso(dispute.atMs), by: dispute.by, note: dispute.note },
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
    severity: input.severity ?? plainSeverity,
    impact: input.impact ?? null,
    urgency: input.urgency ?? null,
    severityReason: input.severityReason ?? null,
    attribution: input.attribution ?? null,
    cause: input.cause,
    impactText: input.impactText,
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
    severityReason: change.severityReason === undefined ? incident.severityReason : change.severityReason,
    attribution: change.attribution === undefined ? incident.attribution : change.attribution,
    cause: change.cause ?? incident.cause,
    impactText: change.impactText ?? incident.impactText,
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
