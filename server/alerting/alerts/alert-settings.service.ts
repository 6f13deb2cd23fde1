import { Injectable } from '@nestjs/common';
import { durationText } from '../../../probes/support/duration.ts';
import { AccessService } from '../../access/access.service.ts';
import { AuditService } from '../../access/audit.service.ts';
import { PeopleService, type Person } from '../../access/people.service.ts';
import { AgreementsService, currentTerms } from '../../agreements/agreements.service.ts';
import { ServicesService } from '../../catalog/services.service.ts';
import type { AlertRuleInfo, Contact, ContactInput, RuleScope, RuleSettingInput } from '../../contract/alerts.ts';
import { alertRuleNames, alertRuleOf, type AlertRuleName } from '../../domain/alert-rules.ts';
import { Database } from '../../platform/database.ts';
import { tellNews } from '../../platform/news.ts';
import { invalidField, Problem } from '../../platform/problem.ts';
import { currentActor } from '../../platform/request-context.ts';
import { AlertRoutesService } from './alert-routes.service.ts';
import { AlertSettingsRepository } from './alert-settings.repository.ts';

/** How urgent rules are, by default and where people have said otherwise; and by which channels people are reached. */
@Injectable()
export class AlertSettingsService {
  constructor(
    readonly settings: AlertSettingsRepository,
    readonly services: ServicesService,
    readonly agreements: AgreementsService,
    readonly people: PeopleService,
    readonly routes: AlertRoutesService,
    readonly access: AccessService,
    readonly audit: AuditService,
    readonly database: Database,
  ) {}

  async rules(): Promise<AlertRuleInfo[]> {
    const all = await this.settings.settings();
    return alertRuleNames.map((rule) => {
      const { title, description, urgency, scopes } = alertRuleOf(rule);
      const own = all.filter((one) => one.rule === rule);
      return {
        ...{ rule, title, description, urgency, scopes: [...scopes] },
        settings: own.map(({ scope, key, urgency: set, holdMs }) => ({
          ...{ scope, key, urgency: set, hold: holdMs === 0 ? '0s' : durationText(holdMs) },
        })),
      };
    });
  }

  /** @throws Problem not-found, invalid-input, forbidden */
  set(rule: AlertRuleName, scope: RuleScope, key: string, { urgency, hold }: RuleSettingInput): Promise<void> {
    return this.#change(rule, scope, key, async () => {
      await this.settings.set({ rule, scope, key, urgency, holdMs: hold });
      return { urgency, hold };
    });
  }

  /** It is as urgent there again as everywhere. @throws Problem not-found, forbidden */
  unset(rule: AlertRuleName, scope: RuleScope, key: string): Promise<void> {
    return this.#change(rule, scope, key, async () => {
      if (!(await this.settings.unset(rule, scope, key)))
        throw new Problem('not-found', `Nothing else is said of ${rule} for the ${scope} "${key}"`);
      return { urgency: null };
    });
  }

  async contacts(): Promise<Contact[]> {
    const contacts = await this.settings.contacts();
    return [...(await this.people.named()).values()].map((person) => contactOf(person, contacts));
  }

  /** By which channels somebody is reached: one's own, or anybody's for admins. @throws Problem not-found, forbidden, invalid-input */
  async setContact(name: string, { channels }: ContactInput): Promise<Contact> {
    const isOwn =
      this.access.actingPerson().isAccount && this.access.actingPerson().user.toLowerCase() === name.toLowerCase();
    if (!isOwn && !currentActor().permissions.has('access:manage'))
      throw new Problem('forbidden', 'Only an admin may say by what somebody else is reached');
    const person = (await this.people.named([name])).get(name.toLowerCase());
    if (!person) throw new Problem('not-found', `There is no account "${name}"`);
    await this.routes.assertChannels(channels);
    await this.database.transaction(async () => {
      await this.settings.setContacts(person.name, channels);
      await this.audit.record({
        ...{ action: 'contact.changed', subjectKind: 'user', subject: person.name, detail: { channels } },
      });
      await tellNews(this.database, { of: 'on-call', key: person.name });
    });
    return contactOf(person, await this.settings.contacts([person.name]));
  }

  #change(rule: AlertRuleName, scope: RuleScope, key: string, write: () => Promise<object>): Promise<void> {
    return this.database.transaction(async () => {
      if (!alertRuleOf(rule).scopes.includes(scope)) {
        const { scopes } = alertRuleOf(rule);
        const allowed = scopes.length > 0 ? `can be set for a ${scopes.join(' or an ')}` : 'is the same everywhere';
        throw invalidField('scope', `${rule} ${allowed}`);
      }
      this.access.assertMayChange(await this.#ownerOf(scope, key));
      const detail = await write();
      await this.audit.record({
        ...{
          action: 'alert-rule.changed',
          subjectKind: 'alert-rule',
          subject: rule,
          detail: { scope, key, ...detail },
        },
      });
      await tellNews(this.database, { of: 'on-call', key: rule });
    });
  }

  /** @throws Problem not-found */
  async #ownerOf(scope: RuleScope, key: string): Promise<string> {
    if (scope === 'service') return (await this.services.get(key)).owner;
    return currentTerms(await this.agreements.termsOf(key)).provider;
  }
}

const contactOf = ({ name, displayName }: Person, contacts: ReadonlyMap<string, readonly string[]>): Contact => ({
  ...{ name, displayName, channels: [...(contacts.get(name.toLowerCase()) ?? [])] },
});
