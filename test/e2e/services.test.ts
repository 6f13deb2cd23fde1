import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Role } from '../../server/contract/access.ts';
import { useBrowser } from './browser.ts';
import { type Installation, startInstallation } from './installation.ts';

const visits = useBrowser();
let troth: Installation;
const many = 1_000;

beforeAll(async () => {
  troth = await startInstallation();
  const report = await troth.reporting('mail', 'Mail', { tags: ['prod'], category: 'support', tier: 1 });
  await report(true);
  const file = `apiVersion: troth/v1
teams: { net: { name: Network } }
services:
${Array.from({ length: many }, (_, index) => `  s-${index}: { name: Service ${index}, owner: net, category: network, tags: [lan] }`).join('\n')}`;
  await troth.server.request('POST', '/api/v1/config/apply', file);
  await troth.server.database.query(`update services set managed_by = null where key <> 's-7'`);
});
afterAll(() => troth.end());

const row = (page: Page, key: string) => page.locator(`[data-row="${key}"]`);
const rows = (page: Page) => page.locator('[data-row]');
const keysOf = (page: Page) => rows(page).evaluateAll((all) => all.map((one) => one.dataset['row']));
const counted = (page: Page, text: string) => page.getByRole('status').getByText(text, { exact: true });
const pausedOf = async (key: string): Promise<boolean> =>
  (await troth.server.request('GET', `/api/v1/services/${key}`)).body.paused;
async function openList(name: string, query = '', role: Role = 'admin', viewport = { width: 1_280, height: 720 }) {
  const page = await troth.open(visits, name, { role, path: `/services${query}`, browser: { viewport } });
  await rows(page).first().waitFor();
  return page;
}

describe('the list of services', () => {
  it('draws of a thousand rows those in view alone, trouble first, and the last when it is scrolled to', async () => {
    const page = await openList('ada');
    await counted(page, `${many + 1} services`).waitFor();
    await page.locator('[data-row="mail"][data-kind="down"]').waitFor();
    expect((await keysOf(page))[0]).toBe('mail');
    expect(await rows(page).count()).toBeLessThan(60);
    const grid = page.getByRole('grid');
    expect(await grid.getAttribute('aria-rowcount')).toBe(String(many + 2));
    await grid.focus();
    await page.keyboard.press('End');
    await row(page, 's-999').waitFor();
    expect(await rows(page).count()).toBeLessThan(60);
  });

  it('filters and sorts, and shows the same from a copied link', async () => {
    const page = await openList('grace');
    await page.getByRole('searchbox', { name: /Name, key, owner or tag/ }).fill('s-99');
    await counted(page, `11 of ${many + 1} services`).waitFor();
    await page.getByRole('button', { name: 'Service', exact: true }).click();
    await page.getByRole('button', { name: 'Service', exact: true }).click();
    await page.waitForURL(/q=s-99&sort=-name/);
    const shown = await keysOf(page);
    expect(shown.slice(0, 2)).toEqual(['s-999', 's-998']);
    const again = await openList('joan', new URL(page.url()).search);
    expect(await keysOf(again)).toEqual(shown);
    await page.getByRole('combobox', { name: 'Team' }).selectOption({ label: 'IT Operations' });
    await page.getByText('No service matches').waitFor();
    await page.getByRole('button', { name: 'Show all services' }).click();
    await counted(page, `${many + 1} services`).waitFor();
  });

  it('filters by state with counts, team, category, tag and tier', async () => {
    const page = await openList('mary');
    await page.getByRole('search', { name: 'Filter the services' }).getByRole('button', { name: '1 Down' }).click();
    await counted(page, `1 of ${many + 1} services`).waitFor();
    for (const [field, value] of [
      ['Team', 'it'],
      ['Category', 'support'],
      ['Tag', 'prod'],
      ['Tier', '1'],
    ] as const)
      await page.getByRole('combobox', { name: field }).selectOption(value);
    expect(await keysOf(page)).toEqual(['mail']);
    expect(new URL(page.url()).search).toBe('?state=down&team=it&category=support&tag=prod&tier=1');
  });

  it('is walked by keyboard: arrows, Enter opens, x and Shift select, Escape lets go', async () => {
    const page = await openList('hedy', '?sort=name');
    await page.getByRole('grid').focus();
    for (const key of ['ArrowDown', 'ArrowDown', 'x', 'Shift+ArrowDown', 'Shift+ArrowDown'])
      await page.keyboard.press(key);
    await page.getByText('3 services selected').waitFor();
    expect(
      await page.locator('[aria-selected=true]').evaluateAll((all) => all.map((one) => one.dataset['row'])),
    ).toEqual(['s-1', 's-2', 's-3']);
    await page.keyboard.press('Escape');
    await page.getByText('3 services selected').waitFor({ state: 'detached' });
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Service 3', level: 1 }).waitFor();
    await page.goBack();
    await rows(page).first().waitFor();
    expect(new URL(page.url()).search).toBe('?sort=name');
  });

  it('pauses what is selected, names what the file manages, and takes it back', async () => {
    const page = await openList('emmy', '?sort=name');
    await row(page, 's-6').getByRole('checkbox').click();
    await row(page, 's-8')
      .getByRole('checkbox')
      .click({ modifiers: ['Shift'] });
    await page.getByText('3 services selected').waitFor();
    await page.getByRole('button', { name: 'Pause' }).click();
    await page
      .getByRole('alert')
      .getByText(/The config file manages them, change them there: s-7/)
      .waitFor();
    expect(await pausedOf('s-6')).toBe(false);
    await page.getByRole('button', { name: 'Leave it out' }).click();
    await page.getByText('2 services selected').waitFor();
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByText('2 services paused.').waitFor();
    expect(await Promise.all(['s-6', 's-7', 's-8'].map(pausedOf))).toEqual([true, false, true]);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('2 services resumed.').waitFor();
    expect(await pausedOf('s-6')).toBe(false);
  });

  it('tags everything that matches, also what is out of view', async () => {
    const page = await openList('rosa', '?q=s-99');
    await page.getByRole('checkbox', { name: 'Select all 11 that are listed' }).check();
    await page.getByText('11 services selected').waitFor();
    await page.getByRole('button', { name: 'Add a tag' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add a tag to 11 services' });
    await dialog.getByRole('button', { name: 'Add the tag' }).click();
    await dialog.getByRole('alert').getByText('must not be empty').waitFor();
    await dialog.getByLabel('Tag').fill('late');
    await page.keyboard.press('Enter');
    await page.getByText('11 services tagged “late”.').waitFor();
    await page.goto(`${troth.url}/services?tag=late`);
    await counted(page, `11 of ${many + 1} services`).waitFor();
  });

  it('offers no change to those who may only look', async () => {
    const page = await openList('lise', '', 'viewer');
    expect(await page.getByRole('checkbox').count()).toBe(0);
    await page.getByRole('grid').focus();
    await page.keyboard.press('x');
    expect(await page.getByText('selected').count()).toBe(0);
  });

  it('is a compact list on a phone, with the filters folded', async () => {
    const page = await openList('sofia', '', 'viewer', { width: 390, height: 844 });
    await row(page, 'mail')
      .getByText(/Down · .*IT Operations/)
      .waitFor();
    expect(await page.getByRole('combobox', { name: 'Team' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Filters' }).click();
    await page.getByRole('combobox', { name: 'Team' }).waitFor();
    expect(await page.locator('html').evaluate((html) => html.scrollWidth > html.clientWidth)).toBe(false);
  });
});
