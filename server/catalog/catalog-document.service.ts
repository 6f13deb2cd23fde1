import { Injectable } from '@nestjs/common';
import type { InputIssue } from '../contract/input-issues.ts';
import { draftChanges, prunedChanges, type CatalogChange } from './catalog-difference.ts';
import { catalogKinds, type CatalogState, type DocumentSection } from './catalog-kinds.ts';
import { namesOf, type CatalogNames } from './catalog-names.ts';
import { catalogIssues, type NamedKeys, type PathOf } from './catalog-rules.ts';
import { CatalogService } from './catalog.service.ts';
import { CatalogWriter } from './catalog-writer.service.ts';
import { documentOf, type Placeholder } from './document-writer.ts';
import { catalogSections, readDocument, type CatalogDocument } from './document-reader.ts';

export { catalogSections, type CatalogChange, type CatalogDocument };

export interface DocumentPlan {
  changes: readonly CatalogChange[];
  /** What is wrong with the document; with any of these nothing can be applied. */
  issues: readonly InputIssue[];
  /** What there is once it is applied: what refers to the catalog in other sections of the file is checked against it. */
  names: CatalogNames;
}

export interface DocumentOptions {
  /** Whether things go that the file made once and names no more. */
  prune: boolean;
}

/** The whole catalog as one document that is compared, applied and given out. */
@Injectable()
export class CatalogDocumentService {
  readonly #catalog: CatalogService;
  readonly #writer: CatalogWriter;

  constructor(catalog: CatalogService, writer: CatalogWriter) {
    this.#catalog = catalog;
    this.#writer = writer;
  }

  /** What an apply would change. */
  async plan(document: CatalogDocument, options: DocumentOptions): Promise<DocumentPlan> {
    return this.#compare(await this.#catalog.state('all'), document, options);
  }

  /** One writer at a time, in a transaction: what was planned in it still holds when it is written. */
  exclusively<T>(work: () => Promise<T>): Promise<T> {
    return this.#writer.exclusively(work);
  }

  /** Carries out what was planned; call it inside `exclusively`. */
  write(changes: readonly CatalogChange[]): Promise<void> {
    return this.#writer.write(changes);
  }

  /** The whole catalog as a document. */
  async export(placeholder: Placeholder): Promise<CatalogDocument> {
    const state = await this.#catalog.state('all');
    const probes = [...state.probes.values()].map((probe) => ({ ...probe, config: this.#catalog.openConfig(probe) }));
    return documentOf({ ...state, probes }, placeholder);
  }

  #compare(state: CatalogState, document: CatalogDocument, { prune }: DocumentOptions): DocumentPlan {
    const { drafts, named, issues } = readDocument(document, (key) => {
      const stored = state.probes.get(key);
      return stored && { kind: stored.kind, config: this.#catalog.openConfig(stored) };
    });
    const deletions = prune ? prunedChanges(state, drafts).filter((change) => !isNamed(change, named)) : [];
    const changes = draftChanges(state, drafts, (probe) => this.#catalog.openConfig(probe));
    return {
      changes: [...changes, ...deletions],
      names: namesOf(state, [...changes, ...deletions]),
      issues: [...issues, ...catalogIssues(state, { drafts, deletions, uses: [] }, pathOf, named)],
    };
  }
}

const pathOf: PathOf = (kind, key) => {
  const [service = '', probe = ''] = key.split('.');
  return kind === 'probe' ? ['services', service, 'probes', probe] : [catalogKinds[kind].section, key];
};

/** What is named but cannot be read is wrong, not gone. */
const isNamed = ({ kind, key }: CatalogChange, named: NamedKeys): boolean =>
  kind !== 'probe' && named[catalogKinds[kind].section as DocumentSection].includes(key);
