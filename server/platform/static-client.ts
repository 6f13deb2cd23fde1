import { access } from 'node:fs/promises';
import { join } from 'node:path';
import express, { type NextFunction, type Request, type Response, type Router } from 'express';
import packedStatic from 'express-static-gzip';
import { packageRoot } from './package-root.ts';

/** Where the built client lies. */
export const builtClient = join(packageRoot, 'dist', 'client');

const servedByRoutes = /^\/(api|health|metrics|socket\.io)(\/|$)/;
/** Whether a path is that of a hashed file of the client. */
export const isAsset = (path: string): boolean => /^\/assets(\/|$)/.test(path);
const walls = /^\/wall(\/|$)/;
const notBuilt = 'The dashboard has not been built. Run "npm run build", then reload this page.\n';
const alwaysFresh = {
  index: false,
  cacheControl: false,
  setHeaders: (response: Response) => response.set('Cache-Control', 'no-cache'),
};

/**
 * Serves the built client: hashed assets for ever, and for every address of a page, always fresh, what begins the program:
 * index.html, or for displays wall.html.
 */
export function staticClient(folder: string): Router {
  const router = express.Router();
  // Files are looked up on the disk: no request to a route waits for that.
  router.use((request, _response, next) => next(servedByRoutes.test(request.path) ? 'router' : undefined));
  router.use('/assets', packedAssets(join(folder, 'assets')));
  router.use(express.static(folder, { ...alwaysFresh, redirect: false }));
  router.get('/{*page}', (request, response, next) => servePage(folder, request, response, next));
  return router;
}

/** Hashed files, as the build has packed them where a browser takes that. */
const packedAssets = (folder: string) =>
  packedStatic(folder, {
    index: false,
    enableBrotli: true,
    orderPreference: ['br'],
    serveStatic: { immutable: true, maxAge: '365d' },
  });

async function servePage(folder: string, request: Request, response: Response, next: NextFunction): Promise<void> {
  if (isAsset(request.path) || !request.accepts('html')) {
    next();
    return;
  }
  response.set('Cache-Control', 'no-cache');
  const page = walls.test(request.path) ? 'wall.html' : 'index.html';
  const isBuilt = await access(join(folder, page)).then(
    () => true,
    () => false,
  );
  if (isBuilt) response.sendFile(page, { root: folder, cacheControl: false });
  else response.status(503).type('text/plain').send(notBuilt);
}
