import { Injectable, type OnModuleInit } from '@nestjs/common';
import { reasonOf, reasons } from '../../../probes/contract.ts';
import { AccessService } from '../../access/access.service.ts';
import { groupBy } from '../../domain/grouping.ts';
import { IncidentsService, type IncidentBrief } from '../../incidents/incidents.service.ts';
import '../../incidents/incidents.event.ts';
import type { IncidentNews } from '../../incidents/incidents.event.ts';
import { EventBus } from '../../platform/events.ts';
import { AlertFactsRepository, type AlertedService } from './alert-facts.repository.ts';
import { AlertIntakeService, type Firing } from './alert-intake.service.ts';

/** So long an outage waits, from its first failing slot, for the answer of what its service rests on. */
const upstreamWaitMs = 15_000;

/** The part of a firing that says so. */
export const upstreamWait = ({ restsOnOthers }: AlertedService, startedMs: number): Pick<Firing, 'notBeforeMs'> =>
  restsOnOthers ? { notBeforeMs: startedMs + upstreamWaitMs } : {};

/** Alerts of incidents: they fire, are acknowledged and end with them, and the other way round. */
@Injectable()
export class IncidentAlertsService implements OnModuleInit {
  constructor(
    readonly intake: AlertIntakeService,
    readonly incidents: IncidentsService,
    readonly facts: AlertFactsRepository,
    readonly access: AccessService,
    readonly events: EventBus,
  ) {}

  onModuleInit(): void {
    this.events.on('incident.opened', ({ incidents }) => this.#opened(incidents));
    this.events.on('incident.changed', ({ incidents }) => this.#changed(incidents));
    this.events.on('incident.resolved', ({ incidents }) => this.#resolved(incidents));
  }

  /** What fails again is told anew, whoever had it before. */
  async #opened(news: readonly IncidentNews[]): Promise<void> {
    const briefs = await this.#briefs(news.filter(({ kind }) => kind === 'incident'));
    const open = briefs.filter(({ resolvedMs }) => resolvedMs === null);
    await this.#fire(open, firingOf);
    const made = new Set(news.filter(({ act }) => act === 'opened').map(({ id }) => id));
    const taken = open.filter(({ id, acknowledgedMs }) => made.has(id) && acknowledgedMs !== null);
    await this.#acknowledge(taken.map(({ id }) => id));
  }

  async #changed(news: readonly IncidentNews[]): Promise<void> {
    await this.#acknowledge(news.filter(({ act }) => act === 'acknowledged').map(({ id }) => id));
    const late = news.filter(({ act, isLate }) => isLate && act === 'opened');
    await this.#fire(await this.#briefs(late), lateFiring);
  }

  async #resolved(news: readonly IncidentNews[]): Promise<void> {
    const [merged, others] = [news.filter(({ act }) => act === 'merged'), news.filter(({ act }) => act !== 'merged')];
    await this.intake.resolve({ incidentIds: others.map(({ id }) => id) }, this.intake.nowMs());
    for (const [into, parts] of groupBy(await this.#briefs(merged), ({ mergedInto }) => mergedInto)) {
      const reason = into === null ? null : `It goes on as a part of incident ${into}`;
      const incidentIds = parts.map(({ id }) => id);
      const ended = await this.intake.resolve({ incidentIds }, this.intake.nowMs(), reason);
      const by = ended.find(({ acknowledgedBy }) => acknowledgedBy !== null)?.acknowledgedBy;
      if (into !== null && by != null) await this.#acknowledge([into], by);
    }
  }

  async #briefs(news: readonly IncidentNews[]): Promise<IncidentBrief[]> {
    return news.length === 0 ? [] : this.incidents.briefs([...new Set(news.map(({ id }) => id))]);
  }

  async #fire(
    briefs: readonly IncidentBrief[],
    firingFor: (brief: IncidentBrief, root: AlertedService | undefined) => Firing,
  ): Promise<void> {
    if (briefs.length === 0) return;
    const roots = await this.facts.services(briefs.flatMap((brief) => subjectOf(brief)?.id ?? []));
    const byId = new Map(roots.map((one) => [one.id, one]));
    await this.intake.fire(briefs.map((brief) => firingFor(brief, byId.get(subjectOf(brief)?.id ?? 0))));
  }

  async #acknowledge(incidentIds: readonly number[], by = this.access.actingPerson().name): Promise<void> {
    if (incidentIds.length > 0) await this.intake.acknowledge({ incidentIds }, this.intake.nowMs(), by);
  }
}

/** The service that an incident is told of. */
const subjectOf = ({ root, services }: IncidentBrief) => root ?? services[0] ?? null;

function firingOf(brief: IncidentBrief, service: AlertedService | undefined): Firing {
  const { id, title, description, severity, root, location, startedMs } = brief;
  const base = { title, incidentId: id, sinceMs: startedMs };
  if (location) return { ...base, rule: 'silent-location', fingerprint: `silent-location/${location.key}` };
  const about = { ...base, serviceId: service?.id ?? null };
  if (root && service)
    return {
      ...{ ...about, rule: 'service-down', fingerprint: `service-down/${service.key}`, reason: reasonText(service) },
      ...upstreamWait(service, startedMs),
    };
  return {
    ...{ ...about, fingerprint: `incident/${id}`, reason: description || null },
    rule: severity === 1 ? 'incident-urgent' : 'incident-reported',
  };
}

const lateFiring = ({ id, root, startedMs, resolvedMs }: IncidentBrief): Firing => ({
  ...{ rule: 'outage-late', fingerprint: `outage-late/${id}`, incidentId: id, serviceId: root?.id ?? null },
  title: `${root?.name ?? 'A service'} was down`,
  reason: `Learnt of after its end: from ${iso(startedMs)} to ${iso(resolvedMs ?? startedMs)}`,
  sinceMs: startedMs,
});

const iso = (ms: number): string => new Date(ms).toISOString();

const reasonText = ({ reason }: AlertedService): string | null =>
  reason === null ? null : reasons[reasonOf(reason)].text;
