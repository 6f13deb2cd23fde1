import { Injectable } from '@nestjs/common';
import { AgreementsService, currentTerms, servicesOf, versionAt } from '../../agreements/agreements.service.ts';
import { CalendarsService, type CalendarDefinition } from '../../catalog/calendars.service.ts';
import { MaintenanceService } from '../../catalog/maintenance.service.ts';
import type { Mute } from '../../contract/alerts.ts';
import { matches } from '../../domain/alert-matching.ts';
import { pagesFrom, type PromisedHours } from '../../domain/quiet-hours.ts';
import { AlertsRepository } from './alerts.repository.ts';
import { AwaitedUpstreamsRepository } from './awaited-upstreams.repository.ts';
import { SilencesRepository } from './silences.repository.ts';
import { labelsOf, type StoredAlert } from './stored-alert.ts';

export interface Muting {
  readonly by: Mute;
  /** When it is looked at again; null: when what mutes it changes. */
  readonly untilMs: number | null;
  /** What it is, in the words of people; left out where there is nothing to say. */
  readonly note?: string;
}

/** What a service rests on says within this whether it is the cause; what takes longer is told by itself. */
const longestWaitMs = 15_000;
const flappingOf = (service: string): string => `service-flapping/${service}`;
/** Fastest first. */
const burnRanks: readonly string[] = ['burn-fast', 'burn', 'burn-slow', 'burn-lasting'];
/** Fingerprints of the same objective that burns faster. */
const fasterThan = ({ rule, fingerprint }: StoredAlert): string[] =>
  burnRanks.slice(0, burnRanks.indexOf(rule)).map((faster) => faster + fingerprint.slice(rule.length));
/** An incident says itself whether maintenance excuses it. */
const isOfIncident = ({ incidentId }: StoredAlert): boolean => incidentId !== null;

/** Why alerts are not told now: silences, maintenance, flapping, outages that say it already, quiet hours. */
@Injectable()
export class AlertMutesService {
  constructor(
    readonly silences: SilencesRepository,
    readonly alerts: AlertsRepository,
    readonly awaiting: AwaitedUpstreamsRepository,
    readonly maintenance: MaintenanceService,
    readonly agreements: AgreementsService,
    readonly calendars: CalendarsService,
  ) {}

  /** By id; those that nothing mutes are left out. A handful of queries, whatever their number. */
  async of(alerts: readonly StoredAlert[], nowMs: number): Promise<Map<number, Muting>> {
    if (alerts.length === 0) return new Map();
    const finders = [
      await this.#silenced(alerts, nowMs),
      await this.#maintained(alerts, nowMs),
      await this.#flapping(alerts),
      await this.#inhibited(alerts),
      await this.#awaiting(alerts, nowMs),
      await this.#quiet(alerts, nowMs),
    ];
    return new Map(
      alerts.flatMap((alert) => {
        const muting = finders.map((find) => find(alert)).find((one) => one !== null);
        return muting ? [[alert.id, muting] as const] : [];
      }),
    );
  }

  async #silenced(_: readonly StoredAlert[], nowMs: number): Promise<(alert: StoredAlert) => Muting | null> {
    const holding = await this.silences.holding(nowMs);
    return (alert) => {
      const silence = holding.find(({ match, fingerprint }) =>
        fingerprint === null ? matches(match, labelsOf(alert)) : fingerprint === alert.fingerprint,
      );
      return silence ? { by: 'silence', untilMs: silence.toMs, note: `${silence.reason} (${silence.author})` } : null;
    };
  }

  async #maintained(alerts: readonly StoredAlert[], nowMs: number): Promise<(alert: StoredAlert) => Muting | null> {
    const ids = [...new Set(alerts.flatMap((alert) => (isOfIncident(alert) ? [] : (alert.serviceId ?? []))))];
    if (ids.length === 0) return () => null;
    const windows = await this.maintenance.windows(ids, nowMs, nowMs + 1);
    return (alert) => {
      if (isOfIncident(alert) || alert.serviceId === null) return null;
      const own = (windows.get(alert.serviceId) ?? []).toSorted((a, b) => b.toMs - a.toMs);
      return own[0] ? { by: 'maintenance', untilMs: own[0].toMs, note: own[0].name || own[0].key } : null;
    };
  }

  async #flapping(alerts: readonly StoredAlert[]): Promise<(alert: StoredAlert) => Muting | null> {
    const keys = [...new Set(alerts.flatMap(({ labels }) => labels.service ?? []))];
    const flapping = new Set(await this.alerts.livingOf(keys.map(flappingOf)));
    return ({ labels, rule }) =>
      rule === 'service-down' && labels.service !== null && flapping.has(flappingOf(labels.service))
        ? { by: 'flapping', untilMs: null }
        : null;
  }

  /** An outage is told once what its service rests on has answered: that may be the cause, and is told then instead. */
  async #awaiting(alerts: readonly StoredAlert[], nowMs: number): Promise<(alert: StoredAlert) => Muting | null> {
    const untold = alerts.filter(
      ({ rule, toldMs, firedMs }) => rule === 'service-down' && toldMs === null && firedMs + longestWaitMs > nowMs,
    );
    if (untold.length === 0) return () => null;
    const untilMs = await this.awaiting.untilMs(untold);
    return ({ id, firedMs }) => {
      const atMs = Math.min(untilMs.get(id) ?? 0, firedMs + longestWaitMs);
      return atMs > nowMs ? { by: 'upstream', untilMs: atMs } : null;
    };
  }

  /** What burns is said by the outage that burns it, and by what burns faster. */
  async #inhibited(alerts: readonly StoredAlert[]): Promise<(alert: StoredAlert) => Muting | null> {
    const burning = alerts.filter(({ rule }) => burnRanks.includes(rule));
    if (burning.length === 0) return () => null;
    const faster = new Set(await this.alerts.livingOf(burning.flatMap(fasterThan)));
    const out = await this.#agreementsInOutages([...new Set(burning.flatMap(({ labels }) => labels.agreements))]);
    return (alert) => {
      if (!burnRanks.includes(alert.rule)) return null;
      const isSaid =
        alert.labels.agreements.some((key) => out.has(key)) || fasterThan(alert).some((one) => faster.has(one));
      return isSaid ? { by: 'inhibited', untilMs: null } : null;
    };
  }

  /** Keys of the agreements one of whose services is part of an outage that is told. */
  async #agreementsInOutages(keys: readonly string[]): Promise<Set<string>> {
    const about = (await this.agreements.terms(keys)).map((one) => ({
      key: one.key,
      services: servicesOf(currentTerms(one)),
    }));
    const out = new Set(await this.alerts.servicesInOutages(about.flatMap(({ services }) => services)));
    return new Set(about.filter(({ services }) => services.some((key) => out.has(key))).map(({ key }) => key));
  }

  /** Only pages wake people; what is about no promise has no hours, and clocks run in hours of their own. */
  async #quiet(alerts: readonly StoredAlert[], nowMs: number): Promise<(alert: StoredAlert) => Muting | null> {
    const pages = alerts.filter(
      ({ urgency, labels, rule }) => urgency === 'page' && rule !== 'clock-breached' && labels.agreements.length > 0,
    );
    if (pages.length === 0) return () => null;
    const promises = await this.#promises([...new Set(pages.flatMap(({ labels }) => labels.agreements))], nowMs);
    const paged = new Set(pages.map(({ id }) => id));
    return ({ id, labels, rule }) => {
      if (!paged.has(id)) return null;
      const own = labels.agreements.flatMap((key) => promises.get(key) ?? []);
      const fromMs = pagesFrom(own, rule === 'service-down' && labels.tier === 1, nowMs);
      return fromMs > nowMs ? { by: 'quiet-hours', untilMs: fromMs } : null;
    };
  }

  /** What agreements promise of hours, by key; each calendar is read once. */
  async #promises(keys: readonly string[], nowMs: number): Promise<Map<string, PromisedHours>> {
    const held = (await this.agreements.terms(keys)).flatMap((agreement) => {
      const version = versionAt(agreement, nowMs);
      const terms = version?.terms ?? agreement.draft;
      return terms ? [{ key: agreement.key, terms, signed: version?.snapshot?.calendars ?? {} }] : [];
    });
    const calendars = held.flatMap(({ terms: { calendar }, signed }) =>
      calendar && !signed[calendar] ? calendar : [],
    );
    const stored = await this.calendars.definitions([...new Set(calendars)]);
    return new Map(
      held.map(({ key, terms: { calendar, objectives }, signed }) => {
        const definition = calendar ? (signed[calendar] ?? stored.get(calendar)) : undefined;
        const limits = Object.values(objectives).flatMap((one) =>
          one.type === 'resolution' && one.of === 'incident' ? [one.within] : [],
        );
        return [
          key,
          {
            hours: definition ? this.calendars.hoursOf(hoursOnly(definition)) : null,
            resolutionMs: limits.length > 0 ? Math.min(...limits) : null,
          },
        ];
      }),
    );
  }
}

/** What hours follow from, alone: the same hours are laid out once. */
const hoursOnly = ({ timeZone, week, holidays, exceptions }: CalendarDefinition): CalendarDefinition => ({
  ...{ timeZone, week, holidays, exceptions },
});
