import { Injectable } from '@nestjs/common';
import { AccessService } from '../access/access.service.ts';
import type { PutQuery } from '../contract/catalog.ts';
import { assertUnchanged, Problem } from '../platform/problem.ts';
import { invalidInput } from '../platform/input.pipe.ts';
import type { ServiceChange } from '../contract/service-bulk.ts';
import { bulkChanged, bulkFaults } from './bulk-change.ts';
import {
  deletion,
  draftChanges,
  type CatalogChange,
  type CatalogDrafts,
  type CatalogState,
} from './catalog-difference.ts';
import { catalogIssues, type PathOf } from './catalog-rules.ts';
import { CatalogService } from './catalog.service.ts';
import { CatalogWriter } from './catalog-writer.service.ts';
import type { ManagedBy } from './definitions.ts';
import type { Reading } from './draft-parser.ts';
import type { NewServices } from './new-services-reader.ts';
import { notFound } from './not-found.ts';

/** One thing that is edited by itself. */
export interface Edited {
  kind: CatalogChange['kind'];
  key: string;
  /** All things of its kind, by key. */
  among(state: CatalogState): ReadonlyMap<string, CatalogChange['stored']>;
  managedBy(state: CatalogState): ManagedBy;
  /** The team whose it is; null where it is no team's, undefined where it has still to be made. */
  owner(state: CatalogState): string | null | undefined;
}
export interface Edit extends Edited {
  /** What the writer believes is there; undefined where that does not matter. */
  expect: PutQuery['expect'];
  read(state: CatalogState): Reading<Partial<CatalogDrafts>>;
}

const nothing: CatalogDrafts = { teams: [], locations: [], services: [], probes: [] };

/** Changes one thing at a time for people and programs: checks rights and rules, then writes. */
@Injectable()
export class CatalogEditor {
  readonly #catalog: CatalogService;
  readonly #writer: CatalogWriter;
  readonly #access: AccessService;

  constructor(catalog: CatalogService, writer: CatalogWriter, access: AccessService) {
    this.#catalog = catalog;
    this.#writer = writer;
    this.#access = access;
  }

  /** Makes a thing what the input says; the same input again changes nothing. Answers whether it is new. */
  put(edit: Edit): Promise<boolean> {
    return this.#writer.exclusively(async () => {
      const state = await this.#catalog.state(probesOf(edit));
      this.#assertMayChange(edit, state);
      assertAsExpected(edit, state);
      const { draft, issues } = edit.read(state);
      if (draft === undefined) throw invalidInput(issues);
      const drafts = { ...nothing, ...draft };
      const faults = catalogIssues(state, drafts, [], () => []);
      if (faults.length > 0) throw invalidInput(faults);
      for (const { owner } of drafts.services) this.#access.assertMayChange(owner);
      await this.#writer.write(draftChanges(state, drafts, (probe) => this.#catalog.openConfig(probe)));
      return !edit.among(state).has(edit.key);
    });
  }

  /** Makes services that are not there yet, with their probes, all or nothing; answers their keys. @throws Problem invalid-input */
  makeServices(read: (exists: (key: string) => boolean) => NewServices): Promise<string[]> {
    return this.#writer.exclusively(async () => {
      const state = await this.#catalog.state([]);
      const { drafts: made, issues, placeOf } = read((key) => state.services.has(key));
      const drafts = { ...nothing, ...made };
      const pathOf: PathOf = (kind, key) => {
        const [service = '', probe = ''] = key.split('.');
        const path = ['services', String(placeOf.get(service))];
        return kind === 'probe' ? [...path, 'probes', probe] : path;
      };
      const faults = [...issues, ...catalogIssues(state, drafts, [], pathOf)];
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
      const existing = edited.among(state);
      if (!existing.has(key)) throw notFound(kind, key, [...existing.keys()]);
      this.#assertMayChange(edited, state);
      const change = deletion(kind, key, existing.get(key)) as CatalogChange;
      const faults = catalogIssues(state, nothing, [change], () => []);
      if (faults.length > 0) throw new Problem('in-use', faults.map(({ message }) => message).join('; '));
      await this.#writer.write([change]);
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
      const changes = draftChanges(state, { ...nothing, services }, (probe) => this.#catalog.openConfig(probe));
      await this.#writer.write(changes);
      return changes.map(({ key }) => key);
    });
  }

  #assertMayChange(edited: Edited, state: CatalogState): void {
    const owner = edited.owner(state);
    if (owner !== undefined) this.#access.assertMayChange(owner);
    if (edited.managedBy(state) === 'file') {
      throw new Problem('managed-by-file', `The config file manages ${edited.kind} "${edited.key}": change it there`);
    }
  }
}

/** @throws Problem changed-meanwhile */
function assertAsExpected({ kind, key, expect, among }: Edit, state: CatalogState): void {
  assertUnchanged(expect, among(state).get(key)?.updatedAt, `${kind} "${key}"`);
}

/** The service whose probes have to be known. */
const probesOf = ({ kind, key }: Edited): string[] => (kind === 'probe' ? [key.split('.')[0]!] : []);
