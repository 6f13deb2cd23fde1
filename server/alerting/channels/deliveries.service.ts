import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { alertMessageSchema, type AlertMessage, type DeliveriesQuery, type Delivery } from '../../contract/channels.ts';
import type { Page } from '../../contract/catalog.ts';
import { Database, isDatabaseAway } from '../../platform/database.ts';
import { EventBus } from '../../platform/events.ts';
import { LOGGER, type Logger } from '../../platform/logger.ts';
import { tellNews } from '../../platform/news.ts';
import { channelKind } from './channel-kinds.ts';
import { ChannelSenderService, type FinalVerdict } from './channel-sender.service.ts';
import { ChannelSecrets } from './channel-secrets.ts';
import {
  DeliveriesRepository,
  type ClaimedDelivery,
  type DeliveryRow,
  type HeldChannel,
} from './deliveries.repository.ts';
import './delivery-failed.event.ts';
import { DeliveryMetrics } from './delivery-metrics.ts';
import { giveUpAfterMs, waitBeforeRetry } from './delivery-timing.ts';

/** Something to tell a channel, once however often it is ordered under one key. */
export interface DeliveryOrder {
  /** The key of the channel. */
  channel: string;
  message: AlertMessage;
  dedupeKey: string;
}

/** Every server that sends hears on it, when a transaction commits, that a channel has something new. */
export const deliveriesChannel = 'troth_deliveries';
/** An attempt is nobody else's for so much longer than it may take. */
const leaseMarginMs = 5_000;
const outcomeAgainMs = 250;

type Attempt = ClaimedDelivery & { channel: HeldChannel; begunMs: number };

/** The outbox of alerts: what is written in the caller's transaction is sent, whatever is killed meanwhile. */
@Injectable()
export class DeliveriesService {
  constructor(
    readonly deliveries: DeliveriesRepository,
    readonly sender: ChannelSenderService,
    readonly secrets: ChannelSecrets,
    readonly database: Database,
    readonly events: EventBus,
    readonly metrics: DeliveryMetrics,
    @Inject(LOGGER) readonly log: Logger,
  ) {}

  /**
   * Writes what is to be told in the surrounding transaction; it is sent as soon as that commits. What is told of one alert
   * is told each channel in the order in which it is ordered here, if the caller holds the alert locked. Answers the keys
   * that no channel has: who asked for them has to tell another one.
   */
  async enqueue(...orders: readonly DeliveryOrder[]): Promise<readonly string[]> {
    if (orders.length === 0) return [];
    const written = orders.map((order) => ({
      ...order,
      message: alertMessageSchema.parse(order.message),
      giveUpAfterMs: giveUpAfterMs[order.message.urgency],
    }));
    const channelIds = await this.deliveries.add(written);
    await this.database.notifyAll(deliveriesChannel, channelIds.map(String));
    return this.deliveries.missing(orders.map(({ channel }) => channel));
  }

  /** One attempt; called twice for the same one, the second does nothing. Answers the id of the channel it was at. */
  async attempt(id: number, attempts: number): Promise<number | null> {
    const claimed = await this.#claim(id, attempts);
    if (!claimed) return null;
    let verdict: FinalVerdict;
    try {
      verdict = await this.#send(claimed);
    } catch (err) {
      this.log.error({ err, delivery: id }, 'a delivery failed');
      verdict = { outcome: 'refused', said: 'Troth failed', isFinal: false };
    }
    await this.#note(claimed, verdict);
    return claimed.channel.id;
  }

  #claim(id: number, attempts: number): Promise<Attempt | undefined> {
    return this.database.transaction(async () => {
      const channel = await this.deliveries.holdChannel(id);
      if (!channel) return undefined;
      const { concurrency, gapMs, timeoutMs } = channelKind(channel.kind)?.kind ?? unknownKind;
      const claimed = await this.deliveries.claim({ id, attempts }, concurrency, timeoutMs + leaseMarginMs);
      if (claimed && gapMs > 0) await this.deliveries.hold(channel.id, gapMs);
      return claimed && { ...claimed, channel, begunMs: performance.now() };
    });
  }

  #send({ channel, message, key, previous }: Attempt): Promise<FinalVerdict> {
    const config = this.secrets.open(channel);
    return this.sender.send({ kind: channel.kind, config, message, occasion: { key, at: new Date(), previous } });
  }

  /** The receiver has answered: a database that is away for a moment must not make us tell it again. */
  async #note(attempt: Attempt, verdict: FinalVerdict): Promise<void> {
    const { timeoutMs } = channelKind(attempt.channel.kind)?.kind ?? unknownKind;
    for (;;) {
      try {
        return await this.database.transaction(() => this.#noteOnce(attempt, verdict));
      } catch (error) {
        const isOver = performance.now() - attempt.begunMs > timeoutMs + leaseMarginMs;
        if (isOver || !isDatabaseAway(error)) throw error;
        await delay(outcomeAgainMs);
      }
    }
  }

  async #noteOnce(attempt: Attempt, verdict: FinalVerdict): Promise<void> {
    const { id, channel, message, previous } = attempt;
    const elapsedMs = performance.now() - attempt.begunMs;
    await tellNews(this.database, { of: 'channel', key: channel.key });
    if (verdict.outcome === 'taken') {
      await this.deliveries.delivered(id, verdict.said);
      await this.events.publish('delivery.taken', { channel: channel.key });
      // A message that was lost has been written anew, under another reference.
      if (verdict.reference !== undefined && message.moment !== 'test' && (previous === null || !isReminder(message))) {
        await this.deliveries.keepReference(channel.id, message.alert.id, verdict.reference);
      }
      this.database.afterCommit(() => this.metrics.delivered(channel.kind, attempt.ageMs + elapsedMs));
      return;
    }
    const { retryAfterMs } = verdict;
    if (retryAfterMs !== undefined) await this.deliveries.hold(channel.id, retryAfterMs);
    const leftMs = attempt.leftMs - elapsedMs;
    const retry = { attempts: attempt.attempts, leftMs, retryAfterMs, random: Math.random() };
    const waitMs = verdict.isFinal ? null : waitBeforeRetry(retry);
    if (waitMs === null) await this.#giveUp(attempt, verdict.said);
    else await this.deliveries.again(attempt, verdict.said, waitMs);
    this.database.afterCommit(() => this.metrics.refused(channel.kind, waitMs === null ? 'failed' : 'retried'));
  }

  async #giveUp(attempt: Attempt, said: string): Promise<void> {
    if (!(await this.deliveries.failed(attempt, said))) return;
    const { id, channel, message } = attempt;
    this.log.warn({ delivery: id, channel: channel.key, said }, 'a channel could not be told');
    await this.events.publish('delivery.failed', { deliveryId: id, channel: channel.key, message, said });
  }

  /** Gives up what waits for a channel that is going, in the surrounding transaction. */
  async giveUpAll(channel: { id: number; key: string }, said: string): Promise<void> {
    for (const { id, message } of await this.deliveries.failAll(channel.id, said)) {
      await this.events.publish('delivery.failed', { deliveryId: id, channel: channel.key, message, said });
    }
  }

  /** Gives up what waits for receivers that want to be left alone until it is of no use: others are told now, not then. */
  giveUpHeld(): Promise<void> {
    const said = 'the receiver wants to be left alone for longer than this is of use';
    return this.database.transaction(async () => {
      for (const { id, channel, message } of await this.deliveries.failHeld(said)) {
        await this.events.publish('delivery.failed', { deliveryId: id, channel, message, said });
      }
    });
  }

  /** What a channel was told and is to be told, the newest first. */
  async page(channelId: number, query: DeliveriesQuery): Promise<Page<Delivery>> {
    const rows = await this.deliveries.page(channelId, query);
    const items = rows.slice(0, query.limit).map(toDelivery);
    return { items, next: rows.length > query.limit ? String(items.at(-1)!.id) : null };
  }
}

/** A kind that a newer version knew: the attempt says so. */
const unknownKind = { concurrency: 1, gapMs: 0, timeoutMs: 1_000 };

const isReminder = ({ moment }: AlertMessage): boolean => moment === 'reminder';

const toDelivery = ({ alertId, fingerprint, createdAt, nextAt, giveUpAt, endedAt, ...row }: DeliveryRow): Delivery => ({
  ...row,
  alert: { id: alertId, fingerprint },
  createdAt: createdAt.toISOString(),
  nextAt: row.state === 'waiting' ? nextAt.toISOString() : null,
  giveUpAt: giveUpAt.toISOString(),
  endedAt: endedAt?.toISOString() ?? null,
});
