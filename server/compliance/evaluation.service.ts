import { Injectable } from '@nestjs/common';
import { servicesOfObjective } from '../agreements/agreements.service.ts';
import { CalendarsService } from '../catalog/calendars.service.ts';
import type { ObjectiveInput, ObjectiveOf } from '../contract/agreements.ts';
import { openSpans, type ServiceHours } from '../domain/calendar.ts';
import { decimalOf, microsOf } from '../domain/decimal.ts';
import { dayMs } from '../domain/durations.ts';
import { evaluateEvents, eventOf, type DecidedEvent, type EventResult } from '../domain/event-objective.ts';
import { readClock } from '../domain/deadline-clock.ts';
import { lengthText } from '../domain/length-text.ts';
import { evaluateMetric } from '../domain/metric-objective.ts';
import { evaluateObservations, type ObservationMeasure } from '../domain/observation-objective.ts';
import { floor, one, ratioOfPercent } from '../domain/ratio.ts';
import { evaluateAge, evaluateRecoveries } from '../domain/recovery-objective.ts';
import { subtract, unionOf, within, type Span } from '../domain/spans.ts';
import type { TimeFrame } from '../domain/time-objective.ts';
import { recentLengthMs, type Target } from '../domain/verdict.ts';
import { IncidentsService, type ClockedIncident } from '../incidents/incidents.service.ts';
import { ObservationCountsService } from '../probing/observation-counts.service.ts';
import { HeartbeatSeriesService } from '../probing/heartbeat-series.service.ts';
import { countedLines } from './counted-lines.ts';
import { plain, type CountedItem, type Evaluated, type Figures } from './evaluated.ts';
import type { AskedPeriod, JudgedPart } from './judged-parts.ts';
import { MetricValuesService } from './metric-values.service.ts';
import { ServiceLinesService, type ServiceLine } from './service-lines.service.ts';
import { availability, outage, type AgreedTime } from './time-figures.ts';

/** All that one evaluation of a part of an agreement rests on. */
interface Basis extends AgreedTime {
  /** Null: around the clock. */
  supportHours: ServiceHours | null;
  lines: ReadonlyMap<string, ServiceLine>;
}

/** Evaluates the objectives of an agreement from what was measured and recorded. */
@Injectable()
export class EvaluationService {
  constructor(
    readonly calendars: CalendarsService,
    readonly serviceLines: ServiceLinesService,
    readonly counts: ObservationCountsService,
    readonly heartbeats: HeartbeatSeriesService,
    readonly incidents: IncidentsService,
    readonly metrics: MetricValuesService,
  ) {}

  /** Every objective of a part, or the one of a key, over a period as it is known at an instant. */
  async evaluate(part: JudgedPart, period: AskedPeriod, nowMs: number, only?: string): Promise<Evaluated[]> {
    const asked = Object.entries(part.terms.objectives).filter(([key]) => only === undefined || key === only);
    const basis = await this.#basis(part, period, nowMs, asked);
    const results: Evaluated[] = [];
    for (const [key, objective] of asked) results.push(await this.#objective(key, objective, basis));
    return results;
  }

  async #basis(
    part: JudgedPart,
    period: AskedPeriod,
    nowMs: number,
    asked: readonly [string, ObjectiveInput][],
  ): Promise<Basis> {
    const { terms, effective } = part;
    const hours = terms.calendar ? await this.calendars.hours(terms.calendar) : null;
    const supportHours = terms.supportCalendar ? await this.calendars.hours(terms.supportCalendar) : null;
    const frame: TimeFrame = { period, isRolling: period.isRolling, effective, hours, nowMs };
    const keys = [...new Set(asked.flatMap(([, objective]) => servicesOfObjective(part.terms, objective)))];
    const agreedFromMs = Math.max(period.fromMs, effective.fromMs);
    const agreedToMs = Math.min(period.toMs, effective.toMs);
    const agreed = openSpans(hours, agreedFromMs, agreedToMs);
    // So much before the period is asked for as burn rates reach back, and outages at its edges are to be whole.
    const backMs = Math.max(recentLengthMs(period), edgeMs);
    const lines = await this.serviceLines.of(keys, {
      fromMs: period.fromMs - backMs,
      toMs: Math.min(period.toMs + edgeMs, nowMs),
      untilMs: period.toMs,
    });
    return { part, frame, supportHours, lines, agreed };
  }

  async #objective(key: string, objective: ObjectiveInput, basis: Basis): Promise<Evaluated> {
    const services = servicesOfObjective(basis.part.terms, objective);
    return { key, objective, services, ...(await this.#figures(objective, services, basis)) };
  }

  #figures(objective: ObjectiveInput, services: readonly string[], basis: Basis): Promise<Figures> | Figures {
    switch (objective.type) {
      case 'availability':
        return availability(objective, linesAmong(services, basis), basis);
      case 'outage':
        return outage(objective, linesAmong(services, basis), basis);
      case 'success':
      case 'latency':
        return this.#observations(objective, services, basis);
      case 'response':
      case 'resolution':
        return this.#clocks(objective, services, basis);
      case 'recovery':
        return this.#recovery(objective, services, basis);
      case 'metric':
        return this.#metric(objective, basis);
    }
  }

  /** Success and latency: observations in agreed time without what is excluded. */
  async #observations(
    objective: ObjectiveOf<'success'> | ObjectiveOf<'latency'>,
    services: readonly string[],
    basis: Basis,
  ): Promise<Figures> {
    const { part, frame } = basis;
    const { terms } = part;
    const lines = linesAmong(services, basis);
    const counted = countedLines(lines, terms, basis.agreed);
    const open = counted.map(({ exclusions }) => subtract(basis.agreed, unionOf(exclusions)));
    const past = open.map((spans) => within(spans, -Infinity, frame.nowMs));
    const ahead = open.map((spans) => within(spans, frame.nowMs, Infinity));
    const recentMs = Math.min(frame.nowMs, frame.period.toMs) - recentLengthMs(frame.period);
    const series = await this.counts.seriesOf(lines.map(({ id }) => id));
    const thresholdsMs = objective.type === 'latency' ? [objective.threshold] : [];
    const asks = lines.map(({ id }, index) => ({ series: series.get(id) ?? [], spans: past[index]!, thresholdsMs }));
    const late = asks.map((ask) => ({ ...ask, spans: within(ask.spans, recentMs, Infinity) }));
    const all = await this.counts.counts([...asks, ...late]);
    const owed = await this.counts.owed([
      ...lines.map(({ id }, index) => ({ serviceId: id, spans: past[index]! })),
      ...lines.map(({ id }, index) => ({ serviceId: id, spans: ahead[index]! })),
    ]);
    const measure: ObservationMeasure =
      objective.type === 'latency'
        ? { type: 'latency', threshold: 0 }
        : { type: 'success', degraded: terms.counting.degraded };
    const result = evaluateObservations(
      {
        measure,
        target: ratioOfPercent(objective.target),
        minimumCoverage: ratioOfPercent(terms.counting.minimumCoverage),
      },
      frame,
      {
        spans: lines.flatMap(({ key }, index) =>
          past[index]!.map((span, at) => ({ ...span, service: key, counts: all[index]![at]! })),
        ),
        owed: sumOrNull(owed.slice(0, lines.length)),
        toCome: sumOrNull(owed.slice(lines.length)),
        recent: all.slice(lines.length).flat(),
      },
    );
    return {
      ...plain,
      judgement: result,
      unit: 'events',
      coverage: result.coverage,
      isProven: result.isProven,
      events: { total: result.figures.total, bad: result.figures.bad },
      burn: result.burn,
      items: result.pieces.map(({ fromMs, toMs, service, good, bad }): CountedItem => ({
        ...{ class: bad > 0 ? 'bad' : 'good', fromMs, toMs, good, bad },
        what: `Observations of ${service}`,
      })),
    };
  }

  /** Response and resolution: incidents or requests of a severity, by their clocks in support hours. */
  async #clocks(
    objective: ObjectiveOf<'response'> | ObjectiveOf<'resolution'>,
    services: readonly string[],
    basis: Basis,
  ): Promise<Figures> {
    const { frame, supportHours } = basis;
    const incidents = await this.#decidable(services, [objective.of], [objective.severity], basis);
    const isResponse = objective.type === 'response';
    const events = incidents.flatMap((incident) => {
      const clock = readClock({
        startMs: incident.clockedMs,
        stopMs: isResponse ? incident.respondedMs : incident.resolvedMs,
        pauses: isResponse ? [] : pausesOf(incident, basis.part.terms.pausedBy),
        hours: supportHours,
        limitMs: objective.within,
        nowMs: frame.nowMs,
      });
      const event = eventOf(`#${incident.id}`, clock);
      const what = `${incident.title}: ${lengthText(clock.elapsedMs)} of ${lengthText(objective.within)}`;
      return event ? [{ ...event, what }] : [];
    });
    return eventResult(evaluateEvents(shareOrMisses(objective), frame, events));
  }

  async #recovery(objective: ObjectiveOf<'recovery'>, services: readonly string[], basis: Basis): Promise<Figures> {
    const { frame } = basis;
    if (objective.within == null) return this.#age(objective, basis);
    const incidents = await this.#decidable(services, [objective.of], allSeverities, basis);
    const titles = new Map(incidents.map(({ id, title }) => [`#${id}`, title]));
    const result = evaluateRecoveries(
      { target: shareOrMisses(objective), limitMs: objective.within },
      frame,
      incidents.map(({ id, startedMs, resolvedMs }) => ({
        ...{ key: `#${id}`, startedMs, restoredMs: resolvedMs, exclusion: null },
      })),
    );
    return eventResult({
      ...result,
      pieces: result.pieces.map((piece) => ({
        ...piece,
        event: { ...piece.event, what: titles.get(piece.event.key) ?? piece.event.key },
      })),
    });
  }

  /** Age of the last good beat. */
  async #age(objective: ObjectiveOf<'recovery'>, basis: Basis): Promise<Figures> {
    const { frame, part } = basis;
    const maxAgeMs = objective.maxAge!;
    const probe = await this.heartbeats.find(objective.probe!);
    const fromMs = Math.max(frame.period.fromMs, frame.effective.fromMs) - maxAgeMs;
    const deaf = probe ? await this.heartbeats.deaf(probe.series, fromMs, frame.nowMs) : [];
    const goodMs = probe ? await this.counts.goodSlotsMs(probe.series, fromMs, frame.nowMs) : [];
    const result = evaluateAge(
      {
        maxAgeMs,
        target: objective.target == null ? one : ratioOfPercent(objective.target),
        minimumCoverage: ratioOfPercent(part.terms.counting.minimumCoverage),
      },
      frame,
      { key: objective.probe!, sinceMs: probe?.sinceMs ?? frame.nowMs, goodMs, deaf, exclusions: [] },
    );
    return {
      ...plain,
      ...{ judgement: result, unit: 'ms', coverage: result.coverage, isProven: result.isProven },
      ...{ time: result.figures, burn: result.burn, exhaustedAtMs: result.exhaustedAtMs, lines: result.lines },
    };
  }

  async #metric(objective: ObjectiveOf<'metric'>, { frame }: Basis): Promise<Figures> {
    const { metric, reading, atLeast, atMost, unit } = objective;
    const values = await this.metrics.values([metric], frame.period.fromMs, frame.period.toMs);
    const limit = atLeast == null ? { atMost: microsOf(atMost!) } : { atLeast: microsOf(atLeast) };
    const result = evaluateMetric({ reading, limit }, frame, values.get(metric) ?? []);
    const withUnit = (text: string) => (unit ? `${text} ${unit}` : text);
    return {
      ...plain,
      judgement: result,
      unit: 'micros',
      reached: result.value && withUnit(decimalOf(floor(result.value))),
      events: { total: result.count, bad: 0 },
      items: result.pieces.map(({ atMs, micros, isDecisive }) => ({
        ...{ class: isDecisive ? 'counted' : 'good', fromMs: atMs, toMs: null, good: 0, bad: 0 },
        what: withUnit(decimalOf(micros)),
      })),
    };
  }

  async #decidable(
    services: readonly string[],
    kinds: readonly ClockedIncident['kind'][],
    severities: readonly number[],
    { frame, lines }: Basis,
  ): Promise<ClockedIncident[]> {
    const serviceIds = services.flatMap((key) => lines.get(key)?.id ?? []);
    const { fromMs, toMs } = frame.period;
    return this.incidents.decidable({ serviceIds, kinds: [...kinds], severities: [...severities], fromMs, toMs });
  }
}

/** Outages at the edges of a period are read whole as far as they reach over this. */
const edgeMs = 2 * dayMs;
const allSeverities = [1, 2, 3, 4, 5];

const linesAmong = (services: readonly string[], { lines }: Basis): ServiceLine[] =>
  services.flatMap((key) => lines.get(key) ?? []);

type ShareOrMisses = Pick<ObjectiveOf<'response'>, 'target' | 'allowMisses'>;
const shareOrMisses = ({ target, allowMisses }: ShareOrMisses): Target =>
  target == null ? { allowMisses: allowMisses! } : { ratio: ratioOfPercent(target) };

/** Waiting that the agreement lets stop the clock, and the time before it was reopened. */
function pausesOf({ pauses }: ClockedIncident, reasons: readonly string[]): Span[] {
  return pauses
    .filter(({ reason }) => reason === 'resolved' || reasons.includes(reason))
    .map(({ fromMs, toMs }) => ({ fromMs, toMs: toMs ?? Infinity }));
}

function eventResult(result: EventResult<DecidedEvent & { what: string }>): Figures {
  const { good, bad, total } = result.figures;
  return {
    ...plain,
    judgement: result,
    unit: 'events',
    reached: `${good} of ${total} in time`,
    events: { total, bad },
    items: result.pieces.map(({ class: kind, event }) => ({
      ...{ class: kind, fromMs: event.decidedMs, toMs: null, what: `${event.key} ${event.what}` },
      good: kind === 'good' ? 1 : 0,
      bad: kind === 'bad' ? 1 : 0,
    })),
  };
}

const sumOrNull = (numbers: readonly (number | null)[]): number | null =>
  numbers.reduce<number | null>((sum, one) => (sum === null || one === null ? null : sum + one), 0);
