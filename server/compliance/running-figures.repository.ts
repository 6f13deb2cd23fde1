import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database.ts';
import type { Course, RunningFigure, ToldAgreement } from './running-course.ts';
import type { RunningAgreement } from './running-evaluation.service.ts';

/** An agreement with its figures of an instant. */
export interface StoredRunning {
  readonly id: number;
  readonly key: string;
  /** Null where it was never evaluated. */
  readonly told: ToldAgreement | null;
  /** Something that it rests on has changed since it was evaluated. */
  readonly isDoubtful: boolean;
  readonly refreshMs: number;
  /** Those that were told last; null where it was never evaluated. */
  readonly verdicts: string | null;
  /** One of each objective, in order; where one is missing its stretches have run out. */
  readonly figures: readonly RunningFigure[];
}

interface Row extends Omit<StoredRunning, 'figures'> {
  figures: [part: number, place: number, fromMs: number, untilMs: number, course: Course][] | null;
}

/** Which agreements are asked for, in order of key. */
export interface RunningAsk {
  readonly keys?: readonly string[] | undefined;
  readonly after?: string | undefined;
  readonly most?: number | undefined;
}

/** Told at every commit that makes figures doubtful. */
export const figuresChannel = 'troth_figures';
/** Marks are taken while nobody evaluates, so that none is taken behind the back of an evaluation. */
const marksLock = 7_217_095;
/** Together with the hash of its key: one evaluation of an agreement at a time. */
const agreementLock = 7_217_096;

/** As they stand at an instant `$1`, of the agreements of keys `$2` or of all. */
export const runningSelect = `
  select a.id, a.key, r.told, r.verdicts, coalesce(r.refresh_ms, 0) as "refreshMs",
    r.agreement_id is null or r.doubtful or r.rests_on && marked.subjects as "isDoubtful",
    (select json_agg(json_build_array(f.part, f.place, f.from_ms, f.until_ms, f.course) order by f.part, f.place)
     from running_figures f
     where f.agreement_id = a.id and f.from_ms <= $1 and f.until_ms > $1) as figures
  from agreements a
    left join running_agreements r on r.agreement_id = a.id
    cross join (select coalesce(array_agg(distinct subject), '{}') as subjects from figure_marks) as marked
  where a.deleted_at is null and ($2::text[] is null or a.key = any($2)) and ($3::text is null or a.key collate "C" > $3)
  order by a.key collate "C" limit $4`;

@Injectable()
export class RunningFiguresRepository {
  constructor(readonly database: Database) {}

  async find(nowMs: number, { keys, after, most }: RunningAsk): Promise<StoredRunning[]> {
    const rows = await this.database.query<Row>(runningSelect, [nowMs, keys ?? null, after ?? null, most ?? null]);
    return rows.map(({ figures, ...row }) => ({
      ...row,
      figures: (figures ?? []).map(([part, place, fromMs, untilMs, course]) => ({
        ...{ part, place, fromMs, untilMs, course },
      })),
    }));
  }

  /** Marks what has changed, as the last thing in the transaction that changes it. */
  async mark(subjects: readonly string[]): Promise<void> {
    await this.database.query(`insert into figure_marks (subject) select unnest($1::text[])`, [subjects]);
    await this.database.notify(figuresChannel);
  }

  /** Until the transaction ends, nobody takes marks. */
  async holdMarks(): Promise<void> {
    await this.database.query(`select pg_advisory_xact_lock_shared(${marksLock})`);
  }

  /** Until the transaction ends, nobody else evaluates this agreement. */
  async holdAlone(key: string): Promise<void> {
    await this.database.query(`select pg_advisory_xact_lock(${agreementLock}, hashtext($1))`, [key]);
  }

  /** Turns marks into doubts about what rests on them. */
  async takeMarks(): Promise<void> {
    await this.database.transaction(async () => {
      await this.database.query(`select pg_advisory_xact_lock(${marksLock})`);
      await this.database.query(
        `with taken as (delete from figure_marks returning subject),
           marked as (select coalesce(array_agg(distinct subject), '{}') as subjects from taken)
         update running_agreements r set doubtful = true from marked where r.rests_on && marked.subjects`,
      );
    });
  }

  /** Keys of the agreements that are to be evaluated, those that are in doubt first. */
  async due(nowMs: number, except: readonly string[], most: number): Promise<string[]> {
    const rows = await this.database.query<{ key: string }>(
      `select a.key from agreements a left join running_agreements r on r.agreement_id = a.id
       where a.deleted_at is null and a.key <> all($2) and (r.agreement_id is null or r.doubtful or r.refresh_ms <= $1)
       order by coalesce(r.doubtful, true) desc, r.refresh_ms limit $3`,
      [nowMs, except, most],
    );
    return rows.map(({ key }) => key);
  }

  /** When the next agreement is to be evaluated, if nothing happens; null without any. */
  async nextDueMs(): Promise<number | null> {
    const [row] = await this.database.query<{ next: number | null }>(
      `select min(r.refresh_ms) as next from running_agreements r
       join agreements a on a.id = r.agreement_id and a.deleted_at is null`,
    );
    return row?.next ?? null;
  }

  /** Replaces what is known of an agreement. */
  async write(id: number, running: RunningAgreement, verdicts: string): Promise<void> {
    const { told, figures, restsOn, refreshMs } = running;
    await this.database.query(
      `insert into running_agreements (agreement_id, told, rests_on, refresh_ms, verdicts) values ($1, $2, $3, $4, $5)
       on conflict (agreement_id) do update set told = excluded.told, rests_on = excluded.rests_on, doubtful = false,
         refresh_ms = excluded.refresh_ms, verdicts = excluded.verdicts`,
      [id, JSON.stringify(told), restsOn, refreshMs, verdicts],
    );
    await this.database.query(`delete from running_figures where agreement_id = $1`, [id]);
    await this.database.query(
      `insert into running_figures (agreement_id, part, place, from_ms, until_ms, course)
       select $1, part, place, "fromMs", "untilMs", course
       from json_to_recordset($2) as f(part smallint, place smallint, "fromMs" bigint, "untilMs" bigint, course json)`,
      [id, JSON.stringify(figures)],
    );
  }

  /**
   * Keeps verdicts that time alone has changed, of agreements that were not evaluated since they were read; answers the ids
   * of those whose were others.
   */
  async noteVerdicts(told: readonly Pick<StoredRunning, 'id' | 'refreshMs' | 'verdicts'>[]): Promise<number[]> {
    const rows = await this.database.query<{ id: number }>(
      `with noted as (
         update running_agreements r set verdicts = n.verdicts
         from unnest($1::int[], $2::text[], $3::bigint[]) as n (id, verdicts, refresh_ms)
         where r.agreement_id = n.id and r.verdicts <> n.verdicts and r.refresh_ms = n.refresh_ms and not r.doubtful
         returning r.agreement_id as id)
       select id from noted`,
      [told.map(({ id }) => id), told.map(({ verdicts }) => verdicts), told.map(({ refreshMs }) => refreshMs)],
    );
    return rows.map(({ id }) => id);
  }
}
