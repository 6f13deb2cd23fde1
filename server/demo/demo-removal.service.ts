import { Injectable } from '@nestjs/common';
import { AgreementsService } from '../agreements/agreements.service.ts';
import { Database } from '../platform/database.ts';
import { EventBus } from '../platform/events.ts';
import { DemoCatalogService } from './demo-catalog.service.ts';
import { DemoRemainsRepository } from './demo-remains.repository.ts';
import { DemoRepository, demoKinds, tableOf, type DemoKind } from './demo.repository.ts';

/** What was still written when the services were deleted may be in the way of the first attempt. */
const attempts = 3;

/** Takes the demo away: what is left of it is nothing, and what people made beside it stays. */
@Injectable()
export class DemoRemovalService {
  constructor(
    readonly demo: DemoRepository,
    readonly remains: DemoRemainsRepository,
    readonly catalog: DemoCatalogService,
    readonly agreements: AgreementsService,
    readonly database: Database,
    readonly events: EventBus,
  ) {}

  /** @throws Problem in-use where something of somebody's own rests on it: then all of it stays */
  async remove(): Promise<void> {
    // Deleted first as anything is, so that nothing is measured any more and every screen forgets it; then for good.
    await this.agreements.exclusively(() => this.#delete());
    for (let left = attempts; ; left -= 1) {
      try {
        return await this.database.transaction(() => this.#erase());
      } catch (err) {
        if (left === 1) throw err;
      }
    }
  }

  async #delete(): Promise<void> {
    const keys = await this.demo.names('agreement');
    await this.remains.delete(await this.#roots(['agreement']));
    if (keys.length > 0) await this.events.publish('agreements.changed', { keys });
    await this.catalog.delete({
      maintenance: await this.demo.names('maintenance'),
      service: await this.demo.names('service'),
      calendar: await this.demo.names('calendar'),
      team: await this.demo.names('team'),
    });
  }

  async #erase(): Promise<void> {
    const metrics = await this.demo.names('metric');
    await this.remains.delete(await this.#roots(demoKinds));
    for (const key of metrics) await this.events.publish('metrics.changed', { key, fromMs: 0 });
    await this.demo.forget();
  }

  async #roots(kinds: readonly DemoKind[]): Promise<Map<string, number[]>> {
    const roots = new Map<string, number[]>();
    for (const kind of kinds) roots.set(tableOf(kind), await this.demo.ids(kind));
    return roots;
  }
}
