import { isDeepStrictEqual } from 'node:util';
import { Inject, Injectable } from '@nestjs/common';
import { SteadyClock } from '../../probes/support/clock.ts';
import { MaintenanceService, type ServiceWindow } from '../catalog/maintenance.service.ts';
import { maintenanceReachMs, type BoardMaintenance, type BoardService } from '../contract/live.ts';
import { dayMs } from '../domain/durations.ts';
import { groupBy } from '../domain/grouping.ts';
import { unionOf, type Span } from '../domain/spans.ts';
import { LOGGER, type Logger } from '../platform/logger.ts';

/** The longest that a timer can wait. */
const longestWaitMs = 24 * dayMs;
/** A timer may end a little early. */
const slackMs = 5;
const retryMs = 1_000;

/** A window as the board tells of it, for the services of these ids. */
interface BoardWindow extends Span {
  key: string;
  name: string;
  serviceIds: number[];
}

const iso = (atMs: number): string => new Date(atMs).toISOString();

/** The maintenance that the board tells of: what runs, and what begins soon. */
@Injectable()
export class BoardMaintenances {
  readonly #windows: MaintenanceService;
  readonly #clock: SteadyClock;
  #running = new Map<number, NonNullable<BoardService['maintenance']>>();
  #near: BoardWindow[] = [];
  /** When the board will be another by time alone; at the latest the longest that a timer can wait. */
  #nextMs = Infinity;
  readonly #log: Logger;
  #tellEdge: (() => Promise<void>) | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(windows: MaintenanceService, clock: SteadyClock, @Inject(LOGGER) log: Logger) {
    this.#windows = windows;
    this.#clock = clock;
    this.#log = log;
  }

  /** Reads everything again. Answers the ids of services whose maintenance is another, and whether the list is. */
  async read(serviceIds: readonly number[]): Promise<{ changed: number[]; isListChanged: boolean }> {
    const nowMs = Math.floor(this.#clock.now());
    const found = await this.#windows.windows(serviceIds, nowMs, nowMs + maintenanceReachMs + longestWaitMs);
    const windows = boardWindows(found);
    const running = new Map<number, NonNullable<BoardService['maintenance']>>();
    for (const { key, name, fromMs, toMs, serviceIds: ids } of windows.toSorted((a, b) => a.toMs - b.toMs)) {
      if (fromMs > nowMs) continue;
      for (const id of ids) running.set(id, { key, name, until: iso(toMs) });
    }
    const near = windows.filter(({ fromMs }) => fromMs <= nowMs + maintenanceReachMs);
    const changed = [...new Set([...running.keys(), ...this.#running.keys()])].filter(
      (id) => !isDeepStrictEqual(running.get(id), this.#running.get(id)),
    );
    const isListChanged = !isDeepStrictEqual(near, this.#near);
    [this.#running, this.#near] = [running, near];
    const edges = windows.flatMap(({ fromMs, toMs }) => [fromMs - maintenanceReachMs, fromMs, toMs]);
    this.#nextMs = edges
      .filter((edgeMs) => edgeMs > nowMs)
      .reduce((least, edgeMs) => Math.min(least, edgeMs), nowMs + longestWaitMs);
    this.#await(this.#nextMs);
    return { changed, isListChanged };
  }

  /** What runs of a service now; of several the one that ends last. */
  of(serviceId: number): BoardService['maintenance'] {
    return this.#running.get(serviceId) ?? null;
  }

  /** What runs or begins soon, by its begin; `keyOf` knows the services of the board. */
  list(keyOf: (serviceId: number) => string | undefined): BoardMaintenance[] {
    return this.#near.flatMap(({ key, name, fromMs, toMs, serviceIds }) => {
      const services = serviceIds.flatMap((id) => keyOf(id) ?? []);
      return services.length > 0 ? [{ key, name, from: iso(fromMs), to: iso(toMs), services }] : [];
    });
  }

  /** Has something told whenever the board is another by time alone, until `stop`; what it tells makes somebody read again. */
  onEdge(tell: () => Promise<void>): void {
    this.#tellEdge = tell;
  }

  stop(): void {
    this.#tellEdge = undefined;
    clearTimeout(this.#timer);
  }

  #await(atMs: number): void {
    clearTimeout(this.#timer);
    if (!this.#tellEdge) return;
    const waitMs = Math.max(0, atMs - this.#clock.now()) + slackMs;
    this.#timer = setTimeout(() => {
      if (this.#clock.now() < atMs) return this.#await(atMs);
      this.#tellEdge?.().catch((err: unknown) => {
        this.#log.warn({ err }, 'the begin or end of a maintenance could not be told, trying again');
        this.#await(this.#clock.now() + retryMs);
      });
    }, waitMs).unref();
  }
}

/** The same window of several services is told once; parts that were announced apart are one. */
function boardWindows(found: ReadonlyMap<number, readonly ServiceWindow[]>): BoardWindow[] {
  const windows = new Map<string, BoardWindow>();
  for (const [id, own] of found) {
    for (const [key, parts] of groupBy(own, (window) => window.key)) {
      for (const span of unionOf(parts)) {
        const place = `${key} ${span.fromMs} ${span.toMs}`;
        const window = windows.get(place) ?? { key, name: parts[0]!.name || key, ...span, serviceIds: [] };
        window.serviceIds.push(id);
        windows.set(place, window);
      }
    }
  }
  return [...windows.values()].sort((a, b) => a.fromMs - b.fromMs || (a.key < b.key ? -1 : 1));
}
