import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useBrowser } from './browser.ts';
import { type Installation, startInstallation } from './installation.ts';

const visits = useBrowser();
let troth: Installation;
const iso = (atMs: number) => new Date(atMs).toISOString();
const minuteMs = 60_000;

beforeAll(async () => {
  troth = await startInstallation();
  await troth.post(
    'config/apply?prune=false',
    `apiVersion: troth/v1
teams: { hr: { name: Human Resources } }
services: { payroll: { name: Payroll, owner: it }, shelved: { name: Shelved, owner: it } }
agreements:
  hr-payroll:
    { kind: SLA, title: Payroll for HR, provider: it, customer: hr, effective: { from: 2026-01-01 }, timeZone: UTC,
      status: declared, period: rolling-30d,
      objectives: { availability: { type: availability, services: [payroll], target: "99.9" } } }
`,
  );
  await lose(40, 12);
});
afterAll(() => troth.end());

/** All up for 30 days, but for some minutes that ended some others ago. */
async function lose(endedMinutesAgo: number, minutes: number): Promise<void> {
  const nowMs = Date.now();
  const [fromMs, toMs] = [nowMs - (endedMinutesAgo + minutes) * minuteMs, nowMs - endedMinutesAgo * minuteMs];
  await troth.post('services/payroll/timeline', {
    intervals: [
      { state: 'up', from: iso(nowMs - 31 * 1_440 * minuteMs), to: iso(fromMs) },
      { state: 'down', from: iso(fromMs), to: iso(toMs) },
      { state: 'up', from: iso(toMs), to: iso(nowMs) },
    ],
  });
}
const tile = (page: Page, key: string) => page.locator(`[data-key="${key}"]`);

describe('what is left of a budget', () => {
  it('stands on the tile of a service as a bar and in words, and goes on by itself', async () => {
    const page = await troth.open(visits, 'ada', { path: '/wall' });
    const bar = tile(page, 'payroll').locator('[data-verdict]');
    await bar.waitFor();
    // 43 min 12 s are all that may be missed; 12 minutes are.
    await tile(page, 'payroll').getByText('31 min of 43 left').waitFor();
    expect(await tile(page, 'shelved').locator('[data-verdict]').count()).toBe(0);
    await page.locator('body').evaluate((body) => body.setAttribute('data-same-page', ''));
    await lose(40, 50);
    await tile(page, 'payroll').getByText('6 min over').waitFor();
    await tile(page, 'payroll').locator('[data-verdict="below-target"]').waitFor();
    expect(await page.locator('body[data-same-page]').count()).toBe(1);
    await lose(40, 12);
    await tile(page, 'payroll').getByText('31 min of 43 left').waitFor();
  });

  it('is in danger on the overview once it is overspent, and not while enough of it is left', async () => {
    const page = await troth.open(visits, 'joan', { path: '/', heading: 'Overview' });
    const promise = page.locator('[data-endangered="hr-payroll/availability"]');
    await page.getByRole('region', { name: /^What changed/ }).waitFor();
    expect(await promise.count()).toBe(0);
    await lose(40, 50);
    await page.reload();
    await promise.locator('[data-verdict="below-target"]').waitFor();
    await promise.getByText(/^6 min( \d+ s)? over/).waitFor();
    await promise.getByRole('link', { name: 'Availability' }).click();
    await page.getByRole('heading', { name: 'Availability', level: 1 }).waitFor();
    await lose(40, 12);
  });

  it('stands on the page of the service, which leads to the agreement', async () => {
    const page = await troth.open(visits, 'grace', { path: '/services/payroll' });
    const promises = page.getByRole('region', { name: /^Promises/ });
    await promises.getByText(/^31 min( \d+ s)? of 43 min( \d+ s)? left$/).waitFor();
    await promises.getByRole('link', { name: /Availability: 99.9 %/ }).click();
    await page.getByRole('heading', { name: 'Payroll for HR' }).waitFor();
    await page.goto(`${troth.url}/services/shelved`);
    await page.getByRole('heading', { name: 'Shelved' }).waitFor();
    expect(await page.getByRole('region', { name: /^Promises/ }).count()).toBe(0);
  });
});
