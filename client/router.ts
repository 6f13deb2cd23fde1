import {
  createRouter,
  createWebHistory,
  type RouteLocationNormalized,
  type Router,
  type RouteRecordRaw,
} from 'vue-router';
import type { Permission } from '../server/contract/access.ts';
import { wholeBoardKey } from '../server/contract/boards.ts';
import { kioskTokenIn, useKioskStore } from './stores/kiosk.store.ts';
import { useSessionStore } from './stores/session.store.ts';

declare module 'vue-router' {
  interface RouteMeta {
    /** Shown without sign-in, and without the bar. */
    public?: boolean;
    /** Fills the screen alone, without bar and navigation. */
    bare?: boolean;
    /** What an account must be allowed to see it; left out: to read the board. */
    needs?: Permission;
    title?: string;
  }
}

/** The pages that make and change one thing of a resource. */
const recordRoutes = (
  kind: 'teams' | 'calendars' | 'locations' | 'services' | 'boards' | 'users' | 'frameworks',
  needs: Permission,
): RouteRecordRaw[] => [
  {
    path: `/new/${kind}`,
    name: `${kind}-new`,
    component: () => import('./pages/RecordPage.vue'),
    meta: { needs },
    props: { kind, recordKey: null },
  },
  {
    path: `/${kind}/:key/edit`,
    name: `${kind}-edit`,
    component: () => import('./pages/RecordPage.vue'),
    meta: { needs },
    props: ({ params }) => ({ kind, recordKey: String(params['key']) }),
  },
];

const agreementOf = ({ params }: RouteLocationNormalized) => ({ agreementKey: String(params['key']) });

const keyOf = ({ params }: RouteLocationNormalized) => ({ serviceKey: String(params['key']) });

/** Makes or changes one thing by a form of its own page. */
const keyedForm = (path: string, name: string, component: RouteRecordRaw['component']): RouteRecordRaw => ({
  path,
  name,
  component: component!,
  meta: { needs: 'catalog:write' },
  props: ({ params }) => ({ recordKey: params['key'] ? String(params['key']) : null }),
});

/** Makes or changes one maintenance; the services that a list names in the address are in the new one. */
const maintenanceForm = (path: string, name: string): RouteRecordRaw => ({
  path,
  name,
  component: () => import('./pages/MaintenanceFormPage.vue'),
  meta: { needs: 'catalog:write' },
  props: ({ params, query }) => ({
    recordKey: params['key'] ? String(params['key']) : null,
    serviceKeys: String(query['services'] ?? '')
      .split(',')
      .filter(Boolean),
  }),
});

/** The service that an address names, so that a form begins with it. */
const serviceIn = ({ query }: RouteLocationNormalized) => ({
  serviceKey: typeof query['service'] === 'string' ? query['service'] : null,
});

const boardOf = ({ params }: RouteLocationNormalized) => ({ boardKey: String(params['board'] || wholeBoardKey) });

const records: RouteRecordRaw[] = [
  { path: '/', name: 'overview', component: () => import('./pages/OverviewPage.vue'), meta: { title: 'Overview' } },
  {
    path: '/wall/:board?',
    name: 'wall',
    component: () => import('./pages/WallPage.vue'),
    props: boardOf,
    meta: { title: 'Wall', bare: true },
  },
  { path: '/boards', name: 'boards', component: () => import('./pages/BoardsPage.vue'), meta: { title: 'Boards' } },
  {
    path: '/services',
    name: 'services',
    component: () => import('./pages/ServicesPage.vue'),
    meta: { title: 'Services' },
  },
  { path: '/services/:key', name: 'service', component: () => import('./pages/ServicePage.vue'), props: keyOf },
  {
    path: '/services/:key/probes/new',
    name: 'probe-new',
    component: () => import('./pages/ProbePage.vue'),
    meta: { needs: 'catalog:write' },
    props: (to) => ({ ...keyOf(to), recordKey: null }),
  },
  {
    path: '/services/:key/probes/:probe/edit',
    name: 'probe-edit',
    component: () => import('./pages/ProbePage.vue'),
    meta: { needs: 'catalog:write' },
    props: (to) => ({ ...keyOf(to), recordKey: String(to.params['probe']) }),
  },
  {
    path: '/maintenance',
    name: 'maintenances',
    component: () => import('./pages/MaintenancesPage.vue'),
    meta: { title: 'Maintenance' },
  },
  {
    path: '/maintenance/:key',
    name: 'maintenance',
    component: () => import('./pages/MaintenancePage.vue'),
    props: ({ params }) => ({ maintenanceKey: String(params['key']) }),
  },
  maintenanceForm('/new/maintenance', 'maintenance-new'),
  maintenanceForm('/maintenance/:key/edit', 'maintenance-edit'),
  {
    path: '/calendars',
    name: 'calendars',
    component: () => import('./pages/CalendarsPage.vue'),
    meta: { title: 'Calendars' },
  },
  {
    path: '/calendars/:key',
    name: 'calendar',
    component: () => import('./pages/CalendarPage.vue'),
    props: ({ params }) => ({ calendarKey: String(params['key']) }),
  },
  {
    path: '/agreements',
    name: 'agreements',
    component: () => import('./pages/AgreementsPage.vue'),
    meta: { title: 'Agreements' },
  },
  {
    path: '/agreements/:key',
    name: 'agreement',
    component: () => import('./pages/AgreementPage.vue'),
    props: agreementOf,
  },
  {
    path: '/agreements/:key/objectives/:objective',
    name: 'explanation',
    component: () => import('./pages/ExplanationPage.vue'),
    props: (to) => ({ ...agreementOf(to), objectiveKey: String(to.params['objective']) }),
  },
  {
    path: '/agreements/:key/corrections',
    name: 'corrections',
    component: () => import('./pages/CorrectionsPage.vue'),
    props: agreementOf,
    meta: { title: 'Corrections' },
  },
  {
    path: '/agreements/:key/corrections/new',
    name: 'correction-new',
    component: () => import('./pages/CorrectionFormPage.vue'),
    meta: { needs: 'catalog:write' },
    props: agreementOf,
  },
  {
    path: '/agreements/:key/reports',
    name: 'reports',
    component: () => import('./pages/ReportsPage.vue'),
    props: agreementOf,
  },
  {
    path: '/agreements/:key/reports/:period',
    name: 'report',
    component: () => import('./pages/ReportPage.vue'),
    props: (to) => ({ ...agreementOf(to), period: String(to.params['period']) }),
  },
  {
    path: '/agreements/:key/reviews/:period',
    name: 'review',
    component: () => import('./pages/ReviewPage.vue'),
    props: (to) => ({ ...agreementOf(to), period: String(to.params['period']) }),
  },
  {
    path: '/consequences',
    name: 'consequences',
    component: () => import('./pages/ConsequencesPage.vue'),
    meta: { title: 'Consequences' },
  },
  {
    path: '/new/agreements',
    name: 'agreements-new',
    component: () => import('./pages/AgreementFormPage.vue'),
    meta: { needs: 'catalog:write' },
    props: ({ query }) => ({ recordKey: null, template: String(query['template'] ?? '') || null }),
  },
  {
    path: '/agreements/:key/edit',
    name: 'agreements-edit',
    component: () => import('./pages/AgreementFormPage.vue'),
    meta: { needs: 'catalog:write' },
    props: ({ params }) => ({ recordKey: String(params['key']), template: null }),
  },
  {
    path: '/frameworks',
    name: 'frameworks',
    component: () => import('./pages/FrameworksPage.vue'),
    meta: { title: 'Framework terms' },
  },
  {
    path: '/frameworks/:key',
    name: 'framework',
    component: () => import('./pages/FrameworkPage.vue'),
    props: ({ params }) => ({ frameworkKey: String(params['key']) }),
  },
  {
    path: '/incidents',
    name: 'incidents',
    component: () => import('./pages/IncidentsPage.vue'),
    meta: { title: 'Incidents' },
  },
  {
    path: '/incidents/:id(\\d+)',
    name: 'incident',
    component: () => import('./pages/IncidentPage.vue'),
    props: ({ params }) => ({ incidentId: String(params['id']) }),
  },
  {
    path: '/incidents/statistics',
    name: 'incident-statistics',
    component: () => import('./pages/IncidentStatisticsPage.vue'),
    meta: { title: 'Statistics of incidents' },
  },
  {
    path: '/incidents/report',
    name: 'problem-report',
    component: () => import('./pages/ProblemPage.vue'),
    props: serviceIn,
    meta: { title: 'Report a problem' },
  },
  {
    path: '/new/incidents',
    name: 'incidents-new',
    component: () => import('./pages/IncidentFormPage.vue'),
    props: serviceIn,
    meta: { title: 'New incident', needs: 'incidents:write' },
  },
  {
    path: '/channels',
    name: 'channels',
    component: () => import('./pages/ChannelsPage.vue'),
    meta: { title: 'Channels', needs: 'config:read' },
  },
  {
    path: '/channels/:key',
    name: 'channel',
    component: () => import('./pages/ChannelPage.vue'),
    props: ({ params }) => ({ channelKey: String(params['key']) }),
    meta: { needs: 'config:read' },
  },
  keyedForm('/new/channels', 'channels-new', () => import('./pages/ChannelFormPage.vue')),
  keyedForm('/channels/:key/edit', 'channels-edit', () => import('./pages/ChannelFormPage.vue')),
  {
    path: '/incident-hooks',
    name: 'incident-hooks',
    component: () => import('./pages/HooksPage.vue'),
    meta: { title: 'Ticket systems', needs: 'catalog:write' },
  },
  keyedForm('/new/incident-hooks', 'incident-hooks-new', () => import('./pages/HookFormPage.vue')),
  keyedForm('/incident-hooks/:key/edit', 'incident-hooks-edit', () => import('./pages/HookFormPage.vue')),
  { path: '/on-call', name: 'on-call', component: () => import('./pages/OnCallPage.vue'), meta: { title: 'On call' } },
  {
    path: '/alert-routes',
    name: 'alert-routes',
    component: () => import('./pages/AlertRoutesPage.vue'),
    meta: { title: 'Alert routes' },
  },
  keyedForm('/new/alert-routes', 'alert-routes-new', () => import('./pages/AlertRouteFormPage.vue')),
  keyedForm('/alert-routes/:key/edit', 'alert-routes-edit', () => import('./pages/AlertRouteFormPage.vue')),
  {
    path: '/alert-rules',
    name: 'alert-rules',
    component: () => import('./pages/AlertRulesPage.vue'),
    meta: { title: 'Alert rules' },
  },
  {
    path: '/on-call-schedules',
    name: 'on-call-schedules',
    component: () => import('./pages/SchedulesPage.vue'),
    meta: { title: 'On-call schedules' },
  },
  {
    path: '/on-call-schedules/:key',
    name: 'on-call-schedule',
    component: () => import('./pages/SchedulePage.vue'),
    props: ({ params }) => ({ scheduleKey: String(params['key']) }),
  },
  { path: '/alerts', name: 'alerts', component: () => import('./pages/AlertsPage.vue'), meta: { title: 'Alerts' } },
  {
    path: '/alerts/:id(\\d+)',
    name: 'alert',
    component: () => import('./pages/AlertPage.vue'),
    props: ({ params }) => ({ alertId: String(params['id']) }),
  },
  {
    path: '/silences',
    name: 'silences',
    component: () => import('./pages/SilencesPage.vue'),
    meta: { title: 'Silences' },
  },
  {
    path: '/on-call-schedules/:key/log',
    name: 'shift-log',
    component: () => import('./pages/ShiftLogPage.vue'),
    props: ({ params }) => ({ scheduleKey: String(params['key']) }),
  },
  keyedForm('/new/on-call-schedules', 'on-call-schedules-new', () => import('./pages/ScheduleFormPage.vue')),
  keyedForm('/on-call-schedules/:key/edit', 'on-call-schedules-edit', () => import('./pages/ScheduleFormPage.vue')),
  {
    path: '/escalation-policies',
    name: 'escalation-policies',
    component: () => import('./pages/PoliciesPage.vue'),
    meta: { title: 'Escalation policies' },
  },
  {
    path: '/escalation-policies/:key',
    name: 'escalation-policy',
    component: () => import('./pages/PolicyPage.vue'),
    props: ({ params }) => ({ policyKey: String(params['key']) }),
  },
  keyedForm('/new/escalation-policies', 'escalation-policies-new', () => import('./pages/PolicyFormPage.vue')),
  keyedForm('/escalation-policies/:key/edit', 'escalation-policies-edit', () => import('./pages/PolicyFormPage.vue')),
  {
    path: '/reminders',
    name: 'reminders',
    component: () => import('./pages/RemindersPage.vue'),
    meta: { title: 'Reminders' },
  },
  { path: '/teams', name: 'teams', component: () => import('./pages/TeamsPage.vue'), meta: { title: 'Teams' } },
  {
    path: '/locations',
    name: 'locations',
    component: () => import('./pages/LocationsPage.vue'),
    meta: { title: 'Locations' },
  },
  {
    path: '/users',
    name: 'users',
    component: () => import('./pages/UsersPage.vue'),
    meta: { title: 'Users', needs: 'access:manage' },
  },
  {
    path: '/tokens',
    name: 'tokens',
    component: () => import('./pages/TokensPage.vue'),
    meta: { title: 'API tokens', needs: 'access:manage' },
  },
  ...recordRoutes('services', 'catalog:write'),
  ...recordRoutes('teams', 'catalog:write'),
  ...recordRoutes('calendars', 'catalog:write'),
  ...recordRoutes('locations', 'catalog:write'),
  ...recordRoutes('boards', 'catalog:write'),
  ...recordRoutes('frameworks', 'catalog:write'),
  ...recordRoutes('users', 'access:manage'),
  {
    path: '/agents',
    name: 'agents',
    component: () => import('./pages/AgentsPage.vue'),
    meta: { title: 'Agents and health' },
  },
  {
    path: '/audit',
    name: 'audit',
    component: () => import('./pages/AuditPage.vue'),
    meta: { title: 'Audit trail', needs: 'audit:read' },
  },
  {
    path: '/add',
    name: 'add',
    component: () => import('./pages/AddPage.vue'),
    meta: { title: 'Add many', needs: 'catalog:write' },
  },
  {
    path: '/account',
    name: 'account',
    component: () => import('./pages/AccountPage.vue'),
    meta: { title: 'Your account' },
  },
  {
    path: '/import',
    name: 'import',
    component: () => import('./pages/ImportPage.vue'),
    meta: { title: 'Import', needs: 'config:apply' },
  },
  {
    path: '/history',
    name: 'history-imports',
    component: () => import('./pages/HistoryImportsPage.vue'),
    meta: { title: 'Import history', needs: 'metrics:push' },
  },
  {
    path: '/history/:id(\\d+)',
    name: 'history-import',
    component: () => import('./pages/HistoryImportPage.vue'),
    props: ({ params }) => ({ importId: String(params['id']) }),
    meta: { title: 'Import history', needs: 'metrics:push' },
  },
  {
    path: '/metric-values',
    name: 'metrics',
    component: () => import('./pages/MetricsPage.vue'),
    meta: { title: 'Metrics' },
  },
  {
    path: '/metric-values/:key',
    name: 'metric',
    component: () => import('./pages/MetricPage.vue'),
    props: ({ params }) => ({ metricKey: String(params['key']) }),
  },
  {
    path: '/sign-in',
    name: 'sign-in',
    component: () => import('./pages/SignInPage.vue'),
    meta: { public: true, title: 'Sign in' },
  },
  {
    path: '/setup',
    name: 'setup',
    component: () => import('./pages/SetupPage.vue'),
    meta: { public: true, title: 'Set up' },
  },
  {
    path: '/act',
    name: 'act',
    component: () => import('./pages/ActPage.vue'),
    meta: { public: true, title: 'Act on an alert' },
  },
  {
    path: '/:rest(.*)*',
    name: 'not-found',
    component: () => import('./pages/NotFoundPage.vue'),
    meta: { title: 'Not found' },
  },
];
if (import.meta.env.DEV) {
  records.unshift({
    path: '/styleguide',
    name: 'styleguide',
    component: () => import('./pages/StyleguidePage.vue'),
    meta: { title: 'Style guide' },
  });
}

export function createAppRouter(): Router {
  const router = createRouter({
    history: createWebHistory(),
    routes: records,
    scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
  });
  router.beforeEach(async (to) => {
    const session = useSessionStore();
    const kiosk = useKioskStore();
    const board = to.name === 'wall' ? boardOf(to).boardKey : null;
    const token = board === null ? null : kioskTokenIn(to.hash);
    if (board !== null && token !== null) {
      kiosk.enter(board, token);
      // The token must not stay in the address, where people read and copy it.
      return { path: to.path, query: to.query, hash: '', replace: true };
    }
    if (board !== null && kiosk.board === board) return true;
    kiosk.leave();
    if (to.meta.public) return true;
    if (session.state === 'unasked') await session.load();
    if (board !== null && session.state !== 'in' && kiosk.recall(board)) return true;
    return session.state === 'out' ? { name: 'sign-in', query: { return: to.fullPath } } : true;
  });
  router.afterEach(({ meta }) => {
    document.title = meta.title ? `${meta.title} · Troth` : 'Troth';
  });
  return router;
}
