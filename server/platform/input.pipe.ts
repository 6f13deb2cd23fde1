import { Injectable, StandardSchemaValidationPipe, type ArgumentMetadata } from '@nestjs/common';
import type { z } from 'zod';
import { parseInput, type InputIssue } from '../contract/input-issues.ts';
import { unstorableTexts } from '../contract/unstorable-texts.ts';
import { Problem } from './problem.ts';

const maxIssues = 100;

/** The problem that tells the faults of an input. */
export function invalidInput(faults: readonly InputIssue[]): Problem {
  const issues = faults.slice(0, maxIssues).map(({ path, message }) => ({ path: path.join('.'), message }));
  const detail = issues.map(({ path, message }) => (path ? `${path}: ${message}` : message)).join('; ');
  return new Problem('invalid-input', detail, { issues });
}

/**
 * Checks bodies, queries and parameters by the zod schema beside them; what a handler gets is the parsed value. Bodies
 * hold nothing that cannot be stored, whoever parses them.
 */
@Injectable()
export class InputPipe extends StandardSchemaValidationPipe {
  override async transform<T>(value: T, metadata: ArgumentMetadata): Promise<T> {
    const { schema, data, type } = metadata;
    const unstorable = type === 'body' && typeof value === 'object' ? unstorableTexts(value, []) : [];
    if (unstorable.length > 0) throw invalidInput(unstorable.map(aboutBody));
    if (!schema || !this.toValidate(metadata)) return value;
    this.stripProtoKeys(value);
    const parsed = parseInput(schema as unknown as z.ZodType<T>, value, data ? [data] : []);
    if (parsed.issues.length === 0) return parsed.value as T;
    throw invalidInput(type === 'body' ? parsed.issues.map(aboutBody) : parsed.issues);
  }
}

/** A fault of the body as a whole has no field that would say what it is about. */
const aboutBody = (issue: InputIssue): InputIssue =>
  issue.path.length > 0 ? issue : { ...issue, message: `the body ${issue.message}` };
