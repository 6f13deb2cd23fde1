import { Injectable, type OnModuleInit } from '@nestjs/common';
import { SteadyClock } from '../../probes/support/clock.ts';
import { AgreementsService, servicesOf, type AgreementTerms } from '../agreements/agreements.service.ts';
import { CatalogService } from '../catalog/catalog.service.ts';
import { minuteMs } from '../domain/durations.ts';
import type { Span } from '../domain/spans.ts';
import { EventBus } from '../platform/events.ts';
import { Problem } from '../platform/problem.ts';
import { ReportsProcessor } from './reports.processor.ts';
import { ReportsRepository, type FrozenPeriod } from './reports.repository.ts';

/** Periods end with a local day, and clocks of all zones are whole quarters of an hour apart. */
const quarterMs = 15 * minuteMs;

/** Whether an agreement is concerned. */
type Concern = (terms: AgreementTerms) => Promise<boolean> | boolean;

/** Watches what frozen periods rest on: history is not imported into them, and other late changes are noted for a revision. */
@Injectable()
export class FrozenHistoryService implements OnModuleInit {
  constructor(
    readonly stored: ReportsRepository,
    readonly agreements: AgreementsService,
    readonly catalog: CatalogService,
    readonly processor: ReportsProcessor,
    readonly events: EventBus,
    readonly clock: SteadyClock,
  ) {}

  onModuleInit(): void {
    this.events.on('timelines.importing', ({ serviceId, ...span }) =>
      this.#assertNotFrozen(span, (terms) => this.#restsOn(terms, new Set([serviceId]))),
    );
    this.events.on('metrics.importing', ({ key, ...span }) =>
      this.#assertNotFrozen(span, (terms) => countsMetric(terms, key)),
    );
    this.events.on('services.changed', async ({ changes }) => {
      const late = changes.filter(({ fromMs }) => fromMs !== null && this.#isLate(fromMs));
      if (late.length === 0) return;
      const ids = new Set(late.map(({ serviceId }) => serviceId));
      const reason = 'Results came in after the period was frozen';
      await this.#note(Math.min(...late.map(({ fromMs }) => fromMs!)), reason, (terms) => this.#restsOn(terms, ids));
    });
    this.events.on('incidents.changed', async ({ serviceIds, fromMs }) => {
      const ids = new Set(serviceIds);
      const reason = 'Incidents were recorded or changed after the period was frozen';
      await this.#note(fromMs, reason, (terms) => this.#restsOn(terms, ids));
    });
    this.events.on('metrics.changed', async ({ key, fromMs }) => {
      await this.#note(fromMs, `Values of "${key}" were changed after the period was frozen`, (terms) =>
        countsMetric(terms, key),
      );
    });
    this.events.on('terms.changed', async ({ agreement, fromMs }) => {
      await this.#note(
        fromMs,
        'Other terms came to hold in it after the period was frozen',
        ({ key }) => key === agreement,
      );
    });
    this.events.on('corrections.changed', async ({ agreement, isApproved, isAnswered, fromMs, toMs }) => {
      if (!isAnswered) return;
      // One that was open when the period was frozen had its consequences wait, whatever is answered.
      const what = isApproved ? 'approved' : 'turned down';
      const reason = `A correction was ${what} after the period was frozen`;
      // An answer is awaited, and comes alone: what comes in numbers is gathered until the next slot.
      if (await this.#note(fromMs, reason, ({ key }) => key === agreement, toMs)) this.processor.reviseAfterCommit();
    });
  }

  /** No period ended since the last whole quarter of an hour: what happens now costs no query. */
  #isLate(fromMs: number): boolean {
    return fromMs < Math.floor(this.clock.now() / quarterMs) * quarterMs;
  }

  /** Notes the frozen periods from an instant on, or of a span, of agreements that are concerned. Answers whether there are any. */
  async #note(
    fromMs: number,
    reason: string,
    isConcerned: Concern,
    toMs = Math.floor(this.clock.now()),
  ): Promise<boolean> {
    if (!this.#isLate(fromMs)) return false;
    const periods = await this.#touching(fromMs, toMs, isConcerned);
    if (periods.length > 0) await this.stored.doubt(periods, reason);
    return periods.length > 0;
  }

  /** @throws Problem conflict where what is to be replaced is part of a frozen report */
  async #assertNotFrozen({ fromMs, toMs }: Span, isConcerned: Concern): Promise<void> {
    const hit = await this.#touching(fromMs, toMs, isConcerned);
    if (hit.length === 0) return;
    const named = hit.slice(0, 3).map(({ agreement, period }) => `${period} of agreement "${agreement}"`);
    const rest = hit.length > named.length ? ` and ${hit.length - named.length} more` : '';
    throw new Problem('conflict', `Its history is part of frozen reports: ${named.join(', ')}${rest}`);
  }

  /** Frozen periods that share time with a span, of agreements that are concerned; until the transaction ends no more come. */
  async #touching(fromMs: number, toMs: number, isConcerned: Concern): Promise<FrozenPeriod[]> {
    await this.stored.holdOff();
    const touched = await this.stored.touching(fromMs, toMs);
    if (touched.length === 0) return [];
    const concerned = new Set<string>();
    for (const terms of await this.agreements.terms([...new Set(touched.map(({ agreement }) => agreement))]))
      if (await isConcerned(terms)) concerned.add(terms.key);
    return touched.filter(({ agreement }) => concerned.has(agreement));
  }

  /** Whether one of the services is of the agreement, or below one: what falls to it is told too. */
  async #restsOn({ versions }: AgreementTerms, serviceIds: ReadonlySet<number>): Promise<boolean> {
    const keys = [...new Set(versions.flatMap(({ terms }) => servicesOf(terms)))];
    const own = await this.catalog.serviceRefs(keys);
    if (own.some(({ id }) => serviceIds.has(id))) return true;
    const below = await this.catalog.upstreamOf(own.map(({ id }) => id));
    return below.some(({ id }) => serviceIds.has(id));
  }
}

const countsMetric = ({ versions }: AgreementTerms, key: string): boolean =>
  versions.some(({ terms }) =>
    Object.values(terms.objectives).some((objective) => objective.type === 'metric' && objective.metric === key),
  );
