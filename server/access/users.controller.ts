import { Body, Controller, Delete, Get, HttpCode, Param, Put, Query } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { userInputSchema, userNameSchema, userSchema, type User, type UserInput } from '../contract/access.ts';
import { pageOf, pageQuerySchema, type Page, type PageQuery } from '../contract/catalog.ts';
import { Allow } from '../platform/allow.decorator.ts';
import { UsersService } from './users.service.ts';

@Controller('api/v1/users')
@Allow('access:manage')
export class UsersController {
  readonly #users: UsersService;

  constructor(users: UsersService) {
    this.#users = users;
  }

  @Get()
  @ApiOkResponse({ standardSchema: pageOf(userSchema) })
  list(@Query({ schema: pageQuerySchema }) query: PageQuery): Promise<Page<User>> {
    return this.#users.page(query);
  }

  @Get(':name')
  @ApiOkResponse({ standardSchema: userSchema })
  get(@Param('name', { schema: userNameSchema }) name: string): Promise<User> {
    return this.#users.get(name);
  }

  @Put(':name')
  @ApiOkResponse({ standardSchema: userSchema })
  put(
    @Param('name', { schema: userNameSchema }) name: string,
    @Body({ schema: userInputSchema }) input: UserInput,
  ): Promise<User> {
    return this.#users.put(name, input);
  }

  @Delete(':name')
  @HttpCode(204)
  async delete(@Param('name', { schema: userNameSchema }) name: string): Promise<void> {
    await this.#users.delete(name);
  }
}
