import { Injectable } from '@nestjs/common';
import type { AlertRouteInput } from '../../contract/alerts.ts';
import { matches, type Miss, missesOf } from '../../domain/alert-matching.ts';
import { ChannelsService } from '../channels/channels.service.ts';
import { DefinitionsService } from '../on-call/definitions.service.ts';
import { type EscalationCourse, EscalationService } from '../on-call/escalation.service.ts';
import { dayMs } from '../../domain/durations.ts';
import { AlertSettingsRepository } from './alert-settings.repository.ts';
import { labelsOf, type StoredAlert } from './stored-alert.ts';

/** Who is told of an alert at an instant. */
export interface Reach {
  /** By the key of the channel: for whom a message there is, an account or the channel itself. */
  readonly bearers: ReadonlyMap<string, string>;
  /** People who are told in person, as people read their names. */
  readonly people: readonly string[];
  /** Whom the policy leads to then, and by which of its steps; none where it only tells channels. */
  readonly told: Told;
  /** Nothing leads to a channel, so that every channel is told. */
  readonly isEveryChannel: boolean;
}

/** Whom a policy tells at an instant, and which of its steps say so; a hand-over is no step. */
export type Told = Pick<ReturnType<EscalationCourse['at']>, 'targets' | 'steps'>;

/** A route that was asked, and why it does not fit; the one that does is the last. */
export interface AskedRoute {
  readonly key: string;
  readonly input: AlertRouteInput;
  readonly misses: readonly Miss[];
}

/** A way that alerts take: a policy, or channels, or both. */
export interface Way {
  /** Null: no route fits, and what holds where nothing is said holds. */
  readonly route: string | null;
  readonly policy: string | null;
  readonly channels: readonly string[];
}

/** Everything that decides who is told, read once for many alerts. */
export class Reaching {
  constructor(
    readonly routes: readonly { key: string; input: AlertRouteInput }[],
    readonly courses: ReadonlyMap<string, EscalationCourse>,
    readonly contacts: ReadonlyMap<string, readonly string[]>,
    readonly channels: readonly string[],
  ) {}

  /** The first route that fits; without one the policy of the team whose it is, else every channel. */
  wayOf(alert: Pick<StoredAlert, 'labels' | 'urgency' | 'rule'>): Way {
    const labels = labelsOf(alert);
    const route = this.routes.find(({ input }) => matches(input.match, labels));
    if (route) return { route: route.key, policy: route.input.policy ?? null, channels: route.input.channels };
    const ofTeam = [...this.courses].find(([, { policy }]) => policy.team != null && policy.team === labels.team);
    return { route: null, policy: ofTeam?.[0] ?? null, channels: ofTeam ? [] : this.channels };
  }

  /** Routes in their order, up to the first that fits. */
  asked(alert: Pick<StoredAlert, 'labels' | 'urgency' | 'rule'>): AskedRoute[] {
    const labels = labelsOf(alert);
    const fitting = this.routes.findIndex(({ input }) => matches(input.match, labels));
    return this.routes
      .slice(0, fitting < 0 ? this.routes.length : fitting + 1)
      .map(({ key, input }) => ({ key, input, misses: missesOf(input.match, labels) }));
  }

  /** Channels and people that targets lead to, but one. Where they lead to no channel that there is, every channel is told. */
  reach(channels: readonly string[], told: Told, except: string | null): Reach {
    const known = new Set(this.channels.filter((key) => key !== except));
    const bearers = new Map<string, string>();
    const add = (channel: string, bearer: string): void => {
      if (known.has(channel) && !bearers.has(channel)) bearers.set(channel, bearer);
    };
    const people = told.targets.flatMap((target) => target.people);
    for (const { name } of people)
      for (const channel of this.contacts.get(name.toLowerCase()) ?? []) add(channel, name);
    for (const { kind, key } of told.targets) if (kind === 'channel') add(key, bearerOf(key));
    for (const channel of channels) add(channel, bearerOf(channel));
    const isEveryChannel = bearers.size === 0;
    if (isEveryChannel) for (const channel of known) add(channel, bearerOf(channel));
    return { bearers, people: [...new Set(people.map(({ displayName }) => displayName))], told, isEveryChannel };
  }
}

export const bearerOf = (channel: string): string => `channel:${channel}`;

/** Reads routes, policies, schedules, contacts and channels. */
@Injectable()
export class AlertReachService {
  constructor(
    readonly definitions: DefinitionsService,
    readonly escalation: EscalationService,
    readonly settings: AlertSettingsRepository,
    readonly channels: ChannelsService,
  ) {}

  /** A policy, for questions about now. */
  async courseOf(policy: string | null, nowMs: number): Promise<EscalationCourse | undefined> {
    return policy === null ? undefined : (await this.escalation.courses(nowMs, nowMs + 1, [policy])).get(policy);
  }

  /** For questions about who is told now, of what was told last at an instant. */
  async read(sinceMs: number, nowMs: number): Promise<Reaching> {
    const routes = await this.definitions.find('alert-route');
    return new Reaching(
      routes.toSorted((a, b) => a.input.place - b.input.place),
      await this.escalation.courses(sinceMs, nowMs + dayMs + 1),
      await this.settings.contacts(),
      await this.channels.keys(),
    );
  }
}
