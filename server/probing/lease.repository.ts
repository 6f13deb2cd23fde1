import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database.ts';

export interface LeaseGrant {
  epoch: number;
  dispatchedUntilMs: number;
}

const leaseLength = "interval '10 seconds'";

/** The one lease, judged by the database's clock. */
@Injectable()
export class LeaseRepository {
  constructor(readonly database: Database) {}

  /**
   * Takes the lease when nobody holds it; null when somebody does. An expiry further away than a lease is long was
   * written before the database's clock stepped back, and binds nobody.
   */
  async acquire(holder: string): Promise<LeaseGrant | null> {
    return this.#grant(
      `update dispatch_lease set holder = $1, epoch = epoch + 1, gained_at = clock_timestamp(), expires_at = clock_timestamp() + ${leaseLength}
       where expires_at < clock_timestamp() or expires_at > clock_timestamp() + ${leaseLength}
       returning epoch, dispatched_until_ms`,
      [holder],
    );
  }

  /** Extends a lease that is still held; null when another has taken it. */
  async renew(holder: string, epoch: number, dispatchedUntilMs: number): Promise<LeaseGrant | null> {
    return this.#grant(
      `update dispatch_lease
       set expires_at = clock_timestamp() + ${leaseLength}, dispatched_until_ms = greatest(dispatched_until_ms, $3)
       where holder = $1 and epoch = $2 returning epoch, dispatched_until_ms`,
      [holder, epoch, dispatchedUntilMs],
    );
  }

  async release(holder: string, epoch: number, dispatchedUntilMs: number): Promise<void> {
    await this.database.query(
      `update dispatch_lease
       set expires_at = '-infinity', holder = null, dispatched_until_ms = greatest(dispatched_until_ms, $3)
       where holder = $1 and epoch = $2`,
      [holder, epoch, dispatchedUntilMs],
    );
  }

  /** How far slots were handed out by whoever holds or held the lease, as of the last renewal. */
  async dispatchedUntilMs(): Promise<number> {
    const [row] = await this.database.query<{ dispatched_until_ms: number }>(
      `select dispatched_until_ms from dispatch_lease`,
    );
    return row?.dispatched_until_ms ?? 0;
  }

  /** Who holds the lease, if anyone, and since when. */
  async read(): Promise<{ holder: string | null; epoch: number; gainedAt: Date | null; held: boolean }> {
    const [row] = await this.database.query<{ holder: string | null; epoch: number; gainedAt: Date; held: boolean }>(
      `select holder, epoch, gained_at as "gainedAt", expires_at > clock_timestamp() as held from dispatch_lease`,
    );
    return row ?? { holder: null, epoch: 0, gainedAt: null, held: false };
  }

  async isHeld(): Promise<boolean> {
    const rows = await this.database.query(`select 1 from dispatch_lease where expires_at > clock_timestamp()`);
    return rows.length > 0;
  }

  async #grant(sql: string, parameters: unknown[]): Promise<LeaseGrant | null> {
    const [row] = await this.database.query<{ epoch: number; dispatched_until_ms: number }>(sql, parameters);
    return row ? { epoch: row.epoch, dispatchedUntilMs: row.dispatched_until_ms } : null;
  }
}
