import { Injectable } from '@nestjs/common';
import { endOfWorkingDay } from '../domain/working-days.ts';
import { Problem } from '../platform/problem.ts';
import { IncidentTermsService } from './incident-terms.service.ts';
import type { StoredIncident } from './stored-incident.ts';

/** So many working days after its resolution it can be opened again. */
const reopenDays = 5;

/** How long what was resolved can be opened again. */
@Injectable()
export class ReopeningService {
  constructor(readonly terms: IncidentTermsService) {}

  /** Working days are those of whichever agreement about it gives the longest time. @throws Problem conflict */
  async assertInTime(incident: StoredIncident, atMs: number): Promise<void> {
    const resolvedMs = incident.resolvedMs!;
    const services = incident.services.map(({ key }) => key);
    const held = await this.terms.held(services, { fromMs: resolvedMs, toMs: resolvedMs + 1 });
    const ends: number[] = [];
    for (const texts of held) {
      const text = texts.at(-1)!;
      ends.push(endOfWorkingDay(resolvedMs, reopenDays, text.terms.timeZone, await this.terms.hours(text)));
    }
    const lastMs = ends.length > 0 ? Math.max(...ends) : endOfWorkingDay(resolvedMs, reopenDays, 'UTC', null);
    if (atMs < lastMs) return;
    throw new Problem(
      'conflict',
      `Incident ${incident.id} was resolved more than ${reopenDays} working days before: open a new one that follows it`,
    );
  }
}
