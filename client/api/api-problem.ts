import { type ProblemDocument, problemSchema } from '../../server/contract/access.ts';

/** What can go wrong between browser and server beside the server's own problem codes. */
export type ApiProblemCode = 'unreachable' | 'unreadable' | (string & {});

/** An answer that is not what was asked for: a problem document of the server, or no usable answer at all. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly code: ApiProblemCode;
  /** The HTTP status; 0 where no answer came. */
  readonly status: number;
  readonly title: string;
  readonly issues: ProblemDocument['issues'];

  constructor({
    code,
    status,
    title,
    detail,
    issues = [],
  }: Partial<ProblemDocument> & { code: string; status: number; title: string; detail: string }) {
    super(detail);
    this.code = code;
    this.status = status;
    this.title = title;
    this.issues = issues;
  }

  /** The first message for each field; those of no field under the empty name. */
  get fieldMessages(): Record<string, string> {
    const messages: Record<string, string> = {};
    for (const { path, message } of this.issues) messages[path] ??= message;
    return messages;
  }
}

/** The server cannot be reached, or its proxy answers in its place. */
export const unreachable = (status = 0): ApiProblem =>
  new ApiProblem({
    code: 'unreachable',
    status,
    title: 'The server does not answer',
    detail: 'Troth cannot be reached right now.',
  });

/** The answer is not what this version of the page understands. */
export const unreadable = (status: number, detail: string): ApiProblem =>
  new ApiProblem({ code: 'unreadable', status, title: 'The answer cannot be read', detail });

/** The problem that an answer with an error status carries. */
export async function problemOf(response: Response): Promise<ApiProblem> {
  const text = await response.text().catch(() => '');
  try {
    return new ApiProblem(problemSchema.parse(JSON.parse(text)));
  } catch {
    return response.status >= 500
      ? unreachable(response.status)
      : unreadable(response.status, `Status ${response.status}`);
  }
}

/** Anything thrown, as a problem to show; what is a fault of the page itself is thrown on. */
export function asProblem(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error;
  throw error;
}
