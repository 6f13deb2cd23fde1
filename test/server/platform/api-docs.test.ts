import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../../support/server.ts';

interface Response {
  description: string;
  content?: Record<string, { schema: { $ref?: string } }>;
}
interface Operation {
  operationId: string;
  summary?: string;
  description?: string;
  security?: object[];
  parameters?: { in: string }[];
  requestBody?: object;
  responses: Record<string, Response>;
}
interface Described {
  name: string;
  method: string;
  path: string;
  operation: Operation;
}

let server: TestServer;
let document: { security: object[]; paths: Record<string, Record<string, Operation>>; components: any };
let operations: Described[];
beforeAll(async () => {
  server = await startTestServer();
  document = (await server.request('GET', '/api/docs-json')).body;
  operations = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ name: `${method} ${path}`, method, path, operation })),
  );
});
afterAll(() => server.close());

const isSecured = ({ security = document.security }: Operation): boolean => security.length > 0;
const failing = (fits: (one: Described) => boolean): string[] =>
  operations.filter((one) => !fits(one)).map(({ name }) => name);

describe('every operation of the description', () => {
  it('has a summary of its own: a short sentence without a full stop', () => {
    expect(operations.length).toBeGreaterThan(40);
    expect(failing(({ operation }) => /^[A-Z].{5,90}[^.]$/.test(operation.summary ?? ''))).toEqual([]);
    expect(new Set(operations.map(({ operation }) => operation.summary)).size).toBe(operations.length);
  });

  it('describes each of its answers, and what an answer with a body holds', () => {
    const isTold = ([status, { description, content }]: [string, Response]) =>
      description.length > 5 && (status === '204') === (content === undefined);
    expect(failing(({ operation }) => Object.entries(operation.responses).every(isTold))).toEqual([]);
  });

  it('answers every fault with a problem document', () => {
    const problems = operations
      .filter(({ path }) => path !== '/health/ready')
      .flatMap(({ operation }) => Object.entries(operation.responses).filter(([status]) => status >= '400'));
    expect(problems.length).toBeGreaterThan(100);
    const refs = problems.map(([, { content }]) => content?.['application/problem+json']?.schema.$ref);
    expect(new Set(refs)).toEqual(new Set(['#/components/schemas/Problem']));
    expect(Object.keys(document.components.schemas.Problem.properties)).toContain('issues');
  });

  it('is secured exactly where the guard refuses a call without sign-in', async () => {
    const wrong: string[] = [];
    for (const { name, method, path, operation } of operations) {
      const body = method === 'get' ? undefined : {};
      const address = path.replaceAll(/\{\w+\}/g, 'x');
      const reply = await server.request(method.toUpperCase(), address, body, { token: null });
      const isRefused = reply.status === 401 && reply.body.code === 'sign-in-required';
      const isTold = isSecured(operation) && operation.responses['401'] !== undefined;
      if (isRefused !== isSecured(operation) || (isRefused && !isTold)) wrong.push(name);
    }
    expect(wrong).toEqual([]);
    expect(operations.filter(({ operation }) => !isSecured(operation)).map(({ name }) => name)).toEqual([
      'get /health/live',
      'get /health/ready',
      'post /api/v1/setup',
      'post /api/v1/session',
      'get /api/v1/on-call-schedules/{key}/calendar.ics',
      'post /api/v1/heartbeats/{token}',
      'post /api/v1/incident-hooks/{token}',
      'post /api/v1/message-acts/read',
      'post /api/v1/message-acts',
    ]);
  });

  it('tells the status that bad input and an unknown key really get', async () => {
    const wrong: string[] = [];
    for (const { name, method, path, operation } of operations) {
      const body = method === 'get' ? undefined : {};
      // What has no key is asked once.
      const addresses = ['x', 'x.y', '0'.repeat(64), '7'].map((key) => path.replaceAll(/\{\w+\}/g, key));
      for (const address of new Set(addresses)) {
        const reply = await server.request(method.toUpperCase(), address, body);
        if (!(String(reply.status) in operation.responses)) wrong.push(`${name} at ${address}: ${reply.status}`);
      }
    }
    expect(wrong).toEqual([]);
  }, 90_000);

  it.each([
    ['put /api/v1/services/{key}', ['200', '201', '400', '401', '403', '409', '413', '415', '422']],
    ['delete /api/v1/teams/{key}', ['204', '400', '401', '403', '404', '409', '422']],
    ['get /api/v1/board', ['200', '401', '403']],
    ['post /api/v1/setup', ['201', '400', '403', '410', '413', '415', '422']],
    ['post /api/v1/probes/run', ['200', '400', '401', '403', '413', '415', '422', '503']],
  ])('%s answers with %j', (name, statuses) => {
    expect(Object.keys(operations.find((one) => one.name === name)!.operation.responses)).toEqual(statuses);
  });
});

describe('the description', () => {
  it('holds no bounds that only say that a number is exact, and no word about JWT', () => {
    const text = JSON.stringify(document);
    expect(text).not.toContain('9007199254740991');
    expect(text).not.toContain('JWT');
    expect(document.components.securitySchemes.token.bearerFormat).toBe('opaque');
  });

  it('names the permission that a route needs', () => {
    expect(document.paths['/api/v1/services/{key}']!['put']!.description).toBe('Needs the permission `catalog:write`.');
  });
});
