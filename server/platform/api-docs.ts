import type { NestExpressApplication } from '@nestjs/platform-express';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import type { NextFunction, Request, Response } from 'express';
import { z } from 'zod';
import type { Requirement } from './allow.decorator.ts';
import { completeOperations } from './api-operations.ts';
import { version } from './package-root.ts';
import { Problem } from './problem.ts';
import { currentActor } from './request-context.ts';

const path = '/api/docs';

interface RouteRequirement {
  /** `UsersController.list` */
  handler: string;
  requirement: Requirement | undefined;
}

/** `Users.list` */
const operationId = (controller: string, method: string): string =>
  `${controller.replace(/Controller$/, '')}.${method}`;

function describeApi(app: NestExpressApplication, routes: readonly RouteRequirement[]): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Troth')
    .setDescription(
      'Service level agreements and what is really delivered. Every error is an RFC 9457 problem document.',
    )
    .setVersion(version)
    .addBearerAuth(
      { type: 'http', scheme: 'bearer', bearerFormat: 'opaque', description: 'An API token: what its scopes allow' },
      'token',
    )
    .addCookieAuth(
      'troth_session',
      { type: 'apiKey', description: 'The session of someone who signed in: what their role allows' },
      'session',
    )
    .addSecurityRequirements('token')
    .addSecurityRequirements('session')
    .build();
  const document = SwaggerModule.createDocument(app, config, {
    operationIdFactory: operationId,
    standardSchemaConverter: (schema, { schemaType }) => ({
      schema: z.toJSONSchema(schema as z.ZodType, { io: schemaType, unrepresentable: 'any' }),
    }),
  });
  const requirements = routes.map(({ handler, requirement }) => {
    const [controller = '', method = ''] = handler.split('.');
    return [operationId(controller, method), requirement] as const;
  });
  return completeOperations(document, new Map(requirements));
}

/** OpenAPI as a page and as JSON, made when first asked for, shown to those who are signed in. */
export function serveApiDocs(app: NestExpressApplication, routes: () => readonly RouteRequirement[]): void {
  app.use([path, `${path}-json`], (_request: Request, _response: Response, next: NextFunction) => {
    const { kind } = currentActor();
    if (kind === 'anonymous') next(new Problem('sign-in-required', 'Sign in, or send an API token'));
    else next(kind === 'kiosk' ? new Problem('forbidden', 'A kiosk link opens a board alone') : undefined);
  });
  SwaggerModule.setup(path, app, () => describeApi(app, routes()), { raw: ['json'], customSiteTitle: 'Troth API' });
}
