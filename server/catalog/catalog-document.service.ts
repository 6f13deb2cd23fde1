import { Injectable } from '@nestjs/common';
import type { InputIssue } from '../contract/input-issues.ts';
import { draftChanges, prunedChanges, type CatalogChange, type FieldChange } from './catalog-difference.ts';
import { catalogKinds, type CatalogState, type DocumentSection } from './catalog-kinds.ts';
import { CatalogReferences } from './catalog-references.service.ts';
import { catalogIssues, type NamedKeys, type PathOf } from './catalog-rules.ts';
import { CatalogService } from './catalog.service.ts';
import { CatalogWriter } from './catalog-writer.service.ts';
import { documentOf, type Placeholder } from './document-writer.ts';
import { catalogSections, readDocument, type CatalogDocument } from './document-reader.ts';

export { catalogSections, type CatalogChange, type CatalogDocument, type FieldChange };

export interface DocumentPlan {
  changes: readonly CatalogChange[];
  /** What is wrong with the document; with any of these nothing can be applied. */
  issues: readonly InputIssue[];
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
  readonly #references: CatalogReferences;

  constructor(catalog: CatalogService, writer: CatalogWriter, references: CatalogReferences) {
    this.#catalog = catalog;
    this.#writer = writer;
    this.#references = references;
  }

  /** What an apply would change. */
  async plan(document: CatalogDocument, options: DocumentOptions): Promise<DocumentPlan> {
    return this.#compare(await this.#catalog.state('all'), document, options);
  }

  /** Makes the catalog what the document says, all or nothing; with issues, nothing. Two at once come one after the other. */
  apply(document: CatalogDocument, options: DocumentOptions): Promise<DocumentPlan> {
    return this.#writer.exclusively(async () => {
      const plan = await this.#compare(await this.#catalog.state('all'), document, options);
      if (plan.issues.length === 0) await this.#writer.write(plan.changes);
      return plan;
    });
  }

  /** The whole catalog as a document. */
  async export(placeholder: Placeholder): Promise<CatalogDocument> {
    const state = await this.#catalog.state('all');
    const probes = [...state.probes.values()].map((probe) => ({ ...probe, config: this.#catalog.openConfig(probe) }));
    return documentOf({ ...state, probes }, placeholder);
  }

  async #compare(state: CatalogState, document: CatalogDocument, { prune }: DocumentOptions): Promise<DocumentPlan> {
    const { drafts, named, issues } = readDocument(document, (key) => {
      const stored = state.probes.get(key);
      return stored && { kind: stored.kind, config: this.#catalog.openConfig(stored) };
    });
    const deletions = prune ? prunedChanges(state, drafts).filter((change) => !isNamed(change, named)) : [];
    const changes = draftChanges(state, drafts, (probe) => this.#catalog.openConfig(probe));
    const uses = await this.#references.usesOf(deletions);
    return {
      changes: [...changes, ...deletions],
      issues: [...issues, ...catalogIssues(state, { drafts, deletions, uses }, pathOf, named)],
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
