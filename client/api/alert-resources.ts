/** Alert routes: how each is read, written and taken away. */
import { alertRouteInputSchema } from '../../server/contract/alerts.ts';
import { request } from './request.ts';
import { catalogPart, type Resource } from './resources.ts';

export const alertRoutes: Resource = {
  ...catalogPart,
  word: 'alert route',
  list: { title: 'Alert routes', path: '/alert-routes' },
  pageOf: () => '/alert-routes',
  input: alertRouteInputSchema,
  read: (key, signal) => request('alertRoute', { path: { key }, signal }),
  write: (key, body, expect) => request('putAlertRoute', { path: { key }, body: body as never, query: { expect } }),
  remove: (key) => request('deleteAlertRoute', { path: { key } }),
  restore: (key) => request('restoreAlertRoute', { path: { key } }),
};
