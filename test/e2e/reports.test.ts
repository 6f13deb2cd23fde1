import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Queues } from '../../probes/queues.ts';
import type { Role } from '../../server/contract/access.ts';
import { ReportMailsService } from '../../server/reports/report-mails.service.ts';
import { account } from '../support/accounts.ts';
import { eventually } from '../support/eventually.ts';
import { useBrowser } from './browser.ts';
import { type Installation, startInstallation } from './installation.ts';

const visits = useBrowser();
let troth: Installation;
let count = 0;

const config = `apiVersion: troth/v1
teams: { hr: { name: Human Resources } }
services: { payroll: { name: Payroll, owner: it } }
agreements:
  hr-payroll:
    kind: SLA
    title: Payroll for HR
    provider: it
    customer: hr
    effective: { from: 2026-09-01 }
    timeZone: UTC
    status: declared
    objectives:
      availability: { type: availability, services: [payroll], target: "99.9" }
      relaxed: { type: availability, title: Most of the time, services: [payroll], target: "99" }
    consequences: { actions: [{ objective: availability, action: Service review within five working days }] }
  waiting:
    kind: SLA
    title: Only just declared
    provider: it
    customer: hr
    effective: { from: 2026-09-01 }
    timeZone: UTC
    status: declared
    objectives: { availability: { type: availability, services: [payroll], target: "99.9" } }
`;
const interval = (state: string, from: string, to: string) => ({ state, from: `2026-${from}Z`, to: `2026-${to}Z` });

beforeAll(async () => {
  troth = await startInstallation();
  await troth.post('config/apply?prune=false', config);
  await troth.post('services/payroll/timeline', {
    intervals: [
      interval('up', '09-01T00:00:00', '10-06T09:00:00'),
      interval('down', '10-06T09:00:00', '10-06T10:00:00'),
      interval('up', '10-06T10:00:00', '11-03T00:00:00'),
    ],
  });
  // Its history has had its day to follow.
  await troth.server.database.query(
    `update agreement_versions v set created_at = '2026-09-01' from agreements a
     where a.id = v.agreement_id and a.key = 'hr-payroll'`,
  );
  await troth.server.app.get(Queues).queue('reports').add('close', {}, {});
  await eventually(async () => {
    const { body } = await troth.server.request('GET', '/api/v1/agreements/hr-payroll/reports');
    if (body.items.length < 2) throw new Error('not all periods are closed yet');
  });
});
afterAll(() => troth.end());

const open = (path: string, role: Role = 'admin'): Promise<Page> =>
  troth.open(visits, `reader-${++count}`, { role, path });

async function openAs(name: string, teams: string[], path: string): Promise<Page> {
  const context = await visits.visitor();
  const [cookie, value] = (await account(troth.server, name, 'owner', teams)).split('=') as [string, string];
  await context.addCookies([{ name: cookie, value, url: troth.url }]);
  const page = await context.newPage();
  await page.goto(`${troth.url}${path}`);
  return page;
}

describe('the reports of an agreement', () => {
  it('are found from it, closed by themselves, and verified with a clear answer', async () => {
    const page = await open('/agreements/hr-payroll');
    await page.getByRole('link', { name: 'Reports' }).click();
    const october = page.getByRole('row', { name: /October 2026/ });
    await october.locator('[data-verdict="missed"]').waitFor();
    expect(await october.textContent()).toContain('1 of 2 promises missed: Availability.');
    await page
      .getByRole('row', { name: /September 2026/ })
      .locator('[data-verdict="met"]')
      .waitFor();
    await page.getByText(/^Next is November 2026, frozen soon after 2026-12-02/).waitFor();
    await page.getByRole('button', { name: 'Verify the chain' }).click();
    await page.locator('[data-chain="holds"]').waitFor();
    await page.getByText('All 2 reports say what was frozen, and none is gone.').waitFor();
  });

  it('say before the first when it comes', async () => {
    const page = await open('/agreements/waiting/reports');
    await page.getByText(/^Nothing is frozen yet. The first report, of September 2026, is frozen soon after/).waitFor();
    expect(await page.getByRole('button', { name: 'Verify the chain' }).count()).toBe(0);
  });

  it('are closed before they have settled where both parties say that everything is in', async () => {
    const [paula, carla] = await Promise.all([
      openAs('paula', ['it'], '/agreements/waiting/reports'),
      openAs('carla', ['hr'], '/agreements/waiting/reports'),
    ]);
    await paula.getByRole('heading', { name: 'September 2026 has ended' }).waitFor();
    await paula.getByRole('button', { name: 'Everything is in …' }).click();
    await paula.getByRole('dialog').getByRole('button', { name: 'Everything is in' }).click();
    await paula.getByRole('button', { name: 'Take it back' }).waitFor();
    // Nobody reads her page again: it is told.
    await carla.getByText('paula said for the provider that everything is in').waitFor();
    await carla.getByRole('button', { name: 'Confirm and freeze …' }).click();
    await carla.getByRole('dialog').getByRole('button', { name: 'Confirm and freeze' }).click();
    await carla.getByRole('link', { name: 'September 2026' }).waitFor();
    await paula.getByRole('link', { name: 'September 2026' }).waitFor();
    await paula.getByRole('heading', { name: 'October 2026 has ended' }).waitFor();
  });
});

describe('a frozen report', () => {
  it('tells what was promised, what was lost and what follows, and has its files', async () => {
    const page = await open('/agreements/hr-payroll/reports', 'viewer');
    await page.getByRole('link', { name: 'October 2026' }).click();
    await page.getByRole('heading', { name: 'Payroll for HR: October 2026' }).waitFor();
    const availability = page.locator('[data-objective="availability"]');
    expect(await availability.textContent()).toContain('99.86 %');
    expect(await availability.textContent()).toContain('15 min 21 s over 44 min 38 s');
    const lost = page.getByRole('region', { name: /^What was lost/ }).getByRole('listitem');
    expect(await lost.first().textContent()).toMatch(/2026-10-06 09:00:00 UTC.*10:00:00 UTC.*1 h.*Payroll: Down/);
    await page.getByText('Service review within five working days').waitFor();
    const links = await page.getByRole('list', { name: 'Files of this report' }).getByRole('link').all();
    for (const link of links) {
      const answer = await page.request.get(new URL((await link.getAttribute('href'))!, troth.url).href);
      expect([await link.textContent(), answer.status()]).toEqual([expect.any(String), 200]);
    }
    expect(links).toHaveLength(6);
    expect(await page.getByText('Have it revised').count()).toBe(0);
  });

  it('shows at once what became of its mails', async () => {
    const page = await open('/agreements/hr-payroll/reports/2026-09', 'viewer');
    await page.getByRole('heading', { name: 'Payroll for HR: September 2026' }).waitFor();
    expect(await page.getByText('clara@hr.org').count()).toBe(0);
    await troth.server.database.query(
      `insert into mails (report_id, party, recipient, state, error)
       select r.id, 'customer', 'clara@hr.org', 'failed', 'No such mailbox'
       from reports r join agreements a on a.id = agreement_id where a.key = 'hr-payroll' and period = '2026-09'`,
    );
    await troth.server.app.get(ReportMailsService).again('hr-payroll', '2026-09');
    await page.getByRole('listitem').filter({ hasText: 'clara@hr.org' }).waitFor();
  });

  it('says that nothing has changed where somebody wants it revised for nothing', async () => {
    const page = await open('/agreements/hr-payroll/reports/2026-10');
    await page.getByText('Have it revised').click();
    await page.getByRole('button', { name: 'Freeze a new revision' }).click();
    await page.getByRole('alert').getByText('The reason must not be empty').waitFor();
    await page.getByLabel('Why the figures are other than they were').fill('To see');
    await page.getByRole('button', { name: 'Freeze a new revision' }).click();
    await page.getByRole('alert').getByText('Nothing that the report of 2026-10 rests on has changed').waitFor();
  });

  it('of a period that is not frozen is said not to be there', async () => {
    const page = await open('/agreements/hr-payroll/reports/2026-11');
    await page.getByText('There is no such report').waitFor();
  });
});
