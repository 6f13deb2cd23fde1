import { z } from 'zod';
import { jsonPathSchema, valuesAt, type JsonValue } from './json-path.ts';
import { matchesPattern, patternSchema } from './pattern.ts';

/** What a text has to hold: the fields of an `expect` entry for bodies, banners and answers. */
export const textExpectationSchema = z.strictObject({
  contains: z.string().min(1).max(10_000).optional().describe('Text that has to be there'),
  notContains: z.string().min(1).max(10_000).optional().describe('Text that must not be there'),
  matches: patternSchema
    .optional()
    .describe('Pattern (RE2) that has to match somewhere; (?i) at its start ignores case'),
});
export type TextExpectation = z.infer<typeof textExpectationSchema>;

/** Says how a text falls short of what is expected of it; null when it does not. */
export function textShortfall(expected: TextExpectation, text: string): string | null {
  const { contains, notContains, matches } = expected;
  if (contains !== undefined && !text.includes(contains)) {
    return `expected ${quoted(contains)}, got ${excerpt(text)}`;
  }
  if (notContains !== undefined && text.includes(notContains)) return `holds ${quoted(notContains)}`;
  if (matches !== undefined && !matchesPattern(matches, text)) {
    return `expected to match /${shortened(matches)}/, got ${excerpt(text)}`;
  }
  return null;
}

export const compareOperators = [
  'equals',
  'notEquals',
  'lessThan',
  'atMost',
  'greaterThan',
  'atLeast',
  'contains',
  'exists',
] as const;
export type CompareOperator = (typeof compareOperators)[number];
const numeric: Partial<Record<CompareOperator, (actual: number, expected: number) => boolean>> = {
  lessThan: (actual, expected) => actual < expected,
  atMost: (actual, expected) => actual <= expected,
  greaterThan: (actual, expected) => actual > expected,
  atLeast: (actual, expected) => actual >= expected,
};

/** One comparison of a JSON document: every value at the path has to satisfy it, and there has to be one. */
export const jsonExpectationSchema = z
  .strictObject({
    path: jsonPathSchema.describe('Path of RFC 9535 to the value, such as $.queue.length'),
    op: z.enum(compareOperators).default('equals').describe('How the value is compared'),
    value: z
      .union([z.string().max(10_000), z.number(), z.boolean(), z.null()])
      .optional()
      .describe('What it is compared with; for exists true (default) or false'),
  })
  .superRefine(({ op, value }, issues) => {
    const wanted = op in numeric ? 'number' : op === 'exists' ? 'boolean' : null;
    const isMissing = value === undefined && op !== 'exists';
    if (isMissing || (wanted !== null && value !== undefined && typeof value !== wanted)) {
      issues.addIssue({
        code: 'custom',
        path: ['value'],
        message: `${op} needs a ${wanted ?? 'value'} to compare with`,
      });
    }
  });
export type JsonExpectation = z.infer<typeof jsonExpectationSchema>;

/** Says how a document falls short of a comparison; null when it does not. */
export function jsonShortfall({ path, op, value }: JsonExpectation, document: JsonValue): string | null {
  const found = valuesAt(document, path);
  if (op === 'exists') {
    if (found.length > 0 === (value !== false)) return null;
    return found.length > 0 ? `expected nothing at ${path}, got ${shown(found[0])}` : `nothing at ${path}`;
  }
  if (found.length === 0) return `nothing at ${path}`;
  const odd = found.find((one) => !holds(one, op, value ?? null));
  return odd === undefined ? null : `expected ${path} ${operatorText[op]} ${shown(value)}, got ${shown(odd)}`;
}

const operatorText: Record<CompareOperator, string> = {
  equals: '=',
  notEquals: '≠',
  lessThan: '<',
  atMost: '≤',
  greaterThan: '>',
  atLeast: '≥',
  contains: 'to contain',
  exists: 'to exist',
};

function holds(actual: JsonValue, op: CompareOperator, expected: JsonValue): boolean {
  if (op === 'equals') return actual === expected;
  if (op === 'notEquals') return actual !== expected;
  if (op === 'contains') {
    if (Array.isArray(actual)) return actual.includes(expected);
    return typeof actual === 'string' && actual.includes(String(expected));
  }
  return typeof actual === 'number' && typeof expected === 'number' && numeric[op]!(actual, expected);
}

const shownCharacters = 80;
const shortened = (text: string) => (text.length > shownCharacters ? `${text.slice(0, shownCharacters)}…` : text);
const quoted = (text: string) => `"${shortened(text)}"`;
const shown = (value: unknown) => {
  if (Array.isArray(value)) return `an array of ${value.length}`;
  return typeof value === 'object' && value !== null ? 'an object' : shortened(JSON.stringify(value));
};

/** The beginning of a text as one line for people: control characters and runs of spaces become one space. */
export const excerpt = (text: string): string =>
  text === ''
    ? 'nothing'
    : quoted(
        text
          .slice(0, 4 * shownCharacters)
          .replace(/[\s\p{Cc}]+/gu, ' ')
          .trim(),
      );
