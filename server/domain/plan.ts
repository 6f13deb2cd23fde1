/** Which runs each location owes, and when: a calendar of quarter seconds, kept in memory, changed with the catalog. */
import { slotAtOrAfter, type Schedule } from './slots.ts';

export interface PlannedSeries extends Schedule {
  series: number;
  location: string;
}

export interface OwedRun<S extends PlannedSeries> {
  planned: S;
  slotMs: number;
}

const cellMs = 250;
const cellOf = (atMs: number): number => Math.floor(atMs / cellMs);

/** How many runs a second a schedule owes. */
const perSecond = ({ everyMs }: Schedule): number => 1_000 / everyMs;

/** Hands out every slot of its series exactly once. Costs what is due, not what is planned. */
export class Plan<S extends PlannedSeries> {
  readonly #entries = new Map<number, { planned: S; nextMs: number }>();
  readonly #cells = new Map<number, Set<number>>();
  #firstCell = Infinity;
  #untilMs: number;
  #perSecond = 0;

  /** Slots before `fromMs` are not owed. */
  constructor(fromMs: number) {
    this.#untilMs = fromMs;
  }

  /** All slots before this were handed out. */
  get untilMs(): number {
    return this.#untilMs;
  }

  /** How many runs a second are owed, of all series together. */
  get perSecond(): number {
    return this.#perSecond;
  }

  get(series: number): S | undefined {
    return this.#entries.get(series)?.planned;
  }

  get series(): number[] {
    return [...this.#entries.keys()];
  }

  /** Adds a series, or replaces what is known of it, owing slots from an instant on: by default what is not handed out. */
  set(planned: S, fromMs: number = this.#untilMs): void {
    this.delete(planned.series);
    this.#perSecond += perSecond(planned);
    this.#schedule({ planned, nextMs: slotAtOrAfter(fromMs, planned) });
  }

  /** Replaces what is known of a series and leaves its next slot as it is. */
  replace(planned: S): void {
    const entry = this.#entries.get(planned.series);
    if (entry) entry.planned = planned;
  }

  delete(series: number): void {
    const entry = this.#entries.get(series);
    if (!entry) return;
    this.#cells.get(cellOf(entry.nextMs))?.delete(series);
    this.#entries.delete(series);
    this.#perSecond = this.#entries.size === 0 ? 0 : this.#perSecond - perSecond(entry.planned);
  }

  /** Every run that is owed before `toMs` and was not handed out yet, in order of time. */
  take(toMs: number): OwedRun<S>[] {
    const runs: OwedRun<S>[] = [];
    const lastCell = cellOf(toMs);
    for (let cell = Math.min(this.#firstCell, lastCell); cell <= lastCell; cell += 1) {
      for (const series of Array.from(this.#cells.get(cell) ?? [])) this.#takeSeries(series, toMs, runs);
      if (cell < lastCell) this.#cells.delete(cell);
    }
    this.#firstCell = lastCell;
    this.#untilMs = Math.max(this.#untilMs, toMs);
    return runs.sort((a, b) => a.slotMs - b.slotMs);
  }

  /** After a pause: of the slots that were not handed out, only those younger than their interval are still owed. */
  resume(nowMs: number): void {
    for (const { planned, nextMs } of Array.from(this.#entries.values())) {
      const youngMs = slotAtOrAfter(nowMs - planned.everyMs + 1, planned);
      if (youngMs > nextMs) this.set(planned, youngMs);
    }
  }

  #takeSeries(series: number, toMs: number, runs: OwedRun<S>[]): void {
    const { planned, nextMs: firstMs } = this.#entries.get(series)!;
    if (firstMs >= toMs) return;
    this.#cells.get(cellOf(firstMs))?.delete(series);
    let nextMs = firstMs;
    for (; nextMs < toMs; nextMs += planned.everyMs) runs.push({ planned, slotMs: nextMs });
    this.#schedule({ planned, nextMs });
  }

  #schedule(entry: { planned: S; nextMs: number }): void {
    this.#entries.set(entry.planned.series, entry);
    const cell = cellOf(entry.nextMs);
    this.#firstCell = Math.min(this.#firstCell, cell);
    const due = this.#cells.get(cell);
    if (due) due.add(entry.planned.series);
    else this.#cells.set(cell, new Set([entry.planned.series]));
  }
}
