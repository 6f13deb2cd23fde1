import { Injectable } from '@nestjs/common';
import type { IncidentQuery, IncidentState } from '../contract/incidents.ts';
import { serviceStates } from '../domain/service-state.ts';
import { Database } from '../platform/database.ts';
import type { DecidableAsk, IncidentPause, IncidentPlace, StoredIncident } from './stored-incident.ts';

type Row = Omit<StoredIncident, 'pauses'> & { pauses: (Omit<IncidentPause, 'toMs'> & { toMs: number | null })[] };

const toStored = ({ pauses, ...row }: Row): StoredIncident => ({
  ...row,
  pauses: pauses.map((pause) => ({ ...pause, toMs: pause.toMs ?? Infinity })),
});

const subject = (table: string, column: string): string =>
  `(select jsonb_build_object('id', x.id, 'key', x.key, 'name', x.name) from ${table} x where x.id = i.${column})`;
const servicesWhere = (condition: string): string =>
  `(select coalesce(jsonb_agg(jsonb_build_object('id', s.id, 'key', s.key, 'name', s.name) order by s.key), '[]')
     from incident_services m join services s on s.id = m.service_id where m.incident_id = i.id and ${condition})`;

const selected = `
  select i.id, i.kind, i.title, i.description, i.severity, i.impact, i.urgency, i.severity_reason as "severityReason",
    i.source, i.reference, i.attribution, i.cause, i.impact_text as "impactText",
    i.started_ms as "startedMs", i.detected_ms as "detectedMs", i.reported_ms as "reportedMs",
    i.acknowledged_ms as "acknowledgedMs", i.responded_ms as "respondedMs", i.resolved_ms as "resolvedMs",
    i.closed_ms as "closedMs", i.created_at as "createdAt", i.updated_at as "updatedAt",
    i.follows_id as follows, i.merged_into_id as "mergedInto", i.is_late as "isLate", i.told_ms as "toldMs",
    ${servicesWhere('not m.is_hidden')} as services, ${servicesWhere('m.is_hidden')} as hides,
    ${subject('services', 'root_service_id')} as root, ${subject('locations', 'location_id')} as location,
    jsonb_build_object(
      'user', (select jsonb_build_object('name', u.name, 'displayName', u.display_name)
        from users u where u.id = i.assigned_user_id),
      'team', (select jsonb_build_object('key', t.key, 'name', t.name)
        from teams t where t.id = i.assigned_team_id)) as assignee,
    (select coalesce(jsonb_agg(jsonb_build_object('agreementId', b.agreement_id, 'clock', b.clock,
        'severity', b.severity, 'dueMs', b.due_ms) order by b.due_ms), '[]')
     from incident_breaches b where b.incident_id = i.id) as breaches,
    (select coalesce(jsonb_agg(jsonb_build_object('reason', p.reason, 'note', p.note, 'fromMs', p.from_ms, 'toMs', p.to_ms,
         'resumeByMs', p.resume_by_ms, 'dispute', case when p.disputed_ms is not null then
           jsonb_build_object('atMs', p.disputed_ms, 'by', p.disputed_by, 'note', p.dispute) end)
       order by p.from_ms, p.id), '[]')
     from incident_pauses p where p.incident_id = i.id) as pauses
  from incidents i`;

/** The state as the domain reads it from the instants. */
const state = `case when i.closed_ms is not null then 'closed' when i.resolved_ms is not null then 'resolved'
  when exists (select from incident_pauses p where p.incident_id = i.id and p.to_ms is null) then 'pending'
  when i.acknowledged_ms is not null then 'acknowledged' else 'open' end`;
/** What states stand for several. */
const stateGroups: Readonly<Partial<Record<NonNullable<IncidentQuery['state']>, readonly IncidentState[]>>> = {
  unresolved: ['open', 'acknowledged', 'pending'],
  over: ['resolved', 'closed'],
};
const never = '9223372036854775807';

@Injectable()
export class IncidentsRepository {
  constructor(readonly database: Database) {}

  async find(id: number): Promise<StoredIncident | null> {
    return (await this.findAll([id]))[0] ?? null;
  }

  /** In order of id. */
  async findAll(ids: readonly number[]): Promise<StoredIncident[]> {
    const rows = await this.database.query<Row>(`${selected} where i.id = any($1) order by i.id`, [ids]);
    return rows.map(toStored);
  }

  /** The newest incident about a service that is not resolved; null without one. */
  async openOf(serviceId: number): Promise<number | null> {
    const [row] = await this.database.query<{ id: number }>(
      `select i.id from incidents i join incident_services m on m.incident_id = i.id and not m.is_hidden
       where m.service_id = $1 and i.kind = 'incident' and i.resolved_ms is null and i.merged_into_id is null
       order by i.started_ms desc, i.id desc limit 1`,
      [serviceId],
    );
    return row?.id ?? null;
  }

  /** Whether a service that an incident is about is down now. */
  async isDown(id: number): Promise<boolean> {
    const rows = await this.database.query(
      `select from incident_services m join service_status s on s.service_id = m.service_id
       where m.incident_id = $1 and not m.is_hidden and s.state = $2 limit 1`,
      [id, serviceStates.indexOf('down')],
    );
    return rows.length > 0;
  }

  /** Incidents that follow one, and those that were merged into it. */
  async related(id: number): Promise<{ followedBy: number[]; merged: number[] }> {
    const [row] = await this.database.query<{ followedBy: number[]; merged: number[] }>(
      `select array(select id from incidents where follows_id = $1 order by id) as "followedBy",
         array(select id from incidents where merged_into_id = $1 order by id) as merged`,
      [id],
    );
    return row!;
  }

  /** Newest first. */
  async page(query: IncidentQuery, after: IncidentPlace | null, most: number): Promise<StoredIncident[]> {
    const rows = await this.database.query<Row>(
      `${selected}
       where ($1::text is null or exists (select from incident_services m join services s on s.id = m.service_id
           where m.incident_id = i.id and s.key = $1 and s.deleted_at is null and not m.is_hidden))
         and ($2::text[] is null or ${state} = any($2)) and ($3::int is null or i.severity = $3)
         and ($4::text is null or i.kind = $4)
         and ($5::text is null or position(lower($5) in lower(concat_ws(' ', i.title, i.description, i.reference))) > 0)
         and ($6::bigint is null or coalesce(i.resolved_ms, ${never}) >= $6)
         and ($7::bigint is null or i.started_ms < $7)
         and ($11::text is null or i.assigned_team_id = (select id from teams where key = $11 and deleted_at is null)
           or exists (select from incident_services m join services s on s.id = m.service_id
             join teams t on t.id = s.owner_id
             where m.incident_id = i.id and not m.is_hidden and t.key = $11 and t.deleted_at is null))
         and ($12::text is null or i.assigned_user_id = (select id from users where name = $12))
         and ($8::bigint is null or (i.started_ms, i.id) < ($8, $9::int))
       order by i.started_ms desc, i.id desc limit $10`,
      [
        query.service ?? null,
        query.state === undefined ? null : (stateGroups[query.state] ?? [query.state]),
        query.severity ?? null,
        query.kind ?? null,
        query.text || null,
        query.from === undefined ? null : Date.parse(query.from),
        query.to === undefined ? null : Date.parse(query.to),
        after?.startedMs ?? null,
        after?.id ?? null,
        most,
        query.team ?? null,
        query.user ?? null,
      ],
    );
    return rows.map(toStored);
  }

  /** In order of their beginning. */
  async decidable({ serviceIds, kinds, severities, fromMs, toMs }: DecidableAsk): Promise<StoredIncident[]> {
    const rows = await this.database.query<Row>(
      `${selected}
       where i.started_ms < $5 and coalesce(i.resolved_ms, ${never}) >= $4
         and i.kind = any($2) and i.severity = any($3) and i.merged_into_id is null
         and exists (select from incident_services m
           where m.incident_id = i.id and m.service_id = any($1) and not m.is_hidden)
       order by i.started_ms, i.id`,
      [serviceIds, kinds, severities, fromMs, toMs],
    );
    return rows.map(toStored);
  }

  /** Incidents and requests that were open in [fromMs, toMs) about services of a team, or of any; the newest first. */
  async openIn(team: string | null, fromMs: number, toMs: number, most: number): Promise<StoredIncident[]> {
    const rows = await this.database.query<Row>(
      `${selected}
       where i.started_ms < $3 and coalesce(i.resolved_ms, ${never}) > $2 and i.kind <> 'drill' and i.merged_into_id is null
         and ($1::text is null or exists (select from incident_services m join services s on s.id = m.service_id
             join teams t on t.id = s.owner_id where m.incident_id = i.id and t.key = $1 and not m.is_hidden))
       order by i.started_ms desc, i.id desc limit $4`,
      [team, fromMs, toMs, most],
    );
    return rows.map(toStored);
  }
}
