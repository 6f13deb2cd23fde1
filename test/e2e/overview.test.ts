import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useBrowser } from './browser.ts';
import { type Installation, startInstallation } from './installation.ts';

const visits = useBrowser();
let troth: Installation;
let reportNetwork: (failed?: boolean) => Promise<void>;

beforeAll(async () => {
  troth = await startInstallation();
  reportNetwork = await troth.reporting('network', 'Core network');
  const reportPayroll = await troth.reporting('payroll', 'Payroll', { dependsOn: ['network'], tags: ['salaries'] });
  await troth.put('services/web', { name: 'Web shop', owner: 'it', paused: true });
  await reportNetwork();
  await reportPayroll();
});
afterAll(() => troth.end());

describe('the overview', () => {
  it('says what is wrong as it happens, what rests on it, and what changed', async () => {
    const page = await troth.open(visits, 'overviewer');
    await page.getByText('All 2 that are watched are as expected').waitFor();
    const changed = page.getByRole('region', { name: /^What changed/ });
    await changed
      .getByText(/up, was unknown|first seen up/)
      .first()
      .waitFor();

    await reportNetwork(true);
    await page.getByText('1 down').waitFor();
    const wrong = page.getByRole('region', { name: 'Wrong now' });
    await wrong.getByText('1 service rests on it').waitFor();
    await changed.getByText('The heartbeat reported a failure').waitFor();
    await wrong.getByRole('link', { name: /Core network/ }).click();
    await page.getByRole('heading', { name: 'Core network' }).waitFor();

    await reportNetwork();
    await page.getByRole('link', { name: 'Overview', exact: true }).click();
    await page.getByText('All 2 that are watched are as expected').waitFor();
    await changed.getByText(/up again, was down/).waitFor();
  });
});

describe('the search', () => {
  it('is opened, used and left by keyboard alone', async () => {
    const page = await troth.open(visits, 'searcher');
    await page.getByText('All 2 that are watched').waitFor();
    await page.keyboard.press('/');
    const field = page.getByRole('combobox');
    await page.keyboard.type('salar');
    await page.getByRole('option', { name: /Payroll/, selected: true }).waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL('**/services/payroll');

    await page.keyboard.press('Control+k');
    await page.keyboard.type('core');
    await page.getByRole('option', { name: /Core network/, selected: true }).waitFor();
    // What was found for the first letters alone is on the page until the rest is answered.
    await expect.poll(() => page.getByRole('option').count(), { timeout: 10_000 }).toBe(2);
    await page.keyboard.press('ArrowDown');
    await page.getByRole('option', { name: /report/, selected: true }).waitFor();
    await page.keyboard.press('Escape');
    await field.waitFor({ state: 'hidden' });
    expect(new URL(page.url()).pathname).toBe('/services/payroll');
  });

  it('finds pages and boards, and says when there is nothing', async () => {
    const page = await troth.open(visits, 'finder');
    await page.getByRole('button', { name: 'Search' }).click();
    await page.keyboard.type('agents');
    await page.getByRole('option', { name: /Agents and health/ }).click();
    await page.waitForURL('**/agents');
    await page.getByRole('button', { name: 'Search' }).click();
    await page.keyboard.type('nothing of that name');
    await page.getByText('Nothing found.').waitFor();
    await page.getByRole('combobox').fill('all serv');
    await page.getByRole('option', { name: /All services.*board/ }).click();
    await page.waitForURL('**/wall/all');
  });
});
