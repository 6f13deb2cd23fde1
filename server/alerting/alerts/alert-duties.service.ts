import { Injectable } from '@nestjs/common';
import { SteadyClock } from '../../../probes/support/clock.ts';
import { dayMs } from '../../domain/durations.ts';
import { Database } from '../../platform/database.ts';
import { tellNews } from '../../platform/news.ts';
import { keptDays } from '../channels/delivery-timing.ts';
import { AlertTellingService } from './alert-telling.service.ts';
import { AlertWatchesRepository, type Watch, type WatchKind, type WatchStep } from './alert-watches.repository.ts';
import { AlertsRepository } from './alerts.repository.ts';
import { AwaitedUpstreamsService } from './awaited-upstreams.service.ts';
import { ClockWatchService } from './clock-watch.service.ts';
import { FlappingWatchService } from './flapping-watch.service.ts';
import { PromiseWatchService } from './promise-watch.service.ts';
import { SilencesService } from './silences.service.ts';

const mostAtOnce = 500;
/** Each of them is a handful of statements. */
const watchedAtOnce = 20;

/** Looks at what is watched, and says how it goes on. */
interface Watcher {
  look(watched: readonly Watch<never>[], nowMs: number): Promise<WatchStep[]>;
}

/** What time alone brings about: watches, holds that end, steps of escalations, ends of silences. */
@Injectable()
export class AlertDutiesService {
  readonly #watchers: Readonly<Record<WatchKind, Watcher>>;

  constructor(
    readonly alerts: AlertsRepository,
    readonly watches: AlertWatchesRepository,
    readonly telling: AlertTellingService,
    readonly silences: SilencesService,
    readonly database: Database,
    readonly clock: SteadyClock,
    promises: PromiseWatchService,
    clocks: ClockWatchService,
    flapping: FlappingWatchService,
    readonly upstreams: AwaitedUpstreamsService,
  ) {
    this.#watchers = { promises, clocks, flapping };
  }

  /** Does everything that is due; answers in how many ms the next is. One that fails must not keep the others from their turn. */
  async do(): Promise<number> {
    const failed: unknown[] = [];
    const duties: (() => Promise<unknown>)[] = [
      () => this.upstreams.refresh(),
      () => this.silences.endDue(),
      ...Object.keys(this.#watchers).map((kind) => () => this.#all(watchedAtOnce, () => this.#look(kind as WatchKind))),
      () => this.#all(mostAtOnce, () => this.#tellDue()),
    ];
    for (const duty of duties) await duty().catch((error: unknown) => failed.push(error));
    if (failed.length > 0) throw failed[0];
    const next = [await this.alerts.nextDueMs(), await this.silences.nextEndMs(), await this.watches.nextDueMs()];
    return Math.min(...next.map((atMs) => atMs ?? Infinity)) - this.clock.now();
  }

  /** Forgets alerts as long after their end as what was told of them is forgotten. */
  forget(): Promise<void> {
    return this.alerts.forget(Math.floor(this.clock.now()) - keptDays * dayMs);
  }

  /** Until fewer than a batch were due. */
  async #all(most: number, work: () => Promise<number>): Promise<void> {
    for (let count = most; count >= most;) count = await work();
  }

  #look(kind: WatchKind): Promise<number> {
    return this.database.transaction(async () => {
      const nowMs = Math.floor(this.clock.now());
      const watched = await this.watches.takeDue<never>(kind, nowMs, watchedAtOnce);
      if (watched.length > 0) await this.watches.step(kind, await this.#watchers[kind].look(watched, nowMs));
      return watched.length;
    });
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
