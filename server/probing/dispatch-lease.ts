import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { Inject, Injectable } from '@nestjs/common';
import { LOGGER, type Logger } from '../platform/logger.ts';
import { LeaseRepository, type LeaseGrant } from './lease.repository.ts';

/** How old at most what a holder has stored of its work is. */
export const renewEveryMs = 3_000;
/** Without a renewal the holder stops by itself, two seconds before another may take over. */
const trustedMs = 8_000;

export interface LeaseHolder {
  /** The lease was gained: dispatch from `grant.dispatchedUntilMs` on. */
  begin(grant: LeaseGrant): void;
  end(): void;
  /** How far slots are handed out; stored with every renewal. */
  readonly dispatchedUntilMs: number;
}

/**
 * Holds the dispatch lease for this server when it can get it. A process that was paused notices by its monotonic
 * clock that it was not renewed in time and stops before it does anything; agents refuse what slips through by epoch.
 */
@Injectable()
export class DispatchLease {
  /** Tells people where the holder runs, and holders apart. */
  readonly #holderId = `${hostname()}/${randomUUID()}`;
  #grant: LeaseGrant | null = null;
  #trustedUntil = 0;
  #gainedAt = 0;
  #timer: NodeJS.Timeout | undefined;
  #holder: LeaseHolder | undefined;
  #turning: Promise<void> | undefined;

  constructor(
    readonly leases: LeaseRepository,
    @Inject(LOGGER) readonly log: Logger,
  ) {}

  /** The epoch, while this server may dispatch; null otherwise. */
  get epoch(): number | null {
    if (this.#grant && performance.now() > this.#trustedUntil) this.#lose('it was not renewed in time');
    return this.#grant?.epoch ?? null;
  }

  get isHeld(): boolean {
    return this.epoch !== null;
  }

  /** Since when this server has held the lease without a break, ms ago; null when it does not. */
  get heldForMs(): number | null {
    return this.isHeld ? performance.now() - this.#gainedAt : null;
  }

  async start(holder: LeaseHolder): Promise<void> {
    this.#holder = holder;
    await this.#turn();
    this.#timer = setInterval(() => void (this.#turning = this.#turn()), renewEveryMs);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#turning;
    const grant = this.#grant;
    const untilMs = this.#holder?.dispatchedUntilMs ?? 0;
    if (!grant) return;
    this.#lose('this server stops', 'info');
    await this.leases
      .release(this.#holderId, grant.epoch, untilMs)
      .catch((err: unknown) => this.log.warn({ err }, 'the dispatch lease could not be given back; it expires'));
  }

  async #turn(): Promise<void> {
    const askedAt = performance.now();
    try {
      const epoch = this.epoch;
      const grant =
        epoch === null
          ? await this.leases.acquire(this.#holderId)
          : await this.leases.renew(this.#holderId, epoch, this.#holder!.dispatchedUntilMs);
      if (grant) this.#trustedUntil = askedAt + trustedMs;
      if (grant && epoch === null) this.#gain(grant);
      if (!grant && epoch !== null) this.#lose('another server took it');
    } catch (err) {
      this.log.warn({ err }, 'the dispatch lease could not be renewed');
    }
  }

  #gain(grant: LeaseGrant): void {
    this.#grant = grant;
    this.#gainedAt = performance.now();
    this.log.info({ epoch: grant.epoch }, 'this server dispatches');
    this.#holder!.begin(grant);
  }

  #lose(reason: string, level: 'info' | 'warn' = 'warn'): void {
    if (!this.#grant) return;
    this.log[level]({ epoch: this.#grant.epoch, reason }, 'this server no longer dispatches');
    this.#grant = null;
    this.#holder?.end();
  }
}
