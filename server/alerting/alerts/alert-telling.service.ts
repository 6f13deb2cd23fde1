import { Injectable } from '@nestjs/common';
import type { AlertMoment } from '../../contract/channels.ts';
import { alertUrgencies } from '../../domain/alert-rules.ts';
import { groupBy } from '../../domain/grouping.ts';
import { DeliveriesService, type DeliveryOrder } from '../channels/deliveries.service.ts';
import { begin, goOn, stepOf } from './alert-course.ts';
import { AlertMessagesService, type Said } from './alert-messages.service.ts';
import { AlertMutesService } from './alert-mutes.service.ts';
import { AlertReachService, bearerOf, type Reach } from './alert-reach.service.ts';
import { AlertsRepository } from './alerts.repository.ts';
import type { AlertStep, StoredAlert } from './stored-alert.ts';

/** What is about the same as a page that went out just now follows after this. */
const groupWaitMs = 10_000;

/** A message that is to be told, with whom it is told to. */
interface Telling extends Said {
  readonly bearers: ReadonlyMap<string, string>;
  /** The place of the message among those about its alert. */
  readonly number: number;
}

/** Tells of alerts, in the transaction that holds them locked: what is told is in the outbox, or nothing has happened. */
@Injectable()
export class AlertTellingService {
  constructor(
    readonly alerts: AlertsRepository,
    readonly mutes: AlertMutesService,
    readonly reaching: AlertReachService,
    readonly messages: AlertMessagesService,
    readonly deliveries: DeliveriesService,
  ) {}

  /** Looks at alerts that are due, or wait for those of their group that are. */
  async look(held: readonly StoredAlert[], nowMs: number): Promise<void> {
    const firing = held.filter(({ acknowledgedMs }) => acknowledgedMs === null);
    const had = held.filter(({ acknowledgedMs }) => acknowledgedMs !== null);
    await this.alerts.step(had.map((alert) => stepOf(alert, { dueMs: null })));
    if (firing.length === 0) return;
    const mutes = await this.mutes.of(firing, nowMs);
    const muted = firing.flatMap((alert) => {
      const muting = mutes.get(alert.id);
      return muting ? [stepOf(alert, { muted: muting.by, dueMs: muting.untilMs })] : [];
    });
    const heard = firing.filter(({ id }) => !mutes.has(id));
    const fresh = heard.filter(({ toldMs }) => toldMs === null);
    const waits = await this.#groupWaits(fresh, nowMs);
    const waiting = fresh.flatMap((alert) => {
      const untilMs = waits.get(alert.id);
      return untilMs === undefined ? [] : [stepOf(alert, { muted: 'group', dueMs: untilMs })];
    });
    const now = fresh.filter(({ id }) => !waits.has(id));
    const again = heard.filter(({ toldMs }) => toldMs !== null);
    const told = await this.#tell(now, again, nowMs);
    await this.alerts.step([...muted, ...waiting, ...told]);
    const over = told.filter(({ toldMs, id }) => toldMs !== null && now.some((one) => one.id === id && one.isOnce));
    if (over.length > 0)
      await this.alerts.resolve(
        over.map(({ id }) => id),
        nowMs,
      );
  }

  /**
   * Tells those who were told that it is over, in one message with what was told in its message and ends with it; what
   * goes on of that is told by itself.
   */
  async recovered(ended: readonly StoredAlert[], reason: string | null, nowMs: number): Promise<void> {
    const over = ended.filter(({ isOnce }) => !isOnce);
    const leaders = over.filter(({ toldMs, toldIn }) => toldMs !== null && toldIn === null);
    const ids = new Set(leaders.map(({ id }) => id));
    const followers = over.filter(({ toldIn }) => toldIn !== null);
    const together = groupBy(
      followers.filter(({ toldIn }) => ids.has(toldIn!)),
      ({ toldIn }) => toldIn,
    );
    const alone = followers.filter(({ toldIn }) => !ids.has(toldIn!));
    const notesOf = ({ id }: StoredAlert): string[] => [
      ...(reason === null ? [] : [reason]),
      ...named('Also over', together.get(id) ?? []),
    ];
    await this.#tellAll([...leaders, ...alone], 'resolved', notesOf, nowMs);
    const left = await this.alerts.followers(ended.map(({ id }) => id));
    if (left.length > 0)
      await this.alerts.release(
        left.map(({ id }) => id),
        nowMs,
      );
  }

  /** Tells those who were told that somebody has it. */
  async acknowledged(alerts: readonly StoredAlert[], by: string, nowMs: number): Promise<void> {
    const told = alerts.filter(({ toldMs, toldIn }) => toldMs !== null && toldIn === null);
    await this.#tellAll(
      told.map((alert) => ({ ...alert, acknowledgedBy: by })),
      'acknowledged',
      () => [],
      nowMs,
    );
  }

  async #tellAll(
    alerts: readonly StoredAlert[],
    moment: AlertMoment,
    notesOf: (alert: StoredAlert) => readonly string[],
    nowMs: number,
  ): Promise<void> {
    if (alerts.length === 0) return;
    const channels = await this.alerts.toldChannels(alerts.map(inWhoseMessage));
    await this.#enqueue(
      alerts.map((alert) => ({
        ...{ alert, moment, notes: notesOf(alert), people: [], number: alert.tellings },
        bearers: new Map((channels.get(inWhoseMessage(alert)) ?? []).map((key) => [key, bearerOf(key)])),
      })),
      nowMs,
    );
  }

  /** Groups of which nothing is due yet, or whose last page is too new, and until when they wait. */
  async #groupWaits(fresh: readonly StoredAlert[], nowMs: number): Promise<Map<number, number>> {
    if (fresh.length === 0) return new Map();
    const groups = groupBy(fresh, ({ groupKey }) => groupKey);
    const paged = await this.alerts.pagedSince([...groups.keys()], nowMs - groupWaitMs);
    const waits = new Map<number, number>();
    for (const [key, alerts] of groups) {
      const pagedMs = paged.get(key);
      const isDue = alerts.some(({ dueMs }) => dueMs !== null && dueMs <= nowMs);
      for (const { id, dueMs } of alerts) {
        if (pagedMs !== undefined) waits.set(id, pagedMs + groupWaitMs);
        else if (!isDue) waits.set(id, dueMs ?? nowMs);
      }
    }
    return waits;
  }

  /** Tells what is new, one message for each group, and again what goes on. */
  async #tell(fresh: readonly StoredAlert[], again: readonly StoredAlert[], nowMs: number): Promise<AlertStep[]> {
    if (fresh.length === 0 && again.length === 0) return [];
    const sinceMs = Math.min(nowMs, ...again.flatMap(({ steppedMs }) => steppedMs ?? []));
    const reaching = await this.reaching.read(sinceMs, nowMs);
    if (reaching.channels.length === 0)
      return [...fresh, ...again].map((alert) => stepOf(alert, { muted: 'no-channel', dueMs: null }));
    const known = await this.alerts.toldChannels(again.map(({ id }) => id));
    const steps: AlertStep[] = [];
    const tellings: Telling[] = [];
    for (const group of groupBy(fresh, ({ groupKey }) => groupKey).values()) {
      const [leader, ...others] = group.toSorted(byPress) as [StoredAlert, ...StoredAlert[]];
      const { step, reach } = begin(leader, reaching, nowMs);
      steps.push(step, ...others.map((one) => stepOf(one, { toldMs: nowMs, toldIn: leader.id, dueMs: null })));
      const notes = [...wasSilent(leader), ...named('Also', others)];
      tellings.push(said(leader, 'firing', notes, reach));
    }
    for (const alert of again) {
      const { step, reach } = goOn(alert, reaching, nowMs);
      steps.push(step);
      if (reach === null) continue;
      const has = new Set(known.get(alert.id));
      const [old, fresher] = [true, false].map(
        (isKnown) => new Map([...reach.bearers].filter(([key]) => has.has(key) === isKnown)),
      ) as [Map<string, string>, Map<string, string>];
      const notes = wasSilent(alert);
      if (old.size > 0) tellings.push(said(alert, 'reminder', notes, { ...reach, bearers: old }));
      if (fresher.size > 0) tellings.push(said(alert, 'firing', notes, { ...reach, bearers: fresher }));
    }
    await this.#enqueue(tellings, nowMs);
    return steps;
  }

  async #enqueue(tellings: readonly Telling[], nowMs: number): Promise<void> {
    if (tellings.length === 0) return;
    const write = await this.messages.writer(
      tellings.map(({ alert }) => alert),
      nowMs,
    );
    await this.deliveries.enqueue(
      ...tellings.flatMap((telling) =>
        [...telling.bearers].map(([channel, bearer]): DeliveryOrder => ({
          channel,
          message: write(telling, bearer),
          dedupeKey: `alert/${telling.alert.id}/${telling.moment}/${telling.number}/${channel}`,
        })),
      ),
    );
  }
}

const said = (alert: StoredAlert, moment: AlertMoment, notes: readonly string[], reach: Reach): Telling => ({
  ...{ alert, moment, notes, people: reach.people, bearers: reach.bearers, number: alert.tellings },
});

const mostNamed = 10;

/** What is told in the message of another. */
const named = (word: string, alerts: readonly StoredAlert[]): string[] => {
  const more = alerts.length - mostNamed;
  const names = alerts.slice(0, mostNamed).map(({ title }) => `${word}: ${title}`);
  return more > 0 ? [...names, `And ${more} more`] : names;
};

/** The alert in whose message one was told. */
const inWhoseMessage = ({ id, toldIn }: StoredAlert): number => toldIn ?? id;

const wasSilent = ({ muted }: StoredAlert): string[] =>
  muted === 'silence' ? ['Its silence has ended, and it still fires'] : [];

/** The most urgent, then what fired first. */
const byPress = (a: StoredAlert, b: StoredAlert): number =>
  alertUrgencies.indexOf(a.urgency) - alertUrgencies.indexOf(b.urgency) || a.firedMs - b.firedMs || a.id - b.id;
