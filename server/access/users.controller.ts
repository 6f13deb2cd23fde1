import { Body, Controller, Delete, Get, HttpCode, Param, Put, Query } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { userInputSchema, userNameSchema, userSchema, type User, type UserInput } from '../contract/access.ts';
import {
  pageOf,
  pageQuerySchema,
  putQuerySchema,
  type Page,
  type PageQuery,
  type PutQuery,
} from '../contract/catalog.ts';
import { Allow } from '../platform/allow.decorator.ts';
import { Operation } from '../platform/operation.decorator.ts';
import { UsersService } from './users.service.ts';

@Controller('api/v1/users')
@Allow('access:manage')
export class UsersController {
  readonly #users: UsersService;

  constructor(users: UsersService) {
    this.#users = users;
  }

  @Get()
  @Operation('Lists accounts')
  @ApiOkResponse({ standardSchema: pageOf(userSchema) })
  list(@Query({ schema: pageQuerySchema }) query: PageQuery): Promise<Page<User>> {
    return this.#users.page(query);
  }

  @Get(':name')
  @Operation('Reads an account')
  @ApiOkResponse({ standardSchema: userSchema })
  get(@Param('name', { schema: userNameSchema }) name: string): Promise<User> {
    return this.#users.get(name);
  }

  @Put(':name')
  @Operation('Makes or changes an account', 'conflict', 'changed-meanwhile')
  @ApiOkResponse({ standardSchema: userSchema })
  put(
    @Param('name', { schema: userNameSchema }) name: string,
    @Query({ schema: putQuerySchema }) query: PutQuery,
    @Body({ schema: userInputSchema }) input: UserInput,
  ): Promise<User> {
    return this.#users.put(name, input, query);
  }

  @Delete(':name')
  @Operation('Deletes an account', 'conflict')
  @HttpCode(204)
  async delete(@Param('name', { schema: userNameSchema }) name: string): Promise<void> {
    await this.#users.delete(name);
  }
}
