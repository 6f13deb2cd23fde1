import { Injectable, StandardSchemaValidationPipe, type ArgumentMetadata } from '@nestjs/common';
import type { z } from 'zod';
import { Problem, type ProblemIssue } from './problem.ts';

const maxIssues = 100;

/** Faults that zod found, each with the path of the very field: an unknown field is named itself, not its parent. */
export function toIssues(issues: readonly z.core.$ZodIssue[], prefix: readonly PropertyKey[] = []): ProblemIssue[] {
  return issues
    .flatMap((issue) => {
      const path = [...prefix, ...issue.path];
      const text = (parts: readonly PropertyKey[]) => parts.map(String).join('.');
      return issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => ({ path: text([...path, key]), message: 'is not a known field' }))
        : [{ path: text(path), message: issue.message }];
    })
    .slice(0, maxIssues);
}

/** The problem that tells all faults of an input. */
export function invalidInput(issues: readonly ProblemIssue[]): Problem {
  const detail = issues.map(({ path, message }) => (path ? `${path}: ${message}` : message)).join('; ');
  return new Problem('invalid-input', detail, { issues });
}

/** Checks bodies, queries and parameters by the zod schema beside them; what a handler gets is the parsed value. */
@Injectable()
export class InputPipe extends StandardSchemaValidationPipe {
  constructor() {
    super({ exceptionFactory: (issues) => new InputFault(issues as readonly z.core.$ZodIssue[]) });
  }

  override async transform<T>(value: T, metadata: ArgumentMetadata): Promise<T> {
    try {
      return await super.transform(value, metadata);
    } catch (error) {
      if (!(error instanceof InputFault)) throw error;
      throw invalidInput(toIssues(error.issues, metadata.data ? [metadata.data] : []));
    }
  }
}

class InputFault extends Error {
  constructor(readonly issues: readonly z.core.$ZodIssue[]) {
    super('input fault');
  }
}
