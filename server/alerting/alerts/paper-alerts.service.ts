import { Injectable, type OnModuleInit } from '@nestjs/common';
import { AgreementsService, currentTerms, type AgreementTerms } from '../../agreements/agreements.service.ts';
import { periodTitle } from '../../contract/period-title.ts';
import type { ReportContent } from '../../contract/reports.ts';
import { dayMs } from '../../domain/durations.ts';
import { spanOfDays } from '../../domain/local-time.ts';
import type { Period } from '../../domain/period.ts';
import { EventBus } from '../../platform/events.ts';
import '../../reminders/reminding.service.ts';
import '../../reports/reports.service.ts';
import { AlertIntakeService, type Firing } from './alert-intake.service.ts';

interface FrozenReport {
  readonly agreement: string;
  readonly period: Period;
  readonly revision: number;
  readonly content: ReportContent;
}

/** Reports of long ago are no news. */
const newsMs = 31 * dayMs;
const signed: ReadonlySet<string> = new Set(['signature', 'review']);

/** Alerts of what is to be read and signed: reports, missed objectives, sign-offs. Each is told once. */
@Injectable()
export class PaperAlertsService implements OnModuleInit {
  constructor(
    readonly intake: AlertIntakeService,
    readonly agreements: AgreementsService,
    readonly events: EventBus,
  ) {}

  onModuleInit(): void {
    this.events.on('reports.frozen', (report) => this.#frozen(report));
    this.events.on('steps.reminded', async ({ steps }) => {
      const due = steps.filter(({ kind }) => signed.has(kind));
      const agreements = await this.agreements.terms([...new Set(due.map(({ agreement }) => agreement.key))]);
      const byId = new Map(agreements.map((one) => [one.id, one]));
      await this.intake.fire(
        due.flatMap(({ agreementId, step, party, what, fromMs }): Firing[] => {
          const agreement = byId.get(agreementId);
          if (!agreement) return [];
          return [
            {
              ...{ rule: 'sign-off-due', fingerprint: `sign-off-due/${agreement.key}/${step}` },
              ...{ agreement: partyOf(agreement, party), sinceMs: fromMs },
              title: `${currentTerms(agreement).title}: ${what}`,
            },
          ];
        }),
      );
    });
  }

  async #frozen({ agreement: key, period, revision, content }: FrozenReport): Promise<void> {
    if (period.toMs < this.intake.nowMs() - newsMs) return;
    if (isHistory(await this.agreements.termsOf(key), period)) return;
    const { title, provider, gist } = content;
    const about = { agreement: { key, name: title, team: provider.key }, sinceMs: period.toMs };
    const of = periodTitle(period.label);
    const subject = `${key}/${period.label}/${revision}`;
    const missed = gist.objectives.filter(({ verdict }) => verdict === 'missed');
    await this.intake.fire([
      {
        ...{ ...about, rule: 'report-ready', fingerprint: `report-ready/${subject}`, reason: gist.sentence },
        title: `${title}: the report of ${of} ${revision > 1 ? `was revised (revision ${revision})` : 'is ready'}`,
      },
      ...missed.map((one): Firing => ({
        ...{ ...about, rule: 'objective-missed', fingerprint: `objective-missed/${subject}/${one.key}` },
        ...{ objective: one.key, title: `${title}: ${one.title} was missed in ${of}` },
        reason: one.attained === null ? null : `Reached: ${one.attained}`,
      })),
    ]);
  }
}

/** Whether a period was over before anybody had recorded its terms: it was brought in, and nobody waits for its report. */
function isHistory({ versions }: AgreementTerms, { fromMs, toMs }: Period): boolean {
  const held = versions.filter(({ effective: { from, to }, terms: { timeZone } }) => {
    const span = spanOfDays(from, to, timeZone);
    return span.fromMs < toMs && span.toMs > fromMs;
  });
  return held.length > 0 && held.every(({ createdAt }) => Date.parse(createdAt) > toMs);
}

/** With the team whose turn it is. */
function partyOf(agreement: AgreementTerms, party: 'provider' | 'customer' | 'arbiter') {
  const { title, provider, customer, arbiter } = currentTerms(agreement);
  const team = { provider, customer, arbiter: arbiter ?? provider }[party];
  return { key: agreement.key, name: title, team };
}
