import { Injectable } from '@nestjs/common';
import { SteadyClock } from '../../probes/support/clock.ts';
import { AgreementsService, type AgreementTerms } from '../agreements/agreements.service.ts';
import { ReportsRepository, type Doubt } from './reports.repository.ts';
import { ReportsService } from './reports.service.ts';
import { unfrozenPeriods, type SettlingPeriod } from './unfrozen-periods.ts';

/** Freezes what has settled, and revises what has changed since. */
@Injectable()
export class ReportClosingService {
  constructor(
    readonly reports: ReportsService,
    readonly stored: ReportsRepository,
    readonly agreements: AgreementsService,
    readonly clock: SteadyClock,
  ) {}

  /**
   * Freezes every settled period without a report, each agreement's oldest first; answers how many. Run twice, or on two
   * servers at once, it comes to the same: each report is a transaction of its own that finds the one that is there.
   */
  async closeDue(): Promise<number> {
    const nowMs = this.clock.now();
    const isDue = ({ dueMs }: SettlingPeriod): boolean => dueMs <= nowMs;
    return this.#sumOf(await this.agreements.terms(), (agreement) => this.#closeOf(agreement, isDue));
  }

  /**
   * Freezes every period of an agreement that has settled, or had by an instant, without the time that new terms are given
   * for their history.
   */
  async closeSettled(key: string, byMs = this.clock.now()): Promise<number> {
    return this.#closeOf(await this.agreements.termsOf(key), ({ asOfMs }) => asOfMs <= byMs);
  }

  /**
   * Derives anew the reports that rest on something that has changed, and revises those that say otherwise now. A
   * revision leaves the periods after it in doubt: it goes on until none is.
   */
  async reviseDoubtful(): Promise<number> {
    return this.#sumOf(this.#doubts(), async (doubt) => ((await this.reports.settleDoubt(doubt)) ? 1 : 0));
  }

  /** Every report in doubt, also those that come to be meanwhile; each once, so that it ends whatever fails. */
  async *#doubts(): AsyncGenerator<Doubt> {
    const told = new Set<string>();
    for (;;) {
      const fresh = (await this.stored.doubts()).filter(({ agreement, period }) => !told.has(`${agreement} ${period}`));
      if (fresh.length === 0) return;
      for (const doubt of fresh) {
        told.add(`${doubt.agreement} ${doubt.period}`);
        yield doubt;
      }
    }
  }

  /** One that fails must not hold up the others; the job fails in the end, and comes again. */
  async #sumOf<Item>(
    items: Iterable<Item> | AsyncIterable<Item>,
    act: (item: Item) => Promise<number>,
  ): Promise<number> {
    let sum = 0;
    const faults: unknown[] = [];
    for await (const item of items) {
      try {
        sum += await act(item);
      } catch (err) {
        faults.push(err);
      }
    }
    if (faults.length > 0) throw new AggregateError(faults, `${faults.length} reports could not be frozen`);
    return sum;
  }

  async #closeOf(agreement: AgreementTerms, isDue: (settling: SettlingPeriod) => boolean): Promise<number> {
    const frozen = (await this.stored.frozen(agreement.id)).get(agreement.id) ?? null;
    let count = 0;
    for (const settling of unfrozenPeriods(agreement, frozen)) {
      if (!isDue(settling)) break;
      if (await this.reports.freeze(agreement.key, settling)) count += 1;
    }
    return count;
  }
}
