import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ReportClosingService } from '../../server/reports/report-closing.service.ts';
import { account } from '../support/accounts.ts';
import { signedAgreement, type Signers, signers } from '../support/signed-agreement.ts';
import { useBrowser } from './browser.ts';
import { type Installation, startInstallation } from './installation.ts';

const visits = useBrowser();
let troth: Installation;
let people: Signers & { arbiter: string };

const interval = (state: string, from: string, to: string) => ({ state, from: `2026-${from}Z`, to: `2026-${to}Z` });

beforeAll(async () => {
  troth = await startInstallation();
  await troth.put('teams/hr', { name: 'Human Resources' });
  await troth.put('teams/cio', { name: 'Office of the CIO' });
  await troth.put('services/payroll', { name: 'Payroll', owner: 'it' });
  await troth.post('services/payroll/timeline', {
    intervals: [
      interval('up', '09-01T00:00:00', '09-10T09:00:00'),
      interval('down', '09-10T09:00:00', '09-10T11:00:00'),
      interval('up', '09-10T11:00:00', '10-06T09:00:00'),
      interval('down', '10-06T09:00:00', '10-06T10:00:00'),
      interval('up', '10-06T10:00:00', '11-20T00:00:00'),
    ],
  });
  const parties = await signers(troth.server, 'it', 'hr');
  people = { ...parties, arbiter: await account(troth.server, 'arno', 'owner', ['cio']) };
  await signedAgreement(
    troth.server,
    'hr-payroll',
    {
      ...{ kind: 'SLA', title: 'Payroll for HR', provider: 'it', customer: 'hr', timeZone: 'UTC' },
      ...{ effective: { from: '2026-09-01' }, arbiter: 'cio' },
      objectives: { availability: { type: 'availability', services: ['payroll'], target: '99.9' } },
      consequences: {
        base: { amount: '10000.00', currency: 'EUR' },
        credits: [{ objective: 'availability', below: '99.9', percent: '5' }],
        costCentres: { from: '4711', to: '0815' },
        actions: [{ objective: 'availability', action: 'Service review within five working days' }],
      },
    },
    parties,
  );
  await troth.server.app.get(ReportClosingService).closeDue();
});
afterAll(() => troth.end());

async function openAs(side: keyof typeof people, path: string): Promise<Page> {
  const context = await visits.visitor();
  const [name, value] = people[side].split('=') as [string, string];
  await context.addCookies([{ name, value, url: troth.url }]);
  const page = await context.newPage();
  await page.goto(`${troth.url}${path}`);
  return page;
}
const dialogOf = (page: Page) => page.getByRole('dialog');
const entry = (page: Page, words: string, month = 'October') =>
  page
    .locator('[data-consequence]')
    .filter({ hasText: words })
    .filter({ hasText: `report of ${month} 2026` });

describe('a missed period', () => {
  it('proposes a credit, which is accepted, booked and exported', async () => {
    const provider = await openAs('provider', '/');
    await provider.getByRole('link', { name: 'Answer 4 consequences' }).click();
    await provider
      .getByRole('list', { name: 'What is open' })
      .getByText('1 000.00 EUR proposed; 2 actions open')
      .waitFor();
    const credit = entry(provider, '500.00 EUR');
    await credit.getByText('By the agreement IT Operations owes Human Resources 500.00 EUR.').waitFor();
    await credit.getByText('99.86 % is below 99.9 %').waitFor();
    const customer = await openAs('customer', '/consequences');
    await entry(customer, '500.00 EUR').waitFor();
    expect(
      await entry(customer, '500.00 EUR')
        .getByRole('button', { name: /^Accept/ })
        .count(),
    ).toBe(0);

    await credit.getByRole('button', { name: /^Accept/ }).click();
    await dialogOf(provider).getByText('Payroll for HR · report of October 2026 · Availability').waitFor();
    await dialogOf(provider).getByRole('button', { name: 'Accept' }).click();
    await provider.getByText('The credit is accepted and can be booked.').waitFor();
    // The other page hears of it by itself.
    const owed = entry(customer, '500.00 EUR');
    await owed.getByText('500.00 EUR are to be booked from cost centre 4711 to 0815.').waitFor();
    await owed.getByRole('button', { name: /^Booked/ }).click();
    await dialogOf(customer).getByText('Payroll for HR · report of October 2026 · Availability').waitFor();
    await dialogOf(customer).getByRole('button', { name: 'Booked' }).click();
    await dialogOf(customer).getByText('must name the entry in the books').waitFor();
    await dialogOf(customer).getByLabel('Journal reference').fill('J-2026-117');
    await dialogOf(customer).getByRole('button', { name: 'Booked' }).click();
    const booked = entry(customer, 'IT Operations has credited Human Resources 500.00 EUR.');
    await booked.locator('code').getByText('J-2026-117').waitFor();

    const [download] = await Promise.all([
      customer.waitForEvent('download'),
      customer.getByRole('link', { name: 'CSV' }).click(),
    ]);
    const csv = await readFile(await download.path(), 'utf8');
    expect(csv).toMatch(/hr-payroll,Payroll for HR,2026-10,1,credit,booked,.*500\.00,0\.00,500\.00,EUR.*J-2026-117/);
  });

  it('calls for an action, which is accepted with a day, and done with a note', async () => {
    const page = await openAs('provider', '/agreements/hr-payroll');
    await page.getByText('3 consequences are open, for you to answer.').waitFor();
    const action = entry(page, 'Service review');
    await action.getByRole('button', { name: /^Accept/ }).click();
    await dialogOf(page).getByLabel('Who does it').fill('Paula Berg');
    await dialogOf(page).getByLabel('By which day').fill('2099-01-10');
    await dialogOf(page).getByRole('button', { name: 'Accept' }).click();
    await action.getByText('Paula Berg is to do it by 2099-01-10.').waitFor();
    await action.getByRole('button', { name: /^Done/ }).click();
    await dialogOf(page).getByLabel('What was done').fill('Held on 12 November');
    await dialogOf(page).getByRole('button', { name: 'Done' }).click();
    await page.getByText('It is done.').waitFor();
    // What is done is not owed any more.
    await action.waitFor({ state: 'detached' });
  });
});

describe('a credit that is contested', () => {
  it('is decided by the arbiter, who reads why', async () => {
    const provider = await openAs('provider', '/consequences?kind=credit&period=2026-09');
    const credit = entry(provider, '500.00 EUR', 'September');
    await credit.getByRole('button', { name: /^Contest/ }).click();
    await dialogOf(provider).getByRole('button', { name: 'Contest' }).click();
    await dialogOf(provider).getByText('must say why').waitFor();
    await dialogOf(provider).getByLabel('Why').fill('The probes were wrong');
    await dialogOf(provider).getByRole('button', { name: 'Contest' }).click();
    await credit.getByText('Office of the CIO decides, unless a correction settles it before.').waitFor();

    const arbiter = await openAs('arbiter', '/');
    await arbiter.getByRole('link', { name: 'Answer a consequence of September 2026' }).click();
    const contested = entry(arbiter, '500.00 EUR', 'September');
    await contested.getByText('What was done with it').click();
    await contested.getByText(/Contested by paula for IT Operations, .*: The probes were wrong/).waitFor();
    await contested.getByRole('button', { name: /^It is not owed/ }).click();
    await dialogOf(arbiter).getByLabel('Why, for both parties').fill('They were');
    await dialogOf(arbiter).getByRole('button', { name: 'It is not owed' }).click();
    await credit.getByText('Office of the CIO decided that IT Operations does not owe 500.00 EUR.').waitFor();
  });
});

describe('the review of a closed period', () => {
  it('is commented and signed off by both, and leads into the next version', async () => {
    const customer = await openAs('customer', '/agreements/hr-payroll/reports/2026-10');
    await customer.getByRole('link', { name: 'Review', exact: true }).click();
    await customer.getByRole('heading', { name: 'Review: October 2026' }).waitFor();
    await customer.locator('[data-trend="availability"]').getByText('Missed in 2 of 2 periods.').waitFor();
    await customer.getByLabel('Say something').fill('99.95, please.');
    await customer.getByLabel('About').selectOption({ label: 'Objective: Availability' });
    await customer.getByRole('button', { name: 'Say it' }).click();
    await customer.getByText('For the next version · Objective: Availability').waitFor();
    await customer.getByRole('button', { name: 'Add an action' }).click();
    await dialogOf(customer).getByLabel('What', { exact: true }).fill('A second switch');
    await dialogOf(customer).getByRole('button', { name: 'Add the action' }).click();
    await dialogOf(customer).getByLabel('By which day').fill('2099-02-01');
    await dialogOf(customer).getByRole('button', { name: 'Add the action' }).click();
    await customer.getByText('IT Operations owes Human Resources: A second switch').waitFor();
    await customer.getByRole('button', { name: 'Sign off' }).click();
    await dialogOf(customer).getByRole('button', { name: 'Sign off' }).click();
    await customer
      .locator('[data-signed="customer"]')
      .getByText(/signed by carla/)
      .waitFor();

    const provider = await openAs('provider', '/agreements/hr-payroll/reviews/2026-10');
    await provider.getByRole('button', { name: 'Sign off' }).click();
    await dialogOf(provider).getByRole('button', { name: 'Sign off' }).click();
    await customer
      .locator('[data-signed="provider"]')
      .getByText(/signed by paula/)
      .waitFor();
    await provider.getByRole('button', { name: 'Begin the next version' }).click();
    await provider.waitForURL('**/agreements/hr-payroll/edit');
    await provider.getByRole('heading', { name: 'From the reviews' }).waitFor();
    await provider.locator('[data-clause="objectives.availability"]').getByText('99.95, please.').waitFor();
  });

  it('of a period that is not frozen is said not to be there', async () => {
    const page = await openAs('provider', '/agreements/hr-payroll/reviews/2026-11');
    await page.getByText('There is no such review').waitFor();
  });
});
