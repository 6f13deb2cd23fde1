import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { MailsService, type MailWriter } from '../mails/mails.service.ts';
import { ENVIRONMENT, publicAddress, type Environment } from '../platform/config.ts';
import { EventBus } from '../platform/events.ts';
import { reportMail } from './report-mail.ts';
import { ReportMailsRepository } from './report-mails.repository.ts';
import { reportPdf } from './report-pdf.ts';
import { ReportsService } from './reports.service.ts';

/** Writes the mails about frozen reports. */
@Injectable()
export class ReportMailingService implements OnModuleInit, MailWriter {
  constructor(
    readonly stored: ReportMailsRepository,
    readonly reports: ReportsService,
    readonly mails: MailsService,
    readonly events: EventBus,
    @Inject(ENVIRONMENT) readonly environment: Environment,
  ) {}

  onModuleInit(): void {
    this.mails.register('report', this);
  }

  async write(reportId: number, mailId: number) {
    const { agreement, period, revision } = await this.stored.subject(reportId);
    const report = await this.reports.get(agreement, period, revision);
    const path = `/agreements/${encodeURIComponent(agreement)}/reports/${encodeURIComponent(period)}`;
    const link = new URL(`${path}?revision=${revision}`, publicAddress(this.environment)).href;
    const name = `${agreement}-${period}-r${revision}.pdf`;
    return {
      ...reportMail(report, link),
      id: `report-${report.hash.slice(0, 16)}-${mailId}`,
      attachments: [{ name, type: 'application/pdf', content: await reportPdf(report) }],
    };
  }

  /** Tells that a mail was sent or refused. */
  async noted(reportId: number): Promise<void> {
    const { agreement, period } = await this.stored.subject(reportId);
    await this.events.publish('reports.mailed', { agreement, period });
  }
}
