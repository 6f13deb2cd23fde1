import { Inject, Injectable } from '@nestjs/common';
import type { Agent } from '../contract/probing.ts';
import { LOGGER, type Logger } from '../platform/logger.ts';
import { AgentsRepository } from './agents.repository.ts';

@Injectable()
export class AgentsService {
  constructor(
    readonly agents: AgentsRepository,
    @Inject(LOGGER) readonly log: Logger,
  ) {}

  /** Agents that were heard within a day, those that live first. */
  async list(): Promise<Agent[]> {
    const rows = await this.agents.all();
    return rows.map(({ through: _through, beyond: _beyond, startedAt, lastSeenAt, ...agent }) => ({
      ...agent,
      startedAt: startedAt.toISOString(),
      lastSeenAt: lastSeenAt.toISOString(),
    }));
  }

  /** Forgets agents that were not heard for a month. */
  async forgetGone(): Promise<void> {
    const count = await this.agents.forget();
    if (count > 0) this.log.info({ count }, 'agents that are long gone were forgotten');
  }
}
