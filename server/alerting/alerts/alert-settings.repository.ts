import { Injectable } from '@nestjs/common';
import type { RuleScope, RuleSettingInput } from '../../contract/alerts.ts';
import { Database } from '../../platform/database.ts';

export interface StoredSetting {
  rule: string;
  scope: RuleScope;
  key: string;
  urgency: RuleSettingInput['urgency'];
  holdMs: number;
}

/** How urgent rules are where people have said otherwise, and by which channels people are reached. */
@Injectable()
export class AlertSettingsRepository {
  constructor(readonly database: Database) {}

  settings(): Promise<StoredSetting[]> {
    return this.database.query(
      `select rule, scope, key, urgency, hold_ms as "holdMs" from alert_rule_settings order by rule, scope desc, key`,
    );
  }

  async set({ rule, scope, key, urgency, holdMs }: StoredSetting): Promise<void> {
    await this.database.query(
      `insert into alert_rule_settings (rule, scope, key, urgency, hold_ms) values ($1, $2, $3, $4, $5)
       on conflict (rule, scope, key) do update set urgency = excluded.urgency, hold_ms = excluded.hold_ms`,
      [rule, scope, key, urgency, holdMs],
    );
  }

  async unset(rule: string, scope: RuleScope, key: string): Promise<boolean> {
    const rows = await this.database.query(
      `delete from alert_rule_settings where rule = $1 and scope = $2 and key = $3 returning rule`,
      [rule, scope, key],
    );
    return rows.length > 0;
  }

  /** Keys of channels by the names of accounts in lower case, those of these names or all. */
  async contacts(names?: readonly string[]): Promise<Map<string, string[]>> {
    const rows = await this.database.query<{ name: string; channels: string[] }>(
      `select lower(u.name) as name, array_agg(c.channel order by c.place) as channels
       from contacts c join users u on u.id = c.user_id
       where $1::text[] is null or lower(u.name) = any($1) group by u.name`,
      [names?.map((name) => name.toLowerCase()) ?? null],
    );
    return new Map(rows.map(({ name, channels }) => [name, channels]));
  }

  async setContacts(name: string, channels: readonly string[]): Promise<void> {
    await this.database.query(
      `delete from contacts where user_id = (select id from users where lower(name) = lower($1))`,
      [name],
    );
    await this.database.query(
      `insert into contacts (user_id, place, channel)
       select u.id, c.place, c.channel from users u cross join unnest($2::text[]) with ordinality c(channel, place)
       where lower(u.name) = lower($1)`,
      [name, channels],
    );
  }
}
