import { Injectable } from '@nestjs/common';
import type { ReportGist } from '../contract/reports.ts';
import { Database } from '../platform/database.ts';

/** What is known of a report without its content. */
export interface ReportStamp {
  sequence: number;
  period: string;
  fromMs: number;
  toMs: number;
  revision: number;
  gist: ReportGist;
  previousHash: string | null;
  hash: string;
  frozenAt: Date;
}

export interface StoredReport extends ReportStamp {
  /** Canonical JSON. */
  content: string;
}

export type NewReport = Omit<StoredReport, 'frozenAt'>;

/** Which periods of an agreement are frozen. */
export interface FrozenPeriods {
  labels: ReadonlySet<string>;
  /** Where the last one ends; null where there is none. */
  lastToMs: number | null;
}

/** A period by the key of its agreement and its label. */
export interface FrozenPeriod {
  agreement: string;
  period: string;
}

/** By period and key of the promise: its target in percent, null of what promises no share; of several versions the last. */
export type PeriodTargets = ReadonlyMap<string, Readonly<Record<string, string | null>>>;

/** A frozen period that rests on something that has changed since. */
export interface Doubt extends FrozenPeriod {
  reason: string;
}

const stamp = `sequence, period, from_ms as "fromMs", to_ms as "toMs", revision, gist, previous_hash as "previousHash",
  hash, frozen_at as "frozenAt"`;
/** One freezes, or some import into what is not frozen: never both at a time. */
const lock = 7_217_093;

@Injectable()
export class ReportsRepository {
  constructor(readonly database: Database) {}

  /** Until the transaction ends, nobody else freezes, and nobody replaces history. */
  async holdAlone(): Promise<void> {
    await this.database.query(`select pg_advisory_xact_lock(${lock})`);
  }

  /** Until the transaction ends, nothing is frozen. */
  async holdOff(): Promise<void> {
    await this.database.query(`select pg_advisory_xact_lock_shared(${lock})`);
  }

  /** The newest report in the chain of an agreement. */
  async head(agreementId: number): Promise<Pick<ReportStamp, 'sequence' | 'hash'> | null> {
    const [row] = await this.database.query<Pick<ReportStamp, 'sequence' | 'hash'>>(
      `select sequence, hash from reports where agreement_id = $1 order by sequence desc limit 1`,
      [agreementId],
    );
    return row ?? null;
  }

  /** A revision of a period, or its newest. */
  async find(agreementId: number, period: string, revision: number | null): Promise<StoredReport | null> {
    const [row] = await this.database.query<StoredReport>(
      `select ${stamp}, content from reports
       where agreement_id = $1 and period = $2 and ($3::int is null or revision = $3)
       order by revision desc limit 1`,
      [agreementId, period, revision],
    );
    return row ?? null;
  }

  /** Every revision of a period, the newest first, with the reason that its content gives. */
  revisions(agreementId: number, period: string): Promise<(ReportStamp & { reason: string | null })[]> {
    return this.database.query(
      `select ${stamp}, content::json ->> 'reason' as reason from reports
       where agreement_id = $1 and period = $2 order by revision desc`,
      [agreementId, period],
    );
  }

  /** The newest revisions of the periods that began before an instant, the latest period first. */
  page(agreementId: number, beforeMs: number | null, most: number): Promise<ReportStamp[]> {
    return this.database.query(
      `select distinct on (from_ms, period) ${stamp} from reports
       where agreement_id = $1 and ($2::bigint is null or from_ms < $2)
       order by from_ms desc, period, revision desc limit $3`,
      [agreementId, beforeMs, most],
    );
  }

  /** The targets of the newest revisions of periods. */
  async targets(agreementId: number, periods: readonly string[]): Promise<PeriodTargets> {
    const rows = await this.database.query<{ period: string; targets: Record<string, string | null> }>(
      `with newest as (
         select distinct on (period) period, content::jsonb -> 'parts' as parts from reports
         where agreement_id = $1 and period = any($2) order by period, revision desc)
       select period, jsonb_object_agg(result ->> 'key', result ->> 'target' order by place) as targets
       from newest, jsonb_path_query(parts, '$[*].objectives[*].result') with ordinality as found(result, place)
       group by period`,
      [agreementId, periods],
    );
    return new Map(rows.map(({ period, targets }) => [period, targets]));
  }

  /** The chain of an agreement in its order, after a place in it. */
  chain(agreementId: number, afterSequence: number, most: number): Promise<StoredReport[]> {
    return this.database.query(
      `select ${stamp}, content from reports where agreement_id = $1 and sequence > $2 order by sequence limit $3`,
      [agreementId, afterSequence, most],
    );
  }

  /** Which periods are frozen, by id of the agreement: of one, or of all that have any. */
  async frozen(agreementId: number | null = null): Promise<Map<number, FrozenPeriods>> {
    const rows = await this.database.query<{ id: number; labels: string[]; lastToMs: number }>(
      `select agreement_id as id, array_agg(distinct period) as labels, max(to_ms) as "lastToMs"
       from reports where $1::int is null or agreement_id = $1 group by agreement_id`,
      [agreementId],
    );
    return new Map(rows.map(({ id, labels, lastToMs }) => [id, { labels: new Set(labels), lastToMs }]));
  }

  /** Frozen periods that share time with a span, in order of agreement and time. */
  touching(fromMs: number, toMs: number): Promise<FrozenPeriod[]> {
    return this.database.query(
      `select distinct a.key as agreement, r.period, r.from_ms from reports r join agreements a on a.id = r.agreement_id
       where a.deleted_at is null and int8range(r.from_ms, r.to_ms) && int8range($1, $2)
       order by a.key, r.from_ms`,
      [fromMs, toMs],
    );
  }

  /** Notes that frozen periods rest on something that has changed; the first reason stays. */
  async doubt(periods: readonly FrozenPeriod[], reason: string): Promise<void> {
    await this.database.query(
      `insert into reports_in_doubt (agreement_id, period, reason)
       select a.id, r.period, $2 from jsonb_to_recordset($1) as r(agreement text, period text)
       join agreements a on a.key = r.agreement and a.deleted_at is null
       on conflict do nothing`,
      [JSON.stringify(periods), reason],
    );
  }

  /** Notes the same of every frozen period of an agreement from an instant on. */
  async doubtLater(agreementId: number, fromMs: number, reason: string): Promise<void> {
    await this.database.query(
      `insert into reports_in_doubt (agreement_id, period, reason)
       select distinct agreement_id, period, $3 from reports where agreement_id = $1 and from_ms >= $2
       on conflict do nothing`,
      [agreementId, fromMs, reason],
    );
  }

  /** In order of agreement and time. */
  doubts(): Promise<Doubt[]> {
    return this.database.query(
      `select a.key as agreement, d.period, d.reason
       from reports_in_doubt d join agreements a on a.id = d.agreement_id where a.deleted_at is null
       order by a.key, (select min(from_ms) from reports r where r.agreement_id = d.agreement_id and r.period = d.period)`,
    );
  }

  /** Answers whether it was in doubt. */
  async settle(agreementId: number, period: string): Promise<boolean> {
    const settled = await this.database.query(
      `with settled as (delete from reports_in_doubt where agreement_id = $1 and period = $2 returning period)
       select period from settled`,
      [agreementId, period],
    );
    return settled.length > 0;
  }

  /** Answers its id. */
  async insert(agreementId: number, report: NewReport): Promise<number> {
    const { sequence, period, fromMs, toMs, revision, content, gist, previousHash, hash } = report;
    const [row] = await this.database.query<{ id: number }>(
      `with added as (
         insert into reports (agreement_id, sequence, period, from_ms, to_ms, revision, content, gist, previous_hash, hash)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) returning id)
       select id from added`,
      [agreementId, sequence, period, fromMs, toMs, revision, content, JSON.stringify(gist), previousHash, hash],
    );
    return row!.id;
  }
}
