import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { httpTarget, type WebTarget } from '../support/targets/http-target.ts';
import { useBrowser } from './browser.ts';
import { type Installation, startInstallation } from './installation.ts';

const visits = useBrowser();
let troth: Installation;
let target: WebTarget;
let status = 200;

beforeAll(async () => {
  target = await httpTarget((_request, response) => {
    void delay(3).then(() => response.writeHead(status).end('<h1>hello</h1>'));
  });
  troth = await startInstallation();
  const report = await troth.reporting('core-network', 'Core network');
  await report();
  await troth.put('services/payroll', { name: 'Payroll', owner: 'it', dependsOn: ['core-network'], tags: ['prod'] });
  await troth.put('probes/payroll.login', {
    name: 'Login page',
    kind: 'http',
    every: '1s',
    timeout: '1s',
    locations: ['hq'],
    confirm: { failures: 2, recheckAfter: '500ms' },
    config: { url: `${target.url}/login` },
  });
  await troth.startAgent();
  await troth.latencyOf('payroll.login');
});
afterAll(async () => {
  await troth.end();
  await target.close();
});

async function openService(name: string, role: 'viewer' | 'operator' = 'operator', query = ''): Promise<Page> {
  const context = await visits.visitor();
  await troth.enter(context, name, role);
  const page = await context.newPage();
  await page.goto(`${troth.url}/services/payroll${query}`);
  await page.getByRole('heading', { name: 'Payroll', level: 1 }).waitFor();
  return page;
}
const series = (page: Page) => page.locator('[data-kind]').filter({ hasText: 'hq' });

describe('the page of a service', () => {
  it('shows its state, its probe with the last observation and the phases of its run', async () => {
    const page = await openService('ada');
    await page.locator('[data-test=state][data-kind=up]').waitFor();
    const probe = page.getByRole('article', { name: 'Probe Login page' });
    await probe.getByText('As expected').waitFor();
    expect(await probe.textContent()).toContain(`${target.url}/login`);
    expect(await probe.textContent()).toContain('every 1 s');
    expect(await probe.locator('[data-phase=connect]').count()).toBe(1);
    expect(await probe.locator('[data-phase=firstByte]').count()).toBe(1);
    await page.getByRole('link', { name: 'Core network' }).waitFor();
  });

  it('goes down and up on the open page, with the reason, as the target does', async () => {
    const page = await openService('grace');
    await page.locator('[data-test=state][data-kind=up]').waitFor();
    status = 503;
    await page.locator('[data-test=state][data-kind=down]').waitFor();
    await series(page).filter({ hasText: 'Unexpected status' }).waitFor();
    status = 200;
    await page.locator('[data-test=state][data-kind=up]').waitFor();
    await page.getByText('As a table').first().click();
    const rows = page.getByRole('region', { name: 'Timeline as a table' }).getByRole('row');
    await rows.filter({ hasText: 'Down' }).first().waitFor();
    expect(await page.getByRole('slider').getAttribute('aria-valuetext')).toMatch(/^(Up|Down) for /);
  });

  it('walks the timeline by arrow keys, from interval to interval', async () => {
    const page = await openService('joan');
    const strip = page.getByRole('slider');
    await strip.focus();
    await page.keyboard.press('Home');
    const first = await strip.getAttribute('aria-valuetext');
    await page.keyboard.press('ArrowRight');
    expect(await strip.getAttribute('aria-valuetext')).not.toBe(first);
  });

  it('draws percentiles, and keeps the chosen span in the address', async () => {
    const page = await openService('mary', 'operator', '?span=1h');
    await page
      .getByRole('img', { name: /^Latency percentiles/ })
      .locator('canvas')
      .waitFor();
    expect(await page.getByRole('button', { name: '1 h', exact: true }).getAttribute('aria-pressed')).toBe('true');
    await page.getByRole('button', { name: '7 d', exact: true }).click();
    await page.waitForURL('**/services/payroll?span=7d');
  });

  it('lists recent observations', async () => {
    const page = await openService('hedy');
    await page.getByText('Recent observations').click();
    const rows = page.getByRole('region', { name: /^Recent observations/ }).getByRole('row');
    await rows.nth(2).waitFor();
    expect(await rows.nth(1).textContent()).toMatch(/\d{4}-\d\d-\d\d .*hq.*(Up|Down)/);
  });

  it('tries a probe at once for those who may, and offers nothing to those who may not', async () => {
    const page = await openService('emmy');
    const probe = page.getByRole('article', { name: 'Probe Login page' });
    await probe.getByRole('button', { name: 'Try it now' }).click();
    await probe.locator('.outcome').getByText('Up', { exact: true }).waitFor();
    const viewer = await openService('rosa', 'viewer');
    await viewer.getByRole('article', { name: 'Probe Login page' }).waitFor();
    expect(await viewer.getByRole('button', { name: 'Try it now' }).count()).toBe(0);
  });
});
