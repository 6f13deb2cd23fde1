import { isDeepStrictEqual } from 'node:util';
import { Inject, Injectable } from '@nestjs/common';
import { wholeBoardKey, type Board } from '../contract/boards.ts';
import type { BoardDelta, BoardMaintenance, BoardService, BoardSnapshot } from '../contract/live.ts';
import { Database } from '../platform/database.ts';
import { LOGGER, type Logger } from '../platform/logger.ts';
import { BoardProjection } from './board-projection.service.ts';
import { isSelected } from './board-selection.ts';
import { boardsChannel } from './boards.repository.ts';
import { BoardsService, wholeBoard } from './boards.service.ts';

type ChangeListener = (key: string, board: Board | null) => void;

/** What each board shows of the projection; one view for all that watch the same board. */
@Injectable()
export class BoardViews {
  #boards: ReadonlyMap<string, Board> = new Map([[wholeBoardKey, wholeBoard]]);
  /** Of boards that are watched: keys of the services that whoever watches may hold. */
  readonly #held = new Map<string, Set<string>>();
  readonly #listeners: ChangeListener[] = [];
  #reading: Promise<void> = Promise.resolve();

  constructor(
    readonly projection: BoardProjection,
    readonly boards: BoardsService,
    readonly database: Database,
    @Inject(LOGGER) readonly log: Logger,
  ) {}

  /** Learns the boards, and follows their changes. */
  async load(): Promise<void> {
    await this.#read();
    const again = () => {
      const failed = (err: unknown) => this.log.warn({ err }, 'the boards could not be read');
      this.#reading = this.#reading.then(() => this.#read()).catch(failed);
    };
    this.database.listen(boardsChannel, again, again);
  }

  /** Calls back with a board that is another than before; null for one that is gone. */
  onChanged(listener: ChangeListener): void {
    this.#listeners.push(listener);
  }

  all(): Iterable<Board> {
    return this.#boards.values();
  }

  board(key: string): Board | undefined {
    return this.#boards.get(key);
  }

  snapshotOf(board: Board): BoardSnapshot {
    const { key, name, layout, selection } = board;
    const whole = this.projection.snapshot();
    const info = { key, name, layout };
    if (key === wholeBoardKey) return { ...whole, board: info };
    const services = whole.services.filter((service) => isSelected(service, selection));
    const keys = new Set(services.map((service) => service.key));
    return {
      ...whole,
      board: info,
      services: services.map((service) => among(service, keys)),
      maintenance: maintenanceAmong(whole.maintenance, keys),
    };
  }

  /** As `snapshotOf`, for somebody who then gets the deltas of the board. */
  begin(board: Board): BoardSnapshot {
    const snapshot = this.snapshotOf(board);
    if (board.key !== wholeBoardKey && !this.#held.has(board.key)) this.#hold(snapshot);
    return snapshot;
  }

  /** Forgets what is held of a board that nobody watches any more. */
  end(key: string): void {
    this.#held.delete(key);
  }

  /** What a delta is on a board; what left its selection is removed there. Its numbers stay, so that nobody sees a gap. */
  deltaOf({ key, selection }: Board, delta: BoardDelta): BoardDelta {
    if (key === wholeBoardKey) return delta;
    const held = this.#held.get(key) ?? new Set<string>();
    const removed = delta.removed.filter((gone) => held.delete(gone));
    const changed: BoardService[] = [];
    for (const service of delta.changed) {
      if (isSelected(service, selection)) {
        held.add(service.key);
        changed.push(service);
      } else if (held.delete(service.key)) removed.push(service.key);
    }
    const { figures, agreements: _, ...told } = delta;
    // Whatever came or went may have maintenance that was told before.
    const isOther = changed.length > 0 || removed.length > 0;
    const maintenance = isOther ? this.projection.maintenanceList() : delta.maintenance;
    return {
      ...told,
      changed: changed.map((service) => among(service, held)),
      removed,
      touched: delta.touched.filter(([touched]) => held.has(touched)),
      ...(maintenance ? { maintenance: maintenanceAmong(maintenance, held) } : {}),
      ...(figures ? { figures: { ...figures, of: figures.of.filter(([seen]) => held.has(seen)) } } : {}),
    };
  }

  #hold({ board, services }: BoardSnapshot): void {
    this.#held.set(board.key, new Set(services.map(({ key }) => key)));
  }

  async #read(): Promise<void> {
    const before = this.#boards;
    this.#boards = new Map((await this.boards.all()).map((board) => [board.key, board]));
    for (const [key, board] of this.#boards) {
      const known = before.get(key);
      if (!known || isDeepStrictEqual(known, board)) continue;
      // Whoever watches gets a new snapshot, and holds nothing else then.
      if (this.#held.has(key)) this.#hold(this.snapshotOf(board));
      this.#tell(key, board);
    }
    for (const key of before.keys()) if (!this.#boards.has(key)) this.#tell(key, null);
  }

  #tell(key: string, board: Board | null): void {
    for (const listener of this.#listeners) listener(key, board);
  }
}

/** Of maintenance, nothing is told that is not for services of the board. */
const maintenanceAmong = (all: readonly BoardMaintenance[], keys: ReadonlySet<string>): BoardMaintenance[] =>
  all.flatMap((one) => {
    const services = one.services.filter((key) => keys.has(key));
    return services.length > 0 ? [{ ...one, services }] : [];
  });

/** A service as a board shows it: of what it rests on, nothing is told that is not on the board. */
const among = (service: BoardService, keys: ReadonlySet<string>): BoardService =>
  service.dependsOn.every((key) => keys.has(key))
    ? service
    : { ...service, dependsOn: service.dependsOn.filter((key) => keys.has(key)) };
