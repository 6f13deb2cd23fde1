import { isDeepStrictEqual } from 'node:util';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { AccessService } from '../access/access.service.ts';
import { AuditService } from '../access/audit.service.ts';
import { CatalogReferences } from '../catalog/catalog-references.service.ts';
import { CatalogService } from '../catalog/catalog.service.ts';
import { SearchService } from '../catalog/search.service.ts';
import {
  agreementInputSchema,
  type Agreement,
  type AgreementInput,
  type AgreementListQuery,
  type AgreementSummary,
  type ObjectiveInput,
} from '../contract/agreements.ts';
import type { Page, PutQuery } from '../contract/catalog.ts';
import { parseInput } from '../contract/input-issues.ts';
import { suggestion } from '../contract/suggestion.ts';
import { differences, toldChanges } from '../domain/differences.ts';
import { EventBus } from '../platform/events.ts';
import { invalidInput } from '../platform/input.pipe.ts';
import { pageByKey } from '../platform/key-page.ts';
import { currentActor } from '../platform/request-context.ts';
import { assertNotManaged, assertUnchanged, invalidField, Problem } from '../platform/problem.ts';
import { endingOf } from './agreement-ending.ts';
import { agreementIssues, namedOf } from './agreement-rules.ts';
import { referenceParts, servicesOf } from './agreement-scope.ts';
import {
  AgreementsRepository,
  searchableAgreements,
  searchableObjectives,
  type StoredAgreement,
} from './agreements.repository.ts';
import { FrameworksRepository } from './frameworks.repository.ts';
import { lifeState, versionState } from './life-state.ts';
import { currentTerms, endOfForce, openProposal, toTerms, type AgreementTerms } from './terms.ts';
import { writtenAgreement } from './written-agreement.ts';

export type { AgreementSnapshot } from './snapshot.ts';
export type { AgreementTerms, TermsVersion } from './terms.ts';
export { decisiveDay, endingOf, renewalDue } from './agreement-ending.ts';
export { namedOf, namingIssues } from './agreement-rules.ts';
export { referenceParts, servicesOf, servicesOfObjective } from './agreement-scope.ts';
export { liveProposal, versionAt } from './life-state.ts';
export { hasClause } from './proposal-rules.ts';
export { currentTerms, endOfForce, openProposal } from './terms.ts';

declare module '../platform/events.ts' {
  interface TransactionEvents {
    /** Published inside the transaction that changed what agreements say, or which there are. */
    'agreements.changed': { keys: readonly string[] };
    /** Published inside the transaction after which other terms hold, from an instant on, than did. */
    'terms.changed': { agreement: string; fromMs: number };
  }
}

/** An objective of another agreement that one rests on. */
export interface ObjectiveBelow {
  /** `network-ola/core` */
  reference: string;
  /** Of the other agreement. */
  terms: AgreementInput;
  name: string;
  objective: ObjectiveInput;
}

/** Of more services than this it is quicker to read all agreements. */
const mostNamed = 50;

/** Agreements as people edit them, and the terms that are in force. */
@Injectable()
export class AgreementsService implements OnModuleInit {
  constructor(
    readonly agreements: AgreementsRepository,
    readonly catalog: CatalogService,
    readonly access: AccessService,
    readonly audit: AuditService,
    readonly events: EventBus,
    readonly references: CatalogReferences,
    readonly search: SearchService,
    readonly frameworks: FrameworksRepository,
  ) {}

  /** Agreements can be found, and what one names cannot be deleted. */
  onModuleInit(): void {
    this.search.include(searchableAgreements);
    this.search.include(searchableObjectives);
    for (const kind of ['team', 'service', 'calendar', 'probe'] as const) {
      this.references.register(kind, async (keys) =>
        (await this.terms()).flatMap((agreement) => {
          const proposed = openProposal(agreement);
          const texts = proposed ? [currentTerms(agreement), proposed.terms] : [currentTerms(agreement)];
          const named = new Set(texts.flatMap((text) => namedOf(text, kind, keys)));
          return [...named].map((key) => ({ key, by: `agreement "${agreement.key}"` }));
        }),
      );
    }
  }

  /** What held when, of these agreements or of all, in order of key. */
  async terms(keys?: readonly string[]): Promise<AgreementTerms[]> {
    return (await this.agreements.find(keys)).map(toTerms);
  }

  /** Agreements that are or were about one of these services, in order of key. */
  async about(services: readonly string[]): Promise<AgreementTerms[]> {
    const asked = new Set(services);
    const named = services.length > mostNamed ? undefined : await this.agreements.naming(services);
    const isAbout = (text: AgreementInput): boolean => servicesOf(text).some((key) => asked.has(key));
    return (await this.terms(named)).filter(({ draft, versions }) =>
      [...(draft ? [draft] : []), ...versions.map(({ terms }) => terms)].some(isAbout),
    );
  }

  /** @throws Problem not-found */
  async termsOf(key: string): Promise<AgreementTerms> {
    return (await this.storedOf(key)).terms;
  }

  /** With what is stored of it, word for word. @throws Problem not-found */
  async storedOf(key: string): Promise<{ terms: AgreementTerms; stored: StoredAgreement }> {
    const [stored] = await this.agreements.find([key]);
    if (stored) return { terms: toTerms(stored), stored };
    const keys = (await this.agreements.find()).map((agreement) => agreement.key);
    throw new Problem('not-found', `There is no agreement "${key}"${suggestion(key, keys)}`);
  }

  /** The objectives of other agreements that one rests on, as those are now; what is gone is left out. */
  async objectivesBelow({ restsOn }: AgreementInput): Promise<ObjectiveBelow[]> {
    if (restsOn.length === 0) return [];
    const parts = restsOn.map((reference) => ({ reference, ...referenceParts(reference) }));
    const found = await this.terms([...new Set(parts.map(({ agreement }) => agreement))]);
    const below = new Map(found.map((one) => [one.key, currentTerms(one)]));
    return parts.flatMap(({ reference, agreement, objective: name }) => {
      const terms = below.get(agreement);
      const objective = terms?.objectives[name];
      return terms && objective ? [{ reference, terms, name, objective }] : [];
    });
  }

  async page(
    { text = '', team, service, ...page }: AgreementListQuery,
    nowMs: number,
  ): Promise<Page<AgreementSummary>> {
    const words = text.toLowerCase();
    const isAsked = (agreement: AgreementTerms): boolean => {
      const terms = currentTerms(agreement);
      return (
        (agreement.key.includes(words) || terms.title.toLowerCase().includes(words)) &&
        (team === undefined || terms.provider === team || terms.customer === team) &&
        (service === undefined || servicesOf(terms).includes(service))
      );
    };
    const { items, next } = pageByKey((await this.terms()).filter(isAsked), page);
    return { items: items.map((agreement) => this.#summary(agreement, nowMs)), next };
  }

  async get(key: string, nowMs: number): Promise<Agreement> {
    const agreement = await this.termsOf(key);
    const { versions, proposals } = agreement;
    const summary = this.#summary(agreement, nowMs);
    return {
      ...summary,
      mayDelete: summary.mayChange && isDeletable(agreement),
      document: writtenAgreement(currentTerms(agreement)),
      draft: agreement.draft && writtenAgreement(agreement.draft),
      versions: [...versions, ...proposals]
        .sort((a, b) => a.number - b.number)
        .map((version) => ({
          ...{ number: version.number, status: versionState(version, versions, nowMs) },
          ...{ effective: version.effective, createdAt: version.createdAt },
          document: writtenAgreement(version.terms),
        })),
      createdAt: agreement.createdAt.toISOString(),
    };
  }

  /** Makes the draft of an agreement what the input says; the same again changes nothing. Answers whether it is new. */
  put(key: string, input: unknown, { expect }: PutQuery): Promise<boolean> {
    const { value, issues } = parseInput(agreementInputSchema, input);
    if (value === undefined) throw invalidInput(issues);
    if (value.status != null) throw invalidField('status', 'can be given in the config file alone');
    return this.exclusively(async () => {
      const all = await this.terms();
      const before = all.find((agreement) => agreement.key === key);
      assertUnchanged(expect, before?.updatedAt, `agreement "${key}"`);
      this.#assertMayChange(key, value, before);
      if (before && isDeepStrictEqual(before.draft ?? currentTerms(before), value)) return false;
      await this.assertSound(key, value, all);
      await this.agreements.write([{ key, managedBy: null, draft: value }]);
      const fields = differences(
        before ? writtenAgreement(before.draft ?? currentTerms(before)) : {},
        writtenAgreement(value),
      );
      await this.tell(key, before ? 'changed' : 'created', before ? { fields: toldChanges(fields) } : value);
      return !before;
    });
  }

  /** Whether a text names only what is there, and does not rest on itself. @throws Problem invalid-input */
  async assertSound(key: string, terms: AgreementInput, all: readonly AgreementTerms[]): Promise<void> {
    const outlook = new Map([...all.map((one) => [one.key, currentTerms(one)] as const), [key, terms]]);
    const frameworks = new Set((await this.frameworks.find()).map((one) => one.key));
    const names = { ...(await this.catalog.names()), frameworks };
    const faults = agreementIssues([key], outlook, names, () => []);
    if (faults.length > 0) throw invalidInput(faults);
  }

  /** Keeps in the audit trail what was done with an agreement, and tells the features above. */
  async tell(key: string, action: string, detail?: unknown): Promise<void> {
    await this.audit.record({ action: `agreement.${action}`, subjectKind: 'agreement', subject: key, detail });
    await this.events.publish('agreements.changed', { keys: [key] });
  }

  /** Deletes an agreement that was never in force. @throws Problem not-found, in-use, conflict */
  delete(key: string): Promise<void> {
    return this.exclusively(async () => {
      const agreement = await this.termsOf(key);
      this.#assertMayChange(key, currentTerms(agreement), agreement);
      if (!isDeletable(agreement))
        throw new Problem('conflict', `Agreement "${key}" is or was in force: it can be ended, not deleted`);
      if (openProposal(agreement))
        throw new Problem('conflict', `Agreement "${key}" waits for signatures: withdraw it first`);
      const resting = (await this.terms()).filter((other) =>
        currentTerms(other).restsOn.some((objective) => objective.startsWith(`${key}/`)),
      );
      if (resting.length > 0)
        throw new Problem('in-use', resting.map((other) => `agreement "${other.key}" rests on it`).join('; '));
      await this.agreements.delete([key]);
      await this.tell(key, 'deleted');
    });
  }

  /** Takes the last deletion back. @throws Problem not-found, conflict */
  restore(key: string): Promise<void> {
    return this.exclusively(async () => {
      if ((await this.terms([key])).length > 0) throw new Problem('conflict', `There is an agreement "${key}" again`);
      if (!(await this.agreements.restore(key)))
        throw new Problem('not-found', `No agreement "${key}" was deleted that could be brought back`);
      const agreement = await this.termsOf(key);
      this.#assertMayChange(key, currentTerms(agreement), agreement);
      await this.tell(key, 'restored');
    });
  }

  /** One writer of agreements at a time, in a transaction: what they refer to stays until it ends. */
  exclusively<T>(work: () => Promise<T>): Promise<T> {
    return this.catalog.exclusively(work);
  }

  #assertMayChange(key: string, wanted: AgreementInput, before: AgreementTerms | undefined): void {
    assertNotManaged(before?.managedBy, `agreement "${key}"`);
    if (!this.#mayChange(before ? currentTerms(before) : wanted))
      throw new Problem('forbidden', 'Only its parties and admins may change this agreement');
  }

  /** The rights of an owner follow the parties of an agreement. */
  #mayChange({ provider, customer }: AgreementInput): boolean {
    const mayWrite = currentActor().permissions.has('catalog:write');
    return mayWrite && [provider, customer].some((team) => this.access.mayChange(team));
  }

  #summary(agreement: AgreementTerms, nowMs: number): AgreementSummary {
    const terms = currentTerms(agreement);
    const { key, managedBy, updatedAt, versions } = agreement;
    const { title, kind, provider, customer, period, timeZone, effective } = terms;
    return {
      ...{ key, title, kind, provider, customer, period, timeZone, managedBy },
      status: versions.at(-1)?.status ?? 'draft',
      ...lifeState(agreement, nowMs),
      effective: versions.at(-1)?.effective ?? { from: effective.from, to: endOfForce(terms) },
      ending: endingOf(agreement, nowMs),
      mayChange: managedBy === null && this.#mayChange(terms),
      updatedAt: updatedAt.toISOString(),
    };
  }
}

const isDeletable = ({ versions }: AgreementTerms): boolean => versions.length === 0;
