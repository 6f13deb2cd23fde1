/** The course of an incident: where its instants put it, and whether they can have come in that order. */
import type { Span } from './spans.ts';

/** Epoch ms; null for what has not happened. */
export interface IncidentCourse {
  readonly startedMs: number;
  readonly detectedMs: number | null;
  readonly reportedMs: number | null;
  readonly acknowledgedMs: number | null;
  readonly respondedMs: number | null;
  readonly resolvedMs: number | null;
  readonly closedMs: number | null;
  /** Rising, apart from each other; the last may be open as Infinity. */
  readonly pauses: readonly Span[];
}
export type IncidentMoment = Exclude<keyof IncidentCourse, 'pauses'>;

export interface CourseFault {
  readonly moment: IncidentMoment;
  readonly message: string;
}

export type IncidentStage = 'open' | 'acknowledged' | 'pending' | 'resolved' | 'closed';

/** The state that the instants make. */
export function stageOf({ closedMs, resolvedMs, pauses, acknowledgedMs }: IncidentCourse): IncidentStage {
  if (closedMs !== null) return 'closed';
  if (resolvedMs !== null) return 'resolved';
  if (pauses.at(-1)?.toMs === Infinity) return 'pending';
  return acknowledgedMs === null ? 'open' : 'acknowledged';
}

const moments = [
  'startedMs',
  'detectedMs',
  'reportedMs',
  'acknowledgedMs',
  'respondedMs',
  'resolvedMs',
  'closedMs',
] as const satisfies readonly IncidentMoment[];

/** `reportedMs` as people read it in a message. */
const words: Record<IncidentMoment, string> = {
  startedMs: 'it started',
  detectedMs: 'it was detected',
  reportedMs: 'it was reported',
  acknowledgedMs: 'it was acknowledged',
  respondedMs: 'somebody responded',
  resolvedMs: 'it was resolved',
  closedMs: 'it was closed',
};

/** Each of these must not come before any of those; where both detection and report are known the first of them counts. */
const order: readonly (readonly [IncidentMoment, readonly IncidentMoment[]])[] = [
  ['detectedMs', ['startedMs']],
  ['reportedMs', ['startedMs']],
  ['acknowledgedMs', ['startedMs', 'detectedMs', 'reportedMs']],
  ['respondedMs', ['startedMs', 'detectedMs', 'reportedMs']],
  ['resolvedMs', ['startedMs', 'detectedMs', 'reportedMs', 'acknowledgedMs', 'respondedMs']],
  ['closedMs', ['resolvedMs']],
];

/** What is wrong with a course at an instant, at the later moment of two that contradict each other; none where it is right. */
export function courseFaults(course: IncidentCourse, nowMs: number): CourseFault[] {
  const faults: CourseFault[] = moments
    .filter((moment) => (course[moment] ?? -Infinity) > nowMs)
    .map((moment) => ({ moment, message: 'must not be in the future' }));
  if (course.detectedMs === null && course.reportedMs === null)
    faults.push({ moment: 'reportedMs', message: 'must be given, or detectedAt' });
  if (course.closedMs !== null && course.resolvedMs === null)
    faults.push({ moment: 'closedMs', message: 'needs resolvedAt: what is not resolved is not closed' });
  for (const [moment, befores] of order) {
    const before = befores.find((earlier) => isBefore(course, moment, earlier));
    if (before) faults.push({ moment, message: `must not be before ${words[before]}` });
  }
  return [...faults, ...pauseFaults(course)];
}

function isBefore(course: IncidentCourse, moment: IncidentMoment, earlier: IncidentMoment): boolean {
  const [atMs, earlierMs] = [course[moment], course[earlier]];
  if (atMs === null || earlierMs === null) return false;
  const isNotice = earlier === 'detectedMs' || earlier === 'reportedMs';
  return atMs < (isNotice ? clockedFrom(course) : earlierMs);
}

/** When its clocks begin: at detection or report, whichever came first. */
export const clockedFrom = ({ detectedMs, reportedMs }: Pick<IncidentCourse, 'detectedMs' | 'reportedMs'>): number =>
  Math.min(detectedMs ?? Infinity, reportedMs ?? Infinity);

/** What it waited for lies between its notice and its resolution. */
function pauseFaults(course: IncidentCourse): CourseFault[] {
  const { pauses, resolvedMs, reportedMs } = course;
  const [first, last] = [pauses[0], pauses.at(-1)];
  if (!first || !last) return [];
  const noticed = reportedMs === null ? 'detectedMs' : 'reportedMs';
  const faults: CourseFault[] = [];
  if (first.fromMs < clockedFrom(course))
    faults.push({ moment: noticed, message: 'must not be after it began to wait' });
  if (resolvedMs !== null && resolvedMs < (last.toMs === Infinity ? last.fromMs : last.toMs))
    faults.push({ moment: 'resolvedMs', message: 'must not be before it waited' });
  return faults;
}
