/** What people read of a fault that zod found: always what is allowed, never the name of a check. */
import type { z } from 'zod';
import type { JsonSchema } from './schema-fields.ts';
import { listed, nearMiss } from './suggestion.ts';

/** Given to zod for every fault whose schema has no words of its own, so that those can be told apart. */
export const unsaid = '\0';

/** `allowed` are the alternatives for the value at the place of the fault. */
export function messageOf(issue: z.core.$ZodIssue, allowed: readonly JsonSchema[]): string {
  // Of what is not there, every further word is noise.
  if (issue.input === undefined && isTypeIssue(issue)) return 'is required';
  if (issue.message !== unsaid) return issue.message;
  switch (issue.code) {
    case 'invalid_type':
      return typeMessage(issue, allowed);
    case 'invalid_value':
      return valueMessage(issue);
    case 'too_big':
    case 'too_small':
      return sizeMessage(issue, allowed);
    case 'invalid_format':
      return formatMessage(issue);
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`;
    default:
      return 'is not what is allowed here';
  }
}

export const isTypeIssue = (issue: z.core.$ZodIssue): boolean =>
  issue.code === 'invalid_type' || issue.code === 'invalid_value' || issue.code === 'invalid_union';

/** What a fault of a type or a choice wanted instead: `a whole number from 1 to 4`; nothing for other faults. */
export function expectedBy(issue: z.core.$ZodIssue, allowed: readonly JsonSchema[]): string {
  if (issue.code === 'invalid_value') return choice(issue.values);
  if (issue.code !== 'invalid_type') return '';
  if (isNumberIssue(issue)) return numberText(allowed, issue.expected === 'int' ? 'a whole number' : 'a number');
  return typeNames[issue.expected] ?? issue.expected;
}

const isNumberIssue = ({ expected }: z.core.$ZodIssueInvalidType): boolean => ['number', 'int'].includes(expected);

const typeNames: Partial<Record<string, string>> = {
  string: 'text',
  boolean: 'true or false',
  bigint: 'a whole number',
  array: 'a list',
  tuple: 'a list',
  object: 'a map of fields',
  record: 'a map of fields',
  date: 'a date',
  never: 'left out',
  null: 'null',
};

/** What was given, in general: the value itself may be a secret. */
export function typeOf(input: unknown): string {
  if (input === undefined) return 'left out';
  if (input === null) return 'empty (null)';
  if (Array.isArray(input)) return 'a list';
  return { object: 'a map of fields', string: 'text', number: 'a number' }[typeof input as string] ?? 'true or false';
}

function choice(values: readonly unknown[]): string {
  const words = listed(values.map((value) => JSON.stringify(value)));
  return values.length > 2 ? `one of ${words}` : words;
}

/** A number that is not the right one needs no word about its type, nor does NaN, which was some other text once. */
function typeMessage(issue: z.core.$ZodIssueInvalidType, allowed: readonly JsonSchema[]): string {
  const isNumber = isNumberIssue(issue) && typeof issue.input === 'number';
  return `must be ${expectedBy(issue, allowed)}${isNumber ? '' : `, not ${typeOf(issue.input)}`}`;
}

function valueMessage({ values, input }: z.core.$ZodIssueInvalidValue): string {
  if (typeof input === 'string' && input.length <= 60) {
    const given = input === '' ? 'empty' : `"${input}"`;
    return `must be ${choice(values)}, not ${given}${nearMiss(input, values.map(String))}`;
  }
  const given = typeof input === 'number' ? String(input) : typeOf(input);
  return `must be ${choice(values)}, not ${given}`;
}

type SizeIssue = z.core.$ZodIssueTooBig | z.core.$ZodIssueTooSmall;

function sizeMessage(issue: SizeIssue, allowed: readonly JsonSchema[]): string {
  const bounds = (low: string, high: string) => mergedBounds(issue, allowed, low, high);
  switch (issue.origin) {
    case 'string':
      if (issue.input === '') return 'must not be empty';
      return `must have ${countText(bounds('minLength', 'maxLength'), 'character')}`;
    case 'array':
    case 'set':
      return `must have ${countText(bounds('minItems', 'maxItems'), 'item')}`;
    default:
      return `must be ${numberText(allowed, issue.origin === 'int' ? 'a whole number' : 'a number', issue)}`;
  }
}

interface Bounds {
  low?: number | undefined;
  high?: number | undefined;
  /** The bounds themselves are not allowed. */
  isOpen?: boolean;
}

/** The bounds that a JSON Schema tells, or at least the one that was broken. */
function mergedBounds(issue: SizeIssue, allowed: readonly JsonSchema[], lowWord: string, highWord: string): Bounds {
  const found = allowed.find((one) => lowWord in one || highWord in one) ?? {};
  const broken = issue.code === 'too_big' ? { high: Number(issue.maximum) } : { low: Number(issue.minimum) };
  return { low: numberOf(found[lowWord]), high: numberOf(found[highWord]), ...broken };
}

function countText({ low = 0, high }: Bounds, one: string): string {
  const counted = (count: number) => `${count} ${count === 1 ? one : `${one}s`}`;
  if (high === undefined) return `at least ${counted(low)}`;
  if (low === high) return `exactly ${counted(high)}`;
  return low > 0 ? `${low} to ${counted(high)}` : `at most ${counted(high)}`;
}

/** `a whole number from 1 to 4`, as the schema of the place says; where it says nothing, as the fault does. */
function numberText(allowed: readonly JsonSchema[], name: string, issue?: SizeIssue): string {
  const numbers = allowed.filter(({ type }) => type === 'number' || type === 'integer');
  const [only] = numbers;
  if (numbers.length !== 1 || !only) return `${name}${issue ? rangeText(brokenBound(issue)) : ''}`;
  const isOpen = 'exclusiveMinimum' in only || 'exclusiveMaximum' in only;
  const low = numberOf(only['minimum'] ?? only['exclusiveMinimum']);
  const high = numberOf(only['maximum'] ?? only['exclusiveMaximum']);
  return `${only['type'] === 'integer' ? 'a whole number' : name}${rangeText({ low, high, isOpen })}`;
}

const brokenBound = (issue: SizeIssue): Bounds =>
  issue.code === 'too_big'
    ? { high: Number(issue.maximum), isOpen: !issue.inclusive }
    : { low: Number(issue.minimum), isOpen: !issue.inclusive };

function rangeText({ low, high, isOpen = false }: Bounds): string {
  if (low === undefined && high === undefined) return '';
  if (high === undefined) return isOpen ? ` above ${low}` : ` of at least ${low}`;
  if (low === undefined) return isOpen ? ` below ${high}` : ` of at most ${high}`;
  return isOpen ? ` above ${low}, up to ${high}` : ` from ${low} to ${high}`;
}

/** Bounds that only say that a whole number has to be exact are none that people know. */
const numberOf = (bound: unknown): number | undefined =>
  typeof bound === 'number' && Math.abs(bound) !== Number.MAX_SAFE_INTEGER ? bound : undefined;

const formats: Partial<Record<string, string>> = {
  email: 'an e-mail address such as name@example.org',
  url: 'an address such as https://example.org',
  datetime: 'a date and time such as 2026-10-01T00:00:00Z',
  date: 'a date such as 2026-10-01',
  time: 'a time such as 09:30:00',
  uuid: 'a UUID',
  ipv4: 'an IPv4 address',
  ipv6: 'an IPv6 address',
  cidrv4: 'an IPv4 range such as 10.0.0.0/8',
  cidrv6: 'an IPv6 range such as 2001:db8::/32',
};

function formatMessage(issue: z.core.$ZodIssueInvalidStringFormat): string {
  if (issue.input === '') return 'must not be empty';
  const { format } = issue;
  const part = (name: string) => JSON.stringify((issue as unknown as Record<string, unknown>)[name]);
  if (format === 'starts_with') return `must begin with ${part('prefix')}`;
  if (format === 'ends_with') return `must end with ${part('suffix')}`;
  if (format === 'includes') return `must hold ${part('includes')}`;
  return formats[format] ? `must be ${formats[format]}` : `must be written otherwise${patternText(issue)}`;
}

const patternText = ({ pattern }: { pattern?: string | undefined }): string =>
  pattern ? `: as the pattern ${pattern} says` : '';
