import { Injectable } from '@nestjs/common';
import { SteadyClock } from '../../probes/support/clock.ts';
import { AuditService } from '../access/audit.service.ts';
import { AgreementsService, currentTerms, type AgreementTerms } from '../agreements/agreements.service.ts';
import { CatalogService } from '../catalog/catalog.service.ts';
import type { ReportContent, ReportMails } from '../contract/reports.ts';
import { dayMs } from '../domain/durations.ts';
import { recipientsOf } from '../mails/mails.service.ts';
import { Database } from '../platform/database.ts';
import { EventBus } from '../platform/events.ts';
import { Mailer } from '../platform/mailer.ts';
import { Problem } from '../platform/problem.ts';
import { ReportMailsRepository } from './report-mails.repository.ts';

declare module '../platform/events.ts' {
  interface TransactionEvents {
    /** A mail about a report was sent or refused, or is to be sent again; published inside the transaction that notes it. */
    'reports.mailed': { agreement: string; period: string };
  }
}

/** What is frozen later than this after its end is history that was brought in: nobody waits for it. */
const newsForMs = 45 * dayMs;

/** Who is told of frozen reports, and whether that worked. */
@Injectable()
export class ReportMailsService {
  constructor(
    readonly mails: ReportMailsRepository,
    readonly agreements: AgreementsService,
    readonly catalog: CatalogService,
    readonly mailer: Mailer,
    readonly audit: AuditService,
    readonly database: Database,
    readonly events: EventBus,
    readonly clock: SteadyClock,
  ) {}

  /** Has both parties told of a report; call it in the transaction that freezes it. */
  async queue(agreement: AgreementTerms, reportId: number, content: ReportContent): Promise<void> {
    if (!this.mailer.isConfigured) return;
    if (content.revision === 1 && Date.parse(content.period.to) < this.clock.now() - newsForMs) return;
    const held = content.parts.at(-1)?.version;
    const terms = agreement.versions.find(({ number }) => number === held)?.terms ?? currentTerms(agreement);
    const { teams } = await this.catalog.state([]);
    const addresses = new Map([...teams.values()].map(({ key, email }) => [key, email]));
    await this.mails.add(reportId, recipientsOf(terms, addresses));
  }

  /** @throws Problem not-found */
  async of(key: string, period: string): Promise<ReportMails> {
    const { id } = await this.agreements.termsOf(key);
    const found = await this.mails.of(id, period);
    return {
      isOn: this.mailer.isConfigured,
      items: found.map(({ party, address, revision, state, attempts, error, changedAt, nextAt }) => ({
        ...{ party, address, revision, state, attempts, error },
        at: changedAt.toISOString(),
        nextAt: state === 'queued' ? nextAt.toISOString() : null,
      })),
    };
  }

  /** Sends those again that failed. @throws Problem not-found, conflict where none did */
  async again(key: string, period: string): Promise<void> {
    const { id } = await this.agreements.termsOf(key);
    await this.database.transaction(async () => {
      const count = await this.mails.again(id, period);
      if (count === 0) throw new Problem('conflict', `No mail about the report of ${period} has failed`);
      await this.audit.record({
        ...{ action: 'report.mailed-again', subjectKind: 'agreement', subject: key },
        detail: { period, mails: count },
      });
      await this.events.publish('reports.mailed', { agreement: key, period });
    });
  }
}
