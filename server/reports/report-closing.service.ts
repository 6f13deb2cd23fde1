import { Inject, Injectable } from '@nestjs/common';
import { SteadyClock } from '../../probes/support/clock.ts';
import { AgreementsService, type AgreementTerms } from '../agreements/agreements.service.ts';
import { LOGGER, type Logger } from '../platform/logger.ts';
import { ReportsRepository } from './reports.repository.ts';
import { ReportsService } from './reports.service.ts';
import { unfrozenPeriods } from './unfrozen-periods.ts';

/** Freezes what has settled. */
@Injectable()
export class ReportClosingService {
  constructor(
    readonly reports: ReportsService,
    readonly stored: ReportsRepository,
    readonly agreements: AgreementsService,
    readonly clock: SteadyClock,
    @Inject(LOGGER) readonly log: Logger,
  ) {}

  /**
   * Freezes every settled period without a report, each agreement's oldest first; answers how many. Run twice, or on two
   * servers at once, it comes to the same: each report is a transaction of its own that finds the one that is there.
   */
  async closeDue(): Promise<number> {
    let count = 0;
    const faults: unknown[] = [];
    for (const agreement of await this.agreements.terms()) {
      try {
        count += await this.#closeOf(agreement);
      } catch (err) {
        // One that cannot be closed must not hold up the others; the job fails in the end and comes again.
        this.log.error({ err, agreement: agreement.key }, 'a period could not be closed');
        faults.push(err);
      }
    }
    if (faults.length > 0) throw new AggregateError(faults, 'some periods could not be closed');
    return count;
  }

  async #closeOf(agreement: AgreementTerms): Promise<number> {
    const frozen = (await this.stored.frozen(agreement.id)).get(agreement.id) ?? null;
    const nowMs = this.clock.now();
    let count = 0;
    for (const settling of unfrozenPeriods(agreement, frozen)) {
      if (settling.dueMs > nowMs) break;
      if (await this.reports.freeze(agreement.key, settling)) count += 1;
    }
    return count;
  }
}
