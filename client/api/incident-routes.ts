/** The routes of incidents: their list and course, what is done with them, where other systems tell of theirs. */
import { z } from 'zod';
import { pageOf } from '../../server/contract/catalog.ts';
import { incidentCostSchema } from '../../server/contract/incident-cost.ts';
import { incidentHookInputSchema, incidentHookSchema } from '../../server/contract/incident-hooks.ts';
import { incidentStatisticsSchema } from '../../server/contract/incident-statistics.ts';
import {
  assignmentSchema,
  disputeSchema,
  followUpInputSchema,
  incidentNoteSchema,
  incidentTimelineSchema,
  mergeSchema,
  problemReportSchema,
  reportedProblemSchema,
  splitSchema,
} from '../../server/contract/incident-work.ts';
import {
  incidentActSchema,
  incidentChangeSchema,
  incidentDetailSchema,
  incidentInputSchema,
  incidentPendSchema,
  incidentSchema,
} from '../../server/contract/incidents.ts';
import { get, patch, post, put, remove } from './route.ts';

export const incidentRoutes = {
  incidents: get('/api/v1/incidents', pageOf(incidentSchema)),
  incident: get('/api/v1/incidents/:id', incidentDetailSchema),
  incidentCost: get('/api/v1/incidents/:id/cost', incidentCostSchema),
  openIncident: post('/api/v1/incidents', incidentInputSchema, incidentSchema),
  changeIncident: patch('/api/v1/incidents/:id', incidentChangeSchema, incidentSchema),
  deleteIncident: remove('/api/v1/incidents/:id'),
  acknowledgeIncident: post('/api/v1/incidents/:id/acknowledge', incidentActSchema, incidentSchema),
  respondIncident: post('/api/v1/incidents/:id/respond', incidentActSchema, incidentSchema),
  pendIncident: post('/api/v1/incidents/:id/pend', incidentPendSchema, incidentSchema),
  resumeIncident: post('/api/v1/incidents/:id/resume', incidentActSchema, incidentSchema),
  resolveIncident: post('/api/v1/incidents/:id/resolve', incidentActSchema, incidentSchema),
  closeIncident: post('/api/v1/incidents/:id/close', incidentActSchema, incidentSchema),
  reopenIncident: post('/api/v1/incidents/:id/reopen', incidentActSchema, incidentSchema),
  incidentTimeline: get('/api/v1/incidents/:id/timeline', incidentTimelineSchema),
  assignIncident: post('/api/v1/incidents/:id/assign', assignmentSchema, incidentSchema),
  noteIncident: post('/api/v1/incidents/:id/notes', incidentNoteSchema, incidentSchema),
  disputeIncident: post('/api/v1/incidents/:id/dispute', disputeSchema, incidentSchema),
  mergeIncident: post('/api/v1/incidents/:id/merge', mergeSchema, incidentSchema),
  splitIncident: post('/api/v1/incidents/:id/split', splitSchema, incidentSchema),
  addFollowUp: post('/api/v1/incidents/:id/follow-ups', followUpInputSchema, incidentDetailSchema),
  changeFollowUp: put('/api/v1/incidents/:id/follow-ups/:followUp', followUpInputSchema, incidentDetailSchema),
  deleteFollowUp: remove('/api/v1/incidents/:id/follow-ups/:followUp'),
  reportProblem: post('/api/v1/services/:key/problems', problemReportSchema, reportedProblemSchema),
  incidentStatistics: get('/api/v1/incidents/statistics', incidentStatisticsSchema),
  incidentHooks: get('/api/v1/incident-hooks', z.object({ items: z.array(incidentHookSchema) })),
  putIncidentHook: put('/api/v1/incident-hooks/:key', incidentHookInputSchema, incidentHookSchema),
  deleteIncidentHook: remove('/api/v1/incident-hooks/:key'),
} as const;
