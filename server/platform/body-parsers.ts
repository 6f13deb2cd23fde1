import express, { type NextFunction, type Request, type Response } from 'express';
import { Problem } from './problem.ts';
import { currentActor } from './request-context.ts';

const jsonLimit = '1mb';
/** More than the 10 MB that a config file may have, so that its reader can say so itself. */
const yamlLimit = '11mb';
const yamlTypes = ['application/yaml', 'application/x-yaml', 'text/yaml', 'text/x-yaml'];

export const parseJson = express.json({ limit: jsonLimit });

const bytes = new WeakMap<object, Buffer>();
/** As `parseJson`, for those who sign what they send: its bytes are kept for `bytesOf`. */
export const parseSigned = express.json({
  limit: jsonLimit,
  verify: (request, _response, body) => void bytes.set(request, body),
});
/** The body of a request as it came; empty where it was read by another parser. */
export const bytesOf = (request: object): Buffer => bytes.get(request) ?? Buffer.alloc(0);

const readCalendar = express.text({ type: 'text/calendar', limit: jsonLimit });
/** So much a signed paper may have. */
const paperLimit = '10mb';
const readPaper = express.raw({ type: 'application/pdf', limit: paperLimit });
const readYaml = express.text({ type: yamlTypes, limit: yamlLimit });

type Handler = (request: Request, response: Response, next: NextFunction) => void;
/** Nobody who is not signed in makes us hold so much. */
const forSignedIn =
  (read: Handler): Handler =>
  (request, response, next) => {
    if (currentActor().kind === 'anonymous') next();
    else read(request, response, next);
  };

/** Hands YAML on as text. */
export const parseYaml = forSignedIn(readYaml);
/** Hands iCalendar on as text. */
export const parseCalendar = forSignedIn(readCalendar);

/** Hands a PDF on as bytes. */
export const parsePaper = forSignedIn(readPaper);

/** The type of a file that is read while it comes in. */
export const octets = 'application/octet-stream';

/** Leaves the body of a file to the route, which reads it piece by piece. */
export function leaveOctets(request: Request, _response: Response, next: NextFunction): void {
  if (request.is(octets) && currentActor().kind !== 'anonymous') request.body = null;
  next();
}

/** A body of a type that no parser took is refused, not ignored. */
export function refuseUnreadBody(request: Request, _response: Response, next: NextFunction): void {
  const hasBody = request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length']) > 0;
  if (!hasBody || request.body !== undefined || currentActor().kind === 'anonymous') next();
  else
    next(
      new Problem(
        'unsupported-media-type',
        `Send application/json, not ${request.headers['content-type'] ?? 'a body without a type'}`,
      ),
    );
}
