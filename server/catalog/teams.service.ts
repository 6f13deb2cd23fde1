import { Injectable } from '@nestjs/common';
import type { ListQuery, Page, PutQuery, Team } from '../contract/catalog.ts';
import { CatalogEditor, type Edited } from './catalog-editor.service.ts';
import { CatalogRestorer } from './catalog-restorer.service.ts';
import { teamView } from './catalog-views.service.ts';
import { mapReading, readTeam } from './draft-parser.ts';
import { found } from './not-found.ts';
import { toPage } from './paging.ts';
import { TeamsRepository } from './teams.repository.ts';

const edited = (key: string): Edited => ({ kind: 'team', key });

@Injectable()
export class TeamsService {
  readonly #teams: TeamsRepository;
  readonly #editor: CatalogEditor;
  readonly #restorer: CatalogRestorer;

  constructor(teams: TeamsRepository, editor: CatalogEditor, restorer: CatalogRestorer) {
    this.#teams = teams;
    this.#editor = editor;
    this.#restorer = restorer;
  }

  async page(query: ListQuery): Promise<Page<Team>> {
    return toPage(await this.#teams.page(query), teamView);
  }

  async get(key: string): Promise<Team> {
    return teamView(found('team', key, await this.#teams.findByKey(key)));
  }

  /** Names of all teams by key. */
  async names(): Promise<Map<string, string>> {
    return new Map((await this.#teams.all()).map(({ key, name }) => [key, name]));
  }

  /** Answers whether the team is new. */
  put(key: string, input: unknown, { expect }: PutQuery): Promise<boolean> {
    return this.#editor.put({
      ...edited(key),
      expect,
      read: (_state, managedBy) => mapReading(readTeam(input, key, [], managedBy), (draft) => ({ teams: [draft] })),
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
