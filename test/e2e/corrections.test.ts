import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { account } from '../support/accounts.ts';
import { useBrowser } from './browser.ts';
import { type Installation, startInstallation } from './installation.ts';

const visits = useBrowser();
let troth: Installation;

const config = `apiVersion: troth/v1
teams: { hr: { name: Human Resources } }
services: { payroll: { name: Payroll, owner: it } }
agreements:
  hr-payroll:
    kind: SLA
    title: Payroll for HR
    provider: it
    customer: hr
    effective: { from: 2026-01-01 }
    timeZone: Europe/Berlin
    status: declared
    objectives: { availability: { type: availability, services: [payroll], target: "99.9" } }
`;
const month = '?period=2026-10';

beforeAll(async () => {
  troth = await startInstallation();
  await troth.post('config/apply?prune=false', config);
  // An hour of the 745 of October: 99.86 %, where 99.9 % is promised.
  await troth.post('services/payroll/timeline', {
    intervals: [
      { state: 'up', from: '2026-09-01T00:00:00Z', to: '2026-10-06T09:00:00Z' },
      { state: 'down', from: '2026-10-06T09:00:00Z', to: '2026-10-06T10:00:00Z' },
      { state: 'up', from: '2026-10-06T10:00:00Z', to: '2026-11-20T00:00:00Z' },
    ],
  });
});
afterAll(() => troth.end());

/** Opens a page as a new member of a team. */
async function openAs(name: string, team: string, path: string): Promise<Page> {
  const cookie = await account(troth.server, name, 'owner', [team]);
  const [cookieName, value] = cookie.split('=') as [string, string];
  const context = await visits.visitor();
  await context.addCookies([{ name: cookieName, value, url: troth.url }]);
  const page = await context.newPage();
  await page.goto(`${troth.url}${path}`);
  return page;
}
const verdict = (page: Page, name: string) => page.locator(`[data-objective="availability"] [data-verdict="${name}"]`);

describe('a correction', () => {
  it('is contested from the interval, shown before it is proposed, and counts once the other party approves', async () => {
    const provider = await openAs('paula', 'it', `/agreements/hr-payroll${month}`);
    await verdict(provider, 'missed').waitFor();
    await provider.getByRole('link', { name: 'What this figure is made of: Availability' }).click();
    await provider.getByRole('link', { name: /^Contest down/ }).click();
    await provider.getByRole('heading', { name: 'Contest Payroll' }).waitFor();
    expect(await provider.getByLabel('From (Europe/Berlin)').inputValue()).toBe('2026-10-06T11:00');
    const effect = provider.locator('[data-effect="availability"]');
    await effect.waitFor();
    expect(await effect.innerText()).toMatch(/Missed[\s\S]*99\.86 %[\s\S]*Met[\s\S]*100 %/);
    // Half of the hour alone would not do.
    await provider.getByLabel('To (Europe/Berlin)').fill('2026-10-06T11:10:00');
    await provider.getByLabel('To (Europe/Berlin)').press('Tab');
    await effect.getByText('99.88 %').waitFor();
    await provider.getByLabel('To (Europe/Berlin)').fill('2026-10-06T12:00:00');
    await provider.getByLabel('To (Europe/Berlin)').press('Tab');
    await effect.getByText('100 %').waitFor();
    await provider.getByLabel('Because').selectOption({ label: 'Caused by the customer' });
    await provider.getByRole('button', { name: 'Propose the correction' }).click();
    await provider.getByText('must say what happened').waitFor();
    await provider.getByRole('textbox', { name: /^What happened/ }).fill('Their own firewall was being changed');
    await provider.getByRole('button', { name: 'Propose the correction' }).click();
    const own = provider.locator('[data-state="proposed"]');
    await own.getByText(/Human Resources is to answer before 2026-/).waitFor();
    await own.getByRole('button', { name: /^Withdraw/ }).waitFor();
    expect(await own.getByRole('button', { name: /^Approve/ }).count()).toBe(0);

    const customer = await openAs('carla', 'hr', `/agreements/hr-payroll${month}`);
    await customer.getByText(/1 correction waits for an answer, from you/).waitFor();
    await verdict(customer, 'missed').getByText('disputed').waitFor();
    await customer.getByRole('link', { name: 'Look at them' }).click();
    await customer.getByText('Their own firewall was being changed').waitFor();
    await customer.getByRole('button', { name: /^Approve/ }).click();
    await customer.getByRole('dialog').getByRole('button', { name: 'Approve' }).click();
    await customer.getByText(/Approved by carla for Human Resources/).waitFor();
    // The other page hears of it by itself.
    await provider.getByText(/Approved by carla for Human Resources/).waitFor({ timeout: 15_000 });
    await customer.goto(`${troth.url}/agreements/hr-payroll${month}`);
    await verdict(customer, 'met').waitFor();
    expect(await customer.getByText('disputed').count()).toBe(0);
    await customer.goto(`${troth.url}/agreements/hr-payroll/objectives/availability${month}`);
    const piece = customer.locator('[data-class="excluded"]');
    await piece.waitFor();
    expect(await piece.innerText()).toMatch(/Approved by carla: Their own firewall was being changed/);
  });

  it('is rejected with a reason alone, which the one who proposed it reads', async () => {
    const input = {
      ...{ service: 'payroll', from: '2026-10-07T09:00:00Z', to: '2026-10-07T09:30:00Z' },
      ...{ as: 'down', reason: 'Nobody could sign in', party: 'customer' },
    };
    const { status } = await troth.server.request('POST', '/api/v1/agreements/hr-payroll/corrections', input);
    expect(status).toBe(201);
    const page = await openAs('peter', 'it', '/agreements/hr-payroll/corrections');
    await page
      .locator('[data-state="proposed"]')
      .getByRole('button', { name: /^Reject/ })
      .click();
    await page.getByRole('dialog').getByRole('button', { name: 'Reject' }).click();
    await page.getByText('Say why, for those who proposed it.').waitFor();
    await page
      .getByRole('dialog')
      .getByRole('textbox', { name: /^Reason/ })
      .fill('All of them signed in');
    await page.getByRole('dialog').getByRole('button', { name: 'Reject' }).click();
    const rejected = page.locator('[data-state="rejected"]');
    await rejected.getByText('All of them signed in').waitFor();
    expect(await rejected.innerText()).toContain('Rejected by peter for IT Operations');
  });
});
