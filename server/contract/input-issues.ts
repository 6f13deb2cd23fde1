/** The one place where faults of an input are found and put into words, whatever way it came. Browser-safe. */
import type { z } from 'zod';
import { expectedBy, isTypeIssue, messageOf, typeOf, unsaid } from './issue-text.ts';
import { jsonSchemaOf, knownFields, schemasAt, type JsonSchema } from './schema-fields.ts';
import { listed, quoted, suggestion } from './suggestion.ts';

/** A fault of an input, its path as a list, so that a file's reader can find the place. */
export interface InputIssue {
  path: readonly string[];
  message: string;
  /** The fault is the name of the field itself, not its value. */
  isName?: true;
}

export type Parsed<T> = { value: T; issues: [] } | { value: undefined; issues: InputIssue[] };

/** Parses by a schema; faults carry full paths below `prefix` and say what is allowed. */
export function parseInput<T>(
  schema: z.ZodType<T>,
  input: unknown,
  prefix: readonly string[] = [],
  jsonSchema: () => JsonSchema = () => jsonSchemaOf(schema),
): Parsed<T> {
  const result = schema.safeParse(input, { reportInput: true, error: () => unsaid });
  if (result.success) return { value: result.data, issues: [] };
  const issues = result.error.issues.flatMap((issue) => toInputIssues(issue, [], jsonSchema));
  return { value: undefined, issues: issues.map(({ path, ...issue }) => ({ path: [...prefix, ...path], ...issue })) };
}

/** `outer` leads from the whole input to where the issue's own path begins. */
function toInputIssues(issue: z.core.$ZodIssue, outer: readonly string[], schema: () => JsonSchema): InputIssue[] {
  const path = [...outer, ...issue.path.map(String)];
  switch (issue.code) {
    case 'unrecognized_keys': {
      const known = knownFields(schema(), path);
      return issue.keys.map((key) => ({
        path: [...path, key],
        message: `${quoted(key)} is not a known field${suggestion(key, known)}`,
        isName: true,
      }));
    }
    case 'invalid_key': {
      const message = `the key ${quoted(path.at(-1) ?? '')} ${messageOf(issue.issues[0]!, [])}`;
      return [{ path, message, isName: true }];
    }
    case 'invalid_element':
      return issue.issues.flatMap((one) => toInputIssues(one, path, schema));
    case 'invalid_union':
      return unionIssues(issue, path, schema);
    default:
      return [{ path, message: messageOf(issue, schemasAt(schema(), path)) }];
  }
}

/**
 * A union that has words of its own says them. Else of its branches the one that came furthest tells what is wrong; where
 * none did, all that is allowed.
 */
function unionIssues(
  issue: z.core.$ZodIssueInvalidUnion,
  path: readonly string[],
  schema: () => JsonSchema,
): InputIssue[] {
  if (issue.input === undefined || issue.message !== unsaid) return [{ path, message: messageOf(issue, []) }];
  const deep = issue.errors.find((branch) => branch.some((one) => one.path.length > 0 || !isTypeIssue(one)));
  if (deep) return deep.flatMap((one) => toInputIssues(one, path, schema));
  const allowed = schemasAt(schema(), path);
  const expected = [...new Set(issue.errors.flat().map((one) => expectedBy(one, allowed)))].filter(Boolean);
  if (expected.length === 0) return [{ path, message: messageOf(issue, allowed) }];
  return [{ path, message: `must be ${listed(expected)}, not ${typeOf(issue.input)}` }];
}
