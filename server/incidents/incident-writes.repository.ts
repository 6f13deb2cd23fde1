import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database.ts';
import type { IncidentDraft, IncidentPause, RecordedBreach } from './stored-incident.ts';

const columns = [
  'kind',
  'title',
  'description',
  'severity',
  'impact',
  'urgency',
  'severity_reason',
  'source',
  'reference',
  'attribution',
  'cause',
  'impact_text',
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
  draft.severityReason,
  draft.source,
  draft.reference,
  draft.attribution,
  draft.cause,
  draft.impactText,
  draft.startedMs,
  draft.detectedMs,
  draft.reportedMs,
  draft.acknowledgedMs,
  draft.respondedMs,
  draft.resolvedMs,
  draft.closedMs,
];
const places = columns.map((_, index) => `$${index + 1}`).join(', ');

/** What is written of single incidents. */
@Injectable()
export class IncidentWritesRepository {
  constructor(readonly database: Database) {}

  /** Holds incidents until the transaction ends: one writer at a time. */
  async lock(...ids: number[]): Promise<void> {
    await this.database.query(`select from incidents where id = any($1) order by id for update`, [ids]);
  }

  /** The id of the incident that has a reference; nobody else gives that away before the transaction ends. */
  async holdReference(reference: string): Promise<number | null> {
    await this.database.query(`select pg_advisory_xact_lock(7217085, hashtext($1))`, [reference]);
    const [row] = await this.database.query<{ id: number }>(`select id from incidents where reference = $1`, [
      reference,
    ]);
    return row?.id ?? null;
  }

  /** Until the transaction ends, nobody else reports a problem with a service. */
  async holdReports(serviceId: number): Promise<void> {
    await this.database.query(`select pg_advisory_xact_lock(7217125, $1)`, [serviceId]);
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
    await this.database.query(
      `delete from incident_services where incident_id = $1 and service_id <> all($2) and not is_hidden`,
      [id, serviceIds],
    );
    await this.database.query(
      `insert into incident_services (incident_id, service_id) select $1, unnest($2::int[]) on conflict do nothing`,
      [id, serviceIds],
    );
  }

  async #setPauses(id: number, pauses: readonly IncidentPause[]): Promise<void> {
    await this.database.query(`delete from incident_pauses where incident_id = $1`, [id]);
    await this.database.query(
      `insert into incident_pauses
         (incident_id, reason, note, from_ms, to_ms, resume_by_ms, disputed_ms, disputed_by, dispute)
       select $1, reason, note, "fromMs", "toMs", "resumeByMs", (dispute ->> 'atMs')::bigint, dispute ->> 'by',
         dispute ->> 'note'
       from jsonb_to_recordset($2)
         as r(reason text, note text, "fromMs" bigint, "toMs" bigint, "resumeByMs" bigint, dispute jsonb)`,
      [id, JSON.stringify(pauses.map((pause) => ({ ...pause, toMs: pause.toMs === Infinity ? null : pause.toMs })))],
    );
  }

  async delete(id: number): Promise<void> {
    await this.database.query(`delete from incidents where id = $1`, [id]);
  }

  async setAssignee(id: number, userId: number | null, teamId: number | null): Promise<void> {
    await this.database.query(
      `update incidents set assigned_user_id = $2, assigned_team_id = $3, updated_at = now() where id = $1`,
      [id, userId, teamId],
    );
  }

  /** Those who wait were told how it stands. */
  async setTold(id: number, atMs: number): Promise<void> {
    await this.database.query(
      `update incidents set told_ms = greatest(told_ms, $2), updated_at = now() where id = $1`,
      [id, atMs],
    );
  }

  /** Ids of those that were to wait until an instant, held; what others hold is left to them, what they resumed too. */
  async lockResuming(nowMs: number): Promise<number[]> {
    const rows = await this.database.query<{ id: number }>(
      `select i.id from incidents i join incident_pauses p on p.incident_id = i.id
       where p.to_ms is null and p.resume_by_ms <= $1 order by i.id for update of i, p skip locked`,
      [nowMs],
    );
    return rows.map(({ id }) => id);
  }

  async setFollows(id: number, follows: number): Promise<void> {
    await this.database.query(`update incidents set follows_id = $2 where id = $1`, [id, follows]);
  }

  async addBreaches(id: number, breaches: readonly RecordedBreach[]): Promise<void> {
    await this.database.query(
      `insert into incident_breaches (incident_id, agreement_id, clock, severity, due_ms)
       select $1, "agreementId", clock, severity, "dueMs"
       from jsonb_to_recordset($2) as r("agreementId" int, clock text, severity smallint, "dueMs" bigint)
       on conflict do nothing`,
      [id, JSON.stringify(breaches)],
    );
  }

  /** Ids of the account of a name and the team of a key; null where there is none. */
  async assigneeIds(
    user: string | null,
    team: string | null,
  ): Promise<{ userId: number | null; teamId: number | null }> {
    const [row] = await this.database.query<{ userId: number | null; teamId: number | null }>(
      `select (select id from users where lower(name) = lower($1) and not disabled) as "userId",
         (select id from teams where key = $2 and deleted_at is null) as "teamId"`,
      [user, team],
    );
    return row!;
  }
}
