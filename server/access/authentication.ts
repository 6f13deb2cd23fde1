import type { RequestHandler } from 'express';
import { currentContext } from '../platform/request-context.ts';
import type { SessionsService } from './sessions.service.ts';

const guarded = /^\/(api|metrics)(\/|$)/;

/** Finds out who sends a request before its body is read; what they may do is for the guard. */
export function authentication(sessions: SessionsService): RequestHandler {
  return async (request, _response, next) => {
    const context = currentContext();
    const principal = context && guarded.test(request.path) ? await sessions.authenticate(request.headers) : null;
    if (context && principal) context.actor = principal;
    next();
  };
}
