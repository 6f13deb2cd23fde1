/** Things that have a page to edit them: how each is read, written and taken away. */
import type { z } from 'zod';
import { type Permission, userInputSchema, userNameSchema } from '../../server/contract/access.ts';
import { agreementInputSchema, type Agreement } from '../../server/contract/agreements.ts';
import { boardInputSchema } from '../../server/contract/boards.ts';
import { calendarInputSchema } from '../../server/contract/calendars.ts';
import {
  keySchema,
  locationInputSchema,
  probeInputSchema,
  serviceInputSchema,
  teamInputSchema,
} from '../../server/contract/catalog.ts';
import { frameworkInputSchema, type Framework } from '../../server/contract/frameworks.ts';
import { escalationPolicyInputSchema } from '../../server/contract/escalation.ts';
import { onCallScheduleInputSchema } from '../../server/contract/on-call.ts';
import { maintenanceInputSchema } from '../../server/contract/maintenance.ts';
import { request } from './request.ts';

/** What a resource answers; what else is in it is the resource's own. */
export interface StoredRecord {
  readonly [field: string]: unknown;
  readonly updatedAt: string;
  /** Left out where whoever may read it may change it too. */
  readonly mayChange?: boolean;
  /** Left out where whoever may change it may delete it too. */
  readonly mayDelete?: boolean;
  /** What is to be known before it is changed. */
  readonly note?: string | undefined;
  readonly managedBy?: 'file' | null;
}

export interface Resource {
  /** What one of them is called, `team`. */
  readonly word: string;
  readonly needs: Permission;
  /** Where all of them are listed. */
  readonly list: { readonly title: string; readonly path: string };
  /** The page of one, where one stays after it was saved. */
  readonly pageOf: (key: string) => string;
  readonly input: z.ZodType;
  /** What a new one begins with. */
  readonly initial?: () => Readonly<Record<string, unknown>>;
  /** The name of the field that people know one by, from which a key is suggested. */
  readonly nameField: string;
  readonly key: { readonly field: string; readonly title: string; readonly hint: string; readonly schema: z.ZodType };
  readonly read: (key: string, signal: AbortSignal) => Promise<StoredRecord>;
  /** `expect` is what is believed to be there: `new` for nothing, else the record's `updatedAt`. */
  readonly write: (key: string, input: unknown, expect: string) => Promise<StoredRecord>;
  readonly remove: (key: string) => Promise<unknown>;
  /** Takes a deletion back; null where it is for good. */
  readonly restore: ((key: string) => Promise<unknown>) | null;
}

const catalogKey: Resource['key'] = {
  field: 'key',
  title: 'Key',
  hint: 'Stands in addresses and in the config file; stays as it is once made',
  schema: keySchema,
};
export const catalogPart = { needs: 'catalog:write', nameField: 'name', key: catalogKey } as const;

export const teams: Resource = {
  ...catalogPart,
  word: 'team',
  list: { title: 'Teams', path: '/teams' },
  pageOf: () => '/teams',
  input: teamInputSchema,
  read: (key, signal) => request('team', { path: { key }, signal }),
  write: (key, body, expect) => request('putTeam', { path: { key }, body: body as never, query: { expect } }),
  remove: (key) => request('deleteTeam', { path: { key } }),
  restore: (key) => request('restoreTeam', { path: { key } }),
};

export const locations: Resource = {
  ...catalogPart,
  word: 'location',
  list: { title: 'Locations', path: '/locations' },
  pageOf: () => '/locations',
  input: locationInputSchema,
  read: (key, signal) => request('location', { path: { key }, signal }),
  write: (key, body, expect) => request('putLocation', { path: { key }, body: body as never, query: { expect } }),
  remove: (key) => request('deleteLocation', { path: { key } }),
  restore: (key) => request('restoreLocation', { path: { key } }),
};

export const services: Resource = {
  ...catalogPart,
  word: 'service',
  list: { title: 'Services', path: '/services' },
  pageOf: (key) => `/services/${key}`,
  input: serviceInputSchema,
  read: (key, signal) => request('service', { path: { key }, signal }),
  write: (key, body, expect) => request('putService', { path: { key }, body: body as never, query: { expect } }),
  remove: (key) => request('deleteService', { path: { key } }),
  restore: (key) => request('restoreService', { path: { key } }),
};

export const calendars: Resource = {
  ...catalogPart,
  word: 'calendar',
  list: { title: 'Calendars', path: '/calendars' },
  pageOf: (key) => `/calendars/${key}`,
  input: calendarInputSchema,
  initial: () => {
    const week = Object.fromEntries(['mon', 'tue', 'wed', 'thu', 'fri'].map((day) => [day, ['08:00-18:00']]));
    return { timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone, week };
  },
  read: (key, signal) => request('calendar', { path: { key }, signal }),
  write: (key, body, expect) => request('putCalendar', { path: { key }, body: body as never, query: { expect } }),
  remove: (key) => request('deleteCalendar', { path: { key } }),
  restore: (key) => request('restoreCalendar', { path: { key } }),
};

export const maintenance: Resource = {
  ...catalogPart,
  word: 'maintenance',
  list: { title: 'Maintenance', path: '/maintenance' },
  pageOf: (key) => `/maintenance/${key}`,
  input: maintenanceInputSchema,
  read: (key, signal) => request('maintenance', { path: { key }, signal }),
  write: (key, body, expect) => request('putMaintenance', { path: { key }, body: body as never, query: { expect } }),
  remove: (key) => request('deleteMaintenance', { path: { key } }),
  restore: (key) => request('restoreMaintenance', { path: { key } }),
};

/** What is edited of an agreement is its draft; where it has none, what is in force. */
const editedAgreement = (agreement: Agreement): StoredRecord => {
  const { draft, document, updatedAt, mayChange, mayDelete, managedBy, life } = agreement;
  // Only a config file says of an agreement that it is in force.
  const { status: _, ...written } = draft ?? document;
  const note =
    life === 'active'
      ? 'What is in force stays as it is. This is the draft of its next version, which holds once both parties have signed it.'
      : undefined;
  return { ...written, updatedAt, mayChange, mayDelete, managedBy, note };
};

export const agreements: Resource = {
  ...catalogPart,
  nameField: 'title',
  word: 'agreement',
  list: { title: 'Agreements', path: '/agreements' },
  pageOf: (key) => `/agreements/${key}`,
  input: agreementInputSchema,
  initial: () => ({
    kind: 'SLA',
    effective: { from: new Date().toISOString().slice(0, 10) },
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    objectives: { availability: { type: 'availability', target: '99.9' } },
  }),
  read: async (key, signal) => editedAgreement(await request('agreement', { path: { key }, signal })),
  write: async (key, body, expect) =>
    editedAgreement(await request('putAgreement', { path: { key }, body: body as never, query: { expect } })),
  remove: (key) => request('deleteAgreement', { path: { key } }),
  restore: (key) => request('restoreAgreement', { path: { key } }),
};

/** What is edited of framework terms is their newest version. */
const editedFramework = ({ title, texts, updatedAt, mayChange, managedBy }: Framework): StoredRecord => ({
  ...{ title, texts, updatedAt, mayChange, managedBy },
});

export const frameworks: Resource = {
  ...catalogPart,
  nameField: 'title',
  word: 'framework',
  list: { title: 'Framework terms', path: '/frameworks' },
  pageOf: (key) => `/frameworks/${key}`,
  input: frameworkInputSchema,
  read: async (key, signal) => editedFramework(await request('framework', { path: { key }, signal })),
  write: async (key, body, expect) =>
    editedFramework(await request('putFramework', { path: { key }, body: body as never, query: { expect } })),
  remove: (key) => request('deleteFramework', { path: { key } }),
  restore: (key) => request('restoreFramework', { path: { key } }),
};

export const onCallSchedules: Resource = {
  ...catalogPart,
  word: 'on-call schedule',
  list: { title: 'On-call schedules', path: '/on-call-schedules' },
  pageOf: (key) => `/on-call-schedules/${key}`,
  input: onCallScheduleInputSchema,
  read: (key, signal) => request('onCallSchedule', { path: { key }, signal }),
  write: (key, body, expect) => request('putOnCallSchedule', { path: { key }, body: body as never, query: { expect } }),
  remove: (key) => request('deleteOnCallSchedule', { path: { key } }),
  restore: (key) => request('restoreOnCallSchedule', { path: { key } }),
};

export const escalationPolicies: Resource = {
  ...catalogPart,
  word: 'escalation policy',
  list: { title: 'Escalation policies', path: '/escalation-policies' },
  pageOf: (key) => `/escalation-policies/${key}`,
  input: escalationPolicyInputSchema,
  initial: () => ({ steps: [{ after: '0s', targets: [{ kind: 'schedule', key: '' }] }] }),
  read: (key, signal) => request('escalationPolicy', { path: { key }, signal }),
  write: (key, body, expect) =>
    request('putEscalationPolicy', { path: { key }, body: body as never, query: { expect } }),
  remove: (key) => request('deleteEscalationPolicy', { path: { key } }),
  restore: (key) => request('restoreEscalationPolicy', { path: { key } }),
};

/** The probes of one service, by their keys in it. */
export function probesOf(service: string): Resource {
  const path = (key: string) => ({ key: `${service}.${key}` });
  return {
    ...catalogPart,
    word: 'probe',
    list: { title: service, path: `/services/${service}` },
    pageOf: () => `/services/${service}`,
    input: probeInputSchema,
    read: (key, signal) => request('probe', { path: path(key), signal }),
    write: (key, body, expect) => request('putProbe', { path: path(key), body: body as never, query: { expect } }),
    remove: (key) => request('deleteProbe', { path: path(key) }),
    restore: (key) => request('restoreProbe', { path: path(key) }),
  };
}

export const users: Resource = {
  word: 'user',
  needs: 'access:manage',
  list: { title: 'Users', path: '/users' },
  pageOf: () => '/users',
  input: userInputSchema,
  nameField: 'displayName',
  key: {
    field: 'name',
    title: 'Account name',
    hint: 'What is typed to sign in; stays as it is once made',
    schema: userNameSchema,
  },
  read: (name, signal) => request('user', { path: { name }, signal }),
  write: (name, body, expect) => request('putUser', { path: { name }, body: body as never, query: { expect } }),
  remove: (name) => request('deleteUser', { path: { name } }),
  restore: null,
};

export const boards: Resource = {
  ...catalogPart,
  word: 'board',
  list: { title: 'Boards', path: '/boards' },
  pageOf: () => '/boards',
  input: boardInputSchema,
  read: async (key, signal) => {
    const { updatedAt, ...board } = await request('board', { path: { key }, signal });
    return board.builtIn ? { ...board, updatedAt: '', mayChange: false } : { ...board, updatedAt: updatedAt ?? '' };
  },
  write: async (key, body, expect) => {
    const board = await request('putBoard', { path: { key }, body: body as never, query: { expect } });
    return { ...board, updatedAt: board.updatedAt ?? '' };
  },
  remove: (key) => request('deleteBoard', { path: { key } }),
  restore: null,
};

/** Those whose page needs nothing but their schema. */
export const plainResources = { teams, calendars, locations, services, boards, users, frameworks };
