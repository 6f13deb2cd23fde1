import { Injectable } from '@nestjs/common';
import { UsersRepository } from './users.repository.ts';

/** An account as other features name it. */
export interface Person {
  name: string;
  displayName: string;
  /** Cannot sign in. */
  disabled: boolean;
  teams: readonly string[];
}

/** Who there is, for features that name people: by the names of their accounts, whatever the case. */
@Injectable()
export class PeopleService {
  constructor(readonly users: UsersRepository) {}

  /** Everybody, or those of these names that there are, by their names in lower case. */
  async named(names?: readonly string[]): Promise<Map<string, Person>> {
    if (names?.length === 0) return new Map();
    const people = await this.users.people(names?.map((name) => name.toLowerCase()));
    return new Map(people.map((person) => [person.name.toLowerCase(), person]));
  }
}
