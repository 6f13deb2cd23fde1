import {
  RunningFiguresRepository,
  type RunningAsk,
  type RunningHead,
  type StoredRunning,
} from './running-figures.repository.ts';

/** As many as the largest page has. */
const mostKept = 5_000;

/**
 * Rows of running figures, as they were read. What has changed, is in doubt or has run out is asked for every time, at the
 * cost of a short row for each agreement; the long rows are read again only where they are others.
 */
export class RunningShelf {
  /** By id, those that were read first first. */
  readonly #kept = new Map<number, StoredRunning>();

  constructor(readonly figures: RunningFiguresRepository) {}

  /** As `RunningFiguresRepository.find` answers. */
  async find(nowMs: number, ask: RunningAsk): Promise<StoredRunning[]> {
    const heads = await this.figures.heads(nowMs, ask);
    const known = new Map<number, StoredRunning>();
    const missing: string[] = [];
    for (const head of heads) {
      const kept = this.#kept.get(head.id);
      if (kept && holds(kept, head, nowMs)) known.set(head.id, { ...kept, ...head });
      else missing.push(head.key);
    }
    const read = missing.length > 0 ? await this.figures.find(nowMs, { keys: missing }) : [];
    for (const running of read) {
      known.set(running.id, running);
      this.#keep(running);
    }
    return heads.flatMap(({ id }) => known.get(id) ?? []);
  }

  #keep(running: StoredRunning): void {
    this.#kept.delete(running.id);
    this.#kept.set(running.id, running);
    for (const [id] of this.#kept) {
      if (this.#kept.size <= mostKept) break;
      this.#kept.delete(id);
    }
  }
}

/** Whether kept figures are of the evaluation that counts, and of the instant that is to be told. */
function holds({ revision, told, figures }: StoredRunning, head: RunningHead, nowMs: number): boolean {
  const atMs = head.isHeld ? head.evaluatedMs : nowMs;
  return (
    revision === head.revision &&
    told !== null &&
    figures.length > 0 &&
    figures.every(({ fromMs, untilMs }) => fromMs <= atMs && atMs < untilMs)
  );
}
