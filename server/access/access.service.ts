import { Injectable } from '@nestjs/common';
import type { Setup } from '../contract/access.ts';
import { Database } from '../platform/database.ts';
import { Problem } from '../platform/problem.ts';
import { currentActor } from '../platform/request-context.ts';
import { AuditService } from './audit.service.ts';
import { hashToken, newToken, sameHash } from '../platform/opaque-token.ts';
import { hashPassword } from './password.ts';
import { isPrincipal } from './principal.ts';
import { SessionsService } from './sessions.service.ts';
import { SetupLinksRepository } from './setup-links.repository.ts';
import { UsersRepository } from './users.repository.ts';

const alreadySetUp = () =>
  new Problem('already-set-up', 'Troth has its first account; sign in, or ask an admin for one');

export interface ActingPerson {
  user: string;
  name: string;
  isAccount: boolean;
}

/** The first account, and who may change what belongs to a team. */
@Injectable()
export class AccessService {
  readonly #database: Database;
  readonly #users: UsersRepository;
  readonly #links: SetupLinksRepository;
  readonly #sessions: SessionsService;
  readonly #audit: AuditService;

  constructor(
    database: Database,
    users: UsersRepository,
    links: SetupLinksRepository,
    sessions: SessionsService,
    audit: AuditService,
  ) {
    this.#database = database;
    this.#users = users;
    this.#links = links;
    this.#sessions = sessions;
    this.#audit = audit;
  }

  /**
   * The path of the page that makes the first account, `/setup#token`, with a new token each time, which puts an end to
   * the former one; null when there is an account. The token is behind the `#`, where neither logs nor proxies see it.
   */
  async setupLink(): Promise<string | null> {
    if (await this.#users.exists()) return null;
    const token = newToken();
    await this.#links.renew(hashToken(token));
    return `/setup#${token}`;
  }

  /** Makes the first account, an admin, and signs it in: the token of its session. @throws Problem already-set-up, forbidden */
  async setUp({ token, name, displayName, password }: Setup, userAgent: string | undefined): Promise<string> {
    const open = await this.#links.open();
    if (!open) throw alreadySetUp();
    const tokenHash = hashToken(token);
    if (!sameHash(tokenHash, open))
      throw new Problem('forbidden', 'This setup link does not hold; the log of the last start has the one that does');
    const passwordHash = await hashPassword(password);
    return this.#database.transaction(async () => {
      if (!(await this.#links.use(tokenHash))) throw alreadySetUp();
      const id = await this.#users.insert({ name, displayName, passwordHash, role: 'admin', disabled: false });
      await this.#audit.record({
        action: 'user.created',
        subjectKind: 'user',
        subject: name,
        detail: { role: 'admin', by: 'setup link' },
      });
      return this.#sessions.open(id, userAgent);
    });
  }

  /**
   * Refuses those who are bound to teams what belongs to another team; null stands for what belongs to no team.
   * @throws Problem forbidden
   */
  assertMayChange(ownerTeamKey: string | null): void {
    if (this.mayChange(ownerTeamKey)) return;
    throw new Problem(
      'forbidden',
      ownerTeamKey === null
        ? 'Only an admin may change this'
        : `Only team "${ownerTeamKey}" and admins may change this`,
    );
  }

  /** Whether the actor is bound to no team, or to the one whose a thing is; null stands for what belongs to no team. */
  mayChange(ownerTeamKey: string | null): boolean {
    const { teams } = currentActor();
    return teams === 'all' || (ownerTeamKey !== null && teams.includes(ownerTeamKey));
  }

  /** Who acts, by name and as people read it; only an account is a person that can sign. */
  actingPerson(): ActingPerson {
    const actor = currentActor();
    const account = isPrincipal(actor) ? actor.user : null;
    return account
      ? { user: account.name, name: account.displayName, isAccount: true }
      : { user: actor.name, name: actor.name, isAccount: false };
  }
}
