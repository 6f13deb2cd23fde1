import { Injectable } from '@nestjs/common';
import type { AlertQuery, Mute } from '../../contract/alerts.ts';
import type { AlertMoment } from '../../contract/channels.ts';
import { Database } from '../../platform/database.ts';
import type { AlertStep, NewAlert, StoredAlert } from './stored-alert.ts';

const columns = (a: string): string => `${a}.id, ${a}.fingerprint, ${a}.rule, ${a}.urgency, ${a}.title, ${a}.reason,
  ${a}.service_id as "serviceId", ${a}.about, ${a}.objective, ${a}.incident_id as "incidentId", ${a}.labels,
  ${a}.group_key as "groupKey", ${a}.is_once as "isOnce", ${a}.since_ms as "sinceMs", ${a}.fired_ms as "firedMs",
  ${a}.last_ms as "lastMs", ${a}.repeats, ${a}.acknowledged_ms as "acknowledgedMs",
  ${a}.acknowledged_by as "acknowledgedBy", ${a}.resolved_ms as "resolvedMs", ${a}.assigned_user as "assignedUser",
  ${a}.assigned_team as "assignedTeam", ${a}.due_ms as "dueMs", ${a}.muted, ${a}.told_ms as "toldMs",
  ${a}.told_in as "toldIn", ${a}.policy, ${a}.escalated_ms as "escalatedMs", ${a}.stepped_ms as "steppedMs",
  ${a}.tellings`;

/** Which living alerts are meant. */
export interface LivingAsk {
  readonly ids?: readonly number[];
  readonly fingerprints?: readonly string[];
  readonly incidentIds?: readonly number[];
}
const isAsked = `a.resolved_ms is null and (a.id = any($1) or a.fingerprint = any($2) or a.incident_id = any($3))`;
const askedBy = ({ ids = [], fingerprints = [], incidentIds = [] }: LivingAsk) => [ids, fingerprints, incidentIds];

/** Alerts and their life; many in one statement. */
@Injectable()
export class AlertsRepository {
  constructor(readonly database: Database) {}

  /** Those whose fingerprints live already fold into them. Answers which are new, and which were there. */
  fire(alerts: readonly NewAlert[]): Promise<{ id: number; isNew: boolean }[]> {
    return this.database.query(
      `insert into alerts as a (fingerprint, rule, urgency, title, reason, service_id, about, objective, incident_id,
         labels, group_key, is_once, since_ms, fired_ms, last_ms, due_ms, muted, agreement_id)
       select fingerprint, rule, urgency, title, reason, "serviceId", about, objective, "incidentId", labels, "groupKey",
         "isOnce", "sinceMs", "firedMs", "firedMs", "dueMs", muted,
         (select g.id from agreements g where g.key = about->'agreement'->>'key' and g.deleted_at is null)
       from jsonb_to_recordset($1) as r(fingerprint text, rule text, urgency text, title text, reason text,
         "serviceId" int, about jsonb, objective text, "incidentId" int, labels jsonb, "groupKey" text, "isOnce" boolean,
         "sinceMs" bigint, "firedMs" bigint, "dueMs" bigint, muted text)
       order by fingerprint
       on conflict (fingerprint) where resolved_ms is null do update
         set repeats = a.repeats + 1, last_ms = excluded.last_ms, reason = coalesce(excluded.reason, a.reason),
           incident_id = coalesce(excluded.incident_id, a.incident_id)
       returning id, xmax = 0 as "isNew"`,
      [JSON.stringify(alerts)],
    );
  }

  /** Locks those that live, in order of id, so that whoever locks many does so in one order. */
  lock(ask: LivingAsk): Promise<StoredAlert[]> {
    return this.database.query(
      `select ${columns('a')} from alerts a where ${isAsked} order by a.id for update`,
      askedBy(ask),
    );
  }

  /**
   * Takes over what is due, with what waits to be told of the same group; nobody else has it until the transaction ends.
   * The row says once more what it is taken for: as it is when it is locked, another server may have told it just now.
   */
  takeDue(nowMs: number, most: number): Promise<StoredAlert[]> {
    return this.database.query(
      `with due as (
         select id, group_key from alerts where due_ms <= $1 and resolved_ms is null order by due_ms, id limit $2),
       also as (
         select a.id from alerts a where a.resolved_ms is null and a.told_ms is null and a.muted = 'group'
           and a.group_key in (select group_key from due))
       select ${columns('a')} from alerts a
       where a.resolved_ms is null and (a.due_ms <= $1 and a.id in (select id from due)
         or a.told_ms is null and a.muted = 'group' and a.id in (select id from also))
       order by a.id for update skip locked`,
      [nowMs, most],
    );
  }

  /** When the next one is due; null where none is. */
  async nextDueMs(): Promise<number | null> {
    const [row] = await this.database.query<{ next: number | null }>(
      `select min(due_ms) as next from alerts where due_ms is not null`,
    );
    return row?.next ?? null;
  }

  /** Ends them. */
  async resolve(ids: readonly number[], atMs: number): Promise<void> {
    await this.database.query(
      `update alerts set resolved_ms = greatest($2, fired_ms), due_ms = null, muted = null where id = any($1)`,
      [ids, atMs],
    );
  }

  /** Forgets what ended before an instant, but that in whose messages others were told that live. */
  async forget(beforeMs: number): Promise<void> {
    await this.database.query(
      `delete from alerts a where a.resolved_ms < $1
         and not exists (select from alerts f where f.told_in = a.id and f.resolved_ms is null)`,
      [beforeMs],
    );
  }

  async acknowledge(ids: readonly number[], atMs: number, by: string): Promise<void> {
    await this.database.query(
      `update alerts set acknowledged_ms = $2, acknowledged_by = $3, due_ms = null, muted = null, tellings = tellings + 1
       where id = any($1)`,
      [ids, atMs, by],
    );
  }

  async assign(id: number, user: string | null, team: string | null): Promise<void> {
    await this.database.query(`update alerts set assigned_user = $2, assigned_team = $3 where id = $1`, [
      ...[id, user, team],
    ]);
  }

  /** It is due now, nobody has it any more, and its escalation counts from another instant. */
  async hasten(id: number, nowMs: number, escalatedMs: number | null, steppedMs: number | null): Promise<void> {
    await this.database.query(
      `update alerts set acknowledged_ms = null, acknowledged_by = null, due_ms = $2, told_in = null,
         escalated_ms = $3, stepped_ms = $4
       where id = $1`,
      [id, nowMs, escalatedMs, steppedMs],
    );
  }

  /**
   * Those that are muted for a reason are looked at anew at an instant; answers which. What another server tells
   * meanwhile is not muted any more, and stays told.
   */
  async lookAnew(mute: Mute, dueMs: number): Promise<number[]> {
    const rows = await this.database.query<{ id: number }>(
      `with muted as (select id from alerts where resolved_ms is null and muted = $1 order by id for update)
       update alerts a set due_ms = $2 from muted m where a.id = m.id returning a.id`,
      [mute, dueMs],
    );
    return rows.map(({ id }) => id);
  }

  async step(steps: readonly AlertStep[]): Promise<void> {
    if (steps.length === 0) return;
    await this.database.query(
      `update alerts a set due_ms = r."dueMs", muted = r.muted, told_ms = r."toldMs", told_in = r."toldIn",
         policy = r.policy, escalated_ms = r."escalatedMs", stepped_ms = r."steppedMs", tellings = r.tellings
       from jsonb_to_recordset($1) as r(id int, "dueMs" bigint, muted text, "toldMs" bigint, "toldIn" int, policy text,
         "escalatedMs" bigint, "steppedMs" bigint, tellings int)
       where a.id = r.id`,
      [JSON.stringify(steps)],
    );
  }

  /** Those that were told in the messages of others, and live. */
  followers(ids: readonly number[]): Promise<{ id: number; toldIn: number }[]> {
    return this.database.query(
      `select id, told_in as "toldIn" from alerts where told_in = any($1) and resolved_ms is null order by id`,
      [ids],
    );
  }

  /** They are to be told by themselves; where they were told stays known until then, should they end before. */
  async release(ids: readonly number[], dueMs: number): Promise<void> {
    await this.database.query(
      `update alerts set told_ms = null, due_ms = $2 where id = any($1) and resolved_ms is null
         and acknowledged_ms is null`,
      [ids, dueMs],
    );
  }

  /** Those of some fingerprints that live. */
  async livingOf(fingerprints: readonly string[]): Promise<string[]> {
    if (fingerprints.length === 0) return [];
    const rows = await this.database.query<{ fingerprint: string }>(
      `select fingerprint from alerts where resolved_ms is null and fingerprint = any($1)`,
      [fingerprints],
    );
    return rows.map(({ fingerprint }) => fingerprint);
  }

  /** Ids of those of a rule about some services that live. */
  async livingAbout(rule: string, serviceIds: readonly number[]): Promise<number[]> {
    const rows = await this.database.query<{ id: number }>(
      `select id from alerts where resolved_ms is null and service_id = any($2) and rule = $1 order by id`,
      [rule, serviceIds],
    );
    return rows.map(({ id }) => id);
  }

  /** Those of some services, by key, that are part of an outage of which an alert lives. */
  async servicesInOutages(keys: readonly string[]): Promise<string[]> {
    const rows = await this.database.query<{ key: string }>(
      `select distinct s.key from alerts a
       join incident_services m on m.incident_id = a.incident_id and not m.is_hidden
       join services s on s.id = m.service_id
       where a.resolved_ms is null and a.rule = 'service-down' and s.key = any($1)`,
      [keys],
    );
    return rows.map(({ key }) => key);
  }

  /** When a page about each group was told last, since an instant. */
  async pagedSince(groupKeys: readonly string[], sinceMs: number): Promise<Map<string, number>> {
    const rows = await this.database.query<{ groupKey: string; at: number }>(
      `select group_key as "groupKey", max(told_ms) as at from alerts
       where group_key = any($1) and told_ms > $2 and told_in is null and urgency = 'page'
       group by group_key`,
      [groupKeys, sinceMs],
    );
    return new Map(rows.map(({ groupKey, at }) => [groupKey, at]));
  }

  async find(id: number): Promise<StoredAlert | null> {
    const [row] = await this.database.query<StoredAlert>(`select ${columns('a')} from alerts a where a.id = $1`, [id]);
    return row ?? null;
  }

  findAll(ids: readonly number[]): Promise<StoredAlert[]> {
    return this.database.query(`select ${columns('a')} from alerts a where a.id = any($1) order by a.id`, [ids]);
  }

  /** All that live. */
  living(): Promise<StoredAlert[]> {
    return this.database.query(`select ${columns('a')} from alerts a where a.resolved_ms is null order by a.id`);
  }

  /** Newest first; those of somebody alone where `own` says by what they are. */
  page({ limit, cursor, state, ...query }: AlertQuery, own: OwnAlerts | null): Promise<StoredAlert[]> {
    return this.database.query(
      `select ${columns('a')} from alerts a
       where ($1::int is null or a.id < $1)
         and ($2::text is null or case $2 when 'resolved' then a.resolved_ms is not null
           when 'living' then a.resolved_ms is null
           when 'acknowledged' then a.resolved_ms is null and a.acknowledged_ms is not null
           else a.resolved_ms is null and a.acknowledged_ms is null end)
         and ($3::text is null or a.urgency = $3) and ($4::text is null or a.rule = $4)
         and ($5::text is null or a.labels->>'service' = $5) and ($6::text is null or a.labels->>'team' = $6)
         and ($7::text is null or a.labels->'agreements' ? $7) and ($8::int is null or a.incident_id = $8)
         and ($10::jsonb is null or lower(a.assigned_user) = lower($10->>'user')
           or $10->'teams' ? coalesce(a.assigned_team, a.labels->>'team') or $10->'policies' ? a.policy)
       order by a.id desc limit $9`,
      [
        ...[cursor === undefined ? null : Number(cursor), state ?? null, query.urgency ?? null, query.rule ?? null],
        ...[query.service ?? null, query.team ?? null, query.agreement ?? null, query.incident ?? null, limit + 1],
        own && JSON.stringify(own),
      ],
    );
  }

  /** Keys of the channels that were told of alerts, or are being told, by alert. */
  async toldChannels(ids: readonly number[]): Promise<Map<number, string[]>> {
    const rows = await this.database.query<{ id: number; keys: string[] }>(
      `select d.alert_id as id, array_agg(distinct c.key order by c.key) as keys
       from deliveries d join channels c on c.id = d.channel_id and c.deleted_at is null
       where d.alert_id = any($1) and d.alert_id > 0 group by d.alert_id`,
      [ids],
    );
    return new Map(rows.map(({ id, keys }) => [id, keys]));
  }

  /** What was told of an alert, in order. */
  deliveries(id: number): Promise<AlertDelivery[]> {
    return this.database.query(
      `select d.id, c.key as channel, d.moment, d.urgency, left(d.message->>'title', 300) as title, d.state, d.attempts,
         d.said, d.created_at as "createdAt", d.next_at as "nextAt", d.give_up_at as "giveUpAt", d.ended_at as "endedAt"
       from deliveries d join channels c on c.id = d.channel_id where d.alert_id = $1 and d.alert_id > 0 order by d.id`,
      [id],
    );
  }
}

/** By what alerts are somebody's: an account, keys of teams, keys of policies that lead there. */
export interface OwnAlerts {
  readonly user: string;
  readonly teams: readonly string[];
  readonly policies: readonly string[];
}

export interface AlertDelivery {
  id: number;
  channel: string;
  moment: AlertMoment;
  urgency: NewAlert['urgency'];
  title: string;
  state: 'waiting' | 'delivered' | 'failed';
  attempts: number;
  said: string | null;
  createdAt: Date;
  nextAt: Date;
  giveUpAt: Date;
  endedAt: Date | null;
}
