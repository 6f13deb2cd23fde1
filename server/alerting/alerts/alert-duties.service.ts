import { Injectable } from '@nestjs/common';
import { SteadyClock } from '../../../probes/support/clock.ts';
import { Database } from '../../platform/database.ts';
import { tellNews } from '../../platform/news.ts';
import { AlertTellingService } from './alert-telling.service.ts';
import { AlertsRepository } from './alerts.repository.ts';
import { SilencesService } from './silences.service.ts';

const mostAtOnce = 500;

/** What time alone brings about: holds that end, steps of escalations, ends of silences. */
@Injectable()
export class AlertDutiesService {
  constructor(
    readonly alerts: AlertsRepository,
    readonly telling: AlertTellingService,
    readonly silences: SilencesService,
    readonly database: Database,
    readonly clock: SteadyClock,
  ) {}

  /** Does everything that is due; answers in how many ms the next is. */
  async do(): Promise<number> {
    await this.silences.endDue();
    for (let count = mostAtOnce; count >= mostAtOnce;) count = await this.#tellDue();
    const next = [await this.alerts.nextDueMs(), await this.silences.nextEndMs()];
    return Math.min(...next.map((atMs) => atMs ?? Infinity)) - this.clock.now();
  }

  #tellDue(): Promise<number> {
    return this.database.transaction(async () => {
      const nowMs = Math.floor(this.clock.now());
      const held = await this.alerts.takeDue(nowMs, mostAtOnce);
      await this.telling.look(held, nowMs);
      await tellNews(this.database, ...held.map(({ id }) => ({ of: 'alert' as const, key: String(id) })));
      return held.length;
    });
  }
}
