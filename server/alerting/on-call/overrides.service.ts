import { Injectable } from '@nestjs/common';
import { SteadyClock } from '../../../probes/support/clock.ts';
import { AccessService } from '../../access/access.service.ts';
import { AuditService } from '../../access/audit.service.ts';
import { PeopleService, type Person } from '../../access/people.service.ts';
import type { Page, PageQuery } from '../../contract/catalog.ts';
import type { OnCallOverride, OverrideInput } from '../../contract/on-call.ts';
import { suggestion } from '../../contract/suggestion.ts';
import { Database } from '../../platform/database.ts';
import { tellNews } from '../../platform/news.ts';
import { invalidField, Problem } from '../../platform/problem.ts';
import { type Defined, DefinitionsService } from './definitions.service.ts';
import { OverridesRepository, type StoredOverride } from './overrides.repository.ts';
import { SchedulesService } from './schedules.service.ts';

/** Who stands in for whom: made for a span, and taken back while it lasts. */
@Injectable()
export class OverridesService {
  constructor(
    readonly overrides: OverridesRepository,
    readonly definitions: DefinitionsService,
    readonly schedules: SchedulesService,
    readonly people: PeopleService,
    readonly access: AccessService,
    readonly audit: AuditService,
    readonly clock: SteadyClock,
    readonly database: Database,
  ) {}

  /** Those that have not ended, in the order in which they were made. @throws Problem not-found, invalid-input */
  async page(key: string, { limit, cursor }: PageQuery): Promise<Page<OnCallOverride>> {
    if (cursor !== undefined && !/^\d{1,9}$/.test(cursor)) throw invalidField('cursor', 'is not a cursor of this list');
    const { id } = await this.definitions.get('on-call-schedule', key);
    const rows = await this.overrides.page(id, new Date(this.clock.now()), Number(cursor ?? 0), limit + 1);
    const page = rows.slice(0, limit);
    const people = await this.people.named(page.map(({ member }) => member));
    return {
      items: page.map((row) => view(row, people)),
      next: rows.length > limit ? String(page.at(-1)!.id) : null,
    };
  }

  /** @throws Problem not-found, forbidden, invalid-input */
  make(key: string, { member, from, to, reason }: OverrideInput): Promise<OnCallOverride> {
    return this.database.transaction(async () => {
      const schedule = await this.#changeable(key);
      const people = await this.people.named();
      const person = people.get(member.toLowerCase());
      if (!person) {
        const names = [...people.values()].map(({ name }) => name);
        throw invalidField('member', `there is no account "${member}"${suggestion(member, names)}`);
      }
      if (person.disabled) throw invalidField('member', `the account "${member}" is disabled`);
      if (Date.parse(to) <= this.clock.now()) throw invalidField('to', 'is over already');
      const made = await this.overrides.insert({
        ...{ scheduleId: schedule.id, member: person.name, from: new Date(from), to: new Date(to), reason },
        by: this.access.actingPerson().name,
      });
      await this.#tell(key, 'overridden', made);
      return view(made, people);
    });
  }

  /** @throws Problem not-found, forbidden */
  remove(key: string, id: number): Promise<void> {
    return this.database.transaction(async () => {
      const schedule = await this.#changeable(key);
      const gone = await this.overrides.delete(schedule.id, id);
      if (!gone) throw new Problem('not-found', `The on-call schedule "${key}" has no override ${id}`);
      await this.#tell(key, 'override-removed', gone);
    });
  }

  async #changeable(key: string): Promise<Defined<'on-call-schedule'>> {
    const schedule = await this.definitions.get('on-call-schedule', key);
    if (this.schedules.mayOverride(schedule)) return schedule;
    throw new Problem(
      'forbidden',
      'Only the members of its team and those who may change this schedule may override it',
    );
  }

  async #tell(key: string, action: string, { member, from, to, reason }: StoredOverride): Promise<void> {
    const detail = { member, from: from.toISOString(), to: to.toISOString(), reason };
    await this.audit.record({
      ...{ action: `on-call-schedule.${action}`, subjectKind: 'on-call-schedule', subject: key, detail },
    });
    await tellNews(this.database, { of: 'on-call', key });
  }
}

function view(override: StoredOverride, people: ReadonlyMap<string, Person>): OnCallOverride {
  const { id, member, from, to, reason, by, createdAt } = override;
  const person = people.get(member.toLowerCase());
  return {
    ...{ id, member, name: person?.displayName ?? member, reason, by },
    ...{ from: from.toISOString(), to: to.toISOString(), createdAt: createdAt.toISOString() },
    gap: person ? (person.disabled ? 'disabled' : null) : 'gone',
  };
}
