import { z } from 'zod';
import { nearest } from '../../probes/support/nearest.ts';
import { Problem, type ProblemIssue } from '../platform/problem.ts';

/** A fault of an input, its path as a list, so that a file's reader can find the place. */
export interface InputIssue {
  path: readonly string[];
  message: string;
  /** The fault is the name of the field itself, not its value. */
  isName?: true;
}

/** Longer words are no names, and dear to compare and to repeat. */
const longestName = 80;

export const quoted = (name: string): string =>
  name.length <= longestName ? `"${name}"` : `"${name.slice(0, longestName)}..."`;

/** `did you mean "payroll"?`, or what there is to choose from where nothing is near and the choice is small. */
export function suggestion(word: string, candidates: readonly string[]): string {
  const near = word.length <= longestName ? nearest(word, candidates) : undefined;
  if (near !== undefined) return `; did you mean "${near}"?`;
  const few = candidates.length > 0 && candidates.length <= 12;
  return few ? `; there is ${candidates.map((candidate) => `"${candidate}"`).join(', ')}` : '';
}

export const notFound = (kind: string, key: string, existing: readonly string[]): Problem =>
  new Problem('not-found', `There is no ${kind} "${key}"${suggestion(key, existing)}`);

/** @throws Problem not-found */
export function found<Thing>(kind: string, key: string, thing: Thing | undefined): Thing {
  if (thing === undefined) throw notFound(kind, key, []);
  return thing;
}

export const toProblemIssue = ({ path, message }: InputIssue): ProblemIssue => ({ path: path.join('.'), message });

type Parsed<T> = { value: T; issues: [] } | { value: undefined; issues: InputIssue[] };

/** Parses by a schema; faults carry full paths below `prefix` and say what is allowed. */
export function parseInput<T>(
  schema: z.ZodType<T>,
  input: unknown,
  prefix: readonly string[],
  jsonSchema: () => JsonSchema = () => jsonSchemaOf(schema),
): Parsed<T> {
  const result = schema.safeParse(input, { reportInput: true });
  if (result.success) return { value: result.data, issues: [] };
  return { value: undefined, issues: result.error.issues.flatMap((issue) => toInputIssues(issue, prefix, jsonSchema)) };
}

/** The parts of a JSON Schema that lead from a path to the fields allowed there. */
export interface JsonSchema {
  $ref?: string;
  $defs?: Record<string, JsonSchema>;
  properties?: Record<string, JsonSchema>;
  additionalProperties?: JsonSchema | boolean;
  items?: JsonSchema | boolean;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  allOf?: JsonSchema[];
  [keyword: string]: unknown;
}

const jsonSchemas = new WeakMap<z.ZodType, JsonSchema>();

function jsonSchemaOf(schema: z.ZodType): JsonSchema {
  let known = jsonSchemas.get(schema);
  if (!known) {
    known = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
    jsonSchemas.set(schema, known);
  }
  return known;
}

function toInputIssues(issue: z.core.$ZodIssue, prefix: readonly string[], schema: () => JsonSchema): InputIssue[] {
  const own = issue.path.map(String);
  const path = [...prefix, ...own];
  switch (issue.code) {
    case 'unrecognized_keys': {
      const known = knownFields([schema()], own, schema());
      return issue.keys.map((key) => ({
        path: [...path, key],
        message: `${quoted(key)} is not a known field${suggestion(key, known)}`,
        isName: true,
      }));
    }
    case 'invalid_key':
      return [{ path, message: `the key ${quoted(own.at(-1) ?? '')} ${messageOf(issue.issues[0]!)}`, isName: true }];
    case 'invalid_union':
      return unionIssues(issue, path);
    default:
      return [{ path, message: messageOf(issue) }];
  }
}

/** Of the branches of a union the one that came furthest tells what is wrong; where none did, all that is allowed. */
function unionIssues(issue: z.core.$ZodIssueInvalidUnion, path: readonly string[]): InputIssue[] {
  const deep = issue.errors.find((branch) => branch.some((one) => one.path.length > 0 || !isTypeIssue(one)));
  if (deep) {
    return deep.map((one) => ({ path: [...path, ...one.path.map(String)], message: messageOf(one) }));
  }
  const expected = [...new Set(issue.errors.flat().map((one) => expectedBy(one)))].filter(Boolean);
  const message = expected.length ? `must be ${expected.join(' or ')}, not ${typeOf(issue.input)}` : issue.message;
  return [{ path, message }];
}

const isTypeIssue = (issue: z.core.$ZodIssue): boolean =>
  issue.code === 'invalid_type' || issue.code === 'invalid_value';

function expectedBy(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') return typeNames[issue.expected] ?? issue.expected;
  if (issue.code === 'invalid_value') return listed(issue.values.map((value) => JSON.stringify(value)));
  return '';
}

const listed = (words: readonly string[]): string => words.join(', ').replace(/, ([^,]*)$/, ' or $1');

const typeNames: Partial<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map of fields',
  record: 'a map of fields',
  null: 'null',
};

function messageOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') {
    return issue.input === undefined ? 'is required' : `must be ${expectedBy(issue)}, not ${typeOf(issue.input)}`;
  }
  if (issue.code === 'invalid_value') {
    const { input } = issue;
    if (typeof input !== 'string' || input.length > 60) return `must be ${expectedBy(issue)}, not ${typeOf(input)}`;
    const near = nearest(input, issue.values.map(String));
    return `must be ${expectedBy(issue)}, not "${input}"${near === undefined ? '' : `; did you mean "${near}"?`}`;
  }
  return issue.message;
}

/** What was given, in general: the value itself may be a secret. */
function typeOf(input: unknown): string {
  if (input === undefined) return 'left out';
  if (input === null) return 'empty (null)';
  if (Array.isArray(input)) return 'a list';
  return { object: 'a map of fields', string: 'text', number: 'a number' }[typeof input as string] ?? 'true or false';
}

/** Names of the fields that a JSON Schema allows at a path, over all its alternatives. */
function knownFields(schemas: readonly JsonSchema[], path: readonly string[], root: JsonSchema): string[] {
  const open = schemas.flatMap((schema) => alternatives(schema, root));
  const [head, ...rest] = path;
  if (head === undefined) return [...new Set(open.flatMap(({ properties = {} }) => Object.keys(properties)))];
  const below = open.flatMap(({ properties, additionalProperties, items }) => [
    properties?.[head] ?? additionalProperties,
    items,
  ]);
  return knownFields(
    below.filter((one): one is JsonSchema => typeof one === 'object'),
    rest,
    root,
  );
}

function alternatives(schema: JsonSchema, root: JsonSchema): JsonSchema[] {
  const target = schema.$ref?.startsWith('#/$defs/') ? root.$defs?.[schema.$ref.slice('#/$defs/'.length)] : undefined;
  const parts = [
    ...(schema.anyOf ?? []),
    ...(schema.oneOf ?? []),
    ...(schema.allOf ?? []),
    ...(target ? [target] : []),
  ];
  return [schema, ...parts.flatMap((part) => alternatives(part, root))];
}
