import { Injectable } from '@nestjs/common';
import { verdictCode, verdictOf, type Verdict } from '../../probes/contract.ts';
import { serviceStates, type ServiceState } from '../domain/service-state.ts';
import { overlay, type Interval } from '../domain/timeline.ts';
import { Database } from '../platform/database.ts';

interface IntervalRow {
  owner: number;
  from_ms: number;
  to_ms: number | null;
  state: number;
  reason: number;
}

/** Where one sort of timelines is kept, and how its states are coded. */
interface Shelf<State> {
  table: 'series_intervals' | 'service_intervals';
  owner: 'series_id' | 'service_id';
  /** Further columns of the key with their value, as SQL: the layer of services. */
  layer: { column: string; value: string; where: string };
  code: (state: State) => number;
  state: (code: number) => State;
}

const noLayer = { column: '', value: '', where: '' } as const;
export const seriesShelf: Shelf<Verdict> = {
  table: 'series_intervals',
  owner: 'series_id',
  layer: noLayer,
  code: verdictCode,
  state: verdictOf,
};
const serviceLayer = (number: number): Shelf<ServiceState> => ({
  table: 'service_intervals',
  owner: 'service_id',
  layer: { column: ', layer', value: `, ${number}`, where: `and layer = ${number}` },
  code: (state) => serviceStates.indexOf(state),
  state: (code) => serviceStates[code] ?? 'unknown',
});
/** The measured layer: a rebuild touches no other. */
export const serviceShelf = serviceLayer(0);
/** History from elsewhere; it counts above what was measured. */
export const importedShelf = serviceLayer(1);

const highestLayer = 2;

/** A change of one timeline: what it was from some instant on, and what it becomes. */
export interface TimelineChange<State> {
  owner: number;
  before: readonly Interval<State>[];
  after: readonly Interval<State>[];
}

@Injectable()
export class TimelinesRepository {
  constructor(readonly database: Database) {}

  /** Of each timeline the intervals that reach or touch its instant or come after it, in order of time. */
  async since<State>(
    shelf: Shelf<State>,
    fromMs: ReadonlyMap<number, number>,
  ): Promise<Map<number, Interval<State>[]>> {
    const timelines = new Map<number, Interval<State>[]>([...fromMs.keys()].map((owner) => [owner, []]));
    if (fromMs.size === 0) return timelines;
    const rows = await this.database.query<IntervalRow>(
      `select i.${shelf.owner} as owner, i.from_ms, i.to_ms, i.state, i.reason
       from unnest($1::int[], $2::bigint[]) as asked (owner, from_ms)
       join ${shelf.table} i on i.${shelf.owner} = asked.owner ${shelf.layer.where}
         and (i.to_ms is null or i.to_ms >= asked.from_ms)
       order by 1, 2`,
      [[...fromMs.keys()], [...fromMs.values()]],
    );
    for (const row of rows) timelines.get(row.owner)!.push(toInterval(shelf, row));
    return timelines;
  }

  /** One timeline inside [fromMs, toMs), intervals uncut. */
  async between<State>(shelf: Shelf<State>, owner: number, fromMs: number, toMs: number): Promise<Interval<State>[]> {
    return (await this.betweenAll(shelf, [owner], fromMs, toMs)).get(owner)!;
  }

  /** Several timelines inside [fromMs, toMs), intervals uncut, each in order of time. */
  async betweenAll<State>(
    shelf: Shelf<State>,
    owners: readonly number[],
    fromMs: number,
    toMs: number,
  ): Promise<Map<number, Interval<State>[]>> {
    const rows = await this.database.query<IntervalRow>(
      `select ${shelf.owner} as owner, from_ms, to_ms, state, reason from ${shelf.table}
       where ${shelf.owner} = any($1) ${shelf.layer.where} and from_ms < $3 and (to_ms is null or to_ms > $2)
       order by 1, 2`,
      [owners, fromMs, toMs],
    );
    const timelines = new Map<number, Interval<State>[]>(owners.map((owner) => [owner, []]));
    for (const row of rows) timelines.get(row.owner)!.push(toInterval(shelf, row));
    return timelines;
  }

  /**
   * The timelines of services as they count inside [fromMs, toMs), a higher layer above a lower one; intervals at the
   * edges are whole. Of each layer one interval at most reaches over `fromMs`: the index finds it, whatever lies before.
   */
  async effective(
    services: readonly number[],
    fromMs: number,
    toMs: number,
  ): Promise<Map<number, readonly Interval<ServiceState>[]>> {
    const rows = await this.database.query<IntervalRow & { layer: number }>(
      `select i.service_id as owner, i.layer, i.from_ms, i.to_ms, i.state, i.reason
       from unnest($1::int[]) as asked (owner)
       cross join generate_series(0, ${highestLayer}) as layers (layer)
       cross join lateral (
         select coalesce(max(b.from_ms), $2) as from_ms from service_intervals b
         where b.service_id = asked.owner and b.layer = layers.layer and b.from_ms <= $2) as first
       join service_intervals i on i.service_id = asked.owner and i.layer = layers.layer
         and i.from_ms >= first.from_ms and i.from_ms < $3
       where i.to_ms is null or i.to_ms > $2
       order by 1, 2, 3`,
      [services, fromMs, toMs],
    );
    const layers = new Map<number, Interval<ServiceState>[][]>(services.map((owner) => [owner, []]));
    for (const row of rows) (layers.get(row.owner)![row.layer] ??= []).push(toInterval(serviceShelf, row));
    return new Map(
      [...layers].map(([owner, found]) => [
        owner,
        Array.from(found, (layer) => layer ?? []).reduce<readonly Interval<ServiceState>[]>(overlay, []),
      ]),
    );
  }

  /** The first instant that each service's timelines tell of, in any layer; absent where there is none. */
  async firstInstants(services: readonly number[]): Promise<Map<number, number>> {
    const rows = await this.database.query<{ owner: number; from_ms: number }>(
      `select asked.owner, first.from_ms
       from unnest($1::int[]) as asked (owner)
       cross join lateral (
         select min(l.from_ms) as from_ms from generate_series(0, ${highestLayer}) as layers (layer)
         cross join lateral (
           select from_ms from service_intervals i where i.service_id = asked.owner and i.layer = layers.layer
           order by from_ms limit 1) as l) as first
       where first.from_ms is not null`,
      [services],
    );
    return new Map(rows.map(({ owner, from_ms }) => [owner, from_ms]));
  }

  /** The newest intervals of one state that touch [fromMs, toMs) and begin before `beforeMs`, newest first, uncut. */
  async newestOf<State>(
    shelf: Shelf<State>,
    owner: number,
    state: State,
    { fromMs, toMs, beforeMs }: { fromMs: number; toMs: number; beforeMs: number },
    most: number,
  ): Promise<Interval<State>[]> {
    const rows = await this.database.query<IntervalRow>(
      `select ${shelf.owner} as owner, from_ms, to_ms, state, reason from ${shelf.table}
       where ${shelf.owner} = $1 ${shelf.layer.where} and state = $2 and from_ms < $4 and (to_ms is null or to_ms > $3)
       order by from_ms desc limit $5`,
      [owner, shelf.code(state), fromMs, Math.min(toMs, beforeMs), most],
    );
    return rows.map((row) => toInterval(shelf, row));
  }

  /** Writes the differences, in two statements for all timelines together. */
  async write<State>(shelf: Shelf<State>, changes: readonly TimelineChange<State>[]): Promise<void> {
    const gone: { owner: number; fromMs: number }[] = [];
    const written: { owner: number; interval: Interval<State> }[] = [];
    for (const { owner, before, after } of changes) {
      const kept = new Map(after.map((interval) => [interval.fromMs, interval]));
      const known = new Map(before.map((interval) => [interval.fromMs, interval]));
      for (const { fromMs } of before) if (!kept.has(fromMs)) gone.push({ owner, fromMs });
      for (const interval of after)
        if (!isSame(known.get(interval.fromMs), interval)) written.push({ owner, interval });
    }
    if (gone.length > 0) await this.#remove(shelf, gone);
    if (written.length > 0) await this.#upsert(shelf, written);
  }

  async #remove<State>(shelf: Shelf<State>, gone: readonly { owner: number; fromMs: number }[]): Promise<void> {
    await this.database.query(
      `delete from ${shelf.table} i using unnest($1::int[], $2::bigint[]) as gone (owner, from_ms)
       where i.${shelf.owner} = gone.owner and i.from_ms = gone.from_ms ${shelf.layer.where}`,
      [gone.map(({ owner }) => owner), gone.map(({ fromMs }) => fromMs)],
    );
  }

  async #upsert<State>(
    shelf: Shelf<State>,
    written: readonly { owner: number; interval: Interval<State> }[],
  ): Promise<void> {
    await this.database.query(
      `insert into ${shelf.table} (${shelf.owner}${shelf.layer.column}, from_ms, to_ms, state, reason)
       select owner${shelf.layer.value}, from_ms, to_ms, state, reason
       from unnest($1::int[], $2::bigint[], $3::bigint[], $4::smallint[], $5::smallint[])
         as written (owner, from_ms, to_ms, state, reason)
       on conflict (${shelf.owner}${shelf.layer.column}, from_ms)
         do update set to_ms = excluded.to_ms, state = excluded.state, reason = excluded.reason`,
      [
        written.map(({ owner }) => owner),
        written.map(({ interval }) => interval.fromMs),
        written.map(({ interval }) => interval.toMs),
        written.map(({ interval }) => shelf.code(interval.state)),
        written.map(({ interval }) => interval.reason),
      ],
    );
  }
}

const toInterval = <State>(shelf: Shelf<State>, { from_ms, to_ms, state, reason }: IntervalRow): Interval<State> => ({
  fromMs: from_ms,
  toMs: to_ms,
  state: shelf.state(state),
  reason,
});

const isSame = <State>(a: Interval<State> | undefined, b: Interval<State>): boolean =>
  a !== undefined && a.toMs === b.toMs && a.state === b.state && a.reason === b.reason;
