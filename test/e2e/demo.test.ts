import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useBrowser } from './browser.ts';
import { type Installation, startInstallation } from './installation.ts';

const visits = useBrowser();
let troth: Installation;
let count = 0;

beforeAll(async () => {
  troth = await startInstallation();
});
afterAll(() => troth.end());

const open = (path: string, role: 'admin' | 'viewer' = 'admin'): Promise<Page> =>
  troth.open(visits, `guest-${++count}`, { role, path });
const banner = (page: Page) => page.locator('[data-test="demo"]');

describe('an empty installation', () => {
  it('offers a demo to admins, who see how far it is loaded', { timeout: 240_000 }, async () => {
    const guest = await open('/', 'viewer');
    await guest.getByText('Nothing is watched yet').waitFor();
    expect(await guest.getByRole('button', { name: 'Load the demo' }).count()).toBe(0);
    const page = await open('/');
    await page.getByRole('button', { name: 'Load the demo' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Load the demo' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Load it' }).click();
    await page.getByText(/^Loading: .+ \(\d+ of \d+\)$/).waitFor();
    await banner(page).waitFor();
    expect(await banner(page).getByRole('button', { name: 'Remove the demo' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Remove the demo' }).waitFor({ timeout: 220_000 });
    await troth.put('services/own', { name: 'Our own', owner: 'it' });
  });
});

describe('a loaded demo', () => {
  it('is labelled on every screen, walls included, and shows something true on each', async () => {
    const page = await open('/');
    for (const [path, words] of [
      ['/', 'Overview'],
      ['/services', 'Database cluster'],
      ['/agreements', 'Payroll for Human Resources'],
      ['/agreements/demo-payroll', 'Longest outage'],
      ['/agreements/demo-payroll/reports', 'promises'],
      ['/agreements/demo-payroll/corrections', 'upgrade of the databases'],
      ['/maintenance', 'Patches on Sundays'],
      ['/calendars', 'Office hours in Berlin'],
      ['/wall', 'Payroll'],
    ] as const) {
      await page.goto(`${troth.url}${path}`);
      await banner(page).waitFor();
      await page.getByText(words, { exact: false }).first().waitFor();
    }
    expect(await banner(page).getByRole('button').count()).toBe(0);
  });

  it('can be removed by admins alone', async () => {
    const page = await open('/agreements', 'viewer');
    await banner(page).waitFor();
    expect(await banner(page).getByRole('button').count()).toBe(0);
  });

  it('goes in one step, with everything of it and nothing else', async () => {
    const page = await open('/agreements');
    await page.getByRole('button', { name: 'Remove the demo' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('Payroll for Human Resources').first().waitFor();
    await page.getByRole('button', { name: 'Remove the demo' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove it' }).click();
    await page.getByText('The demo is gone.').waitFor({ timeout: 30_000 });
    await banner(page).waitFor({ state: 'detached' });
    await page.goto(`${troth.url}/services`);
    await page.getByText('Our own').first().waitFor();
    expect(await page.getByText('Database cluster').count()).toBe(0);
    await page.goto(`${troth.url}/agreements`);
    expect(await page.getByText('Payroll for Human Resources').count()).toBe(0);
  });
});
