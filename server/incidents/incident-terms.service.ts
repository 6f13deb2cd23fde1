import { Injectable } from '@nestjs/common';
import {
  AgreementsService,
  endOfForce,
  servicesOf,
  type AgreementSnapshot,
  type AgreementTerms,
} from '../agreements/agreements.service.ts';
import { CalendarsService } from '../catalog/calendars.service.ts';
import type { AgreementInput, AgreementStatus } from '../contract/agreements.ts';
import type { ServiceHours } from '../domain/calendar.ts';
import { severityAmong, type RatedIncident, type SeverityMatrix } from '../domain/incident-severity.ts';
import { spanOfDays } from '../domain/local-time.ts';
import type { Span } from '../domain/spans.ts';

/** A text of an agreement while it holds. */
export interface HeldText {
  readonly agreementId: number;
  readonly key: string;
  readonly terms: AgreementInput;
  readonly basis: AgreementStatus;
  readonly snapshot: AgreementSnapshot | null;
  readonly effective: Span;
}

/** What agreements say of incidents: which hold, in which hours their clocks run, how severe they call what happened. */
@Injectable()
export class IncidentTermsService {
  constructor(
    readonly agreements: AgreementsService,
    readonly calendars: CalendarsService,
  ) {}

  /** Of each agreement about these services the texts that hold in a span, in order; a draft where nothing was ever agreed. */
  async held(services: readonly string[], span: Span): Promise<HeldText[][]> {
    if (services.length === 0) return [];
    return (await this.agreements.about(services))
      .map((agreement) => textsIn(agreement, span).filter(({ terms }) => isAbout(terms, services)))
      .filter((texts) => texts.length > 0);
  }

  /** Support hours of a text: as they were signed, where they were. Null: around the clock. */
  async hours({ terms: { supportCalendar: key }, snapshot }: HeldText): Promise<ServiceHours | null> {
    if (!key) return null;
    const signed = snapshot?.calendars[key];
    return signed ? this.calendars.hoursOf(signed) : this.calendars.hours(key);
  }

  /** The same for many services, each by itself, in order. */
  async severities(
    services: readonly (Pick<RatedIncident, 'impact' | 'urgency'> & { readonly key: string })[],
    atMs: number,
  ): Promise<(number | null)[]> {
    const keys = services.map(({ key }) => key);
    const matrices = new Map<string, SeverityMatrix[]>();
    for (const texts of await this.held(keys, { fromMs: atMs, toMs: atMs + 1 })) {
      const { terms } = texts.at(-1)!;
      for (const key of servicesOf(terms)) matrices.set(key, [...(matrices.get(key) ?? []), terms.severities]);
    }
    return services.map((service) => severityAmong(matrices.get(service.key) ?? [], service));
  }

  /** The most severe of what agreements about these services make of impact and urgency; null where one is not known. */
  async severity(
    services: readonly string[],
    atMs: number,
    rated: Pick<RatedIncident, 'impact' | 'urgency'>,
  ): Promise<number | null> {
    if (rated.impact === null || rated.urgency === null) return null;
    const held = await this.held(services, { fromMs: atMs, toMs: atMs + 1 });
    return severityAmong(
      held.map((texts) => texts.at(-1)!.terms.severities),
      rated,
    );
  }
}

const isAbout = (terms: AgreementInput, services: readonly string[]): boolean => {
  const about = new Set(servicesOf(terms));
  return services.some((key) => about.has(key));
};

/** As compliance has it: the versions that hold in a span; a draft counts while nothing was ever in force. */
function textsIn({ id, key, versions, draft }: AgreementTerms, span: Span): HeldText[] {
  const own = { agreementId: id, key };
  if (versions.length > 0)
    return versions
      .map(({ terms, status, snapshot, effective: { from, to } }): HeldText => {
        const effective = spanOfDays(from, to, terms.timeZone);
        return { ...own, terms, basis: status, snapshot, effective };
      })
      .filter(({ effective }) => effective.fromMs < span.toMs && effective.toMs > span.fromMs);
  if (draft === null) return [];
  const effective = spanOfDays(draft.effective.from, endOfForce(draft), draft.timeZone);
  const holds = effective.fromMs < span.toMs && effective.toMs > span.fromMs;
  return holds ? [{ ...own, terms: draft, basis: 'draft', snapshot: null, effective }] : [];
}
