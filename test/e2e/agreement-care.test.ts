import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { account } from '../support/accounts.ts';
import { signedAgreement, signers, type Signers } from '../support/signed-agreement.ts';
import { useBrowser } from './browser.ts';
import { type Installation, startInstallation } from './installation.ts';

const visits = useBrowser();
let troth: Installation;
let people: Signers;
let viewer: string;
let admin: string;
const dayFromNow = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

beforeAll(async () => {
  troth = await startInstallation();
  await troth.put('teams/hr', { name: 'Human Resources' });
  await troth.put('services/payroll', { name: 'Payroll', owner: 'it' });
  await troth.put('frameworks/it-terms', { title: 'IT terms', texts: { duties: 'Tell us early.' } });
  people = await signers(troth.server, 'it', 'hr');
  viewer = await account(troth.server, 'vera', 'viewer', ['hr']);
  admin = await account(troth.server, 'ada', 'admin', []);
  await signedAgreement(
    troth.server,
    'hr-payroll',
    {
      ...{ kind: 'SLA', title: 'Payroll for HR', provider: 'it', customer: 'hr', timeZone: 'UTC' },
      ...{ effective: { from: '2026-01-01', to: dayFromNow(20) }, framework: 'it-terms' },
      objectives: { uptime: { type: 'availability', services: ['payroll'], target: '99.9' } },
      consequences: { actions: [{ objective: 'uptime', action: 'Service review' }] },
    },
    people,
  );
});
afterAll(() => troth?.end());

async function openAs(signedIn: string, path: string): Promise<Page> {
  const context = await visits.visitor();
  const [cookie, value] = signedIn.split('=') as [string, string];
  await context.addCookies([{ name: cookie, value, url: troth.url }]);
  const page = await context.newPage();
  await page.goto(`${troth.url}${path}`);
  return page;
}

describe('a customer', () => {
  it('sees first, in words, what was promised to them and that it ends soon', async () => {
    const page = await openAs(viewer, '/');
    const promised = page.locator('[data-agreement="hr-payroll"]');
    await promised.getByText('If it is missed: Service review.').waitFor();
    expect(await promised.getByText('Ends in 19 days').count()).toBe(1);
    expect(await promised.locator('[data-promise="uptime"]').innerText()).toContain('romised: 99.9 %');
    const promisedTop = (await promised.boundingBox())!.y;
    const headline = page.locator('[data-test="headline"]');
    await headline.waitFor();
    expect(promisedTop).toBeLessThan((await headline.boundingBox())!.y);
  });
});

describe('an agreement about to end', () => {
  it('is renewed from its page, and waits for signatures', async () => {
    const page = await openAs(people.provider, '/agreements/hr-payroll');
    await page.locator('[data-ending="expires"][data-urgency="near"]').waitFor();
    await page.getByRole('button', { name: 'Renew' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Propose the renewal' }).click();
    await page.getByText('Version 2, which would follow, waits for signatures.').waitFor({ timeout: 30_000 });
  });
});

describe('framework terms', () => {
  it('are read, changed, and keep what they said', async () => {
    const page = await openAs(admin, '/frameworks');
    await page.getByRole('link', { name: 'IT terms' }).click();
    await page.getByText('Tell us early.').waitFor();
    await page.getByRole('link', { name: 'Edit' }).click();
    await page.getByLabel('Title').fill('Terms of IT');
    await page.getByRole('button', { name: 'Save' }).first().click();
    await page.getByText('Version 2', { exact: true }).waitFor();
    await page.getByText('Version 1, IT terms').waitFor();
  });
});

describe('reminders', () => {
  it('say on which days people are told, and are set by an admin', async () => {
    const page = await openAs(admin, '/reminders');
    const row = page.locator('[data-rule="signature"]');
    await row.getByRole('textbox').fill('2, 2');
    await page.getByRole('button', { name: 'Save' }).click();
    await row.getByText('must not name a day twice').waitFor();
    await row.getByRole('textbox').fill('2, 9');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Reminders follow these days from now on.').waitFor();
    const rules = (await troth.server.request('GET', '/api/v1/reminders/rules')).body.rules;
    expect(rules.signature).toEqual({ isOn: true, days: [2, 9] });
  });
});
