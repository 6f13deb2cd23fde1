import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useBrowser } from './browser.ts';
import { type Installation, startInstallation } from './installation.ts';
import { proxyTo } from './proxy.ts';

const visits = useBrowser();
let troth: Installation;
let report: (failed?: boolean) => Promise<void>;

beforeAll(async () => {
  troth = await startInstallation();
  report = await troth.reporting('payroll', 'Payroll');
  await report();
});
afterAll(() => troth.end());

const kindOf = (page: Page, kind: string) => page.locator(`[data-key="payroll"][data-kind="${kind}"]`);
const cutBanner = (page: Page) => page.getByRole('alert').filter({ hasText: 'The link to the server is cut' });
const patience = { timeout: 15_000 };

describe('a cut link', () => {
  it('is told when the server is gone, and heals by itself with what happened meanwhile', async () => {
    const page = await troth.open(visits, 'ada', { path: '/wall' });
    await kindOf(page, 'up').waitFor();
    await troth.stop();
    await cutBanner(page).waitFor(patience);
    expect(await page.locator('[data-link=cut]').count()).toBe(1);
    await kindOf(page, 'up').waitFor();
    await troth.start();
    await report(true);
    await kindOf(page, 'down').waitFor(patience);
    await cutBanner(page).waitFor({ state: 'detached' });
    expect(await page.locator('[data-link=live]').count()).toBe(1);
    await report();
    await kindOf(page, 'up').waitFor();
  });

  it('is told within 15 s when the network swallows everything, and heals when it does not', async () => {
    const proxy = await proxyTo(troth.url);
    const context = await visits.visitor();
    const page = await context.newPage();
    await troth.enter(context, 'grace');
    await page.goto(`${proxy.url}/wall`);
    await kindOf(page, 'up').waitFor();
    proxy.freeze();
    await cutBanner(page).waitFor(patience);
    await report(true);
    expect(await kindOf(page, 'up').count()).toBe(1);
    proxy.thaw();
    await kindOf(page, 'down').waitFor(patience);
    await cutBanner(page).waitFor({ state: 'detached' });
    await page.close();
    await proxy.close();
  });

  it('from the very first shows that the server is away, and goes on when it is back', async () => {
    const context = await visits.visitor();
    await troth.enter(context, 'joan');
    const page = await context.newPage();
    await page.route('**/api/v1/session', (route) => route.abort());
    await page.goto(`${troth.url}/wall`);
    await page.getByRole('heading', { name: 'Troth does not answer' }).waitFor();
    await page.unroute('**/api/v1/session');
    await page.locator('[data-key="payroll"]').waitFor();
    expect(await page.getByRole('heading', { name: 'Troth does not answer' }).count()).toBe(0);
  });
});
