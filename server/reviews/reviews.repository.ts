import { Injectable } from '@nestjs/common';
import type { Side } from '../contract/agreement-life.ts';
import type { CorrectionDecider } from '../contract/corrections.ts';
import { Database } from '../platform/database.ts';

interface Person {
  user: string;
  name: string;
}

export interface StoredComment {
  id: number;
  period: string;
  party: CorrectionDecider;
  by: string;
  at: Date;
  text: string;
  clause: string | null;
}

export interface StoredSignature {
  party: Side;
  revision: number;
  by: string;
  at: Date;
}

/** The newest closed period of an agreement. */
export interface NewestPeriod {
  agreementId: number;
  period: string;
  revision: number;
  frozenAt: Date;
  /** The parties that signed it off. */
  signed: Side[];
}

const comment = `id, period, party, by_name as by, at, text, clause`;

/** What the parties said of closed periods, and which they signed off. */
@Injectable()
export class ReviewsRepository {
  constructor(readonly database: Database) {}

  comments(agreementId: number, period: string): Promise<StoredComment[]> {
    return this.database.query(
      `select ${comment} from review_comments where agreement_id = $1 and period = $2 order by id`,
      [agreementId, period],
    );
  }

  /** Those about clauses, of any period, made since an instant. */
  clauseComments(agreementId: number, since: Date | null): Promise<StoredComment[]> {
    return this.database.query(
      `select ${comment} from review_comments
       where agreement_id = $1 and clause is not null and ($2::timestamptz is null or at > $2) order by id`,
      [agreementId, since],
    );
  }

  async addComment(
    agreementId: number,
    { period, party, text, clause }: Pick<StoredComment, 'period' | 'party' | 'text' | 'clause'>,
    by: Person,
  ): Promise<void> {
    await this.database.query(
      `insert into review_comments (agreement_id, period, party, by_user, by_name, text, clause)
       values ($1, $2, $3, $4, $5, $6, $7)`,
      [agreementId, period, party, by.user, by.name, text, clause],
    );
  }

  signatures(agreementId: number, period: string): Promise<StoredSignature[]> {
    return this.database.query(
      `select party, revision, by_name as by, at from review_signatures
       where agreement_id = $1 and period = $2 order by id`,
      [agreementId, period],
    );
  }

  /** Answers whether it was not signed for the party before. */
  async sign(
    agreementId: number,
    { period, revision, hash, party }: { period: string; revision: number; hash: string; party: Side },
    by: Person,
  ): Promise<boolean> {
    const rows = await this.database.query(
      `with added as (insert into review_signatures (agreement_id, period, revision, hash, party, by_user, by_name)
         values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing returning id) select id from added`,
      [agreementId, period, revision, hash, party, by.user, by.name],
    );
    return rows.length > 0;
  }

  /** The newest frozen period of each agreement, with the parties that signed off its newest revision. */
  newestPeriods(agreementIds: readonly number[]): Promise<NewestPeriod[]> {
    return this.database.query(
      `select n.agreement_id as "agreementId", n.period, n.revision, n.frozen_at as "frozenAt", coalesce(array_agg(s.party) filter (where s.party is not null),
         '{}') as signed
       from unnest($1::int[]) as wanted(id)
       cross join lateral (
         select agreement_id, period, revision, frozen_at from reports where agreement_id = wanted.id
         order by from_ms desc, revision desc limit 1) n
       left join review_signatures s on s.agreement_id = n.agreement_id and s.period = n.period
         and s.revision = n.revision
       group by n.agreement_id, n.period, n.revision, n.frozen_at`,
      [agreementIds],
    );
  }
}
