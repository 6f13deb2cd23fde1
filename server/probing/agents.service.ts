import { Injectable } from '@nestjs/common';
import type { Agent } from '../contract/probing.ts';
import { AgentsRepository } from './agents.repository.ts';

@Injectable()
export class AgentsService {
  constructor(readonly agents: AgentsRepository) {}

  /** Agents that were heard within a day, those that live first. */
  async list(): Promise<Agent[]> {
    const rows = await this.agents.all();
    return rows.map(({ through: _through, beyond: _beyond, startedAt, lastSeenAt, ...agent }) => ({
      ...agent,
      startedAt: startedAt.toISOString(),
      lastSeenAt: lastSeenAt.toISOString(),
    }));
  }
}
