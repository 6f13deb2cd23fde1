import { Injectable } from '@nestjs/common';
import { SteadyClock } from '../../probes/support/clock.ts';
import { AgreementsService, currentTerms, type AgreementTerms } from '../agreements/agreements.service.ts';
import type { Compliance, ComplianceQuery, Explanation, ObjectiveResult } from '../contract/compliance.ts';
import { suggestion } from '../contract/suggestion.ts';
import { ceilingOf } from '../domain/attribution.ts';
import type { Period } from '../domain/period.ts';
import { compareRatios, ratioOfPercent } from '../domain/ratio.ts';
import { Problem } from '../platform/problem.ts';
import { notedSpans } from './correction-notes.ts';
import { correctionsOf, type KnownCorrections } from './correction-scope.ts';
import { CorrectionsRepository, type StoredCorrection } from './corrections.repository.ts';
import type { Evaluated } from './evaluated.ts';
import { EvaluationService } from './evaluation.service.ts';
import { askedPeriod, partsOf, reachOf, type AskedPeriod, type JudgedPart } from './judged-parts.ts';
import { linesView, ratioView, resultView } from './result-view.ts';
import { runningResults } from './running-course.ts';
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
    const agreement = await this.agreements.termsOf(key);
    const nowMs = this.#nowMs(query);
    const period = askedPeriod(agreement, query, nowMs);
    const isPresent = Object.values(query).every((asked) => asked === undefined);
    const running = isPresent ? await this.running.of(key, nowMs) : null;
    const judged = partsOf(agreement, period);
    const parts = await Promise.all(
      judged.map(async (part, index) => ({
        version: part.version,
        basis: part.basis,
        ...spanView(part, period),
        objectives: await this.#objectives(agreement, part, period, nowMs, runningResults(running, index, nowMs)),
      })),
    );
    const { title, provider, customer } = currentTerms(agreement);
    const last = parts.at(-1)!;
    return {
      ...{ agreement: key, title, provider, customer },
      period: periodView(period, nowMs),
      asOf: iso(nowMs),
      ...{ basis: last.basis, version: last.version, objectives: last.objectives },
      parts,
      isOver: judged.every(({ version, effective }) => version === null && effective.toMs <= period.fromMs),
      ceiling: await this.#ceiling(agreement),
    };
  }

  /** Of the newest terms that hold in the period. @throws Problem not-found, invalid-input */
  async explain(key: string, objective: string, query: ComplianceQuery): Promise<Explanation> {
    const agreement = await this.agreements.termsOf(key);
    const nowMs = this.#nowMs(query);
    const period = askedPeriod(agreement, query, nowMs);
    const part = partsOf(agreement, period).findLast(({ terms }) => Object.hasOwn(terms.objectives, objective));
    if (!part) {
      const known = Object.keys(currentTerms(agreement).objectives);
      throw new Problem('not-found', `There is no objective "${objective}"${suggestion(objective, known)}`);
    }
    const known = await this.#corrections(agreement, period);
    const [result] = await this.evaluation.evaluate(part, period, nowMs, known, [objective]);
    const { counting } = part.terms;
    return {
      objective: resultView(result!, counting.upstream === 'excused'),
      period: periodView(period, nowMs),
      asOf: iso(nowMs),
      basis: part.basis,
      lines: linesView(result!, counting, notedSpans(correctionsOf(known, objective, part, period))),
      events: eventsView(result!),
    };
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
        ...spanView(part, asked),
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

  /** What the objectives that an agreement rests on let it promise, and which of its own promise more. */
  async #ceiling(agreement: AgreementTerms): Promise<Compliance['ceiling']> {
    const terms = currentTerms(agreement);
    const targets = (await this.agreements.objectivesBelow(terms)).flatMap(({ objective }) =>
      objective.type === 'availability' ? [ratioOfPercent(objective.target)] : [],
    );
    if (targets.length === 0) return null;
    const ceiling = ceilingOf(targets);
    const exceeding = Object.entries(terms.objectives).filter(
      ([, own]) => own.type === 'availability' && compareRatios(ratioOfPercent(own.target), ceiling) > 0,
    );
    return { ...ratioView(ceiling), exceededBy: exceeding.map(([name]) => name) };
  }

  /** What is laid over what was measured, and what may be. */
  async #corrections({ id }: AgreementTerms, period: AskedPeriod): Promise<KnownCorrections<StoredCorrection>> {
    const known = await this.corrections.inForce(id, reachOf(period));
    return {
      approved: known.filter(({ decision }) => decision !== null),
      open: known.filter(({ decision }) => decision === null),
    };
  }

  #nowMs({ at }: ComplianceQuery): number {
    const nowMs = Math.floor(this.clock.now());
    return at === undefined ? nowMs : Math.min(Date.parse(at), nowMs);
  }
}

const iso = (atMs: number): string => new Date(atMs).toISOString();

const eventsView = ({ items }: Evaluated): Explanation['events'] =>
  items.map(({ fromMs, toMs, ...item }) => ({
    ...item,
    from: iso(fromMs),
    to: toMs === null ? null : iso(toMs),
  }));

const periodView = ({ label, fromMs, toMs, isRolling }: AskedPeriod, nowMs: number) => ({
  ...{ label, from: iso(fromMs), to: iso(toMs) },
  closed: !isRolling && nowMs >= toMs,
});

const spanView = ({ effective }: JudgedPart, { fromMs, toMs }: AskedPeriod) => ({
  from: iso(Math.max(effective.fromMs, fromMs)),
  to: iso(Math.max(Math.max(effective.fromMs, fromMs), Math.min(effective.toMs, toMs))),
});
