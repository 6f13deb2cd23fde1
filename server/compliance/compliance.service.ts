import { Injectable } from '@nestjs/common';
import { SteadyClock } from '../../probes/support/clock.ts';
import { AgreementsService, currentTerms, type AgreementTerms } from '../agreements/agreements.service.ts';
import type { Compliance, ComplianceQuery, Explanation, ObjectiveResult } from '../contract/compliance.ts';
import type { Period } from '../domain/period.ts';
import { ceilingView } from './ceiling-view.ts';
import { notedSpans } from './correction-notes.ts';
import { correctionsOf, knownOf, type KnownCorrections } from './correction-scope.ts';
import { CorrectionsRepository, type StoredCorrection } from './corrections.repository.ts';
import { EvaluationService } from './evaluation.service.ts';
import { eventsView, explanationView } from './explanation-view.ts';
import {
  askedInstantMs,
  askedPeriod,
  partsOf,
  partWith,
  reachOf,
  type AskedPeriod,
  type JudgedPart,
} from './judged-parts.ts';
import { isBehind, isoOf, linesView, periodView, resultView, spanView } from './result-view.ts';
import { runningCompliance, runningResults } from './running-compliance.ts';
import type { StoredRunning } from './running-figures.repository.ts';
import { RunningFiguresService } from './running-figures.service.ts';

/** What one version of an agreement came to in a period, with everything that its figures are made of. */
export interface Evidence {
  part: JudgedPart;
  /** When it was in force, within the period. */
  from: string;
  to: string;
  objectives: { result: ObjectiveResult; lines: Explanation['lines']; events: Explanation['events'] }[];
}

/** How agreements stand, and why. */
@Injectable()
export class ComplianceService {
  constructor(
    readonly agreements: AgreementsService,
    readonly evaluation: EvaluationService,
    readonly corrections: CorrectionsRepository,
    readonly running: RunningFiguresService,
    readonly clock: SteadyClock,
  ) {}

  /** @throws Problem not-found, invalid-input */
  async of(key: string, query: ComplianceQuery): Promise<Compliance> {
    const nowMs = askedInstantMs(query, this.clock.now());
    const isPresent = Object.values(query).every((asked) => asked === undefined);
    const running = isPresent ? await this.running.of(key, nowMs) : null;
    return (running && runningCompliance(running, nowMs)) ?? this.#evaluated(key, query, nowMs, running);
  }

  async #evaluated(
    key: string,
    query: ComplianceQuery,
    nowMs: number,
    running: StoredRunning | null,
  ): Promise<Compliance> {
    const agreement = await this.agreements.termsOf(key);
    const period = askedPeriod(agreement, query, nowMs);
    const judged = partsOf(agreement, period);
    const parts = await Promise.all(
      judged.map(async (part) => ({
        version: part.version,
        basis: part.basis,
        ...spanView(part.effective, period),
        objectives: await this.#objectives(agreement, part, period, nowMs, runningResults(running, part, nowMs)),
      })),
    );
    const terms = currentTerms(agreement);
    const { title, provider, customer } = terms;
    const last = parts.at(-1)!;
    return {
      ...{ agreement: key, title, provider, customer },
      period: periodView(period, nowMs),
      asOf: isoOf(nowMs),
      ...{ basis: last.basis, version: last.version, objectives: last.objectives },
      parts,
      isOver: judged.every((part) => isBehind(part.version, part.effective, period)),
      ceiling: ceilingView(terms, await this.agreements.objectivesBelow(terms)),
    };
  }

  /** Of the newest terms that hold in the period. @throws Problem not-found, invalid-input */
  async explain(key: string, objective: string, query: ComplianceQuery): Promise<Explanation> {
    const agreement = await this.agreements.termsOf(key);
    const nowMs = askedInstantMs(query, this.clock.now());
    const period = askedPeriod(agreement, query, nowMs);
    const part = partWith(agreement, period, objective);
    const known = await this.#corrections(agreement, period);
    const [result] = await this.evaluation.evaluate(part, period, nowMs, known, [objective]);
    return explanationView(result!, correctionsOf(known, objective, part, period), { part, period, nowMs });
  }

  /** Everything that a period rests on as it was known at an instant, for each version that was in force in it. */
  async evidence(agreement: AgreementTerms, period: Period, asOfMs: number): Promise<Evidence[]> {
    const asked = { ...period, isRolling: false };
    const known = await this.#corrections(agreement, asked);
    const inForce = partsOf(agreement, period).filter(({ version }) => version !== null);
    const evidence: Evidence[] = [];
    for (const part of inForce) {
      const { counting } = part.terms;
      const results = await this.evaluation.evaluate(part, asked, asOfMs, known);
      evidence.push({
        part,
        ...spanView(part.effective, asked),
        objectives: results.map((result) => ({
          result: resultView(result, counting.upstream === 'excused'),
          lines: linesView(result, counting, notedSpans(correctionsOf(known, result.key, part, asked))),
          events: eventsView(result),
        })),
      });
    }
    return evidence;
  }

  /** Those that are known as they go on, and the others as they are evaluated. */
  async #objectives(
    agreement: AgreementTerms,
    part: JudgedPart,
    period: AskedPeriod,
    nowMs: number,
    results: Map<string, ObjectiveResult>,
  ): Promise<ObjectiveResult[]> {
    const keys = Object.keys(part.terms.objectives);
    const others = keys.filter((key) => !results.has(key));
    if (others.length > 0) {
      const known = await this.#corrections(agreement, period);
      for (const result of await this.evaluation.evaluate(part, period, nowMs, known, others))
        results.set(result.key, resultView(result, part.terms.counting.upstream === 'excused'));
    }
    return keys.map((key) => results.get(key)!);
  }

  /** What is laid over what was measured, and what may be. */
  async #corrections({ id }: AgreementTerms, period: AskedPeriod): Promise<KnownCorrections<StoredCorrection>> {
    return knownOf(await this.corrections.inForce(id, reachOf(period)));
  }
}
