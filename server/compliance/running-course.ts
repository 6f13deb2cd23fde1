/** How an objective goes on while nothing happens, as it is stored, and what that comes to at an instant. */
import type { ObjectiveResult } from '../contract/compliance.ts';
import { momentOf } from '../domain/running-time.ts';
import { judgeTime, type TimeObjective } from '../domain/time-objective.ts';
import type { Told } from './evaluated.ts';
import { promiseView, standingView, toldView, type PromiseView, type StandingView } from './result-view.ts';
import { timeObjective } from './time-figures.ts';
import type { ToldObjective, ToldPart } from './told-agreement.ts';

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

/** Whether it is known at the beginning of its stretch alone. */
export const isStepwise = ({ course }: Pick<RunningFigure, 'course'>): boolean => 'result' in course && course.isStep;

/** What a figure comes to at an instant of its stretch. */
export function resultAt(part: ToldPart, told: ToldObjective, figure: RunningFigure, atMs: number): ObjectiveResult {
  const { course } = figure;
  if ('result' in course) return course.result;
  const judged = judgedBy(part, told);
  return toldView(toldAt(part, told, judged, figure, course, atMs), part.counting.upstream === 'excused');
}

/** The same as an overview tells it: what is told whatever the instant is, and how it stands at one. */
export function gistOf(part: ToldPart, told: ToldObjective, figure: RunningFigure): Gist {
  const { course } = figure;
  if ('result' in course) return { promise: course.result, standingAt: () => course.result };
  const judged = judgedBy(part, told);
  return {
    promise: promiseView(told),
    standingAt: (atMs) => standingView(toldAt(part, told, judged, figure, course, atMs)),
  };
}

interface Gist {
  readonly promise: PromiseView;
  readonly standingAt: (atMs: number) => StandingView;
}

/** By what the sums of an objective are judged. */
function judgedBy({ counting }: ToldPart, { key, objective }: ToldObjective): TimeObjective {
  if (objective.type !== 'availability') throw new TypeError(`objective "${key}" has no sums`);
  return timeObjective(objective, counting);
}

function toldAt(
  { period, counting }: ToldPart,
  { key, objective, services, isDisputed, ahead, below }: ToldObjective,
  judged: TimeObjective,
  { fromMs, untilMs }: RunningFigure,
  sums: EvenCourse,
  atMs: number,
): Told {
  const { tallies, also, isLosing } = momentOf({ fromMs, toMs: untilMs, ...sums }, ahead, counting.unknown, atMs);
  const frame = { period, isRolling: period.isRolling, nowMs: atMs };
  const shares = below.map((service, place) => ({ key: service, badMs: also[place]!, spans: [] }));
  const excused = below.map((service, place) => ({ key: service, ms: also[below.length + place]! }));
  const result = judgeTime(judged, frame, tallies);
  return {
    key,
    objective,
    services,
    isDisputed,
    reached: null,
    events: null,
    judgement: result,
    unit: 'ms',
    coverage: result.coverage,
    isProven: result.isProven,
    time: result.figures,
    burn: result.burn,
    exhaustedAtMs: result.exhaustedAtMs,
    isLosing,
    shares: shares.filter(({ badMs }) => badMs > 0),
    excused: excused.filter(({ ms }) => ms > 0),
  };
}
