import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { account } from '../support/accounts.ts';
import { useBrowser } from './browser.ts';
import { type Installation, startInstallation } from './installation.ts';

const visits = useBrowser();
let troth: Installation;
const cookies = new Map<string, string>();

beforeAll(async () => {
  troth = await startInstallation();
  await troth.put('teams/hr', { name: 'Human Resources' });
  await troth.put('services/payroll', { name: 'Payroll', owner: 'it' });
  await troth.put('agreements/hr-payroll', {
    ...{ kind: 'SLA', title: 'Payroll for HR', provider: 'it', customer: 'hr', timeZone: 'UTC' },
    effective: { from: '2026-01-01' },
    objectives: { availability: { type: 'availability', services: ['payroll'], target: '99.9' } },
    parties: {
      provider: { signatories: [{ name: 'Anna Berg', email: 'anna@example.org', user: 'anna' }] },
      customer: { signatories: [{ name: 'Hanna Lund', email: 'hanna@example.org', user: 'hanna' }] },
    },
  });
  cookies.set('anna', await account(troth.server, 'anna', 'owner', ['it']));
  cookies.set('hanna', await account(troth.server, 'hanna', 'viewer', ['hr']));
});
afterAll(() => troth.end());

/** The agreement as one of its signatories sees it. */
async function openAs(name: 'anna' | 'hanna'): Promise<Page> {
  const context = await visits.visitor();
  const [cookie, value] = cookies.get(name)!.split('=') as [string, string];
  await context.addCookies([{ name: cookie, value, url: troth.url }]);
  const page = await context.newPage();
  await page.goto(`${troth.url}/agreements/hr-payroll`);
  await page.getByRole('heading', { name: 'Versions and signatures' }).waitFor();
  return page;
}
const dialogOf = (page: Page) => page.getByRole('dialog');
async function propose(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Propose the draft' }).click();
  await dialogOf(page).getByRole('button', { name: 'Propose' }).click();
  // The document is laid out to count its pages, for the first time with its fonts.
  await page.getByText('both parties are asked to sign').waitFor({ timeout: 30_000 });
}
async function sign(page: Page, version: number): Promise<void> {
  await page.getByRole('button', { name: `Sign version ${version}` }).click();
  await dialogOf(page).getByRole('checkbox').check();
  await dialogOf(page).getByRole('button', { name: 'Sign' }).click();
  await page.getByText(`You have signed version ${version}.`).waitFor();
}

describe('an agreement', () => {
  it('is proposed, returned with a comment at its clause, proposed again, signed by both, and in force', async () => {
    const provider = await openAs('anna');
    await provider.getByText('Draft: not in force').first().waitFor();
    await propose(provider);
    await provider.getByText('Anna Berg and Hanna Lund sign version 1').waitFor();

    const customer = await openAs('hanna');
    await customer.getByText('Proposed, not signed').first().waitFor();
    expect(await customer.getByRole('button', { name: 'Withdraw' }).count()).toBe(0);
    await customer.getByRole('button', { name: 'Return with comments' }).click();
    await dialogOf(customer).getByLabel('Clause').selectOption({ label: 'Objective: Availability' });
    await dialogOf(customer).getByRole('button', { name: 'Return it' }).click();
    await dialogOf(customer).getByText('must not be empty').waitFor();
    await dialogOf(customer).getByLabel('What should be otherwise').fill('99.95, please.');
    await dialogOf(customer).getByRole('button', { name: 'Return it' }).click();
    await customer.getByText('is returned with your comments').waitFor();

    // What the other party does is told to whoever has it open.
    const comment = provider.locator('[data-clause="objectives.availability"]');
    await comment.waitFor();
    expect(await comment.textContent()).toContain('99.95, please.');
    await provider.getByRole('link', { name: 'Edit' }).click();
    await provider.waitForURL('**/edit');
    await provider.locator('[data-clause="objectives.availability"]').waitFor();
    await provider.goBack();
    await propose(provider);
    await sign(provider, 2);

    await customer.getByText('Hanna Lund signs version 2').waitFor();
    await sign(customer, 2);
    await customer.getByText('Signed, in force').first().waitFor();
    await customer.getByText('Nothing waits for a signature.').waitFor();
    await provider.getByText('Signed, in force').first().waitFor();
    const signatures = customer.getByRole('list', { name: 'Signatures of version 2' });
    expect(await signatures.textContent()).toMatch(/Provider: Anna Berg signed.*Customer: Hanna Lund signed/);
    await customer.getByRole('button', { name: 'What it changes in version 1' }).click();
    await customer.getByText('They say the same.').waitFor();

    await customer.goto(`${troth.url}/agreements`);
    await customer
      .getByRole('row', { name: /Payroll for HR/ })
      .getByText('Signed, in force')
      .waitFor();
  });
});
