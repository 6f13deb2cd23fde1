/** The states of an incident, and what can be done in each: without a schema, for whoever needs no more. */
export const incidentStates = ['open', 'acknowledged', 'pending', 'resolved', 'closed'] as const;
export type IncidentState = (typeof incidentStates)[number];

/** In which states each act can be done. */
export const actStates = {
  acknowledge: ['open', 'acknowledged', 'pending'],
  respond: ['open', 'acknowledged', 'pending'],
  pend: ['open', 'acknowledged'],
  resume: ['pending'],
  resolve: ['open', 'acknowledged', 'pending'],
  close: ['resolved'],
  reopen: ['resolved', 'closed'],
} as const satisfies Readonly<Record<string, readonly IncidentState[]>>;
export type IncidentAct = keyof typeof actStates;
