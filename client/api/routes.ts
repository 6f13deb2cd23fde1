/** Every route that the browser calls, with the schemas of its body and its answer. */
import { z } from 'zod';
import {
  apiTokenSchema,
  auditEntrySchema,
  newApiTokenSchema,
  ownSessionSchema,
  passwordChangeSchema,
  sessionSchema,
  setupSchema,
  signInSchema,
  tokenInputSchema,
  userInputSchema,
  userSchema,
} from '../../server/contract/access.ts';
import { documentDifferenceSchema } from '../../server/contract/agreement-document.ts';
import {
  agreementLifeSchema,
  delegateInputSchema,
  endInputSchema,
  proposeInputSchema,
  returnInputSchema,
  signInputSchema,
  withdrawInputSchema,
} from '../../server/contract/agreement-life.ts';
import { agreementInputSchema, agreementSchema, agreementSummarySchema } from '../../server/contract/agreements.ts';
import {
  boardInputSchema,
  boardSchema,
  kioskTokenInputSchema,
  kioskTokenSchema,
  newKioskTokenSchema,
} from '../../server/contract/boards.ts';
import {
  calendarImportSchema,
  calendarInputSchema,
  calendarSchema,
  calendarYearSchema,
  deadlineSchema,
  holidayCountriesSchema,
  workingTimeSchema,
} from '../../server/contract/calendars.ts';
import {
  locationInputSchema,
  locationSchema,
  madeServicesSchema,
  newServicesSchema,
  pageOf,
  probeInputSchema,
  probeKindSchema,
  probeSchema,
  serviceInputSchema,
  serviceSchema,
  teamInputSchema,
  teamSchema,
} from '../../server/contract/catalog.ts';
import { complianceSchema, explanationSchema, runningSchema } from '../../server/contract/compliance.ts';
import { configDifferenceSchema } from '../../server/contract/config-file.ts';
import {
  acceptConsequenceSchema,
  bookConsequenceSchema,
  consequenceReasonSchema,
  consequenceSchema,
  consequenceTotalsSchema,
  decideConsequenceSchema,
  finishConsequenceSchema,
  planConsequenceSchema,
} from '../../server/contract/consequences.ts';
import {
  correctionApprovalSchema,
  correctionInputSchema,
  correctionOutlookSchema,
  correctionRejectionSchema,
  correctionSchema,
} from '../../server/contract/corrections.ts';
import {
  maintenanceInputSchema,
  maintenanceNoticesSchema,
  maintenancePreviewSchema,
  maintenanceSchema,
  occurrencesSchema,
  serviceMaintenanceSchema,
} from '../../server/contract/maintenance.ts';
import {
  latencySchema,
  observationSchema,
  outageSchema,
  probeLocationsSchema,
  stateChangeSchema,
  probeRunSchema,
  serviceDaysSchema,
  serviceDetailSchema,
  timelineSchema,
} from '../../server/contract/probing.ts';
import { frameworkInputSchema, frameworkSchema, frameworkSummarySchema } from '../../server/contract/frameworks.ts';
import { ownPromisesSchema } from '../../server/contract/own-promises.ts';
import { reminderRulesSchema, reminderSchema, reminderSettingsSchema } from '../../server/contract/reminders.ts';
import {
  reportChainSchema,
  reportMailsSchema,
  reportPageSchema,
  reportSchema,
  reviseReportSchema,
} from '../../server/contract/reports.ts';
import {
  reviewActionInputSchema,
  reviewCommentInputSchema,
  reviewNotesSchema,
  reviewSchema,
  signReviewSchema,
  waitingSchema,
} from '../../server/contract/reviews.ts';
import { searchSchema } from '../../server/contract/search.ts';
import { serviceBulkResultSchema, serviceBulkSchema } from '../../server/contract/service-bulk.ts';
import { proposalsInputSchema, proposalsSchema } from '../../server/contract/proposals.ts';
import { systemSchema } from '../../server/contract/system.ts';

export interface Route<Path extends string = string, Body = unknown, Answer = unknown> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: Path;
  readonly body: z.ZodType<unknown, Body> | null;
  readonly answer: z.ZodType<Answer>;
  /** The body is a text or a file of this media type, else it is sent as JSON. */
  readonly textType?: string;
}

const nothing = z.unknown().transform(() => undefined);

const get = <const Path extends string, Answer>(path: Path, answer: z.ZodType<Answer>): Route<Path, never, Answer> => ({
  method: 'GET',
  path,
  body: null,
  answer,
});
const post = <const Path extends string, Body, Answer>(
  path: Path,
  body: z.ZodType<unknown, Body>,
  answer: z.ZodType<Answer>,
): Route<Path, Body, Answer> => ({ method: 'POST', path, body, answer });
const put = <const Path extends string, Body, Answer>(
  path: Path,
  body: z.ZodType<unknown, Body>,
  answer: z.ZodType<Answer>,
): Route<Path, Body, Answer> => ({ method: 'PUT', path, body, answer });
const remove = <const Path extends string>(path: Path): Route<Path, never, undefined> => ({
  method: 'DELETE',
  path,
  body: null,
  answer: nothing,
});

const text = <const Path extends string, Answer>(
  textType: string,
  path: Path,
  answer: z.ZodType<Answer>,
): Route<Path, string, Answer> => ({ method: 'POST', path, body: z.string(), answer, textType });
/** A POST of a file. */
const file = <const Path extends string, Answer>(
  textType: string,
  path: Path,
  answer: z.ZodType<Answer>,
): Route<Path, Blob, Answer> => ({ method: 'POST', path, body: z.instanceof(Blob), answer, textType });
/** A POST without a body. */
const act = <const Path extends string, Answer>(path: Path, answer: z.ZodType<Answer>): Route<Path, never, Answer> => ({
  method: 'POST',
  path,
  body: null,
  answer,
});

export const routes = {
  session: get('/api/v1/session', sessionSchema),
  signIn: post('/api/v1/session', signInSchema, sessionSchema),
  signOut: remove('/api/v1/session'),
  changePassword: { ...post('/api/v1/session/password', passwordChangeSchema, nothing), method: 'PUT' },
  ownSessions: get('/api/v1/sessions', z.array(ownSessionSchema)),
  endSession: remove('/api/v1/sessions/:id'),
  setUp: post('/api/v1/setup', setupSchema, sessionSchema),
  serviceDetail: get('/api/v1/services/:key/detail', serviceDetailSchema),
  changeServices: post('/api/v1/services/bulk', serviceBulkSchema, serviceBulkResultSchema),
  timeline: get('/api/v1/services/:key/timeline', timelineSchema),
  days: get('/api/v1/services/:key/days', serviceDaysSchema),
  outages: get('/api/v1/services/:key/outages', pageOf(outageSchema)),
  latency: get('/api/v1/probes/:key/latency', latencySchema),
  probeLocations: get('/api/v1/probes/:key/locations', probeLocationsSchema),
  observations: get('/api/v1/probes/:key/observations', pageOf(observationSchema)),
  boards: get('/api/v1/boards', pageOf(boardSchema)),
  board: get('/api/v1/boards/:key', boardSchema),
  putBoard: put('/api/v1/boards/:key', boardInputSchema, boardSchema),
  deleteBoard: remove('/api/v1/boards/:key'),
  kioskTokens: get('/api/v1/boards/:key/kiosk-tokens', pageOf(kioskTokenSchema)),
  makeKioskToken: post('/api/v1/boards/:key/kiosk-tokens', kioskTokenInputSchema, newKioskTokenSchema),
  revokeKioskToken: remove('/api/v1/boards/:key/kiosk-tokens/:id'),
  changes: get('/api/v1/changes', pageOf(stateChangeSchema)),
  search: get('/api/v1/search', searchSchema),
  system: get('/api/v1/system', systemSchema),
  audit: get('/api/v1/audit', pageOf(auditEntrySchema)),
  planConfig: text('application/yaml', '/api/v1/config/plan', configDifferenceSchema),
  applyConfig: text('application/yaml', '/api/v1/config/apply', configDifferenceSchema),
  proposeProbes: post('/api/v1/probes/propose', proposalsInputSchema, proposalsSchema),
  makeServices: post('/api/v1/services', newServicesSchema, madeServicesSchema),
  runProbe: post('/api/v1/probes/run', probeRunSchema, observationSchema),
  teams: get('/api/v1/teams', pageOf(teamSchema)),
  team: get('/api/v1/teams/:key', teamSchema),
  putTeam: put('/api/v1/teams/:key', teamInputSchema, teamSchema),
  deleteTeam: remove('/api/v1/teams/:key'),
  restoreTeam: act('/api/v1/teams/:key/restore', teamSchema),
  locations: get('/api/v1/locations', pageOf(locationSchema)),
  location: get('/api/v1/locations/:key', locationSchema),
  putLocation: put('/api/v1/locations/:key', locationInputSchema, locationSchema),
  deleteLocation: remove('/api/v1/locations/:key'),
  restoreLocation: act('/api/v1/locations/:key/restore', locationSchema),
  services: get('/api/v1/services', pageOf(serviceSchema)),
  service: get('/api/v1/services/:key', serviceSchema),
  putService: put('/api/v1/services/:key', serviceInputSchema, serviceSchema),
  deleteService: remove('/api/v1/services/:key'),
  restoreService: act('/api/v1/services/:key/restore', serviceSchema),
  calendars: get('/api/v1/calendars', pageOf(calendarSchema)),
  calendar: get('/api/v1/calendars/:key', calendarSchema),
  putCalendar: put('/api/v1/calendars/:key', calendarInputSchema, calendarSchema),
  deleteCalendar: remove('/api/v1/calendars/:key'),
  restoreCalendar: act('/api/v1/calendars/:key/restore', calendarSchema),
  calendarYear: get('/api/v1/calendars/:key/days', calendarYearSchema),
  workingTime: get('/api/v1/calendars/:key/working-time', workingTimeSchema),
  deadline: get('/api/v1/calendars/:key/deadline', deadlineSchema),
  importExceptions: text('text/calendar', '/api/v1/calendars/:key/exceptions.ics', calendarImportSchema),
  holidayCountries: get('/api/v1/holidays', holidayCountriesSchema),
  maintenances: get('/api/v1/maintenance', pageOf(maintenanceSchema)),
  maintenance: get('/api/v1/maintenance/:key', maintenanceSchema),
  putMaintenance: put('/api/v1/maintenance/:key', maintenanceInputSchema, maintenanceSchema),
  deleteMaintenance: remove('/api/v1/maintenance/:key'),
  restoreMaintenance: act('/api/v1/maintenance/:key/restore', maintenanceSchema),
  occurrences: get('/api/v1/maintenance/:key/occurrences', occurrencesSchema),
  maintenanceNotices: get('/api/v1/maintenance/:key/notices', maintenanceNoticesSchema),
  previewMaintenance: post('/api/v1/maintenance/preview', maintenanceInputSchema, maintenancePreviewSchema),
  endMaintenance: act('/api/v1/maintenance/:key/end', maintenanceSchema),
  serviceMaintenance: get('/api/v1/services/:key/maintenance', serviceMaintenanceSchema),
  agreements: get('/api/v1/agreements', pageOf(agreementSummarySchema)),
  agreement: get('/api/v1/agreements/:key', agreementSchema),
  putAgreement: put('/api/v1/agreements/:key', agreementInputSchema, agreementSchema),
  deleteAgreement: remove('/api/v1/agreements/:key'),
  restoreAgreement: act('/api/v1/agreements/:key/restore', agreementSchema),
  agreementLife: get('/api/v1/agreements/:key/life', agreementLifeSchema),
  renewAgreement: post('/api/v1/agreements/:key/renew', proposeInputSchema, agreementLifeSchema),
  proposeAgreement: post('/api/v1/agreements/:key/propose', proposeInputSchema, agreementLifeSchema),
  returnAgreement: post('/api/v1/agreements/:key/return', returnInputSchema, agreementLifeSchema),
  withdrawAgreement: post('/api/v1/agreements/:key/withdraw', withdrawInputSchema, agreementLifeSchema),
  signAgreement: post('/api/v1/agreements/:key/sign', signInputSchema, agreementLifeSchema),
  endAgreement: post('/api/v1/agreements/:key/end', endInputSchema, agreementLifeSchema),
  nameDelegate: post('/api/v1/agreements/:key/delegates', delegateInputSchema, agreementLifeSchema),
  endDelegate: remove('/api/v1/agreements/:key/delegates/:id'),
  attachPaper: file('application/pdf', '/api/v1/agreements/:key/versions/:number/papers', agreementLifeSchema),
  agreementDifference: get('/api/v1/agreements/:key/difference', documentDifferenceSchema),
  compliance: get('/api/v1/agreements/:key/compliance', complianceSchema),
  running: get('/api/v1/compliance', runningSchema),
  explanation: get('/api/v1/agreements/:key/objectives/:objective/explain', explanationSchema),
  corrections: get('/api/v1/agreements/:key/corrections', pageOf(correctionSchema)),
  proposeCorrection: post('/api/v1/agreements/:key/corrections', correctionInputSchema, correctionSchema),
  /** With `dryRun`: what would come of it. */
  tryCorrection: post('/api/v1/agreements/:key/corrections', correctionInputSchema, correctionOutlookSchema),
  approveCorrection: post(
    '/api/v1/agreements/:key/corrections/:id/approve',
    correctionApprovalSchema,
    correctionSchema,
  ),
  rejectCorrection: post('/api/v1/agreements/:key/corrections/:id/reject', correctionRejectionSchema, correctionSchema),
  withdrawCorrection: post(
    '/api/v1/agreements/:key/corrections/:id/withdraw',
    correctionApprovalSchema,
    correctionSchema,
  ),
  reports: get('/api/v1/agreements/:key/reports', reportPageSchema),
  verifyReports: get('/api/v1/agreements/:key/reports/verify', reportChainSchema),
  report: get('/api/v1/agreements/:key/reports/:period', reportSchema),
  reviseReport: post('/api/v1/agreements/:key/reports/:period/revisions', reviseReportSchema, reportSchema),
  reportMails: get('/api/v1/agreements/:key/reports/:period/mails', reportMailsSchema),
  mailReportAgain: act('/api/v1/agreements/:key/reports/:period/mails/again', reportMailsSchema),
  removeDemo: remove('/api/v1/demo'),
  consequences: get('/api/v1/consequences', pageOf(consequenceSchema)),
  consequenceTotals: get('/api/v1/consequences/totals', consequenceTotalsSchema),
  acceptConsequence: post('/api/v1/consequences/:id/accept', acceptConsequenceSchema, consequenceSchema),
  contestConsequence: post('/api/v1/consequences/:id/contest', consequenceReasonSchema, consequenceSchema),
  waiveConsequence: post('/api/v1/consequences/:id/waive', consequenceReasonSchema, consequenceSchema),
  decideConsequence: post('/api/v1/consequences/:id/decide', decideConsequenceSchema, consequenceSchema),
  bookConsequence: post('/api/v1/consequences/:id/book', bookConsequenceSchema, consequenceSchema),
  planConsequence: post('/api/v1/consequences/:id/plan', planConsequenceSchema, consequenceSchema),
  finishConsequence: post('/api/v1/consequences/:id/finish', finishConsequenceSchema, consequenceSchema),
  waiting: get('/api/v1/waiting', waitingSchema),
  ownPromises: get('/api/v1/promises', ownPromisesSchema),
  frameworks: get('/api/v1/frameworks', pageOf(frameworkSummarySchema)),
  framework: get('/api/v1/frameworks/:key', frameworkSchema),
  putFramework: put('/api/v1/frameworks/:key', frameworkInputSchema, frameworkSchema),
  deleteFramework: remove('/api/v1/frameworks/:key'),
  reminders: get('/api/v1/reminders', pageOf(reminderSchema)),
  reminderRules: get('/api/v1/reminders/rules', reminderSettingsSchema),
  setReminderRules: put('/api/v1/reminders/rules', reminderRulesSchema, reminderSettingsSchema),
  reviewNotes: get('/api/v1/agreements/:key/review-notes', reviewNotesSchema),
  review: get('/api/v1/agreements/:key/reviews/:period', reviewSchema),
  commentReview: post('/api/v1/agreements/:key/reviews/:period/comments', reviewCommentInputSchema, reviewSchema),
  addReviewAction: post('/api/v1/agreements/:key/reviews/:period/actions', reviewActionInputSchema, reviewSchema),
  signReview: post('/api/v1/agreements/:key/reviews/:period/sign', signReviewSchema, reviewSchema),
  beginNextVersion: act('/api/v1/agreements/:key/reviews/:period/next-version', reviewSchema),
  probeKinds: get('/api/v1/probe-kinds', z.array(probeKindSchema)),
  probe: get('/api/v1/probes/:key', probeSchema),
  putProbe: put('/api/v1/probes/:key', probeInputSchema, probeSchema),
  deleteProbe: remove('/api/v1/probes/:key'),
  restoreProbe: act('/api/v1/probes/:key/restore', probeSchema),
  users: get('/api/v1/users', pageOf(userSchema)),
  user: get('/api/v1/users/:name', userSchema),
  putUser: put('/api/v1/users/:name', userInputSchema, userSchema),
  deleteUser: remove('/api/v1/users/:name'),
  tokens: get('/api/v1/tokens', pageOf(apiTokenSchema)),
  createToken: post('/api/v1/tokens', tokenInputSchema, newApiTokenSchema),
  revokeToken: remove('/api/v1/tokens/:id'),
} as const;

export type RouteName = keyof typeof routes;
type RouteOf<Name extends RouteName> = (typeof routes)[Name];

type KeysOf<Path extends string> = Path extends `${string}:${infer Key}/${infer Rest}`
  ? Key | KeysOf<Rest>
  : Path extends `${string}:${infer Key}`
    ? Key
    : never;

/** Named parts of the path, where it has any. */
type PathPart<Path extends string> = [KeysOf<Path>] extends [never]
  ? { path?: never }
  : { path: Record<KeysOf<Path>, string> };
type BodyPart<Body> = [Body] extends [never] ? { body?: never } : { body: Body };

export type Params<Name extends RouteName> =
  RouteOf<Name> extends Route<infer Path, infer Body, unknown>
    ? PathPart<Path> &
        BodyPart<Body> & {
          query?: Record<string, string | number | undefined>;
          signal?: AbortSignal;
          bearer?: string;
        }
    : never;
export type Answer<Name extends RouteName> =
  RouteOf<Name> extends Route<string, never, infer Value>
    ? Value
    : RouteOf<Name> extends Route<string, infer _Body, infer Value>
      ? Value
      : never;
