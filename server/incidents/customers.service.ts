import { Injectable } from '@nestjs/common';
import { clockedFrom } from '../domain/incident-course.ts';
import { Problem } from '../platform/problem.ts';
import { currentActor } from '../platform/request-context.ts';
import { IncidentTermsService } from './incident-terms.service.ts';
import type { StoredIncident } from './stored-incident.ts';

/** Who may speak for those who wait for a service. */
@Injectable()
export class CustomersService {
  constructor(readonly terms: IncidentTermsService) {}

  /** Members of a customer of an agreement about an incident, and those who are bound to no team. @throws Problem forbidden */
  async assertSpeaksFor(incident: StoredIncident): Promise<void> {
    const { teams, memberOf = [] } = currentActor();
    if (teams === 'all') return;
    const fromMs = clockedFrom(incident);
    const held = await this.terms.held(
      incident.services.map(({ key }) => key),
      { fromMs, toMs: Math.max(incident.resolvedMs ?? Infinity, fromMs + 1) },
    );
    if (held.flat().some(({ terms: { customer } }) => memberOf.includes(customer) || teams.includes(customer))) return;
    throw new Problem('forbidden', 'Only a customer of an agreement about it may dispute that it waits');
  }
}
