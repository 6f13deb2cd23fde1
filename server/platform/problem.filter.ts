import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Response } from 'express';
import { isDatabaseAway } from './database.ts';
import type { Logger } from './logger.ts';
import { Problem, type ProblemCode } from './problem.ts';
import { currentContext } from './request-context.ts';

const codesByStatus: Record<number, [ProblemCode, string?]> = {
  400: ['malformed-input'],
  401: ['sign-in-required'],
  403: ['forbidden'],
  404: ['not-found', 'There is nothing at this address'],
  409: ['conflict'],
  413: ['too-large'],
  415: ['unsupported-media-type'],
  429: ['too-many-requests'],
  503: ['unavailable'],
};

/** Answers every error as an RFC 9457 problem document; what nobody foresaw is logged and tells nothing. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  readonly #log: Logger;

  constructor(log: Logger) {
    this.#log = log;
  }

  catch(error: unknown, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<Response>();
    const problem = this.#toProblem(error);
    if (response.headersSent) {
      response.destroy();
      return;
    }
    if (problem.retryAfterSeconds !== undefined) response.set('Retry-After', String(problem.retryAfterSeconds));
    response.status(problem.status).type('application/problem+json').send(JSON.stringify(problem.toDocument()));
  }

  #toProblem(error: unknown): Problem {
    if (error instanceof Problem) return error;
    // The body parser, `send` and Express tell by `status` and `expose` what is the caller's fault.
    const status = error instanceof HttpException ? error.getStatus() : exposedStatus(error);
    const known = status === undefined ? undefined : codesByStatus[status];
    if (known) return new Problem(known[0], known[1] ?? (error as Error).message);
    if (status !== undefined && status < 500) return new Problem('malformed-input', (error as Error).message);
    const requestId = currentContext()?.requestId;
    this.#log.error({ err: error, requestId }, 'a request failed');
    if (isDatabaseAway(error))
      return new Problem('unavailable', 'The database does not answer', { retryAfterSeconds: 5 });
    return new Problem('internal', `Something went wrong inside Troth; the log has it under ${requestId}`);
  }
}

function exposedStatus(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') return undefined;
  return 'expose' in error && error.expose === true ? error.status : undefined;
}
