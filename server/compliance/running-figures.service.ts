import { Injectable } from '@nestjs/common';
import { SteadyClock } from '../../probes/support/clock.ts';
import { AgreementsService } from '../agreements/agreements.service.ts';
import type { AgreementStatus } from '../contract/agreements.ts';
import type { ObjectiveResult, Running, RunningObjective, RunningQuery } from '../contract/compliance.ts';
import { Database } from '../platform/database.ts';
import { EventBus } from '../platform/events.ts';
import { gistAt, partsAt, resultAt, type RunningFigure } from './running-course.ts';
import { RunningEvaluationService, type RunningAgreement } from './running-evaluation.service.ts';
import { Shared } from './shared-work.ts';
import { RunningFiguresRepository, type StoredRunning } from './running-figures.repository.ts';

declare module '../platform/events.ts' {
  interface TransactionEvents {
    /** Verdicts or budgets of these agreements are others; published inside the transaction that keeps them. */
    'figures.changed': { agreements: readonly string[] };
  }
}

/** An objective in its present period, in words. */
export interface ToldPromise extends Pick<ObjectiveResult, 'key' | 'title' | 'verdict' | 'sentence'> {
  basis: AgreementStatus;
  period: string;
}

/** How agreements stand now: from figures that go on by themselves until something happens. */
@Injectable()
export class RunningFiguresService {
  // A page that is open many times asks many times at once: it would take every connection to wait for the same.
  readonly #takingMarks = new Shared<void>();
  readonly #refreshing = new Shared<StoredRunning | null>();

  constructor(
    readonly figures: RunningFiguresRepository,
    readonly evaluation: RunningEvaluationService,
    readonly agreements: AgreementsService,
    readonly database: Database,
    readonly clock: SteadyClock,
    readonly events: EventBus,
  ) {}

  /** Every objective, in its present period, of the agreements that are asked for. */
  async overview({ agreements: keys, service, limit, cursor }: RunningQuery): Promise<Running> {
    const found = await this.#sound({ keys, after: cursor, most: limit + 1 });
    const page = found.slice(0, limit);
    const nowMs = this.#nowMs();
    const items = page.flatMap((running) => objectivesOf(running, nowMs));
    return {
      items: service === undefined ? items : items.filter(({ services }) => services.includes(service)),
      next: found.length > limit ? page.at(-1)!.key : null,
    };
  }

  /** Objectives by agreement with the sentence that says what their figures mean now. */
  async sentences(keys: readonly string[]): Promise<Map<string, ToldPromise[]>> {
    const found = await this.#sound({ keys });
    const nowMs = this.#nowMs();
    return new Map(found.map((running) => [running.key, promisesOf(running, nowMs)]));
  }

  /** What is sound of the figures of an agreement at an instant, by part and place; null where something is in doubt. */
  async of(key: string, nowMs: number): Promise<StoredRunning | null> {
    const [running] = await this.figures.find(nowMs, { keys: [key] });
    return running?.told && !running.isDoubtful ? running : null;
  }

  /**
   * Objectives by agreement, of these or of all, as they were evaluated last: where that is in doubt, it is told when they
   * are others. Null where they have run out, or were never evaluated.
   */
  async known(keys?: readonly string[]): Promise<Map<string, RunningObjective[] | null>> {
    const nowMs = this.#nowMs();
    const found = await this.figures.find(nowMs, { keys });
    return new Map(found.map((running) => [running.key, isWhole(running) ? objectivesOf(running, nowMs) : null]));
  }

  /** Makes the figures of an agreement anew where they are in doubt or run out; null where there is no such agreement. */
  refresh(key: string): Promise<StoredRunning | null> {
    return this.database.transaction(async () => {
      await this.figures.holdMarks();
      await this.figures.holdAlone(key);
      const nowMs = this.#nowMs();
      const [before] = await this.figures.find(nowMs, { keys: [key] });
      if (!before) return null;
      if (isSound(before) && before.refreshMs > nowMs) return before;
      const running = await this.evaluation.of(await this.agreements.termsOf(key), nowMs);
      const fresh = { ...before, ...running, isDoubtful: false, figures: firstOf(running) };
      const after = { ...fresh, verdicts: verdictsOf(objectivesOf(fresh, nowMs)) };
      await this.figures.write(before.id, running, after.verdicts);
      await this.#tell(before, after, nowMs);
      return after;
    });
  }

  /** Tells of verdicts that time alone has changed. */
  async noteVerdicts(): Promise<void> {
    const nowMs = this.#nowMs();
    const found = (await this.figures.find(nowMs, {})).filter(isSound);
    const told = new Map(found.map((running) => [running.id, objectivesOf(running, nowMs)]));
    await this.database.transaction(async () => {
      const changed = await this.figures.noteVerdicts(
        found.map(({ id, refreshMs }) => ({ id, refreshMs, verdicts: verdictsOf(told.get(id)!) })),
      );
      const agreements = changed.flatMap((id) => told.get(id)![0]?.agreement ?? []);
      if (agreements.length > 0) await this.events.publish('figures.changed', { agreements });
    });
  }

  /** As they are asked for, what was in doubt or has run out made anew. */
  async #sound(ask: Parameters<RunningFiguresRepository['find']>[1]): Promise<StoredRunning[]> {
    const found = await this.figures.find(this.#nowMs(), ask);
    if (found.every(isSound)) return found;
    await this.#takingMarks.do('', () => this.figures.takeMarks());
    const sound: StoredRunning[] = [];
    for (const running of found) {
      const fresh = isSound(running)
        ? running
        : await this.#refreshing.do(running.key, () => this.refresh(running.key));
      if (fresh) sound.push(fresh);
    }
    return sound;
  }

  /** What time alone has changed by now is no difference between the two: the verdicts that were told last know of it. */
  async #tell(before: StoredRunning, after: StoredRunning, nowMs: number): Promise<void> {
    const [was, is] = [before, after].map((running) => JSON.stringify(objectivesOf(running, nowMs).map(gistOf)));
    if (was !== is || before.verdicts !== after.verdicts)
      await this.events.publish('figures.changed', { agreements: [after.key] });
  }

  #nowMs(): number {
    return Math.floor(this.clock.now());
  }
}

/** Whether there is a figure of each of its objectives. */
const isWhole = ({ told, figures }: StoredRunning): boolean =>
  told !== null && figures.length === told.parts.reduce((sum, { objectives }) => sum + objectives.length, 0);
const isSound = (running: StoredRunning): boolean => isWhole(running) && !running.isDoubtful;

/** The stretch of each objective in which it was evaluated. */
function firstOf({ figures }: RunningAgreement): RunningFigure[] {
  const seen = new Set<string>();
  return figures.filter(({ part, place }) => !seen.has(`${part}/${place}`) && seen.add(`${part}/${place}`));
}

/** What is news of an objective; of what is counted in steps every count is another. */
const gistOf = ({ key, verdict, disputed, unproven, budget: { seconds, leftSeconds } }: RunningObjective) => [
  ...[key, verdict, disputed, unproven],
  ...[seconds, leftSeconds],
];

const verdictsOf = (items: readonly RunningObjective[]): string => items.map(({ verdict }) => verdict).join();

/** What the stretches come to; one that begins after the instant is told as of its beginning. */
function objectivesOf({ key, told, figures }: StoredRunning, nowMs: number): RunningObjective[] {
  if (!told) return [];
  const holding = partsAt(told, nowMs);
  return figures.flatMap((figure) => {
    const part = told.parts[figure.part];
    const objective = part?.objectives[figure.place];
    if (!part || !objective || !holding.has(figure.part)) return [];
    const { asOfMs, gist } = gistAt(part, objective, figure, Math.min(Math.max(nowMs, figure.fromMs), figure.untilMs));
    return [
      {
        ...gist,
        ...{ agreement: key, agreementTitle: told.title, provider: told.provider, customer: told.customer },
        ...{ basis: part.basis, version: part.version, period: part.period.label },
        asOf: new Date(asOfMs).toISOString(),
      },
    ];
  });
}

/** The same with sentences, of the terms that hold. */
function promisesOf({ told, figures }: StoredRunning, nowMs: number): ToldPromise[] {
  if (!told) return [];
  const holding = partsAt(told, nowMs);
  return figures.flatMap((figure) => {
    const part = told.parts[figure.part];
    const objective = part?.objectives[figure.place];
    if (!part || !objective || !holding.has(figure.part)) return [];
    const atMs = Math.min(Math.max(nowMs, figure.fromMs), figure.untilMs);
    const { key, title, verdict, sentence } = resultAt(part, objective, figure, atMs).result;
    return [{ key, title, verdict, sentence, basis: part.basis, period: part.period.label }];
  });
}
