/** Where the pages are found: the list from which every menu is drawn. */
import {
  mdiAccountClockOutline,
  mdiAccountMultipleOutline,
  mdiAlertOctagonOutline,
  mdiBellAlertOutline,
  mdiBellRingOutline,
  mdiBullhornOutline,
  mdiCalendarAccountOutline,
  mdiCalendarClock,
  mdiCounter,
  mdiDatabaseImportOutline,
  mdiFileImportOutline,
  mdiHandCoinOutline,
  mdiHandshakeOutline,
  mdiPlaylistPlus,
  mdiHistory,
  mdiKeyOutline,
  mdiMapMarkerOutline,
  mdiMonitorDashboard,
  mdiPulse,
  mdiRoutes,
  mdiWrenchClock,
  mdiTicketOutline,
  mdiServer,
  mdiStairsUp,
  mdiTextBoxMultipleOutline,
  mdiTuneVariant,
  mdiAccountGroupOutline,
  mdiViewDashboardOutline,
  mdiViewGridOutline,
} from '@mdi/js';
import type { Permission } from '../../server/contract/access.ts';

export interface NavigationItem {
  readonly title: string;
  readonly path: string;
  readonly icon: string;
  readonly needs: Permission;
  /** One of the few that a phone shows in its bar. */
  readonly isMain?: boolean;
}
export interface NavigationGroup {
  readonly title: string;
  readonly items: readonly NavigationItem[];
}

export const navigation: readonly NavigationGroup[] = [
  {
    title: 'Watch',
    items: [
      { title: 'Overview', path: '/', icon: mdiViewDashboardOutline, needs: 'board:read', isMain: true },
      { title: 'Wall', path: '/wall', icon: mdiViewGridOutline, needs: 'board:read', isMain: true },
      { title: 'Services', path: '/services', icon: mdiServer, needs: 'board:read', isMain: true },
      { title: 'Incidents', path: '/incidents', icon: mdiAlertOctagonOutline, needs: 'board:read', isMain: true },
      { title: 'Agreements', path: '/agreements', icon: mdiHandshakeOutline, needs: 'board:read' },
      { title: 'Consequences', path: '/consequences', icon: mdiHandCoinOutline, needs: 'board:read' },
      { title: 'Metrics', path: '/metric-values', icon: mdiCounter, needs: 'board:read' },
      { title: 'Maintenance', path: '/maintenance', icon: mdiWrenchClock, needs: 'board:read' },
    ],
  },
  {
    title: 'On-call',
    items: [
      { title: 'On call', path: '/on-call', icon: mdiAccountClockOutline, needs: 'board:read' },
      { title: 'Alerts', path: '/alerts', icon: mdiBellAlertOutline, needs: 'board:read' },
      { title: 'Schedules', path: '/on-call-schedules', icon: mdiCalendarAccountOutline, needs: 'board:read' },
      { title: 'Escalation policies', path: '/escalation-policies', icon: mdiStairsUp, needs: 'board:read' },
      { title: 'Alert routes', path: '/alert-routes', icon: mdiRoutes, needs: 'board:read' },
      { title: 'Alert rules', path: '/alert-rules', icon: mdiTuneVariant, needs: 'board:read' },
      { title: 'Channels', path: '/channels', icon: mdiBullhornOutline, needs: 'config:read' },
      { title: 'Ticket systems', path: '/incident-hooks', icon: mdiTicketOutline, needs: 'catalog:write' },
    ],
  },
  {
    title: 'Set up',
    items: [
      { title: 'Teams', path: '/teams', icon: mdiAccountGroupOutline, needs: 'board:read' },
      { title: 'Locations', path: '/locations', icon: mdiMapMarkerOutline, needs: 'board:read' },
      { title: 'Calendars', path: '/calendars', icon: mdiCalendarClock, needs: 'board:read' },
      { title: 'Framework terms', path: '/frameworks', icon: mdiTextBoxMultipleOutline, needs: 'board:read' },
      { title: 'Reminders', path: '/reminders', icon: mdiBellRingOutline, needs: 'board:read' },
      { title: 'Boards', path: '/boards', icon: mdiMonitorDashboard, needs: 'board:read' },
      { title: 'Add many', path: '/add', icon: mdiPlaylistPlus, needs: 'catalog:write' },
      { title: 'Import', path: '/import', icon: mdiFileImportOutline, needs: 'config:apply' },
      { title: 'Import history', path: '/history', icon: mdiDatabaseImportOutline, needs: 'metrics:push' },
    ],
  },
  {
    title: 'System',
    items: [
      { title: 'Agents and health', path: '/agents', icon: mdiPulse, needs: 'board:read' },
      { title: 'Users', path: '/users', icon: mdiAccountMultipleOutline, needs: 'access:manage' },
      { title: 'API tokens', path: '/tokens', icon: mdiKeyOutline, needs: 'access:manage' },
      { title: 'Audit trail', path: '/audit', icon: mdiHistory, needs: 'audit:read' },
    ],
  },
];

/** The groups with what somebody may see; none is empty. */
export function navigationFor(can: (permission: Permission) => boolean): NavigationGroup[] {
  return navigation
    .map(({ title, items }) => ({ title, items: items.filter(({ needs }) => can(needs)) }))
    .filter(({ items }) => items.length > 0);
}

/** Whether a page belongs to one of the navigation: it is that, is of one thing in it, or makes a new one. */
export const belongsTo = (itemPath: string, path: string): boolean =>
  path === itemPath ||
  (itemPath !== '/' && [`${itemPath}/`, `/new${itemPath}/`].some((start) => `${path}/`.startsWith(start)));
