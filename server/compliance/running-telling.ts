/** Running figures as an overview tells them. */
import type { AgreementStatus } from '../contract/agreements.ts';
import type { ObjectiveResult, RunningObjective } from '../contract/compliance.ts';
import { gistOf, isStepwise, resultAt, type RunningFigure } from './running-course.ts';
import type { StoredRunning } from './running-figures.repository.ts';
import { partsAt, partsOfPeriod, type ToldObjective, type ToldPart } from './told-agreement.ts';

/** The instant that an agreement is told of: where its figures may have changed since, that of their evaluation. */
const instantOf = ({ evaluatedMs, isHeld }: StoredRunning, nowMs: number): number =>
  isHeld ? evaluatedMs : Math.max(nowMs, evaluatedMs);

/** Whether there is a figure of each of its objectives. */
export function isWhole({ told, figures, ...running }: StoredRunning, nowMs: number): boolean {
  if (told === null) return false;
  const parts = partsOfPeriod(told, instantOf({ told, figures, ...running }, nowMs));
  return figures.length === parts.reduce((sum, place) => sum + told.parts[place]!.objectives.length, 0);
}

/** Whether it can be told: nothing is missing, and nothing is in doubt that must not wait. */
export const isSound = (running: StoredRunning, nowMs: number): boolean =>
  isWhole(running, nowMs) && (!running.isDoubtful || running.isHeld);

/** The objectives of the versions that hold, each as of its instant. */
export function objectivesOf(running: StoredRunning, nowMs: number): RunningObjective[] {
  // Most are told as of the same instant.
  let known = { atMs: NaN, asOf: '' };
  return holdingAt(running, nowMs).map(({ teller: { figure, tell }, atMs }) => {
    const asOfMs = isStepwise(figure) ? figure.fromMs : atMs;
    if (asOfMs !== known.atMs) known = { atMs: asOfMs, asOf: new Date(asOfMs).toISOString() };
    return tell(atMs, known.asOf);
  });
}

/** An objective in its present period, in words. */
export interface ToldPromise extends Pick<
  ObjectiveResult,
  'key' | 'title' | 'verdict' | 'unproven' | 'disputed' | 'sentence'
> {
  basis: AgreementStatus;
  period: string;
}

/** The promises of the terms that hold, with the sentence that says what their figures mean. */
export function promisesOf(running: StoredRunning, nowMs: number): ToldPromise[] {
  return holdingAt(running, nowMs).map(({ teller: { part, objective, figure }, atMs }) => {
    const { key, title, verdict, unproven, disputed, sentence } = resultAt(part, objective, figure, atMs);
    return { key, title, verdict, unproven, disputed, sentence, basis: part.basis, period: part.period.label };
  });
}

interface Teller {
  readonly part: ToldPart;
  readonly objective: ToldObjective;
  readonly figure: RunningFigure;
  readonly tell: (atMs: number, asOf: string) => RunningObjective;
}

/** What the versions that hold have to tell, and as of when: a figure says nothing of before and after itself. */
function holdingAt(running: StoredRunning, nowMs: number): { teller: Teller; atMs: number }[] {
  if (!running.told) return [];
  const instantMs = instantOf(running, nowMs);
  const holding = new Set(partsAt(running.told, instantMs));
  return tellersOf(running).flatMap((teller) => {
    const { part, fromMs, untilMs } = teller.figure;
    return holding.has(part) ? [{ teller, atMs: Math.min(Math.max(instantMs, fromMs), untilMs) }] : [];
  });
}

/** What is told whatever the instant is made once for each reading of the rows. */
const made = new WeakMap<readonly RunningFigure[], readonly Teller[]>();

function tellersOf({ key, told, figures }: StoredRunning): readonly Teller[] {
  const known = made.get(figures);
  if (known) return known;
  const { title: agreementTitle, provider, customer, parts } = told!;
  const tellers = figures.flatMap((figure): Teller[] => {
    const part = parts[figure.part];
    const objective = part?.objectives[figure.place];
    if (!part || !objective) return [];
    const { promise, standingAt } = gistOf(part, objective, figure);
    const { basis, version, period } = part;
    // Named one by one: spread together, a thousand of them took a third of the time of an overview.
    const tell = (atMs: number, asOf: string): RunningObjective => {
      const standing = standingAt(atMs);
      return {
        agreement: key,
        agreementTitle,
        provider,
        customer,
        basis,
        version,
        period: period.label,
        key: promise.key,
        type: promise.type,
        title: promise.title,
        promise: promise.promise,
        target: promise.target,
        services: promise.services,
        attained: standing.attained,
        reached: standing.reached,
        verdict: standing.verdict,
        unproven: standing.unproven,
        disputed: standing.disputed,
        budget: standing.budget,
        burn: standing.burn,
        exhaustedAt: standing.exhaustedAt,
        losing: standing.losing,
        asOf,
      };
    };
    return [{ part, objective, figure, tell }];
  });
  made.set(figures, tellers);
  return tellers;
}

export const verdictsOf = (items: readonly RunningObjective[]): string => items.map(({ verdict }) => verdict).join();

/** What is news of objectives; of what is counted in steps every count is another. */
export const newsOf = (items: readonly RunningObjective[]): string =>
  JSON.stringify(
    items.map(({ key, verdict, disputed, unproven, losing, budget: { seconds, leftSeconds } }) => [
      ...[key, verdict, disputed, unproven, losing],
      ...[seconds, leftSeconds],
    ]),
  );
