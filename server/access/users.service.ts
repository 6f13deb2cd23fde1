import { Injectable } from '@nestjs/common';
import type { User, UserInput } from '../contract/access.ts';
import type { Page, PageQuery, PutQuery } from '../contract/catalog.ts';
import { Database } from '../platform/database.ts';
import { invalidInput } from '../platform/input.pipe.ts';
import { assertUnchanged, invalidField, Problem } from '../platform/problem.ts';
import { assertWithin, attemptLimits } from './attempt-limits.ts';
import { AuditService } from './audit.service.ts';
import { hashPassword, verifyPassword } from './password.ts';
import type { Principal } from './principal.ts';
import { SessionsService } from './sessions.service.ts';
import { SignInAttemptsRepository } from './sign-in-attempts.repository.ts';
import { UsersRepository, type UserWithTeams } from './users.repository.ts';

const toUser = ({ name, displayName, role, teams, disabled, createdAt, updatedAt }: UserWithTeams): User => ({
  name,
  displayName,
  role,
  teams,
  disabled,
  createdAt: createdAt.toISOString(),
  updatedAt: updatedAt.toISOString(),
});

/** Local accounts. */
@Injectable()
export class UsersService {
  readonly #database: Database;
  readonly #users: UsersRepository;
  readonly #sessions: SessionsService;
  readonly #attempts: SignInAttemptsRepository;
  readonly #audit: AuditService;

  constructor(
    database: Database,
    users: UsersRepository,
    sessions: SessionsService,
    attempts: SignInAttemptsRepository,
    audit: AuditService,
  ) {
    this.#database = database;
    this.#users = users;
    this.#sessions = sessions;
    this.#attempts = attempts;
    this.#audit = audit;
  }

  async page({ limit, cursor }: PageQuery): Promise<Page<User>> {
    const users = await this.#users.page(limit + 1, cursor);
    const items = users.slice(0, limit).map(toUser);
    return { items, next: users.length > limit ? items.at(-1)!.name : null };
  }

  async get(name: string): Promise<User> {
    return toUser(await this.#find(name));
  }

  /** Makes or changes an account; what is already so is left alone. Losing a right, or a new password, ends its sessions. */
  async put(name: string, input: UserInput, { expect }: PutQuery): Promise<User> {
    const before = await this.#users.find(name);
    if (!before && input.password === undefined) throw invalidField('password', 'is needed for a new account');
    // Hashing takes long, so that it is done before the transaction.
    const passwordHash = await newPasswordHash(before, input.password);
    return this.#database.transaction(async () => {
      assertUnchanged(expect, await this.#users.lock(name), `user "${name}"`);
      await (before ? this.#change(before, input, passwordHash) : this.#make(name, input, passwordHash!));
      return this.get(name);
    });
  }

  async delete(name: string): Promise<void> {
    await this.#database.transaction(async () => {
      const user = await this.#find(name);
      await this.#assertNotLastAdmin(user, 'be removed');
      await this.#sessions.endAll(user.id);
      await this.#users.delete(user.id);
      await this.#audit.record({ action: 'user.deleted', subjectKind: 'user', subject: user.name });
    });
  }

  /**
   * Changes the password of an account by its owner; all its sessions end. Wrong ones are counted by session: a stolen
   * one is no place to guess, and who signs in anew is not held up by it. @throws Problem when `current` is wrong
   */
  async changePassword({ id, name }: Principal, current: string, password: string): Promise<void> {
    const user = await this.#find(name);
    assertWithin(await this.#attempts.countInSession(id), attemptLimits.bySession);
    if (!(await verifyPassword(user.passwordHash, current)))
      throw invalidField('current', 'is not the password of this account');
    const passwordHash = await hashPassword(password);
    await this.#database.transaction(async () => {
      await this.#attempts.forgiveSession(id);
      await this.#users.update(user.id, { passwordHash });
      await this.#sessions.endAll(user.id);
      await this.#audit.record({ action: 'user.password-changed', subjectKind: 'user', subject: user.name });
    });
  }

  async #find(name: string): Promise<UserWithTeams> {
    const user = await this.#users.find(name);
    if (!user) throw new Problem('not-found', `There is no account "${name}"`);
    return user;
  }

  async #make(name: string, { teams, ...input }: UserInput, passwordHash: string): Promise<void> {
    const { displayName, role, disabled } = input;
    const id = await this.#users.insert({ name, displayName, role, disabled, passwordHash });
    await this.#setTeams(id, teams);
    const detail = { displayName, role, disabled, teams };
    await this.#audit.record({ action: 'user.created', subjectKind: 'user', subject: name, detail });
  }

  async #change(before: UserWithTeams, input: UserInput, passwordHash: string | undefined): Promise<void> {
    const { displayName, role, disabled } = input;
    const teams = [...new Set(input.teams)].sort();
    if (role !== 'admin' || disabled) await this.#assertNotLastAdmin(before, 'lose its rights');
    const changed = Object.entries({ displayName, role, disabled, teams }).filter(
      ([field, value]) => String(value) !== String(before[field as keyof UserInput & keyof UserWithTeams]),
    );
    if (changed.length === 0 && passwordHash === undefined) return;
    await this.#users.update(before.id, { displayName, role, disabled, ...(passwordHash ? { passwordHash } : {}) });
    await this.#setTeams(before.id, teams);
    const detail = { ...Object.fromEntries(changed), ...(passwordHash ? { passwordChanged: true } : {}) };
    await this.#audit.record({ action: 'user.changed', subjectKind: 'user', subject: before.name, detail });
    if (role !== before.role || (disabled && !before.disabled) || passwordHash) await this.#sessions.endAll(before.id);
  }

  async #setTeams(id: number, teams: readonly string[]): Promise<void> {
    const unknown = await this.#users.setTeams(id, teams);
    if (unknown.length === 0) return;
    throw invalidInput(
      unknown.map((key) => ({ path: ['teams', String(teams.indexOf(key))], message: `there is no team "${key}"` })),
    );
  }

  async #assertNotLastAdmin(user: UserWithTeams, what: string): Promise<void> {
    const admins = await this.#users.lockAdmins();
    if (admins.length === 1 && admins[0] === user.id) {
      throw new Problem('conflict', `"${user.name}" is the last admin that can sign in and cannot ${what}`);
    }
  }
}

/** The hash to store; undefined when the password stays as it is. */
async function newPasswordHash(
  before: UserWithTeams | null,
  password: string | undefined,
): Promise<string | undefined> {
  if (password === undefined) return undefined;
  const isSame = before !== null && (await verifyPassword(before.passwordHash, password));
  return isSame ? undefined : hashPassword(password);
}
