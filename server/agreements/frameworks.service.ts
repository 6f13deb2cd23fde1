import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { AccessService } from '../access/access.service.ts';
import { AuditService } from '../access/audit.service.ts';
import { SearchService } from '../catalog/search.service.ts';
import type { ListQuery, Page, PutQuery } from '../contract/catalog.ts';
import { frameworkInputSchema, type Framework, type FrameworkSummary } from '../contract/frameworks.ts';
import { parseInput } from '../contract/input-issues.ts';
import { suggestion } from '../contract/suggestion.ts';
import { differences, toldChanges } from '../domain/differences.ts';
import { invalidInput } from '../platform/input.pipe.ts';
import { pageByKey } from '../platform/key-page.ts';
import { assertNotManaged, assertUnchanged, Problem } from '../platform/problem.ts';
import { currentActor } from '../platform/request-context.ts';
import { AgreementsService } from './agreements.service.ts';
import { frameworkText } from './framework-terms.ts';
import { FrameworksRepository, searchableFrameworks, type StoredFramework } from './frameworks.repository.ts';
import { currentTerms, openProposal, type AgreementTerms } from './terms.ts';

/** Terms that many agreements share: written once, each change a version of its own. */
@Injectable()
export class FrameworksService {
  constructor(
    readonly frameworks: FrameworksRepository,
    readonly agreements: AgreementsService,
    readonly access: AccessService,
    readonly audit: AuditService,
    search: SearchService,
  ) {
    search.include(searchableFrameworks);
  }

  async page({ text = '', ...page }: ListQuery): Promise<Page<FrameworkSummary>> {
    const words = text.toLowerCase();
    const found = (await this.frameworks.find()).filter(
      ({ key, versions }) => key.includes(words) || versions[0]!.title.toLowerCase().includes(words),
    );
    const { items, next } = pageByKey(found, page);
    const agreements = items.length > 0 ? await this.agreements.terms() : [];
    return { items: items.map((one) => this.#summary(one, agreements)), next };
  }

  /** @throws Problem not-found */
  async get(key: string): Promise<Framework> {
    const stored = await this.#found(key);
    return {
      ...this.#summary(stored, await this.agreements.terms()),
      texts: frameworkText(stored.versions[0]!).texts,
      versions: stored.versions.map((version) => ({
        ...{ number: version.number, ...frameworkText(version) },
        ...{ by: version.by, at: new Date(version.at).toISOString() },
      })),
    };
  }

  /** Adds the next version; the same again changes nothing. Answers whether it is new. */
  put(key: string, input: unknown, { expect }: PutQuery): Promise<boolean> {
    const { value, issues } = parseInput(frameworkInputSchema, input);
    if (value === undefined) throw invalidInput(issues);
    this.access.assertMayChange(null);
    return this.agreements.exclusively(async () => {
      const [before] = await this.frameworks.find([key]);
      assertUnchanged(expect, before?.updatedAt, `framework "${key}"`);
      assertNotManaged(before?.managedBy, `framework "${key}"`);
      const was = before && frameworkText(before.versions[0]!);
      if (isDeepStrictEqual(was, value)) return false;
      await this.frameworks.write([{ key, managedBy: null, ...value }], currentActor());
      await this.#record(
        key,
        was ? 'changed' : 'created',
        was ? { fields: toldChanges(differences(was, value)) } : value,
      );
      return !was;
    });
  }

  /** @throws Problem not-found, in-use, managed-by-file, forbidden */
  delete(key: string): Promise<void> {
    this.access.assertMayChange(null);
    return this.agreements.exclusively(async () => {
      const stored = await this.#found(key);
      assertNotManaged(stored.managedBy, `framework "${key}"`);
      const users = (await this.agreements.terms()).filter((agreement) => includes(agreement, key));
      if (users.length > 0)
        throw new Problem('in-use', users.map((agreement) => `agreement "${agreement.key}" includes it`).join('; '));
      await this.frameworks.delete([key]);
      await this.#record(key, 'deleted', undefined);
    });
  }

  /** Takes the last deletion back. @throws Problem not-found, conflict, managed-by-file, forbidden */
  restore(key: string): Promise<void> {
    this.access.assertMayChange(null);
    return this.agreements.exclusively(async () => {
      const [again] = await this.frameworks.find([key]);
      if (again) throw new Problem('conflict', `There are framework terms "${key}" again`);
      if (!(await this.frameworks.restore(key)))
        throw new Problem('not-found', `No framework terms "${key}" were deleted that could be brought back`);
      assertNotManaged((await this.#found(key)).managedBy, `framework "${key}"`);
      await this.#record(key, 'restored', undefined);
    });
  }

  async #found(key: string): Promise<StoredFramework> {
    const [stored] = await this.frameworks.find([key]);
    if (stored) return stored;
    const keys = (await this.frameworks.find()).map((one) => one.key);
    throw new Problem('not-found', `There are no framework terms "${key}"${suggestion(key, keys)}`);
  }

  #summary(stored: StoredFramework, agreements: readonly AgreementTerms[]): FrameworkSummary {
    const { key, managedBy, updatedAt, versions } = stored;
    const mayWrite = currentActor().permissions.has('catalog:write') && this.access.mayChange(null);
    return {
      ...{ key, title: versions[0]!.title, version: versions[0]!.number, managedBy },
      mayChange: managedBy === null && mayWrite,
      usedBy: agreements
        .filter((agreement) => includes(agreement, key))
        .map((agreement) => ({ key: agreement.key, title: currentTerms(agreement).title })),
      updatedAt: updatedAt.toISOString(),
    };
  }

  async #record(key: string, action: string, detail: unknown): Promise<void> {
    await this.audit.record({ action: `framework.${action}`, subjectKind: 'framework', subject: key, detail });
  }
}

/** Whether what holds, is written or waits for signatures includes it. */
const includes = (agreement: AgreementTerms, key: string): boolean =>
  [currentTerms(agreement), agreement.draft, openProposal(agreement)?.terms].some((terms) => terms?.framework === key);
