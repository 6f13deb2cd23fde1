import { Injectable } from '@nestjs/common';
import type { Side } from '../contract/agreement-life.ts';
import { Database } from '../platform/database.ts';

/** A party that says that everything of a period is in. */
export interface StoredClosing {
  agreementId: number;
  period: string;
  party: Side;
  user: string;
  name: string;
  at: Date;
}

@Injectable()
export class ReportClosingsRepository {
  constructor(readonly database: Database) {}

  /** Of these agreements and any of their periods, the first word first. */
  find(agreementIds: readonly number[]): Promise<StoredClosing[]> {
    return this.database.query(
      `select agreement_id as "agreementId", period, party, by_user as user, by_name as name, at
       from report_closings where agreement_id = any($1) order by at, party`,
      [agreementIds],
    );
  }

  async add(agreementId: number, period: string, party: Side, by: { user: string; name: string }): Promise<void> {
    await this.database.query(
      'insert into report_closings (agreement_id, period, party, by_user, by_name) values ($1, $2, $3, $4, $5)',
      [agreementId, period, party, by.user, by.name],
    );
  }

  async remove(agreementId: number, period: string, party: Side): Promise<void> {
    await this.database.query('delete from report_closings where agreement_id = $1 and period = $2 and party = $3', [
      agreementId,
      period,
      party,
    ]);
  }
}
