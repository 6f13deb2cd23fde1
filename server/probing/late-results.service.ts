import { Injectable } from '@nestjs/common';
import { SteadyClock } from '../../probes/support/clock.ts';
import { groupBy, portions } from '../domain/grouping.ts';
import { findAnchor, foldAttempts, type Attempt, type Label, type SeriesStatus } from '../domain/series-status.ts';
import type { ChangePoint } from '../domain/timeline.ts';
import type { DetailRow } from './observation-details.ts';
import { ObservationsRepository } from './observations.repository.ts';
import { partAt } from './owed-slots.ts';
import { PlanningRepository, type StoredPlan } from './planning.repository.ts';

/** How many intervals before the late slot the first look goes back, and how much further each next one. */
const lookBackIntervals = 64;
const lookBackGrowth = 16;
/** About how many observations are in memory at once; a series that has more is rebuilt alone. */
const mostAtOnce = 200_000;

/** A series of which late observations were stored, the earliest of them at `lateMs`. */
export interface LateSeries {
  series: number;
  serviceId: number;
  everyMs: number;
  lateMs: number;
}

export interface Rebuilt {
  status: SeriesStatus;
  tail: ChangePoint<Label>[];
}

/** A look at the attempts of a late series: from where on, and whether that is from its first. */
interface Look extends LateSeries {
  fromMs: number;
  isWhole: boolean;
}

/** Rebuilds the status and the timeline of series from what is stored, as if all had arrived in order. */
@Injectable()
export class LateResultsService {
  constructor(
    readonly observations: ObservationsRepository,
    readonly planning: PlanningRepository,
    readonly clock: SteadyClock,
  ) {}

  /** The caller holds the locks of the statuses. However many series there are, they are read together. */
  async rebuild(late: readonly LateSeries[]): Promise<Map<number, Rebuilt>> {
    const rebuilt = new Map<number, Rebuilt>();
    const firstMs = await this.observations.firstSlotsMs(late.map(({ series }) => series));
    let left = [...late];
    for (let back = lookBackIntervals; left.length > 0; back *= lookBackGrowth) {
      const looks = left.map((each): Look => {
        const first = Math.min(each.lateMs, firstMs.get(each.series) ?? each.lateMs);
        const fromMs = Math.max(first, each.lateMs - back * each.everyMs);
        return { ...each, fromMs, isWhole: fromMs === first };
      });
      const size = ({ fromMs, everyMs }: Look) => Math.max(0, this.clock.now() - fromMs) / everyMs;
      for (const some of portions(looks, size, mostAtOnce)) await this.#rebuildSome(some, rebuilt);
      left = left.filter(({ series }) => !rebuilt.has(series));
    }
    return rebuilt;
  }

  /** Rebuilds those of some series that a look goes far enough back for. */
  async #rebuildSome(looks: readonly Look[], rebuilt: Map<number, Rebuilt>): Promise<void> {
    const attempts = await this.#attempts(looks);
    for (const look of looks) {
      const result = rebuildFrom(look, attempts.get(look.series)!);
      if (result) rebuilt.set(look.series, result);
    }
  }

  async #attempts(looks: readonly Look[]): Promise<Map<number, Attempt[]>> {
    const fromMs = new Map(looks.map((look) => [look.series, look.fromMs]));
    const services = [...new Set(looks.map(({ serviceId }) => serviceId))];
    const plans = await this.planning.plansSince(services, Math.min(...fromMs.values()));
    const own = await this.observations.since(fromMs);
    const details = groupBy(await this.observations.recheckDetailsSince(fromMs), ({ series }) => series);
    return new Map(
      looks.map(({ series, serviceId }) => {
        const held = new Map([[serviceId, plans.get(serviceId)!]]);
        const all = [
          ...own.get(series)!.map((each) => ({ ...each, attempt: 0, observedMs: each.slotMs })),
          ...(details.get(series) ?? []),
        ];
        const sorted = all.sort((a, b) => a.slotMs - b.slotMs || a.attempt - b.attempt);
        return [series, sorted.flatMap((each) => toAttempt(each, series, held))];
      }),
    );
  }
}

/** Null where the attempts do not go far enough back. */
function rebuildFrom({ series, lateMs, isWhole }: Look, attempts: readonly Attempt[]): Rebuilt | null {
  const anchor = findAnchor(attempts, lateMs);
  if (!anchor && !isWhole) return null;
  const { status, tail } = foldAttempts(anchor?.status ?? null, attempts.slice(anchor?.next ?? 0));
  if (!status) throw new Error(`series ${series} has no observation to rebuild from`);
  // Nothing before the anchor can have changed; from it on, the tail says all.
  if (anchor) tail.unshift({ fromMs: anchor.status.lastSlotMs, state: anchor.status.label, reason: anchor.reason });
  return { status, tail };
}

function toAttempt(
  {
    slotMs,
    attempt,
    observedMs,
    verdict,
    reason,
  }: Pick<DetailRow, 'slotMs' | 'attempt' | 'observedMs' | 'verdict' | 'reason'>,
  series: number,
  plans: ReadonlyMap<number, readonly StoredPlan[]>,
): Attempt[] {
  const [, part] = partAt(plans, series, slotMs) ?? [];
  if (!part) return [];
  return [
    {
      ...{ slotMs, attempt, atMs: observedMs, verdict, reason },
      ...{ everyMs: part.coversMs, failures: part.failures, successes: part.successes },
    },
  ];
}
