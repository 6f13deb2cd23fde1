import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What follows from frozen periods, as a ledger that is only added to; and what the parties say of a period together. */
export class Consequences1760000000017 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(ledger);
    await runner.query(life);
    await runner.query(guards);
    await runner.query(reviews);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table review_signatures, review_comments, consequence_states, consequence_acts, consequences;
      drop function consequence_begins, consequence_goes_on, consequence_states_follow, consequence_record_stays;
    `);
  }
}

const ledger = `
  create table consequences (
    id int generated always as identity primary key,
    agreement_id int not null references agreements,
    period text not null,
    from_ms bigint not null,
    to_ms bigint not null check (to_ms > from_ms),
    -- The revision of the report that it follows from; null for what a review agreed on.
    revision int,
    kind text not null check (kind in ('credit', 'action')),
    -- Its place in the period: what a later revision says in the same place stands for it.
    place text not null,
    objective text,
    objective_title text,
    version int,
    first_state text not null check (first_state in ('waiting', 'proposed', 'accepted')),
    what text not null default '',
    why text not null,
    -- Amounts in the smallest unit of the currency; what was booked for the same before is taken off what is transferred.
    amount_cents bigint check (amount_cents >= 0),
    booked_cents bigint check (booked_cents >= 0),
    year_cap_cents bigint,
    currency text,
    percent text,
    below text,
    cost_from text,
    cost_to text,
    -- Of actions: who does it, and by which local day.
    party text check (party in ('provider', 'customer')),
    owner text not null default '',
    due_on date,
    supersedes int unique references consequences,
    proposer_kind text not null,
    proposer text not null,
    proposed_ms bigint not null,
    -- From here on the arbiter may decide what nobody answered.
    answer_due_ms bigint not null,
    check ((kind = 'credit') = (amount_cents is not null and booked_cents is not null and currency is not null)),
    check ((kind = 'action') = (party is not null and due_on is not null)),
    check ((revision is null) = (objective is null))
  );
  create unique index consequences_first_in_place on consequences (agreement_id, period, place)
    where supersedes is null and revision is not null;
  create index consequences_agreement on consequences (agreement_id, to_ms);

  create table consequence_acts (
    id int generated always as identity primary key,
    consequence_id int not null references consequences,
    act text not null check (act in
      ('accepted', 'contested', 'waived', 'upheld', 'dismissed', 'booked', 'planned', 'done', 'superseded')),
    -- Null for what Troth did by itself.
    party text check (party in ('provider', 'customer', 'arbiter')),
    actor_kind text not null,
    actor text not null,
    at_ms bigint not null,
    reason text not null default '',
    -- Under which a credit was booked.
    journal text,
    -- Of an action that was accepted or planned anew.
    owner text,
    due_on date,
    check ((act = 'booked') = (journal is not null))
  );
  create index consequence_acts_consequence on consequence_acts (consequence_id, id);

  -- Where each stands after its acts: kept by the acts alone.
  create table consequence_states (
    consequence_id int primary key references consequences,
    agreement_id int not null,
    state text not null,
    owner text not null,
    due_on date,
    is_open boolean not null generated always as (state in ('waiting', 'proposed', 'contested', 'accepted')) stored
  );
  create index consequence_states_open on consequence_states (is_open desc, consequence_id desc);
  create index consequence_states_agreement on consequence_states (agreement_id, is_open desc, consequence_id desc);
`;

const life = `
  create function consequence_begins() returns trigger language plpgsql as $$
  begin
    insert into consequence_states (consequence_id, agreement_id, state, owner, due_on)
      values (new.id, new.agreement_id, new.first_state, new.owner, new.due_on);
    return null;
  end $$;
  create trigger consequences_begin after insert on consequences for each row execute function consequence_begins();

  create function consequence_goes_on() returns trigger language plpgsql as $$
  declare
    stands text;
    kind text;
    -- What was booked above what is owed goes back: the customer owes that.
    is_repayment boolean;
    debtor text;
    creditor text;
    follows text;
  begin
    select s.state, c.kind, coalesce(c.amount_cents < c.booked_cents, false) into strict stands, kind, is_repayment
      from consequence_states s join consequences c on c.id = s.consequence_id
      where s.consequence_id = new.consequence_id for update of s;
    debtor := case when is_repayment then 'customer' else 'provider' end;
    creditor := case when is_repayment then 'provider' else 'customer' end;
    follows := case
      when new.act = 'superseded' and stands <> 'superseded' then 'superseded'
      when new.act = 'accepted' and new.party = debtor and stands in ('proposed', 'contested') then 'accepted'
      when new.act = 'contested' and new.party = debtor and stands = 'proposed' then 'contested'
      when new.act = 'waived' and new.party = creditor and stands in ('waiting', 'proposed', 'contested', 'accepted')
        then 'waived'
      when new.act = 'upheld' and new.party = 'arbiter' and stands in ('proposed', 'contested') then 'accepted'
      when new.act = 'dismissed' and new.party = 'arbiter' and stands in ('proposed', 'contested') then 'dismissed'
      when new.act = 'booked' and kind = 'credit' and stands = 'accepted' then 'booked'
      when new.act = 'planned' and kind = 'action' and stands = 'accepted' then 'accepted'
      when new.act = 'done' and kind = 'action' and stands = 'accepted' then 'done'
    end;
    if follows is null then
      raise exception 'a % that is % cannot be % by the %', kind, stands, new.act, coalesce(new.party, 'system');
    end if;
    update consequence_states set state = follows, owner = coalesce(new.owner, owner), due_on = coalesce(new.due_on, due_on)
      where consequence_id = new.consequence_id;
    return new;
  end $$;
  create trigger consequence_acts_go_on before insert on consequence_acts
    for each row execute function consequence_goes_on();
`;

const guards = `
  create function consequence_record_stays() returns trigger language plpgsql as $$
  begin
    raise exception 'the ledger is only added to';
  end $$;
  create trigger consequences_stay before update or delete on consequences
    for each row execute function consequence_record_stays();
  create trigger consequences_no_truncate before truncate on consequences
    for each statement execute function consequence_record_stays();
  create trigger consequence_acts_stay before update or delete on consequence_acts
    for each row execute function consequence_record_stays();
  create trigger consequence_acts_no_truncate before truncate on consequence_acts
    for each statement execute function consequence_record_stays();

  create function consequence_states_follow() returns trigger language plpgsql as $$
  begin
    if pg_trigger_depth() < 2 then
      raise exception 'where a consequence stands follows from its acts alone';
    end if;
    return new;
  end $$;
  create trigger consequence_states_by_acts before insert or update or delete on consequence_states
    for each row execute function consequence_states_follow();
  create trigger consequence_states_no_truncate before truncate on consequence_states
    for each statement execute function consequence_record_stays();
`;

const reviews = `
  create table review_comments (
    id int generated always as identity primary key,
    agreement_id int not null references agreements,
    period text not null,
    party text not null check (party in ('provider', 'customer', 'arbiter')),
    by_user text not null,
    by_name text not null,
    at timestamptz not null default now(),
    text text not null,
    -- A place in the agreement that the next version should say otherwise; null for what is only said.
    clause text
  );
  create index review_comments_agreement on review_comments (agreement_id, period);

  create table review_signatures (
    id int generated always as identity primary key,
    agreement_id int not null references agreements,
    period text not null,
    -- What was signed: a revision of the report of the period, by its hash.
    revision int not null,
    hash text not null,
    party text not null check (party in ('provider', 'customer')),
    by_user text not null,
    by_name text not null,
    at timestamptz not null default now(),
    unique (agreement_id, period, revision, party)
  );
  create trigger review_comments_stay before update or delete on review_comments
    for each row execute function consequence_record_stays();
  create trigger review_comments_no_truncate before truncate on review_comments
    for each statement execute function consequence_record_stays();
  create trigger review_signatures_stay before update or delete on review_signatures
    for each row execute function consequence_record_stays();
  create trigger review_signatures_no_truncate before truncate on review_signatures
    for each statement execute function consequence_record_stays();
`;
