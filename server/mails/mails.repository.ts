import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database.ts';

/** What a mail can be about. */
export type MailKind = 'report' | 'reminder';

/** A mail that is somebody's to send. */
export interface ClaimedMail {
  kind: MailKind;
  subjectId: number;
  address: string;
  attempts: number;
  /** It must not be sent twice, whatever happens. */
  isOnce: boolean;
}

/** One that is kept from being sent twice is never due again once it may have been. */
const isCertain = `not (is_once and handed_at is not null)`;

/** The outbox: mails, each with how far it is. */
@Injectable()
export class MailsRepository {
  constructor(readonly database: Database) {}

  /** Those to be sent now, with how often each was tried. */
  due(most: number): Promise<{ id: number; attempts: number }[]> {
    return this.database.query(
      `select id, attempts from mails
       where state = 'queued' and next_at <= now() and ${isCertain} and (busy_until is null or busy_until < now())
       order by next_at limit $1`,
      [most],
    );
  }

  /** Takes one over for an attempt; undefined where another has it, or it was tried since. */
  async claim(id: number, attempts: number): Promise<ClaimedMail | undefined> {
    const [row] = await this.database.query<ClaimedMail>(
      `with claimed as (
         update mails set attempts = attempts + 1, busy_until = now() + interval '5 minutes'
         where id = $1 and attempts = $2 and state = 'queued' and ${isCertain}
           and (busy_until is null or busy_until < now())
         returning report_id, reminder_id, recipient, attempts, is_once)
       select case when report_id is null then 'reminder' else 'report' end as kind,
         coalesce(report_id, reminder_id) as "subjectId", recipient as address, attempts,
         is_once as "isOnce"
       from claimed`,
      [id, attempts],
    );
    return row;
  }

  /** From now on the mail server may have it. */
  async handed(id: number): Promise<void> {
    await this.database.query('update mails set handed_at = now() where id = $1', [id]);
  }

  async sent(id: number): Promise<void> {
    await this.database.query(
      `update mails set state = 'sent', error = null, busy_until = null, changed_at = now() where id = $1`,
      [id],
    );
  }

  /** There is no need of it any more. */
  async dropped(id: number): Promise<void> {
    await this.database.query(
      `update mails set state = 'dropped', error = null, busy_until = null, changed_at = now() where id = $1`,
      [id],
    );
  }

  /** What was said, and after how long it is tried again; null: never. */
  async refused(id: number, error: string, againInMs: number | null): Promise<void> {
    await this.database.query(
      `update mails set error = $2, busy_until = null, handed_at = null, changed_at = now(),
         state = case when $3::bigint is null then 'failed' else 'queued' end,
         next_at = now() + coalesce($3::bigint, 0) * interval '1 millisecond'
       where id = $1`,
      [id, error, againInMs],
    );
  }

  /** Gives up those that may have been sent, by a server that was killed meanwhile, and must not be sent twice. */
  async giveUpUncertain(): Promise<void> {
    await this.database.query(
      `update mails set state = 'failed', busy_until = null, changed_at = now(),
         error = 'Troth was stopped while it was sent: it may have arrived, and is not sent twice'
       where state = 'queued' and busy_until < now() and not (${isCertain})`,
    );
  }

  /** How many of the last week failed, and how many should have been sent long ago. */
  async troubles(): Promise<{ failed: number; overdue: number }> {
    const [row] = await this.database.query<{ failed: number; overdue: number }>(
      `select
         (select count(*)::int from mails
          where state = 'failed' and changed_at > now() - interval '7 days') as failed,
         (select count(*)::int from mails
          where state = 'queued' and greatest(next_at, busy_until) < now() - interval '15 minutes') as overdue`,
    );
    return row!;
  }
}
