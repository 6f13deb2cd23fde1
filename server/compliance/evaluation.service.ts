import { Injectable } from '@nestjs/common';
import { servicesOf } from '../agreements/agreements.service.ts';
import { CalendarsService } from '../catalog/calendars.service.ts';
import type { ObjectiveInput, ObjectiveOf } from '../contract/agreements.ts';
import type { ServiceHours } from '../domain/calendar.ts';
import { evaluateEvents, eventOf } from '../domain/event-objective.ts';
import { readClock } from '../domain/deadline-clock.ts';
import { lengthText } from '../domain/length-text.ts';
import { evaluateObservations, type ObservationMeasure } from '../domain/observation-objective.ts';
import { evaluateOutages, type OutageLimit } from '../domain/outage-objective.ts';
import { floor, multiply, ratioOf, ratioOfPercent } from '../domain/ratio.ts';
import { evaluateAge, evaluateRecoveries } from '../domain/recovery-objective.ts';
import { subtract, unionOf, within, type Spans } from '../domain/spans.ts';
import { evaluateTime, type TimeFrame } from '../domain/time-objective.ts';
import { recentShare, type Target } from '../domain/verdict.ts';
import { IncidentsService, type ClockedIncident } from '../incidents/incidents.service.ts';
import { ObservationCountsService } from '../probing/observation-counts.service.ts';
import { countedLines, lineCounting, upstreamShares } from './counted-lines.ts';
import { plain, type CountedItem, type Evaluated } from './evaluated.ts';
import type { AskedPeriod, JudgedPart } from './judged-parts.ts';
import { ServiceLinesService, type ServiceLine } from './service-lines.service.ts';

/** All that one evaluation of a part of an agreement rests on. */
interface Basis {
  part: JudgedPart;
  frame: TimeFrame;
  /** Null: around the clock. */
  supportHours: ServiceHours | null;
  lines: ReadonlyMap<string, ServiceLine>;
  /** Agreed time of the period, what is to come included. */
  agreed: Spans;
}

/** Evaluates the objectives of an agreement from what was measured and recorded. */
@Injectable()
export class EvaluationService {
  constructor(
    readonly calendars: CalendarsService,
    readonly serviceLines: ServiceLinesService,
    readonly counts: ObservationCountsService,
    readonly incidents: IncidentsService,
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
    const keys = [...new Set(asked.flatMap(([, objective]) => servicesOfObjective(objective, part)))];
    const agreedFromMs = Math.max(period.fromMs, effective.fromMs);
    const agreedToMs = Math.min(period.toMs, effective.toMs);
    const agreed = spansOf(hours, agreedFromMs, agreedToMs);
    // So much before the period is asked for as burn rates reach back, and outages at its edges are to be whole.
    const backMs = Math.max(Number(floor(multiply(recentShare, ratioOf(period.toMs - period.fromMs, 1)))), edgeMs);
    const lines = await this.serviceLines.of(keys, {
      fromMs: period.fromMs - backMs,
      toMs: Math.min(period.toMs + edgeMs, nowMs),
      untilMs: period.toMs,
    });
    return { part, frame, supportHours, lines, agreed };
  }

  #objective(key: string, objective: ObjectiveInput, basis: Basis): Promise<Evaluated> | Evaluated {
    const services = servicesOfObjective(objective, basis.part);
    const own = { key, objective, services };
    switch (objective.type) {
      case 'availability':
        return { ...own, ...availability(objective, services, basis) };
      case 'outage':
        return { ...own, ...outage(objective, services, basis) };
      case 'success':
      case 'latency':
        return this.#observations(objective, services, basis).then((result) => ({ ...own, ...result }));
      case 'response':
      case 'resolution':
        return this.#clocks(objective, services, basis).then((result) => ({ ...own, ...result }));
      case 'recovery':
        return this.#recovery(objective, services, basis).then((result) => ({ ...own, ...result }));
      case 'metric':
        return this.#metric(objective, basis).then((result) => ({ ...own, ...result }));
    }
  }
}
