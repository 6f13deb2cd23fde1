/** Alerts as they are stored. */
import type { Mute } from '../../contract/alerts.ts';
import type { AlertLabels } from '../../domain/alert-matching.ts';
import type { AlertUrgency } from '../../domain/alert-rules.ts';

export interface Named {
  readonly key: string;
  readonly name: string;
}

/** What the labels of an alert hold beside its own columns. */
export type StoredLabels = Omit<AlertLabels, 'urgency' | 'rule'>;

/** Something that fires. */
export interface NewAlert {
  readonly fingerprint: string;
  readonly rule: string;
  readonly urgency: AlertUrgency;
  readonly title: string;
  readonly reason: string | null;
  readonly serviceId: number | null;
  readonly about: { readonly service: Named | null; readonly agreement: Named | null };
  readonly objective: string | null;
  readonly incidentId: number | null;
  readonly labels: StoredLabels;
  /** What is told together. */
  readonly groupKey: string;
  readonly isOnce: boolean;
  /** Epoch ms, as all instants here. */
  readonly sinceMs: number;
  readonly firedMs: number;
  readonly dueMs: number;
  readonly muted: Mute | null;
}

export interface StoredAlert extends Omit<NewAlert, 'dueMs'> {
  readonly id: number;
  readonly lastMs: number;
  readonly repeats: number;
  readonly acknowledgedMs: number | null;
  readonly acknowledgedBy: string | null;
  readonly resolvedMs: number | null;
  readonly assignedUser: string | null;
  readonly assignedTeam: string | null;
  readonly dueMs: number | null;
  readonly toldMs: number | null;
  readonly toldIn: number | null;
  readonly policy: string | null;
  readonly escalatedMs: number | null;
  readonly steppedMs: number | null;
  readonly tellings: number;
}

/** How an alert goes on after it was looked at. */
export type AlertStep = Pick<
  StoredAlert,
  'id' | 'dueMs' | 'muted' | 'toldMs' | 'toldIn' | 'policy' | 'escalatedMs' | 'steppedMs' | 'tellings'
>;

export const labelsOf = ({ labels, urgency, rule }: Pick<StoredAlert, 'labels' | 'urgency' | 'rule'>): AlertLabels => ({
  ...labels,
  ...{ urgency, rule },
});
