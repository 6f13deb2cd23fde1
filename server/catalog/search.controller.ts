import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { searchQuerySchema, searchSchema, type SearchAnswer, type SearchQuery } from '../contract/search.ts';
import { Allow } from '../platform/allow.decorator.ts';
import { Operation } from '../platform/operation.decorator.ts';
import { SearchService } from './search.service.ts';

@Controller('api/v1/search')
@Allow('board:read')
export class SearchController {
  readonly #search: SearchService;

  constructor(search: SearchService) {
    this.#search = search;
  }

  @Get()
  @Operation('Finds anything by its name, key or tag, or what there is of one kind')
  @ApiOkResponse({ standardSchema: searchSchema })
  find(@Query({ schema: searchQuerySchema }) query: SearchQuery): Promise<SearchAnswer> {
    return this.#search.find(query);
  }
}
