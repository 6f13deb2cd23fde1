import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MessageLinksService } from '../../server/alerting/channels/message-links.service.ts';
import type { Role } from '../../server/contract/access.ts';
import { ReportClosingService } from '../../server/reports/report-closing.service.ts';
import { httpTarget, type WebTarget } from '../support/targets/http-target.ts';
import { nothing, violationsInThemes, wcag } from './axe.ts';
import { useBrowser } from './browser.ts';
import { type Installation, startInstallation } from './installation.ts';

const visits = useBrowser();
let troth: Installation;
let target: WebTarget;
let importId: number;
let alertId: number;
let linkOfMessage: string;
let incidentId: number;

beforeAll(async () => {
  target = await httpTarget((_request, response) => response.end('hello'));
  troth = await startInstallation();
  for (let index = 0; index < 30; index++) {
    const report = await troth.reporting(`service-${index}`, `Service ${index}`);
    if (index % 5 !== 4) await report(index % 7 === 0);
  }
  const web = { kind: 'http', every: '1s', timeout: '1s', locations: ['hq'], config: { url: target.url } };
  await troth.put('probes/service-1.web', web);
  const week = Object.fromEntries(['mon', 'tue', 'wed', 'thu', 'fri'].map((day) => [day, ['08:00-18:00']]));
  const exceptions = [
    { date: `${thisYear}-12-24`, hours: ['08:00-12:00'], name: 'Christmas Eve' },
    { date: `${thisYear}-12-31`, hours: [] },
  ];
  const holidays = { country: 'DE', region: 'BE' };
  await troth.put('calendars/office', { name: 'Office hours', timeZone: 'Europe/Berlin', week, holidays, exceptions });
  const hourly = { timeZone: 'UTC', duration: '50m', repeat: 'FREQ=HOURLY' };
  const start = new Date(Date.now() - 600_000).toISOString().slice(0, 16);
  await troth.put('maintenance/patching', { ...hourly, name: 'Patching', services: ['service-1'], start });
  await troth.put('teams/hr', { name: 'Human Resources' });
  await troth.put('frameworks/it-terms', { title: 'IT terms', texts: { duties: 'Tell us early.' } });
  const secret = { role: 'operator', password: 'correct horse battery' };
  for (const name of ['ana', 'ben']) await troth.put(`users/${name}`, { ...secret, displayName: name, teams: ['it'] });
  const layer = { members: ['ana', 'ben'], rotation: 'daily', start: '2026-01-05' };
  const nights = { ...layer, members: ['ben'], hours: { mon: ['18:00-24:00'], tue: ['00:00-08:00'] } };
  const future = { ...layer, start: '2099-01-05' };
  await troth.put('on-call-schedules/network', {
    name: 'Network',
    timeZone: 'America/New_York',
    layers: [nights, layer],
  });
  await troth.put('on-call-schedules/gaps', { name: 'Gaps', timeZone: 'UTC', layers: [nights, future] });
  const day = 86_400_000;
  const later = (days: number) => new Date(Date.now() + days * day).toISOString();
  await troth.post('on-call-schedules/network/overrides', { member: 'ben', from: later(1), to: later(2) });
  const steps = [
    { targets: [{ kind: 'schedule', key: 'network' }] },
    {
      after: '15m',
      targets: [
        { kind: 'schedule', key: 'gaps' },
        { kind: 'user', key: 'ana' },
      ],
    },
  ];
  await troth.put('escalation-policies/critical', { name: 'Critical', steps });
  await troth.put('agreements/hr-mail', {
    ...{ kind: 'SLA', title: 'Mail for HR', provider: 'it', customer: 'hr', timeZone: 'UTC' },
    effective: { from: '2026-01-01' },
    objectives: {
      availability: { type: 'availability', services: ['service-0'], target: '99.9' },
      response: { type: 'response', services: ['service-0'], severity: 1, within: '15m', target: '95' },
    },
  });
  const to = new Date(Date.now() - 60_000).toISOString();
  const from = new Date(Date.now() - 3_600_000).toISOString();
  await troth.server.request('POST', '/api/v1/agreements/hr-mail/corrections', {
    ...{ service: 'service-0', from, to, as: 'down', reason: 'Nobody could sign in', party: 'customer' },
  });
  await troth.post('metrics/leads', { value: 3 });
  await openIncidents();
  const disks = { service: ['service-0', 'service-2'], rule: ['service-down'] };
  await troth.put('alert-routes/outages', { name: 'Outages', match: disks, policy: 'critical' });
  await troth.put('alert-routes/rest', { name: 'The rest', place: 200, channels: ['ops'] });
  await troth.put('alert-rules/service-down/service/service-3', { urgency: 'ticket', hold: '5m' });
  await troth.post('silences', { match: { tag: ['moving'] }, reason: 'Moving house', for: '4h' });
  alertId = (await troth.server.request('GET', '/api/v1/alerts?state=firing')).body.items[0].id;
  const grant = { alertId, act: 'silence', bearer: 'channel:noc', expiresAt: new Date(Date.now() + day) } as const;
  linkOfMessage = troth.server.app.get(MessageLinksService).sign(grant);
  await importHistory();
  await freezeAReport();
  await troth.startAgent();
  await troth.latencyOf('service-1.web');
});
/** An incident that waits, with clocks that run, and what people are told by. */
async function openIncidents(): Promise<void> {
  const slow = { title: 'Disk is slow', services: ['service-0'], severity: 1, description: 'Slow' };
  incidentId = (await troth.server.request('POST', '/api/v1/incidents', slow)).body.id;
  await troth.post(`incidents/${incidentId}/acknowledge`, {});
  await troth.post(`incidents/${incidentId}/notes`, { text: 'We look into it', toCustomer: true });
  await troth.post(`incidents/${incidentId}/follow-ups`, { what: 'Buy a disk', team: 'it', dueOn: '2026-01-31' });
  await troth.post('incidents', {
    ...{ title: 'Disk was full', services: ['service-2'], reportedAt: '2026-01-10T08:00:00Z' },
    ...{ acknowledgedAt: '2026-01-10T08:10:00Z', resolvedAt: '2026-01-10T09:00:00Z' },
  });
  const config = { url: target.url, secret: 'a-signing-secret-of-the-tests' };
  await troth.put('channels/ops', { name: 'Operations', kind: 'webhook', config });
  await troth.put('incident-hooks/desk', { name: 'Help desk' });
}
/** Values of a metric of which one cannot be read. */
async function importHistory(): Promise<void> {
  const content = 'at,value\n2026-09-01T00:00:00Z,4\n2026-09-02T00:00:00Z,many\n';
  const announced = { kind: 'metrics', format: 'csv', name: 'leads.csv', bytes: content.length, metric: 'leads' };
  const { body } = await troth.server.request('POST', '/api/v1/imports', announced);
  importId = body.id;
  const headers = { 'Content-Type': 'application/octet-stream' };
  await troth.server.request('PUT', `/api/v1/imports/${importId}/content?offset=0`, content, { headers });
}

/** An agreement that held for September, with an outage in it. */
async function freezeAReport(): Promise<void> {
  const declared = `apiVersion: troth/v1
services: { disk: { name: Disk, owner: it } }
agreements:
  hr-disk:
    kind: SLA
    title: Disk for HR
    provider: it
    customer: hr
    effective: { from: 2026-09-01, to: 2026-10-01 }
    timeZone: UTC
    status: declared
    objectives: { availability: { type: availability, services: [disk], target: "99.99" } }
    consequences: { actions: [{ objective: availability, action: Service review }] }
`;
  const interval = (state: string, from: string, to: string) => ({ state, from: `2026-${from}Z`, to: `2026-${to}Z` });
  const intervals = [
    interval('up', '09-01T00:00:00', '09-09T09:00:00'),
    interval('down', '09-09T09:00:00', '09-09T10:00:00'),
    interval('up', '09-09T10:00:00', '10-01T00:00:00'),
  ];
  await troth.post('config/apply?prune=false', declared);
  await troth.post('services/disk/timeline', { intervals });
  await troth.server.database.query(`update agreement_versions set created_at = '2026-09-01'`);
  await troth.server.app.get(ReportClosingService).closeDue();
}

afterAll(async () => {
  await troth.end();
  await target.close();
});

const thisYear = new Date().getUTCFullYear();

/**
 * What can be used on the page and is not reached by the Tab key, or shows no sign of it. What is left to arrow keys, as
 * the tiles of a wall but one, says so with a tabindex of -1. What stands around every page is walked through once, `whole`,
 * and left out elsewhere, by the link that is there for it.
 */
async function unreachedByTab(page: Page, whole: boolean): Promise<string[]> {
  const skip = page.getByRole('link', { name: 'Skip to the page' });
  const isModal = (await page.locator('dialog:modal').count()) > 0;
  const skips = !whole && !isModal && (await skip.count()) > 0;
  if (skips) {
    await skip.focus();
    await page.keyboard.press('Enter');
  }
  const { usable, stops } = (await page.evaluate(markUsable(skips))) as { usable: number; stops: number };
  const reached = new Set<string>();
  const signless: string[] = [];
  for (let press = 0; press < stops + 10 && reached.size < usable; press++) {
    await page.keyboard.press('Tab');
    const { mark, sign } = (await page.evaluate(focused)) as { mark: string | null; sign: boolean };
    if (mark === null) continue;
    if (!sign) signless.push(`no sign of focus: ${mark}`);
    reached.add(mark);
  }
  const all = (await page.evaluate(allUsable)) as string[];
  return [...all.filter((mark) => !reached.has(mark)), ...new Set(signless)];
}

const allUsable = `[...document.querySelectorAll('[data-usable]')].map((element) => element.getAttribute('data-usable'))`;

/** Runs in the page: names everything that can be used and is in sight, and counts it and the stops of Tab on it. */
const markUsable = (skips: boolean) => `(() => {
  const around = document.querySelector('dialog:modal') ?? (${skips} ? document.querySelector('main') : document);
  const usable = [...around.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')].filter(
    (element) =>
      !element.disabled &&
      element.tabIndex >= 0 &&
      !(element.type === 'radio' && !element.checked) &&
      element.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true }),
  );
  usable.forEach((element, index) =>
    element.setAttribute('data-usable', index + ' ' + element.outerHTML.replace(/\\s+/g, ' ').slice(0, 120)),
  );
  // The parts of a date are stops of their own.
  const stops = usable.length + 8 * usable.filter(({ type }) => type?.startsWith('date')).length;
  return { usable: usable.length, stops };
})()`;

/** Runs in the page: what has the focus, and whether it, or what holds it, looks otherwise than without it. */
const focused = `(async () => {
  const element = document.activeElement;
  const mark = element?.getAttribute('data-usable') ?? null;
  // Leaving a date for a moment would begin its parts anew.
  if (mark === null || element.type?.startsWith('date')) return { mark, sign: true };
  const looks = () => {
    const all = [];
    for (let at = element, up = 0; at && up < 4; at = at.parentElement, up += 1) {
      for (const one of [at, ...[...at.children].slice(0, 12)]) {
        const { outline, borderColor, boxShadow, backgroundColor, opacity, color } = getComputedStyle(one);
        all.push([outline, borderColor, boxShadow, backgroundColor, opacity, color].join());
      }
    }
    return all.join('|');
  };
  const withFocus = looks();
  element.blur();
  // Nothing moves here: it looks as it does as soon as what is drawn by script had its turn.
  await new Promise((done) => setTimeout(done));
  const without = looks();
  element.focus();
  return { mark, sign: withFocus !== without };
})()`;

const pages: {
  name: string;
  path: string | (() => string);
  isOpen?: boolean;
  role?: 'admin';
  /** Whether what stands around every page is walked through here. */
  whole?: boolean;
  shown: (page: Page) => Promise<unknown>;
}[] = [
  { name: 'sign-in', path: '/sign-in', isOpen: true, shown: (page) => page.getByLabel('Password').waitFor() },
  {
    name: 'what a link of a message asks for',
    path: () => `/act#${linkOfMessage}`,
    isOpen: true,
    shown: (page) => page.getByRole('button', { name: 'Silence it' }).waitFor(),
  },
  { name: 'setup', path: '/setup#token', isOpen: true, shown: (page) => page.getByLabel('Your name').waitFor() },
  {
    name: 'overview',
    path: '/',
    whole: true,
    shown: async (page) => {
      await page.getByRole('region', { name: 'Wrong now' }).waitFor();
      await page
        .getByRole('region', { name: /^What changed/ })
        .getByRole('listitem')
        .first()
        .waitFor();
    },
  },
  {
    name: 'search',
    path: '/',
    shown: async (page) => {
      await page.getByRole('region', { name: 'Wrong now' }).waitFor();
      await page.keyboard.press('/');
      await page.keyboard.type('service');
      await page
        .getByRole('option', { name: /Service 1/ })
        .first()
        .waitFor();
    },
  },
  { name: 'wall', path: '/wall', shown: (page) => page.locator('[data-kind=down]').first().waitFor() },
  { name: 'filtered wall', path: '/wall?q=nothing', shown: (page) => page.getByText('No service matches').waitFor() },
  {
    name: 'service',
    path: '/services/service-1?probe=service-1.web',
    shown: async (page) => {
      await page.locator('canvas').waitFor();
      for (const summary of await page.locator('summary').all()) await summary.click();
      await page
        .getByRole('region', { name: /^Recent observations/ })
        .first()
        .waitFor();
    },
  },
  {
    name: 'service, observations around an instant',
    path: `/services/service-1?span=1h&at=${new Date(Date.now() - 600_000).toISOString()}`,
    shown: async (page) => {
      await page.getByRole('region', { name: /^Observed around/ }).waitFor();
      await page.getByRole('slider', { name: /^Days/ }).waitFor();
    },
  },
  {
    name: 'services',
    path: '/services',
    shown: (page) => page.locator('[data-row][data-kind=down]').first().waitFor(),
  },
  {
    name: 'services, none found',
    path: '/services?q=nothing',
    shown: (page) => page.getByText('No service matches').waitFor(),
  },
  {
    name: 'legend of the wall',
    path: '/wall',
    shown: async (page) => {
      await page.locator('[data-kind=down]').first().waitFor();
      await page.getByRole('button', { name: 'Legend' }).click();
      await page.getByRole('heading', { name: 'Keys' }).waitFor();
    },
  },
  { name: 'unknown board', path: '/wall/none', shown: (page) => page.getByText('There is no such board').waitFor() },
  { name: 'boards', path: '/boards', shown: (page) => page.getByRole('table', { name: 'Boards' }).waitFor() },
  {
    name: 'kiosk links',
    path: '/boards',
    role: 'admin',
    shown: async (page) => {
      await page
        .getByRole('button', { name: /^Kiosk links/ })
        .first()
        .click();
      await page.getByLabel('Where the display hangs').fill('Hall');
      await page.getByRole('button', { name: 'Make a link' }).click();
      await page.getByLabel('The kiosk link').waitFor();
    },
  },
  {
    name: 'import history',
    path: '/history',
    role: 'admin',
    shown: async (page) => {
      await page.getByRole('heading', { name: 'A new import' }).waitFor();
      await page.getByText('How such a file looks').click();
    },
  },
  {
    name: 'metrics',
    path: '/metric-values',
    role: 'admin',
    shown: (page) => page.getByText('No agreement reads a metric yet').or(page.getByRole('table')).first().waitFor(),
  },
  {
    name: 'a metric',
    path: '/metric-values/leads',
    role: 'admin',
    shown: (page) => page.getByRole('table').first().waitFor(),
  },
  {
    name: 'an import with a fault',
    path: () => `/history/${importId}`,
    role: 'admin',
    shown: (page) => page.getByRole('table').first().waitFor(),
  },
  { name: 'teams', path: '/teams', role: 'admin', shown: (page) => page.getByRole('table').waitFor() },
  { name: 'locations', path: '/locations', role: 'admin', shown: (page) => page.getByRole('table').waitFor() },
  { name: 'users', path: '/users', role: 'admin', shown: (page) => page.getByRole('table').waitFor() },
  { name: 'a new user', path: '/new/users', role: 'admin', shown: (page) => page.getByLabel('Account name').waitFor() },
  {
    name: 'making a token',
    path: '/tokens',
    role: 'admin',
    shown: async (page) => {
      await page.getByRole('button', { name: 'New token' }).click();
      await page.getByRole('button', { name: 'Make the token' }).click();
      await page.locator('.form-fault').first().waitFor();
    },
  },
  {
    name: 'faults of a new service',
    path: '/new/services',
    role: 'admin',
    shown: async (page) => {
      await page.getByRole('button', { name: 'Save', exact: true }).click();
      await page.getByText('fields need attention').waitFor();
      await page.getByRole('combobox', { name: /^Owner/ }).press('ArrowDown');
      await page.getByRole('option', { name: /IT Operations/ }).waitFor();
    },
  },
  {
    name: 'everything of a probe',
    path: '/services/service-1/probes/web/edit',
    role: 'admin',
    shown: async (page) => {
      await page.getByLabel(/^URL/).waitFor();
      await page.getByRole('button', { name: 'Try it' }).click();
      await page.locator('[data-phase=connect]').waitFor();
      for (const summary of await page.locator('summary').all()) await summary.click();
      for (const add of await page.getByRole('button', { name: 'Add', exact: true }).all()) await add.click();
    },
  },
  { name: 'calendars', path: '/calendars', role: 'admin', shown: (page) => page.getByRole('table').waitFor() },
  {
    name: 'reminders',
    path: '/reminders',
    role: 'admin',
    shown: (page) => page.locator('[data-rule="signature"]').waitFor(),
  },
  { name: 'frameworks', path: '/frameworks', role: 'admin', shown: (page) => page.getByRole('table').waitFor() },
  {
    name: 'framework',
    path: '/frameworks/it-terms',
    role: 'admin',
    shown: (page) => page.locator('[data-clause="duties"]').waitFor(),
  },
  {
    name: 'on-call schedules',
    path: '/on-call-schedules',
    role: 'admin',
    shown: (page) => page.getByRole('table').waitFor(),
  },
  {
    name: 'an on-call schedule with its calendar',
    path: '/on-call-schedules/network',
    role: 'admin',
    shown: async (page) => {
      await page.getByText('In your calendar').click();
      await page.locator('.override').first().waitFor();
    },
  },
  {
    name: 'alerts',
    path: '/alerts',
    role: 'admin',
    shown: (page) =>
      page
        .getByRole('button', { name: /^Take it/ })
        .first()
        .waitFor(),
  },
  {
    name: 'an alert that is about to be silenced',
    path: () => `/alerts/${alertId}`,
    role: 'admin',
    shown: async (page) => {
      await page.getByRole('button', { name: 'Silence …' }).click();
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'who is on call',
    path: '/on-call',
    role: 'admin',
    shown: async (page) => {
      await page.getByText('Nothing fires for you').waitFor();
      await page.getByRole('list', { name: 'On call now' }).waitFor();
    },
  },
  {
    name: 'alert routes, and what would happen',
    path: '/alert-routes?service=service-1',
    role: 'admin',
    shown: async (page) => {
      await page
        .getByRole('button', { name: /^Ask Outages/ })
        .first()
        .waitFor();
      await page.getByRole('list', { name: 'Routes in their order' }).waitFor();
      await page
        .getByRole('list', { name: 'Who is told when' })
        .or(page.getByText(/^Nobody/))
        .first()
        .waitFor();
    },
  },
  {
    name: 'an alert route',
    path: '/alert-routes/outages/edit',
    role: 'admin',
    shown: (page) => page.getByRole('combobox', { name: 'Add to service' }).waitFor(),
  },
  {
    name: 'alert rules, one that is set otherwise',
    path: '/alert-rules',
    role: 'admin',
    shown: async (page) => {
      await page.getByRole('button', { name: 'Set Service down otherwise' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Set it' }).click();
      await page.getByText('must name a service').waitFor();
    },
  },
  {
    name: 'silences, and a new one',
    path: '/silences',
    role: 'admin',
    shown: async (page) => {
      await page.getByText('Moving house').waitFor();
      await page.getByRole('button', { name: 'New silence' }).click();
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'the log of its shifts',
    path: '/on-call-schedules/network/log',
    role: 'admin',
    shown: async (page) => {
      await page.getByLabel('Note for whoever follows').fill('Watch the line to Oslo');
      await page.getByRole('button', { name: 'Note it' }).click();
      await page.getByText('Watch the line to Oslo').first().waitFor();
    },
  },
  {
    name: 'an on-call schedule with gaps, on a phone',
    path: '/on-call-schedules/gaps',
    role: 'admin',
    shown: async (page) => {
      await page.setViewportSize({ width: 390, height: 800 });
      await page.getByRole('list', { name: 'Shifts' }).waitFor();
    },
  },
  {
    name: 'overriding an on-call schedule',
    path: '/on-call-schedules/network',
    role: 'admin',
    shown: async (page) => {
      await page.getByRole('button', { name: 'Override', exact: true }).click();
      await page.getByRole('dialog').getByLabel('Why').waitFor();
    },
  },
  {
    name: 'the form of an on-call schedule',
    path: '/on-call-schedules/network/edit',
    role: 'admin',
    shown: (page) => page.getByText('overrides are left out').waitFor(),
  },
  {
    name: 'escalation policies',
    path: '/escalation-policies',
    role: 'admin',
    shown: (page) => page.getByRole('table').waitFor(),
  },
  {
    name: 'an escalation policy',
    path: '/escalation-policies/critical',
    role: 'admin',
    shown: (page) => page.getByRole('list', { name: 'Who is told when' }).waitFor(),
  },
  {
    name: 'the form of an escalation policy',
    path: '/escalation-policies/critical/edit',
    role: 'admin',
    shown: (page) => page.getByRole('list', { name: 'Who is told when' }).waitFor(),
  },
  {
    name: 'incidents',
    path: '/incidents',
    role: 'admin',
    shown: (page) =>
      page
        .getByRole('button', { name: /^Acknowledge #/ })
        .first()
        .waitFor(),
  },
  {
    name: 'an incident',
    path: () => `/incidents/${incidentId}`,
    role: 'admin',
    shown: async (page) => {
      await page.locator('[data-clock=running]').first().waitFor();
      await page.locator('.more > summary').click();
    },
  },
  {
    name: 'letting an incident wait',
    path: () => `/incidents/${incidentId}`,
    role: 'admin',
    shown: async (page) => {
      await page.locator('[data-act=pend]').click();
      await page.getByRole('dialog').getByRole('button', { name: 'Let it wait' }).click();
      await page.getByRole('dialog').locator('.form-fault').first().waitFor();
    },
  },
  {
    name: 'reporting a problem',
    path: '/incidents/report?service=service-1',
    shown: (page) => page.getByLabel(/^Whom it hinders/).waitFor(),
  },
  {
    name: 'a new incident',
    path: '/new/incidents',
    role: 'admin',
    shown: async (page) => {
      await page.getByRole('button', { name: 'Record it' }).click();
      await page.locator('.form-summary li').first().waitFor();
    },
  },
  {
    name: 'statistics of incidents',
    path: '/incidents/statistics?from=2026-01-01',
    shown: (page) => page.getByRole('table', { name: 'Figures' }).waitFor(),
  },
  { name: 'channels', path: '/channels', role: 'admin', shown: (page) => page.getByRole('table').waitFor() },
  {
    name: 'a channel after a test',
    path: '/channels/ops',
    role: 'admin',
    shown: async (page) => {
      await page.getByRole('button', { name: 'Send a test' }).click();
      await page.locator('[data-ok=true]').waitFor();
    },
  },
  {
    name: 'the form of a channel',
    path: '/channels/ops/edit',
    role: 'admin',
    shown: (page) => page.locator('[data-path="config.secret"]').waitFor(),
  },
  {
    name: 'ticket systems',
    path: '/incident-hooks',
    role: 'admin',
    shown: (page) => page.getByLabel('Secret of Help desk', { exact: true }).waitFor(),
  },
  {
    name: 'a calendar with its year',
    path: '/calendars/office',
    role: 'admin',
    shown: async (page) => {
      await page.locator('[data-kind=shut]').first().waitFor();
      await page.getByText(/by the clock/).waitFor();
    },
  },
  {
    name: 'importing exceptions',
    path: '/calendars/office',
    role: 'admin',
    shown: async (page) => {
      await page.getByRole('button', { name: 'Import iCalendar' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Choose a file' }).waitFor();
    },
  },
  {
    name: 'the form of a calendar',
    path: '/calendars/office/edit',
    role: 'admin',
    shown: async (page) => {
      await page.getByLabel('Monday', { exact: true }).fill('late');
      await page.keyboard.press('Tab');
      await page.getByLabel('Country').locator('option').nth(5).waitFor({ state: 'attached' });
      await page.locator('.form-fault').first().waitFor();
    },
  },
  {
    name: 'maintenance',
    path: '/maintenance',
    role: 'admin',
    shown: (page) => page.getByRole('table', { name: /Running now|Coming/ }).waitFor(),
  },
  {
    name: 'a maintenance',
    path: '/maintenance/patching',
    role: 'admin',
    shown: (page) => page.getByRole('list', { name: 'Windows that run or come' }).waitFor(),
  },
  {
    name: 'the form of a maintenance',
    path: '/maintenance/patching/edit',
    role: 'admin',
    shown: async (page) => {
      await page.getByLabel('How it recurs').selectOption('Weekly');
      await page.getByLabel('Ends').selectOption('on a date');
      await page.getByRole('list', { name: 'Next windows' }).waitFor();
    },
  },
  {
    name: 'a new board',
    path: '/new/boards',
    role: 'admin',
    shown: (page) => page.getByRole('textbox', { name: /^Name/ }).waitFor(),
  },
  {
    name: 'unknown service',
    path: '/services/none',
    shown: (page) => page.getByText('There is no such service').waitFor(),
  },
  {
    name: 'agents and health',
    path: '/agents',
    shown: (page) => page.locator('[data-part=fresh]').waitFor(),
  },
  {
    name: 'audit trail',
    path: '/audit?action=service.created',
    shown: async (page) => {
      await page.getByText('Details').first().click();
      await page.locator('details[open] dl').waitFor();
    },
  },
  { name: 'account', path: '/account', shown: (page) => page.getByText('this one').waitFor() },
  {
    name: 'import',
    path: '/import',
    shown: async (page) => {
      await page.getByRole('textbox', { name: 'Config file' }).fill('apiVersion: troth/v1\nteams: { it: { nam: IT } }');
      await page.getByRole('button', { name: 'Show what would change' }).click();
      await page.getByRole('list', { name: 'Faults' }).waitFor();
    },
  },
  {
    name: 'import with its difference',
    path: '/import',
    shown: async (page) => {
      await page
        .getByRole('textbox', { name: 'Config file' })
        .fill('apiVersion: troth/v1\nteams: { it: { name: IT } }');
      await page.getByRole('button', { name: 'Show what would change' }).click();
      await page.locator('[data-action=adopt]').waitFor();
    },
  },
  {
    name: 'add many',
    path: '/add',
    shown: async (page) => {
      await page.getByLabel(/^Hosts, addresses and URLs/).fill(`${target.url}/new New\n10.0.0.0/24\n127.0.0.1:1`);
      await page.getByRole('button', { name: 'Propose probes' }).click();
      await page.getByText('2 of 2 tried').waitFor();
    },
  },
  {
    name: 'agreements',
    path: '/agreements',
    shown: (page) => page.locator('[data-verdict]').first().waitFor(),
  },
  {
    name: 'agreements, none found',
    path: '/agreements?text=nothing',
    shown: (page) => page.getByText('No agreement matches').waitFor(),
  },
  {
    name: 'scorecard of an agreement',
    path: '/agreements/hr-mail',
    shown: (page) => page.locator('[data-objective]').first().waitFor(),
  },
  {
    name: 'what a figure is made of',
    path: '/agreements/hr-mail/objectives/availability',
    shown: (page) => page.locator('[data-class]').first().waitFor(),
  },
  {
    name: 'what if a figure were another',
    path: '/agreements/hr-mail/objectives/availability?what-if=1',
    shown: async (page) => {
      await page.getByRole('button', { name: 'Add an outage' }).click();
      await page.locator('[data-handle="end"]').waitFor();
      await page.locator('.supposing[aria-busy=false]').waitFor();
    },
  },
  {
    name: 'what a new agreement is begun from',
    path: '/new/agreements',
    role: 'admin',
    shown: (page) => page.locator('[data-template]').first().waitFor(),
  },
  {
    name: 'an agreement that is begun from a template, with its document',
    path: '/new/agreements?template=application-sla',
    role: 'admin',
    shown: async (page) => {
      await page.locator('[data-part="signatures"]').waitFor();
      await page.getByText('Pages by part').click();
      await page.getByText('As the form stands').waitFor();
    },
  },
  {
    name: 'a draft on its last periods',
    path: '/agreements/hr-mail/edit',
    role: 'admin',
    shown: async (page) => {
      await page.getByRole('tab', { name: 'On the last 12 periods' }).click();
      await page.getByRole('button', { name: 'Judge them' }).click();
      await page.locator('[data-tried]').first().waitFor();
    },
  },
  {
    name: 'corrections of an agreement',
    path: '/agreements/hr-mail/corrections',
    role: 'admin',
    shown: (page) => page.locator('[data-correction]').first().waitFor(),
  },
  {
    name: 'contesting a stretch of time',
    path: '/agreements/hr-mail/corrections/new?service=service-0&from=2026-10-06T09:00:00Z&to=2026-10-06T10:00:00Z&class=down&objective=availability',
    role: 'admin',
    shown: (page) => page.locator('[data-effect]').first().waitFor(),
  },
  {
    name: 'everything of an agreement',
    path: '/agreements/hr-mail/edit',
    role: 'admin',
    shown: async (page) => {
      await page.getByRole('group', { name: /^Objectives/ }).waitFor();
      for (const summary of await page.locator('summary').all()) {
        const isOpen = await summary.evaluate((element) => element.parentElement?.hasAttribute('open'));
        if (!isOpen) await summary.click();
      }
    },
  },
  {
    name: 'reports that are still to come',
    path: '/agreements/hr-mail/reports',
    shown: (page) => page.getByText('Nothing is frozen yet').waitFor(),
  },
  {
    name: 'reports of an agreement, verified',
    path: '/agreements/hr-disk/reports',
    shown: async (page) => {
      await page.getByRole('button', { name: 'Verify the chain' }).click();
      await page.locator('[data-chain=holds]').waitFor();
    },
  },
  {
    name: 'a frozen report',
    path: '/agreements/hr-disk/reports/2026-09',
    role: 'admin',
    shown: async (page) => {
      await page.getByText('Have it revised').click();
      await page.getByRole('button', { name: 'Freeze a new revision' }).click();
      await page.getByRole('alert').waitFor();
    },
  },
  {
    name: 'what follows from missed promises',
    path: '/consequences',
    role: 'admin',
    shown: async (page) => {
      await page.locator('[data-consequence]').first().waitFor();
      await page.getByRole('list', { name: 'What is open' }).waitFor();
    },
  },
  {
    name: 'an act with an entry of the ledger',
    path: '/consequences',
    role: 'admin',
    shown: async (page) => {
      await page.locator('[data-act=accept]').first().click();
      await page.getByRole('dialog').getByLabel('By which day').fill('');
      await page.getByRole('dialog').getByRole('button', { name: 'Accept' }).click();
      await page.getByRole('dialog').locator('[aria-invalid=true]').waitFor();
    },
  },
  {
    name: 'the review of a closed period',
    path: '/agreements/hr-disk/reviews/2026-09',
    role: 'admin',
    shown: async (page) => {
      await page.locator('[data-trend]').first().waitFor();
      await page.getByText('As a table').click();
    },
  },
  { name: 'unknown address', path: '/nowhere', shown: (page) => page.getByText('There is no such page').waitFor() },
];

describe('axe finds nothing in either theme, Tab reaches everything, and nothing scrolls but its own part', () => {
  it.each(pages)('on the page: $name', async ({ name, path, isOpen, role, whole = false, shown }) => {
    const context = await visits.visitor({ colorScheme: 'light', reducedMotion: 'reduce' });
    if (!isOpen) await enter(context, name.replace(/\W/g, ''), role ?? 'admin');
    const page = await context.newPage();
    await page.goto(`${troth.url}${typeof path === 'string' ? path : path()}`);
    await shown(page);
    // Only a part of the page scrolls: what is hidden in it for readers must not stretch the document around it.
    expect(await page.locator('html').evaluate((html) => html.scrollHeight - html.clientHeight)).toBe(0);
    expect(await violationsInThemes(page)).toEqual(nothing);
    expect(await unreachedByTab(page, whole)).toEqual([]);
  });

  it('in the menu of the account, and on a phone', async () => {
    const context = await visits.visitor({
      colorScheme: 'light',
      reducedMotion: 'reduce',
      viewport: { width: 390, height: 844 },
    });
    await enter(context, 'menu');
    const page = await context.newPage();
    await page.goto(troth.url);
    await page.getByRole('button', { name: /^Account of/ }).click();
    await page.getByText('Sign out').waitFor();
    // Where a menu stands in the document is no matter of WCAG.
    expect(await violationsInThemes(page, wcag)).toEqual(nothing);
  });
});

const enter = (context: BrowserContext, name: string, role: Role = 'operator'): Promise<void> =>
  troth.enter(context, name, role);
