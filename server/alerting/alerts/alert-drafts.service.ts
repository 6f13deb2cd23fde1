import { Injectable } from '@nestjs/common';
import { AgreementsService, currentTerms, servicesOf } from '../../agreements/agreements.service.ts';
import { alertRuleOf, type AlertRuleName } from '../../domain/alert-rules.ts';
import { AlertFactsRepository, type AlertedService } from './alert-facts.repository.ts';
import { type Setting, urgencyOf } from './alert-setting.ts';
import { AlertSettingsRepository } from './alert-settings.repository.ts';
import type { Named, NewAlert, StoredLabels } from './stored-alert.ts';

/** Something that fires, as a rule says it. */
export interface Firing {
  readonly rule: AlertRuleName;
  readonly fingerprint: string;
  readonly title: string;
  readonly reason?: string | null;
  readonly serviceId?: number | null;
  /** The agreement whose promise is in danger. */
  readonly agreement?: Named & { readonly team: string };
  readonly objective?: string | null;
  readonly incidentId?: number | null;
  readonly sinceMs: number;
}

/** What comes of something that fires. */
export interface AlertDraft {
  readonly labels: StoredLabels;
  readonly setting: Setting;
  /** Null where people have switched it off. */
  readonly alert: NewAlert | null;
}

/** What is not urgent waits so long for what is about the same. */
const groupWaitMs = 10_000;

/** Works out what an alert is about, how urgent it is and when it is due. */
@Injectable()
export class AlertDraftsService {
  constructor(
    readonly facts: AlertFactsRepository,
    readonly settings: AlertSettingsRepository,
    readonly agreements: AgreementsService,
  ) {}

  /** One for each that fires, in order. */
  async of(firings: readonly Firing[], nowMs: number): Promise<AlertDraft[]> {
    const ids = [...new Set(firings.flatMap(({ serviceId }) => serviceId ?? []))];
    const services = new Map((await this.facts.services(ids)).map((service) => [service.id, service]));
    const agreements = await this.#agreementsOf([...services.values()].map(({ key }) => key));
    const settings = await this.settings.settings();
    return firings.map((firing): AlertDraft => {
      const service = firing.serviceId == null ? undefined : services.get(firing.serviceId);
      const about = service ? (agreements.get(service.key) ?? []) : [];
      const labels = labelsFor(firing, service, about);
      const rule = alertRuleOf(firing.rule);
      const setting = urgencyOf(firing.rule, labels, settings);
      const { urgency, holdMs } = setting;
      if (urgency === 'off') return { labels, setting, alert: null };
      const waitMs = urgency === 'page' ? holdMs : Math.max(holdMs, groupWaitMs);
      const dueMs = nowMs + waitMs;
      return {
        ...{ labels, setting },
        alert: {
          ...{ fingerprint: firing.fingerprint, rule: firing.rule, urgency, title: firing.title },
          ...{ reason: firing.reason ?? null, serviceId: service?.id ?? null, objective: firing.objective ?? null },
          about: {
            service: service ? named(service) : null,
            agreement: firing.agreement ? named(firing.agreement) : null,
          },
          ...{ incidentId: firing.incidentId ?? null, labels, groupKey: groupOf(firing, service) },
          ...{ isOnce: rule.isOnce ?? false, sinceMs: Math.min(firing.sinceMs, nowMs), firedMs: nowMs, dueMs },
          muted: dueMs <= nowMs ? null : holdMs > 0 ? 'hold' : 'group',
        },
      };
    });
  }

  /** Keys of the agreements that hold about services. */
  async #agreementsOf(services: readonly string[]): Promise<Map<string, string[]>> {
    const found = new Map<string, string[]>();
    if (services.length === 0) return found;
    for (const agreement of await this.agreements.about(services))
      for (const key of servicesOf(currentTerms(agreement))) found.set(key, [...(found.get(key) ?? []), agreement.key]);
    return found;
  }
}

const named = ({ key, name }: Named): Named => ({ key, name });

const labelsFor = (
  { agreement }: Firing,
  service: AlertedService | undefined,
  about: readonly string[],
): NewAlert['labels'] => ({
  service: service?.key ?? null,
  team: service?.team ?? agreement?.team ?? null,
  agreements: agreement ? [agreement.key] : about,
  tags: service?.tags ?? [],
  tier: service?.tier ?? null,
});

/** Outages that are learnt of late are learnt of together: one message sums them up for each team. */
const groupOf = ({ rule, agreement, fingerprint }: Firing, service: AlertedService | undefined): string =>
  service && rule === 'outage-late'
    ? `outage-late/${service.team}`
    : service
      ? `service/${service.key}`
      : agreement
        ? `agreement/${agreement.key}`
        : fingerprint;
