import { Controller, Get, Module } from '@nestjs/common';
import { DiscoveryModule, NestFactory } from '@nestjs/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { permissionsOf } from '../../../server/access/permissions.ts';
import { RouteRequirements } from '../../../server/access/route-requirements.ts';
import { permissions, roles, type Permission } from '../../../server/contract/access.ts';
import { Allow } from '../../../server/platform/allow.decorator.ts';
import { account } from '../../support/accounts.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

interface Route {
  method: string;
  path: string;
}
let server: TestServer;
let routes: Route[];
const cookies: Record<string, string> = {};
beforeAll(async () => {
  server = await startTestServer();
  routes = registeredRoutes(server);
  for (const role of roles) cookies[role] = await account(server, `the-${role}`, role);
});
afterAll(() => server.close());

/** Every route that Express knows, with the parameters filled in. */
function registeredRoutes({ app }: TestServer): Route[] {
  const express = app.getHttpAdapter().getInstance() as {
    router: { stack: { route?: { path: string; methods: Record<string, boolean> } }[] };
  };
  return express.router.stack.flatMap(({ route }) =>
    route
      ? Object.keys(route.methods).map((method) => ({
          method: method.toUpperCase(),
          path: route.path.replaceAll(/:\w+/g, 'x'),
        }))
      : [],
  );
}

const publicRoutes = [
  'GET /api/v1/on-call-schedules/x/calendar.ics',
  'GET /health/live',
  'GET /health/ready',
  'POST /api/v1/heartbeats/x',
  'POST /api/v1/incident-hooks/x',
  'POST /api/v1/message-acts',
  'POST /api/v1/message-acts/read',
  'POST /api/v1/session',
  'POST /api/v1/setup',
];

describe('without sign-in', () => {
  it('every route but the public ones answers 401', async () => {
    expect(routes.length).toBeGreaterThan(15);
    const answers = await Promise.all(
      routes.map(async ({ method, path }) => {
        const reply = await server.request(method, path, method === 'GET' ? undefined : {}, { token: null });
        return { route: `${method} ${path}`, status: reply.status, code: reply.body.code };
      }),
    );
    const open = answers
      .filter(({ status, code }) => status !== 401 || code !== 'sign-in-required')
      .map(({ route }) => route);
    expect(publicRoutes).toEqual(expect.arrayContaining(open));
    expect(open).toEqual(expect.arrayContaining(publicRoutes.filter((route) => !/heartbeats|hooks/.test(route))));
  });

  it.each([
    ['nothing', { token: null }, 'Sign in, or send an API token'],
    ['a cookie that does not hold', { cookie: 'troth_session=wrong' }, 'Sign in, or send an API token'],
    ['a token that does not hold', { token: 'troth_wrong' }, 'The API token that was sent is not valid'],
    ['another scheme', { token: null, headers: { Authorization: 'Basic YTpi' } }, /^The Authorization header .*Bearer/],
  ])('with %s, nothing is opened, and the answer says why', async (_what, options, detail) => {
    const { status, body } = await server.request('GET', '/api/v1/users', undefined, options);
    expect([status, body.code]).toEqual([401, 'sign-in-required']);
    expect(body.detail).toEqual(typeof detail === 'string' ? detail : expect.stringMatching(detail));
  });

  it('a token that is revoked gets the answer of one that never was', async () => {
    const { id, token } = (await server.request('POST', '/api/v1/tokens', { name: 't', scopes: ['board:read'] })).body;
    await server.request('DELETE', `/api/v1/tokens/${id}`);
    const [revoked, unknown] = await Promise.all(
      [token, 'troth_never'].map((one) => server.request('GET', '/api/v1/board', undefined, { token: one })),
    );
    expect(revoked!.body).toEqual(unknown!.body);
  });
});

/** The routes by handler, as the API's own description lists them. */
async function describedRoutes(): Promise<Map<string, Route>> {
  const { body } = await server.request('GET', '/api/docs-json');
  const entries = Object.entries(body.paths as Record<string, Record<string, { operationId: string }>>).flatMap(
    ([path, methods]) =>
      Object.entries(methods).map(([method, { operationId }]): [string, Route] => [
        operationId,
        { method: method.toUpperCase(), path: path.replaceAll(/\{\w+\}/g, 'x') },
      ]),
  );
  return new Map(entries);
}

describe('with sign-in', () => {
  it.each(roles)('the role %s passes exactly the routes of its permissions', async (role) => {
    const described = await describedRoutes();
    const guarded = server.app
      .get(RouteRequirements)
      .list()
      .filter(({ requirement }) => permissions.includes(requirement as Permission));
    expect(guarded.length).toBeGreaterThan(8);
    const wrong: string[] = [];
    for (const { handler, requirement } of guarded) {
      const { method, path } = described.get(handler.replace('Controller.', '.'))!;
      const reply = await server.request(method, path, method === 'GET' ? undefined : {}, { cookie: cookies[role]! });
      const isRefused = reply.status === 403 && String(reply.body.detail).startsWith('This needs the permission');
      if (isRefused === permissionsOf[role].has(requirement as Permission))
        wrong.push(`${method} ${path}: ${reply.status}`);
    }
    expect(wrong).toEqual([]);
  });

  it('roles may do what they are for', () => {
    const table = Object.fromEntries(roles.map((role) => [role, [...permissionsOf[role]].toSorted()]));
    expect(table).toEqual({
      viewer: ['board:read'],
      operator: ['board:read', 'config:read', 'incidents:write', 'metrics:push', 'probes:try'],
      owner: ['board:read', 'catalog:write', 'config:read', 'incidents:write', 'metrics:push', 'probes:try'],
      admin: permissions.toSorted(),
    });
  });

  it('a token may do what its scopes say, no more', async () => {
    const { token } = (await server.request('POST', '/api/v1/tokens', { name: 'm', scopes: ['metrics:read'] })).body;
    expect((await server.request('GET', '/metrics', undefined, { token })).status).toBe(200);
    expect((await server.request('GET', '/api/v1/users', undefined, { token })).status).toBe(403);
  });
});

@Controller('forgotten')
class ForgottenController {
  @Get('declared')
  @Allow('board:read')
  declared(): string {
    return 'declared';
  }

  @Get()
  read(): string {
    return 'open';
  }
}

@Module({ imports: [DiscoveryModule], controllers: [ForgottenController], providers: [RouteRequirements] })
class ForgottenModule {}

describe('a route that does not say who may call it', () => {
  it('stops the start, and is named', async () => {
    const app = await NestFactory.create(ForgottenModule, { logger: false, abortOnError: false });
    await expect(app.init()).rejects.toThrow('Routes without @Allow, @SignedIn or @Public: ForgottenController.read');
    await app.close();
  });
});
