import { Inject, Injectable } from '@nestjs/common';
import { AuditService } from '../access/audit.service.ts';
import type { Demo, DemoLoad } from '../contract/demo.ts';
import { Database } from '../platform/database.ts';
import { LOGGER, type Logger } from '../platform/logger.ts';
import { Problem } from '../platform/problem.ts';
import { DemoLoaderService } from './demo-loader.service.ts';
import { DemoRemovalService } from './demo-removal.service.ts';
import { asLoader } from './demo-signing.service.ts';
import { DemoRepository } from './demo.repository.ts';

/** The demo organisation: whether it is there, and how it comes and goes. */
@Injectable()
export class DemoService {
  constructor(
    readonly demo: DemoRepository,
    readonly loader: DemoLoaderService,
    readonly removal: DemoRemovalService,
    readonly audit: AuditService,
    readonly database: Database,
    @Inject(LOGGER) readonly log: Logger,
  ) {}

  async state(): Promise<Demo> {
    const found = await this.demo.find();
    if (!found) return { state: 'absent', step: '', done: 0, steps: 0, loadedAt: null };
    const { state, step, done, steps, loadedAt, isAbandoned } = found;
    return {
      state: isAbandoned ? 'failed' : state,
      ...{ step, done, steps },
      loadedAt: loadedAt?.toISOString() ?? null,
    };
  }

  /** Begins to load it, unless it is there or somebody does; what failed before is taken away first. */
  async begin(load: DemoLoad): Promise<Demo> {
    if ((await this.state()).state === 'failed') await asLoader(() => this.removal.remove());
    const isOurs = await this.database.transaction(async () => {
      if (!(await this.demo.begin('Getting ready'))) return false;
      await this.audit.record({ action: 'demo.loading', subjectKind: 'demo', subject: 'demo' });
      return true;
    });
    if (isOurs) void this.#load(load);
    return this.state();
  }

  /** Takes away everything that belongs to it, where it is there. @throws Problem conflict while it is loaded, in-use */
  async remove(): Promise<void> {
    const { state } = await this.state();
    if (state === 'absent') return;
    if (state === 'loading') throw new Problem('conflict', 'The demo is being loaded: wait until it is there');
    await asLoader(() => this.removal.remove());
    await this.audit.record({ action: 'demo.removed', subjectKind: 'demo', subject: 'demo' });
  }

  async #load(load: DemoLoad): Promise<void> {
    try {
      await asLoader(() => this.loader.load(load));
      await this.demo.end('loaded', '');
    } catch (err) {
      const { step } = (await this.demo.find().catch(() => null)) ?? { step: 'it' };
      this.log.error({ err, step }, 'the demo could not be loaded');
      const why = err instanceof Problem ? err.message : 'the log of the server says why';
      await this.demo.end('failed', `${step}: ${why}`).catch(() => undefined);
    }
  }
}
