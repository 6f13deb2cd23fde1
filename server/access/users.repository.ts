import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database.ts';
import { UserEntity } from './user.entity.ts';

export type NewUser = Pick<UserEntity, 'name' | 'displayName' | 'passwordHash' | 'role' | 'disabled'>;
/** An account with the keys of its teams. */
export type UserWithTeams = UserEntity & { teams: string[] };

/** Local accounts. Names are the same whatever their case. */
@Injectable()
export class UsersRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async exists(): Promise<boolean> {
    return this.#database.repository(UserEntity).exists();
  }

  async find(name: string): Promise<UserWithTeams | null> {
    const user = await this.#database
      .repository(UserEntity)
      .createQueryBuilder('u')
      .where('lower(u.name) = lower(:name)', { name })
      .getOne();
    return user && (await this.#withTeams([user]))[0]!;
  }

  /** By name, those behind `after`. */
  async page(limit: number, after: string | undefined): Promise<UserWithTeams[]> {
    const query = this.#database.repository(UserEntity).createQueryBuilder('u').orderBy('lower(u.name)').limit(limit);
    if (after !== undefined) query.where('lower(u.name) > lower(:after)', { after });
    return this.#withTeams(await query.getMany());
  }

  /** Everybody by name, or those of these names in lower case, with their teams. */
  people(
    names?: readonly string[],
  ): Promise<{ name: string; displayName: string; disabled: boolean; teams: string[] }[]> {
    return this.#database.query(
      `select u.name, u.display_name as "displayName", u.disabled, array(
         select t.key from user_teams ut join teams t on t.id = ut.team_id and t.deleted_at is null
         where ut.user_id = u.id order by t.key) as teams
       from users u where $1::text[] is null or lower(u.name) = any($1) order by lower(u.name)`,
      [names ?? null],
    );
  }

  async insert(user: NewUser): Promise<number> {
    const { identifiers } = await this.#database.repository(UserEntity).insert(user);
    return identifiers[0]!['id'] as number;
  }

  async update(id: number, change: Partial<NewUser>): Promise<void> {
    await this.#database.repository(UserEntity).update({ id }, change);
  }

  async delete(id: number): Promise<void> {
    await this.#database.repository(UserEntity).delete({ id });
  }

  /** Replaces the teams of an account; the keys of those that do not exist. */
  async setTeams(id: number, keys: readonly string[]): Promise<string[]> {
    await this.#database.query('delete from user_teams where user_id = $1', [id]);
    const known = await this.#database.query<{ key: string }>(
      `with known as (select id, key from teams where key = any($2::text[]) and deleted_at is null),
         placed as (insert into user_teams (user_id, team_id) select $1, id from known)
       select key from known`,
      [id, keys],
    );
    return keys.filter((key) => !known.some((team) => team.key === key));
  }

  /**
   * Locks an account until the transaction ends, and all admins in the order in which everybody locks them; when the
   * account was changed last, undefined where there is none.
   */
  async lock(name: string): Promise<Date | undefined> {
    const rows = await this.#database.query<{ isNamed: boolean; updatedAt: Date }>(
      `select lower(name) = lower($1) as "isNamed", updated_at as "updatedAt" from users
       where lower(name) = lower($1) or role = 'admin' order by id for update`,
      [name],
    );
    return rows.find(({ isNamed }) => isNamed)?.updatedAt;
  }

  /** Locks the accounts of all admins that may sign in until the transaction ends; their ids. */
  async lockAdmins(): Promise<number[]> {
    const rows = await this.#database.query<{ id: number }>(
      `select id from users where role = 'admin' and not disabled order by id for update`,
    );
    return rows.map(({ id }) => id);
  }

  async #withTeams(users: UserEntity[]): Promise<UserWithTeams[]> {
    const rows = await this.#database.query<{ user_id: number; key: string }>(
      `select ut.user_id, t.key from user_teams ut join teams t on t.id = ut.team_id and t.deleted_at is null
       where ut.user_id = any($1::int[]) order by t.key`,
      [users.map(({ id }) => id)],
    );
    return users.map((user) => ({
      ...user,
      teams: rows.filter((row) => row.user_id === user.id).map(({ key }) => key),
    }));
  }
}
