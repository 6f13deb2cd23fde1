import { Injectable } from '@nestjs/common';
import { CalendarsService } from '../catalog/calendars.service.ts';
import { CatalogService } from '../catalog/catalog.service.ts';
import type { AgreementInput } from '../contract/agreements.ts';
import { servicesOf } from './agreement-scope.ts';
import { includedAt } from './framework-terms.ts';
import { FrameworksRepository } from './frameworks.repository.ts';
import { snapshotOf, type AgreementSnapshot } from './snapshot.ts';

/** What the figures of an agreement rest on beside its text, as it is now. */
@Injectable()
export class AgreementSnapshotsService {
  constructor(
    readonly catalog: CatalogService,
    readonly calendars: CalendarsService,
    readonly frameworks: FrameworksRepository,
  ) {}

  async of(terms: AgreementInput): Promise<AgreementSnapshot> {
    const named = [terms.calendar, terms.supportCalendar].filter((one) => one != null);
    const calendars = await this.calendars.definitions(named);
    const ids = (await this.catalog.serviceRefs(servicesOf(terms))).map(({ id }) => id);
    const upstream = await this.catalog.upstreamOf(ids);
    const all = [...new Set([...ids, ...upstream.map(({ id }) => id)])];
    const included = terms.framework == null ? [] : await this.frameworks.find([terms.framework]);
    const framework = included[0] ? includedAt(included[0], null) : null;
    return snapshotOf(calendars, await this.catalog.definitions(all), upstream, framework);
  }
}
