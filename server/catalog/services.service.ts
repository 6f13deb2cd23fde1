import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import {
  newServicesSchema,
  type Page,
  type PutQuery,
  type Service,
  type ServiceListQuery,
} from '../contract/catalog.ts';
import { parseInput } from '../contract/input-issues.ts';
import type { ServiceBulk, ServiceBulkResult } from '../contract/service-bulk.ts';
import { invalidInput } from '../platform/input.pipe.ts';
import { CatalogEditor, type Edited } from './catalog-editor.service.ts';
import { CatalogRestorer } from './catalog-restorer.service.ts';
import { CatalogViews } from './catalog-views.service.ts';
import { withProbes } from './definitions.ts';
import { mapReading, readService } from './draft-parser.ts';
import { readNewServices } from './new-services-reader.ts';
import { found } from './not-found.ts';
import { toPage } from './paging.ts';
import { ProbesRepository } from './probes.repository.ts';
import { ServicesRepository } from './services.repository.ts';

const edited = (key: string): Edited => ({ kind: 'service', key });

/** The list alone: what is in it is read by itself, so that all its faults are told. */
const listSchema = newServicesSchema.extend({ services: z.array(z.unknown()).min(1).max(500) });

@Injectable()
export class ServicesService {
  readonly #services: ServicesRepository;
  readonly #probes: ProbesRepository;
  readonly #views: CatalogViews;
  readonly #editor: CatalogEditor;
  readonly #restorer: CatalogRestorer;

  constructor(
    services: ServicesRepository,
    probes: ProbesRepository,
    views: CatalogViews,
    editor: CatalogEditor,
    restorer: CatalogRestorer,
  ) {
    this.#services = services;
    this.#probes = probes;
    this.#views = views;
    this.#editor = editor;
    this.#restorer = restorer;
  }

  async page(query: ServiceListQuery): Promise<Page<Service>> {
    const { rows, next } = await this.#services.page(query);
    const probes = await this.#probes.find(rows.map(({ id }) => id));
    return toPage({ rows: withProbes(rows, probes), next }, (service) => this.#views.service(service));
  }

  async get(key: string): Promise<Service> {
    const service = found('service', key, await this.#services.findByKey(key));
    const [definition] = withProbes([service], await this.#probes.find([service.id]));
    return this.#views.service(definition!);
  }

  /** Answers whether the service is new; its probes are put by themselves. */
  put(key: string, input: unknown, { expect }: PutQuery): Promise<boolean> {
    return this.#editor.put({
      ...edited(key),
      expect,
      read: (_state, managedBy) =>
        mapReading(readService(input, key, [], managedBy), (draft) => ({ services: [draft] })),
    });
  }

  /** Does the same to many services, or to none of them where one may not be changed. */
  async changeMany({ keys, change }: ServiceBulk): Promise<ServiceBulkResult> {
    return { changed: await this.#editor.changeServices(keys, change) };
  }

  /** Makes services with their probes, all or nothing; answers their keys. @throws Problem invalid-input */
  makeAll(input: unknown): Promise<string[]> {
    const { value, issues } = parseInput(listSchema, input);
    if (value === undefined) throw invalidInput(issues);
    return this.#editor.makeServices((exists) => readNewServices(value.services, exists));
  }

  /** Deletes the service with its probes. */
  delete(key: string): Promise<void> {
    return this.#editor.delete(edited(key));
  }

  /** Takes the last deletion back. */
  restore(key: string): Promise<void> {
    return this.#restorer.restore(edited(key));
  }
}
