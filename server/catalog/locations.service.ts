import { Injectable } from '@nestjs/common';
import type { ListQuery, Page, PutQuery, Location } from '../contract/catalog.ts';
import { CatalogEditor, type Edited } from './catalog-editor.service.ts';
import { CatalogRestorer } from './catalog-restorer.service.ts';
import { locationView } from './catalog-views.service.ts';
import { mapReading, readLocation } from './draft-parser.ts';
import { found } from './not-found.ts';
import { toPage } from './paging.ts';
import { LocationsRepository } from './locations.repository.ts';

const edited = (key: string): Edited => ({ kind: 'location', key });

@Injectable()
export class LocationsService {
  readonly #locations: LocationsRepository;
  readonly #editor: CatalogEditor;
  readonly #restorer: CatalogRestorer;

  constructor(locations: LocationsRepository, editor: CatalogEditor, restorer: CatalogRestorer) {
    this.#locations = locations;
    this.#editor = editor;
    this.#restorer = restorer;
  }

  async page(query: ListQuery): Promise<Page<Location>> {
    return toPage(await this.#locations.page(query), locationView);
  }

  async get(key: string): Promise<Location> {
    return locationView(found('location', key, await this.#locations.findByKey(key)));
  }

  /** Answers whether the location is new. */
  put(key: string, input: unknown, { expect }: PutQuery): Promise<boolean> {
    return this.#editor.put({
      ...edited(key),
      expect,
      read: (_state, managedBy) =>
        mapReading(readLocation(input, key, [], managedBy), (draft) => ({ locations: [draft] })),
    });
  }

  delete(key: string): Promise<void> {
    return this.#editor.delete(edited(key));
  }

  /** Takes the last deletion back. */
  restore(key: string): Promise<void> {
    return this.#restorer.restore(edited(key));
  }
}
