import { randomUUID } from 'node:crypto';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import type { Logger } from './logger.ts';
import type { Metrics } from './metrics.ts';
import { anonymous, withContext } from './request-context.ts';

/** Gives every request an id and a context, before anything else looks at it. */
export function requestContext(request: Request, response: Response, next: NextFunction): void {
  const requestId = randomUUID();
  response.set('X-Request-Id', requestId);
  withContext({ requestId, address: request.ip ?? null, actor: anonymous }, next);
}

const quietRoutes = new Set(['/health/live', '/health/ready', '/metrics', 'unmatched']);

/** Logs and counts what was answered; by the route's pattern, since an address may hold a token. */
export function requestLog(log: Logger, metrics: Metrics): RequestHandler {
  return (request, response, next) => {
    const startedMs = performance.now();
    response.on('close', () => {
      const route = (request.route as { path?: string } | undefined)?.path ?? 'unmatched';
      const elapsedMs = performance.now() - startedMs;
      const status = response.statusCode;
      metrics.requestSeconds.observe({ method: request.method, route, status: String(status) }, elapsedMs / 1_000);
      const level = status >= 500 ? 'warn' : quietRoutes.has(route) ? 'debug' : 'info';
      const requestId = response.get('X-Request-Id');
      log[level](
        {
          requestId,
          method: request.method,
          route,
          status,
          ms: Math.round(elapsedMs),
          aborted: !response.writableFinished,
        },
        'request',
      );
    });
    next();
  };
}
