import { Injectable } from '@nestjs/common';
import { SteadyClock } from '../../probes/support/clock.ts';
import type { IncidentStatistics, StatisticsQuery } from '../contract/incident-statistics.ts';
import { dayMs } from '../domain/durations.ts';
import { invalidField } from '../platform/problem.ts';
import { IncidentStatisticsRepository, type StatisticsRow } from './incident-statistics.repository.ts';

/** How often things fail, and how fast people answer and restore. */
@Injectable()
export class IncidentStatisticsService {
  constructor(
    readonly statistics: IncidentStatisticsRepository,
    readonly clock: SteadyClock,
  ) {}

  /** Over a quarter of a year up to now, or the span that is asked for. @throws Problem invalid-input */
  async read(query: StatisticsQuery): Promise<IncidentStatistics> {
    const nowMs = Math.floor(this.clock.now());
    const toMs = Math.min(query.to === undefined ? nowMs : Date.parse(query.to), nowMs);
    const fromMs = query.from === undefined ? toMs - 90 * dayMs : Date.parse(query.from);
    if (fromMs >= toMs) throw invalidField('from', 'must be before the end, and before now');
    const rows = await this.statistics.read(query, { fromMs, toMs }, nowMs);
    const all = rows.find(({ key }) => key === null);
    return {
      ...{ by: query.by, from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() },
      all: all ? figuresOf(all) : none,
      groups: rows.flatMap((row) =>
        row.key === null ? [] : [{ key: row.key, name: row.name ?? row.key, ...figuresOf(row) }],
      ),
    };
  }
}

const none = {
  ...{ count: 0, open: 0, reopened: 0 },
  ...{ meanAcknowledgeSeconds: null, meanRestoreSeconds: null, meanBetweenSeconds: null },
};

const seconds = (ms: number | null): number | null => (ms === null ? null : Math.round(ms) / 1_000);

const figuresOf = ({ count, open, reopened, meanAcknowledgeMs, meanRestoreMs, spanMs, hurtMs }: StatisticsRow) => ({
  ...{ count, open, reopened },
  meanAcknowledgeSeconds: seconds(meanAcknowledgeMs),
  meanRestoreSeconds: seconds(meanRestoreMs),
  meanBetweenSeconds: seconds((spanMs - hurtMs) / count),
});
