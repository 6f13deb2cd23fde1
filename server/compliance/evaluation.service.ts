import { Injectable } from '@nestjs/common';
import { servicesOfObjective } from '../agreements/agreements.service.ts';
import { CalendarsService } from '../catalog/calendars.service.ts';
import type { ObjectiveInput } from '../contract/agreements.ts';
import type { ServiceHours } from '../domain/calendar.ts';
import type { Span } from '../domain/spans.ts';
import { IncidentsService, type ClockedIncident } from '../incidents/incidents.service.ts';
import { correctionsOf, type KnownCorrections } from './correction-scope.ts';
import type { Evaluated, Figures } from './evaluated.ts';
import {
  agreedTime,
  idsAmong,
  linesAmong,
  linesWithin,
  type Basis,
  type ObjectiveBasis,
  type ObjectivePeriod,
} from './evaluation-basis.ts';
import { clockFigures, metricFigures, recoveryFigures } from './event-figures.ts';
import { reachOf, type AskedPeriod, type JudgedPart, type JudgedTerms } from './judged-parts.ts';
import { MetricValuesService } from './metric-values.service.ts';
import { ObservationFiguresService } from './observation-figures.service.ts';
import { ServiceLinesService, type ServiceLine } from './service-lines.service.ts';
import { availability, outage } from './time-figures.ts';

type NamedObjective = readonly [key: string, objective: ObjectiveInput];

/** Evaluates the objectives of an agreement from what was measured and recorded. */
@Injectable()
export class EvaluationService {
  constructor(
    readonly calendars: CalendarsService,
    readonly serviceLines: ServiceLinesService,
    readonly observed: ObservationFiguresService,
    readonly incidents: IncidentsService,
    readonly metrics: MetricValuesService,
  ) {}

  /** Every objective of a part, or those of some keys, over a period as it is known at an instant. */
  async evaluate(
    part: JudgedPart<JudgedTerms>,
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
    part: JudgedPart<JudgedTerms>,
    period: AskedPeriod,
    nowMs: number,
    asked: readonly NamedObjective[],
    horizonMs = nowMs,
  ): Promise<Basis> {
    const [basis] = await this.bases(part, [period], nowMs, asked, horizonMs);
    return basis!;
  }

  /** The same for several periods, read together. */
  async bases(
    part: JudgedPart<JudgedTerms>,
    periods: readonly AskedPeriod[],
    nowMs: number,
    asked: readonly NamedObjective[],
    horizonMs = nowMs,
  ): Promise<Basis[]> {
    const { terms, effective, snapshot } = part;
    const hours = await this.hours(terms.calendar, snapshot);
    const supportHours = await this.hours(terms.supportCalendar, snapshot);
    const keys = [...new Set(asked.flatMap(([, objective]) => servicesOfObjective(terms, objective)))];
    const objectives = asked.map(([, objective]) => objective);
    const whole = hullOf(periods);
    const reach = hullOf(periods.map(reachOf));
    const untilMs = Math.max(whole.toMs, horizonMs);
    // What a batch tells may begin a moment ahead of now: whoever looks ahead must know it too.
    const readToMs = Math.min(reach.toMs, Math.max(nowMs, horizonMs));
    const lines = await this.serviceLines.of(keys, { fromMs: reach.fromMs, toMs: readToMs, untilMs }, snapshot);
    const incidents = await this.#incidents(objectives, lines, whole);
    const metrics = objectives.flatMap((objective) => (objective.type === 'metric' ? [objective.metric] : []));
    const values =
      metrics.length > 0 ? await this.metrics.values(metrics, whole.fromMs, untilMs) : new Map<string, never>();
    return periods.map((period) => ({
      ...{ part, supportHours, incidents, values, ...agreedTime(effective, period, hours, nowMs) },
      lines: periods.length === 1 ? lines : linesWithin(lines, reachOf(period), period.toMs),
    }));
  }

  /** Hours as both parties signed them; where nobody has, as they are now. Null without a calendar: around the clock. */
  async hours(
    key: string | null | undefined,
    snapshot: JudgedPart<JudgedTerms>['snapshot'],
  ): Promise<ServiceHours | null> {
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
    const [evaluated] = await this.periodsOf(key, objective, [{ basis, corrections }]);
    return evaluated!;
  }

  /** The same over several periods of a part, with what is left to read of them read together. */
  async periodsOf(key: string, objective: ObjectiveInput, periods: readonly ObjectivePeriod[]): Promise<Evaluated[]> {
    const terms = periods[0]?.basis.part.terms;
    if (!terms) return [];
    const services = servicesOfObjective(terms, objective);
    const bases = periods.map(({ basis, corrections }) => ({ ...basis, corrected: corrections.approved }));
    const figures = await this.#figures(objective, services, bases);
    return periods.map(({ corrections }, at) => ({ key, objective, services, corrections, ...figures[at]! }));
  }

  #figures(
    objective: ObjectiveInput,
    services: readonly string[],
    bases: readonly ObjectiveBasis[],
  ): Promise<Figures[]> | Figures[] {
    switch (objective.type) {
      case 'availability':
        return bases.map((basis) => availability(objective, linesAmong(services, basis), basis));
      case 'outage':
        return bases.map((basis) => outage(objective, linesAmong(services, basis), basis));
      case 'success':
      case 'latency':
        return this.observed.observations(objective, services, bases);
      case 'response':
      case 'resolution':
        return bases.map((basis) => clockFigures(objective, idsAmong(services, basis), basis));
      case 'recovery':
        return objective.within == null
          ? this.observed.ages(objective, bases)
          : bases.map((basis) => recoveryFigures(objective, idsAmong(services, basis), basis));
      case 'metric':
        return bases.map((basis) => metricFigures(objective, basis));
    }
  }
}

const allSeverities = [1, 2, 3, 4, 5];

/** From the beginning of the first to the end of the last. */
const hullOf = (spans: readonly Span[]): Span => ({
  fromMs: Math.min(...spans.map(({ fromMs }) => fromMs)),
  toMs: Math.max(...spans.map(({ toMs }) => toMs)),
});

/** Which sort of incidents an objective counts; null where it counts none. */
const kindOf = (objective: ObjectiveInput): ClockedIncident['kind'] | null =>
  'of' in objective && objective.within != null ? objective.of : null;
