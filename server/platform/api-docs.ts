import type { NestExpressApplication } from '@nestjs/platform-express';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import type { NextFunction, Request, Response } from 'express';
import { z } from 'zod';
import { version } from './package-root.ts';
import { Problem } from './problem.ts';
import { currentActor } from './request-context.ts';

const path = '/api/docs';

function describeApi(app: NestExpressApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Troth')
    .setDescription(
      'Service level agreements and what is really delivered. Every error is an RFC 9457 problem document.',
    )
    .setVersion(version)
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'An API token' }, 'token')
    .addCookieAuth('troth_session', undefined, 'session')
    .addSecurityRequirements('token')
    .addSecurityRequirements('session')
    .build();
  return SwaggerModule.createDocument(app, config, {
    operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '')}.${method}`,
    standardSchemaConverter: (schema, { schemaType }) => ({
      schema: z.toJSONSchema(schema as z.ZodType, { io: schemaType, unrepresentable: 'any' }),
    }),
  });
}

/** OpenAPI as a page and as JSON, made when first asked for, shown to those who are signed in. */
export function serveApiDocs(app: NestExpressApplication): void {
  app.use([path, `${path}-json`], (_request: Request, _response: Response, next: NextFunction) => {
    next(
      currentActor().kind === 'anonymous'
        ? new Problem('sign-in-required', 'Sign in, or send an API token')
        : undefined,
    );
  });
  SwaggerModule.setup(path, app, () => describeApi(app), { raw: ['json'], customSiteTitle: 'Troth API' });
}
