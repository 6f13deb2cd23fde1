/** How an agreement stands now, from its running figures. */
import type { Compliance, ObjectiveResult } from '../contract/compliance.ts';
import { intersect, lengthMs, type Span } from '../domain/spans.ts';
import type { AskedPeriod, JudgedPart } from './judged-parts.ts';
import { isBehind, periodView, spanView } from './result-view.ts';
import { isStepwise, resultAt } from './running-course.ts';
import type { StoredRunning } from './running-figures.repository.ts';
import { partsOfPeriod, type ToldPart } from './told-agreement.ts';

/** Null where not all of it is exact at this instant. */
export function runningCompliance(running: StoredRunning, nowMs: number): Compliance | null {
  const { key, told } = running;
  if (!told || nowMs < running.evaluatedMs) return null;
  const places = partsOfPeriod(told, nowMs);
  const period = periodAt(told.parts[places[0]!]!.period, nowMs);
  // Rolling days leave behind what has ended.
  const isOfPeriod = ({ version, ...part }: ToldPart): boolean =>
    version === null || lengthMs(intersect([effectiveOf(part)], [period])) > 0;
  const found = places.filter((place) => isOfPeriod(told.parts[place]!));
  const parts = found.map((place) => {
    const { version, basis, ...part } = told.parts[place]!;
    const objectives = resultsOf(running, place, nowMs);
    return { version, basis, ...spanView(effectiveOf(part), period), objectives };
  });
  const isExact = parts.every(({ objectives }, at) => objectives.length === told.parts[found[at]!]!.objectives.length);
  const last = parts.at(-1);
  if (!last || !isExact) return null;
  const { title, provider, customer, ceiling } = told;
  return {
    ...{ agreement: key, title, provider, customer },
    period: periodView(period, nowMs),
    asOf: new Date(nowMs).toISOString(),
    ...{ basis: last.basis, version: last.version, objectives: last.objectives },
    parts,
    isOver: found.every((place) => isBehind(told.parts[place]!.version, effectiveOf(told.parts[place]!), period)),
    ceiling,
  };
}

/** Of a version the results that are exact at an instant, by key. */
export function runningResults(
  running: StoredRunning | null,
  { version }: JudgedPart,
  nowMs: number,
): Map<string, ObjectiveResult> {
  if (!running?.told || nowMs < running.evaluatedMs) return new Map();
  const { parts } = running.told;
  const place = partsOfPeriod(running.told, nowMs).find((each) => parts[each]!.version === version);
  return new Map(place === undefined ? [] : resultsOf(running, place, nowMs).map((result) => [result.key, result]));
}

/** What is known at steps alone is not among them. */
const resultsOf = ({ told, figures }: StoredRunning, place: number, nowMs: number): ObjectiveResult[] =>
  figures.flatMap((figure) => {
    const part = told!.parts[place]!;
    const objective = part.objectives[figure.place];
    if (figure.part !== place || !objective) return [];
    return isStepwise(figure) && figure.fromMs !== nowMs ? [] : resultAt(part, objective, figure, nowMs);
  });

/** Rolling days keep their length for as long as figures go on evenly. */
const periodAt = (period: AskedPeriod, nowMs: number): AskedPeriod =>
  period.isRolling ? { ...period, fromMs: nowMs - (period.toMs - period.fromMs), toMs: nowMs } : period;

const effectiveOf = ({ fromMs, toMs }: Pick<ToldPart, 'fromMs' | 'toMs'>): Span => ({ fromMs, toMs: toMs ?? Infinity });
