/** The routes that every page, and a wall, calls: with their schemas they are in the first load. */
import { sessionSchema, setupSchema, signInSchema } from '../../server/contract/access.ts';
import { boardSchema } from '../../server/contract/boards.ts';
import { pageOf } from '../../server/contract/catalog.ts';
import { stateChangeSchema } from '../../server/contract/probing.ts';
import { get, post, remove } from './route.ts';

export const coreRoutes = {
  session: get('/api/v1/session', sessionSchema),
  signIn: post('/api/v1/session', signInSchema, sessionSchema),
  signOut: remove('/api/v1/session'),
  setUp: post('/api/v1/setup', setupSchema, sessionSchema),
  board: get('/api/v1/boards/:key', boardSchema),
  changes: get('/api/v1/changes', pageOf(stateChangeSchema)),
} as const;
