import { Injectable } from '@nestjs/common';
import { SteadyClock } from '../../../probes/support/clock.ts';
import type { Mute } from '../../contract/alerts.ts';
import type { AlertRuleName } from '../../domain/alert-rules.ts';
import { minuteMs } from '../../domain/durations.ts';
import { Database } from '../../platform/database.ts';
import { tellNews } from '../../platform/news.ts';
import { AlertDraftsService, type Firing } from './alert-drafts.service.ts';
import { AlertTellingService } from './alert-telling.service.ts';
import { AlertsRepository, type LivingAsk } from './alerts.repository.ts';
import { alertsChannel } from './alerts.event.ts';
import type { StoredAlert } from './stored-alert.ts';

export type { Firing } from './alert-drafts.service.ts';

const inhibiting = /^(service-down|burn)/;
const inhibitedRestMs = 30 * minuteMs;

/** Lets alerts fire, be acknowledged and end, in the transaction of what causes it. */
@Injectable()
export class AlertIntakeService {
  constructor(
    readonly alerts: AlertsRepository,
    readonly drafts: AlertDraftsService,
    readonly telling: AlertTellingService,
    readonly database: Database,
    readonly clock: SteadyClock,
  ) {}

  nowMs(): number {
    return Math.floor(this.clock.now());
  }

  /** What fires already folds into its alert. What is due at once is told as the last thing in the transaction. */
  async fire(firings: readonly Firing[]): Promise<void> {
    if (firings.length === 0) return;
    await this.database.transaction(async () => {
      const nowMs = this.nowMs();
      const made = (await this.drafts.of(firings, nowMs)).flatMap(({ alert }) => alert ?? []);
      if (made.length === 0) return;
      const written = await this.alerts.fire(made);
      await this.tellOf(written.map(({ id }) => id));
      const fresh = written.filter(({ isNew }) => isNew).map(({ id }) => id);
      if (fresh.length > 0) await this.database.earlyBeforeCommit(this.#look, fresh);
    });
  }

  /** Ends those that live; what was told is told to be over. Answers those that ended. */
  async resolve(ask: LivingAsk, atMs: number, reason: string | null = null): Promise<StoredAlert[]> {
    return this.database.transaction(async () => {
      const ended = await this.alerts.lock(ask);
      if (ended.length === 0) return [];
      await this.alerts.resolve(
        ended.map(({ id }) => id),
        atMs,
      );
      await this.telling.recovered(ended, reason, this.nowMs());
      if (ended.some(({ rule }) => inhibiting.test(rule))) await this.#releaseInhibited();
      await this.tellOf(ended.map(({ id }) => id));
      return ended;
    });
  }

  /** Ends those of a rule about some services. */
  async resolveOf(rule: AlertRuleName, serviceIds: readonly number[]): Promise<void> {
    const ids = await this.alerts.livingAbout(rule, serviceIds);
    if (ids.length > 0) await this.resolve({ ids }, this.nowMs());
  }

  /** Somebody has it: nobody else is told. Those that were told in the same message are had with it. */
  async acknowledge(ask: LivingAsk, atMs: number, by: string): Promise<void> {
    await this.database.transaction(async () => {
      const asked = (await this.alerts.lock(ask)).filter(isFiring);
      if (asked.length === 0) return;
      const followers = await this.alerts.followers(asked.map(({ id }) => id));
      const also = await this.alerts.lock({ ids: followers.map(({ id }) => id) });
      const all = [...asked, ...also.filter(isFiring)];
      await this.alerts.acknowledge(
        all.map(({ id }) => id),
        atMs,
        by,
      );
      await this.telling.acknowledged(asked, by, this.nowMs());
      await this.tellOf(all.map(({ id }) => id));
    });
  }

  /** What an outage has burnt it has said itself: only what burns on a while after it is told. */
  async #releaseInhibited(): Promise<void> {
    await this.alerts.lookAnew('inhibited', this.nowMs() + inhibitedRestMs);
  }

  /** Looks anew at what is muted for a reason that may be over. */
  async reconsider(mute: Mute): Promise<void> {
    const ids = await this.alerts.lookAnew(mute, this.nowMs());
    if (ids.length > 0) await this.tellOf(ids);
  }

  /** Tells open pages, and every server that something may be due. */
  async tellOf(ids: readonly number[]): Promise<void> {
    await tellNews(this.database, ...ids.map((id) => ({ of: 'alert' as const, key: String(id) })));
    await this.database.notify(alertsChannel);
  }

  readonly #look = async (parts: readonly (readonly number[])[]): Promise<void> => {
    const nowMs = this.nowMs();
    const held = await this.alerts.lock({ ids: parts.flat() });
    await this.telling.look(
      held.filter(({ dueMs }) => dueMs !== null && dueMs <= nowMs),
      nowMs,
    );
  };
}

const isFiring = ({ acknowledgedMs }: StoredAlert): boolean => acknowledgedMs === null;
