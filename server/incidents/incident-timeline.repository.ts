import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database.ts';

/** Something that was done with an incident, or that happened to it. */
export interface IncidentEntry {
  readonly incidentId: number;
  readonly act: string;
  readonly atMs: number;
  readonly byKind: string;
  readonly byName: string;
  readonly note: string;
  readonly toCustomer: boolean;
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface StoredEntry extends Omit<IncidentEntry, 'incidentId'> {
  readonly id: number;
  readonly recordedAt: Date;
}

export interface FollowUpDraft {
  readonly what: string;
  readonly ownerUserId: number | null;
  readonly ownerTeamId: number | null;
  /** A local day. */
  readonly dueOn: string | null;
  readonly doneMs: number | null;
}

export interface StoredFollowUp extends Pick<FollowUpDraft, 'what' | 'dueOn' | 'doneMs'> {
  readonly id: number;
  readonly user: { readonly name: string; readonly displayName: string } | null;
  readonly team: { readonly key: string; readonly name: string } | null;
}

/** What was done with incidents, entry by entry, and what is still to be done after them. */
@Injectable()
export class IncidentTimelineRepository {
  constructor(readonly database: Database) {}

  /** Adds entries; none is ever changed. */
  async append(entries: readonly IncidentEntry[]): Promise<void> {
    if (entries.length === 0) return;
    await this.database.query(
      `insert into incident_acts (incident_id, act, at_ms, by_kind, by_name, note, to_customer, detail)
       select "incidentId", act, "atMs", "byKind", "byName", note, "toCustomer", detail
       from jsonb_to_recordset($1) as r("incidentId" int, act text, "atMs" bigint, "byKind" text, "byName" text,
         note text, "toCustomer" boolean, detail jsonb)`,
      [JSON.stringify(entries)],
    );
  }

  /** In order of time. */
  entries(incidentId: number): Promise<StoredEntry[]> {
    return this.database.query(
      `select id, act, at_ms as "atMs", by_kind as "byKind", by_name as "byName", note, to_customer as "toCustomer",
         detail, recorded_at as "recordedAt"
       from incident_acts where incident_id = $1 order by at_ms, id`,
      [incidentId],
    );
  }

  /** In order of their making. */
  followUps(incidentId: number): Promise<StoredFollowUp[]> {
    return this.database.query(
      `select f.id, f.what, f.due_on::text as "dueOn", f.done_ms as "doneMs",
         case when u.id is not null then jsonb_build_object('name', u.name, 'displayName', u.display_name) end as "user",
         case when t.id is not null then jsonb_build_object('key', t.key, 'name', t.name) end as team
       from incident_follow_ups f left join users u on u.id = f.owner_user_id left join teams t on t.id = f.owner_team_id
       where f.incident_id = $1 order by f.id`,
      [incidentId],
    );
  }

  async addFollowUp(incidentId: number, draft: FollowUpDraft): Promise<void> {
    await this.database.query(
      `insert into incident_follow_ups (incident_id, what, owner_user_id, owner_team_id, due_on, done_ms)
       values ($1, $2, $3, $4, $5, $6)`,
      [incidentId, draft.what, draft.ownerUserId, draft.ownerTeamId, draft.dueOn, draft.doneMs],
    );
  }

  /** What is done stays done when it was. Answers whether there is such a one. */
  async changeFollowUp(incidentId: number, id: number, draft: FollowUpDraft): Promise<boolean> {
    const rows = await this.database.query(
      `update incident_follow_ups set what = $3, owner_user_id = $4, owner_team_id = $5, due_on = $6,
         done_ms = case when $7::bigint is null then null else coalesce(done_ms, $7) end
       where incident_id = $1 and id = $2 returning id`,
      [incidentId, id, draft.what, draft.ownerUserId, draft.ownerTeamId, draft.dueOn, draft.doneMs],
    );
    return rows.length > 0;
  }

  /** Answers whether there was such a one. */
  async deleteFollowUp(incidentId: number, id: number): Promise<boolean> {
    const rows = await this.database.query(
      `delete from incident_follow_ups where incident_id = $1 and id = $2 returning id`,
      [incidentId, id],
    );
    return rows.length > 0;
  }
}
