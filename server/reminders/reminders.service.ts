import { Injectable } from '@nestjs/common';
import { SteadyClock } from '../../probes/support/clock.ts';
import { AccessService } from '../access/access.service.ts';
import { AuditService } from '../access/audit.service.ts';
import { AgreementsService, currentTerms } from '../agreements/agreements.service.ts';
import type { Page } from '../contract/catalog.ts';
import {
  reminderKinds,
  reminderTerms,
  type Reminder,
  type ReminderListQuery,
  type ReminderRules,
  type ReminderSettings,
} from '../contract/reminders.ts';
import { differences, toldChanges } from '../domain/differences.ts';
import { Mailer } from '../platform/mailer.ts';
import { invalidField } from '../platform/problem.ts';
import { currentActor } from '../platform/request-context.ts';
import { RemindersRepository } from './reminders.repository.ts';

/** When people are reminded of what they owe, and who was. */
@Injectable()
export class RemindersService {
  constructor(
    readonly reminders: RemindersRepository,
    readonly agreements: AgreementsService,
    readonly access: AccessService,
    readonly audit: AuditService,
    readonly mailer: Mailer,
    readonly clock: SteadyClock,
  ) {}

  /** As they are set, else as they come. */
  async rules(): Promise<ReminderRules> {
    const set = new Map((await this.reminders.rules()).map(({ kind, isOn, days }) => [kind, { isOn, days }]));
    return Object.fromEntries(
      reminderKinds.map((kind) => [kind, set.get(kind) ?? { isOn: true, days: [...reminderTerms[kind].days] }]),
    ) as ReminderRules;
  }

  async settings(): Promise<ReminderSettings> {
    const mayChange = currentActor().permissions.has('catalog:write') && this.access.mayChange(null);
    return { isMailOn: this.mailer.isConfigured, rules: await this.rules(), mayChange };
  }

  /** @throws Problem forbidden */
  async change(rules: ReminderRules): Promise<void> {
    this.access.assertMayChange(null);
    await this.agreements.exclusively(async () => {
      const changes = differences({ ...(await this.rules()) }, { ...rules });
      if (changes.length === 0) return;
      await this.reminders.setRules(reminderKinds.map((kind) => ({ kind, ...rules[kind] })));
      await this.audit.record({
        ...{ action: 'reminders.changed', subjectKind: 'reminders', subject: 'rules' },
        detail: { fields: toldChanges(changes) },
      });
    });
  }

  /** The newest first. @throws Problem invalid-input */
  async page({ limit, cursor }: ReminderListQuery): Promise<Page<Reminder>> {
    if (cursor !== undefined && !/^\d{1,9}$/.test(cursor))
      throw invalidField('cursor', 'is not a cursor from an answer of this list');
    const found = await this.reminders.page(cursor === undefined ? null : Number(cursor), limit + 1);
    const items = found.slice(0, limit);
    const terms = await this.agreements.terms([...new Set(items.map(({ agreement }) => agreement))]);
    const titles = new Map(terms.map((one) => [one.key, currentTerms(one).title]));
    return {
      items: items.map(({ id, agreement: key, kind, party, what, stage, at, mails }) => ({
        ...{ id, agreement: { key, title: titles.get(key) ?? key }, kind, party, what, days: Math.abs(stage) },
        ...{ at: at.toISOString(), mails },
      })),
      next: found.length > limit ? String(items.at(-1)!.id) : null,
    };
  }
}
