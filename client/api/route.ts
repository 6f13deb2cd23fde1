/** A route of the server as the browser calls it, and short ways to write one down. */
import { z } from 'zod';

export interface Route<Path extends string = string, Body = unknown, Answer = unknown> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: Path;
  readonly body: z.ZodType<unknown, Body> | null;
  readonly answer: z.ZodType<Answer>;
  /** The body is a text or a file of this media type, else it is sent as JSON. */
  readonly textType?: string;
}

export const nothing = z.unknown().transform(() => undefined);

export const get = <const Path extends string, Answer>(
  path: Path,
  answer: z.ZodType<Answer>,
): Route<Path, never, Answer> => ({
  method: 'GET',
  path,
  body: null,
  answer,
});
export const post = <const Path extends string, Body, Answer>(
  path: Path,
  body: z.ZodType<unknown, Body>,
  answer: z.ZodType<Answer>,
): Route<Path, Body, Answer> => ({ method: 'POST', path, body, answer });
export const put = <const Path extends string, Body, Answer>(
  path: Path,
  body: z.ZodType<unknown, Body>,
  answer: z.ZodType<Answer>,
): Route<Path, Body, Answer> => ({ method: 'PUT', path, body, answer });
export const patch = <const Path extends string, Body, Answer>(
  path: Path,
  body: z.ZodType<unknown, Body>,
  answer: z.ZodType<Answer>,
): Route<Path, Body, Answer> => ({ method: 'PATCH', path, body, answer });
export const remove = <const Path extends string>(path: Path): Route<Path, never, undefined> => ({
  method: 'DELETE',
  path,
  body: null,
  answer: nothing,
});

export const text = <const Path extends string, Answer>(
  textType: string,
  path: Path,
  answer: z.ZodType<Answer>,
): Route<Path, string, Answer> => ({ method: 'POST', path, body: z.string(), answer, textType });
/** A POST of a file. */
export const file = <const Path extends string, Answer>(
  textType: string,
  path: Path,
  answer: z.ZodType<Answer>,
): Route<Path, Blob, Answer> => ({ method: 'POST', path, body: z.instanceof(Blob), answer, textType });
/** A POST without a body. */
export const act = <const Path extends string, Answer>(
  path: Path,
  answer: z.ZodType<Answer>,
): Route<Path, never, Answer> => ({
  method: 'POST',
  path,
  body: null,
  answer,
});
