import { Injectable } from '@nestjs/common';
import type { ResultBatch } from '../../probes/contract.ts';
import type { BatchLedger } from '../domain/batch-ledger.ts';
import { agentSilenceMs } from '../domain/liveness.ts';
import { Database } from '../platform/database.ts';

/** An agent as the dispatcher sees it: whether it lives, and what of its results is committed. */
export interface AgentState extends BatchLedger {
  id: string;
  location: string;
  alive: boolean;
}

export interface AgentRow extends AgentState {
  version: string;
  startedAt: Date;
  lastSeenAt: Date;
  clockOffsetMs: number;
  inFlight: number;
  droppedRuns: number;
  unconfirmedBatches: number;
}

const silence = `interval '${agentSilenceMs} milliseconds'`;
/** An agent that was not heard for so long will not come back with what it kept. */
const forgotten = "interval '30 days'";
/** Batches of an agent that is gone may be sent again by its successor: they are confirmed for this long. */
const remembered = "interval '1 day'";

@Injectable()
export class AgentsRepository {
  constructor(readonly database: Database) {}

  /** Agents of late, those that live first. */
  async all(): Promise<AgentRow[]> {
    const rows = await this.database.query<AgentRow>(
      `select a.id, l.key as location, a.last_seen_at > now() - ${silence} as alive, a.through, a.beyond, a.version,
         a.started_at as "startedAt", a.last_seen_at as "lastSeenAt", a.clock_offset_ms as "clockOffsetMs",
         a.in_flight as "inFlight", a.dropped_runs as "droppedRuns", a.unconfirmed_batches as "unconfirmedBatches"
       from agents a join locations l on l.id = a.location_id
       where greatest(a.last_seen_at, a.recorded_at) > now() - ${remembered} order by alive desc, l.key, a.started_at`,
    );
    return rows.map((row) => ({ ...row, beyond: row.beyond.map(Number) }));
  }

  /** Writes a sign of life down, at the location that has the name now; true when the agent was not known to be alive before. */
  async seen(batch: ResultBatch): Promise<boolean> {
    const [row] = await this.database.query<{ revived: boolean }>(
      `with known as (select last_seen_at from agents where id = $1)
       insert into agents (id, location_id, version, started_at, last_seen_at, clock_offset_ms, in_flight, dropped_runs,
         unconfirmed_batches)
       select $1, l.id, $3, to_timestamp($4 / 1000.0), now(), $5, $6, $7, $8 from locations l where l.key = $2 and l.deleted_at is null
       on conflict (id) do update set location_id = excluded.location_id, last_seen_at = now(), clock_offset_ms = excluded.clock_offset_ms,
         in_flight = excluded.in_flight, dropped_runs = excluded.dropped_runs,
         unconfirmed_batches = excluded.unconfirmed_batches
       returning coalesce((select last_seen_at < now() - ${silence} from known), true) as revived`,
      [
        batch.agent,
        batch.location,
        batch.version,
        batch.startedAtMs,
        batch.clockOffsetMs,
        batch.inFlight,
        batch.droppedRuns,
        batch.unconfirmedBatches,
      ],
    );
    return row?.revived ?? false;
  }

  /** Locks the ledger of an agent until the transaction ends; null when its location does not exist. */
  async lockLedger({ agent, location, version, startedAtMs }: ResultBatch): Promise<BatchLedger | null> {
    await this.database.query(
      `insert into agents (id, location_id, version, started_at, last_seen_at)
       select $1, l.id, $3, to_timestamp($4 / 1000.0), to_timestamp($4 / 1000.0) from locations l where l.key = $2 and l.deleted_at is null
       on conflict (id) do nothing`,
      [agent, location, version, startedAtMs],
    );
    const [row] = await this.database.query<{ through: number; beyond: string[] }>(
      `select through, beyond from agents where id = $1 for update`,
      [agent],
    );
    return row ? { through: row.through, beyond: row.beyond.map(Number) } : null;
  }

  /** Forgets agents that are long gone; answers how many. */
  async forget(): Promise<number> {
    const rows = await this.database.query(
      `delete from agents where greatest(last_seen_at, recorded_at) < now() - ${forgotten} returning id`,
    );
    return rows.length;
  }

  async writeLedger(agent: string, { through, beyond }: BatchLedger): Promise<void> {
    await this.database.query(
      `update agents set through = $2, beyond = $3::bigint[], recorded_at = now() where id = $1`,
      [agent, through, beyond],
    );
  }
}
