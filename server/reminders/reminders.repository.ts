import { Injectable } from '@nestjs/common';
import type { CorrectionDecider } from '../contract/corrections.ts';
import type { Reminder, ReminderKind, ReminderRule } from '../contract/reminders.ts';
import { Database } from '../platform/database.ts';
import type { OwedStep } from './owed-step.ts';

/** A step with the stated time that has come. */
export interface DueStep extends OwedStep {
  stage: number;
}

export interface StoredReminder {
  id: number;
  agreement: string;
  kind: ReminderKind;
  step: string;
  stage: number;
  party: CorrectionDecider;
  what: string;
  at: Date;
  mails: Reminder['mails'];
}

/** One server at a time reminds. */
const remindersLock = 7_217_123;

/** Who was reminded of what, and when people are. */
@Injectable()
export class RemindersRepository {
  constructor(readonly database: Database) {}

  /** Rules that somebody has set. */
  rules(): Promise<(ReminderRule & { kind: ReminderKind })[]> {
    return this.database.query(`select kind, is_on as "isOn", days from reminder_rules`);
  }

  async setRules(rules: readonly (ReminderRule & { kind: ReminderKind })[]): Promise<void> {
    await this.database.query(
      `insert into reminder_rules (kind, is_on, days)
       select kind, "isOn", array(select json_array_elements_text(days)::int)
       from json_to_recordset($1) as r(kind text, "isOn" boolean, days json)
       on conflict (kind) do update set is_on = excluded.is_on, days = excluded.days, changed_at = now()`,
      [JSON.stringify(rules)],
    );
  }

  /** Until the transaction ends, no other server reminds. */
  async holdAlone(): Promise<void> {
    await this.database.query(`select pg_advisory_xact_lock(${remindersLock})`);
  }

  /** Keeps those whose time has not been reminded of, nor a later one; answers them with their ids. */
  add(steps: readonly DueStep[]): Promise<{ id: number; agreementId: number; step: string }[]> {
    return this.database.query(
      `with added as (
         insert into reminders (agreement_id, kind, step, stage, party, what)
         select "agreementId", kind, step, stage, party, what
         from json_to_recordset($1)
           as r("agreementId" int, kind text, step text, stage int, party text, what text)
         where not exists (select 1 from reminders k
           where k.agreement_id = r."agreementId" and k.step = r.step and k.stage >= r.stage)
         on conflict do nothing
         returning id, agreement_id, step)
       select id, agreement_id as "agreementId", step from added`,
      [JSON.stringify(steps)],
    );
  }

  /** Puts mails about reminders into the outbox; none of them is sent twice. */
  async mail(mails: readonly { reminderId: number; party: CorrectionDecider; address: string }[]): Promise<void> {
    await this.database.query(
      `insert into mails (reminder_id, party, recipient, is_once)
       select "reminderId", party, address, true
       from jsonb_to_recordset($1) as r("reminderId" int, party text, address text)
       on conflict do nothing`,
      [JSON.stringify(mails)],
    );
  }

  async find(id: number): Promise<Omit<StoredReminder, 'mails'>> {
    const [row] = await this.database.query<Omit<StoredReminder, 'mails'>>(
      `select r.id, a.key as agreement, r.kind, r.step, r.stage, r.party, r.what, r.at
       from reminders r join agreements a on a.id = r.agreement_id where r.id = $1`,
      [id],
    );
    return row!;
  }

  /** The newest first, those before an id. */
  page(before: number | null, most: number): Promise<StoredReminder[]> {
    return this.database.query(
      `select r.id, a.key as agreement, r.kind, r.step, r.stage, r.party, r.what, r.at,
         coalesce((
           select json_agg(json_build_object('address', m.recipient, 'state', m.state, 'error', m.error,
             'at', to_char(m.changed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) order by m.recipient)
           from mails m where m.reminder_id = r.id), '[]') as mails
       from reminders r join agreements a on a.id = r.agreement_id
       where a.deleted_at is null and ($1::int is null or r.id < $1)
       order by r.id desc limit $2`,
      [before, most],
    );
  }
}
