import { Module } from '@nestjs/common';
import { APP_GUARD, DiscoveryModule } from '@nestjs/core';
import { AccessGuard } from './access.guard.ts';
import { AccessService } from './access.service.ts';
import { AuditController } from './audit.controller.ts';
import { AuditRepository } from './audit.repository.ts';
import { AuditService } from './audit.service.ts';
import { IssuedTokens } from './issued-tokens.ts';
import { KioskTokensService } from './kiosk-tokens.service.ts';
import { PeopleService } from './people.service.ts';
import { RouteRequirements } from './route-requirements.ts';
import { SessionController } from './session.controller.ts';
import { SessionsRepository } from './sessions.repository.ts';
import { SessionsService } from './sessions.service.ts';
import { SetupLinksRepository } from './setup-links.repository.ts';
import { SignInAttemptsRepository } from './sign-in-attempts.repository.ts';
import { SignInService } from './sign-in.service.ts';
import { TokensController } from './tokens.controller.ts';
import { TokensRepository } from './tokens.repository.ts';
import { TokensService } from './tokens.service.ts';
import { UsersController } from './users.controller.ts';
import { UsersRepository } from './users.repository.ts';
import { UsersService } from './users.service.ts';

/** Who may do what, and the record of what was done; all other features stand on it. */
@Module({
  imports: [DiscoveryModule],
  controllers: [SessionController, UsersController, TokensController, AuditController],
  providers: [
    { provide: APP_GUARD, useClass: AccessGuard },
    RouteRequirements,
    AccessService,
    AuditService,
    SessionsService,
    SignInService,
    TokensService,
    IssuedTokens,
    KioskTokensService,
    UsersService,
    PeopleService,
    AuditRepository,
    SessionsRepository,
    SetupLinksRepository,
    SignInAttemptsRepository,
    TokensRepository,
    UsersRepository,
  ],
  exports: [AccessService, AuditService, KioskTokensService, PeopleService, SessionsService, RouteRequirements],
})
export class AccessModule {}
