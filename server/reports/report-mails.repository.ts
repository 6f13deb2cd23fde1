import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database.ts';
import type { Recipient } from './report-recipients.ts';

export interface StoredMail extends Recipient {
  id: number;
  revision: number;
  state: 'queued' | 'sent' | 'failed';
  attempts: number;
  error: string | null;
  changedAt: Date;
  nextAt: Date;
}

/** A mail that is somebody's to send. */
export interface ClaimedMail extends Recipient {
  agreement: string;
  period: string;
  revision: number;
  attempts: number;
}

/** Mails about frozen reports, each with how far it is. */
@Injectable()
export class ReportMailsRepository {
  constructor(readonly database: Database) {}

  /** Those that are there already stay as they are. */
  async add(reportId: number, recipients: readonly Recipient[]): Promise<void> {
    await this.database.query(
      `insert into report_mails (report_id, party, recipient)
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
       from report_mails m join reports r on r.id = report_id
       where agreement_id = $1 and period = $2 order by revision desc, party desc, recipient`,
      [agreementId, period],
    );
  }

  /** Those to be sent now, with how often each was tried. */
  due(most: number): Promise<{ id: number; attempts: number }[]> {
    return this.database.query(
      `select id, attempts from report_mails
       where state = 'queued' and next_at <= now() and (busy_until is null or busy_until < now())
       order by next_at limit $1`,
      [most],
    );
  }

  /** Takes one over for an attempt; undefined where another has it, or it was tried since. */
  async claim(id: number, attempts: number): Promise<ClaimedMail | undefined> {
    const [row] = await this.database.query<ClaimedMail>(
      `with claimed as (
         update report_mails set attempts = attempts + 1, busy_until = now() + interval '5 minutes'
         where id = $1 and attempts = $2 and state = 'queued' and (busy_until is null or busy_until < now())
         returning report_id, party, recipient, attempts)
       select c.party, c.recipient as address, c.attempts, r.period, r.revision, a.key as agreement
       from claimed c join reports r on r.id = c.report_id join agreements a on a.id = r.agreement_id`,
      [id, attempts],
    );
    return row;
  }

  async sent(id: number): Promise<void> {
    await this.database.query(
      `update report_mails set state = 'sent', error = null, busy_until = null, changed_at = now() where id = $1`,
      [id],
    );
  }

  /** What was said, and after how long it is tried again; null: never. */
  async refused(id: number, error: string, againInMs: number | null): Promise<void> {
    await this.database.query(
      `update report_mails set error = $2, busy_until = null, changed_at = now(),
         state = case when $3::bigint is null then 'failed' else 'queued' end,
         next_at = now() + coalesce($3::bigint, 0) * interval '1 millisecond'
       where id = $1`,
      [id, error, againInMs],
    );
  }

  /** Those of a period that failed are tried anew; answers how many. */
  async again(agreementId: number, period: string): Promise<number> {
    const rows = await this.database.query(
      `with anew as (
         update report_mails set state = 'queued', next_at = now(), changed_at = now()
         where state = 'failed' and report_id in (select id from reports where agreement_id = $1 and period = $2)
         returning 1)
       select * from anew`,
      [agreementId, period],
    );
    return rows.length;
  }

  /** How many of the last week failed, and how many should have been sent long ago. */
  async troubles(): Promise<{ failed: number; overdue: number }> {
    const [row] = await this.database.query<{ failed: number; overdue: number }>(
      `select
         (select count(*)::int from report_mails
          where state = 'failed' and changed_at > now() - interval '7 days') as failed,
         (select count(*)::int from report_mails
          where state = 'queued' and greatest(next_at, busy_until) < now() - interval '15 minutes') as overdue`,
    );
    return row!;
  }
}
