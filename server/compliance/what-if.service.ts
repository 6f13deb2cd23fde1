import { Injectable } from '@nestjs/common';
import { SteadyClock } from '../../probes/support/clock.ts';
import { AgreementsService, servicesOfObjective } from '../agreements/agreements.service.ts';
import { CalendarsService } from '../catalog/calendars.service.ts';
import type { ComplianceQuery } from '../contract/compliance.ts';
import { parseInput } from '../contract/input-issues.ts';
import { mostOutages, whatIfInputSchema, type WhatIf, type WhatIfInput } from '../contract/what-if.ts';
import { correctedTimeline } from '../domain/corrections.ts';
import { isBadClass } from '../domain/objective-line.ts';
import { coveredMs } from '../domain/spans.ts';
import { invalidInput } from '../platform/input.pipe.ts';
import { invalidField } from '../platform/problem.ts';
import { correctionsOf, knownOf } from './correction-scope.ts';
import { CorrectionsRepository, type LaidCorrection } from './corrections.repository.ts';
import { lineCounting } from './counted-lines.ts';
import { agreedTime, linesAmong, type Basis } from './evaluation-basis.ts';
import { EvaluationService } from './evaluation.service.ts';
import { explanationView } from './explanation-view.ts';
import { askedInstantMs, askedPeriod, partWith, reachOf, type JudgedPart } from './judged-parts.ts';
import { isoOf, resultView } from './result-view.ts';
import { linesAsIf, supposableServices, supposableTerms, suppositionFaults, termsAsIf } from './supposition.ts';

/** What an objective would have come to had something been otherwise: judged as it always is, and stored nowhere. */
@Injectable()
export class WhatIfService {
  constructor(
    readonly agreements: AgreementsService,
    readonly evaluation: EvaluationService,
    readonly calendars: CalendarsService,
    readonly corrections: CorrectionsRepository,
    readonly clock: SteadyClock,
  ) {}

  /** @throws Problem not-found, invalid-input */
  async of(key: string, objectiveKey: string, query: ComplianceQuery, body: unknown): Promise<WhatIf> {
    const { value: input, issues } = parseInput(whatIfInputSchema, body ?? {});
    if (input === undefined) throw invalidInput(issues);
    const agreement = await this.agreements.termsOf(key);
    const nowMs = askedInstantMs(query, this.clock.now());
    const period = askedPeriod(agreement, query, nowMs);
    const part = partWith(agreement, period, objectiveKey);
    const objective = part.terms.objectives[objectiveKey]!;
    const services = servicesOfObjective(part.terms, objective);
    const faults = suppositionFaults(input, objective, services, nowMs);
    if (faults.length > 0) throw invalidInput(faults);
    const known = knownOf(await this.corrections.inForce(agreement.id, reachOf(period)));
    const corrections = correctionsOf(known, objectiveKey, part, period);
    const basis = await this.evaluation.basis(part, period, nowMs, [[objectiveKey, objective]]);
    const supposed = await this.#supposed(basis, part, objectiveKey, input);
    const { terms } = supposed.part;
    const before = await this.evaluation.objective(objectiveKey, objective, corrections, basis);
    const after = await this.evaluation.objective(objectiveKey, terms.objectives[objectiveKey]!, corrections, supposed);
    const supposable = supposableServices(objective, services);
    return {
      before: resultView(before, part.terms.counting.upstream === 'excused'),
      after: explanationView(after, corrections, { part: supposed.part, period, nowMs }),
      terms: supposableTerms(objective, part.terms),
      services: supposable,
      ...outagesIn(supposable, basis, corrections.approved),
    };
  }

  /** The same basis, with what is supposed laid over it. */
  async #supposed(
    basis: Basis,
    part: JudgedPart,
    objectiveKey: string,
    input: WhatIfInput,
  ): Promise<Basis & { part: JudgedPart }> {
    const { period, isRolling, effective, nowMs } = basis.frame;
    const { calendar } = input;
    const isOpenOtherwise = calendar !== undefined && calendar !== (part.terms.calendar ?? null);
    const time = isOpenOtherwise
      ? agreedTime(effective, { ...period, isRolling }, await this.#hours(part, calendar), nowMs)
      : {};
    return {
      ...basis,
      ...time,
      part: { ...part, terms: termsAsIf(part.terms, objectiveKey, input) },
      lines: linesAsIf(basis.lines, input.intervals),
    };
  }

  async #hours({ snapshot }: JudgedPart, calendar: string | null) {
    const hours = await this.evaluation.hours(calendar, snapshot);
    if (calendar !== null && hours === null) throw invalidField('calendar', `there is no calendar "${calendar}"`);
    return hours;
  }
}

/** Bad time of services as it was, where any of it is agreed: the longest, in order of time. */
function outagesIn(
  services: readonly string[],
  basis: Basis,
  approved: readonly LaidCorrection[],
): Pick<WhatIf, 'outages' | 'outagesLeftOut'> {
  const { agreed, frame, part } = basis;
  const counting = lineCounting(part.terms.counting);
  const found = linesAmong(services, basis).flatMap(({ id, key, timeline }) =>
    correctedTimeline(
      timeline,
      approved.filter(({ serviceId }) => serviceId === id),
    )
      .filter(({ state }) => isBadClass(state, counting))
      .map(({ fromMs, toMs, state }) => ({
        service: key,
        fromMs,
        toMs: Math.min(toMs ?? Infinity, frame.nowMs),
        state,
      }))
      .filter(({ fromMs, toMs }) => coveredMs(agreed, fromMs, toMs) > 0),
  );
  const longest = found.toSorted((a, b) => b.toMs - b.fromMs - (a.toMs - a.fromMs)).slice(0, mostOutages);
  return {
    outages: longest
      .sort((a, b) => a.fromMs - b.fromMs)
      .map(({ service, fromMs, toMs, state }) => ({ service, from: isoOf(fromMs), to: isoOf(toMs), state })),
    outagesLeftOut: found.length - longest.length,
  };
}
