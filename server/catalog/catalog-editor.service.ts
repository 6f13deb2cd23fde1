import { Injectable } from '@nestjs/common';
import { AccessService } from '../access/access.service.ts';
import type { PutQuery } from '../contract/catalog.ts';
import { assertNotManaged, assertUnchanged, Problem } from '../platform/problem.ts';
import { invalidInput } from '../platform/input.pipe.ts';
import type { ServiceChange } from '../contract/service-bulk.ts';
import { bulkChanged, bulkFaults } from './bulk-change.ts';
import { deletion, draftChanges } from './catalog-difference.ts';
import {
  catalogKinds,
  draftsOf,
  ownersOf,
  storedOf,
  type CatalogDrafts,
  type CatalogKind,
  type CatalogState,
  type StoredOf,
} from './catalog-kinds.ts';
import { CatalogReferences } from './catalog-references.service.ts';
import { catalogIssues, type PathOf } from './catalog-rules.ts';
import { CatalogService } from './catalog.service.ts';
import { CatalogWriter } from './catalog-writer.service.ts';
import type { ManagedBy } from './definitions.ts';
import type { Reading } from './draft-parser.ts';
import type { NewServices } from './new-services-reader.ts';
import { notFound } from './not-found.ts';

/** One thing that is edited by itself. */
export interface Edited {
  kind: CatalogKind;
  key: string;
}
export interface Edit extends Edited {
  /** What the writer believes is there; undefined where that does not matter. */
  expect: PutQuery['expect'];
  /** `managedBy` is what the thing stays managed by. */
  read(state: CatalogState, managedBy: ManagedBy): Reading<Partial<CatalogDrafts>>;
}

/** Changes one thing at a time for people and programs: checks rights and rules, then writes. */
@Injectable()
export class CatalogEditor {
  readonly #catalog: CatalogService;
  readonly #writer: CatalogWriter;
  readonly #access: AccessService;
  readonly #references: CatalogReferences;

  constructor(catalog: CatalogService, writer: CatalogWriter, access: AccessService, references: CatalogReferences) {
    this.#catalog = catalog;
    this.#writer = writer;
    this.#access = access;
    this.#references = references;
  }

  /** Makes a thing what the input says; the same input again changes nothing. Answers whether it is new. */
  put(edit: Edit): Promise<boolean> {
    return this.#writer.exclusively(async () => {
      const state = await this.#catalog.state(probesOf(edit));
      this.#assertMayChange(edit, state);
      assertAsExpected(edit, state);
      const { draft, issues } = edit.read(state, catalogKinds[edit.kind].managedBy(state, edit.key));
      if (draft === undefined) throw invalidInput(issues);
      const drafts = draftsOf(draft);
      const faults = catalogIssues(state, { drafts }, () => []);
      if (faults.length > 0) throw invalidInput(faults);
      for (const owner of ownersOf(drafts, state)) this.#access.assertMayChange(owner);
      await this.#writer.write(draftChanges(state, drafts, (probe) => this.#catalog.openConfig(probe)));
      return !storedOf(state, edit.kind).has(edit.key);
    });
  }

  /** Makes services that are not there yet, with their probes, all or nothing; answers their keys. @throws Problem invalid-input */
  makeServices(read: (exists: (key: string) => boolean) => NewServices): Promise<string[]> {
    return this.#writer.exclusively(async () => {
      const state = await this.#catalog.state([]);
      const { drafts: made, issues, placeOf } = read((key) => state.services.has(key));
      const drafts = draftsOf(made);
      const pathOf: PathOf = (kind, key) => {
        const [service = '', probe = ''] = key.split('.');
        const path = ['services', String(placeOf.get(service))];
        return kind === 'probe' ? [...path, 'probes', probe] : path;
      };
      const faults = [...issues, ...catalogIssues(state, { drafts }, pathOf)];
      if (faults.length > 0) throw invalidInput(faults);
      for (const { owner } of drafts.services) this.#access.assertMayChange(owner);
      await this.#writer.write(draftChanges(state, drafts, (probe) => this.#catalog.openConfig(probe)));
      return drafts.services.map(({ key }) => key);
    });
  }

  /** @throws Problem not-found, in-use */
  delete(edited: Edited): Promise<void> {
    return this.#writer.exclusively(async () => {
      const { kind, key } = edited;
      // Probes of any service may run at a location.
      const state = await this.#catalog.state(kind === 'location' ? 'all' : probesOf(edited));
      const existing = storedOf(state, kind);
      const stored = existing.get(key);
      if (!stored) throw notFound(kind, key, [...existing.keys()]);
      this.#assertMayChange(edited, state);
      const deletions = [deletion(kind, key, stored)];
      const uses = await this.#references.usesOf(deletions);
      const faults = catalogIssues(state, { deletions, uses }, () => []);
      if (faults.length > 0) throw new Problem('in-use', faults.map(({ message }) => message).join('; '));
      await this.#writer.write(deletions);
    });
  }

  /**
   * Changes services in the same way, all or none. Answers the keys of those that are different now.
   * @throws Problem that names what is unknown, another team's, managed by the file, or cannot take the change
   */
  changeServices(keys: readonly string[], change: ServiceChange): Promise<string[]> {
    return this.#writer.exclusively(async () => {
      const state = await this.#catalog.state([]);
      const problem = bulkFaults(keys, change, state.services, (owner) => this.#access.mayChange(owner));
      if (problem) throw problem;
      const services = keys.map((key) => bulkChanged(state.services.get(key)!, change));
      const changes = draftChanges(state, draftsOf({ services }), (probe) => this.#catalog.openConfig(probe));
      await this.#writer.write(changes);
      return changes.map(({ key }) => key);
    });
  }

  /** Does something with a thing that is no change of its definition, and so allowed where the file manages it too. @throws Problem not-found */
  act(edited: Edited, work: (stored: StoredOf<CatalogKind>) => Promise<void>): Promise<void> {
    return this.#writer.exclusively(async () => {
      const { kind, key } = edited;
      const state = await this.#catalog.state(probesOf(edited));
      const existing = storedOf(state, kind);
      const stored = existing.get(key);
      if (!stored) throw notFound(kind, key, [...existing.keys()]);
      this.#assertOwner(edited, state);
      await work(stored);
    });
  }

  #assertOwner({ kind, key }: Edited, state: CatalogState): void {
    for (const owner of catalogKinds[kind].owners(state, key)) this.#access.assertMayChange(owner);
  }

  #assertMayChange(edited: Edited, state: CatalogState): void {
    this.#assertOwner(edited, state);
    assertNotManaged(catalogKinds[edited.kind].managedBy(state, edited.key), `${edited.kind} "${edited.key}"`);
  }
}

/** @throws Problem changed-meanwhile */
function assertAsExpected({ kind, key, expect }: Edit, state: CatalogState): void {
  assertUnchanged(expect, storedOf(state, kind).get(key)?.updatedAt, `${kind} "${key}"`);
}

/** The service whose probes have to be known. */
const probesOf = ({ kind, key }: Edited): string[] => (kind === 'probe' ? [key.split('.')[0]!] : []);
