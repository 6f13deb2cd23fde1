import { Injectable } from '@nestjs/common';
import type { ClauseComment, LifeAct, Side } from '../contract/agreement-life.ts';
import { Database } from '../platform/database.ts';
import type { VersionState } from './agreements.repository.ts';
import type { AgreementSnapshot } from './snapshot.ts';

export interface Person {
  user: string;
  name: string;
}

export interface StoredAct {
  versionId: number;
  act: LifeAct['act'];
  party: Side;
  by: Person;
  at: Date;
  reason: string;
  comments: ClauseComment[];
}

export interface StoredSignature {
  versionId: number;
  party: Side;
  /** Of the signatory who is named. */
  email: string;
  by: Person;
  isDelegate: boolean;
  at: Date;
  hash: string;
  attachmentId: number | null;
}

export interface StoredAttachment {
  id: number;
  versionId: number;
  party: Side;
  name: string;
  bytes: number;
  hash: string;
  by: Person;
  at: Date;
}

export interface StoredDelegate {
  id: number;
  party: Side;
  email: string;
  user: string;
  name: string;
  /** Local days; `to` is the first on which it no longer may. */
  from: string;
  to: string;
}

export interface NewProposal {
  agreementId: number;
  number: number;
  document: unknown;
  snapshot: AgreementSnapshot;
  hash: string;
  effectiveFrom: string;
  effectiveTo: string | null;
}

const by = `json_build_object('user', by_user, 'name', by_name) as by`;

/** What was done with versions of agreements, and by whom. */
@Injectable()
export class AgreementLifeRepository {
  constructor(readonly database: Database) {}

  async addProposal(version: NewProposal): Promise<number> {
    const [row] = await this.database.query<{ id: number }>(
      `with added as (insert into agreement_versions
         (agreement_id, number, state, document, snapshot, hash, effective_from, effective_to)
         values ($1, $2, 'proposed', $3, $4, $5, $6, $7) returning id) select id from added`,
      [
        ...[version.agreementId, version.number, JSON.stringify(version.document), JSON.stringify(version.snapshot)],
        ...[version.hash, version.effectiveFrom, version.effectiveTo],
      ],
    );
    return row!.id;
  }

  async setState(versionId: number, state: VersionState): Promise<void> {
    await this.database.query('update agreement_versions set state = $2 where id = $1', [versionId, state]);
  }

  async addAct({ versionId, act, party, by: actor, reason, comments }: Omit<StoredAct, 'at'>): Promise<void> {
    await this.database.query(
      `insert into agreement_acts (version_id, act, party, by_user, by_name, reason, comments)
       values ($1, $2, $3, $4, $5, $6, $7)`,
      [versionId, act, party, actor.user, actor.name, reason, JSON.stringify(comments)],
    );
  }

  acts(versionIds: readonly number[]): Promise<StoredAct[]> {
    return this.database.query(
      `select version_id as "versionId", act, party, ${by}, at, reason, comments
       from agreement_acts where version_id = any($1) order by id`,
      [versionIds],
    );
  }

  async addSignatures(signatures: readonly Omit<StoredSignature, 'at'>[]): Promise<void> {
    await this.database.query(
      `insert into agreement_signatures (version_id, party, email, by_user, by_name, is_delegate, hash, attachment_id)
       select "versionId", party, email, by ->> 'user', by ->> 'name', "isDelegate", hash, "attachmentId"
       from json_to_recordset($1) as r("versionId" int, party text, email text, by json, "isDelegate" boolean,
         hash text, "attachmentId" int)`,
      [JSON.stringify(signatures)],
    );
  }

  signatures(versionIds: readonly number[]): Promise<StoredSignature[]> {
    return this.database.query(
      `select version_id as "versionId", party, email, ${by}, is_delegate as "isDelegate", at, hash,
         attachment_id as "attachmentId"
       from agreement_signatures where version_id = any($1) order by id`,
      [versionIds],
    );
  }

  async addAttachment(
    { versionId, party, name, hash, by: actor }: Pick<StoredAttachment, 'versionId' | 'party' | 'name' | 'hash' | 'by'>,
    content: Buffer,
  ): Promise<number> {
    const [row] = await this.database.query<{ id: number }>(
      `with added as (insert into agreement_attachments (version_id, party, name, content, hash, by_user, by_name)
         values ($1, $2, $3, $4, $5, $6, $7) returning id) select id from added`,
      [versionId, party, name, content, hash, actor.user, actor.name],
    );
    return row!.id;
  }

  attachments(versionIds: readonly number[]): Promise<StoredAttachment[]> {
    return this.database.query(
      `select id, version_id as "versionId", party, name, length(content) as bytes, hash, ${by}, at
       from agreement_attachments where version_id = any($1) order by id`,
      [versionIds],
    );
  }

  async attachment(versionIds: readonly number[], id: number): Promise<{ name: string; content: Buffer } | undefined> {
    const [row] = await this.database.query<{ name: string; content: Buffer }>(
      'select name, content from agreement_attachments where version_id = any($1) and id = $2',
      [versionIds, id],
    );
    return row;
  }

  delegates(agreementId: number): Promise<StoredDelegate[]> {
    return this.database.query(
      `select d.id, d.party, d.email, u.name as "user", u.display_name as name,
         d.from_day::text as "from", d.to_day::text as "to"
       from agreement_delegates d join users u on u.id = d.user_id
       where d.agreement_id = $1 and not u.disabled order by d.from_day, d.id`,
      [agreementId],
    );
  }

  /** Accounts that may sign in the place of signatories of these agreements, whatever the day. */
  standIns(
    agreementIds: readonly number[],
  ): Promise<(Omit<StoredDelegate, 'id' | 'name'> & { agreementId: number })[]> {
    return this.database.query(
      `select d.agreement_id as "agreementId", d.party, d.email, u.name as "user",
         d.from_day::text as "from", d.to_day::text as "to"
       from agreement_delegates d join users u on u.id = d.user_id
       where d.agreement_id = any($1) and not u.disabled`,
      [agreementIds],
    );
  }

  /** Answers whether there is such an account that may sign in. */
  async addDelegate(
    agreementId: number,
    { party, email, user, from, to }: Omit<StoredDelegate, 'id' | 'name'>,
    namedBy: string,
  ): Promise<boolean> {
    const rows = await this.database.query(
      `with added as (insert into agreement_delegates (agreement_id, party, email, user_id, from_day, to_day, named_by)
         select $1, $2, $3, u.id, $5, $6, $7 from users u where lower(u.name) = lower($4) and not u.disabled
         returning id) select id from added`,
      [agreementId, party, email, user, from, to, namedBy],
    );
    return rows.length > 0;
  }

  async removeDelegate(agreementId: number, id: number): Promise<void> {
    await this.database.query('delete from agreement_delegates where agreement_id = $1 and id = $2', [agreementId, id]);
  }

  async endVersion(versionId: number, on: string): Promise<void> {
    await this.database.query('update agreement_versions set effective_to = $2 where id = $1', [versionId, on]);
  }

  /** What holds has changed; the draft goes where it has become a version as it stands. */
  async holdsAnew(agreementId: number, { forgetsDraft }: { forgetsDraft: boolean }): Promise<void> {
    await this.database.query(
      'update agreements set updated_at = now(), draft = case when $2 then null else draft end where id = $1',
      [agreementId, forgetsDraft],
    );
  }
}
