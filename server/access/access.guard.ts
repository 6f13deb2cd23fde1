import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import { kioskKey, requirementKey, type Requirement } from '../platform/allow.decorator.ts';
import { Problem } from '../platform/problem.ts';
import { currentActor, type Actor } from '../platform/request-context.ts';

/** The one guard: compares what a route asks for with what the caller may do. */
@Injectable()
export class AccessGuard implements CanActivate {
  readonly #reflector: Reflector;

  constructor(reflector: Reflector) {
    this.#reflector = reflector;
  }

  canActivate(context: ExecutionContext): boolean {
    // Sockets are authenticated once, in their handshake.
    if (context.getType() !== 'http') return true;
    const places = [context.getHandler(), context.getClass()];
    const requirement = this.#reflector.getAllAndOverride<Requirement | undefined>(requirementKey, places);
    if (requirement === 'nothing') return true;
    const actor = currentActor();
    if (actor.kind === 'anonymous') throw signInRequired(context.switchToHttp().getRequest<Request>());
    if (actor.kind === 'kiosk') return this.#assertOwnBoard(context, actor);
    if (requirement === 'sign-in') return true;
    if (requirement && actor.permissions.has(requirement)) return true;
    throw new Problem('forbidden', `This needs the permission "${requirement}"`);
  }

  /** A display reads its own board and nothing else, whatever else any sign-in is enough for. */
  #assertOwnBoard(context: ExecutionContext, { board }: Actor): true {
    const parameter = this.#reflector.get<string | undefined>(kioskKey, context.getHandler());
    const { params } = context.switchToHttp().getRequest<Request>();
    if (parameter && board !== undefined && params[parameter] === board) return true;
    throw new Problem('forbidden', `This kiosk link opens the board "${board}" alone`);
  }
}

/** A token that was revoked, has expired or never was one gets the same answer. */
function signInRequired({ headers: { authorization } }: Request): Problem {
  if (authorization === undefined) return new Problem('sign-in-required', 'Sign in, or send an API token');
  return new Problem(
    'sign-in-required',
    /^Bearer +\S+$/i.test(authorization)
      ? 'The API token that was sent is not valid'
      : 'The Authorization header is not understood; send an API token as "Bearer <token>"',
  );
}
