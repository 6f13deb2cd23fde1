import { Injectable } from '@nestjs/common';
import {
  AgreementsService,
  currentTerms,
  referenceParts,
  servicesOfObjective,
  type AgreementTerms,
} from '../agreements/agreements.service.ts';
import type { ObjectiveInput } from '../contract/agreements.ts';
import { minuteMs } from '../domain/durations.ts';
import { timeCourse } from '../domain/running-time.ts';
import type { Span } from '../domain/spans.ts';
import { ceilingView } from './ceiling-view.ts';
import { correctionsOf, knownOf, type KnownCorrections } from './correction-scope.ts';
import { CorrectionsRepository } from './corrections.repository.ts';
import { countedLines, excusedSpans, upstreamSpans } from './counted-lines.ts';
import { linesAmong, type Basis } from './evaluation-basis.ts';
import { EvaluationService } from './evaluation.service.ts';
import { horizonOf, isTurnNear } from './horizon.ts';
import { askedPeriod, partsOf, reachOf, type AskedPeriod, type JudgedPart } from './judged-parts.ts';
import { resultView } from './result-view.ts';
import { isStepwise, type RunningFigure } from './running-course.ts';
import { subjectOf } from './running-subjects.ts';
import { timeObjective } from './time-figures.ts';
import type { ToldAgreement, ToldObjective, ToldPart } from './told-agreement.ts';

/** How an agreement goes on from an instant, if nothing happens. */
export interface RunningAgreement {
  readonly told: ToldAgreement;
  readonly figures: readonly RunningFigure[];
  readonly restsOn: readonly string[];
  /** When to evaluate it anew, before the figures run out. */
  readonly refreshMs: number;
}

/** What changes with every observation is counted anew so often: the longer its period the less one step matters. */
const stepOf = ({ fromMs, toMs }: Span): number =>
  Math.min(15 * minuteMs, Math.max(minuteMs, Math.floor((toMs - fromMs) / 10_000)));
/** It is told for longer, so that counting may be late. */
const stepsHeld = 5;
/** Figures are made anew when half of their time has passed, but not for less than this. */
const leastAheadMs = minuteMs;

/** An objective from the evaluation on: what is told of it, and its stretches; `refreshMs`: when it is to be made anew. */
interface Running {
  told: ToldObjective;
  figures: Omit<RunningFigure, 'part' | 'place'>[];
  refreshMs: number;
}

/** All objectives from an instant on, for as long as the same period and versions hold. */
interface Stage {
  untilMs: number;
  parts: ToldPart[];
  /** Those of each part. */
  running: Running[][];
}

/** Evaluates agreements for all instants until something happens. */
@Injectable()
export class RunningEvaluationService {
  constructor(
    readonly evaluation: EvaluationService,
    readonly corrections: CorrectionsRepository,
    readonly agreements: AgreementsService,
  ) {}

  async of(agreement: AgreementTerms, nowMs: number): Promise<RunningAgreement> {
    const terms = currentTerms(agreement);
    const { title, provider, customer } = terms;
    const below = await this.agreements.objectivesBelow(terms);
    const rests = [agreement.key, ...terms.restsOn.map((reference) => referenceParts(reference).agreement)];
    const restsOn = new Set(rests.map(subjectOf.agreement));
    const now = await this.#stage(agreement, nowMs, restsOn);
    const turnMs = isTurnNear(now.untilMs, nowMs) ? now.untilMs : null;
    const stages = turnMs === null ? [now] : [now, await this.#stage(agreement, turnMs, restsOn)];
    const running = stages.flatMap((stage) => stage.running);
    // What is known up to the turn goes on behind it: nothing is to be made anew before.
    const goesOn = ({ figures, refreshMs }: Running): boolean =>
      refreshMs === turnMs || (figures.at(-1)!.untilMs === turnMs && !isStepwise(figures.at(-1)!));
    const refreshes = running.flat().flatMap((one) => (goesOn(one) ? [] : one.refreshMs));
    return {
      told: {
        ...{ title, provider, customer, ceiling: ceilingView(terms, below) },
        parts: stages.flatMap(({ parts }) => parts),
        turn: turnMs === null ? null : { atMs: turnMs, first: now.parts.length },
      },
      figures: running.flatMap((objectives, part) =>
        objectives.flatMap(({ figures }, place) => figures.map((figure) => ({ part, place, ...figure }))),
      ),
      restsOn: [...restsOn],
      refreshMs: Math.min(...refreshes),
    };
  }

  async #stage(agreement: AgreementTerms, nowMs: number, restsOn: Set<string>): Promise<Stage> {
    const period = askedPeriod(agreement, {}, nowMs);
    const corrections = knownOf(await this.corrections.inForce(agreement.id, reachOf(period)));
    const stage: Stage = { untilMs: horizonOf(agreement, period, nowMs), parts: [], running: [] };
    for (const part of partsOf(agreement, period)) {
      const running = await this.#part(part, period, nowMs, corrections, stage.untilMs, restsOn);
      const { version, basis, terms, effective } = part;
      stage.parts.push({
        ...{ version, basis, period, counting: terms.counting },
        ...{ fromMs: effective.fromMs, toMs: effective.toMs === Infinity ? null : effective.toMs },
        objectives: running.map(({ told }) => told),
      });
      stage.running.push(running);
    }
    return stage;
  }

  async #part(
    part: JudgedPart,
    period: AskedPeriod,
    nowMs: number,
    known: KnownCorrections,
    horizonMs: number,
    restsOn: Set<string>,
  ): Promise<Running[]> {
    const { terms } = part;
    const asked = Object.entries(terms.objectives);
    const basis = await this.evaluation.basis(part, period, nowMs, asked, horizonMs);
    for (const key of [terms.calendar, terms.supportCalendar]) if (key) restsOn.add(subjectOf.calendar(key));
    for (const { id, upstream } of basis.lines.values())
      for (const each of [id, ...upstream.map((below) => below.id)]) restsOn.add(subjectOf.service(each));
    const running: Running[] = [];
    for (const [key, objective] of asked) {
      if (objective.type === 'metric') restsOn.add(subjectOf.metric(objective.metric));
      const corrections = correctionsOf(known, key, part, period);
      running.push(
        evenly(key, objective, corrections, basis, horizonMs) ??
          (await this.#stepwise(key, objective, corrections, basis, horizonMs)),
      );
    }
    return running;
  }

  /** What stays until something happens, or is known for the instant alone. */
  async #stepwise(
    key: string,
    objective: ObjectiveInput,
    corrections: KnownCorrections,
    basis: Basis,
    horizonMs: number,
  ): Promise<Running> {
    const { nowMs } = basis.frame;
    const evaluated = await this.evaluation.objective(key, objective, corrections, basis);
    const result = resultView(evaluated, basis.part.terms.counting.upstream === 'excused');
    const isStep = evaluated.stillUntilMs === null;
    const stepMs = stepOf(basis.frame.period);
    const untilMs = Math.max(nowMs + 1, Math.min(horizonMs, evaluated.stillUntilMs ?? nowMs + stepsHeld * stepMs));
    return {
      told: { key, objective, services: [...evaluated.services], isDisputed: result.disputed, ahead: [], below: [] },
      figures: [{ fromMs: nowMs, untilMs, course: { result, isStep } }],
      refreshMs: isStep ? Math.min(untilMs, nowMs + stepMs) : untilMs < horizonMs ? untilMs : aheadOf(untilMs, nowMs),
    };
  }
}

function aheadOf(untilMs: number, nowMs: number): number {
  const leftMs = untilMs - nowMs;
  return leftMs > leastAheadMs ? nowMs + Math.floor(leftMs / 2) : untilMs;
}

/** Availability grows evenly from edge to edge; null for what does not. */
function evenly(
  key: string,
  objective: ObjectiveInput,
  { approved, open }: KnownCorrections,
  basis: Basis,
  horizonMs: number,
): Running | null {
  const { part, frame, agreed } = basis;
  const { counting } = part.terms;
  // The allowance of rolling days comes back as windows leave them: what it excuses changes in the middle of the line.
  const isShifting = frame.isRolling && counting.maintenanceAllowance != null;
  if (objective.type !== 'availability' || isShifting || frame.nowMs >= horizonMs) return null;
  const services = servicesOfObjective(part.terms, objective);
  const lines = linesAmong(services, basis);
  const below = [...new Set(lines.flatMap(({ upstream }) => upstream.map((each) => each.key)))];
  const { stretches, ahead } = timeCourse({
    objective: timeObjective(objective, counting),
    frame,
    services: countedLines(lines, part, agreed, approved),
    horizonMs,
    alsoOf: (pieces) => {
      const shares = upstreamSpans(pieces, lines, counting.tail);
      const excused = excusedSpans(pieces, lines);
      return [...below.map((each) => shares.get(each)!), ...below.map((each) => excused.get(each)!)];
    },
  });
  return {
    told: { key, objective, services, isDisputed: open.length > 0, ahead, below },
    figures: stretches.map(({ fromMs, toMs, sums, paces }) => ({ fromMs, untilMs: toMs, course: { sums, paces } })),
    refreshMs: aheadOf(stretches.at(-1)!.toMs, frame.nowMs),
  };
}
