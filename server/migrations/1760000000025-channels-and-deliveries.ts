import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Channels by which people are told, and the outbox of what they are told. */
export class ChannelsAndDeliveries1760000000025 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table channels (
        id int generated always as identity primary key,
        key text not null,
        name text not null,
        kind text not null,
        -- Its secrets are sealed.
        config json not null,
        self_test text not null default 'off' check (self_test in ('off', 'weekly')),
        self_tested_at timestamptz not null default now(),
        managed_by text check (managed_by = 'file'),
        -- Nothing is sent before: its makers ask for a gap, or it said that it was told too much.
        hold_until timestamptz not null default '-infinity',
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        deleted_at timestamptz
      );
      create unique index channels_key on channels (key) where deleted_at is null;

      create table deliveries (
        id bigint generated always as identity primary key,
        channel_id int not null references channels,
        -- Said twice by whoever has something to tell, it is one delivery.
        dedupe_key text not null unique,
        -- The same for each attempt: receivers know a repeat by it.
        idempotency_key uuid not null default gen_random_uuid(),
        alert_id int not null,
        fingerprint text not null,
        moment text not null check (moment in ('firing', 'reminder', 'acknowledged', 'resolved', 'test')),
        urgency text not null check (urgency in ('page', 'notify', 'ticket')),
        message json not null,
        state text not null default 'waiting' check (state in ('waiting', 'delivered', 'failed')),
        attempts int not null default 0,
        next_at timestamptz not null default now(),
        -- A worker that has it keeps others from it until then.
        busy_until timestamptz,
        give_up_at timestamptz not null,
        -- What the receiver said last.
        said text,
        created_at timestamptz not null default now(),
        ended_at timestamptz
      );
      create index deliveries_waiting on deliveries (channel_id, next_at) where state = 'waiting';
      create index deliveries_in_order on deliveries (channel_id, fingerprint, id) where state = 'waiting';
      create index deliveries_of_channel on deliveries (channel_id, id);
      create index deliveries_ended on deliveries (ended_at) where ended_at is not null;
      create index deliveries_failed on deliveries (channel_id, ended_at) where state = 'failed';

      -- Where a channel keeps the first message about an alert, so that later ones change it.
      create table channel_messages (
        channel_id int not null references channels,
        alert_id int not null,
        reference text not null,
        at timestamptz not null default now(),
        primary key (channel_id, alert_id)
      );
      create index channel_messages_at on channel_messages (at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table channel_messages, deliveries, channels');
  }
}
