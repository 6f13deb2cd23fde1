import { isDeepStrictEqual } from 'node:util';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { AccessService } from '../../access/access.service.ts';
import { AuditService } from '../../access/audit.service.ts';
import { PeopleService } from '../../access/people.service.ts';
import { CatalogReferences } from '../../catalog/catalog-references.service.ts';
import { CatalogService } from '../../catalog/catalog.service.ts';
import type { ListQuery, Page, PutQuery } from '../../contract/catalog.ts';
import { suggestion } from '../../contract/suggestion.ts';
import { differences, toldChanges } from '../../domain/differences.ts';
import { Database } from '../../platform/database.ts';
import { invalidInput } from '../../platform/input.pipe.ts';
import { pageByKey } from '../../platform/key-page.ts';
import { tellNews } from '../../platform/news.ts';
import { assertNotManaged, assertUnchanged, Problem } from '../../platform/problem.ts';
import { currentActor } from '../../platform/request-context.ts';
import { type DefinedInputs, definedKinds, type OnCallNames } from './defined-things.ts';
import { type DefinedKind, DefinitionsRepository, type StoredDefinition } from './definitions.repository.ts';

/** A schedule, a policy or a route as it is stored, read by its schema. */
export type Defined<K extends DefinedKind> = Omit<StoredDefinition, 'definition'> & { input: DefinedInputs[K] };

/** Schedules, policies and routes as people define them: rights, rules, record and undo are the same for all. */
@Injectable()
export class DefinitionsService implements OnModuleInit {
  constructor(
    readonly definitions: DefinitionsRepository,
    readonly database: Database,
    readonly catalog: CatalogService,
    readonly access: AccessService,
    readonly people: PeopleService,
    readonly audit: AuditService,
    readonly references: CatalogReferences,
  ) {}

  /** A team that one of them names cannot be deleted. */
  onModuleInit(): void {
    this.references.register('team', async (keys) => {
      const [schedules, policies] = [await this.find('on-call-schedule'), await this.find('escalation-policy')];
      const told = policies.flatMap(({ key, input }) => {
        const targets = input.steps.flatMap((step) => step.targets.filter(({ kind }) => kind === 'team'));
        return [input.team, ...targets.map((target) => target.key)].map((team) => ({
          team,
          by: `escalation policy "${key}"`,
        }));
      });
      const owned = schedules.map(({ key, input }) => ({ team: input.team, by: `on-call schedule "${key}"` }));
      const routed = (await this.find('alert-route')).flatMap(({ key, input }) =>
        [input.team, ...input.match.team].map((team) => ({ team, by: `alert route "${key}"` })),
      );
      return [...owned, ...told, ...routed].flatMap(({ team, by }) =>
        team != null && keys.includes(team) ? [{ key: team, by }] : [],
      );
    });
  }

  /** In order of key: those of these keys, or all. */
  async find<K extends DefinedKind>(kind: K, keys?: readonly string[]): Promise<Defined<K>[]> {
    const stored = await this.definitions.find(kind, keys);
    return stored.map(({ definition, ...rest }) => ({ ...rest, input: definedKinds[kind].schema.parse(definition) }));
  }

  async page<K extends DefinedKind>(kind: K, { text = '', ...page }: ListQuery): Promise<Page<Defined<K>>> {
    const words = text.toLowerCase();
    const isAsked = ({ key, input }: Defined<K>) => key.includes(words) || input.name.toLowerCase().includes(words);
    return pageByKey((await this.find(kind)).filter(isAsked), page);
  }

  /** @throws Problem not-found */
  async get<K extends DefinedKind>(kind: K, key: string): Promise<Defined<K>> {
    const [one] = await this.find(kind, [key]);
    if (one) return one;
    const keys = (await this.definitions.find(kind)).map((each) => each.key);
    throw new Problem('not-found', `There is no ${definedKinds[kind].word} "${key}"${suggestion(key, keys)}`);
  }

  /** Whether the caller may change it, by right and because no file manages it. */
  mayChange({ managedBy, input }: Pick<Defined<DefinedKind>, 'managedBy' | 'input'>): boolean {
    const mayWrite = currentActor().permissions.has('catalog:write') && this.access.mayChange(input.team ?? null);
    return managedBy === null && mayWrite;
  }

  /** Makes one what the input says; the same again changes nothing. Answers whether it is new. */
  put<K extends DefinedKind>(kind: K, key: string, input: DefinedInputs[K], { expect }: PutQuery): Promise<boolean> {
    const { word, faults, fieldsOf } = definedKinds[kind];
    return this.catalog.exclusively(async () => {
      const [before] = await this.find(kind, [key]);
      assertUnchanged(expect, before?.updatedAt, `${word} "${key}"`);
      this.#assertOwn(kind, before);
      this.access.assertMayChange(input.team ?? null);
      if (before && isDeepStrictEqual(before.input, input)) return false;
      const issues = faults(input, before?.input, await this.names());
      if (issues.length > 0) throw invalidInput(issues);
      await this.definitions.write(kind, [{ key, managedBy: null, definition: input }]);
      const fields = differences(before ? fieldsOf(before.input) : {}, fieldsOf(input));
      await this.#tell(
        kind,
        key,
        before ? 'changed' : 'created',
        before ? { fields: toldChanges(fields) } : fieldsOf(input),
      );
      return !before;
    });
  }

  /** @throws Problem not-found, in-use, managed-by-file, forbidden */
  delete(kind: DefinedKind, key: string): Promise<void> {
    return this.catalog.exclusively(async () => {
      this.#assertOwn(kind, await this.get(kind, key));
      const users = await this.#usersOf(kind, key);
      if (users.length > 0) throw new Problem('in-use', users.join('; '));
      await this.definitions.delete(kind, [key]);
      await this.#tell(kind, key, 'deleted');
    });
  }

  /** Takes the last deletion back. @throws Problem not-found, conflict, managed-by-file, forbidden */
  restore(kind: DefinedKind, key: string): Promise<void> {
    const { word, faults } = definedKinds[kind];
    return this.catalog.exclusively(async () => {
      const [again] = await this.find(kind, [key]);
      if (again) throw new Problem('conflict', `There is an ${word} "${key}" again`);
      if (!(await this.definitions.restore(kind, key)))
        throw new Problem('not-found', `No ${word} "${key}" was deleted that could be brought back`);
      const back = await this.get(kind, key);
      this.#assertOwn(kind, back);
      const issues = faults(back.input as never, back.input as never, await this.names());
      if (issues.length > 0) throw new Problem('conflict', issues.map(({ message }) => message).join('; '));
      await this.#tell(kind, key, 'restored');
    });
  }

  /** Policies that tell a schedule. */
  async policiesOf(schedule: string): Promise<Defined<'escalation-policy'>[]> {
    return (await this.find('escalation-policy')).filter((policy) => schedulesOf(policy.input).includes(schedule));
  }

  /** What rests on one, in words. */
  async #usersOf(kind: DefinedKind, key: string): Promise<string[]> {
    if (kind === 'on-call-schedule')
      return (await this.policiesOf(key)).map((policy) => `escalation policy "${policy.key}" tells it`);
    if (kind === 'alert-route') return [];
    const routes = (await this.find('alert-route')).filter(({ input }) => input.policy === key);
    return routes.map((route) => `alert route "${route.key}" follows it`);
  }

  /** What may be named now. */
  async names(): Promise<OnCallNames> {
    const { teams } = await this.catalog.state([]);
    const schedules = await this.definitions.find('on-call-schedule');
    const policies = await this.definitions.find('escalation-policy');
    return {
      teams: new Set(teams.keys()),
      people: await this.people.named(),
      schedules: new Set(schedules.map(({ key }) => key)),
      policies: new Set(policies.map(({ key }) => key)),
    };
  }

  #assertOwn(kind: DefinedKind, stored: Defined<DefinedKind> | undefined): void {
    if (!stored) return;
    assertNotManaged(stored.managedBy, `${definedKinds[kind].word} "${stored.key}"`);
    this.access.assertMayChange(stored.input.team ?? null);
  }

  async #tell(kind: DefinedKind, key: string, action: string, detail?: unknown): Promise<void> {
    await this.audit.record({ action: `${kind}.${action}`, subjectKind: kind, subject: key, detail });
    await tellNews(this.database, { of: 'on-call', key });
  }
}

/** Keys of the schedules that a policy tells, each once. */
export const schedulesOf = ({ steps }: DefinedInputs['escalation-policy']): string[] => [
  ...new Set(steps.flatMap(({ targets }) => targets.flatMap(({ kind, key }) => (kind === 'schedule' ? [key] : [])))),
];
