/** Codes of every problem the API answers with, with their HTTP status and title. */
export const problems = {
  'invalid-input': { status: 422, title: 'The input is not valid' },
  'malformed-input': { status: 400, title: 'The input cannot be read' },
  'sign-in-required': { status: 401, title: 'Sign-in is required' },
  'sign-in-failed': { status: 401, title: 'Name or password is wrong' },
  forbidden: { status: 403, title: 'Not allowed' },
  'managed-by-file': { status: 409, title: 'The config file manages this' },
  'not-found': { status: 404, title: 'Not found' },
  conflict: { status: 409, title: 'This conflicts with what exists' },
  'changed-meanwhile': { status: 409, title: 'It has changed meanwhile' },
  'in-use': { status: 409, title: 'Other things rest on this' },
  'too-large': { status: 413, title: 'The input is too large' },
  'unsupported-media-type': { status: 415, title: 'The input is of an unknown type' },
  'too-many-requests': { status: 429, title: 'Too many requests' },
  'already-set-up': { status: 410, title: 'The setup link is used up' },
  unavailable: { status: 503, title: 'Not available right now' },
  internal: { status: 500, title: 'Troth failed' },
} as const;
export type ProblemCode = keyof typeof problems;

/** One fault in an input: `path` names the field (`probes.login.every`), line and column where a file was read. */
export interface ProblemIssue {
  path: string;
  message: string;
  line?: number;
  column?: number;
}

/** The one error class of the server; the filter turns it into an RFC 9457 problem document. */
export class Problem extends Error {
  override name = 'Problem';
  readonly code: ProblemCode;
  readonly issues: readonly ProblemIssue[];
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: ProblemCode,
    detail: string,
    { issues = [], retryAfterSeconds }: { issues?: readonly ProblemIssue[]; retryAfterSeconds?: number } = {},
  ) {
    super(detail);
    this.code = code;
    this.issues = issues;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  get status(): number {
    return problems[this.code].status;
  }

  toDocument() {
    const { status, title } = problems[this.code];
    return { type: 'about:blank', title, status, code: this.code, detail: this.message, issues: this.issues };
  }
}

/** A problem about one field. */
export const invalidField = (path: string, message: string): Problem =>
  new Problem('invalid-input', `${path}: ${message}`, { issues: [{ path, message }] });

/**
 * Refuses a write by somebody who believes that something else is there: `new` for nothing, else when it was changed last.
 * @throws Problem changed-meanwhile
 */
export function assertUnchanged(expected: string | undefined, updatedAt: Date | undefined, what: string): void {
  if (expected === undefined || expected === (updatedAt?.toISOString() ?? 'new')) return;
  if (expected === 'new') throw new Problem('changed-meanwhile', `There is already a ${what}`);
  throw new Problem('changed-meanwhile', updatedAt ? `Somebody else changed the ${what}` : `The ${what} is gone`);
}

/** What the config file manages is changed there alone. @throws Problem managed-by-file */
export function assertNotManaged(managedBy: string | null | undefined, what: string): void {
  if (managedBy === 'file') throw new Problem('managed-by-file', `The config file manages ${what}: change it there`);
}
