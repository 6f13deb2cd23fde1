/** The one door to the server: typed by the tables of routes, every answer parsed by its schema. */
import { coreRoutes } from './core-routes.ts';
import type { Route } from './route.ts';
import type { Answer, PageRoutes, Params, RouteName } from './route-types.ts';
import { problemOf, unreachable, unreadable } from './api-problem.ts';

const signedOutListeners = new Set<() => void>();

/** Calls back whenever the server says that nobody is signed in. @returns stops it */
export function onSignInRequired(listener: () => void): () => void {
  signedOutListeners.add(listener);
  return () => signedOutListeners.delete(listener);
}

interface LooseParams {
  path?: Record<string, string>;
  body?: unknown;
  query?: Record<string, string | number | undefined>;
  signal?: AbortSignal;
  /** A token to send in the place of the session. */
  bearer?: string;
}

function addressOf(path: string, { path: parts = {}, query = {} }: LooseParams): string {
  const filled = path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(parts[name] ?? ''));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value));
  return search.size > 0 ? `${filled}?${search}` : filled;
}

function bodyOf({ textType }: Route, body: unknown): string | Blob {
  if (body instanceof Blob) return body;
  return textType ? String(body) : JSON.stringify(body);
}

async function send(route: Route, params: LooseParams): Promise<Response> {
  const init: RequestInit = {
    method: route.method,
    credentials: 'same-origin',
    headers: { accept: 'application/json', ...(params.bearer ? { authorization: `Bearer ${params.bearer}` } : {}) },
  };
  if (route.body) {
    init.body = bodyOf(route, params.body);
    init.headers = { ...init.headers, 'content-type': route.textType ?? 'application/json' };
  }
  if (params.signal) init.signal = params.signal;
  try {
    return await fetch(addressOf(route.path, params), init);
  } catch (error) {
    if (params.signal?.aborted) throw error;
    throw unreachable();
  }
}

/** A wall needs a few routes and opens fast; those that only other pages call are fetched when the first is called. */
async function routeOf(name: RouteName): Promise<Route> {
  const core: Partial<Record<RouteName, Route>> = coreRoutes;
  return core[name] ?? (await pageRoutes())[name as keyof PageRoutes];
}

async function pageRoutes(): Promise<PageRoutes> {
  try {
    return (await import('./routes.ts')).pageRoutes;
  } catch {
    throw unreachable();
  }
}

/** Calls a route. @throws ApiProblem, or the reason of an aborted signal */
export async function request<Name extends RouteName>(
  name: Name,
  ...[params]: Record<never, never> extends Params<Name> ? [Params<Name>?] : [Params<Name>]
): Promise<Answer<Name>> {
  const route = await routeOf(name);
  const sent = (params ?? {}) as LooseParams;
  const response = await send(route, sent);
  if (!response.ok) {
    const problem = await problemOf(response);
    if (problem.code === 'sign-in-required' && !sent.bearer) for (const listener of signedOutListeners) listener();
    throw problem;
  }
  const body: unknown = response.status === 204 ? null : await response.json().catch(() => undefined);
  const parsed = route.answer.safeParse(body);
  if (!parsed.success) throw unreadable(response.status, parsed.error.message);
  return parsed.data as Answer<Name>;
}
