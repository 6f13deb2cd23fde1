import { Injectable } from '@nestjs/common';
import { SteadyClock } from '../../probes/support/clock.ts';
import { AgreementsService } from '../agreements/agreements.service.ts';
import type { Running, RunningObjective, RunningQuery } from '../contract/compliance.ts';
import { admit } from '../domain/rate-limit.ts';
import { Database } from '../platform/database.ts';
import { EventBus } from '../platform/events.ts';
import { evaluationPace } from './evaluation-pace.ts';
import { RunningEvaluationService } from './running-evaluation.service.ts';
import { RunningFiguresRepository, type RunningAsk, type StoredRunning } from './running-figures.repository.ts';
import { RunningShelf } from './running-shelf.ts';
import { isSound, isWhole, newsOf, objectivesOf, promisesOf, verdictsOf, type ToldPromise } from './running-telling.ts';
import { Shared } from './shared-work.ts';

declare module '../platform/events.ts' {
  interface TransactionEvents {
    /** Verdicts or budgets of these agreements are others; published inside the transaction that keeps them. */
    'figures.changed': { agreements: readonly string[] };
  }
}

/** How agreements stand now: from figures that go on by themselves until something happens. */
@Injectable()
export class RunningFiguresService {
  // A page that is open many times asks many times at once: it would take every connection to wait for the same.
  readonly #takingMarks = new Shared<void>();
  readonly #refreshing = new Shared<StoredRunning | null>();
  readonly #shelf: RunningShelf;

  constructor(
    readonly figures: RunningFiguresRepository,
    readonly evaluation: RunningEvaluationService,
    readonly agreements: AgreementsService,
    readonly database: Database,
    readonly clock: SteadyClock,
    readonly events: EventBus,
  ) {
    this.#shelf = new RunningShelf(figures);
  }

  /** Every objective, in its present period, of the agreements that are asked for. */
  async overview({ agreements: keys, service, verdicts, limit, cursor }: RunningQuery): Promise<Running> {
    const nowMs = this.#nowMs();
    const found = await this.#sound(nowMs, { keys, after: cursor, most: limit + 1 });
    const page = found.slice(0, limit);
    const isAskedFor = ({ services, verdict }: RunningObjective): boolean =>
      (service === undefined || services.includes(service)) && (verdicts?.includes(verdict) ?? true);
    return {
      items: page.flatMap((running) => objectivesOf(running, nowMs)).filter(isAskedFor),
      next: found.length > limit ? page.at(-1)!.key : null,
    };
  }

  /** Objectives by agreement with the sentence that says what their figures mean now. */
  async sentences(keys: readonly string[]): Promise<Map<string, ToldPromise[]>> {
    const nowMs = this.#nowMs();
    const found = await this.#sound(nowMs, { keys });
    return new Map(found.map((running) => [running.key, promisesOf(running, nowMs)]));
  }

  /** What is sound of the figures of an agreement at an instant, by part and place; null where something is in doubt. */
  async of(key: string, nowMs: number): Promise<StoredRunning | null> {
    const [running] = await this.#shelf.find(nowMs, { keys: [key] });
    return running?.told && !running.isDoubtful ? running : null;
  }

  /**
   * Objectives by agreement, of these or of all, as they were evaluated last: where that is in doubt, it is told when they
   * are others. Null where they have run out, or were never evaluated.
   */
  async known(keys?: readonly string[]): Promise<Map<string, RunningObjective[] | null>> {
    const nowMs = this.#nowMs();
    const found = await this.#shelf.find(nowMs, { keys });
    return new Map(
      found.map((running) => [running.key, isWhole(running, nowMs) ? objectivesOf(running, nowMs) : null]),
    );
  }

  /**
   * Makes the figures of an agreement anew where they are in doubt or run out, unless that was done too often of late; null
   * where there is no such agreement.
   */
  refresh(key: string): Promise<StoredRunning | null> {
    return this.database.transaction(async () => {
      await this.figures.holdMarks();
      await this.figures.holdAlone(key);
      const nowMs = this.#nowMs();
      const [before] = await this.figures.find(nowMs, { keys: [key] });
      if (!before) return null;
      if (isSound(before, nowMs) && (before.isHeld || before.refreshMs > nowMs)) return before;
      const running = await this.evaluation.of(await this.agreements.termsOf(key), nowMs);
      const { told, refreshMs } = running;
      const { dueMs } = admit(before.dueMs, nowMs, evaluationPace);
      const figures = running.figures.filter(({ fromMs, untilMs }) => fromMs <= nowMs && nowMs < untilMs);
      const state = { told, figures, refreshMs, dueMs, evaluatedMs: nowMs, isDoubtful: false, isHeld: false };
      const fresh = { ...before, ...state };
      const verdicts = verdictsOf(objectivesOf(fresh, nowMs));
      const after = {
        ...fresh,
        verdicts,
        revision: await this.figures.write(before.id, running, { ...fresh, verdicts }),
      };
      await this.#tell(before, after, nowMs);
      return after;
    });
  }

  /** Tells of verdicts that time alone has changed. */
  async noteVerdicts(): Promise<void> {
    const nowMs = this.#nowMs();
    const found = (await this.#shelf.find(nowMs, {})).filter(
      (running) => !running.isDoubtful && isWhole(running, nowMs),
    );
    const told = new Map(
      found.map((running) => [running.id, { ...running, verdicts: verdictsOf(objectivesOf(running, nowMs)) }]),
    );
    const others = found.filter(({ id, verdicts }) => told.get(id)!.verdicts !== verdicts);
    if (others.length === 0) return;
    await this.database.transaction(async () => {
      const changed = await this.figures.noteVerdicts(others.map(({ id }) => told.get(id)!));
      const agreements = changed.map((id) => told.get(id)!.key);
      if (agreements.length > 0) await this.events.publish('figures.changed', { agreements });
    });
  }

  /** As they are asked for, what was in doubt or has run out made anew. */
  async #sound(nowMs: number, ask: RunningAsk): Promise<StoredRunning[]> {
    const found = await this.#shelf.find(nowMs, ask);
    if (found.every((running) => isSound(running, nowMs))) return found;
    await this.#takingMarks.do('', () => this.figures.takeMarks());
    const sound: StoredRunning[] = [];
    for (const running of found) {
      const fresh = isSound(running, nowMs)
        ? running
        : await this.#refreshing.do(running.key, () => this.refresh(running.key));
      if (fresh) sound.push(fresh);
    }
    return sound;
  }

  /** What time alone has changed by now is no difference between the two: the verdicts that were told last know of it. */
  async #tell(before: StoredRunning, after: StoredRunning, nowMs: number): Promise<void> {
    const [was, is] = [before, after].map((running) => newsOf(objectivesOf(running, nowMs)));
    if (was !== is || before.verdicts !== after.verdicts)
      await this.events.publish('figures.changed', { agreements: [after.key] });
  }

  #nowMs(): number {
    return Math.floor(this.clock.now());
  }
}
