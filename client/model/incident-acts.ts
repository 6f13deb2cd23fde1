/** What can be done with an incident: when each act is offered, what it asks, says and sends. Pure. */
import {
  mdiAccountArrowRightOutline,
  mdiArchiveLockOutline,
  mdiCallMerge,
  mdiCallSplit,
  mdiCheck,
  mdiCommentAlertOutline,
  mdiAlert,
  mdiInformationOutline,
  mdiPencilOutline,
  mdiPlay,
  mdiCommentArrowLeftOutline,
  mdiUndoVariant,
  mdiPause,
} from '@mdi/js';
import type { z } from 'zod';
import { assignmentSchema, disputeSchema, mergeSchema, splitSchema } from '../../server/contract/incident-work.ts';
import type { IncidentAct } from '../../server/contract/incident-states.ts';
import {
  incidentActSchema,
  incidentChangeSchema,
  incidentPendSchema,
  type Incident,
} from '../../server/contract/incidents.ts';
import { type Fields, isSame } from './form-value.ts';
import { isActIn, rankNotes } from './incident-text.ts';
import type { JsonSchema } from '../../server/contract/schema-fields.ts';

export interface WorkAct {
  readonly name: string;
  readonly label: string;
  readonly icon: string;
  readonly title: string;
  readonly words: string;
  readonly said: string;
  /** What the button says that sends it; left out: the label. */
  readonly send?: string;
  readonly isDangerous?: boolean;
  /** Seldom needed: it stands behind the others. */
  readonly isRare?: boolean;
  readonly route:
    | 'respondIncident'
    | 'pendIncident'
    | 'resumeIncident'
    | 'resolveIncident'
    | 'closeIncident'
    | 'reopenIncident'
    | 'assignIncident'
    | 'changeIncident'
    | 'mergeIncident'
    | 'splitIncident'
    | 'disputeIncident';
  readonly schema: z.ZodType;
  /** The fields that it asks for, in this order, each drawn as its schema has it but for what is said here. */
  readonly fields: Readonly<Record<string, Partial<JsonSchema>>>;
  /** What the fields begin with. */
  readonly begin: Fields;
  /** What is sent of a field that was emptied, to take away what it held. */
  readonly clears?: Fields;
}

/** What is sent: what is another than it began, and what takes away what it held where that was emptied. */
export function bodyOf({ begin, clears = {} }: WorkAct, value: Fields): Fields {
  const isNew = ([name, one]: [string, unknown]): boolean => !isSame(one, begin[name] ?? clears[name]);
  return Object.fromEntries(Object.entries({ ...clears, ...value }).filter(isNew));
}

/** Impact and urgency are chosen by what they mean. */
export const rankField = (name: 'impact' | 'urgency'): Partial<JsonSchema> => ({
  ...{ type: 'integer', enum: [1, 2, 3], 'x-notes': rankNotes[name], anyOf: [], description: '' },
});
const at = { at: { title: 'When', description: 'Left empty: now' } };
const note = { note: { title: 'Note' } };
const moment = (title: string): Partial<JsonSchema> => ({ title, description: '' });

/** What the course of an incident allows now, what is nearest first. */
export function workActs(incident: Incident): WorkAct[] {
  const { state, respondedAt, services } = incident;
  const canBe = (act: IncidentAct): boolean => isActIn(act, state);
  const isMerged = incident.mergedInto !== null;
  const isUnresolved = canBe('resolve');
  const offered: readonly (readonly [isOffered: boolean, act: WorkAct])[] = [
    [respondedAt === null && canBe('respond'), respond],
    [isUnresolved, resolve],
    [canBe('resume'), resume],
    [canBe('pend'), pend],
    [canBe('close'), close],
    [canBe('reopen'), reopen],
    [true, assign(incident)],
    [true, rate(incident)],
    [true, find(incident)],
    [true, edit(incident)],
    [isUnresolved && services.length > 1, split],
    [true, merge],
  ];
  return isMerged ? [] : offered.flatMap(([isOffered, act]) => (isOffered ? [act] : []));
}

const course = {
  schema: incidentActSchema,
  fields: { ...note, ...at },
  begin: {},
} as const;

const respond: WorkAct = {
  ...{ ...course, name: 'respond', label: 'First reply', icon: mdiCommentArrowLeftOutline, route: 'respondIncident' },
  ...{ title: 'Has whoever reported it been told?', said: 'The first reply is on record.' },
  words: 'The response clock stops with the first reply of a person.',
};
const resolve: WorkAct = {
  ...{ ...course, name: 'resolve', label: 'Resolve', icon: mdiCheck, route: 'resolveIncident' },
  ...{ title: 'Is the service restored, or the request met?', said: 'It is resolved.' },
  words: 'The resolution clock stops. It can be opened again for a while.',
};
const resume: WorkAct = {
  ...{ ...course, name: 'resume', label: 'Go on', icon: mdiPlay, route: 'resumeIncident' },
  ...{ title: 'Go on with it?', said: 'It goes on.', words: 'The resolution clock runs again.' },
};
const pend: WorkAct = {
  ...{
    name: 'pend',
    label: 'Let it wait',
    icon: mdiPause,
    route: 'pendIncident',
    schema: incidentPendSchema,
  },
  ...{ title: 'What does it wait for?', said: 'It waits.', begin: {} },
  words: 'Each agreement says which reasons stop its resolution clock. The customer sees it, and may object.',
  fields: {
    reason: { title: 'Reason', description: '' },
    ...note,
    resumeBy: { title: 'Goes on by itself', description: 'Left empty: when somebody says so' },
    ...at,
  },
};
const close: WorkAct = {
  ...{ ...course, name: 'close', label: 'Close', icon: mdiArchiveLockOutline, route: 'closeIncident' },
  ...{ title: 'Close it?', said: 'It is closed.', words: 'Nothing is left to be done with it, but for follow-ups.' },
};
const reopen: WorkAct = {
  ...{ ...course, name: 'reopen', label: 'Open again', icon: mdiUndoVariant, route: 'reopenIncident' },
  ...{ title: 'Open it again?', said: 'It is open again.' },
  words: 'The same resolution clock goes on; the time for which it was resolved does not count.',
};

const assign = ({ assignee: { user, team } }: Incident): WorkAct => ({
  ...{ name: 'assign', label: 'Assign', icon: mdiAccountArrowRightOutline, route: 'assignIncident' },
  ...{ title: 'Who has it?', words: 'A person, a team, or both; left empty: nobody.', said: 'It is assigned.' },
  schema: assignmentSchema,
  fields: { user: { title: 'Person', description: '' }, team: { title: 'Team', description: '' }, ...note },
  begin: given({ user: user?.name, team: team?.key }),
  clears: { user: null, team: null },
});
const rate = ({ severity, severityReason, impact, urgency }: Incident): WorkAct => ({
  ...{ name: 'rate', label: 'Severity', icon: mdiAlert, route: 'changeIncident', schema: incidentChangeSchema },
  ...{ title: 'How severe is it?', send: 'Change it', said: 'The severity is changed.', isRare: true },
  words:
    'Agreements make the severity of impact and urgency; another one needs a reason. The clocks begin anew from the same start, and breaches on record stay.',
  fields: {
    ...{ impact: rankField('impact'), urgency: rankField('urgency') },
    severity: { description: '', enum: [1, 2, 3, 4, 5], 'x-notes': { '1': 'the most severe', '5': 'the least' } },
    severityReason: { title: 'Why another severity', description: 'Where impact and urgency make another one' },
  },
  begin: given({ impact, urgency, severity, severityReason }),
  clears: { impact: null, urgency: null, severityReason: null },
});
const find = ({ attribution, cause, impactText }: Incident): WorkAct => ({
  ...{
    name: 'find',
    label: 'Cause',
    icon: mdiInformationOutline,
    route: 'changeIncident',
    schema: incidentChangeSchema,
  },
  ...{
    title: 'What was it, and whom did it hurt?',
    send: 'Write it down',
    words: '',
    said: 'It is written down.',
    isRare: true,
  },
  fields: { attribution: { title: 'Whose fault it was', description: '' }, cause: {}, impactText: { title: 'Impact' } },
  begin: given({ attribution, cause, impactText }),
  clears: { attribution: null, cause: '', impactText: '' },
});
const edit = (incident: Incident): WorkAct => ({
  ...{ name: 'edit', label: 'Correct', icon: mdiPencilOutline, route: 'changeIncident', schema: incidentChangeSchema },
  ...{ title: 'Correct what is recorded', send: 'Correct it', said: 'It is corrected.', isRare: true },
  words: 'Its clocks and figures are counted anew from these instants.',
  fields: {
    ...{ title: {}, description: {}, services: {}, reference: {} },
    ...{ startedAt: moment('Began'), detectedAt: moment('Detected'), reportedAt: moment('Reported') },
    ...{ acknowledgedAt: moment('Acknowledged'), respondedAt: moment('First reply'), resolvedAt: moment('Resolved') },
  },
  begin: given({
    ...{ title: incident.title, description: incident.description, reference: incident.reference },
    services: incident.services.map(({ key }) => key),
    ...{ startedAt: incident.startedAt, detectedAt: incident.detectedAt, reportedAt: incident.reportedAt },
    ...{ acknowledgedAt: incident.acknowledgedAt, respondedAt: incident.respondedAt, resolvedAt: incident.resolvedAt },
  }),
  clears: {
    ...{ description: '', reference: null, detectedAt: null, reportedAt: null },
    ...{ acknowledgedAt: null, respondedAt: null, resolvedAt: null },
  },
});
const split: WorkAct = {
  ...{ name: 'split', label: 'Split', icon: mdiCallSplit, route: 'splitIncident', schema: splitSchema, isRare: true },
  ...{ title: 'What is about something else?', said: 'It is an incident of its own now.', begin: {} },
  words: 'These services leave this incident for a new one with the same beginning.',
  fields: {
    services: { description: '' },
    title: { title: 'What that is', description: 'Left empty: as here' },
    ...note,
  },
};
const merge: WorkAct = {
  ...{ name: 'merge', label: 'Merge', icon: mdiCallMerge, route: 'mergeIncident', schema: mergeSchema, isRare: true },
  ...{
    title: 'Which incident goes on in its place?',
    said: 'It goes on in the other one.',
    isDangerous: true,
    begin: {},
  },
  words: 'This one counts nowhere any more. That cannot be taken back.',
  fields: { into: { title: 'Number of that incident', description: '' }, ...note },
};

/** For the customer, who need not be allowed to work on incidents. */
export const dispute: WorkAct = {
  ...{ name: 'dispute', label: 'It should not wait', icon: mdiCommentAlertOutline, route: 'disputeIncident' },
  ...{
    title: 'Why should it not wait?',
    send: 'Object',
    said: 'Your objection is on record.',
    schema: disputeSchema,
    begin: {},
  },
  words: 'A customer of an agreement about it may say so. It stays with the wait, and in the report.',
  fields: { note: { title: 'Why', description: '' } },
};

/** Fields without what is not given. */
function given(fields: Readonly<Record<string, unknown>>): Fields {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== null && value !== undefined && value !== ''),
  );
}
