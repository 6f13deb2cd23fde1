import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { AuditService } from '../access/audit.service.ts';
import { agreementInputSchema, type AgreementInput } from '../contract/agreements.ts';
import { keySchema } from '../contract/catalog.ts';
import type { ConfigChange } from '../contract/config-file.ts';
import { parseInput, type InputIssue } from '../contract/input-issues.ts';
import { concise, differences, toldChanges, type FieldChange, type Fields } from '../domain/differences.ts';
import { EventBus } from '../platform/events.ts';
import { agreementIssues, type AgreementNames } from './agreement-rules.ts';
import { AgreementsRepository, type StoredAgreement } from './agreements.repository.ts';
import { declare, type Declaration } from './declaration.ts';
import { beginMs, currentTerms, endOfForce, toTerms } from './terms.ts';
import { writtenAgreement } from './written-agreement.ts';

/** A change of one agreement by the config file. */
export interface AgreementChange {
  kind: 'agreement';
  key: string;
  action: ConfigChange['action'];
  fields: readonly FieldChange[];
  /** What the file says; undefined where it names the agreement no more. */
  wanted: AgreementInput | undefined;
  /** What becomes of the versions; null where none does, as for a draft. */
  declaration: Declaration | null;
}

export interface AgreementPlan {
  changes: readonly AgreementChange[];
  issues: readonly InputIssue[];
}

const section = 'agreements';

/** The agreements of a config file: compared, applied and given out. */
@Injectable()
export class AgreementsDocumentService {
  constructor(
    readonly agreements: AgreementsRepository,
    readonly audit: AuditService,
    readonly events: EventBus,
  ) {}

  /** What an apply would change. `names` is what the file's catalog and frameworks will have. */
  async plan(input: unknown, names: AgreementNames, { prune }: { prune: boolean }): Promise<AgreementPlan> {
    const stored = await this.agreements.find();
    const { wanted, named, issues } = readSection(input);
    // What people proposed or signed stays, whatever the file no longer says.
    const isGone = ({ key, managedBy, versions }: StoredAgreement) =>
      prune && managedBy === 'file' && !named.has(key) && versions.every(({ hash }) => hash === null);
    const gone = stored.filter(isGone);
    const stays = stored.filter((agreement) => !isGone(agreement));
    const outlook = new Map([...stays.map((one) => [one.key, currentTerms(toTerms(one))] as const), ...wanted]);
    const byKey = new Map(stored.map((agreement) => [agreement.key, agreement]));
    const taken = [...wanted].flatMap(([key, terms]) => withdrawnIssues(byKey.get(key), key, terms));
    const faults = agreementIssues([...outlook.keys()], outlook, names, (key) => [section, key]);
    return {
      changes: [
        ...[...wanted].flatMap(([key, agreement]) => changeOf(byKey.get(key), key, agreement)),
        ...gone.map(({ key }) => deletion(key)),
      ],
      issues: [...issues, ...taken, ...faults],
    };
  }

  /** Carries out what was planned; call it in the transaction in which it was. */
  async write(changes: readonly AgreementChange[]): Promise<void> {
    if (changes.length === 0) return;
    const wanted = changes.filter((change) => change.wanted !== undefined);
    const declared = wanted.filter(({ declaration }) => declaration !== null);
    await this.agreements.write(
      wanted.map(({ key, wanted: terms }) => ({
        key,
        managedBy: 'file',
        draft: terms!.status === 'declared' ? null : terms,
      })),
    );
    await this.agreements.replaceVersions(declared.flatMap(({ declaration }) => declaration!.replaced));
    await this.agreements.endVersions(declared.flatMap(({ declaration }) => declaration!.ended));
    await this.agreements.addVersions(
      declared.map(({ key, wanted: terms }) => ({
        key,
        state: 'declared',
        document: terms!,
        effectiveFrom: terms!.effective.from,
        effectiveTo: endOfForce(terms!),
      })),
    );
    await this.agreements.delete(changes.filter((change) => !change.wanted).map(({ key }) => key));
    await this.audit.recordAll(
      changes.map(({ key, action, fields }) => ({
        action: `agreement.${verbs[action]}`,
        subjectKind: 'agreement',
        subject: key,
        ...(fields.length > 0 ? { detail: { fields: toldChanges(fields) } } : {}),
      })),
    );
    await this.events.publish('agreements.changed', { keys: changes.map(({ key }) => key) });
    for (const { key, wanted: terms } of declared)
      await this.events.publish('terms.changed', { agreement: key, fromMs: beginMs(terms!) });
  }

  /** All agreements as people would write them. */
  async export(): Promise<Record<string, Fields>> {
    const stored = await this.agreements.find();
    return Object.fromEntries(stored.map((one) => [one.key, conciseAgreement(currentTerms(toTerms(one)))]));
  }
}

const verbs = { create: 'created', update: 'changed', adopt: 'adopted', delete: 'deleted' } as const;

const deletion = (key: string): AgreementChange => ({
  ...{ kind: 'agreement', key, action: 'delete', fields: [] },
  ...{ wanted: undefined, declaration: null },
});

/** Reads every agreement by itself, so that all faults are found at once; one with faults has no terms. */
function readSection(input: unknown) {
  const wanted = new Map<string, AgreementInput>();
  const named = new Set<string>();
  if (input === undefined || input === null) return { wanted, named, issues: [] };
  const keys = parseInput(z.record(keySchema, z.unknown()), input, [section]);
  const issues: InputIssue[] = [...keys.issues];
  const faulty = new Set(keys.issues.map(({ path }) => path.at(-1)));
  const entries = typeof input === 'object' && !Array.isArray(input) ? Object.entries(input) : [];
  for (const [key, agreement] of entries) {
    named.add(key);
    if (faulty.has(key)) continue;
    const { value, issues: faults } = parseInput(agreementInputSchema, agreement, [section, key]);
    issues.push(...faults);
    if (value !== undefined) wanted.set(key, value);
  }
  return { wanted, named, issues };
}

/**
 * What was promised stays on record: a declared agreement is ended by a date, not by another status, and what both
 * parties signed is changed by their signatures alone.
 */
function withdrawnIssues(stored: StoredAgreement | undefined, key: string, { status }: AgreementInput): InputIssue[] {
  const states = new Set(stored?.versions.map(({ state }) => state));
  const path = [section, key, 'status'];
  if (states.has('signed'))
    return status === 'declared'
      ? [{ path, message: 'must be left out: both parties have signed this agreement' }]
      : [];
  if (status === 'declared' || !states.has('declared')) return [];
  return [{ path, message: 'must stay "declared": it is in force; effective.to ends it' }];
}

function changeOf(stored: StoredAgreement | undefined, key: string, wanted: AgreementInput): AgreementChange[] {
  const isDeclared = wanted.status === 'declared';
  const declaration = isDeclared ? declare(stored?.versions ?? [], wanted) : null;
  const change = { kind: 'agreement', key, wanted, declaration } as const;
  if (!stored) return [{ ...change, action: 'create', fields: [] }];
  const terms = toTerms(stored);
  const isSame = isDeclared ? declaration === null : isDeepStrictEqual(terms.draft ?? currentTerms(terms), wanted);
  const adopts = stored.managedBy !== 'file';
  if (isSame && !adopts) return [];
  const fields = differences(writtenAgreement(currentTerms(terms)), writtenAgreement(wanted));
  return [{ ...change, action: adopts ? 'adopt' : 'update', fields }];
}

/** What has to be written in any case; the rest only where it differs from what is filled in. */
const required = {
  kind: 'SLA',
  title: 'x',
  provider: 'a',
  customer: 'b',
  effective: { from: '2000-01-01' },
  timeZone: 'UTC',
} as const;

/** An agreement without what is filled in anyway. */
function conciseAgreement(agreement: AgreementInput): Fields {
  const fields = writtenAgreement(agreement);
  const objectives = Object.entries(fields['objectives'] as Record<string, Fields>).map(([key, objective]) => [
    key,
    Object.fromEntries(Object.entries(objective).filter(([, value]) => !isEmpty(value))),
  ]);
  const defaults = agreementInputSchema.parse({ ...required, objectives: agreement.objectives });
  const unlike = Object.fromEntries(Object.keys(required).map((name) => [name, undefined]));
  return concise(
    { ...fields, objectives: Object.fromEntries(objectives) },
    { ...writtenAgreement(defaults), ...unlike, objectives: undefined },
  );
}

/** In an objective nothing else is filled in for what is left out. */
const isEmpty = (value: unknown): boolean => value === '' || (Array.isArray(value) && value.length === 0);
