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
    const parsed = schema && this.toValidate(metadata) ? this.#parsed(value, schema, data) : { value, issues: [] };
    const unstorable = type === 'body' && typeof parsed.value === 'object' ? unstorableTexts(parsed.value, []) : [];
    const faults = [...parsed.issues, ...unstorable];
    if (faults.length > 0) throw invalidInput(type === 'body' ? faults.map(aboutBody) : faults);
    return parsed.value as T;
  }

  #parsed<T>(value: T, schema: NonNullable<ArgumentMetadata['schema']>, data: string | undefined) {
    this.stripProtoKeys(value);
    return parseInput(schema as unknown as z.ZodType<T>, value, data ? [data] : []);
  }
}

/** A fault of the body as a whole has no field that would say what it is about. */
const aboutBody = (issue: InputIssue): InputIssue =>
  issue.path.length > 0 ? issue : { ...issue, message: `the body ${issue.message}` };
