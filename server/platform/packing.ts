import { constants } from 'node:zlib';
import compression from 'compression';
import type { RequestHandler } from 'express';

const chunkBytes = 65_536;

/** Compresses answers: those of the API quickly, since somebody waits meanwhile, files well, since browsers keep them. */
export function packing(): RequestHandler {
  const quick = compression({ level: constants.Z_BEST_SPEED, chunkSize: chunkBytes });
  const small = compression();
  return (request, response, next) => (request.path.startsWith('/api/') ? quick : small)(request, response, next);
}
