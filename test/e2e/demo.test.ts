import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Demo } from '../../server/contract/demo.ts';
import { until } from '../support/until.ts';
import { useBrowser } from './browser.ts';
import { type Installation, startInstallation } from './installation.ts';

const visits = useBrowser();
let troth: Installation;
let count = 0;

beforeAll(async () => {
  troth = await startInstallation();
  await troth.put('services/own', { name: 'Our own', owner: 'it' });
  await troth.post('demo', { probes: [] });
  await until(async () => {
    // While documents are laid out, a kept connection may be given up.
    const reply = await troth.server.request('GET', '/api/v1/demo').catch(() => null);
    if (reply === null) return false;
    const { state, step } = reply.body as Demo;
    if (state === 'failed') throw new Error(step);
    return state === 'loaded';
  }, 120_000);
}, 130_000);
afterAll(() => troth.end());

const open = (path: string, role: 'admin' | 'viewer' = 'admin'): Promise<Page> =>
  troth.open(visits, `guest-${++count}`, { role, path });
const banner = (page: Page) => page.locator('[data-test="demo"]');

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
