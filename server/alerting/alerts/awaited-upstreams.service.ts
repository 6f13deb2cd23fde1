import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { Database } from '../../platform/database.ts';
import { EventBus } from '../../platform/events.ts';
import { LOGGER, type Logger } from '../../platform/logger.ts';
import '../../probing/series-fold.service.ts';
import { AlertIntakeService } from './alert-intake.service.ts';
import { AwaitedUpstreamsRepository } from './awaited-upstreams.repository.ts';

/** Looks anew at alerts that wait for what their services rest on as soon as that has answered. */
@Injectable()
export class AwaitedUpstreamsService implements OnModuleInit {
  #awaited: ReadonlySet<number> = new Set();

  constructor(
    readonly awaiting: AwaitedUpstreamsRepository,
    readonly intake: AlertIntakeService,
    readonly database: Database,
    readonly events: EventBus,
    @Inject(LOGGER) readonly log: Logger,
  ) {}

  onModuleInit(): void {
    this.events.on('services.seen', ({ seen }) => {
      if (seen.some(({ serviceId }) => this.#awaited.has(serviceId))) this.database.afterCommit(() => this.#answered());
    });
  }

  /** Learns what is waited for, here or on another server. */
  async refresh(): Promise<void> {
    this.#awaited = new Set(await this.awaiting.awaited());
  }

  /** After the commit: whoever stores results waits for no alert. One that is missed is looked at when its time is over. */
  #answered(): void {
    this.database
      .outside(() => this.intake.reconsider('upstream'))
      .catch((err: unknown) => this.log.warn({ err }, 'alerts that wait for others could not be looked at'));
  }
}
