/** Completes the description of every operation from what the code knows of it anyway. */
import type { OpenAPIObject } from '@nestjs/swagger';
import { z } from 'zod';
import { problemSchema } from '../contract/access.ts';
import type { Requirement } from './allow.decorator.ts';
import { problemsKey } from './operation.decorator.ts';
import { problems, type ProblemCode } from './problem.ts';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;

interface Route {
  method: Method;
  path: string;
  operation: Operation;
  requirement: Requirement | undefined;
}

const methods = ['get', 'put', 'post', 'delete', 'patch'] as const;
type Method = (typeof methods)[number];

const problemRef = '#/components/schemas/Problem';

/** Adds security, the problems and what is missing of descriptions; `requirements` by id of the operation. */
export function completeOperations(
  document: OpenAPIObject,
  requirements: ReadonlyMap<string, Requirement | undefined>,
): OpenAPIObject {
  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of methods) {
      const operation = item[method];
      if (operation) complete({ method, path, operation, requirement: requirements.get(operation.operationId ?? '') });
    }
  }
  const { $schema: _dialect, ...problem } = z.toJSONSchema(problemSchema);
  document.components = {
    ...document.components,
    schemas: { ...document.components?.schemas, Problem: problem as object },
  };
  return withoutNoise(document) as OpenAPIObject;
}

function complete(route: Route): void {
  const { operation, method, requirement } = route;
  if (requirement === 'nothing') operation.security = [];
  else if (requirement && requirement !== 'sign-in') operation.description = permissionText(operation, requirement);
  for (const [status, response] of Object.entries(operation.responses)) {
    if (response && 'description' in response) response.description ||= successText(status, method);
  }
  for (const [status, codes] of byStatus(problemsOf(route))) {
    const description = codes.map((code) => `${problems[code].title} (\`${code}\`)`).join('; ');
    operation.responses[status] ??= {
      description,
      content: { 'application/problem+json': { schema: { $ref: problemRef } } },
    };
  }
  delete (operation as { [problemsKey]?: unknown })[problemsKey];
}

const permissionText = ({ description }: Operation, permission: string): string =>
  [description, `Needs the permission \`${permission}\`.`].filter(Boolean).join(' ');

const successTexts: Partial<Record<string, string>> = {
  'get 200': 'What was asked for',
  'put 200': 'It was there, and is now as the body says',
  'put 201': 'It was made',
  'post 201': 'It was made',
};

const successText = (status: string, method: Method): string =>
  successTexts[`${method} ${status}`] ?? (status === '204' ? 'It was done; the answer is empty' : 'It was done');

function problemsOf({ method, path, operation, requirement }: Route): ProblemCode[] {
  const isOpen = requirement === 'nothing';
  const needsPermission = !isOpen && requirement !== 'sign-in';
  const hasBody = operation.requestBody !== undefined;
  const isInput = hasBody || (operation.parameters ?? []).length > 0;
  const hasKey = path.includes('{');
  const found: [ProblemCode, boolean][] = [
    ['malformed-input', hasBody || hasKey],
    ['sign-in-required', !isOpen],
    // Even where any sign-in will do, a write that a browser sends for another site is refused.
    ['forbidden', needsPermission || method !== 'get'],
    // A PUT makes what is not there.
    ['not-found', hasKey && method !== 'put'],
    ['managed-by-file', requirement === 'catalog:write'],
    ['too-large', hasBody],
    ['unsupported-media-type', hasBody],
    ['invalid-input', isInput],
  ];
  const own = (operation as { [problemsKey]?: readonly ProblemCode[] })[problemsKey] ?? [];
  return [...new Set([...found.filter(([, isGiven]) => isGiven).map(([code]) => code), ...own])];
}

function byStatus(codes: readonly ProblemCode[]): Map<string, ProblemCode[]> {
  const groups = new Map<string, ProblemCode[]>();
  for (const code of codes) {
    const status = String(problems[code].status);
    groups.set(status, [...(groups.get(status) ?? []), code]);
  }
  return groups;
}

/** Without bounds that only say that a whole number is exact, and without the dialect that each schema repeats. */
function withoutNoise(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNoise);
  if (typeof value !== 'object' || value === null) return value;
  const told = Object.entries(value).filter(
    ([name, item]) => name !== '$schema' && !(typeof item === 'number' && Math.abs(item) === Number.MAX_SAFE_INTEGER),
  );
  return Object.fromEntries(told.map(([name, item]) => [name, withoutNoise(item)]));
}
