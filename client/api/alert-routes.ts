/** The routes of alerts: what fires, what is done with it, who is told by which route, what is not told. */
import { z } from 'zod';
import { alertPreviewSchema } from '../../server/contract/alert-preview.ts';
import {
  alertAssignmentSchema,
  alertDetailSchema,
  alertNoteSchema,
  alertRouteInputSchema,
  alertRouteSchema,
  alertRuleSchema,
  alertSchema,
  alertSilenceSchema,
  contactInputSchema,
  contactSchema,
  ruleSettingInputSchema,
  silenceInputSchema,
  silenceSchema,
} from '../../server/contract/alerts.ts';
import { pageOf } from '../../server/contract/catalog.ts';
import { askedActSchema, messageActInputSchema, messageLinkSchema } from '../../server/contract/message-acts.ts';
import { act, get, nothing, post, put, remove } from './route.ts';

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
  alertRoutes: get('/api/v1/alert-routes', pageOf(alertRouteSchema)),
  alertRoute: get('/api/v1/alert-routes/:key', alertRouteSchema),
  putAlertRoute: put('/api/v1/alert-routes/:key', alertRouteInputSchema, alertRouteSchema),
  deleteAlertRoute: remove('/api/v1/alert-routes/:key'),
  restoreAlertRoute: act('/api/v1/alert-routes/:key/restore', alertRouteSchema),
  alertRules: get('/api/v1/alert-rules', z.array(alertRuleSchema)),
  alertPreview: get('/api/v1/alert-rules/:rule/preview', alertPreviewSchema),
  setAlertRule: put('/api/v1/alert-rules/:rule/:scope/:key', ruleSettingInputSchema, nothing),
  unsetAlertRule: remove('/api/v1/alert-rules/:rule/:scope/:key'),
  contacts: get('/api/v1/contacts', z.array(contactSchema)),
  setContact: put('/api/v1/contacts/:name', contactInputSchema, contactSchema),
  messageLink: post('/api/v1/message-links/read', messageLinkSchema, askedActSchema),
  actByMessage: post('/api/v1/message-links/act', messageActInputSchema, askedActSchema),
};
