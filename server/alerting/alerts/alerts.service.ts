import { Injectable, type OnModuleInit } from '@nestjs/common';
import { SteadyClock } from '../../../probes/support/clock.ts';
import { AccessService } from '../../access/access.service.ts';
import { AuditService } from '../../access/audit.service.ts';
import { PeopleService } from '../../access/people.service.ts';
import { TeamsService } from '../../catalog/teams.service.ts';
import type {
  Alert,
  AlertAssignment,
  AlertDetail,
  AlertNote,
  AlertQuery,
  AlertSilence,
} from '../../contract/alerts.ts';
import { alertMatcherSchema } from '../../contract/alerts.ts';
import type { Page } from '../../contract/catalog.ts';
import { suggestion } from '../../contract/suggestion.ts';
import { IncidentWorkService } from '../../incidents/incident-work.service.ts';
import { IncidentsService } from '../../incidents/incidents.service.ts';
import { Database } from '../../platform/database.ts';
import { EventBus } from '../../platform/events.ts';
import { invalidField, Problem } from '../../platform/problem.ts';
import { currentActor } from '../../platform/request-context.ts';
import { SchedulesService } from '../on-call/schedules.service.ts';
import { AlertIntakeService } from './alert-intake.service.ts';
import { AlertReachService } from './alert-reach.service.ts';
import { alertDetail, alertView } from './alert-views.ts';
import { AlertsRepository, type OwnAlerts } from './alerts.repository.ts';
import { SilencesService } from './silences.service.ts';
import type { StoredAlert } from './stored-alert.ts';

/** Alerts as people read them and act on them. */
@Injectable()
export class AlertsService implements OnModuleInit {
  constructor(
    readonly alerts: AlertsRepository,
    readonly intake: AlertIntakeService,
    readonly silences: SilencesService,
    readonly incidents: IncidentsService,
    readonly work: IncidentWorkService,
    readonly reaching: AlertReachService,
    readonly schedules: SchedulesService,
    readonly people: PeopleService,
    readonly teams: TeamsService,
    readonly access: AccessService,
    readonly audit: AuditService,
    readonly events: EventBus,
    readonly database: Database,
    readonly clock: SteadyClock,
  ) {}

  /** What could not be told for want of a channel is told when there is one. */
  onModuleInit(): void {
    this.events.on('channel.changed', () => this.intake.reconsider('no-channel'));
  }

  /** Newest first. */
  async page(query: AlertQuery): Promise<Page<Alert>> {
    const found = await this.alerts.page(query, query.mine ? await this.#own() : null);
    const items = found.slice(0, query.limit);
    return { items: items.map(alertView), next: found.length > query.limit ? String(items.at(-1)!.id) : null };
  }

  /** @throws Problem not-found */
  async get(id: number): Promise<AlertDetail> {
    const alert = await this.#found(id);
    const followers = await this.alerts.followers([id]);
    return alertDetail(
      alert,
      await this.alerts.deliveries(id),
      followers.map((one) => one.id),
    );
  }

  /** Takes it, and its incident with it; taken already, nothing changes. @throws Problem not-found, conflict */
  acknowledge(id: number, { note }: AlertNote): Promise<AlertDetail> {
    return this.#act(id, 'acknowledged', note, async ({ incidentId }) => {
      // The incident is held first, as by whoever acts on it.
      if (incidentId !== null) await this.incidents.act(incidentId, 'acknowledge', { note });
      await this.intake.acknowledge({ ids: [id] }, this.#nowMs(), this.access.actingPerson().name);
    });
  }

  /** Says who has it; of an incident, who has that. @throws Problem not-found, conflict, invalid-input */
  assign(id: number, assignment: AlertAssignment): Promise<AlertDetail> {
    return this.#act(id, 'assigned', assignment.note, async ({ incidentId, assignedUser, assignedTeam }) => {
      const { user = assignedUser, team = assignedTeam } = assignment;
      await this.#assertKnown(user, team);
      if (incidentId !== null) await this.work.assign(incidentId, assignment);
      await this.alerts.lock({ ids: [id] });
      await this.alerts.assign(id, user, team);
      await this.intake.tellOf([id]);
    });
  }

  /** Tells the next step now; whoever has it has it no more. @throws Problem not-found, conflict */
  escalate(id: number, { note }: AlertNote): Promise<AlertDetail> {
    return this.#act(id, 'escalated', note, async () => {
      const nowMs = this.#nowMs();
      const [alert] = await this.alerts.lock({ ids: [id] });
      const { policy = null, escalatedMs = null, steppedMs = null } = alert ?? {};
      const course = await this.reaching.courseOf(policy, nowMs);
      const begun = course?.hastened(escalatedMs ?? nowMs, steppedMs, nowMs);
      await this.alerts.hasten(id, nowMs, begun?.firedMs ?? null, begun?.toldMs ?? null);
      await this.intake.tellOf([id]);
    });
  }

  /** Nobody is told of it for a while. @throws Problem not-found, conflict */
  silence(id: number, { for: lengthMs, reason }: AlertSilence): Promise<AlertDetail> {
    return this.#act(id, 'silenced', reason, async ({ fingerprint, title }) => {
      const fromMs = this.#nowMs();
      await this.silences.add({
        ...{ match: alertMatcherSchema.parse({}), fingerprint, reason: reason || title },
        ...{ fromMs, toMs: fromMs + lengthMs },
      });
    });
  }

  /** By what an alert is the caller's. */
  async #own(): Promise<OwnAlerts> {
    const { kind, name, memberOf = [] } = currentActor();
    const policies = await this.schedules.policiesNow();
    return { user: kind === 'user' ? name : '', teams: [...memberOf], policies };
  }

  #act(id: number, act: string, note: string, work: (alert: StoredAlert) => Promise<void>): Promise<AlertDetail> {
    return this.database.transaction(async () => {
      const alert = await this.#found(id);
      if (alert.resolvedMs !== null) throw new Problem('conflict', `Alert ${id} is resolved: it cannot be ${act} now`);
      await work(alert);
      await this.audit.record({
        ...{ action: `alert.${act}`, subjectKind: 'alert', subject: String(id) },
        detail: { title: alert.title, note },
      });
      return this.get(id);
    });
  }

  async #assertKnown(user: string | null, team: string | null): Promise<void> {
    if (user !== null && (await this.people.named([user])).size === 0) {
      const names = [...(await this.people.named()).values()].map(({ name }) => name);
      throw invalidField('user', `there is no account "${user}"${suggestion(user, names)}`);
    }
    if (team === null) return;
    const teams = await this.teams.names();
    if (!teams.has(team))
      throw invalidField('team', `there is no team "${team}"${suggestion(team, [...teams.keys()])}`);
  }

  async #found(id: number): Promise<StoredAlert> {
    const alert = await this.alerts.find(id);
    if (!alert) throw new Problem('not-found', `There is no alert ${id}`);
    return alert;
  }

  #nowMs(): number {
    return Math.floor(this.clock.now());
  }
}
