import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { AuditService } from '../access/audit.service.ts';
import type { Demo, DemoLoad } from '../contract/demo.ts';
import { Database } from '../platform/database.ts';
import { LOGGER, type Logger } from '../platform/logger.ts';
import { Problem } from '../platform/problem.ts';
import { DemoLoaderService } from './demo-loader.service.ts';
import { DemoRemovalService } from './demo-removal.service.ts';
import { asLoader } from './demo-signing.service.ts';
import { DemoRepository, DemoTaken } from './demo.repository.ts';

const seenEveryMs = 5_000;

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
    const token = randomUUID();
    const isOurs = await this.database.transaction(async () => {
      if (!(await this.demo.begin(token, 'Getting ready'))) return false;
      await this.audit.record({ action: 'demo.loading', subjectKind: 'demo', subject: 'demo' });
      return true;
    });
    if (isOurs) void this.#load(token, load);
    return this.state();
  }

  /** Takes away everything that belongs to it, where it is there. @throws Problem conflict while it is loaded, in-use */
  async remove(): Promise<void> {
    const found = await this.demo.find();
    if (!found) return;
    const { token, state, isAbandoned } = found;
    if (isAbandoned) {
      await this.demo.giveUp(token);
      return this.remove();
    }
    if (state === 'loading') throw new Problem('conflict', 'The demo is being loaded: wait until it is there');
    try {
      await asLoader(() => this.removal.remove(token));
    } catch (err) {
      // Somebody else removes it too, or loads it anew after it failed.
      if (err instanceof DemoTaken) return this.remove();
      throw err;
    }
    await this.database.transaction(async () => {
      if (await this.demo.forget(token))
        await this.audit.record({ action: 'demo.removed', subjectKind: 'demo', subject: 'demo' });
    });
  }

  async #load(token: string, load: DemoLoad): Promise<void> {
    // A step may last; whoever is not seen for long is taken for dead.
    const seen = setInterval(() => void this.demo.touch(token).catch(() => undefined), seenEveryMs).unref();
    try {
      await asLoader(async () => {
        await this.removal.remove(token);
        await this.loader.load(token, load);
      });
      await this.demo.end(token, 'loaded', '');
    } catch (err) {
      if (err instanceof DemoTaken) return this.log.warn('the demo is loaded or removed by somebody else now');
      const { step } = (await this.demo.find().catch(() => null)) ?? { step: 'it' };
      this.log.error({ err, step }, 'the demo could not be loaded');
      const why = err instanceof Problem ? err.message : 'the log of the server says why';
      await this.demo.end(token, 'failed', `${step}: ${why}`).catch(() => undefined);
    } finally {
      clearInterval(seen);
    }
  }
}
