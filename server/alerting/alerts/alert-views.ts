/** Alerts as the wire has them. */
import type { Alert, AlertDetail } from '../../contract/alerts.ts';
import type { AlertDelivery } from './alerts.repository.ts';
import type { StoredAlert } from './stored-alert.ts';

const iso = (ms: number): string => new Date(ms).toISOString();
const isoOrNull = (ms: number | null): string | null => (ms === null ? null : iso(ms));

export function alertView(alert: StoredAlert): Alert {
  const { id, fingerprint, rule, urgency, title, reason, about, objective, incidentId, labels, repeats } = alert;
  const { resolvedMs, acknowledgedMs, muted, dueMs, policy } = alert;
  const isLiving = resolvedMs === null;
  return {
    ...{ id, fingerprint, rule, urgency, title, reason, service: about.service, agreement: about.agreement, objective },
    ...{ incident: incidentId, repeats, acknowledgedBy: alert.acknowledgedBy, toldIn: alert.toldIn },
    state: isLiving ? (acknowledgedMs === null ? 'firing' : 'acknowledged') : 'resolved',
    labels: { ...labels, agreements: [...labels.agreements], tags: [...labels.tags] },
    ...{ sinceAt: iso(alert.sinceMs), firedAt: iso(alert.firedMs), acknowledgedAt: isoOrNull(acknowledgedMs) },
    ...{ resolvedAt: isoOrNull(resolvedMs), toldAt: isoOrNull(alert.toldMs) },
    assignee: { user: alert.assignedUser, team: alert.assignedTeam },
    muted: muted === null ? null : { by: muted, until: isoOrNull(dueMs) },
    escalation: policy === null ? null : { policy, nextAt: muted === null ? isoOrNull(dueMs) : null },
  };
}

export const alertDetail = (
  alert: StoredAlert,
  deliveries: readonly AlertDelivery[],
  alsoTold: readonly number[],
): AlertDetail => ({
  ...alertView(alert),
  deliveries: deliveries.map(({ createdAt, nextAt, giveUpAt, endedAt, ...delivery }) => ({
    ...delivery,
    createdAt: createdAt.toISOString(),
    nextAt: delivery.state === 'waiting' ? nextAt.toISOString() : null,
    giveUpAt: giveUpAt.toISOString(),
    endedAt: endedAt?.toISOString() ?? null,
    tookSeconds:
      delivery.state === 'delivered' && endedAt !== null
        ? Math.max(0, endedAt.getTime() - startOf(alert, delivery.moment)) / 1_000
        : null,
  })),
  alsoTold: [...alsoTold],
});

/** What a message tells of began then. */
const startOf = ({ sinceMs, acknowledgedMs, resolvedMs }: StoredAlert, moment: AlertDelivery['moment']): number => {
  if (moment === 'resolved') return resolvedMs ?? sinceMs;
  return moment === 'acknowledged' ? (acknowledgedMs ?? sinceMs) : sinceMs;
};
