/** Which runs each location owes, and when: a calendar of seconds, kept in memory and changed with the catalog. */
import { slotAtOrAfter, type Schedule } from './slots.ts';

export interface PlannedSeries extends Schedule {
  series: number;
  location: string;
}

export interface OwedRun<S extends PlannedSeries> {
  planned: S;
  slotMs: number;
}

const secondMs = 1_000;
const secondOf = (atMs: number): number => Math.floor(atMs / secondMs);

/** Hands out every slot of its series exactly once. Costs what is due, not what is planned. */
export class Plan<S extends PlannedSeries> {
  readonly #entries = new Map<number, { planned: S; nextMs: number }>();
  readonly #seconds = new Map<number, Set<number>>();
  #firstSecond = Infinity;
  #untilMs: number;

  /** Slots before `fromMs` are not owed. */
  constructor(fromMs: number) {
    this.#untilMs = fromMs;
  }

  /** All slots before this were handed out. */
  get untilMs(): number {
    return this.#untilMs;
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
    this.#seconds.get(secondOf(entry.nextMs))?.delete(series);
    this.#entries.delete(series);
  }

  /** Every run that is owed before `toMs` and was not handed out yet, in order of time. */
  take(toMs: number): OwedRun<S>[] {
    const runs: OwedRun<S>[] = [];
    const lastSecond = secondOf(toMs);
    for (let second = Math.min(this.#firstSecond, lastSecond); second <= lastSecond; second += 1) {
      for (const series of Array.from(this.#seconds.get(second) ?? [])) this.#takeSeries(series, toMs, runs);
      if (second < lastSecond) this.#seconds.delete(second);
    }
    this.#firstSecond = lastSecond;
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
    this.#seconds.get(secondOf(firstMs))?.delete(series);
    let nextMs = firstMs;
    for (; nextMs < toMs; nextMs += planned.everyMs) runs.push({ planned, slotMs: nextMs });
    this.#schedule({ planned, nextMs });
  }

  #schedule(entry: { planned: S; nextMs: number }): void {
    this.#entries.set(entry.planned.series, entry);
    const second = secondOf(entry.nextMs);
    this.#firstSecond = Math.min(this.#firstSecond, second);
    const due = this.#seconds.get(second);
    if (due) due.add(entry.planned.series);
    else this.#seconds.set(second, new Set([entry.planned.series]));
  }
}
