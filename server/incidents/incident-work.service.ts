import { Injectable } from '@nestjs/common';
import { AccessService } from '../access/access.service.ts';
import type { Assignment, Dispute, FollowUpInput, IncidentNote, Merge, Split } from '../contract/incident-work.ts';
import type { Incident, IncidentDetail } from '../contract/incidents.ts';
import { stageOf } from '../domain/incident-course.ts';
import { Database } from '../platform/database.ts';
import { invalidField, Problem } from '../platform/problem.ts';
import { actRules } from './incident-acts.ts';
import { IncidentDetailsService } from './incident-details.service.ts';
import { CustomersService } from './customers.service.ts';
import { incidentView } from './incident-views.ts';
import { idsOf, IncidentWriterService } from './incident-writer.service.ts';
import { ProbeIncidentsRepository } from './probe-incidents.repository.ts';
import { ProbeOutagesRepository } from './probe-outages.repository.ts';
import type { IncidentDraft, StoredIncident } from './stored-incident.ts';

/** What is done with incidents beside their course: who has them, what is said of them, what belongs together. */
@Injectable()
export class IncidentWorkService {
  constructor(
    readonly writer: IncidentWriterService,
    readonly details: IncidentDetailsService,
    readonly customers: CustomersService,
    readonly probes: ProbeIncidentsRepository,
    readonly outages: ProbeOutagesRepository,
    readonly access: AccessService,
    readonly database: Database,
  ) {}

  /** @throws Problem not-found, invalid-input */
  assign(id: number, { user, team, note }: Assignment): Promise<Incident> {
    return this.#work(id, async (before) => {
      const names = {
        user: user === undefined ? (before.assignee.user?.name ?? null) : user,
        team: team === undefined ? (before.assignee.team?.key ?? null) : team,
      };
      const { userId, teamId } = await this.#owners(names.user, names.team);
      await this.writer.writes.setAssignee(id, userId, teamId);
      await this.writer.tell(await this.writer.find(id), { act: 'assigned', note, detail: names });
    });
  }

  /** Says something of an incident; what is said to the customer begins the wait for the next update anew. @throws Problem not-found */
  note(id: number, { text, toCustomer }: IncidentNote): Promise<Incident> {
    return this.#work(id, async (before) => {
      if (toCustomer) await this.writer.writes.setTold(id, this.writer.nowMs());
      await this.writer.tell(before, { act: 'noted', note: text, toCustomer });
    });
  }

  /** The customer says that it should not wait: that is kept with the wait. @throws Problem not-found, forbidden, conflict */
  dispute(id: number, { note }: Dispute): Promise<Incident> {
    return this.#work(id, async (before) => {
      await this.customers.assertSpeaksFor(before);
      const open = before.pauses.at(-1);
      if (!open || open.toMs !== Infinity) throw new Problem('conflict', `Incident ${id} does not wait`);
      const dispute = { atMs: this.writer.nowMs(), by: this.access.actingPerson().name, note };
      const pauses = [...before.pauses.slice(0, -1), { ...open, dispute }];
      await this.writer.update(before, { ...before, pauses }, idsOf(before), { act: 'disputed', note });
    });
  }

  /** Another incident goes on in its place, from the first that is known of either. @throws Problem not-found, conflict, invalid-input */
  merge(id: number, { into, note }: Merge): Promise<Incident> {
    if (into === id) throw invalidField('into', 'must be another incident');
    return this.database.transaction(async () => {
      await this.outages.holdAlone();
      await this.writer.writes.lock(id, into);
      const [from, target] = [await this.writer.find(id), await this.writer.find(into)];
      for (const one of [from, target])
        if (one.mergedInto !== null)
          throw new Problem('conflict', `Incident ${one.id} goes on as incident ${one.mergedInto} already`);
      if (target.resolvedMs !== null)
        throw new Problem('conflict', `Incident ${into} is resolved: open it again first`);
      if (from.kind !== target.kind) throw invalidField('into', `is no ${from.kind}`);
      await this.probes.merge([{ from: id, into }], this.writer.nowMs());
      await this.outages.move([{ from: id, into }]);
      await this.writer.tell(await this.writer.find(id), { act: 'merged', note, detail: { into } }, from);
      const after = await this.writer.find(into);
      await this.writer.announce(from, after);
      await this.writer.tell(after, { act: 'joined', note, detail: { incident: id } });
      return incidentView(after);
    });
  }

  /** What is about something else becomes an incident of its own, with the same beginning. @throws Problem not-found, conflict, invalid-input */
  split(id: number, { services, title, note }: Split): Promise<Incident> {
    return this.database.transaction(async () => {
      const before = await this.writer.hold(id);
      if (before.resolvedMs !== null) throw new Problem('conflict', `Incident ${id} is resolved: it cannot be split`);
      const leaving = await this.writer.serviceIds(services);
      const staying = idsOf(before).filter((one) => !leaving.includes(one));
      const strange = services.findIndex((_, index) => !idsOf(before).includes(leaving[index]!));
      if (strange >= 0) throw invalidField(`services.${strange}`, 'is none of this incident');
      if (staying.length === 0) throw invalidField('services', 'must leave a service with this incident');
      const draft: IncidentDraft = { ...before, title: title ?? before.title, source: '', reference: null };
      const made = await this.writer.insert(draft, leaving, { act: 'opened', note, detail: { splitFrom: id } });
      await this.writer.writes.setFollows(made.id, id);
      await this.writer.update(before, before, staying, {
        act: 'split',
        note,
        detail: { incident: made.id, services },
      });
      return incidentView(await this.writer.find(made.id));
    });
  }

  /** @throws Problem not-found, invalid-input */
  addFollowUp(id: number, input: FollowUpInput): Promise<IncidentDetail> {
    return this.#follow(id, input.what, async () => {
      await this.writer.timeline.addFollowUp(id, await this.#followUp(input));
    });
  }

  /** @throws Problem not-found, invalid-input */
  changeFollowUp(id: number, followUp: number, input: FollowUpInput): Promise<IncidentDetail> {
    return this.#follow(id, input.what, async () => {
      if (!(await this.writer.timeline.changeFollowUp(id, followUp, await this.#followUp(input))))
        throw noSuch(followUp);
    });
  }

  /** @throws Problem not-found */
  deleteFollowUp(id: number, followUp: number): Promise<IncidentDetail> {
    return this.#follow(id, '', async () => {
      if (!(await this.writer.timeline.deleteFollowUp(id, followUp))) throw noSuch(followUp);
    });
  }

  /** Goes on with what was to wait until now, at the instant that was said; answers how many. */
  resumeDue(): Promise<number> {
    return this.database.transaction(async () => {
      const due = await this.writer.writes.lockResuming(this.writer.nowMs());
      for (const id of due) {
        const before = await this.writer.find(id);
        const atMs = before.pauses.at(-1)!.resumeByMs!;
        const draft = { ...before, ...actRules.resume.apply(before, { atMs, note: '' }) };
        await this.writer.update(before, draft, idsOf(before), { act: 'resumed', atMs, detail: { bySchedule: true } });
      }
      return due.length;
    });
  }

  #work(id: number, work: (before: StoredIncident) => Promise<void>): Promise<Incident> {
    return this.database.transaction(async () => {
      const before = await this.writer.hold(id);
      if (stageOf(before) === 'closed' && before.mergedInto !== null)
        throw new Problem('conflict', `Incident ${id} goes on as incident ${before.mergedInto}`);
      await work(before);
      return incidentView(await this.writer.find(id));
    });
  }

  #follow(id: number, note: string, work: () => Promise<void>): Promise<IncidentDetail> {
    return this.database.transaction(async () => {
      const incident = await this.writer.hold(id);
      await work();
      await this.writer.tell(incident, { act: 'followed-up', note });
      return this.details.of(incident);
    });
  }

  async #followUp({ what, user, team, dueOn, done }: FollowUpInput) {
    const { userId, teamId } = await this.#owners(user ?? null, team ?? null);
    const doneMs = done ? this.writer.nowMs() : null;
    return { what, ownerUserId: userId, ownerTeamId: teamId, dueOn: dueOn ?? null, doneMs };
  }

  /** @throws Problem invalid-input */
  async #owners(user: string | null, team: string | null) {
    const ids = await this.writer.writes.assigneeIds(user, team);
    if (user !== null && ids.userId === null) throw invalidField('user', `there is no account "${user}"`);
    if (team !== null && ids.teamId === null) throw invalidField('team', `there is no team "${team}"`);
    return ids;
  }
}

const noSuch = (id: number): Problem => new Problem('not-found', `There is no follow-up ${id} of this incident`);
