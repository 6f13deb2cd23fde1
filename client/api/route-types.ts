/** What the parameters and the answer of each route are, by its name. */
import type { coreRoutes } from './core-routes.ts';
import type { Route } from './route.ts';
import type { pageRoutes } from './routes.ts';

export type PageRoutes = typeof pageRoutes;
type Routes = typeof coreRoutes & PageRoutes;
export type RouteName = keyof Routes;
type RouteOf<Name extends RouteName> = Routes[Name];

type KeysOf<Path extends string> = Path extends `${string}:${infer Key}/${infer Rest}`
  ? Key | KeysOf<Rest>
  : Path extends `${string}:${infer Key}`
    ? Key
    : never;

/** Named parts of the path, where it has any. */
type PathPart<Path extends string> = [KeysOf<Path>] extends [never]
  ? { path?: never }
  : { path: Record<KeysOf<Path>, string> };
type BodyPart<Body> = [Body] extends [never] ? { body?: never } : { body: Body };

export type Params<Name extends RouteName> =
  RouteOf<Name> extends Route<infer Path, infer Body, unknown>
    ? PathPart<Path> &
        BodyPart<Body> & {
          query?: Record<string, string | number | undefined>;
          signal?: AbortSignal;
          bearer?: string;
        }
    : never;
export type Answer<Name extends RouteName> =
  RouteOf<Name> extends Route<string, never, infer Value>
    ? Value
    : RouteOf<Name> extends Route<string, infer _Body, infer Value>
      ? Value
      : never;
