import { Injectable } from '@nestjs/common';
import { AgreementsService } from '../agreements/agreements.service.ts';
import { FrameworksService } from '../agreements/frameworks.service.ts';
import { Database } from '../platform/database.ts';
import { EventBus } from '../platform/events.ts';
import { Problem } from '../platform/problem.ts';
import { DemoCatalogService } from './demo-catalog.service.ts';
import { DemoRemainsRepository } from './demo-remains.repository.ts';
import { DemoUsesService } from './demo-uses.service.ts';
import { DemoRepository, DemoTaken, demoKinds, tableOf, type DemoKind } from './demo.repository.ts';

/** What is written at the same moment may be in the way of the first attempt. */
const attempts = 3;

/** Takes the demo away: what is left of it is nothing, and what people made beside it stays. */
@Injectable()
export class DemoRemovalService {
  constructor(
    readonly demo: DemoRepository,
    readonly remains: DemoRemainsRepository,
    readonly uses: DemoUsesService,
    readonly catalog: DemoCatalogService,
    readonly agreements: AgreementsService,
    readonly frameworks: FrameworksService,
    readonly database: Database,
    readonly events: EventBus,
  ) {}

  /**
   * For whoever has the demo: everything goes but the note that there is one.
   * @throws Problem in-use where something of somebody's own rests on it: then all of it stays; DemoTaken
   */
  async remove(token: string): Promise<void> {
    // Deleted first as anything is, so that nothing is measured any more and every screen forgets it; then for good.
    await tryAgain(() => this.agreements.exclusively(() => this.#delete(token)));
    await tryAgain(() => this.database.transaction(() => this.#erase(token)));
  }

  async #delete(token: string): Promise<void> {
    await this.demo.hold(token);
    await this.uses.assertNone();
    const keys = await this.demo.names('agreement');
    await this.remains.delete(await this.#roots(['agreement']));
    if (keys.length > 0) await this.events.publish('agreements.changed', { keys });
    for (const key of await this.demo.names('framework')) await this.frameworks.delete(key);
    await this.catalog.delete({
      maintenance: await this.demo.names('maintenance'),
      service: await this.demo.names('service'),
      calendar: await this.demo.names('calendar'),
      team: await this.demo.names('team'),
    });
  }

  async #erase(token: string): Promise<void> {
    await this.demo.hold(token);
    const metrics = await this.demo.names('metric');
    await this.remains.delete(await this.#roots(demoKinds));
    for (const key of metrics) await this.events.publish('metrics.changed', { key, fromMs: 0 });
    await this.demo.forgetThings();
  }

  async #roots(kinds: readonly DemoKind[]): Promise<Map<string, number[]>> {
    const roots = new Map<string, number[]>();
    for (const kind of kinds) roots.set(tableOf(kind), await this.demo.ids(kind));
    return roots;
  }
}

/** Of a transaction that others may collide with; a refusal is final. */
async function tryAgain(work: () => Promise<void>): Promise<void> {
  for (let left = attempts; ; left -= 1) {
    try {
      return await work();
    } catch (err) {
      if (left === 1 || err instanceof DemoTaken || err instanceof Problem) throw err;
    }
  }
}
