import { Injectable } from '@nestjs/common';
import type { IncidentKind, IncidentPauseReason, IncidentQuery } from '../contract/incidents.ts';
import type { IncidentCourse } from '../domain/incident-course.ts';
import type { Span } from '../domain/spans.ts';
import { Database } from '../platform/database.ts';

export interface IncidentPause extends Span {
  readonly reason: IncidentPauseReason;
  readonly note: string;
}

/** What people write of an incident. */
export interface IncidentDraft extends IncidentCourse {
  readonly kind: IncidentKind;
  readonly title: string;
  readonly description: string;
  readonly severity: number;
  readonly impact: number | null;
  readonly urgency: number | null;
  readonly source: string;
  readonly reference: string | null;
  readonly pauses: readonly IncidentPause[];
}

export interface IncidentSubject {
  readonly id: number;
  readonly key: string;
  readonly name: string;
}

export interface StoredIncident extends IncidentDraft {
  readonly id: number;
  /** In order of key; deleted ones too. */
  readonly services: readonly IncidentSubject[];
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** A place in the list, newest first: everything after it began earlier. */
export interface IncidentPlace {
  readonly startedMs: number;
  readonly id: number;
}

/** Incidents of some services that may be decided in [fromMs, toMs). */
export interface DecidableAsk extends Span {
  readonly serviceIds: readonly number[];
  readonly kinds: readonly IncidentKind[];
  readonly severities: readonly number[];
}

type Row = Omit<StoredIncident, 'pauses'> & { pauses: (Omit<IncidentPause, 'toMs'> & { toMs: number | null })[] };

const toStored = ({ pauses, ...row }: Row): StoredIncident => ({
  ...row,
  pauses: pauses.map((pause) => ({ ...pause, toMs: pause.toMs ?? Infinity })),
});

const selected = `
  select i.id, i.kind, i.title, i.description, i.severity, i.impact, i.urgency, i.source, i.reference,
    i.started_ms as "startedMs", i.detected_ms as "detectedMs", i.reported_ms as "reportedMs",
    i.acknowledged_ms as "acknowledgedMs", i.responded_ms as "respondedMs", i.resolved_ms as "resolvedMs",
    i.closed_ms as "closedMs", i.created_at as "createdAt", i.updated_at as "updatedAt",
    (select coalesce(jsonb_agg(jsonb_build_object('id', s.id, 'key', s.key, 'name', s.name) order by s.key), '[]')
     from incident_services m join services s on s.id = m.service_id where m.incident_id = i.id) as services,
    (select coalesce(jsonb_agg(jsonb_build_object('reason', p.reason, 'note', p.note, 'fromMs', p.from_ms, 'toMs', p.to_ms)
       order by p.from_ms, p.id), '[]')
     from incident_pauses p where p.incident_id = i.id) as pauses
  from incidents i`;

/** The state as the domain reads it from the instants. */
const state = `case when i.closed_ms is not null then 'closed' when i.resolved_ms is not null then 'resolved'
  when exists (select from incident_pauses p where p.incident_id = i.id and p.to_ms is null) then 'pending'
  when i.acknowledged_ms is not null then 'acknowledged' else 'open' end`;
const never = '9223372036854775807';

const columns = [
  'kind',
  'title',
  'description',
  'severity',
  'impact',
  'urgency',
  'source',
  'reference',
  'started_ms',
  'detected_ms',
  'reported_ms',
  'acknowledged_ms',
  'responded_ms',
  'resolved_ms',
  'closed_ms',
];
const valuesOf = (draft: IncidentDraft): unknown[] => [
  draft.kind,
  draft.title,
  draft.description,
  draft.severity,
  draft.impact,
  draft.urgency,
  draft.source,
  draft.reference,
  draft.startedMs,
  draft.detectedMs,
  draft.reportedMs,
  draft.acknowledgedMs,
  draft.respondedMs,
  draft.resolvedMs,
  draft.closedMs,
];
const places = columns.map((_, index) => `$${index + 1}`).join(', ');

@Injectable()
export class IncidentsRepository {
  constructor(readonly database: Database) {}

  async find(id: number): Promise<StoredIncident | null> {
    const [row] = await this.database.query<Row>(`${selected} where i.id = $1`, [id]);
    return row ? toStored(row) : null;
  }

  /** Holds an incident until the transaction ends: one writer at a time. */
  async lock(id: number): Promise<void> {
    await this.database.query(`select from incidents where id = $1 for update`, [id]);
  }

  /** The id of the incident that has a reference; nobody else gives that away before the transaction ends. */
  async holdReference(reference: string): Promise<number | null> {
    await this.database.query(`select pg_advisory_xact_lock(7217085, hashtext($1))`, [reference]);
    const [row] = await this.database.query<{ id: number }>(`select id from incidents where reference = $1`, [
      reference,
    ]);
    return row?.id ?? null;
  }

  /** Newest first. */
  async page(query: IncidentQuery, after: IncidentPlace | null, most: number): Promise<StoredIncident[]> {
    const rows = await this.database.query<Row>(
      `${selected}
       where ($1::text is null or exists (select from incident_services m join services s on s.id = m.service_id
           where m.incident_id = i.id and s.key = $1 and s.deleted_at is null))
         and ($2::text is null or ${state} = $2) and ($3::int is null or i.severity = $3)
         and ($4::text is null or i.kind = $4)
         and ($5::text is null or position(lower($5) in lower(concat_ws(' ', i.title, i.description, i.reference))) > 0)
         and ($6::bigint is null or coalesce(i.resolved_ms, ${never}) >= $6)
         and ($7::bigint is null or i.started_ms < $7)
         and ($8::bigint is null or (i.started_ms, i.id) < ($8, $9::int))
       order by i.started_ms desc, i.id desc limit $10`,
      [
        query.service ?? null,
        query.state ?? null,
        query.severity ?? null,
        query.kind ?? null,
        query.text || null,
        query.from === undefined ? null : Date.parse(query.from),
        query.to === undefined ? null : Date.parse(query.to),
        after?.startedMs ?? null,
        after?.id ?? null,
        most,
      ],
    );
    return rows.map(toStored);
  }

  /** In order of their beginning. */
  async decidable({ serviceIds, kinds, severities, fromMs, toMs }: DecidableAsk): Promise<StoredIncident[]> {
    const rows = await this.database.query<Row>(
      `${selected}
       where i.started_ms < $5 and coalesce(i.resolved_ms, ${never}) >= $4
         and i.kind = any($2) and i.severity = any($3)
         and exists (select from incident_services m where m.incident_id = i.id and m.service_id = any($1))
       order by i.started_ms, i.id`,
      [serviceIds, kinds, severities, fromMs, toMs],
    );
    return rows.map(toStored);
  }

  /** Ids of the services that there are among some keys, and all keys for those who mistyped one. */
  async subjects(keys: readonly string[]): Promise<Map<string, number>> {
    const rows = await this.database.query<{ id: number; key: string }>(
      `select id, key from services where key = any($1) and deleted_at is null`,
      [keys],
    );
    return new Map(rows.map(({ id, key }) => [key, id]));
  }

  async serviceKeys(): Promise<string[]> {
    const rows = await this.database.query<{ key: string }>(
      `select key from services where deleted_at is null order by key`,
    );
    return rows.map(({ key }) => key);
  }

  async insert(draft: IncidentDraft, serviceIds: readonly number[]): Promise<number> {
    const [row] = await this.database.query<{ id: number }>(
      `insert into incidents (${columns.join(', ')}) values (${places}) returning id`,
      valuesOf(draft),
    );
    await this.#setServices(row!.id, serviceIds);
    return row!.id;
  }

  async update(id: number, draft: IncidentDraft, serviceIds: readonly number[]): Promise<void> {
    await this.database.query(
      `update incidents set (${columns.join(', ')}) = row (${places}), updated_at = now() where id = $${columns.length + 1}`,
      [...valuesOf(draft), id],
    );
    await this.#setServices(id, serviceIds);
    await this.#setPauses(id, draft.pauses);
  }

  async #setServices(id: number, serviceIds: readonly number[]): Promise<void> {
    await this.database.query(`delete from incident_services where incident_id = $1 and service_id <> all($2)`, [
      id,
      serviceIds,
    ]);
    await this.database.query(
      `insert into incident_services (incident_id, service_id) select $1, unnest($2::int[]) on conflict do nothing`,
      [id, serviceIds],
    );
  }

  async #setPauses(id: number, pauses: readonly IncidentPause[]): Promise<void> {
    await this.database.query(`delete from incident_pauses where incident_id = $1`, [id]);
    await this.database.query(
      `insert into incident_pauses (incident_id, reason, note, from_ms, to_ms)
       select $1, * from unnest($2::text[], $3::text[], $4::bigint[], $5::bigint[])`,
      [
        id,
        pauses.map(({ reason }) => reason),
        pauses.map(({ note }) => note),
        pauses.map(({ fromMs }) => fromMs),
        pauses.map(({ toMs }) => (toMs === Infinity ? null : toMs)),
      ],
    );
  }

  async delete(id: number): Promise<void> {
    await this.database.query(`delete from incidents where id = $1`, [id]);
  }
}
