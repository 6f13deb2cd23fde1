import { Injectable } from '@nestjs/common';
import type { SearchAnswer, SearchQuery } from '../contract/search.ts';
import { SearchRepository } from './search.repository.ts';

@Injectable()
export class SearchService {
  readonly #repository: SearchRepository;

  constructor(repository: SearchRepository) {
    this.#repository = repository;
  }

  async find(query: SearchQuery): Promise<SearchAnswer> {
    return { items: await this.#repository.find(query) };
  }
}
