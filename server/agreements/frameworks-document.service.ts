import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { AuditService } from '../access/audit.service.ts';
import { keySchema } from '../contract/catalog.ts';
import type { ConfigChange } from '../contract/config-file.ts';
import { frameworkInputSchema, type FrameworkInput } from '../contract/frameworks.ts';
import { parseInput, type InputIssue } from '../contract/input-issues.ts';
import { differences, toldChanges, type FieldChange, type Fields } from '../domain/differences.ts';
import { currentActor } from '../platform/request-context.ts';
import { frameworkText } from './framework-terms.ts';
import { FrameworksRepository, type StoredFramework } from './frameworks.repository.ts';

/** A change of framework terms by the config file. */
export interface FrameworkChange {
  kind: 'framework';
  key: string;
  action: ConfigChange['action'];
  fields: readonly FieldChange[];
  /** What the file says; undefined where it names them no more. */
  wanted: FrameworkInput | undefined;
}

export interface FrameworkPlan {
  changes: readonly FrameworkChange[];
  issues: readonly InputIssue[];
  /** Keys that there will be. */
  keys: ReadonlySet<string>;
}

const section = 'frameworks';

/** The framework terms of a config file: compared, applied and given out. */
@Injectable()
export class FrameworksDocumentService {
  constructor(
    readonly frameworks: FrameworksRepository,
    readonly audit: AuditService,
  ) {}

  /** What an apply would change. */
  async plan(input: unknown, { prune }: { prune: boolean }): Promise<FrameworkPlan> {
    const { value = {}, issues } = parseInput(z.record(keySchema, frameworkInputSchema).nullish(), input, [section]);
    const wanted = new Map(Object.entries(value ?? {}));
    const stored = await this.frameworks.find();
    const byKey = new Map(stored.map((framework) => [framework.key, framework]));
    const gone = stored.filter(({ key, managedBy }) => prune && managedBy === 'file' && !wanted.has(key));
    const keys = new Set([...stored.map(({ key }) => key), ...wanted.keys()]);
    for (const { key } of gone) keys.delete(key);
    return {
      issues,
      keys,
      changes: [
        ...[...wanted].flatMap(([key, framework]) => changeOf(byKey.get(key), key, framework)),
        ...gone.map(({ key }): FrameworkChange => ({
          ...{ kind: 'framework', key, action: 'delete', fields: [], wanted: undefined },
        })),
      ],
    };
  }

  /** Carries out what was planned; call it in the transaction in which it was. */
  async write(changes: readonly FrameworkChange[]): Promise<void> {
    if (changes.length === 0) return;
    const written = changes.flatMap(({ key, wanted }) =>
      wanted ? [{ key, managedBy: 'file' as const, ...wanted }] : [],
    );
    await this.frameworks.write(written, currentActor());
    await this.frameworks.delete(changes.filter(({ wanted }) => !wanted).map(({ key }) => key));
    await this.audit.recordAll(
      changes.map(({ key, action, fields }) => ({
        ...{ action: `framework.${verbs[action]}`, subjectKind: 'framework', subject: key },
        ...(fields.length > 0 ? { detail: { fields: toldChanges(fields) } } : {}),
      })),
    );
  }

  /** All framework terms as people would write them. */
  async export(): Promise<Record<string, Fields>> {
    const stored = await this.frameworks.find();
    return Object.fromEntries(stored.map(({ key, versions }) => [key, concise(frameworkText(versions[0]!))]));
  }
}

const verbs = { create: 'created', update: 'changed', adopt: 'adopted', delete: 'deleted' } as const;

function changeOf(stored: StoredFramework | undefined, key: string, wanted: FrameworkInput): FrameworkChange[] {
  const change = { kind: 'framework', key, wanted } as const;
  if (!stored) return [{ ...change, action: 'create', fields: [] }];
  const was = frameworkText(stored.versions[0]!);
  const adopts = stored.managedBy !== 'file';
  if (isDeepStrictEqual(was, wanted) && !adopts) return [];
  return [{ ...change, action: adopts ? 'adopt' : 'update', fields: differences(was, wanted) }];
}

/** Without the clauses that it has not. */
const concise = ({ title, texts }: FrameworkInput): Fields => ({
  title,
  texts: Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== '')),
});
