import { Injectable } from '@nestjs/common';
import type {
  ConsequenceActName,
  ConsequenceFilter,
  ConsequenceKind,
  ConsequenceState,
} from '../contract/consequences.ts';
import type { CorrectionDecider } from '../contract/corrections.ts';
import type { Side } from '../contract/agreement-life.ts';
import { Database } from '../platform/database.ts';
import type { Actor } from '../platform/request-context.ts';

type Person = Pick<Actor, 'kind' | 'name'>;

/** An entry before it is in the ledger. Amounts are cents. */
export interface NewConsequence {
  agreementId: number;
  period: string;
  fromMs: number;
  toMs: number;
  revision: number | null;
  kind: ConsequenceKind;
  place: string;
  objective: string | null;
  objectiveTitle: string | null;
  version: number | null;
  firstState: 'waiting' | 'proposed' | 'accepted';
  what: string;
  why: string;
  amountCents: number | null;
  bookedCents: number | null;
  yearCapCents: number | null;
  currency: string | null;
  percent: string | null;
  below: string | null;
  costFrom: string | null;
  costTo: string | null;
  party: Side | null;
  owner: string;
  dueOn: string | null;
  supersedes: number | null;
  proposer: Person;
  proposedMs: number;
  answerDueMs: number;
}

export interface StoredAct {
  act: ConsequenceActName;
  party: CorrectionDecider | null;
  by: string;
  atMs: number;
  reason: string;
  journal: string | null;
}

export interface StoredConsequence extends Omit<NewConsequence, 'proposer'> {
  id: number;
  agreement: string;
  state: ConsequenceState;
  isOpen: boolean;
  supersededBy: number | null;
  acts: StoredAct[];
}

export interface NewAct extends Omit<StoredAct, 'by'> {
  consequenceId: number;
  actor: Person;
  /** Of an action that is accepted or planned: who does it, and by when. */
  owner: string | null;
  dueOn: string | null;
}

/** What is open of an agreement in a state. */
export interface OpenTotal {
  agreement: string;
  state: 'proposed' | 'contested' | 'accepted';
  /** Null for actions. */
  currency: string | null;
  /** What is still to be transferred. */
  cents: number;
  count: number;
  /** The days by which actions are to be done. */
  dueOn: string[];
}

/** Where a page of the list ends. */
export interface ConsequencePlace {
  isOpen: boolean;
  id: number;
}

const selected = `
  select c.id, c.agreement_id as "agreementId", a.key as agreement, c.period, c.from_ms as "fromMs", c.to_ms as "toMs",
    c.revision, c.kind, c.place, c.objective, c.objective_title as "objectiveTitle", c.version,
    c.first_state as "firstState", c.what, c.why, c.amount_cents as "amountCents", c.booked_cents as "bookedCents",
    c.year_cap_cents as "yearCapCents", c.currency, c.percent, c.below, c.cost_from as "costFrom", c.cost_to as "costTo",
    c.party, s.owner, s.due_on::text as "dueOn", c.supersedes, c.proposed_ms as "proposedMs",
    c.answer_due_ms as "answerDueMs", s.state, s.is_open as "isOpen", n.id as "supersededBy",
    coalesce(x.acts, '[]') as acts
  from consequence_states s
  join consequences c on c.id = s.consequence_id
  join agreements a on a.id = c.agreement_id
  left join consequences n on n.supersedes = c.id
  left join lateral (
    select json_agg(json_build_object('act', act, 'party', party, 'by', actor, 'atMs', at_ms, 'reason', reason,
      'journal', journal) order by id) as acts
    from consequence_acts where consequence_id = c.id) x on true`;

/** An act and a new revision wait for each other: what one decided on is what the other finds. */
const held = 'for update of s';

const filtered = `
  ($1::int[] is null or s.agreement_id = any($1)) and ($2::text is null or s.state = $2)
  and ($3::boolean is null or s.is_open = $3) and ($4::text is null or c.kind = $4)
  and ($5::text is null or c.period = $5)`;

const columns = `agreement_id, period, from_ms, to_ms, revision, kind, place, objective, objective_title, version,
  first_state, what, why, amount_cents, booked_cents, year_cap_cents, currency, percent, below, cost_from, cost_to, party,
  owner, due_on, supersedes, proposer_kind, proposer, proposed_ms, answer_due_ms`;

@Injectable()
export class ConsequencesRepository {
  constructor(readonly database: Database) {}

  async find(id: number): Promise<StoredConsequence | null> {
    const [row] = await this.database.query<StoredConsequence>(`${selected} where c.id = $1`, [id]);
    return row ?? null;
  }

  /** Until the transaction ends, nobody else does anything with it. */
  async hold(id: number): Promise<StoredConsequence | null> {
    const [row] = await this.database.query<StoredConsequence>(`${selected} where c.id = $1 ${held}`, [id]);
    return row ?? null;
  }

  /** Open ones first, then the newest: of some agreements, or of all. */
  page(
    agreementIds: readonly number[] | null,
    filter: Omit<ConsequenceFilter, 'agreement'>,
    after: ConsequencePlace | null,
    most: number,
  ): Promise<StoredConsequence[]> {
    return this.database.query(
      `${selected} where ${filtered}
         and ($6::boolean is null or (s.is_open, s.consequence_id) < ($6, $7::int))
       order by s.is_open desc, s.consequence_id desc limit $8`,
      [...conditions(agreementIds, filter), after?.isOpen ?? null, after?.id ?? null, most],
    );
  }

  /** In order of time, for a file. */
  all(
    agreementIds: readonly number[] | null,
    filter: Omit<ConsequenceFilter, 'agreement'>,
  ): Promise<StoredConsequence[]> {
    return this.database.query(
      `${selected} where ${filtered} order by a.key, c.from_ms, c.id`,
      conditions(agreementIds, filter),
    );
  }

  /** What is open and no longer waits for something else, by agreement, state and currency. */
  totals(agreementIds: readonly number[] | null): Promise<OpenTotal[]> {
    return this.database.query(
      `select a.key as agreement, s.state, c.currency, coalesce(sum(c.amount_cents - c.booked_cents), 0)::bigint as cents,
         count(*)::int as count, coalesce(array_agg(s.due_on::text) filter (where s.due_on is not null), '{}') as "dueOn"
       from consequence_states s
       join consequences c on c.id = s.consequence_id
       join agreements a on a.id = c.agreement_id
       where s.is_open and s.state <> 'waiting' and ($1::int[] is null or s.agreement_id = any($1))
       group by a.key, s.state, c.currency order by a.key, s.state, c.currency`,
      [agreementIds],
    );
  }

  /** The newest entry of each place that reports of a period have filled, held until the transaction ends. */
  newestOf(agreementId: number, period: string): Promise<StoredConsequence[]> {
    return this.database.query(
      `${selected} where c.agreement_id = $1 and c.period = $2 and c.revision is not null and n.id is null order by c.id ${held}`,
      [agreementId, period],
    );
  }

  /** Credits of a year and a currency that are proposed or more, and not superseded; held like those. */
  creditsOf(agreementId: number, year: string, currency: string): Promise<StoredConsequence[]> {
    return this.database.query(
      `${selected}
       where c.agreement_id = $1 and c.period like $2 and c.currency = $3 and c.kind = 'credit'
         and s.state not in ('waiting', 'superseded')
       order by c.from_ms, c.id ${held}`,
      [agreementId, `${year}%`, currency],
    );
  }

  /** Answers the ids, in their order. */
  async insert(entries: readonly NewConsequence[]): Promise<number[]> {
    const rows = await this.database.query<{ id: number }>(
      `with added as (insert into consequences (${columns})
         select "agreementId", period, "fromMs", "toMs", revision, kind, place, objective, "objectiveTitle", version,
           "firstState", what, why, "amountCents", "bookedCents", "yearCapCents", currency, percent, below, "costFrom",
           "costTo", party, owner, "dueOn", supersedes, proposer ->> 'kind', proposer ->> 'name', "proposedMs",
           "answerDueMs"
         from json_to_recordset($1) as r("agreementId" int, period text, "fromMs" bigint, "toMs" bigint, revision int,
           kind text, place text, objective text, "objectiveTitle" text, version int, "firstState" text, what text,
           why text, "amountCents" bigint, "bookedCents" bigint, "yearCapCents" bigint, currency text, percent text,
           below text, "costFrom" text, "costTo" text, party text, owner text, "dueOn" date, supersedes int,
           proposer json, "proposedMs" bigint, "answerDueMs" bigint)
         returning id) select id from added order by id`,
      [JSON.stringify(entries)],
    );
    return rows.map(({ id }) => id);
  }

  async act(acts: readonly NewAct[]): Promise<void> {
    await this.database.query(
      `insert into consequence_acts (consequence_id, act, party, actor_kind, actor, at_ms, reason, journal, owner, due_on)
       select "consequenceId", act, party, actor ->> 'kind', actor ->> 'name', "atMs", reason, journal, owner, "dueOn"
       from json_to_recordset($1) as r("consequenceId" int, act text, party text, actor json, "atMs" bigint, reason text,
         journal text, owner text, "dueOn" date)`,
      [JSON.stringify(acts)],
    );
  }

  /** Tells every server that what follows from agreements, or is said of them in reviews, is another. */
  async announce(agreements: readonly string[]): Promise<void> {
    await this.database.notifyAll(ledgerChannel, agreements);
  }
}

/** Told at every commit that changes the ledger or a review, with the key of the agreement. */
export const ledgerChannel = 'troth_ledger';

const conditions = (
  agreementIds: readonly number[] | null,
  { state, kind, period }: Omit<ConsequenceFilter, 'agreement'>,
): unknown[] => [
  agreementIds,
  state === undefined || state === 'open' ? null : state,
  state === 'open' ? true : null,
  kind ?? null,
  period ?? null,
];
