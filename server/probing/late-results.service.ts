import { Injectable } from '@nestjs/common';
import { findAnchor, foldAttempts, type Attempt, type Label, type SeriesStatus } from '../domain/series-status.ts';
import type { ChangePoint } from '../domain/timeline.ts';
import { ObservationsRepository } from './observations.repository.ts';
import { partAt } from './owed-slots.ts';
import { PlanningRepository, type StoredPlan } from './planning.repository.ts';

/** How many intervals before the late slot the first look goes back, and how much further each next one. */
const lookBackIntervals = 64;
const lookBackGrowth = 16;

/** Rebuilds the status and the timeline of a series from what is stored, as if all had arrived in order. */
@Injectable()
export class LateResultsService {
  constructor(
    readonly observations: ObservationsRepository,
    readonly planning: PlanningRepository,
  ) {}

  /** The caller holds the lock of the status and has stored the late observations, the earliest of them at `lateMs`. */
  async rebuild(
    series: number,
    serviceId: number,
    everyMs: number,
    lateMs: number,
  ): Promise<{ status: SeriesStatus; tail: ChangePoint<Label>[] }> {
    const firstMs = Math.min(lateMs, (await this.observations.firstSlotMs(series)) ?? lateMs);
    for (let back = lookBackIntervals; ; back *= lookBackGrowth) {
      const fromMs = Math.max(firstMs, lateMs - back * everyMs);
      const attempts = await this.#attempts(series, serviceId, fromMs);
      const anchor = findAnchor(attempts, lateMs);
      if (!anchor && fromMs > firstMs) continue;
      const { status, tail } = foldAttempts(anchor?.status ?? null, attempts.slice(anchor?.next ?? 0));
      if (!status) throw new Error(`series ${series} has no observation to rebuild from`);
      // Nothing before the anchor can have changed; from it on, the tail says all.
      if (anchor) tail.unshift({ fromMs: anchor.status.lastSlotMs, state: anchor.status.label, reason: anchor.reason });
      return { status, tail };
    }
  }

  async #attempts(series: number, serviceId: number, fromMs: number): Promise<Attempt[]> {
    const plans = await this.planning.plansSince([serviceId], fromMs);
    const own = await this.observations.between(series, fromMs, Number.MAX_SAFE_INTEGER);
    const details = await this.observations.detailsBetween(series, fromMs, Number.MAX_SAFE_INTEGER);
    const again = details.filter(({ attempt }) => attempt > 0);
    return [...own.map((each) => ({ ...each, attempt: 0 })), ...again]
      .sort((a, b) => a.slotMs - b.slotMs || a.attempt - b.attempt)
      .flatMap((each) => toAttempt(each, series, plans));
  }
}

function toAttempt(
  { slotMs, attempt, verdict, reason }: Pick<Attempt, 'slotMs' | 'attempt' | 'verdict' | 'reason'>,
  series: number,
  plans: ReadonlyMap<number, readonly StoredPlan[]>,
): Attempt[] {
  const [, part] = partAt(plans, series, slotMs) ?? [];
  if (!part) return [];
  return [
    { slotMs, attempt, verdict, reason, everyMs: part.coversMs, failures: part.failures, successes: part.successes },
  ];
}
