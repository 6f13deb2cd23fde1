import { Injectable, type OnModuleInit } from '@nestjs/common';
import ipaddr from 'ipaddr.js';
import { Database } from '../platform/database.ts';
import { Problem } from '../platform/problem.ts';
import { currentContext } from '../platform/request-context.ts';
import { assertWithin, attemptLimits } from './attempt-limits.ts';
import { AuditService } from './audit.service.ts';
import { verifyPassword } from './password.ts';
import { SessionsService } from './sessions.service.ts';
import { SignInAttemptsRepository } from './sign-in-attempts.repository.ts';
import { UsersRepository } from './users.repository.ts';

/** One household of addresses: of IPv6 the network, since whoever has one address has them all. */
function networkOf(address: string | null): string {
  if (address === null || !ipaddr.isValid(address)) return '';
  const parsed = ipaddr.process(address);
  return parsed.kind() === 'ipv6' ? parsed.toByteArray().slice(0, 8).join('.') : parsed.toString();
}

/** Signing in with name and password: the same answer, after the same time, whatever was wrong. */
@Injectable()
export class SignInService implements OnModuleInit {
  readonly #database: Database;
  readonly #users: UsersRepository;
  readonly #attempts: SignInAttemptsRepository;
  readonly #sessions: SessionsService;
  readonly #audit: AuditService;

  constructor(
    database: Database,
    users: UsersRepository,
    attempts: SignInAttemptsRepository,
    sessions: SessionsService,
    audit: AuditService,
  ) {
    this.#database = database;
    this.#users = users;
    this.#attempts = attempts;
    this.#sessions = sessions;
    this.#audit = audit;
  }

  /** Makes the hash that unknown names are compared with, so that the first one takes no longer than the next. */
  async onModuleInit(): Promise<void> {
    await verifyPassword(null, '');
  }

  /** The token of a new session. @throws Problem sign-in-failed, too-many-requests */
  async signIn(name: string, password: string, userAgent: string | undefined): Promise<string> {
    const typed = name.trim().toLowerCase();
    const network = networkOf(currentContext()?.address ?? null);
    const { byName, byAddress } = await this.#attempts.count(typed, network);
    assertWithin(byName, attemptLimits.byName);
    assertWithin(byAddress, attemptLimits.byAddress);
    const user = await this.#users.find(typed);
    const fits = await verifyPassword(user?.passwordHash ?? null, password);
    if (!user || !fits || user.disabled) throw new Problem('sign-in-failed', 'Name or password is wrong');
    await this.#attempts.forgive(typed, network);
    return this.#database.transaction(async () => {
      await this.#audit.record({ action: 'session.opened', subjectKind: 'user', subject: user.name });
      return this.#sessions.open(user.id, userAgent);
    });
  }
}
