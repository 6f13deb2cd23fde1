import { Inject, Injectable } from '@nestjs/common';
import { reasons, type Reason, type Verdict } from '../../probes/contract.ts';
import { SteadyClock } from '../../probes/support/clock.ts';
import { storableText } from '../../probes/support/storable.ts';
import { CatalogViews } from '../catalog/catalog-views.service.ts';
import { admit, type RateLimit } from '../domain/rate-limit.ts';
import { Database } from '../platform/database.ts';
import { LOGGER, type Logger } from '../platform/logger.ts';
import { Problem } from '../platform/problem.ts';
import { DispatchLease } from './dispatch-lease.ts';
import { SeriesDirectory, type OwedSeries } from './series-directory.ts';
import { SeriesFoldService } from './series-fold.service.ts';
import { SeriesStatusRepository } from './series-status.repository.ts';

/** What a heartbeat may say about itself. */
export interface Beat {
  fail: boolean;
  durationMs: number | null;
  message: string | null;
}

/**
 * The shortest interval is a second: whoever beats in time, even with many beats at once after a delay, is far below.
 * A beat that is refused comes right after ones that were taken in, so that no deadline is missed by it.
 */
const beatLimit: RateLimit = { everyMs: 200, burst: 50 };

/** A beat came for the series in the payload: its deadline moves. */
const heartbeatChannel = 'troth_heartbeat';

/**
 * Takes heartbeats in, and tells when one is missed. A deadline that passed while no server was ready to hear is not
 * held against anyone: deadlines start anew when the lease is gained.
 */
@Injectable()
export class HeartbeatsService {
  readonly #tokens = new Map<string, OwedSeries>();
  /** What the limit on beats keeps, by series. */
  readonly #beatsDue = new Map<number, number>();
  readonly #deadlines = new Map<number, NodeJS.Timeout>();
  /** When this server first watched, epoch ms. */
  #begunMs = Infinity;

  constructor(
    readonly directory: SeriesDirectory,
    readonly fold: SeriesFoldService,
    readonly statuses: SeriesStatusRepository,
    readonly lease: DispatchLease,
    readonly database: Database,
    readonly clock: SteadyClock,
    readonly views: CatalogViews,
    @Inject(LOGGER) readonly log: Logger,
  ) {}

  start(): void {
    this.directory.onChange(() => this.#followDirectory());
    this.#followDirectory();
    const nothing = () => undefined;
    this.database.listen(heartbeatChannel, (series) => this.#watch(Number(series)), nothing);
  }

  stop(): void {
    for (const timer of this.#deadlines.values()) clearTimeout(timer);
    this.#deadlines.clear();
  }

  /** Called again and again while this server holds the lease; the first time starts the deadlines. */
  async watchAll(): Promise<void> {
    if (this.#begunMs === Infinity) this.#begunMs = this.clock.now();
    for (const { series } of this.#tokens.values()) if (!this.#deadlines.has(series)) this.#watch(series);
  }

  /** Records a heartbeat. @throws Problem `not-found` for a token of no probe, `too-many-requests` */
  async beat(token: string, { fail, durationMs, message }: Beat): Promise<void> {
    const owed = this.#tokens.get(token);
    if (!owed) throw new Problem('not-found', 'No probe has this push address.');
    this.#admit(owed.series);
    const [verdict, reason]: [Verdict, Reason] = fail ? ['down', 'heartbeat-failed'] : ['up', 'ok'];
    await this.#record(owed, Math.floor(this.clock.now()), verdict, reason, durationMs, message);
    await this.database.notify(heartbeatChannel, String(owed.series));
  }

  #admit(series: number): void {
    const { dueMs, waitMs } = admit(this.#beatsDue.get(series) ?? 0, performance.now(), beatLimit);
    this.#beatsDue.set(series, dueMs);
    if (waitMs === 0) return;
    const perSecond = 1_000 / beatLimit.everyMs;
    throw new Problem(
      'too-many-requests',
      `This push address takes ${perSecond} heartbeats a second; this one was not recorded, those before it were`,
      { retryAfterSeconds: Math.ceil(waitMs / 1_000) },
    );
  }

  #tokenOf({ probeId }: OwedSeries): string {
    return this.views.heartbeatToken(probeId);
  }

  #followDirectory(): void {
    this.#tokens.clear();
    for (const owed of this.directory.all) if (owed.part.push) this.#tokens.set(this.#tokenOf(owed), owed);
    for (const series of this.#beatsDue.keys()) if (!this.directory.get(series)) this.#beatsDue.delete(series);
  }

  /** Sets the timer of a series to its next deadline, and records a miss when that has passed. */
  #watch(series: number): void {
    this.#check(series).catch((err: unknown) => {
      this.log.warn({ err, series }, 'a heartbeat could not be checked, trying again');
      this.#at(series, 1_000);
    });
  }

  async #check(series: number): Promise<void> {
    const owed = this.directory.get(series);
    const readySinceMs = this.#readySinceMs();
    // A beat may come before the deadlines start: without one, its series is watched when they do.
    if (!owed || readySinceMs === null) return this.#forget(series);
    const coveredUntilMs = (await this.statuses.of([series])).get(series)?.status?.coveredUntilMs ?? 0;
    const deadlineMs = Math.max(coveredUntilMs, Math.max(readySinceMs, owed.sinceMs) + owed.part.coversMs);
    const leftMs = deadlineMs - this.clock.now();
    if (leftMs <= 0) {
      await this.#record(owed, Math.ceil(deadlineMs), 'down', 'heartbeat-missed', null, 'no heartbeat came in time');
      return this.#at(series, owed.part.coversMs + Math.max(leftMs, -owed.part.coversMs));
    }
    this.#at(series, leftMs + 1);
  }

  /** Since when beats have been heard without a break, epoch ms; null while that is for another server to watch. */
  #readySinceMs(): number | null {
    const heldForMs = this.lease.heldForMs;
    if (heldForMs === null || this.#begunMs === Infinity) return null;
    return Math.max(this.#begunMs, this.clock.now() - heldForMs);
  }

  #at(series: number, delayMs: number): void {
    clearTimeout(this.#deadlines.get(series));
    this.#deadlines.set(
      series,
      setTimeout(() => this.#watch(series), Math.min(Math.max(1, delayMs), 2_147_483_647)),
    );
  }

  #forget(series: number): void {
    clearTimeout(this.#deadlines.get(series));
    this.#deadlines.delete(series);
  }

  async #record(
    { series, serviceId, part }: OwedSeries,
    slotMs: number,
    verdict: Verdict,
    reason: Reason,
    durationMs: number | null,
    detail: string | null,
  ): Promise<void> {
    const coveredPart = { ...part, timeoutMs: 5_000 };
    const latencyUs = durationMs === null ? null : Math.min(2_147_483_647, Math.round(durationMs * 1_000));
    const observed = { observedMs: slotMs, timingsUs: null, detail: detail && storableText(detail), facts: null };
    await this.fold.record([
      {
        series,
        serviceId,
        part: coveredPart,
        slotMs,
        attempt: 0,
        verdict,
        reason: reasons[reason].code,
        latencyUs,
        ...observed,
      },
    ]);
  }
}
