import { isDeepStrictEqual } from 'node:util';
import { Inject, Injectable } from '@nestjs/common';
import { SteadyClock } from '../../probes/support/clock.ts';
import type { BoardDelta, BoardLocation, BoardMaintenance, BoardService, BoardSnapshot } from '../contract/live.ts';
import { Database } from '../platform/database.ts';
import { LOGGER, type Logger } from '../platform/logger.ts';
import { DeltaPace } from './delta-pace.ts';
import { PendingDelta } from './pending-delta.ts';
import { BoardBudgets } from './board-budgets.service.ts';
import { BoardFigures } from './board-figures.service.ts';
import { BoardMaintenances } from './board-maintenance.service.ts';
import { nothing } from './live-event.ts';
import { BoardRepository, liveChannel, type BoardRow } from './board.repository.ts';

type DeltaListener = (delta: BoardDelta) => void;

const trimEveryMs = 60_000;
/** News go out at once, but not more often than this, so that a storm of them is a few deltas. */
const newsEveryMs = 100;
/** What was only seen again waits for company. */
const sightsEveryMs = 1_000;

/** The board of everything in memory: the snapshot, kept current by the numbered events of every server. */
@Injectable()
export class BoardProjection {
  #services = new Map<number, BoardService>();
  #locations: BoardLocation[] = [];
  #seq = 0;
  #sentSeq = 0;
  readonly #pending = new PendingDelta();
  #locationsChanged = false;
  #maintenanceChanged = false;
  readonly #agreements = new Set<string>();
  readonly #listeners: DeltaListener[] = [];
  #reading: Promise<void> = Promise.resolve();
  /** In its turn: in the midst of a reading it would tell of changes under the number of what was before them. */
  readonly #pace = new DeltaPace(() => this.#soon(async () => this.#flush()));
  #trimmer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(
    readonly repository: BoardRepository,
    readonly figures: BoardFigures,
    readonly maintenance: BoardMaintenances,
    readonly budgets: BoardBudgets,
    readonly database: Database,
    readonly clock: SteadyClock,
    @Inject(LOGGER) readonly log: Logger,
  ) {}

  get seq(): number {
    return this.#seq;
  }

  /** Reads the whole board, then follows the stream, and keeps it short. */
  async load(): Promise<void> {
    // What comes with time alone is an event like any other, so that no display misses it.
    this.maintenance.onEdge(() =>
      this.database.transaction(() => this.repository.append({ ...nothing, maintenance: true })),
    );
    await this.#reload();
    this.database.listen(
      liveChannel,
      () => this.#soon(() => this.#follow()),
      () => this.#soon(() => this.#reload()),
    );
    const failed = (err: unknown) => this.log.warn({ err }, 'old events of the board could not be forgotten');
    this.#trimmer = setInterval(() => void this.repository.trim().catch(failed), trimEveryMs).unref();
  }

  stop(): void {
    this.#stopped = true;
    clearInterval(this.#trimmer);
    this.#pace.stop();
    this.maintenance.stop();
  }

  onDelta(listener: DeltaListener): void {
    this.#listeners.push(listener);
  }

  snapshot(): Omit<BoardSnapshot, 'board'> {
    const services = [...this.#services.values()];
    const { minute } = this.figures;
    const maintenance = this.maintenanceList();
    return { seq: this.#seq, asOf: this.#now(), minute, services, locations: this.#locations, maintenance };
  }

  /** The maintenance that runs or begins soon. */
  maintenanceList(): BoardMaintenance[] {
    return this.maintenance.list((id) => this.#services.get(id)?.key);
  }

  service(key: string): BoardService | null {
    for (const service of this.#services.values()) if (service.key === key) return service;
    return null;
  }

  /** Reads again which locations are silent; a difference is told like any other change. */
  refreshLocations(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#readLocations();
      if (this.#locationsChanged) this.#pace.send(newsEveryMs);
    });
  }

  /** Brings uptime and latencies up to the last whole minute, once that can be. */
  async refreshFigures(): Promise<void> {
    if (!this.figures.isMinuteDue) return;
    await this.#inTurn(async () => {
      if (!this.figures.isMinuteDue) return;
      // First what may fail, then the minute, which is told once.
      this.#pending.rebudget(await this.budgets.read());
      const isNext = await this.figures.nextMinute();
      for (const [id, service] of this.#services) {
        this.#services.set(id, { ...service, ...this.figures.of(id), budget: this.budgets.of(service.key) });
        if (!isNext) this.#pending.change(service.key);
      }
      if (isNext) this.#pending.minute();
      this.#pace.send(sightsEveryMs);
    });
  }

  async #readLocations(): Promise<void> {
    const locations = await this.repository.locations();
    if (isDeepStrictEqual(locations, this.#locations)) return;
    this.#locations = locations;
    this.#locationsChanged = true;
  }

  async #readBudgets(agreements: readonly string[]): Promise<void> {
    for (const key of agreements) this.#agreements.add(key);
    const changed = new Set(await this.budgets.read(agreements));
    for (const [id, service] of this.#services) {
      if (!changed.has(service.key)) continue;
      this.#services.set(id, { ...service, budget: this.budgets.of(service.key) });
      this.#pending.change(service.key);
    }
  }

  async #readMaintenance(): Promise<void> {
    const { changed, isListChanged } = await this.maintenance.read([...this.#services.keys()]);
    for (const id of changed) {
      const service = this.#services.get(id);
      if (!service) continue;
      this.#services.set(id, { ...service, maintenance: this.maintenance.of(id) });
      this.#pending.change(service.key);
    }
    this.#maintenanceChanged ||= isListChanged || changed.length > 0;
  }

  /** One reading after the other, so that an older one never overwrites a newer one. */
  #inTurn(act: () => Promise<void>): Promise<void> {
    const turn = this.#reading.then(() => (this.#stopped ? undefined : act()));
    this.#reading = turn.catch(() => undefined);
    return turn;
  }

  #soon(act: () => Promise<void>): void {
    this.#inTurn(act).catch((err: unknown) => {
      if (this.#stopped) return;
      this.log.warn({ err }, 'the board could not be read, trying again');
      setTimeout(() => this.#soon(() => this.#reload()), 1_000).unref();
    });
  }

  async #reload(): Promise<void> {
    const seq = await this.repository.seq();
    await this.figures.load();
    await this.budgets.read();
    const services = await this.repository.services();
    await this.maintenance.read([...services.keys()]);
    const locations = await this.repository.locations();
    // All at once: whoever asks in between gets the board as it was.
    for (const service of this.#services.values()) this.#pending.remove(service.key);
    this.#services = new Map();
    for (const [id, row] of services) this.#keep(id, row);
    this.#locations = locations;
    this.#locationsChanged = true;
    this.#maintenanceChanged = true;
    this.#seq = seq;
    this.#pace.send(newsEveryMs);
  }

  async #follow(): Promise<void> {
    const { newestSeq, events } = await this.repository.eventsAfter(this.#seq);
    // Some were forgotten before they were read.
    if (events.length < newestSeq - this.#seq) return this.#reload();
    if (events.length === 0) return;
    const changed = [...new Set(events.flatMap((event) => event.changed))];
    if (changed.length > 0) await this.#refresh(changed);
    const agreements = [...new Set(events.flatMap((event) => event.agreements ?? []))];
    if (agreements.length > 0) await this.#readBudgets(agreements);
    if (events.some((event) => event.locations)) await this.#readLocations();
    if (events.some((event) => event.maintenance)) await this.#readMaintenance();
    for (const [id, observedMs, latencyUs] of events.flatMap((event) => event.seen)) {
      const service = this.#services.get(id);
      if (!service) continue;
      const latencyMs = latencyUs === null ? null : latencyUs / 1_000;
      this.#services.set(id, { ...service, observedAt: new Date(observedMs).toISOString(), latencyMs });
      this.#pending.touch(service.key);
    }
    this.#seq = newestSeq;
    const isNews = changed.length > 0 || agreements.length > 0 || this.#locationsChanged || this.#maintenanceChanged;
    this.#pace.send(isNews ? newsEveryMs : sightsEveryMs);
  }

  async #refresh(ids: readonly number[]): Promise<void> {
    await this.figures.read(ids);
    const fresh = await this.repository.services(ids);
    for (const id of ids) {
      const before = this.#services.get(id);
      const after = fresh.get(id);
      if (before && before.key !== after?.key) this.#pending.remove(before.key);
      if (after) this.#keep(id, after);
      else this.#services.delete(id);
    }
  }

  #keep(id: number, row: BoardRow): void {
    const maintenance = this.maintenance.of(id);
    this.#services.set(id, { ...row, ...this.figures.of(id), maintenance, budget: this.budgets.of(row.key) });
    this.#pending.change(row.key);
  }

  #flush(): void {
    this.#pace.sent();
    const { figures, ...told } = this.#pending.take(this.#services.values());
    const delta: BoardDelta = {
      from: this.#sentSeq,
      seq: this.#seq,
      asOf: this.#now(),
      ...told,
      ...(this.#locationsChanged ? { locations: this.#locations } : {}),
      ...(this.#maintenanceChanged ? { maintenance: this.maintenanceList() } : {}),
      ...(this.#agreements.size > 0 ? { agreements: [...this.#agreements] } : {}),
      ...(figures ? { figures: { minute: this.figures.minute, of: figures } } : {}),
    };
    this.#locationsChanged = false;
    this.#maintenanceChanged = false;
    this.#agreements.clear();
    this.#sentSeq = this.#seq;
    for (const listener of this.#listeners) listener(delta);
  }

  #now(): string {
    return new Date(this.clock.now()).toISOString();
  }
}
