import { Injectable } from '@nestjs/common';
import { SteadyClock } from '../../probes/support/clock.ts';
import { expire, type Label } from '../domain/series-status.ts';
import type { ChangePoint } from '../domain/timeline.ts';
import { Database } from '../platform/database.ts';
import { PlanningRepository } from './planning.repository.ts';
import { SeriesFoldService } from './series-fold.service.ts';
import { SeriesStatusRepository } from './series-status.repository.ts';

const mostAtOnce = 1_000;

/** Turns owed but missing slots into unknown: never down, never up. */
@Injectable()
export class GapSweepService {
  constructor(
    readonly database: Database,
    readonly statuses: SeriesStatusRepository,
    readonly planning: PlanningRepository,
    readonly fold: SeriesFoldService,
    readonly clock: SteadyClock,
  ) {}

  /** Marks every series whose next observation is overdue; answers how many. */
  async sweep(): Promise<number> {
    let swept = 0;
    for (let found = mostAtOnce; found === mostAtOnce; swept += found) found = await this.#sweepSome();
    return swept;
  }

  async #sweepSome(): Promise<number> {
    return this.database.transaction(async () => {
      const overdue = await this.statuses.lockOverdue(this.clock.now(), mostAtOnce);
      if (overdue.length === 0) return 0;
      const folded = overdue.map((before) => {
        const tail: ChangePoint<Label>[] = [];
        return { before, after: { ...before, status: expire(before.status!, tail) }, tail };
      });
      await this.statuses.write(folded.map(({ after }) => after));
      await this.fold.applyTails(folded, await this.planning.servicesOfSeries(overdue.map(({ series }) => series)));
      return overdue.length;
    });
  }
}
