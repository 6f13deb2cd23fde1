import { Injectable } from '@nestjs/common';
import type { Recipient } from '../mails/mails.service.ts';
import { Database } from '../platform/database.ts';

export interface StoredMail extends Recipient {
  id: number;
  revision: number;
  state: 'queued' | 'sent' | 'failed';
  attempts: number;
  error: string | null;
  changedAt: Date;
  nextAt: Date;
}

export interface MailedReport {
  agreement: string;
  period: string;
  revision: number;
}

/** Mails about frozen reports, each with how far it is. */
@Injectable()
export class ReportMailsRepository {
  constructor(readonly database: Database) {}

  /** Those that are there already stay as they are. */
  async add(reportId: number, recipients: readonly Recipient[]): Promise<void> {
    await this.database.query(
      `insert into mails (report_id, party, recipient)
       select $1, party, address from jsonb_to_recordset($2) as r(party text, address text)
       on conflict do nothing`,
      [reportId, JSON.stringify(recipients)],
    );
  }

  /** Of all revisions of a period, the newest first. */
  of(agreementId: number, period: string): Promise<StoredMail[]> {
    return this.database.query(
      `select m.id, party, recipient as address, revision, state, attempts, error, changed_at as "changedAt",
         next_at as "nextAt"
       from mails m join reports r on r.id = report_id
       where agreement_id = $1 and period = $2 order by revision desc, party desc, recipient`,
      [agreementId, period],
    );
  }

  /** The report that mails are about. */
  async subject(reportId: number): Promise<MailedReport> {
    const [row] = await this.database.query<MailedReport>(
      `select a.key as agreement, r.period, r.revision from reports r join agreements a on a.id = r.agreement_id
       where r.id = $1`,
      [reportId],
    );
    return row!;
  }

  /** Those of a period that failed are tried anew; answers how many. */
  async again(agreementId: number, period: string): Promise<number> {
    const rows = await this.database.query(
      `with anew as (
         update mails set state = 'queued', next_at = now(), changed_at = now()
         where state = 'failed' and report_id in (select id from reports where agreement_id = $1 and period = $2)
         returning 1)
       select * from anew`,
      [agreementId, period],
    );
    return rows.length;
  }
}
