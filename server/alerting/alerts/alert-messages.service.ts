import { Inject, Injectable } from '@nestjs/common';
import { RunningFiguresService } from '../../compliance/running-figures.service.ts';
import type { AlertMessage, AlertMoment } from '../../contract/channels.ts';
import type { RunningObjective } from '../../contract/compliance.ts';
import { clockNames, type ClockName } from '../../domain/incident-clocks.ts';
import { lengthText } from '../../domain/length-text.ts';
import { IncidentsService, type IncidentBrief } from '../../incidents/incidents.service.ts';
import { messageActs } from '../../contract/message-acts.ts';
import { ENVIRONMENT, publicAddress, type Environment } from '../../platform/config.ts';
import { MessageLinksService } from '../channels/message-links.service.ts';
import { AlertFactsRepository } from './alert-facts.repository.ts';
import type { StoredAlert } from './stored-alert.ts';

/** A message about an alert, all but whom it is for. */
export interface Said {
  readonly alert: StoredAlert;
  readonly moment: AlertMoment;
  /** What is to be known beside the alert's own reason. */
  readonly notes: readonly string[];
  /** Who was told in person. */
  readonly people: readonly string[];
}

export type MessageWriter = (said: Said, bearer: string) => AlertMessage;

/** Says of alerts what promise is in danger, since when, what is left, why, what rests on it, and who has it. */
@Injectable()
export class AlertMessagesService {
  readonly #base: string;

  constructor(
    readonly facts: AlertFactsRepository,
    readonly incidents: IncidentsService,
    readonly figures: RunningFiguresService,
    readonly links: MessageLinksService,
    @Inject(ENVIRONMENT) environment: Environment,
  ) {
    this.#base = publicAddress(environment).replace(/\/+$/, '');
  }

  /** Reads what is to be told of some alerts, at once. */
  async writer(alerts: readonly StoredAlert[], nowMs: number): Promise<MessageWriter> {
    const serviceIds = [...new Set(alerts.flatMap(({ serviceId }) => serviceId ?? []))];
    const dependents = await this.facts.dependents(serviceIds);
    const incidentIds = [...new Set(alerts.flatMap(({ incidentId }) => incidentId ?? []))];
    const incidents = new Map((await this.incidents.briefs(incidentIds)).map((one) => [one.id, one]));
    const clocks = await this.#clocks([...incidents.keys()]);
    const keys = [...new Set(alerts.flatMap(({ labels }) => labels.agreements))];
    const figures = keys.length > 0 ? await this.figures.known(keys) : new Map<string, RunningObjective[] | null>();
    return (said, bearer) => {
      const { alert, moment, notes, people } = said;
      const incident = alert.incidentId === null ? undefined : incidents.get(alert.incidentId);
      const danger = endangered(alert, figures);
      const { id, fingerprint, urgency, title, about } = alert;
      const acts = moment === 'resolved' ? [] : moment === 'acknowledged' ? messageActs.slice(1) : messageActs;
      return {
        ...{ alert: { id, fingerprint }, moment, urgency, title },
        service: about.service,
        agreement: about.agreement ?? (danger && { key: danger.agreement, name: danger.agreementTitle }),
        objective: danger?.title ?? alert.objective,
        sinceAt: new Date(alert.sinceMs).toISOString(),
        reason: [alert.reason, hidden(incident), ...notes].filter(Boolean).join('. ') || null,
        budget: danger && budgetText(danger),
        dependents: (alert.serviceId === null ? undefined : dependents.get(alert.serviceId)) ?? none,
        holder: moment === 'resolved' ? null : holderOf(alert, incident, people),
        clocks: moment === 'resolved' ? [] : (clocks.get(alert.incidentId ?? 0) ?? []),
        links: {
          open: `${this.#base}/alerts/${id}`,
          ...this.links.linksFor({ alertId: id, bearer, now: new Date(nowMs) }, acts),
        },
      };
    };
  }

  /** The deadlines that run, by incident; of a storm of incidents nobody reads them. */
  async #clocks(ids: readonly number[]): Promise<Map<number, AlertMessage['clocks']>> {
    const found = new Map<number, AlertMessage['clocks']>();
    for (const id of ids.length > mostClocked ? [] : ids) {
      const { clocks } = await this.incidents.get(id);
      const running = clockNames.flatMap((name) => {
        const { state, dueAt } = clocks[name];
        return state === 'running' && dueAt !== null ? [{ what: clockWords[name], dueAt }] : [];
      });
      found.set(id, running);
    }
    return found;
  }
}

const mostClocked = 20;
const clockWords: Readonly<Record<ClockName, string>> = { response: 'Response due', resolution: 'Resolution due' };
const none = { names: [], count: 0 };
const mostHidden = 10;

/** What a silent location hides. */
function hidden(incident: IncidentBrief | undefined): string | null {
  if (!incident || incident.hides.length === 0) return null;
  const names = incident.hides.slice(0, mostHidden).map(({ name }) => name);
  const further = incident.hides.length - names.length;
  return `It hides ${names.join(', ')}${further > 0 ? ` and ${further} more` : ''}`;
}

/** Who has it; else who was told in person. */
function holderOf(alert: StoredAlert, incident: IncidentBrief | undefined, people: readonly string[]): string | null {
  const assigned =
    incident?.assignee.user?.displayName ?? incident?.assignee.team?.name ?? alert.assignedUser ?? alert.assignedTeam;
  if (assigned != null) return assigned;
  if (alert.acknowledgedBy !== null) return alert.acknowledgedBy;
  return people.length > 0 ? `nobody yet; on call: ${people.join(', ')}` : null;
}

/** Of the objectives about what the alert is about, the one of whose budget most is used. */
function endangered(
  { about, labels, objective }: StoredAlert,
  figures: ReadonlyMap<string, RunningObjective[] | null>,
): RunningObjective | null {
  const all = labels.agreements.flatMap((key) => figures.get(key) ?? []);
  const own = all.filter((one) =>
    objective !== null && about.agreement
      ? one.agreement === about.agreement.key && one.key === objective
      : about.service !== null && one.services.includes(about.service.key) && one.budget.seconds !== null,
  );
  const used = ({ budget: { usedRatio } }: RunningObjective): number => (usedRatio === null ? -1 : Number(usedRatio));
  return own.toSorted((a, b) => used(b) - used(a))[0] ?? null;
}

function budgetText({ budget }: RunningObjective): AlertMessage['budget'] {
  const { seconds, leftSeconds, events, leftEvents, usedRatio } = budget;
  if (usedRatio === null || usedRatio.startsWith('-')) return null;
  if (seconds !== null && leftSeconds !== null) {
    const left =
      leftSeconds < 0 ? `overspent by ${lengthText(-leftSeconds * 1_000)}` : `${lengthText(leftSeconds * 1_000)} left`;
    return { leftText: `${left} of ${lengthText(seconds * 1_000)}`, usedRatio };
  }
  if (events === null || leftEvents === null) return null;
  return { leftText: `${leftEvents} of ${events} left`, usedRatio };
}
