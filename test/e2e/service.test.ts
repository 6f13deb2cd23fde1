import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MeasuredService } from '../support/measured.ts';
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

const openService = (name: string, role: 'viewer' | 'operator' = 'operator', query = ''): Promise<Page> =>
  troth.open(visits, name, { role, path: `/services/payroll${query}`, heading: 'Payroll' });
const timelineOf = (page: Page) => page.getByRole('slider', { name: /^Timeline/ });
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
    await page.getByRole('region', { name: 'Timeline' }).getByText('As a table').click();
    const rows = page.getByRole('region', { name: 'Timeline as a table' }).getByRole('row');
    await rows.filter({ hasText: 'Down' }).first().waitFor();
    expect(await timelineOf(page).getAttribute('aria-valuetext')).toMatch(/^(Up|Down) for /);
  });

  it('walks the timeline by arrow keys, from interval to interval', async () => {
    const page = await openService('joan');
    const strip = timelineOf(page);
    await strip.focus();
    await page.keyboard.press('Home');
    const first = await strip.getAttribute('aria-valuetext');
    await page.keyboard.press('ArrowRight');
    expect(await strip.getAttribute('aria-valuetext')).not.toBe(first);
  });

  it('draws percentiles, and keeps the chosen span in the address', async () => {
    const page = await openService('mary', 'operator', '?span=1h');
    await page
      .getByRole('slider', { name: /^Latency percentiles/ })
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

  it('lists its outages with what failed first and last, and leads to what was observed around them', async () => {
    const page = await openService('lise');
    const outages = page.getByRole('table', { name: 'Outages' });
    const row = outages.getByRole('row').filter({ hasText: 'Unexpected status' }).first();
    await row.waitFor();
    expect(await row.textContent()).toMatch(/expected 2xx, got 503.*login, hq: Unexpected status/s);
    await row.getByRole('button').nth(1).click();
    const around = page.getByRole('region', { name: /^Observed around/ });
    await around.getByText('Unexpected status').first().waitFor();
    expect(await around.locator('[aria-current]').first().textContent()).toContain('Down');
    expect(await around.locator('[data-phase=firstByte]').count()).toBeGreaterThan(0);
    const link = page.url();
    expect(link).toMatch(/at=.*probe=payroll\.login/);
    await around.getByRole('button', { name: 'Close the observations' }).click();
    await around.waitFor({ state: 'detached' });
    await page.goto(link);
    await around.locator('[aria-current]').first().waitFor();
  });

  it('lists an outage that is learnt of after its end, while the page is open', async () => {
    const late = await MeasuredService.make(troth.server, 'late', { locations: ['lab'] });
    await late.record([-9, -8, -5, -4].map((slot) => late.saw(slot, 'up')));
    const page = await troth.open(visits, 'maud', { path: '/services/late', heading: 'late' });
    await page.getByText('No outage in the last 90 days, as far as it was measured.').waitFor();
    await late.record([-7, -6].map((slot) => late.saw(slot, 'down')));
    const outages = page.getByRole('table', { name: 'Outages' });
    await outages.getByRole('row').filter({ hasText: 'Connection refused' }).waitFor();
    expect(await outages.textContent()).toContain('2 min');
  });

  it('shows ninety days with their numbers, walks them by keys, and opens one in the timeline', async () => {
    const page = await openService('gerty');
    const days = page.getByRole('slider', { name: /^Days/ });
    await days.waitFor();
    expect(await page.getByText(/Days from midnight to midnight in Europe.Berlin/).count()).toBe(1);
    expect(await days.getAttribute('aria-valuemax')).toMatch(/^(89|90)$/);
    expect(await days.getAttribute('aria-valuetext')).toMatch(
      /^\w{3} \d{4}-\d\d-\d\d: [\d.]+ % up · \d+ outages?, \d+ s down/,
    );
    await days.focus();
    await page.keyboard.press('Home');
    expect(await days.getAttribute('aria-valuetext')).toContain('no data: nothing was measured');
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await page.waitForURL(/from=.*&to=/);
    expect(await page.getByRole('button', { name: '24 h', exact: true }).getAttribute('aria-pressed')).toBe('false');
  });

  it('zooms by dragging and by keys, says the span, goes back, and shows the same from a copied link', async () => {
    const page = await openService('rita', 'viewer', '?span=90d');
    const strip = timelineOf(page);
    await strip.scrollIntoViewIfNeeded();
    const box = (await strip.boundingBox())!;
    await page.mouse.move(box.x + box.width * 0.6, box.y + 10);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.75, box.y + 10);
    await page.mouse.move(box.x + box.width * 0.9, box.y + 10);
    await page.mouse.up();
    await page.waitForURL(/from=.*&to=/);
    const shown = page.getByText(/^2[67] d( \d+ h)?: /);
    await shown.waitFor();
    const words = await shown.textContent();
    const link = page.url();
    await strip.focus();
    await page.keyboard.press('+');
    await page.getByText(/^[89] d( \d+ h)?: /).waitFor();
    for (let presses = 0; presses < 6; presses++) {
      await page.keyboard.press('+');
      await page.waitForTimeout(120);
    }
    await page.getByText(/^1 h: /).waitFor();
    await page.goto(link);
    await shown.waitFor();
    expect(await shown.textContent()).toBe(words);
    await page.getByRole('button', { name: 'Zoom out' }).click();
    await page.getByText(/^8\d d( \d+ h)?: /).waitFor();
    await page.getByRole('button', { name: 'Back' }).click();
    await shown.waitFor();
  });

  it('tells latency and availability by location', async () => {
    const page = await openService('vera', 'viewer', '?span=1h');
    const row = page.getByRole('region', { name: 'By location' }).getByRole('row').nth(1);
    await row.getByText(/% *$/).waitFor();
    expect(await row.textContent()).toMatch(/^\s*hq\s*[\d.]+ %/);
  });

  it('walks the latency chart by arrow keys, and leads from a step to its observations', async () => {
    const page = await openService('olga', 'viewer', '?span=1h');
    const chart = page.getByRole('slider', { name: /^Latency percentiles/ });
    await chart.focus();
    await page.keyboard.press('Home');
    const first = await chart.getAttribute('aria-valuetext');
    expect(first).toMatch(/p50 +[\d.]+ m?s, p95/);
    await page.keyboard.press('ArrowRight');
    expect(await chart.getAttribute('aria-valuetext')).not.toBe(first);
    await page.keyboard.press('Enter');
    await page.getByRole('region', { name: /^Observed around/ }).waitFor();
  });

  it('draws what it rests on as links with their states, and is drawn itself as needed there', async () => {
    const page = await openService('mae', 'viewer');
    await page
      .getByRole('list', { name: 'Depends on' })
      .getByRole('link', { name: /Core network.*Up/ })
      .click();
    await page.getByRole('heading', { name: 'Core network', level: 1 }).waitFor();
    await page
      .getByRole('list', { name: 'Needed by' })
      .getByRole('link', { name: /Payroll/ })
      .waitFor();
  });

  it('says in words that it is paused, and that nothing measures it', async () => {
    await troth.put('services/shelved', { name: 'Shelved', owner: 'it', paused: true });
    await troth.put('services/bare', { name: 'Bare', owner: 'it' });
    const page = await openService('ruth', 'viewer');
    await page.goto(`${troth.url}/services/shelved`);
    await page.getByText(/^This service is paused: nothing is measured/).waitFor();
    await page.goto(`${troth.url}/services/bare`);
    await page.getByText(/^Nothing measures this service yet: it has no probe/).waitFor();
    await page.getByText('No outage in the last 90 days, as far as it was measured.').waitFor();
  });

  it('prints without menus, light, with instants instead of ages', async () => {
    const page = await openService('jean', 'viewer');
    await page.getByRole('article', { name: 'Probe Login page' }).waitFor();
    await page.emulateMedia({ media: 'print' });
    await page.getByText(/^Troth · as of \d{4}-\d\d-\d\d .*\/services\/payroll/).waitFor();
    expect(await page.getByRole('navigation', { name: 'Main' }).count()).toBe(0);
    expect(await page.locator('html').getAttribute('data-theme')).toBe('light');
    expect(await series(page).first().textContent()).toMatch(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/);
  });
});
