import { Injectable } from '@nestjs/common';
import type { FollowUp, IncidentDetail } from '../contract/incidents.ts';
import type { IncidentTimeline } from '../contract/incident-work.ts';
import { IncidentClocksService } from './incident-clocks.service.ts';
import { IncidentTimelineRepository, type StoredFollowUp } from './incident-timeline.repository.ts';
import { incidentView } from './incident-views.ts';
import { IncidentWriterService } from './incident-writer.service.ts';
import { ProbeOutagesRepository } from './probe-outages.repository.ts';
import type { StoredIncident } from './stored-incident.ts';

const iso = (ms: number): string => new Date(ms).toISOString();

/** Everything that there is to say of one incident. */
@Injectable()
export class IncidentDetailsService {
  constructor(
    readonly writer: IncidentWriterService,
    readonly clocks: IncidentClocksService,
    readonly timeline: IncidentTimelineRepository,
    readonly outages: ProbeOutagesRepository,
  ) {}

  async of(incident: StoredIncident): Promise<IncidentDetail> {
    const { id } = incident;
    const outages = await this.outages.ofIncident(id);
    return {
      ...incidentView(incident),
      ...(await this.clocks.view(incident, this.writer.nowMs())),
      outages: outages.map(({ service, fromMs, toMs }) => ({
        ...{ service, from: iso(fromMs), to: toMs === null ? null : iso(toMs) },
      })),
      ...(await this.writer.incidents.related(id)),
      followUps: (await this.timeline.followUps(id)).map(followUpView),
    };
  }

  /** What was done with an incident, in order of time. @throws Problem not-found */
  async acts(id: number): Promise<IncidentTimeline> {
    await this.writer.find(id);
    const entries = await this.timeline.entries(id);
    return {
      entries: entries.map(({ atMs, recordedAt, byKind, byName, ...entry }) => ({
        ...{ ...entry, at: iso(atMs), recordedAt: recordedAt.toISOString(), by: { kind: byKind, name: byName } },
      })),
    };
  }
}

const followUpView = ({ id, what, user, team, dueOn, doneMs }: StoredFollowUp): FollowUp => ({
  ...{ id, what, owner: { user, team }, dueOn, doneAt: doneMs === null ? null : iso(doneMs) },
});
