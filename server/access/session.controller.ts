import { Body, Controller, Delete, Get, Headers, HttpCode, Inject, Param, Post, Put, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse } from '@nestjs/swagger';
import type { Response } from 'express';
import { z } from 'zod';
import {
  ownSessionSchema,
  passwordChangeSchema,
  sessionSchema,
  setupSchema,
  signInSchema,
  type OwnSession,
  type PasswordChange,
  type Session,
  type Setup,
  type SignIn,
} from '../contract/access.ts';
import { Public, SignedIn } from '../platform/allow.decorator.ts';
import { ENVIRONMENT, type Environment } from '../platform/config.ts';
import { Operation } from '../platform/operation.decorator.ts';
import { Problem } from '../platform/problem.ts';
import { currentActor } from '../platform/request-context.ts';
import { AccessService } from './access.service.ts';
import { isPrincipal, type Principal } from './principal.ts';
import { longestSessionMs } from './sessions.repository.ts';
import { sessionCookie, SessionsService } from './sessions.service.ts';
import { SignInService } from './sign-in.service.ts';
import { UsersService } from './users.service.ts';

const sessionIdSchema = z.string().regex(/^[0-9a-f]{64}$/, 'is not the id of a session');

type OwnAccount = Principal & { user: NonNullable<Principal['user']>; expiresAt: Date };

/** The account that is signed in; API tokens have none. */
function ownAccount(): OwnAccount {
  const actor = currentActor();
  if (isPrincipal(actor) && actor.user && actor.expiresAt) return actor as OwnAccount;
  throw new Problem('not-found', 'An API token has no session');
}

const toSession = ({ user, permissions, teams, expiresAt }: OwnAccount): Session => ({
  user: { name: user.name, displayName: user.displayName, role: user.role, teams: user.teams },
  permissions: [...permissions],
  mayChangeAll: permissions.has('catalog:write') && teams === 'all',
  expiresAt: expiresAt.toISOString(),
});

/** Signing in and out, and what belongs to one's own account. */
@Controller('api/v1')
export class SessionController {
  readonly #access: AccessService;
  readonly #signIn: SignInService;
  readonly #sessions: SessionsService;
  readonly #users: UsersService;
  readonly #secure: boolean;

  constructor(
    access: AccessService,
    signIn: SignInService,
    sessions: SessionsService,
    users: UsersService,
    @Inject(ENVIRONMENT) { TROTH_TLS_CERT, PUBLIC_URL }: Environment,
  ) {
    this.#access = access;
    this.#signIn = signIn;
    this.#sessions = sessions;
    this.#users = users;
    this.#secure = TROTH_TLS_CERT !== undefined || PUBLIC_URL?.startsWith('https:') === true;
  }

  @Post('setup')
  @Operation('Makes the first account by the setup link, and signs it in', 'forbidden', 'already-set-up')
  @Public()
  @ApiCreatedResponse({ standardSchema: sessionSchema })
  async setUp(
    @Body({ schema: setupSchema }) setup: Setup,
    @Headers('user-agent') userAgent: string | undefined,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Session> {
    return this.#begin(await this.#access.setUp(setup, userAgent), response);
  }

  @Post('session')
  @Operation('Signs in', 'sign-in-failed', 'too-many-requests')
  @Public()
  @ApiCreatedResponse({ standardSchema: sessionSchema })
  async signIn(
    @Body({ schema: signInSchema }) { name, password }: SignIn,
    @Headers('user-agent') userAgent: string | undefined,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Session> {
    return this.#begin(await this.#signIn.signIn(name, password, userAgent), response);
  }

  @Get('session')
  @Operation('Reads the session of this sign-in', 'not-found')
  @SignedIn()
  @ApiOkResponse({ standardSchema: sessionSchema })
  read(): Session {
    return toSession(ownAccount());
  }

  @Delete('session')
  @Operation('Signs out', 'not-found')
  @SignedIn()
  @HttpCode(204)
  async signOut(@Res({ passthrough: true }) response: Response): Promise<void> {
    const { user, id } = ownAccount();
    await this.#sessions.end(user.id, id.replace('session:', ''));
    response.clearCookie(sessionCookie, this.#cookieOptions());
  }

  @Put('session/password')
  @Operation("Changes one's own password, which ends all sessions of the account", 'not-found')
  @SignedIn()
  @HttpCode(204)
  async changePassword(
    @Body({ schema: passwordChangeSchema }) { current, password }: PasswordChange,
    @Res({ passthrough: true }) response: Response,
  ): Promise<void> {
    await this.#users.changePassword(ownAccount(), current, password);
    response.clearCookie(sessionCookie, this.#cookieOptions());
  }

  @Get('sessions')
  @Operation("Lists one's own sessions", 'not-found')
  @SignedIn()
  @ApiOkResponse({ standardSchema: z.array(ownSessionSchema) })
  list(): Promise<OwnSession[]> {
    const { user, id } = ownAccount();
    return this.#sessions.ofUser(user.id, id);
  }

  @Delete('sessions/:id')
  @Operation("Ends another session of one's own")
  @SignedIn()
  @HttpCode(204)
  async end(@Param('id', { schema: sessionIdSchema }) id: string): Promise<void> {
    await this.#sessions.end(ownAccount().user.id, id);
  }

  async #begin(token: string, response: Response): Promise<Session> {
    response.cookie(sessionCookie, token, { ...this.#cookieOptions(), maxAge: longestSessionMs });
    const principal = await this.#sessions.authenticate({ cookie: `${sessionCookie}=${token}` });
    if (!principal) throw new Problem('sign-in-failed', 'The account was just disabled');
    return toSession(principal as OwnAccount);
  }

  #cookieOptions() {
    return { httpOnly: true, sameSite: 'lax', path: '/', secure: this.#secure } as const;
  }
}
