import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useBrowser } from './browser.ts';
import { type Installation, startInstallation } from './installation.ts';

const visits = useBrowser();
let troth: Installation;
const report: Record<string, (failed?: boolean) => Promise<void>> = {};

beforeAll(async () => {
  troth = await startInstallation();
  for (const name of ['Anvil', 'Backup', 'Mail', 'Payroll']) {
    report[name] = await troth.reporting(name.toLowerCase(), name, { tags: name === 'Mail' ? ['prod'] : [] });
  }
  await troth.put('services/shelved', { name: 'Shelved', owner: 'it' });
  await Promise.all([report['Anvil']!(), report['Backup']!(), report['Mail']!(), report['Payroll']!(true)]);
});
afterAll(() => troth.end());

const tile = (page: Page, key: string) => page.locator(`[data-key="${key}"]`);
const kindOf = (page: Page, key: string, kind: string) => page.locator(`[data-key="${key}"][data-kind="${kind}"]`);
const keysOf = (page: Page) => page.locator('[data-key]').evaluateAll((all) => all.map((one) => one.dataset['key']));
async function openBoard(name: string, path = '/wall', browser: BrowserContextOptions = {}): Promise<Page> {
  const page = await troth.open(visits, name, { path, browser });
  await tile(page, 'payroll').waitFor();
  return page;
}

describe('the wall', () => {
  it('shows every service with state, reason and name, trouble first', async () => {
    const page = await openBoard('ada');
    await kindOf(page, 'payroll', 'down').waitFor();
    await Promise.all(['anvil', 'backup', 'mail'].map((key) => kindOf(page, key, 'up').waitFor()));
    await kindOf(page, 'shelved', 'unmonitored').waitFor();
    expect(await keysOf(page)).toEqual(['payroll', 'anvil', 'backup', 'mail', 'shelved']);
    expect(await tile(page, 'payroll').textContent()).toMatch(/Down.*Payroll.*heartbeat reported a failure/s);
    await page.getByRole('button', { name: /^1 Down$/ }).waitFor();
    await page.getByRole('button', { name: /^3 Up$/ }).waitFor();
    // It drifts by a few pixels, by the minute, so that nothing burns in: that is no reason to scroll.
    const scrolled = await page.locator('.wall').evaluate((wall) => {
      wall.scrollTop = 50;
      return wall.scrollTop;
    });
    expect(scrolled).toBe(0);
  });

  it('turns down and up again by itself, in two tabs at once, without a reload', async () => {
    const [first, second] = [await openBoard('grace'), await openBoard('joan')];
    await first.locator('body').evaluate((body) => body.setAttribute('data-same-page', ''));
    await report['Backup']!(true);
    await Promise.all([first, second].map((page) => kindOf(page, 'backup', 'down').waitFor()));
    await report['Backup']!();
    await Promise.all([first, second].map((page) => kindOf(page, 'backup', 'up').waitFor()));
    expect(await first.locator('body[data-same-page]').count()).toBe(1);
  });

  it('shows services that come and go', async () => {
    const page = await openBoard('mary');
    await troth.put('services/newcomer', { name: 'Newcomer', owner: 'it' });
    await tile(page, 'newcomer').waitFor();
    await troth.server.request('DELETE', '/api/v1/services/newcomer');
    await tile(page, 'newcomer').waitFor({ state: 'detached' });
    expect(await keysOf(page)).toHaveLength(5);
  });

  it('filters by text and state, and keeps the filter in the address', async () => {
    const page = await openBoard('hedy');
    await page.keyboard.press('/');
    await page.keyboard.type('prod');
    await tile(page, 'payroll').waitFor({ state: 'detached' });
    expect(await keysOf(page)).toEqual(['mail']);
    expect(new URL(page.url()).search).toBe('?q=prod');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: /Down$/ }).click();
    await tile(page, 'mail').waitFor({ state: 'detached' });
    expect(await keysOf(page)).toEqual(['payroll']);
    await page.reload();
    await tile(page, 'payroll').waitFor();
    expect(await keysOf(page)).toEqual(['payroll']);
    await page.getByRole('button', { name: /Down$/ }).click();
    await tile(page, 'mail').waitFor();
  });

  it('says so when nothing matches, and leads back', async () => {
    const page = await openBoard('emmy');
    await page.getByRole('searchbox').fill('no such thing');
    await page.getByText('No service matches').waitFor();
    await page.getByRole('button', { name: 'Show all services' }).click();
    await tile(page, 'mail').waitFor();
    expect(new URL(page.url()).search).toBe('');
  });

  it('can be walked by keyboard alone, to a service and back', async () => {
    const page = await openBoard('rosa');
    for (let presses = 0; presses < 30; presses++) {
      await page.keyboard.press('Tab');
      if ((await page.locator('[data-key]:focus').count()) === 1) break;
    }
    const focused = () => page.locator('[data-key]:focus').getAttribute('data-key');
    expect(await focused()).toBe('payroll');
    await page.keyboard.press('ArrowRight');
    expect(await focused()).toBe('anvil');
    await page.keyboard.press('End');
    expect(await focused()).toBe('shelved');
    await page.keyboard.press('Home');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Payroll', level: 1 }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/services/payroll');
    await page.goBack();
    await tile(page, 'payroll').waitFor();
  });

  it('switches its theme and its zone, and remembers both', async () => {
    const page = await openBoard('lise');
    expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
    await page.getByRole('button', { name: 'Use the light theme' }).click();
    expect(await page.locator('html').getAttribute('data-theme')).toBe('light');
    await page.goto(troth.url);
    await page.getByRole('button', { name: /^Account of/ }).click();
    await page.getByText('UTC', { exact: true }).click();
    await page.goto(`${troth.url}/wall`);
    await tile(page, 'payroll').waitFor();
    expect(await page.locator('html').getAttribute('data-theme')).toBe('light');
    expect(await page.getByTitle('Times are shown in UTC').textContent()).toMatch(/^\s*\d\d:\d\d:\d\d\s*UTC/);
  });

  it('is a list on a phone', async () => {
    const page = await openBoard('sofia', '/wall', { viewport: { width: 390, height: 844 } });
    const boxes = await page
      .locator('[data-key]')
      .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().left));
    expect(new Set(boxes).size).toBe(1);
    const isWider = await page.locator('html').evaluate((html) => html.scrollWidth > html.clientWidth);
    expect(isWider).toBe(false);
  });
});
