import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { AuditService } from '../../access/audit.service.ts';
import { PeopleService } from '../../access/people.service.ts';
import { keySchema } from '../../contract/catalog.ts';
import type { ConfigChange } from '../../contract/config-file.ts';
import { parseInput, type InputIssue } from '../../contract/input-issues.ts';
import { differences, toldChanges, type FieldChange, type Fields } from '../../domain/differences.ts';
import { Database } from '../../platform/database.ts';
import { tellNews } from '../../platform/news.ts';
import {
  concisePolicy,
  conciseRoute,
  conciseSchedule,
  type DefinedInputs,
  definedKinds,
  type OnCallNames,
} from './defined-things.ts';
import { type DefinedKind, DefinitionsRepository } from './definitions.repository.ts';
import { type Defined, DefinitionsService } from './definitions.service.ts';

/** A change of a schedule, a policy or a route by the config file. */
export interface OnCallChange {
  kind: DefinedKind;
  key: string;
  action: ConfigChange['action'];
  fields: readonly FieldChange[];
  /** What the file says; undefined where it names it no more. */
  wanted: DefinedInputs[DefinedKind] | undefined;
}

export interface OnCallPlan {
  changes: readonly OnCallChange[];
  issues: readonly InputIssue[];
}

/** The sections of a file as they were written, not checked yet. */
export interface OnCallSections {
  onCallSchedules: unknown;
  escalationPolicies: unknown;
  alertRoutes: unknown;
}

interface Outlook<K extends DefinedKind> {
  changes: OnCallChange[];
  issues: InputIssue[];
  /** What there will be, with what it was before. */
  stays: Map<string, { input: DefinedInputs[K]; before: DefinedInputs[K] | undefined }>;
}

/** The on-call schedules, escalation policies and alert routes of a config file: compared, applied and given out. */
@Injectable()
export class OnCallDocumentService {
  constructor(
    readonly stored: DefinitionsRepository,
    readonly definitions: DefinitionsService,
    readonly people: PeopleService,
    readonly audit: AuditService,
    readonly database: Database,
  ) {}

  /** What an apply would change. `teams` is what the file's catalog will have. */
  async plan(
    { onCallSchedules, escalationPolicies, alertRoutes }: OnCallSections,
    { teams }: Pick<OnCallNames, 'teams'>,
    { prune }: { prune: boolean },
  ): Promise<OnCallPlan> {
    const schedules = outlookOf(
      'on-call-schedule',
      onCallSchedules,
      await this.definitions.find('on-call-schedule'),
      prune,
    );
    const policies = outlookOf(
      'escalation-policy',
      escalationPolicies,
      await this.definitions.find('escalation-policy'),
      prune,
    );
    const routes = outlookOf('alert-route', alertRoutes, await this.definitions.find('alert-route'), prune);
    const names: OnCallNames = {
      ...{ teams, people: await this.people.named() },
      ...{ schedules: new Set(schedules.stays.keys()), policies: new Set(policies.stays.keys()) },
    };
    return {
      changes: [...schedules.changes, ...policies.changes, ...routes.changes],
      issues: [
        ...schedules.issues,
        ...faultsOf('on-call-schedule', schedules, names),
        ...policies.issues,
        ...faultsOf('escalation-policy', policies, names),
        ...routes.issues,
        ...faultsOf('alert-route', routes, names),
      ],
    };
  }

  /** Carries out what was planned; call it in the transaction in which it was. */
  async write(changes: readonly OnCallChange[]): Promise<void> {
    if (changes.length === 0) return;
    for (const kind of ['on-call-schedule', 'escalation-policy', 'alert-route'] as const) {
      const own = changes.filter((change) => change.kind === kind);
      const written = own.filter(({ wanted }) => wanted !== undefined);
      await this.stored.write(
        kind,
        written.map(({ key, wanted }) => ({ key, managedBy: 'file', definition: wanted })),
      );
      await this.stored.delete(
        kind,
        own.filter(({ wanted }) => wanted === undefined).map(({ key }) => key),
      );
    }
    await this.audit.recordAll(
      changes.map(({ kind, key, action, fields }) => ({
        ...{ action: `${kind}.${verbs[action]}`, subjectKind: kind, subject: key },
        ...(fields.length > 0 ? { detail: { fields: toldChanges(fields) } } : {}),
      })),
    );
    for (const { key } of changes) await tellNews(this.database, { of: 'on-call', key });
  }

  /** All of them as people would write them, by section. */
  async export(): Promise<Record<keyof OnCallSections, Record<string, Fields>>> {
    const schedules = await this.definitions.find('on-call-schedule');
    const policies = await this.definitions.find('escalation-policy');
    const routes = await this.definitions.find('alert-route');
    return {
      onCallSchedules: Object.fromEntries(schedules.map(({ key, input }) => [key, conciseSchedule(input)])),
      escalationPolicies: Object.fromEntries(policies.map(({ key, input }) => [key, concisePolicy(input)])),
      alertRoutes: Object.fromEntries(routes.map(({ key, input }) => [key, conciseRoute(input)])),
    };
  }
}

const verbs = { create: 'created', update: 'changed', adopt: 'adopted', delete: 'deleted' } as const;

function outlookOf<K extends DefinedKind>(
  kind: K,
  section: unknown,
  stored: readonly Defined<K>[],
  prune: boolean,
): Outlook<K> {
  const { schema, section: name } = definedKinds[kind];
  const record = z.record(keySchema, schema as unknown as z.ZodType<DefinedInputs[K]>).nullish();
  const { value, issues } = parseInput(record, section, [name]);
  const wanted = new Map(Object.entries(value ?? {}));
  const named = new Set(typeof section === 'object' && section !== null ? Object.keys(section) : []);
  const byKey = new Map(stored.map((one) => [one.key, one]));
  const gone = stored.filter(({ key, managedBy }) => prune && managedBy === 'file' && !named.has(key));
  const kept = stored.filter((one) => !gone.includes(one));
  const inputs = new Map([...kept.map(({ key, input }) => [key, input] as const), ...wanted]);
  return {
    issues,
    stays: new Map([...inputs].map(([key, input]) => [key, { input, before: byKey.get(key)?.input }])),
    changes: [
      ...[...wanted].flatMap(([key, input]) => changeOf(kind, byKey.get(key), key, input)),
      ...gone.map(({ key }): OnCallChange => ({ kind, key, action: 'delete', fields: [], wanted: undefined })),
    ],
  };
}

function changeOf<K extends DefinedKind>(
  kind: K,
  stored: Defined<K> | undefined,
  key: string,
  wanted: DefinedInputs[K],
): OnCallChange[] {
  if (!stored) return [{ kind, key, wanted, action: 'create', fields: [] }];
  const adopts = stored.managedBy !== 'file';
  if (!adopts && isDeepStrictEqual(stored.input, wanted)) return [];
  const { fieldsOf } = definedKinds[kind];
  const fields = differences(fieldsOf(stored.input), fieldsOf(wanted));
  return [{ kind, key, wanted, action: adopts ? 'adopt' : 'update', fields }];
}

function faultsOf<K extends DefinedKind>(kind: K, { stays }: Outlook<K>, names: OnCallNames): InputIssue[] {
  const { faults, section } = definedKinds[kind];
  return [...stays].flatMap(([key, { input, before }]) =>
    faults(input, before, names).map(({ path, ...issue }) => ({ ...issue, path: [section, key, ...path] })),
  );
}
