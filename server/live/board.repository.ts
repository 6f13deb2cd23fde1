import { Injectable } from '@nestjs/common';
import { reasonOf, reasons } from '../../probes/contract.ts';
import type { BoardLocation, BoardService } from '../contract/live.ts';
import { agentSilenceMs } from '../domain/liveness.ts';
import { serviceStates } from '../domain/service-state.ts';
import { Database } from '../platform/database.ts';

/** A tile without what comes from elsewhere. */
export type BoardRow = Omit<BoardService, 'uptime' | 'latencies' | 'changes' | 'maintenance' | 'budget'>;

interface TileRow {
  id: number;
  key: string;
  name: string;
  category: BoardService['category'];
  tier: number;
  owner_key: string;
  owner_name: string;
  tags: string[];
  depends_on: string[];
  state: number | null;
  since_ms: number | null;
  reason: number | null;
  suspect: boolean | null;
  observed_ms: number | null;
  latency_us: number | null;
  shortest_ms: number | null;
  probes: number;
  handled_by: string | null;
  handled_ms: number | null;
}

const leastFreshMs = 15_000;
/** As the index of open incidents has it. */
const never = '9223372036854775807';
const iso = (atMs: number | null): string | null => (atMs === null || atMs === 0 ? null : new Date(atMs).toISOString());

/** The board as the database has it, and the numbered stream of what changes it. */
@Injectable()
export class BoardRepository {
  constructor(readonly database: Database) {}

  /** Number of the newest change. Read it before the board: applying a change twice is harmless. */
  async seq(): Promise<number> {
    const [row] = await this.database.query<{ seq: number }>(`select seq from live_sequence`);
    return row!.seq;
  }

  /** Tiles by service id: of all services, or of some; in one statement. */
  async services(ids?: readonly number[]): Promise<Map<number, BoardRow>> {
    const rows = await this.database.query<TileRow>(
      `with newest as (
         select p.service_id, max(st.observed_ms) as observed_ms,
           (array_agg(st.latency_us order by st.observed_ms desc))[1] as latency_us
         from probes p join series s on s.probe_id = p.id join series_status st on st.series_id = s.id
         where p.deleted_at is null and st.last_slot_ms >= 0 and ($1::int[] is null or p.service_id = any($1))
         group by p.service_id
       ), parts as (
         select service_id, count(*)::int as probes, min(every_ms) as shortest_ms
         from probes where deleted_at is null and ($1::int[] is null or service_id = any($1)) group by service_id
       ), upstream as (
         select d.service_id, array_agg(u.key order by u.key) as keys
         from service_dependencies d join services u on u.id = d.upstream_id and u.deleted_at is null
         where $1::int[] is null or d.service_id = any($1) group by d.service_id
       ), handled as (
         select distinct on (m.service_id) m.service_id, i.acknowledged_ms,
           coalesce(h.display_name, ht.name, (select a.by_name from incident_acts a
             where a.incident_id = i.id and a.act = 'acknowledged' order by a.id desc limit 1), '') as by
         from incidents i join incident_services m on m.incident_id = i.id and not m.is_hidden
           left join users h on h.id = i.assigned_user_id left join teams ht on ht.id = i.assigned_team_id
         where coalesce(i.resolved_ms, ${never}) = ${never} and i.acknowledged_ms is not null and i.kind = 'incident'
           and ($1::int[] is null or m.service_id = any($1))
         order by m.service_id, i.acknowledged_ms
       )
       select v.id, v.key, v.name, v.category, v.tier, t.key as owner_key, t.name as owner_name, v.tags,
         coalesce(u.keys, '{}') as depends_on, st.state, st.since_ms, st.reason, st.suspect, n.observed_ms, n.latency_us,
         parts.shortest_ms, coalesce(parts.probes, 0) as probes, hd.by as handled_by, hd.acknowledged_ms as handled_ms
       from services v join teams t on t.id = v.owner_id
         left join service_status st on st.service_id = v.id
         left join newest n on n.service_id = v.id
         left join parts on parts.service_id = v.id
         left join upstream u on u.service_id = v.id
         left join handled hd on hd.service_id = v.id
       where v.deleted_at is null and ($1::int[] is null or v.id = any($1)) order by v.key`,
      [ids ?? null],
    );
    return new Map(rows.map((row) => [row.id, toService(row)]));
  }

  async locations(): Promise<BoardLocation[]> {
    return this.database.query<BoardLocation>(
      `select l.key, l.name, count(a.id)::int as agents,
         count(a.id) = 0 and exists (
           select 1 from probe_locations pl join probes p on p.id = pl.probe_id and p.deleted_at is null and not p.paused
           where pl.location_id = l.id) as silent
       from locations l left join agents a on a.location_id = l.id and a.last_seen_at > now() - $1 * interval '1 millisecond'
       where l.deleted_at is null group by l.id order by l.key`,
      [agentSilenceMs],
    );
  }

  /**
   * Numbers an event at the end of the transaction that it tells of. The lock on the counter is held until that commits,
   * so that the order of numbers is the order of commits; whoever holds it asks for no other lock.
   */
  async append(event: LiveEvent): Promise<void> {
    const [row] = await this.database.query<{ seq: number }>(`update live_sequence set seq = seq + 1 returning seq`);
    await this.database.query(`insert into live_events (seq, event) values ($1, $2)`, [
      row!.seq,
      JSON.stringify(event),
    ]);
    await this.database.notify(liveChannel);
  }

  /** The events after a number, and the number of the newest. Where they are fewer than that tells, some were trimmed. */
  async eventsAfter(seq: number): Promise<{ newestSeq: number; events: LiveEvent[] }> {
    const rows = await this.database.query<{ newest: number; event: LiveEvent | null }>(
      `select s.seq as newest, e.event from live_sequence s left join live_events e on e.seq > $1 order by e.seq`,
      [seq],
    );
    return { newestSeq: rows[0]!.newest, events: rows.flatMap(({ event }) => event ?? []) };
  }

  /** Forgets events that every server has long passed on. */
  async trim(): Promise<void> {
    await this.database.query(`delete from live_events where at < now() - interval '10 minutes'`);
  }
}

/** Told at every commit that changes the board. */
export const liveChannel = 'troth_live';

/** Ids of services that changed, and sights of services that did not: id, epoch ms, latency in microseconds. */
export interface LiveEvent {
  changed: readonly number[];
  seen: readonly (readonly [serviceId: number, observedMs: number, latencyUs: number | null])[];
  /** Keys of agreements whose verdicts or budgets are others. */
  agreements: readonly string[];
  /** A location was made, changed or removed. */
  locations: boolean;
  /** Windows of maintenance became others, or one begins or ends. */
  maintenance: boolean;
}

function toService(row: TileRow): BoardRow {
  const state = serviceStates[row.state ?? 4] ?? 'unknown';
  const isFine = state === 'up' || state === 'unmonitored';
  return {
    key: row.key,
    name: row.name,
    category: row.category,
    tier: row.tier,
    owner: { key: row.owner_key, name: row.owner_name },
    tags: row.tags,
    dependsOn: row.depends_on,
    state,
    since: iso(row.since_ms),
    suspect: row.suspect ?? false,
    reason: isFine || row.reason === null ? null : reasons[reasonOf(row.reason)].text,
    observedAt: iso(row.observed_ms),
    latencyMs: row.latency_us === null ? null : row.latency_us / 1_000,
    freshForMs: Math.max(leastFreshMs, 2 * (row.shortest_ms ?? 0)),
    probes: row.probes,
    handled: row.handled_ms === null ? null : { by: row.handled_by ?? '', at: new Date(row.handled_ms).toISOString() },
  };
}
