/** Incidents as they are stored. */
import type { Attribution, IncidentKind, IncidentPauseReason } from '../contract/incidents.ts';
import type { ClockName } from '../domain/incident-clocks.ts';
import type { IncidentCourse } from '../domain/incident-course.ts';
import type { RatedIncident } from '../domain/incident-severity.ts';
import type { Span } from '../domain/spans.ts';

export interface IncidentPause extends Span {
  readonly reason: IncidentPauseReason;
  readonly note: string;
  /** When it goes on by itself; null: when somebody says so. */
  readonly resumeByMs?: number | null;
  /** What the customer says against it. */
  readonly dispute?: { readonly atMs: number; readonly by: string; readonly note: string } | null;
}

/** What people write of an incident. */
export interface IncidentDraft extends IncidentCourse, RatedIncident {
  readonly kind: IncidentKind;
  readonly title: string;
  readonly description: string;
  readonly source: string;
  readonly reference: string | null;
  readonly attribution: Attribution | null;
  readonly cause: string;
  readonly impactText: string;
  readonly pauses: readonly IncidentPause[];
}

export interface IncidentSubject {
  readonly id: number;
  readonly key: string;
  readonly name: string;
}

export interface Assignee {
  readonly user: { readonly name: string; readonly displayName: string } | null;
  readonly team: { readonly key: string; readonly name: string } | null;
}

/** A breach that a change of severity would have undone. */
export interface RecordedBreach {
  readonly agreementId: number;
  readonly clock: ClockName;
  readonly severity: number;
  readonly dueMs: number;
}

export interface StoredIncident extends IncidentDraft {
  readonly id: number;
  /** In order of key; deleted ones too. */
  readonly services: readonly IncidentSubject[];
  /** Services that a silent location hides. */
  readonly hides: readonly IncidentSubject[];
  /** The service whose outage opened it. */
  readonly root: IncidentSubject | null;
  /** The location that is silent. */
  readonly location: IncidentSubject | null;
  readonly assignee: Assignee;
  readonly follows: number | null;
  readonly mergedInto: number | null;
  readonly isLate: boolean;
  /** When those who wait were last told how it stands. */
  readonly toldMs: number | null;
  readonly breaches: readonly RecordedBreach[];
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** A place in the list, newest first: everything after it began earlier. */
export interface IncidentPlace {
  readonly startedMs: number;
  readonly id: number;
}

/** Incidents of some services that may be decided in [fromMs, toMs). */
export interface DecidableAsk extends Span {
  readonly serviceIds: readonly number[];
  readonly kinds: readonly IncidentKind[];
  readonly severities: readonly number[];
}
