/** Whom an alert tells when it is told first, and whom when it goes on: its policy step by step. Pure. */
import type { Reach, Reaching } from './alert-reach.service.ts';
import type { AlertStep, StoredAlert } from './stored-alert.ts';

/** The first message: a page begins to follow its policy, all else is told once. */
export function begin(alert: StoredAlert, reaching: Reaching, nowMs: number): { step: AlertStep; reach: Reach } {
  const way = reaching.wayOf(alert);
  const course = way.policy === null ? undefined : reaching.courses.get(way.policy);
  const told = { toldMs: nowMs, toldIn: null, muted: null, tellings: alert.tellings + 1 };
  if (!course || alert.urgency !== 'page') {
    const targets = way.channels.length > 0 ? [] : (course?.first(nowMs) ?? []);
    const reach = reaching.reach(way.channels, { targets, steps: [] }, failingOf(alert));
    return { step: stepOf(alert, { ...told, dueMs: null }), reach };
  }
  const { nextMs, ...due } = course.at(nowMs, null, nowMs);
  return {
    step: stepOf(alert, { ...told, policy: way.policy, escalatedMs: nowMs, steppedMs: nowMs, dueMs: nextMs }),
    reach: reaching.reach(way.channels, due, failingOf(alert)),
  };
}

/** A channel that fails cannot be told so. */
const failingOf = ({ rule, fingerprint }: StoredAlert): string | null =>
  rule === 'delivery-failing' ? fingerprint.slice(rule.length + 1) : null;

/** The next step of its policy, as that is now; without one it is told everybody who would be told anew. */
export function goOn(alert: StoredAlert, reaching: Reaching, nowMs: number): { step: AlertStep; reach: Reach | null } {
  const told = { muted: null, tellings: alert.tellings + 1 };
  const course = alert.policy === null ? undefined : reaching.courses.get(alert.policy);
  if (!course) return begin({ ...alert, policy: null }, reaching, nowMs);
  const { nextMs, ...due } = course.at(alert.escalatedMs ?? nowMs, alert.steppedMs, nowMs);
  if (due.targets.length === 0)
    return { step: stepOf(alert, { muted: null, dueMs: nextMs, steppedMs: nowMs }), reach: null };
  return {
    step: stepOf(alert, { ...told, dueMs: nextMs, steppedMs: nowMs }),
    reach: reaching.reach([], due, failingOf(alert)),
  };
}

export const stepOf = (alert: StoredAlert, change: Partial<AlertStep>): AlertStep => {
  const { id, dueMs, toldMs, toldIn, policy, escalatedMs, steppedMs, tellings } = alert;
  return { id, dueMs, toldMs, toldIn, policy, escalatedMs, steppedMs, tellings, muted: null, ...change };
};
