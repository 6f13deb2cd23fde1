/** Channels, and where other systems tell of their tickets: how each is read, written and taken away. */
import { channelInputSchema } from '../../server/contract/channels.ts';
import { incidentHookInputSchema } from '../../server/contract/incident-hooks.ts';
import { ApiProblem } from './api-problem.ts';
import { request } from './request.ts';
import { catalogPart, type Resource } from './resources.ts';

export const channels: Resource = {
  ...catalogPart,
  word: 'channel',
  list: { title: 'Channels', path: '/channels' },
  pageOf: (key) => `/channels/${key}`,
  input: channelInputSchema,
  read: (key, signal) => request('channel', { path: { key }, signal }),
  write: (key, body, expect) => request('putChannel', { path: { key }, body: body as never, query: { expect } }),
  remove: (key) => request('deleteChannel', { path: { key } }),
  restore: (key) => request('restoreChannel', { path: { key } }),
};

/** There are few: one is found in the list of all. */
export const incidentHooks: Resource = {
  ...catalogPart,
  word: 'ticket system',
  list: { title: 'Ticket systems', path: '/incident-hooks' },
  pageOf: () => '/incident-hooks',
  input: incidentHookInputSchema,
  read: async (key, signal) => {
    const { items } = await request('incidentHooks', { signal });
    const found = items.find((hook) => hook.key === key);
    if (found) return found;
    const detail = `There is no ticket system "${key}".`;
    throw new ApiProblem({ code: 'not-found', status: 404, title: 'Not found', detail });
  },
  write: (key, body) => request('putIncidentHook', { path: { key }, body: body as never }),
  remove: (key) => request('deleteIncidentHook', { path: { key } }),
  restore: null,
};
