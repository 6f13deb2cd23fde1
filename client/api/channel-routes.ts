/** The routes of channels: their kinds, what each was told, a test. */
import { z } from 'zod';
import { pageOf } from '../../server/contract/catalog.ts';
import {
  channelInputSchema,
  channelKindSchema,
  channelSchema,
  channelTestSchema,
  deliverySchema,
} from '../../server/contract/channels.ts';
import { act, get, put, remove } from './route.ts';

export const channelRoutes = {
  channelKinds: get('/api/v1/channel-kinds', z.array(channelKindSchema)),
  channels: get('/api/v1/channels', pageOf(channelSchema)),
  channel: get('/api/v1/channels/:key', channelSchema),
  putChannel: put('/api/v1/channels/:key', channelInputSchema, channelSchema),
  deleteChannel: remove('/api/v1/channels/:key'),
  restoreChannel: act('/api/v1/channels/:key/restore', channelSchema),
  testChannel: act('/api/v1/channels/:key/test', channelTestSchema),
  deliveries: get('/api/v1/channels/:key/deliveries', pageOf(deliverySchema)),
} as const;
