import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database.ts';
import { exhaustedMs } from './evaluation-pace.ts';
import type { Course, RunningFigure } from './running-course.ts';
import type { RunningAgreement } from './running-evaluation.service.ts';
import type { ToldAgreement } from './told-agreement.ts';

/** How far what is known of an agreement can be relied on at an instant. */
export interface RunningHead {
  readonly id: number;
  readonly key: string;
  /** Another one for every evaluation; 0 where it was never evaluated, as are the instants. */
  readonly revision: number;
  /** Something that it rests on has changed since it was evaluated. */
  readonly isDoubtful: boolean;
  /** It is in doubt, but was evaluated so often of late that it is told as of its last evaluation. */
  readonly isHeld: boolean;
  readonly evaluatedMs: number;
  readonly refreshMs: number;
  /** What the limit of evaluations answered last. */
  readonly dueMs: number;
  /** Those that were told last; null where it was never evaluated. */
  readonly verdicts: string | null;
}

/** An agreement with its figures of that instant; where it is held, of that of its evaluation. */
export interface StoredRunning extends RunningHead {
  /** Null where it was never evaluated. */
  readonly told: ToldAgreement | null;
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

const headColumns = `a.id, a.key, r.verdicts, coalesce(r.revision, 0) as revision, coalesce(r.refresh_ms, 0) as "refreshMs",
    coalesce(r.evaluated_ms, 0) as "evaluatedMs", coalesce(r.due_ms, 0) as "dueMs",
    doubt."isDoubtful", held."isHeld"`;
/** As they stand at an instant `$1`, of the agreements of keys `$2` or of all. */
const asked = (which: string): string => `
  from agreements a
    left join running_agreements r on r.agreement_id = a.id
    cross join (
      select $1::bigint as now_ms, coalesce(array_agg(distinct subject), '{}') as subjects from figure_marks) as marked
    cross join lateral (
      select r.agreement_id is null or r.doubtful or r.rests_on && marked.subjects as "isDoubtful") as doubt
    cross join lateral (
      select doubt."isDoubtful" and coalesce(r.due_ms, 0) > marked.now_ms + ${exhaustedMs} as "isHeld") as held
  where a.deleted_at is null and ${which} and ($3::text is null or a.key collate "C" > $3)
  order by a.key collate "C" limit $4`;

const ofAny = '($2::text[] is null or a.key = any($2))';
/** A statement of its own has a plan of its own: that of one agreement looks it up. */
const headsSelect = (keys: RunningAsk['keys']): string =>
  `select ${headColumns} ${asked(keys ? 'a.key = any($2)' : ofAny)}`;
export const runningSelect = `
  select ${headColumns}, r.told,
    (select json_agg(json_build_array(f.part, f.place, f.from_ms, f.until_ms, f.course) order by f.part, f.place)
     from running_figures f cross join (select case when held."isHeld" then r.evaluated_ms else marked.now_ms end) as i (at_ms)
     where f.agreement_id = a.id and f.from_ms <= i.at_ms and f.until_ms > i.at_ms) as figures
  ${asked(ofAny)}`;

const parametersOf = (nowMs: number, { keys, after, most }: RunningAsk) => [
  nowMs,
  keys ?? null,
  after ?? null,
  most ?? null,
];

@Injectable()
export class RunningFiguresRepository {
  constructor(readonly database: Database) {}

  heads(nowMs: number, ask: RunningAsk): Promise<RunningHead[]> {
    return this.database.prepared(headsSelect(ask.keys), parametersOf(nowMs, ask));
  }

  async find(nowMs: number, ask: RunningAsk): Promise<StoredRunning[]> {
    const rows = await this.database.query<Row>(runningSelect, parametersOf(nowMs, ask));
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
       where a.deleted_at is null and a.key <> all($2)
         and (r.agreement_id is null or (r.doubtful and r.due_ms <= $1::bigint + ${exhaustedMs})
           or (not r.doubtful and r.refresh_ms <= $1::bigint))
       order by coalesce(r.doubtful, true) desc, r.refresh_ms limit $3`,
      [nowMs, except, most],
    );
    return rows.map(({ key }) => key);
  }

  /** When the next agreement is to be evaluated, if nothing happens; null without any. */
  async nextDueMs(): Promise<number | null> {
    const [row] = await this.database.query<{ next: number | null }>(
      `select min(case when r.doubtful then r.due_ms - ${exhaustedMs} else r.refresh_ms end) as next
       from running_agreements r join agreements a on a.id = r.agreement_id and a.deleted_at is null`,
    );
    return row?.next ?? null;
  }

  /** Replaces what is known of an agreement; answers the revision. */
  async write(
    id: number,
    { told, figures, restsOn, refreshMs }: RunningAgreement,
    { evaluatedMs, dueMs, verdicts }: Pick<RunningHead, 'evaluatedMs' | 'dueMs' | 'verdicts'>,
  ): Promise<number> {
    const [row] = await this.database.query<{ revision: number }>(
      `insert into running_agreements (agreement_id, told, rests_on, refresh_ms, evaluated_ms, due_ms, verdicts)
       values ($1, $2, $3, $4, $5, $6, $7)
       on conflict (agreement_id) do update set revision = excluded.revision, told = excluded.told,
         rests_on = excluded.rests_on, doubtful = false, refresh_ms = excluded.refresh_ms,
         evaluated_ms = excluded.evaluated_ms, due_ms = excluded.due_ms, verdicts = excluded.verdicts
       returning revision`,
      [id, JSON.stringify(told), restsOn, refreshMs, evaluatedMs, dueMs, verdicts],
    );
    await this.database.query(`delete from running_figures where agreement_id = $1`, [id]);
    await this.database.query(
      `insert into running_figures (agreement_id, part, place, from_ms, until_ms, course)
       select $1, part, place, "fromMs", "untilMs", course
       from json_to_recordset($2) as f(part smallint, place smallint, "fromMs" bigint, "untilMs" bigint, course json)`,
      [id, JSON.stringify(figures)],
    );
    return row!.revision;
  }

  /**
   * Keeps verdicts that time alone has changed, of agreements that were not evaluated since they were read; answers the ids
   * of those whose were others.
   */
  async noteVerdicts(told: readonly Pick<RunningHead, 'id' | 'revision' | 'verdicts'>[]): Promise<number[]> {
    const rows = await this.database.query<{ id: number }>(
      `with noted as (
         update running_agreements r set verdicts = n.verdicts
         from unnest($1::int[], $2::text[], $3::bigint[]) as n (id, verdicts, revision)
         where r.agreement_id = n.id and r.verdicts <> n.verdicts and r.revision = n.revision and not r.doubtful
         returning r.agreement_id as id)
       select id from noted`,
      [told.map(({ id }) => id), told.map(({ verdicts }) => verdicts), told.map(({ revision }) => revision)],
    );
    return rows.map(({ id }) => id);
  }
}
