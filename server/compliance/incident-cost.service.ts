import { Injectable } from '@nestjs/common';
import { SteadyClock } from '../../probes/support/clock.ts';
import {
  AgreementsService,
  currentTerms,
  servicesOfObjective,
  type AgreementTerms,
} from '../agreements/agreements.service.ts';
import type { IncidentCost, PromiseCost } from '../contract/incident-cost.ts';
import { objectiveTitle } from '../contract/objective-words.ts';
import { lengthMs, type Span, within } from '../domain/spans.ts';
import { IncidentsService } from '../incidents/incidents.service.ts';
import { knownOf } from './correction-scope.ts';
import { CorrectionsRepository } from './corrections.repository.ts';
import type { Evaluated } from './evaluated.ts';
import { EvaluationService } from './evaluation.service.ts';
import { askedPeriod, partsOf, reachOf } from './judged-parts.ts';
import { isoOf, periodView, resultView } from './result-view.ts';

/** An incident may be about everything there is: so many agreements are worked out. */
const mostAgreements = 30;

/** Says what an incident took of the budgets of promises about its services. */
@Injectable()
export class IncidentCostService {
  constructor(
    readonly incidents: IncidentsService,
    readonly agreements: AgreementsService,
    readonly evaluation: EvaluationService,
    readonly corrections: CorrectionsRepository,
    readonly clock: SteadyClock,
  ) {}

  /** @throws Problem not-found */
  async of(id: number): Promise<IncidentCost> {
    const nowMs = Math.floor(this.clock.now());
    const { services, startedAt, resolvedAt } = await this.incidents.get(id);
    const keys = new Set(services.map(({ key }) => key));
    const toMs = Math.min(nowMs, resolvedAt === null ? nowMs : Date.parse(resolvedAt));
    const span = { fromMs: Math.min(Date.parse(startedAt), toMs), toMs };
    const about = keys.size > 0 ? await this.agreements.about([...keys]) : [];
    const promises: PromiseCost[] = [];
    for (const agreement of about.slice(0, mostAgreements)) {
      const costs = await this.#ofAgreement(agreement, keys, span, nowMs);
      promises.push(...costs.map((cost) => ({ ...cost, isGrowing: cost.isGrowing && resolvedAt === null })));
    }
    return { asOf: isoOf(nowMs), promises, more: Math.max(0, about.length - mostAgreements) };
  }

  async #ofAgreement(
    agreement: AgreementTerms,
    services: ReadonlySet<string>,
    span: Span,
    nowMs: number,
  ): Promise<PromiseCost[]> {
    const isRolling = currentTerms(agreement).period.startsWith('rolling-');
    const period = askedPeriod(agreement, {}, isRolling ? nowMs : span.toMs);
    const part = partsOf(agreement, period).findLast(
      ({ effective }) => effective.fromMs <= span.toMs && span.toMs < effective.toMs,
    );
    if (!part) return [];
    const touched = Object.entries(part.terms.objectives).flatMap(([key, objective]) =>
      objective.type === 'availability' &&
      servicesOfObjective(part.terms, objective).some((service) => services.has(service))
        ? [key]
        : [],
    );
    if (touched.length === 0) return [];
    const known = knownOf(await this.corrections.inForce(agreement.id, reachOf(period)));
    const results = await this.evaluation.evaluate(part, period, nowMs, known, touched);
    return results.map((result): PromiseCost => {
      const { promise, verdict, budget } = resultView(result, part.terms.counting.upstream === 'excused');
      return {
        ...{ agreement: agreement.key, agreementTitle: part.terms.title, basis: part.basis },
        ...{
          objective: result.key,
          title: objectiveTitle(result.key, result.objective),
          promise,
          period: periodView(period, nowMs),
          verdict,
        },
        ...{ costSeconds: badMs(result, span) / 1_000, isGrowing: result.isLosing },
        ...{ budgetSeconds: budget.seconds, leftSeconds: budget.leftSeconds },
      };
    });
  }
}

/** Bad time in a span: that of the line, or the average of the lines of several services. */
function badMs({ lines, objective }: Evaluated, { fromMs, toMs }: Span): number {
  const bad = lines.map((line) =>
    lengthMs(
      within(
        line.filter(({ isBad }) => isBad),
        fromMs,
        toMs,
      ),
    ),
  );
  const isAverage = objective.type === 'availability' && objective.combine === 'average';
  return bad.reduce((sum, ms) => sum + ms, 0) / (isAverage ? Math.max(1, bad.length) : 1);
}
