import type { z } from 'zod';

/** What stands beside a field whose length is wrong, where its schema has no words of its own; undefined for zod's. */
export function fieldMessage(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === 'too_small' && issue.origin === 'string') {
    return issue.minimum === 1 ? 'must not be empty' : `must have at least ${issue.minimum} characters`;
  }
  return issue.code === 'too_big' && issue.origin === 'string'
    ? `must have at most ${issue.maximum} characters`
    : undefined;
}
