/** The routes of alerts: what fires, what is done with it, what is not told. */
import {
  alertAssignmentSchema,
  alertDetailSchema,
  alertNoteSchema,
  alertSchema,
  alertSilenceSchema,
  silenceInputSchema,
  silenceSchema,
} from '../../server/contract/alerts.ts';
import { pageOf } from '../../server/contract/catalog.ts';
import { askedActSchema, messageActInputSchema, messageLinkSchema } from '../../server/contract/message-acts.ts';
import { act, get, post } from './route.ts';

export const alertRoutes = {
  alerts: get('/api/v1/alerts', pageOf(alertSchema)),
  alert: get('/api/v1/alerts/:id', alertDetailSchema),
  acknowledgeAlert: post('/api/v1/alerts/:id/acknowledge', alertNoteSchema, alertDetailSchema),
  assignAlert: post('/api/v1/alerts/:id/assign', alertAssignmentSchema, alertDetailSchema),
  escalateAlert: post('/api/v1/alerts/:id/escalate', alertNoteSchema, alertDetailSchema),
  silenceAlert: post('/api/v1/alerts/:id/silence', alertSilenceSchema, alertDetailSchema),
  silences: get('/api/v1/silences', pageOf(silenceSchema)),
  makeSilence: post('/api/v1/silences', silenceInputSchema, silenceSchema),
  endSilence: act('/api/v1/silences/:id/end', silenceSchema),
  messageLink: post('/api/v1/message-links/read', messageLinkSchema, askedActSchema),
  actByMessage: post('/api/v1/message-links/act', messageActInputSchema, askedActSchema),
};
