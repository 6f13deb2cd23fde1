import { Inject, Injectable } from '@nestjs/common';
import { LOGGER, type Logger } from '../platform/logger.ts';
import { DispatchLease } from './dispatch-lease.ts';

/** Something that one server at a time does again and again: the holder of the dispatch lease. */
export interface Duty {
  name: string;
  everyMs: number;
  run(): Promise<void>;
}

/** Runs duties while this server holds the lease; one that fails is logged and comes again. */
@Injectable()
export class DutiesService {
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #running = new Set<Promise<void>>();
  #stopped = false;

  constructor(
    readonly lease: DispatchLease,
    @Inject(LOGGER) readonly log: Logger,
  ) {}

  start(duty: Duty): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      const turn = this.#turn(duty);
      this.#running.add(turn);
      void turn.finally(() => {
        this.#running.delete(turn);
        if (!this.#stopped) this.start(duty);
      });
    }, duty.everyMs);
    this.#timers.add(timer);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    for (const timer of this.#timers) clearTimeout(timer);
    await Promise.all(this.#running);
  }

  async #turn(duty: Duty): Promise<void> {
    if (!this.lease.isHeld) return;
    try {
      await duty.run();
    } catch (err) {
      this.log.warn({ err, duty: duty.name }, 'a duty failed and will be tried again');
    }
  }
}
