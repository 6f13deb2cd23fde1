/** What can be done with an incident, and what it makes of its course. */
import { stageOf, type IncidentCourse, type IncidentStage } from '../domain/incident-course.ts';
import { probeSource, type IncidentAct } from '../contract/incidents.ts';
import type { IncidentDraft, IncidentPause } from './stored-incident.ts';

export interface ActInput {
  readonly atMs: number;
  readonly note: string;
  readonly reason?: IncidentPause['reason'];
  readonly resumeByMs?: number | null;
}

interface ActRule {
  /** Whether it was done already: doing it again changes nothing. */
  readonly isDone: (incident: IncidentDraft) => boolean;
  readonly apply: (incident: IncidentDraft, input: ActInput) => Partial<IncidentDraft>;
  /** The audit trail's word: `incident.acknowledged`. */
  readonly past: string;
}

const unresolved = ['open', 'acknowledged', 'pending'] as const;
const isIn = (incident: IncidentCourse, ...stages: readonly IncidentStage[]): boolean =>
  stages.includes(stageOf(incident));

/** The pauses with the open one ended at an instant. */
const endedPauses = (pauses: readonly IncidentPause[], atMs: number): IncidentPause[] =>
  pauses.map((pause) => (pause.toMs === Infinity ? { ...pause, toMs: atMs } : pause));

export const actRules: Record<IncidentAct, ActRule> = {
  acknowledge: {
    isDone: ({ acknowledgedMs }) => acknowledgedMs !== null,
    // Nobody waits for a reply to what a probe said: whoever takes it has responded.
    apply: ({ source, respondedMs }, { atMs }) => ({
      acknowledgedMs: atMs,
      ...(source === probeSource && respondedMs === null ? { respondedMs: atMs } : {}),
    }),
    past: 'acknowledged',
  },
  respond: {
    isDone: ({ respondedMs }) => respondedMs !== null,
    apply: (_, { atMs }) => ({ respondedMs: atMs }),
    past: 'responded',
  },
  pend: {
    isDone: () => false,
    apply: ({ pauses }, { atMs, note, reason, resumeByMs = null }) => ({
      pauses: [...pauses, { reason: reason!, note, fromMs: atMs, toMs: Infinity, resumeByMs }],
    }),
    past: 'pended',
  },
  resume: {
    isDone: () => false,
    apply: ({ pauses }, { atMs }) => ({ pauses: endedPauses(pauses, atMs) }),
    past: 'resumed',
  },
  resolve: {
    isDone: (incident) => isIn(incident, 'resolved', 'closed'),
    apply: ({ pauses }, { atMs }) => ({ resolvedMs: atMs, pauses: endedPauses(pauses, atMs) }),
    past: 'resolved',
  },
  close: {
    isDone: (incident) => isIn(incident, 'closed'),
    apply: (_, { atMs }) => ({ closedMs: atMs }),
    past: 'closed',
  },
  // The same resolution clock goes on; the time for which it was resolved does not count.
  reopen: {
    isDone: (incident) => isIn(incident, ...unresolved),
    apply: ({ pauses, resolvedMs }, { atMs, note }) => ({
      resolvedMs: null,
      closedMs: null,
      pauses: [...pauses, { reason: 'resolved', note, fromMs: resolvedMs!, toMs: atMs }],
    }),
    past: 'reopened',
  },
};

/** Where the instant of an act contradicts what was waited for; null where it does not. */
export function pauseFault(pauses: readonly IncidentPause[]): string | null {
  const last = pauses.at(-1);
  if (!last) return null;
  if (last.toMs < last.fromMs)
    return last.reason === 'resolved' ? 'must not be before it was resolved' : 'must not be before it began to wait';
  const before = pauses.at(-2);
  return before && last.fromMs < before.toMs ? 'must not be before it went on' : null;
}
