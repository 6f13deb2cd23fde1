import { Injectable } from '@nestjs/common';
import type { IncidentChange } from '../contract/incidents.ts';
import { clockedFrom } from '../domain/incident-course.ts';
import { plainSeverity, type RatedIncident } from '../domain/incident-severity.ts';
import { invalidField } from '../platform/problem.ts';
import { IncidentTermsService } from './incident-terms.service.ts';
import type { IncidentDraft, StoredIncident } from './stored-incident.ts';

/** How severe incidents are: what agreements make of impact and urgency, or what a person says, with a reason. */
@Injectable()
export class IncidentSeverityService {
  constructor(readonly terms: IncidentTermsService) {}

  /** @throws Problem invalid-input where a severity of one's own has no reason */
  async rated(draft: IncidentDraft, given: number | null, services: readonly string[]): Promise<RatedIncident> {
    const { impact, urgency } = draft;
    const made = await this.terms.severity(services, clockedFrom(draft), draft);
    const isOwn = made !== null && given !== null && given !== made;
    if (isOwn && draft.severityReason === null)
      throw invalidField('severityReason', `is needed: impact and urgency make it ${made}`);
    return {
      severity: given ?? made ?? plainSeverity,
      ...{ impact, urgency, severityReason: isOwn ? draft.severityReason : null },
    };
  }

  /** After a change: what nobody names follows from impact and urgency again, but what was overridden with a reason stays. */
  async changed(
    before: StoredIncident,
    draft: IncidentDraft,
    change: IncidentChange,
    services: readonly string[],
  ): Promise<RatedIncident> {
    const keepsOwn = draft.severityReason !== null || draft.impact === null || draft.urgency === null;
    return this.rated(draft, change.severity ?? (keepsOwn ? before.severity : null), services);
  }
}
