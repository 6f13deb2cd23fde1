import { Injectable } from '@nestjs/common';
import { verdictCode, verdictOf } from '../../probes/contract.ts';
import { hourMs, dayMs } from '../domain/durations.ts';
import { groupBy } from '../domain/grouping.ts';
import { mergeObservations, unpackHour, type StoredObservation } from '../domain/packed-hour.ts';
import { Database } from '../platform/database.ts';
import { fromRecord, toRecord, type DetailRecord, type DetailRow, type ObservationRow } from './observation-details.ts';

export const dayOf = (atMs: number): number => Math.floor(atMs / dayMs);

interface FreshRecord {
  slot_ms: number;
  latency_us: number | null;
  verdict: number;
  reason: number;
}
const fromFresh = ({ slot_ms, latency_us, verdict, reason }: FreshRecord): StoredObservation => ({
  slotMs: slot_ms,
  latencyUs: latency_us,
  verdict: verdictOf(verdict),
  reason,
});

/** Hours that hold a page of observations at the usual intervals. */
const hoursAtFirst = 4;

/** Observations: a table a day while they are fresh, packed hours afterwards, details beside both. */
@Injectable()
export class ObservationsRepository {
  readonly #known = new Set<number>();

  constructor(readonly database: Database) {}

  /**
   * Makes the tables of days that have none, and answers which of the days are sealed. None of them is sealed or packed
   * before the transaction ends; writers share a day. Days are taken in their order, after the statuses of series.
   */
  async openDays(days: readonly number[]): Promise<Set<number>> {
    const sorted = [...new Set(days)].sort((a, b) => a - b);
    for (const day of sorted) if (!this.#known.has(day)) await this.#createDay(day);
    const rows = await this.database.query<{ day: number; sealed: boolean }>(
      `select day, sealed from observation_days where day = any($1) order by day for share`,
      [sorted],
    );
    return new Set(rows.flatMap(({ day, sealed }) => (sealed ? [day] : [])));
  }

  /** Days that are long over get no table: what comes of them goes to packed hours at once. */
  async closeDays(days: readonly number[]): Promise<void> {
    await this.database.query(
      `insert into observation_days (day, sealed) select day, true from unnest($1::int[]) as day order by day
       on conflict do nothing`,
      [days],
    );
  }

  /** Removes what the tables of days have of a series in [fromMs, toMs); answers how many. */
  async remove(series: number, fromMs: number, toMs: number): Promise<number> {
    let removed = 0;
    for (const day of await this.freshDays(fromMs, toMs)) {
      const rows = await this.database.query(
        `delete from observations_${day} where series = $1 and slot_ms >= $2 and slot_ms < $3 returning 1`,
        [series, Math.max(0, fromMs - day * dayMs), Math.min(dayMs, toMs - day * dayMs)],
      );
      removed += rows.length;
    }
    return removed;
  }

  async #createDay(day: number): Promise<void> {
    const [made] = await this.database.query(
      `insert into observation_days (day) values ($1) on conflict do nothing returning day`,
      [day],
    );
    if (made) {
      await this.database.query(
        `create table observations_${day} (
           slot_ms int not null, series int not null, latency_us int, verdict smallint not null, reason smallint not null,
           primary key (slot_ms, series)
         ) with (autovacuum_vacuum_insert_scale_factor = 1)`,
      );
    }
    this.database.afterCommit(() => this.#known.add(day));
  }

  /** Stores rows of days that are not sealed; a slot of a series that is there already stays. Answers how many are new. */
  async insert(rows: readonly ObservationRow[]): Promise<number> {
    let stored = 0;
    for (const [day, ofDay] of groupBy(rows, ({ slotMs }) => dayOf(slotMs))) {
      const [result] = await this.database.query<{ stored: number }>(
        `with stored as (
           insert into observations_${day} (slot_ms, series, latency_us, verdict, reason)
           select * from unnest($1::int[], $2::int[], $3::int[], $4::smallint[], $5::smallint[])
           on conflict do nothing returning 1
         ) select count(*)::int as stored from stored`,
        [
          ofDay.map(({ slotMs }) => slotMs - day * dayMs),
          ofDay.map(({ series }) => series),
          ofDay.map(({ latencyUs }) => latencyUs),
          ofDay.map(({ verdict }) => verdictCode(verdict)),
          ofDay.map(({ reason }) => reason),
        ],
      );
      stored += result!.stored;
    }
    return stored;
  }

  /** Answers how many are new. */
  async insertDetails(rows: readonly DetailRow[]): Promise<number> {
    if (rows.length === 0) return 0;
    const stored = await this.database.query(
      `insert into observation_details
       select series_id, slot_ms, attempt, verdict, reason, latency_us, observed_ms, timings, detail, facts
       from jsonb_to_recordset($1::jsonb) as written (series_id int, slot_ms bigint, attempt smallint, verdict smallint,
         reason smallint, latency_us int, observed_ms bigint, timings int[], detail text, facts jsonb)
       on conflict do nothing returning 1`,
      [JSON.stringify(rows.map(toRecord))],
    );
    return stored.length;
  }

  /** Own runs of series, fresh and packed, each series' from an instant on, in order of time. */
  async since(fromMs: ReadonlyMap<number, number>): Promise<Map<number, StoredObservation[]>> {
    // A day that is being packed is in both places for a while, and then in the second.
    const fresh = groupBy(await this.#freshSince(fromMs), ({ series }) => series);
    const packed = groupBy(await this.#packedSince(fromMs), ({ series }) => series);
    const merged = (series: number) => mergeObservations(packed.get(series) ?? [], fresh.get(series) ?? []);
    return new Map([...fromMs.keys()].map((series) => [series, merged(series)]));
  }

  async #freshSince(fromMs: ReadonlyMap<number, number>): Promise<ObservationRow[]> {
    const leastMs = Math.min(...fromMs.values());
    const days = await this.freshDays(leastMs, Number.MAX_SAFE_INTEGER);
    if (days.length === 0) return [];
    const selects = days.map(
      (day) => `select o.series, o.slot_ms + ${day * dayMs} as slot_ms, latency_us, verdict, reason
        from observations_${day} o join asked on asked.series = o.series and o.slot_ms >= asked.from_ms - ${day * dayMs}
        where o.slot_ms >= $3::bigint - ${day * dayMs}`,
    );
    const rows = await this.database.query<FreshRecord & { series: number }>(
      `with asked as (select * from unnest($1::int[], $2::bigint[]) as asked (series, from_ms))
       ${selects.join(' union all ')}`,
      [[...fromMs.keys()], [...fromMs.values()], leastMs],
    );
    return rows.map((row) => ({ series: row.series, ...fromFresh(row) }));
  }

  async #packedSince(fromMs: ReadonlyMap<number, number>): Promise<ObservationRow[]> {
    const rows = await this.database.query<{ series_id: number; from_ms: number; observations: Buffer }>(
      `select p.series_id, p.from_ms, p.observations
       from unnest($1::int[], $2::bigint[]) as asked (series_id, from_ms)
       join packed_hours p on p.series_id = asked.series_id and p.from_ms > asked.from_ms - ${hourMs}
       where p.from_ms > $3::bigint - ${hourMs}`,
      [[...fromMs.keys()], [...fromMs.values()], Math.min(...fromMs.values())],
    );
    return rows.flatMap(({ series_id: series, from_ms, observations }) =>
      unpackHour(from_ms, observations)
        .filter(({ slotMs }) => slotMs >= fromMs.get(series)!)
        .map((observation) => ({ series, ...observation })),
    );
  }

  /** Days of [fromMs, toMs) that have a table of their own. */
  async freshDays(fromMs: number, toMs: number): Promise<number[]> {
    const rows = await this.database.query<{ day: number }>(
      `select day from observation_days
       where day between $1 and $2 and to_regclass('observations_' || day) is not null order by day`,
      [dayOf(fromMs), dayOf(toMs - 1)],
    );
    return rows.map(({ day }) => day);
  }

  /** The newest own runs of one series with slots in [fromMs, toMs), newest first. */
  async newest(series: number, fromMs: number, toMs: number, most: number): Promise<StoredObservation[]> {
    const fresh = await this.#newestFresh(series, fromMs, toMs, most);
    const packed = await this.#newestPacked(series, fresh[most - 1]?.slotMs ?? fromMs, toMs, most);
    return mergeObservations(packed, fresh).reverse().slice(0, most);
  }

  /** The end of each day is read backwards, as its primary key has it. */
  async #newestFresh(series: number, fromMs: number, toMs: number, most: number): Promise<StoredObservation[]> {
    const days = await this.freshDays(fromMs, toMs);
    if (days.length === 0) return [];
    const selects = days.map(
      (day) => `(select slot_ms + ${day * dayMs} as slot_ms, latency_us, verdict, reason from observations_${day}
        where series = $1 and slot_ms >= $2::bigint - ${day * dayMs} and slot_ms < $3::bigint - ${day * dayMs}
        order by observations_${day}.slot_ms desc limit $4)`,
    );
    const rows = await this.database.query<FreshRecord>(
      `select * from (${selects.join(' union all ')}) as newest order by slot_ms desc limit $4`,
      [series, fromMs, toMs, most],
    );
    return rows.map(fromFresh);
  }

  /** Every hour that is stored holds something: a few of them are enough, or four times as many, and so on. */
  async #newestPacked(series: number, fromMs: number, toMs: number, most: number): Promise<StoredObservation[]> {
    const found: StoredObservation[] = [];
    let beforeMs = toMs;
    for (let hours = hoursAtFirst; found.length < most; hours *= 4) {
      const rows = await this.database.query<{ from_ms: number; observations: Buffer }>(
        `select from_ms, observations from packed_hours
         where series_id = $1 and from_ms > $2::bigint - ${hourMs} and from_ms < $3 order by from_ms desc limit $4`,
        [series, fromMs, beforeMs, hours],
      );
      for (const { from_ms, observations } of rows) {
        const ofHour = unpackHour(from_ms, observations).filter(({ slotMs }) => slotMs >= fromMs && slotMs < toMs);
        found.push(...ofHour.reverse());
      }
      if (rows.length < hours) break;
      beforeMs = rows.at(-1)!.from_ms;
    }
    return found;
  }

  /** Details of one series with slots in [fromMs, toMs), in order of slot and attempt. */
  async detailsBetween(series: number, fromMs: number, toMs: number): Promise<DetailRow[]> {
    const rows = await this.database.query<DetailRecord>(
      `select * from observation_details where series_id = $1 and slot_ms >= $2 and slot_ms < $3 order by slot_ms, attempt`,
      [series, fromMs, toMs],
    );
    return rows.map(fromRecord);
  }

  /** Details of re-checks of series, each series' from an instant on. */
  async recheckDetailsSince(fromMs: ReadonlyMap<number, number>): Promise<DetailRow[]> {
    const rows = await this.database.query<DetailRecord>(
      `select d.* from unnest($1::int[], $2::bigint[]) as asked (series_id, from_ms)
       join observation_details d on d.series_id = asked.series_id and d.slot_ms >= asked.from_ms
       where d.slot_ms >= $3 and d.attempt > 0`,
      [[...fromMs.keys()], [...fromMs.values()], Math.min(...fromMs.values())],
    );
    return rows.map(fromRecord);
  }

  /** Details of one slot each of several series, in order of series and attempt. */
  async detailsOfSlots(slots: readonly { series: number; slotMs: number }[]): Promise<DetailRow[]> {
    const rows = await this.database.query<DetailRecord>(
      `select d.* from observation_details d
       join unnest($1::int[], $2::bigint[]) as asked (series_id, slot_ms) using (series_id, slot_ms)
       order by series_id, attempt`,
      [slots.map(({ series }) => series), slots.map(({ slotMs }) => slotMs)],
    );
    return rows.map(fromRecord);
  }

  /** Days before a given one that still have a table of their own. */
  async unpackedDaysBefore(day: number): Promise<number[]> {
    const rows = await this.database.query<{ day: number }>(
      `select day from observation_days where day < $1 and to_regclass('observations_' || day) is not null order by day`,
      [day],
    );
    return rows.map((row) => row.day);
  }

  /** Waits for transactions that still write to the day; those that come later write to its packed hours. */
  async sealDay(day: number): Promise<void> {
    await this.database.query(`update observation_days set sealed = true where day = $1`, [day]);
  }

  /** Waits for transactions that write to the day or count it, and keeps others from it until this one ends. */
  async holdDay(day: number): Promise<void> {
    await this.database.query(`select from observation_days where day = $1 for update`, [day]);
  }

  /** How many observations the table of a day has in [fromMs, toMs), by series, in their order. */
  async countsOfDay(day: number, fromMs: number, toMs: number): Promise<Map<number, number>> {
    const rows = await this.database.query<{ series: number; count: number }>(
      `select series, count(*)::int as count from observations_${day} where slot_ms >= $1 and slot_ms < $2
       group by series order by series`,
      [fromMs - day * dayMs, toMs - day * dayMs],
    );
    return new Map(rows.map(({ series, count }) => [series, count]));
  }

  /** What the table of a day has in [fromMs, toMs) of some series. */
  async ofDay(day: number, fromMs: number, toMs: number, series: readonly number[]): Promise<ObservationRow[]> {
    return this.#ofDay(day, fromMs, toMs, 'and series = any($3)', [series]);
  }

  /** What a sealed day still has in its table inside [fromMs, toMs), of all series. Read it before what is packed. */
  async leftOfDay(day: number, fromMs: number, toMs: number): Promise<ObservationRow[]> {
    if (!(await this.unpackedDaysBefore(day + 1)).includes(day)) return [];
    return this.#ofDay(day, fromMs, toMs);
  }

  /** By a range of the primary key, which begins with the slot. */
  async #ofDay(day: number, fromMs: number, toMs: number, which = '', parameters: unknown[] = []) {
    const rows = await this.database.query<FreshRecord & { series: number }>(
      `select series, slot_ms + ${day * dayMs} as slot_ms, latency_us, verdict, reason
       from observations_${day} where slot_ms >= $1 and slot_ms < $2 ${which}`,
      [fromMs - day * dayMs, toMs - day * dayMs, ...parameters],
    );
    return rows.map((row) => ({ series: row.series, ...fromFresh(row) }));
  }

  async dropDay(day: number): Promise<void> {
    await this.database.query(`drop table observations_${day}`);
  }

  /** The first slot that is stored of each series that has any. */
  async firstSlotsMs(series: readonly number[]): Promise<Map<number, number>> {
    const rows = await this.database.query<{ series: number; first: number | null }>(
      `select series, least(
         (select from_ms from series_intervals where series_id = series order by from_ms limit 1),
         (select from_ms from packed_hours where series_id = series order by from_ms limit 1)
       ) as first from unnest($1::int[]) as series`,
      [series],
    );
    return new Map(rows.flatMap(({ series: id, first }) => (first === null ? [] : [[id, first] as const])));
  }
}
