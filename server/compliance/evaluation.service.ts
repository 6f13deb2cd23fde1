import { Injectable } from '@nestjs/common';
import { servicesOfObjective } from '../agreements/agreements.service.ts';
import { CalendarsService } from '../catalog/calendars.service.ts';
import type { ObjectiveInput, ObjectiveOf } from '../contract/agreements.ts';
import { openSpans, type ServiceHours } from '../domain/calendar.ts';
import { correctedExclusions } from '../domain/corrections.ts';
import { evaluateObservations, type ObservationMeasure } from '../domain/observation-objective.ts';
import { one, ratioOfPercent } from '../domain/ratio.ts';
import { evaluateAge } from '../domain/recovery-objective.ts';
import { subtract, unionOf, within, type Span } from '../domain/spans.ts';
import type { TimeFrame } from '../domain/time-objective.ts';
import { recentLengthMs } from '../domain/verdict.ts';
import { IncidentsService, type ClockedIncident } from '../incidents/incidents.service.ts';
import { ObservationCountsService } from '../probing/observation-counts.service.ts';
import { HeartbeatSeriesService } from '../probing/heartbeat-series.service.ts';
import { correctionsOf, type KnownCorrections } from './correction-scope.ts';
import { countedLines } from './counted-lines.ts';
import { plain, type CountedItem, type Evaluated, type Figures } from './evaluated.ts';
import { reachOf, type AskedPeriod, type JudgedPart } from './judged-parts.ts';
import { MetricValuesService } from './metric-values.service.ts';
import { ServiceLinesService, type ServiceLine } from './service-lines.service.ts';
import { availability, outage, type AgreedTime } from './time-figures.ts';
import { clockFigures, metricFigures, recoveryFigures, type Recorded } from './event-figures.ts';

/** All that one evaluation of a part of an agreement rests on. */
export interface Basis extends Omit<AgreedTime, 'corrected'>, Recorded {
  lines: ReadonlyMap<string, ServiceLine>;
}

/** The same for one of its objectives. */
type ObjectiveBasis = Basis & AgreedTime;

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

  /** Every objective of a part, or those of some keys, over a period as it is known at an instant. */
  async evaluate(
    part: JudgedPart,
    period: AskedPeriod,
    nowMs: number,
    known: KnownCorrections,
    only?: readonly string[],
  ): Promise<Evaluated[]> {
    const asked = Object.entries(part.terms.objectives).filter(([key]) => only?.includes(key) ?? true);
    const basis = await this.basis(part, period, nowMs, asked);
    const results: Evaluated[] = [];
    for (const [key, objective] of asked) {
      const corrections = correctionsOf(known, key, part, period);
      results.push(await this.objective(key, objective, corrections, basis));
    }
    return results;
  }

  /** What objectives rest on; announced maintenance is read on to the end of the period, or to a later horizon. */
  async basis(
    part: JudgedPart,
    period: AskedPeriod,
    nowMs: number,
    asked: readonly [string, ObjectiveInput][],
    horizonMs = nowMs,
  ): Promise<Basis> {
    const { terms, effective } = part;
    const hours = await this.#hours(terms.calendar, part.snapshot);
    const supportHours = await this.#hours(terms.supportCalendar, part.snapshot);
    const frame: TimeFrame = { period, isRolling: period.isRolling, effective, hours, nowMs };
    const keys = [...new Set(asked.flatMap(([, objective]) => servicesOfObjective(part.terms, objective)))];
    const agreedFromMs = Math.max(period.fromMs, effective.fromMs);
    const agreedToMs = Math.min(period.toMs, effective.toMs);
    const agreed = openSpans(hours, agreedFromMs, agreedToMs);
    const { fromMs, toMs } = reachOf(period);
    // What a batch tells may begin a moment ahead of now: whoever looks ahead must know it too.
    const span = {
      fromMs,
      toMs: Math.min(toMs, Math.max(nowMs, horizonMs)),
      untilMs: Math.max(period.toMs, horizonMs),
    };
    const lines = await this.serviceLines.of(keys, span, part.snapshot);
    const objectives = asked.map(([, objective]) => objective);
    const incidents = await this.#incidents(objectives, lines, period);
    const metrics = objectives.flatMap((objective) => (objective.type === 'metric' ? [objective.metric] : []));
    const values =
      metrics.length > 0
        ? await this.metrics.values(metrics, period.fromMs, Math.max(period.toMs, horizonMs))
        : new Map<string, never>();
    return { part, frame, supportHours, lines, agreed, incidents, values };
  }

  /** Hours as both parties signed them; where nobody has, as they are now. */
  async #hours(key: string | null | undefined, snapshot: JudgedPart['snapshot']): Promise<ServiceHours | null> {
    if (!key) return null;
    const signed = snapshot?.calendars[key];
    return signed ? this.calendars.hoursOf(signed) : this.calendars.hours(key);
  }

  async #incidents(
    objectives: readonly ObjectiveInput[],
    lines: ReadonlyMap<string, ServiceLine>,
    { fromMs, toMs }: Span,
  ): Promise<ClockedIncident[]> {
    const kinds = [...new Set(objectives.flatMap((objective) => kindOf(objective) ?? []))];
    if (kinds.length === 0) return [];
    const serviceIds = [...lines.values()].map(({ id }) => id);
    return this.incidents.decidable({ serviceIds, kinds, severities: allSeverities, fromMs, toMs });
  }

  /** Evaluates one objective from what was read. */
  async objective(
    key: string,
    objective: ObjectiveInput,
    corrections: KnownCorrections,
    basis: Basis,
  ): Promise<Evaluated> {
    const services = servicesOfObjective(basis.part.terms, objective);
    const figures = await this.#figures(objective, services, { ...basis, corrected: corrections.approved });
    return { key, objective, services, corrections, ...figures };
  }

  #figures(objective: ObjectiveInput, services: readonly string[], basis: ObjectiveBasis): Promise<Figures> | Figures {
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
        return clockFigures(objective, idsOf(services, basis), basis);
      case 'recovery':
        return objective.within == null
          ? this.#age(objective, basis)
          : recoveryFigures(objective, idsOf(services, basis), basis);
      case 'metric':
        return metricFigures(objective, basis);
    }
  }

  /** Success and latency: observations in agreed time without what is excluded. */
  async #observations(
    objective: ObjectiveOf<'success'> | ObjectiveOf<'latency'>,
    services: readonly string[],
    basis: ObjectiveBasis,
  ): Promise<Figures> {
    const { part, frame } = basis;
    const { terms } = part;
    const lines = linesAmong(services, basis);
    const counted = countedLines(lines, part, basis.agreed, basis.corrected);
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

  /** Age of the last good beat. */
  async #age(objective: ObjectiveOf<'recovery'>, basis: ObjectiveBasis): Promise<Figures> {
    const { frame, part, corrected } = basis;
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
      {
        key: objective.probe!,
        sinceMs: probe?.sinceMs ?? frame.nowMs,
        goodMs,
        deaf,
        exclusions: correctedExclusions([], corrected),
      },
    );
    return {
      ...plain,
      ...{ judgement: result, unit: 'ms', coverage: result.coverage, isProven: result.isProven },
      ...{ time: result.figures, burn: result.burn, exhaustedAtMs: result.exhaustedAtMs, lines: result.lines },
    };
  }
}

const allSeverities = [1, 2, 3, 4, 5];

/** Which sort of incidents an objective counts; null where it counts none. */
const kindOf = (objective: ObjectiveInput): ClockedIncident['kind'] | null =>
  'of' in objective && objective.within != null ? objective.of : null;

export const linesAmong = (services: readonly string[], { lines }: Pick<Basis, 'lines'>): ServiceLine[] =>
  services.flatMap((key) => lines.get(key) ?? []);

const idsOf = (services: readonly string[], basis: Basis): Set<number> =>
  new Set(linesAmong(services, basis).map(({ id }) => id));

const sumOrNull = (numbers: readonly (number | null)[]): number | null =>
  numbers.reduce<number | null>((sum, one) => (sum === null || one === null ? null : sum + one), 0);
