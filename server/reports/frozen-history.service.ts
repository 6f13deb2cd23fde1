import { Injectable, type OnModuleInit } from '@nestjs/common';
import { AgreementsService, servicesOf, type AgreementTerms } from '../agreements/agreements.service.ts';
import { CatalogService } from '../catalog/catalog.service.ts';
import { EventBus, type TransactionEvents } from '../platform/events.ts';
import { Problem } from '../platform/problem.ts';
import { ReportsRepository } from './reports.repository.ts';

/** Keeps imported history out of periods that are frozen. */
@Injectable()
export class FrozenHistoryService implements OnModuleInit {
  constructor(
    readonly stored: ReportsRepository,
    readonly agreements: AgreementsService,
    readonly catalog: CatalogService,
    readonly events: EventBus,
  ) {}

  onModuleInit(): void {
    this.events.on('timelines.importing', (imported) => this.#assertNotFrozen(imported));
  }

  /** @throws Problem conflict where the history of a service is part of a frozen report */
  async #assertNotFrozen({ serviceId, fromMs, toMs }: TransactionEvents['timelines.importing']): Promise<void> {
    await this.stored.holdOff();
    const touched = await this.stored.touching(fromMs, toMs);
    if (touched.length === 0) return;
    const resting = new Set<string>();
    for (const agreement of await this.agreements.terms([...new Set(touched.map((one) => one.agreement))]))
      if (await this.#restsOn(agreement, serviceId)) resting.add(agreement.key);
    const hit = touched.filter(({ agreement }) => resting.has(agreement));
    if (hit.length === 0) return;
    const named = hit.slice(0, 3).map(({ agreement, period }) => `${period} of agreement "${agreement}"`);
    const rest = hit.length > named.length ? ` and ${hit.length - named.length} more` : '';
    throw new Problem('conflict', `Its history is part of frozen reports: ${named.join(', ')}${rest}`);
  }

  /** Whether a service is one of an agreement, or below one: what falls to it is told too. */
  async #restsOn({ versions }: AgreementTerms, serviceId: number): Promise<boolean> {
    const keys = [...new Set(versions.flatMap(({ terms }) => servicesOf(terms)))];
    const own = await this.catalog.serviceRefs(keys);
    if (own.some(({ id }) => id === serviceId)) return true;
    const below = await this.catalog.upstreamOf(own.map(({ id }) => id));
    return below.some(({ id }) => id === serviceId);
  }
}
