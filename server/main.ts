import 'reflect-metadata';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';
import { authentication } from './access/authentication.ts';
import { RouteRequirements } from './access/route-requirements.ts';
import { SessionsService } from './access/sessions.service.ts';
import { AppModule } from './app.module.ts';
import { serveApiDocs } from './platform/api-docs.ts';
import {
  leaveOctets,
  parseCalendar,
  parseJson,
  parsePaper,
  parseSigned,
  parseYaml,
  refuseUnreadBody,
} from './platform/body-parsers.ts';
import type { Environment } from './platform/config.ts';
import { InputPipe } from './platform/input.pipe.ts';
import { listen, stopServing } from './platform/listen.ts';
import { createLogger, type Logger } from './platform/logger.ts';
import { Metrics } from './platform/metrics.ts';
import { NestLogger } from './platform/nest-logger.ts';
import { packing } from './platform/packing.ts';
import { PlatformModule } from './platform/platform.module.ts';
import { ProblemFilter } from './platform/problem.filter.ts';
import { Problem } from './platform/problem.ts';
import { requestContext, requestLog } from './platform/request-log.ts';
import { securityHeaders } from './platform/security-headers.ts';
import { builtClient, staticClient } from './platform/static-client.ts';
import { readTls } from './platform/tls.ts';
import { trustProxies } from './platform/trust-proxies.ts';
import { schema } from './schema.ts';

export interface RunningServer {
  /** Where it listens, such as `http://127.0.0.1:8484`. */
  url: string;
  app: INestApplication;
  /** Answers what it has begun, stops every feature, ends every connection. */
  close(): Promise<void>;
}

export interface ServerOptions {
  log?: Logger;
  /** Folder of the built client. */
  clientFolder?: string;
}

/** Starts a server that is ready to serve. @throws ConfigError that names the bad variable */
export async function createServer(environment: Environment, options: ServerOptions = {}): Promise<RunningServer> {
  const log = options.log ?? createLogger(environment.LOG_LEVEL, 'troth');
  const tls = readTls(environment);
  const app = await NestFactory.create<NestExpressApplication>(
    { module: AppModule, imports: [PlatformModule.forRoot(environment, schema, log)] },
    {
      logger: new NestLogger(log),
      bodyParser: false,
      abortOnError: false,
      routeConflictPolicy: { duplicate: 'error' },
      routeResolutionStrategy: 'specificity',
      ...(tls ? { httpsOptions: tls } : {}),
    },
  );
  try {
    serve(app, environment, log, options.clientFolder ?? builtClient);
    await listen(app, environment);
  } catch (error) {
    await app.close();
    throw error;
  }
  const url = await app.getUrl();
  log.info({ url, roles: environment.TROTH_ROLES }, 'the server is ready');
  return { url, app, close: () => stopServing(app) };
}

/** What a request passes, in this order, before it comes to a controller. */
function serve(app: NestExpressApplication, environment: Environment, log: Logger, clientFolder: string): void {
  const { PUBLIC_URL, TROTH_ROLES, TROTH_TLS_CERT, TROTH_TRUST_PROXY } = environment;
  app.disable('x-powered-by');
  trustProxies(app, TROTH_TRUST_PROXY);
  app.use(requestContext, requestLog(log, app.get(Metrics)));
  app.use(securityHeaders({ https: TROTH_TLS_CERT !== undefined }), packing());
  if (!TROTH_ROLES.includes('api')) app.use(refuseApi);
  app.enableCsrfProtection({
    trustedOrigins: PUBLIC_URL ? [new URL(PUBLIC_URL).origin] : [],
    // A browser adds a bearer token to no request by itself.
    exclude: (request: Request) => request.headers.authorization !== undefined,
  });
  app.use(authentication(app.get(SessionsService)));
  app.use('/api/v1/config', parseYaml);
  app.use('/api/v1/calendars', parseCalendar);
  app.use('/api/v1/agreements', parsePaper);
  app.use('/api/v1/imports', leaveOctets);
  app.use('/api/v1/incident-hooks', parseSigned);
  app.use(parseJson, refuseUnreadBody);
  serveApiDocs(app, () => app.get(RouteRequirements).list());
  app.use(staticClient(clientFolder));
  app.useGlobalPipes(new InputPipe());
  app.useGlobalFilters(new ProblemFilter(log));
}

/** A server without the role `api` answers for its health and its metrics alone. */
function refuseApi(request: Request, _response: Response, next: NextFunction): void {
  const isOwn = /^\/(health|metrics)(\/|$)/.test(request.path);
  next(isOwn ? undefined : new Problem('not-found', 'This server does not serve the API (TROTH_ROLES)'));
}
