/** The forms in which incidents are told of: what a customer is asked, and those who record them. Pure. */
import { z } from 'zod';
import { keySchema, references } from '../../server/contract/catalog.ts';
import { problemReportSchema } from '../../server/contract/incident-work.ts';
import type { JsonSchema } from '../../server/contract/schema-fields.ts';
import { rankField } from './incident-acts.ts';

type DrawnFields = Readonly<Record<string, Partial<JsonSchema>>>;

/** What a customer reports, with the service it is about. */
export const problemFormSchema = problemReportSchema.extend({
  service: keySchema.describe('What does not work').meta(references('services')),
});
export type ProblemForm = z.infer<typeof problemFormSchema>;

const ranks: DrawnFields = {
  impact: { ...rankField('impact'), title: 'Whom it hinders' },
  urgency: { ...rankField('urgency'), title: 'How soon it is needed' },
};
export const problemFields: DrawnFields = {
  service: {},
  title: { title: 'In a few words', description: '' },
  description: { description: 'What you see, and since when' },
  ...ranks,
};

/** Instants are there for what is written down afterwards. */
export const incidentFields: DrawnFields = {
  kind: {},
  ...{ title: {}, services: {}, description: {} },
  ...ranks,
  severity: { enum: [1, 2, 3, 4, 5], type: 'integer' },
  severityReason: { title: 'Why another severity' },
  ...{ source: {}, reference: {} },
  startedAt: { title: 'Began' },
  detectedAt: { title: 'Detected' },
  reportedAt: { title: 'Reported' },
  acknowledgedAt: { title: 'Acknowledged' },
  respondedAt: { title: 'First reply' },
  resolvedAt: { title: 'Resolved' },
  closedAt: { title: 'Closed' },
};
