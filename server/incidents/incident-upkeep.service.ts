import { Inject, Injectable } from '@nestjs/common';
import { LOGGER, type Logger } from '../platform/logger.ts';
import { isDatabaseAway } from '../platform/database.ts';
import { IncidentWorkService } from './incident-work.service.ts';
import { ProbeIncidentsService } from './probe-incidents.service.ts';
import { SilentLocationsService } from './silent-locations.service.ts';

/** What is due is done within this. */
const everyMs = 5_000;
/** After a start, agents that were not heard meanwhile are heard before any location is called silent. */
const restMs = 60_000;

/** What time alone brings about: waiting that ends, outages that outlast their maintenance, locations that fall silent. Any server may do it at any time. */
@Injectable()
export class IncidentUpkeepService {
  #timer: NodeJS.Timeout | undefined;
  #turn: Promise<void> | undefined;

  constructor(
    readonly probes: ProbeIncidentsService,
    readonly locations: SilentLocationsService,
    readonly work: IncidentWorkService,
    @Inject(LOGGER) readonly log: Logger,
  ) {}

  start(): void {
    const readyMs = performance.now() + restMs;
    this.#timer = setInterval(() => {
      this.#turn ??= this.#run(performance.now() > readyMs).finally(() => (this.#turn = undefined));
    }, everyMs);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#turn;
  }

  /** One that fails must not keep the others from their turn. */
  async #run(isReady: boolean): Promise<void> {
    const duties = [
      () => this.work.resumeDue(),
      () => this.probes.review(),
      ...(isReady ? [() => this.locations.watch()] : []),
    ];
    for (const duty of duties)
      await duty().catch((err: unknown) =>
        isDatabaseAway(err)
          ? this.log.warn({ err }, 'what is due of incidents waits for the database')
          : this.log.error({ err }, 'what is due of incidents could not be done'),
      );
  }
}
