import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import {
  reasons,
  verdictCode,
  verdicts,
  type Reason,
  type ResultBatch,
  type Verdict,
  type WireObservation,
} from '../../probes/contract.ts';
import { slotAtOrBefore } from '../../server/domain/slots.ts';
import { PlanningService } from '../../server/probing/planning.service.ts';
import { RecordResultsService } from '../../server/probing/record-results.service.ts';
import type { TestServer } from './server.ts';

const reasonOf: Record<Verdict, Reason> = {
  up: 'ok',
  degraded: 'slow',
  down: 'connection-refused',
  unknown: 'agent-exhausted',
};

export interface MeasuredOptions {
  everyMs?: number;
  locations?: string[];
  /** Further fields of the probe. */
  probe?: Record<string, unknown>;
  /** How far back its plan reaches, as if it had been made then. */
  historyMs?: number;
}

export interface Interval {
  fromMs: number;
  toMs: number | null;
  state: string;
  /** Reason code. */
  reason: number;
}

const states = [...verdicts, 'unmonitored'];

/** Sends a PUT that has to succeed. */
export async function put(server: TestServer, path: string, body: unknown): Promise<void> {
  const reply = await server.request('PUT', `/api/v1/${path}`, body);
  expect(reply.status, JSON.stringify(reply.body)).toBeLessThan(300);
}

/** A batch of an agent; one without observations is its sign of life. */
export const batchOf = (agent: string, location: string, more: Partial<ResultBatch> = {}): ResultBatch => ({
  agent,
  location,
  version: 'test',
  batch: 0,
  sentAtMs: Date.now(),
  startedAtMs: Date.now(),
  clockOffsetMs: 0,
  inFlight: 0,
  droppedRuns: 0,
  unconfirmedBatches: 0,
  observations: [],
  ...more,
});

/** A service with one probe on a test server, whose observations the test makes up. */
export class MeasuredService {
  readonly agent = randomUUID();
  #batches = 0;

  private constructor(
    readonly server: TestServer,
    readonly key: string,
    readonly id: number,
    readonly everyMs: number,
    /** The newest slot when the service was made; number 0 of `slot`. */
    readonly newestMs: number,
    /** Series by location. */
    readonly series: ReadonlyMap<string, number>,
  ) {}

  static async make(server: TestServer, key: string, options: MeasuredOptions = {}): Promise<MeasuredService> {
    const { everyMs = 60_000, locations = ['hq'], probe = {}, historyMs = 7_200_000 } = options;
    await put(server, 'teams/it', { name: 'IT' });
    for (const location of locations) await put(server, `locations/${location}`, { name: location });
    await put(server, `services/${key}`, { name: key, owner: 'it' });
    await put(server, `probes/${key}.main`, {
      kind: 'http',
      every: everyMs,
      timeout: Math.min(everyMs, 5_000),
      locations,
      config: { url: 'http://127.0.0.1:9/' },
      ...probe,
    });
    const [row] = await server.database.query<{ id: number; offset_ms: number }>(
      `select v.id, p.offset_ms from services v join probes p on p.service_id = v.id where v.key = $1`,
      [key],
    );
    await server.database.query(`update service_plans set from_ms = from_ms - $2 where service_id = $1`, [
      row!.id,
      historyMs,
    ]);
    await server.app.get(PlanningService).directory.load();
    const series = await server.database.query<{ id: number; location: string }>(
      `select s.id, l.key as location from series s join locations l on l.id = s.location_id
       join probes p on p.id = s.probe_id where p.service_id = $1`,
      [row!.id],
    );
    const newestMs = slotAtOrBefore(Date.now(), { everyMs, offsetMs: row!.offset_ms });
    const byLocation = new Map(series.map(({ id, location }) => [location, id]));
    return new MeasuredService(server, key, row!.id, everyMs, newestMs, byLocation);
  }

  /** The series at the first location. */
  get only(): number {
    return [...this.series.values()][0]!;
  }

  /** The slot so many intervals after the newest: -1 is the one before it. */
  slot(number: number): number {
    return this.newestMs + number * this.everyMs;
  }

  /** The number of the first slot at or after an instant. */
  numberAt(atMs: number): number {
    return Math.ceil((atMs - this.newestMs) / this.everyMs);
  }

  saw(
    number: number,
    verdict: Verdict,
    more: Partial<{ attempt: number; latencyUs: number; detail: string; at: string }> = {},
  ): WireObservation {
    const { attempt = 0, latencyUs = 1_500, detail = null, at } = more;
    const series = at === undefined ? this.only : this.series.get(at)!;
    const slotMs = this.slot(number);
    const latency = verdict === 'up' || verdict === 'degraded' ? latencyUs : null;
    const code = reasons[reasonOf[verdict]].code;
    return [series, slotMs, attempt, verdictCode(verdict), code, latency, slotMs + attempt, null, detail, null];
  }

  batch(observations: WireObservation[], more: Partial<ResultBatch> = {}): ResultBatch {
    this.#batches += 1;
    return batchOf(this.agent, [...this.series.keys()][0]!, { batch: this.#batches, observations, ...more });
  }

  async record(observations: WireObservation[], more: Partial<ResultBatch> = {}): Promise<void> {
    await this.server.app.get(RecordResultsService).recordBatches([this.batch(observations, more)]);
  }

  async timeline(): Promise<Interval[]> {
    return this.#intervals('service_intervals', 'service_id', this.id);
  }

  async seriesTimeline(series = this.only): Promise<Interval[]> {
    return this.#intervals('series_intervals', 'series_id', series);
  }

  /** Slot numbers and states of the service's timeline. */
  async story(): Promise<[number, string][]> {
    return (await this.timeline()).map(({ fromMs, state }) => [(fromMs - this.newestMs) / this.everyMs, state]);
  }

  async seriesStory(series = this.only): Promise<[number, string][]> {
    const line = await this.seriesTimeline(series);
    return line.map(({ fromMs, state }) => [(fromMs - this.newestMs) / this.everyMs, state]);
  }

  /** The row of the status of a series. */
  async status(series = this.only): Promise<Record<string, unknown>> {
    const [row] = await this.server.database.query<Record<string, unknown>>(
      `select * from series_status where series_id = $1`,
      [series],
    );
    return row!;
  }

  async #intervals(table: string, owner: string, id: number): Promise<Interval[]> {
    const rows = await this.server.database.query<{
      from_ms: number;
      to_ms: number | null;
      state: number;
      reason: number;
    }>(`select from_ms, to_ms, state, reason from ${table} where ${owner} = $1 order by from_ms`, [id]);
    return rows.map((row) => ({
      fromMs: row.from_ms,
      toMs: row.to_ms,
      state: states[row.state]!,
      reason: row.reason,
    }));
  }
}
