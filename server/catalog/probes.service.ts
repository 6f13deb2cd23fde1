import { Injectable } from '@nestjs/common';
import { kindSchemas } from '../../probes/registry.ts';
import type { Page, Probe, ProbeKindInfo, ProbeListQuery } from '../contract/catalog.ts';
import { CatalogEditor, type Edited } from './catalog-editor.service.ts';
import { CatalogService } from './catalog.service.ts';
import { CatalogViews } from './catalog-views.service.ts';
import { mapReading, readProbe } from './draft-parser.ts';
import { found, notFound } from './not-found.ts';
import { toPage } from './paging.ts';
import { ProbesRepository } from './probes.repository.ts';

/** The two parts of `payroll.login`. */
export interface ProbeName {
  service: string;
  key: string;
}

const edited = ({ service, key }: ProbeName): Edited => ({
  kind: 'probe',
  key: `${service}.${key}`,
  among: ({ probes }) => probes,
  managedBy: ({ services }) => services.get(service)?.managedBy ?? null,
  owner: ({ services }) => services.get(service)?.owner,
});

@Injectable()
export class ProbesService {
  readonly #probes: ProbesRepository;
  readonly #catalog: CatalogService;
  readonly #views: CatalogViews;
  readonly #editor: CatalogEditor;

  constructor(probes: ProbesRepository, catalog: CatalogService, views: CatalogViews, editor: CatalogEditor) {
    this.#probes = probes;
    this.#catalog = catalog;
    this.#views = views;
    this.#editor = editor;
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
  put(name: ProbeName, input: unknown): Promise<boolean> {
    const edit = edited(name);
    return this.#editor.put({
      ...edit,
      read: ({ services, probes }) => {
        if (!services.has(name.service)) throw notFound('service', name.service, [...services.keys()]);
        const stored = probes.get(edit.key);
        const known = stored && { kind: stored.kind, config: this.#catalog.openConfig(stored) };
        return mapReading(readProbe(input, name, [], known), (draft) => ({ probes: [draft] }));
      },
    });
  }

  delete(name: ProbeName): Promise<void> {
    return this.#editor.delete(edited(name));
  }
}
