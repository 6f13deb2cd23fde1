import { Injectable } from '@nestjs/common';
import { reasonOf, reasons } from '../../probes/contract.ts';
import { SteadyClock } from '../../probes/support/clock.ts';
import { changesReachMs, latencyMinutes, mostChanges, type BoardService, type BoardChange } from '../contract/live.ts';
import { minuteMs } from '../domain/durations.ts';
import { groupBy } from '../domain/grouping.ts';
import { ratioOf, ratioText } from '../domain/ratio.ts';
import { serviceStates, type ServiceState } from '../domain/service-state.ts';
import { BoardFiguresRepository, type ChangeRow, type MonthSum } from './board-figures.repository.ts';

export type Figures = Pick<BoardService, 'uptime' | 'latencies' | 'changes'>;

/** Results of a minute are rolled up within this of its end. */
const rolledUpAfterMs = 25_000;

/** The figures of all tiles: read as a whole once, then of what changed, and once a minute. */
@Injectable()
export class BoardFigures {
  #sums = new Map<number, MonthSum>();
  #changes = new Map<number, BoardChange[]>();
  #latencies = new Map<number, (number | null)[]>();
  #monthMs = 0;
  #minuteMs = 0;

  constructor(
    readonly repository: BoardFiguresRepository,
    readonly clock: SteadyClock,
  ) {}

  /** The newest minute that latencies tell of. */
  get minute(): string {
    return new Date(this.#minuteMs).toISOString();
  }

  /** Reads everything. */
  async load(): Promise<void> {
    this.#minuteMs = this.#rolledUpMs();
    const fromMs = this.#minuteMs - (latencyMinutes - 1) * minuteMs;
    const rows = await this.repository.latencies(fromMs, this.#minuteMs + minuteMs);
    this.#latencies = new Map();
    for (const { service_id, minute_ms, latency_ms } of rows)
      this.#lineOf(service_id)[(minute_ms - fromMs) / minuteMs] = rounded(latency_ms);
    await this.#readIntervals(null);
  }

  /** Reads again what follows from the timelines of some services. */
  read(ids: readonly number[]): Promise<void> {
    return this.#readIntervals(ids);
  }

  of(serviceId: number): Figures {
    const sinceMs = this.clock.now() - changesReachMs;
    const changes = (this.#changes.get(serviceId) ?? []).filter(({ at }) => Date.parse(at) >= sinceMs);
    return { uptime: this.#uptime(serviceId), latencies: [...this.#lineOf(serviceId)], changes };
  }

  /** Whether there is a minute that was not told yet. */
  get isMinuteDue(): boolean {
    return this.#rolledUpMs() > this.#minuteMs;
  }

  /** Goes on to the newest minute; answers whether that is the next one, so that each line grows by one value. */
  async nextMinute(): Promise<boolean> {
    const nextMs = this.#minuteMs + minuteMs;
    if (this.#rolledUpMs() !== nextMs) {
      await this.load();
      return false;
    }
    const rows = await this.repository.latencies(nextMs, nextMs + minuteMs);
    const told = new Map(rows.map(({ service_id, latency_ms }) => [service_id, rounded(latency_ms)]));
    for (const id of told.keys()) this.#lineOf(id);
    for (const [id, line] of this.#latencies) this.#latencies.set(id, [...line.slice(1), told.get(id) ?? null]);
    this.#minuteMs = nextMs;
    if (monthOf(this.clock.now()) !== this.#monthMs) await this.#readIntervals(null);
    return true;
  }

  #rolledUpMs(): number {
    return Math.floor((this.clock.now() - rolledUpAfterMs) / minuteMs) * minuteMs - minuteMs;
  }

  #lineOf(serviceId: number): (number | null)[] {
    let line = this.#latencies.get(serviceId);
    if (!line) this.#latencies.set(serviceId, (line = Array<number | null>(latencyMinutes).fill(null)));
    return line;
  }

  #uptime(serviceId: number): string | null {
    const sum = this.#sums.get(serviceId);
    if (!sum) return null;
    const { good_ms, known_ms, open_state, open_ms } = sum;
    const state = open_state === null ? null : serviceStates[open_state];
    const openMs = open_ms === null ? 0 : Math.max(0, Math.floor(this.clock.now()) - open_ms);
    const isGood = state === 'up' || state === 'degraded';
    const knownMs = known_ms + (isGood || state === 'down' ? openMs : 0);
    return knownMs > 0 ? ratioText(ratioOf(good_ms + (isGood ? openMs : 0), knownMs)) : null;
  }

  async #readIntervals(ids: readonly number[] | null): Promise<void> {
    const nowMs = this.clock.now();
    const monthMs = monthOf(nowMs);
    const sums = await this.repository.sumsSince(monthMs, ids);
    const changes = groupBy(
      await this.repository.changesSince(Math.floor(nowMs) - changesReachMs, ids),
      ({ service_id }) => service_id,
    );
    if (ids === null) {
      this.#sums.clear();
      this.#changes.clear();
      this.#monthMs = monthMs;
    }
    for (const id of ids ?? []) this.#changes.delete(id);
    for (const sum of sums) this.#sums.set(sum.service_id, sum);
    for (const [id, rows] of changes) this.#changes.set(id, rows.slice(0, mostChanges).map(toChange));
  }
}

/** The begin of the calendar month (UTC) of an instant. */
export function monthOf(atMs: number): number {
  const at = new Date(atMs);
  return Date.UTC(at.getUTCFullYear(), at.getUTCMonth());
}

/** Three digits are more than a line of a few pixels shows. */
const rounded = (ms: number): number => Number(ms.toPrecision(3));

const stateOf = (code: number): ServiceState => serviceStates[code] ?? 'unknown';

function toChange({ at_ms, before, after, reason }: ChangeRow): BoardChange {
  const to = stateOf(after);
  const isFine = to === 'up' || to === 'unmonitored';
  return {
    at: new Date(at_ms).toISOString(),
    from: stateOf(before),
    to,
    reason: isFine ? null : reasons[reasonOf(reason)].text,
  };
}
