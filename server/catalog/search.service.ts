import { Injectable } from '@nestjs/common';
import type { SearchAnswer, SearchQuery } from '../contract/search.ts';
import { SearchRepository } from './search.repository.ts';

@Injectable()
export class SearchService {
  readonly #repository: SearchRepository;

  constructor(repository: SearchRepository) {
    this.#repository = repository;
  }

  /**
   * Lets more be found, of features that stand above. `select` answers with kind, place in the order of kinds, key, name,
   * hint, and all words that are searched.
   */
  include(select: string): void {
    this.#repository.include(select);
  }

  async find(query: SearchQuery): Promise<SearchAnswer> {
    return { items: await this.#repository.find(query) };
  }
}
