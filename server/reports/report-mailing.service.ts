import { Inject, Injectable } from '@nestjs/common';
import { minuteMs } from '../domain/durations.ts';
import { ENVIRONMENT, type Environment } from '../platform/config.ts';
import { Database } from '../platform/database.ts';
import { EventBus } from '../platform/events.ts';
import { Mailer, MailError } from '../platform/mailer.ts';
import { reportMail } from './report-mail.ts';
import { ReportMailsRepository, type ClaimedMail } from './report-mails.repository.ts';
import { reportPdf } from './report-pdf.ts';
import { ReportsService } from './reports.service.ts';

/** After each attempt that fails the next waits longer; after the last of them it is given up, until people ask again. */
const againAfterMs = [1, 5, 15, 60, 240, 720, 1_440, 1_440].map((minutes) => minutes * minuteMs);

/** Sends a mail about a frozen report: once, or again where it failed. */
@Injectable()
export class ReportMailingService {
  constructor(
    readonly mails: ReportMailsRepository,
    readonly reports: ReportsService,
    readonly mailer: Mailer,
    readonly database: Database,
    readonly events: EventBus,
    @Inject(ENVIRONMENT) readonly environment: Environment,
  ) {}

  /** Answers whether it was sent now; called twice for the same attempt, the second does nothing. */
  async send(id: number, attempts: number): Promise<boolean> {
    const claimed = await this.mails.claim(id, attempts);
    if (!claimed) return false;
    try {
      await this.mailer.send(await this.#mail(id, claimed));
    } catch (error) {
      const isFinal = error instanceof MailError && error.isFinal;
      const waitMs = isFinal ? null : (againAfterMs[(claimed.attempts - 1) % (againAfterMs.length + 1)] ?? null);
      const said = error instanceof MailError ? error.message : 'Troth failed';
      await this.#told(claimed, () => this.mails.refused(id, said, waitMs));
      if (error instanceof MailError) return false;
      throw error;
    }
    await this.#told(claimed, () => this.mails.sent(id));
    return true;
  }

  /** Writes down what became of it, and tells it. */
  #told({ agreement, period }: ClaimedMail, write: () => Promise<void>): Promise<void> {
    return this.database.transaction(async () => {
      await write();
      await this.events.publish('reports.mailed', { agreement, period });
    });
  }

  async #mail(id: number, { agreement, period, revision, address }: ClaimedMail) {
    const report = await this.reports.get(agreement, period, revision);
    const path = `/agreements/${encodeURIComponent(agreement)}/reports/${encodeURIComponent(period)}`;
    const link = new URL(`${path}?revision=${revision}`, addressOf(this.environment)).href;
    const name = `${agreement}-${period}-r${revision}.pdf`;
    return {
      ...reportMail(report, link),
      to: address,
      id: `report-${report.hash.slice(0, 16)}-${id}`,
      attachments: [{ name, type: 'application/pdf', content: await reportPdf(report) }],
    };
  }
}

/** Where people find this Troth. */
const addressOf = ({ PUBLIC_URL, HOST, PORT, TROTH_TLS_CERT }: Environment): string =>
  PUBLIC_URL ?? `${TROTH_TLS_CERT ? 'https' : 'http'}://${HOST.includes(':') ? `[${HOST}]` : HOST}:${PORT}`;
