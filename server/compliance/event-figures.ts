/** Objectives over incidents, requests, drills and pushed numbers: pure, from what was recorded. */
import type { ObjectiveOf } from '../contract/agreements.ts';
import type { ServiceHours } from '../domain/calendar.ts';
import { readClock, type Clock } from '../domain/deadline-clock.ts';
import { decimalOf, microsOf } from '../domain/decimal.ts';
import {
  evaluateEvents,
  eventOf,
  nextChangeMs,
  type DecidedEvent,
  type EventResult,
} from '../domain/event-objective.ts';
import { judgedClock, type ClockName } from '../domain/incident-clocks.ts';
import { severityUnder } from '../domain/incident-severity.ts';
import { lengthText } from '../domain/length-text.ts';
import { evaluateMetric, paceEndMs, type MetricValue } from '../domain/metric-objective.ts';
import { floor, ratioOf, ratioOfPercent } from '../domain/ratio.ts';
import { evaluateRecoveries } from '../domain/recovery-objective.ts';
import type { TimeFrame } from '../domain/time-objective.ts';
import type { Target } from '../domain/verdict.ts';
import type { ClockedIncident, RecordedBreach } from '../incidents/incidents.service.ts';
import { plain, type Figures } from './evaluated.ts';
import type { JudgedPart, JudgedTerms } from './judged-parts.ts';

/** What is judged, and what was recorded that may count in its period. */
export interface Recorded {
  readonly part: JudgedPart<JudgedTerms>;
  readonly frame: TimeFrame;
  /** Null: around the clock. */
  readonly supportHours: ServiceHours | null;
  /** Those of all services whose clocks may be decided in the period. */
  readonly incidents: readonly ClockedIncident[];
  /** Of metrics, by key. */
  readonly values: ReadonlyMap<string, readonly MetricValue[]>;
}

/** Response and resolution: incidents or requests of a severity, by their clocks in support hours. */
export function clockFigures(
  objective: ObjectiveOf<'response'> | ObjectiveOf<'resolution'>,
  serviceIds: ReadonlySet<number>,
  recorded: Recorded,
): Figures {
  const { part, frame, supportHours } = recorded;
  const incidents = incidentsOf(serviceIds, objective.of, recorded).filter(({ isLate }) => !isLate);
  const terms = { limitMs: objective.within, hours: supportHours, pausedBy: part.terms.pausedBy };
  const read = incidents.flatMap((incident) => {
    const breach = incident.breaches.find(isBreachOf(part.agreementId, objective));
    if (!breach && severityUnder(part.terms.severities, incident) !== objective.severity) return [];
    const clock = judgedClock(objective.type, incident, terms, frame.nowMs);
    return [{ incident, clock: breach ? brokenAt(clock, breach.dueMs) : clock }];
  });
  const events = read.flatMap(({ incident, clock }) => {
    const event = eventOf(`#${incident.id}`, clock);
    const what = `${incident.title}: ${lengthText(clock.elapsedMs)} of ${lengthText(objective.within)}`;
    return event ? [{ ...event, what }] : [];
  });
  const clocks = read.map(({ clock }) => clock);
  return eventResult(
    evaluateEvents(shareOrMisses(objective), frame, events),
    nextChangeMs(clocks.flatMap(turnOf), frame),
  );
}

/** Time to restore after incidents or drills. */
export function recoveryFigures(
  objective: ObjectiveOf<'recovery'>,
  serviceIds: ReadonlySet<number>,
  recorded: Recorded,
): Figures {
  const { frame } = recorded;
  const incidents = incidentsOf(serviceIds, objective.of, recorded);
  const clocks = incidents.map(({ startedMs, resolvedMs }) =>
    readClock({
      ...{ startMs: startedMs, stopMs: resolvedMs, pauses: [], hours: frame.hours },
      ...{ limitMs: objective.within!, nowMs: frame.nowMs },
    }),
  );
  const titles = new Map(incidents.map(({ id, title }) => [`#${id}`, title]));
  const result = evaluateRecoveries(
    { target: shareOrMisses(objective), limitMs: objective.within! },
    frame,
    incidents.map(({ id, startedMs, resolvedMs }) => ({
      ...{ key: `#${id}`, startedMs, restoredMs: resolvedMs, exclusion: null },
    })),
  );
  const pieces = result.pieces.map((piece) => ({
    ...piece,
    event: { ...piece.event, what: titles.get(piece.event.key) ?? piece.event.key },
  }));
  return eventResult({ ...result, pieces }, nextChangeMs(clocks.flatMap(turnOf), frame));
}

/** When a clock was decided, or will be if nobody stops it. */
const turnOf = ({ decidedMs, dueMs }: Clock): number[] => [decidedMs ?? dueMs].filter((atMs) => atMs !== null);

/** A number made of the values that were pushed. */
export function metricFigures(objective: ObjectiveOf<'metric'>, { frame, values }: Recorded): Figures {
  const { metric, reading, atLeast, atMost, unit } = objective;
  const limit = atLeast == null ? { atMost: microsOf(atMost!) } : { atLeast: microsOf(atLeast) };
  const pushed = values.get(metric) ?? [];
  const result = evaluateMetric({ reading, limit }, frame, pushed);
  const turnsMs = nextChangeMs(
    pushed.map(({ atMs }) => atMs),
    frame,
  );
  const withUnit = (text: string) => (unit ? `${text} ${unit}` : text);
  return {
    ...plain,
    judgement: result,
    unit: 'micros',
    reached: result.value && withUnit(decimalOf(floor(result.value))),
    value: result.value,
    events: { total: result.count, bad: 0 },
    stillUntilMs: Math.min(turnsMs, paceEndMs({ reading, limit }, frame, result.value)),
    items: result.pieces.map(({ atMs, micros, isDecisive }) => ({
      ...{ class: isDecisive ? 'counted' : 'good', fromMs: atMs, toMs: null, good: 0, bad: 0 },
      what: withUnit(decimalOf(micros)),
    })),
  };
}

/** Incidents of a kind that concern one of these services. */
const incidentsOf = (
  serviceIds: ReadonlySet<number>,
  kind: ClockedIncident['kind'],
  { incidents }: Recorded,
): ClockedIncident[] =>
  incidents.filter((incident) => incident.kind === kind && incident.serviceIds.some((id) => serviceIds.has(id)));

type ShareOrMisses = Pick<ObjectiveOf<'response'>, 'target' | 'allowMisses'>;
const shareOrMisses = ({ target, allowMisses }: ShareOrMisses): Target =>
  target == null ? { allowMisses: allowMisses! } : { ratio: ratioOfPercent(target) };

/** A breach that was recorded before the severity was changed stays one. */
const isBreachOf =
  (agreementId: number | null, { type, severity }: Pick<ObjectiveOf<'response'>, 'severity'> & { type: ClockName }) =>
  (breach: RecordedBreach): boolean =>
    breach.agreementId === agreementId && breach.clock === type && breach.severity === severity;
const brokenAt = (clock: Clock, dueMs: number): Clock => ({ ...clock, dueMs, state: 'missed', decidedMs: dueMs });

function eventResult(result: EventResult<DecidedEvent & { what: string }>, stillUntilMs: number): Figures {
  const { good, bad, total } = result.figures;
  return {
    ...plain,
    judgement: result,
    unit: 'events',
    reached: `${good} of ${total} in time`,
    value: ratioOf(bad, 1),
    events: { total, bad },
    stillUntilMs,
    items: result.pieces.map(({ class: kind, event }) => ({
      ...{ class: kind, fromMs: event.decidedMs, toMs: null, what: `${event.key} ${event.what}` },
      good: kind === 'good' ? 1 : 0,
      bad: kind === 'bad' ? 1 : 0,
    })),
  };
}
