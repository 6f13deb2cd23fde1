import { applyDecorators } from '@nestjs/common';
import { ApiExtension, ApiOperation } from '@nestjs/swagger';
import type { ProblemCode } from './problem.ts';

/** Under this name the description of a route carries its problems until they have become responses. */
export const problemsKey = 'x-problems';

/**
 * What a route does, in a short sentence for the API's description, and the problems it answers with that nothing else
 * tells: those of sign-in, of permissions, of bad input and of unknown keys are added to every route that can have them.
 */
export const Operation = (summary: string, ...problems: readonly ProblemCode[]) =>
  applyDecorators(ApiOperation({ summary }), ApiExtension(problemsKey, problems));
