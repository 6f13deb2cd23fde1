import { Injectable } from '@nestjs/common';
import type { ProbeKind } from '../../probes/contract.ts';
import { kindSchemas } from '../../probes/registry.ts';
import type { Page, Probe, ProbeKindInfo, ProbeListQuery, PutQuery } from '../contract/catalog.ts';
import { invalidInput } from '../platform/input.pipe.ts';
import { Problem } from '../platform/problem.ts';
import { CatalogEditor, type Edited } from './catalog-editor.service.ts';
import { CatalogRestorer } from './catalog-restorer.service.ts';
import { CatalogService } from './catalog.service.ts';
import { CatalogViews, hasRightTo } from './catalog-views.service.ts';
import type { ProbeDraft } from './definitions.ts';
import { mapReading, readConfig, readProbe } from './draft-parser.ts';
import { found, notFound } from './not-found.ts';
import { toPage } from './paging.ts';
import { ProbesRepository } from './probes.repository.ts';

/** The two parts of `payroll.login`. */
export interface ProbeName {
  service: string;
  key: string;
}

const edited = ({ service, key }: ProbeName): Edited => ({ kind: 'probe', key: `${service}.${key}` });

@Injectable()
export class ProbesService {
  readonly #probes: ProbesRepository;
  readonly #catalog: CatalogService;
  readonly #views: CatalogViews;
  readonly #editor: CatalogEditor;
  readonly #restorer: CatalogRestorer;

  constructor(
    probes: ProbesRepository,
    catalog: CatalogService,
    views: CatalogViews,
    editor: CatalogEditor,
    restorer: CatalogRestorer,
  ) {
    this.#probes = probes;
    this.#catalog = catalog;
    this.#views = views;
    this.#editor = editor;
    this.#restorer = restorer;
  }

  kinds(): ProbeKindInfo[] {
    return kindSchemas().map((kind) => ({ ...kind, schema: kind.schema as Record<string, unknown> }));
  }

  async page(query: ProbeListQuery): Promise<Page<Probe>> {
    return toPage(await this.#probes.page(query), (probe) => this.#views.probe(probe));
  }

  async get(name: ProbeName): Promise<Probe> {
    return this.#views.probe(found('probe', edited(name).key, await this.#probes.findByName(name)));
  }

  /** Answers whether the probe is new. A secret sent back as it was shown stays what it is. */
  put(name: ProbeName, input: unknown, { expect }: PutQuery): Promise<boolean> {
    const edit = edited(name);
    return this.#editor.put({
      ...edit,
      expect,
      read: ({ services, probes }) => {
        if (!services.has(name.service)) throw notFound('service', name.service, [...services.keys()]);
        const stored = probes.get(edit.key);
        const known = stored && { kind: stored.kind, config: this.#catalog.openConfig(stored) };
        return mapReading(readProbe(input, name, [], known), (draft) => ({ probes: [draft] }));
      },
    });
  }

  /** Reads a config that shall be run once; what it shows hidden stands for the stored secrets of the named probe. */
  async readTrial(kind: ProbeKind, config: Record<string, unknown>, name?: ProbeName): Promise<ProbeDraft['config']> {
    const stored = name && found('probe', edited(name).key, await this.#probes.findByName(name));
    if (stored && !hasRightTo(stored.owner)) {
      throw new Problem('forbidden', 'Only those who may change a probe may run it with its secrets');
    }
    const known = stored && { kind: stored.kind, config: this.#catalog.openConfig(stored) };
    const { draft, issues } = readConfig(kind, config, ['config'], known);
    if (draft === undefined) throw invalidInput(issues);
    return draft;
  }

  delete(name: ProbeName): Promise<void> {
    return this.#editor.delete(edited(name));
  }

  /** Takes the last deletion back. */
  restore(name: ProbeName): Promise<void> {
    return this.#restorer.restore(edited(name));
  }
}
