import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Agreements are proposed, returned, signed and ended; what was proposed or signed stays as it is. */
export class AgreementLife1760000000014 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table agreement_versions drop constraint agreement_versions_state_check;
      alter table agreement_versions add constraint agreement_versions_state_check
        check (state in ('declared', 'replaced', 'proposed', 'returned', 'withdrawn', 'signed'));
      alter table agreement_versions
        -- What figures rest on beside the text, as it was when it was proposed.
        add column snapshot json,
        -- SHA-256 in hex over what is signed.
        add column hash text,
        add constraint agreement_versions_sealed
          check (state in ('declared', 'replaced') or (snapshot is not null and hash is not null));
      create unique index agreement_versions_open on agreement_versions (agreement_id) where state = 'proposed';
    `);
    await runner.query(`
      do $$
      declare old_name text;
      begin
        select conname into strict old_name from pg_constraint
        where conrelid = 'agreement_versions'::regclass and contype = 'x';
        execute format('alter table agreement_versions drop constraint %I', old_name);
      end $$;
      alter table agreement_versions add constraint agreement_versions_one_in_force exclude using gist (
        int4range(agreement_id, agreement_id, '[]') with &&,
        daterange(effective_from, effective_to) with &&
      ) where (state in ('declared', 'signed')) deferrable initially deferred;
    `);
    await runner.query(acts);
    await runner.query(guards);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table agreement_delegates, agreement_signatures, agreement_attachments, agreement_acts;
      drop trigger agreement_versions_stay on agreement_versions;
      drop function agreement_version_stays;
      drop function agreement_record_stays;
      delete from agreement_versions where state not in ('declared', 'replaced');
      drop index agreement_versions_open;
      alter table agreement_versions drop constraint agreement_versions_sealed, drop column snapshot, drop column hash;
      alter table agreement_versions drop constraint agreement_versions_one_in_force;
      alter table agreement_versions add exclude using gist (
        int4range(agreement_id, agreement_id, '[]') with &&,
        daterange(effective_from, effective_to) with &&
      ) where (state <> 'replaced') deferrable initially deferred;
      alter table agreement_versions drop constraint agreement_versions_state_check;
      alter table agreement_versions add constraint agreement_versions_state_check
        check (state in ('declared', 'replaced'));
    `);
  }
}

const acts = `
  create table agreement_acts (
    id int generated always as identity primary key,
    version_id int not null references agreement_versions,
    act text not null check (act in ('proposed', 'returned', 'withdrawn', 'ended')),
    party text not null check (party in ('provider', 'customer')),
    -- The account by name, and how people call it: the record outlives the account.
    by_user text not null,
    by_name text not null,
    at timestamptz not null default now(),
    reason text not null default '',
    -- Of what was returned: clause and text of each.
    comments json not null default '[]'
  );
  create index agreement_acts_version on agreement_acts (version_id);

  create table agreement_attachments (
    id int generated always as identity primary key,
    version_id int not null references agreement_versions,
    party text not null check (party in ('provider', 'customer')),
    name text not null,
    content bytea not null,
    hash text not null,
    by_user text not null,
    by_name text not null,
    at timestamptz not null default now()
  );
  create index agreement_attachments_version on agreement_attachments (version_id);

  create table agreement_signatures (
    id int generated always as identity primary key,
    version_id int not null references agreement_versions,
    party text not null check (party in ('provider', 'customer')),
    -- Of the signatory who is named, whoever signed.
    email text not null,
    by_user text not null,
    by_name text not null,
    is_delegate boolean not null,
    at timestamptz not null default now(),
    hash text not null,
    attachment_id int references agreement_attachments,
    unique (version_id, party, email)
  );

  create table agreement_delegates (
    id int generated always as identity primary key,
    agreement_id int not null references agreements on delete cascade,
    party text not null check (party in ('provider', 'customer')),
    email text not null,
    user_id int not null references users on delete cascade,
    -- Local days of the agreement's time zone; the last is the first on which it no longer may.
    from_day date not null,
    to_day date not null check (to_day > from_day),
    named_by text not null,
    named_at timestamptz not null default now()
  );
  create index agreement_delegates_agreement on agreement_delegates (agreement_id);
`;

const guards = `
  create function agreement_record_stays() returns trigger language plpgsql as $$
  begin
    raise exception 'what was done with an agreement stays on record';
  end $$;
  create trigger agreement_acts_stay before update or delete on agreement_acts
    for each row execute function agreement_record_stays();
  create trigger agreement_attachments_stay before update or delete on agreement_attachments
    for each row execute function agreement_record_stays();
  create trigger agreement_signatures_stay before update or delete on agreement_signatures
    for each row execute function agreement_record_stays();

  create function agreement_version_stays() returns trigger language plpgsql as $$
  begin
    if old.state in ('declared', 'replaced') then
      if tg_op = 'DELETE' then return old; end if;
      if new.state not in ('declared', 'replaced') then
        raise exception 'what was declared is not signed afterwards';
      end if;
      return new;
    end if;
    if tg_op = 'DELETE' then
      raise exception 'what was proposed or signed stays on record';
    end if;
    if (new.agreement_id, new.number, new.document::text, new.snapshot::text, new.hash, new.effective_from, new.created_at)
      is distinct from
      (old.agreement_id, old.number, old.document::text, old.snapshot::text, old.hash, old.effective_from, old.created_at)
    then
      raise exception 'what was proposed or signed cannot be changed: it is the next version that is';
    end if;
    if new.state <> old.state and (old.state <> 'proposed' or new.state not in ('returned', 'withdrawn', 'signed')) then
      raise exception 'a version that is % cannot become %', old.state, new.state;
    end if;
    -- It may end earlier than it says, never later.
    if new.effective_to is distinct from old.effective_to
      and (old.state <> 'signed' or new.effective_to is null or new.effective_to > old.effective_to) then
      raise exception 'a version cannot hold longer than was signed';
    end if;
    return new;
  end $$;
  create trigger agreement_versions_stay before update or delete on agreement_versions
    for each row execute function agreement_version_stays();
`;
