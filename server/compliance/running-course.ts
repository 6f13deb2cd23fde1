/** How an objective goes on while nothing happens, as it is stored, and what that comes to at an instant. */
import type { AgreementStatus, Counting, ObjectiveInput } from '../contract/agreements.ts';
import type { ObjectiveGist, ObjectiveResult } from '../contract/compliance.ts';
import { momentOf } from '../domain/running-time.ts';
import type { Spans } from '../domain/spans.ts';
import { judgeTime } from '../domain/time-objective.ts';
import type { Told } from './evaluated.ts';
import type { AskedPeriod } from './judged-parts.ts';
import { gistView, toldView } from './result-view.ts';
import { timeFigures, timeObjective } from './time-figures.ts';

interface EvenCourse {
  readonly sums: readonly number[];
  readonly paces: readonly number[];
}

/** In one stretch: sums that grow evenly, or a result that stays; `isStep`: it is known at the beginning alone. */
export type Course = EvenCourse | { readonly result: ObjectiveResult; readonly isStep: boolean };

export interface RunningFigure {
  readonly part: number;
  readonly place: number;
  readonly fromMs: number;
  readonly untilMs: number;
  readonly course: Course;
}

/** What is told of an objective whatever the instant. */
export interface ToldObjective {
  readonly key: string;
  readonly objective: ObjectiveInput;
  readonly services: readonly string[];
  readonly isDisputed: boolean;
  /** Agreed time to come; empty where it decides nothing. */
  readonly ahead: readonly Spans[];
  /** Services below, whose share of the bad time, and then of the excused time, follow the sums of the objective. */
  readonly below: readonly string[];
}

export interface ToldPart {
  readonly version: number | null;
  readonly basis: AgreementStatus;
  /** When it holds; null without an end. */
  readonly fromMs: number;
  readonly toMs: number | null;
  /** Of rolling days as it was at the evaluation. */
  readonly period: AskedPeriod;
  readonly counting: Counting;
  readonly objectives: readonly ToldObjective[];
}

export interface ToldAgreement {
  readonly title: string;
  readonly provider: string;
  readonly customer: string;
  readonly parts: readonly ToldPart[];
}

/** The versions that hold at an instant, with their places; where none does, the last. */
export function partsAt({ parts }: ToldAgreement, atMs: number): ReadonlySet<number> {
  const holding = [...parts.keys()].filter((index) => {
    const { fromMs, toMs } = parts[index]!;
    return fromMs <= atMs && (toMs === null || atMs < toMs);
  });
  return new Set(holding.length > 0 ? holding : [parts.length - 1]);
}

export interface RunningResult {
  readonly asOfMs: number;
  readonly result: ObjectiveResult;
}

/** What a figure comes to at an instant of its stretch. */
export function resultAt(part: ToldPart, told: ToldObjective, figure: RunningFigure, atMs: number): RunningResult {
  const { fromMs, course } = figure;
  if ('result' in course) return { asOfMs: course.isStep ? fromMs : atMs, result: course.result };
  return {
    asOfMs: atMs,
    result: toldView(toldAt(part, told, figure, course, atMs), part.counting.upstream === 'excused'),
  };
}

/** The same as an overview tells it. */
export function gistAt(
  part: ToldPart,
  told: ToldObjective,
  figure: RunningFigure,
  atMs: number,
): { readonly asOfMs: number; readonly gist: ObjectiveGist } {
  const { fromMs, course } = figure;
  if (!('result' in course)) return { asOfMs: atMs, gist: gistView(toldAt(part, told, figure, course, atMs)) };
  return { asOfMs: course.isStep ? fromMs : atMs, gist: gistOf(course.result) };
}

function gistOf(result: ObjectiveResult): ObjectiveGist {
  const { key, type, title, promise, target, services, attained, reached } = result;
  const { verdict, unproven, disputed, budget, burn, exhaustedAt } = result;
  return {
    ...{ key, type, title, promise, target, services, attained, reached },
    ...{ verdict, unproven, disputed, budget, burn, exhaustedAt },
  };
}

function toldAt(
  { period, counting }: ToldPart,
  { key, objective, services, isDisputed, ahead, below }: ToldObjective,
  { fromMs, untilMs }: RunningFigure,
  sums: EvenCourse,
  atMs: number,
): Told {
  if (objective.type !== 'availability') throw new TypeError(`objective "${key}" has no sums`);
  const { tallies, also } = momentOf({ fromMs, toMs: untilMs, ...sums }, ahead, counting.unknown, atMs);
  const frame = { period, isRolling: period.isRolling, nowMs: atMs };
  const shares = below.map((service, place) => ({ key: service, badMs: also[place]!, spans: [] }));
  const excused = below.map((service, place) => ({ key: service, ms: also[below.length + place]! }));
  return {
    ...{ key, objective, services, isDisputed, reached: null, events: null },
    ...timeFigures(judgeTime(timeObjective(objective, counting), frame, tallies)),
    shares: shares.filter(({ badMs }) => badMs > 0),
    excused: excused.filter(({ ms }) => ms > 0),
  };
}

/** Of one version the results that are exact at an instant, by key: what is known at steps alone is not among them. */
export function runningResults(
  running: { readonly told: ToldAgreement | null; readonly figures: readonly RunningFigure[] } | null,
  index: number,
  atMs: number,
): Map<string, ObjectiveResult> {
  const part = running?.told?.parts[index];
  const results = new Map<string, ObjectiveResult>();
  for (const figure of running?.figures ?? []) {
    const told = figure.part === index ? part?.objectives[figure.place] : undefined;
    if (!part || !told) continue;
    const { asOfMs, result } = resultAt(part, told, figure, atMs);
    if (asOfMs === atMs) results.set(told.key, result);
  }
  return results;
}
