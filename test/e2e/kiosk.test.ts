import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LiveGateway } from '../../server/live/live.gateway.ts';
import { useBrowser } from './browser.ts';
import { type Installation, startInstallation } from './installation.ts';

const visits = useBrowser();
let troth: Installation;
let report: (failed?: boolean) => Promise<void>;
beforeAll(async () => {
  troth = await startInstallation();
  report = await troth.reporting('payroll', 'Payroll', { tags: ['hall'] });
  await report();
  await troth.reporting('secret', 'Secret');
  await troth.put('boards/hall', { name: 'Hall', selection: { tags: ['hall'] } });
});
afterAll(() => troth.end());

const keysOf = (page: Page) => page.locator('[data-key]').evaluateAll((all) => all.map((one) => one.dataset['key']));
const kindOf = (page: Page, kind: string) => page.locator(`[data-key="payroll"][data-kind="${kind}"]`);
const make = async (): Promise<{ id: number; token: string }> =>
  (await troth.server.request('POST', '/api/v1/boards/hall/kiosk-tokens', { name: 'Hall' })).body;
async function display(context: BrowserContext, address: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`${troth.url}${address}`);
  return page;
}
const patience = { timeout: 15_000 };

describe('a kiosk link', () => {
  it('is made on the page of boards, opens its board without an account, and goes dark when it is revoked', async () => {
    const boards = await troth.open(visits, 'ada', { role: 'admin', path: '/boards' });
    await boards.getByRole('button', { name: 'Kiosk links of Hall' }).click();
    await boards.getByRole('button', { name: 'Make a link' }).click();
    await boards.getByText('must not be empty').waitFor();
    await boards.getByLabel('Where the display hangs').fill('Entrance hall');
    await boards.getByRole('button', { name: 'Make a link' }).click();
    const link = await boards.getByLabel('The kiosk link').inputValue();
    expect(link).toMatch(/\/wall\/hall#kiosk=kiosk_[\w-]{43}$/);

    const hall = await visits.visitor();
    const page = await display(hall, new URL(link).pathname + new URL(link).hash);
    await kindOf(page, 'up').waitFor();
    expect(new URL(page.url()).hash).toBe('');
    expect(await keysOf(page)).toEqual(['payroll']);
    expect(await page.getByRole('heading', { name: 'Hall', level: 1 }).count()).toBe(1);
    expect(await page.getByRole('link').count()).toBe(0);
    await report(true);
    await kindOf(page, 'down').waitFor();
    await report();

    await boards.getByRole('button', { name: 'Revoke Entrance hall' }).click();
    await page.getByRole('heading', { name: 'This link no longer opens the board' }).waitFor();
    expect(await keysOf(page)).toEqual([]);
    await page.reload();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  });

  it('needs no link any more after the browser or the server started anew', async () => {
    const { token } = await make();
    const hall = await visits.visitor();
    const first = await display(hall, `/wall/hall#kiosk=${token}`);
    await kindOf(first, 'up').waitFor();
    await troth.stop();
    await first.getByRole('alert').filter({ hasText: 'The link to the server is cut' }).waitFor(patience);
    await troth.start();
    await first.locator('[data-link=live]').waitFor(patience);
    await first.close();
    const second = await display(hall, '/wall/hall');
    await kindOf(second, 'up').waitFor();
    expect(await keysOf(second)).toEqual(['payroll']);
  });

  it('opens no other page and no other board', async () => {
    const { token } = await make();
    const hall = await visits.visitor();
    const page = await display(hall, `/wall/hall#kiosk=${token}`);
    await kindOf(page, 'up').waitFor();
    for (const address of ['/wall/all', '/', '/boards']) {
      await page.goto(`${troth.url}${address}`);
      await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    }
  });

  it('loads itself anew when the server runs another version', async () => {
    const { token } = await make();
    const hall = await visits.visitor();
    const page = await display(hall, `/wall/hall#kiosk=${token}`);
    await kindOf(page, 'up').waitFor();
    await page.waitForTimeout(6_000);
    await page.locator('body').evaluate((body) => body.setAttribute('data-old-page', ''));
    Object.assign(troth.server.app.get(LiveGateway), { version: '999.0.0' });
    await page.locator('body:not([data-old-page])').waitFor({ timeout: 30_000 });
    await kindOf(page, 'up').waitFor();
  });
});

describe('a board', () => {
  it('follows its settings on the open wall', async () => {
    const page = await troth.open(visits, 'grace', { path: '/wall/hall' });
    await kindOf(page, 'up').waitFor();
    await troth.put('boards/hall', { name: 'Great hall', layout: { order: 'fixed' } });
    await page.getByRole('heading', { name: 'Great hall', level: 1 }).waitFor();
    expect(await keysOf(page)).toEqual(['payroll', 'secret']);
    await troth.put('boards/hall', { name: 'Hall', selection: { tags: ['hall'] } });
    await page.locator('[data-key=secret]').waitFor({ state: 'detached' });
  });

  it('takes turns with others', async () => {
    await troth.put('boards/rest', { name: 'Rest', selection: { services: ['secret'] } });
    const rotation = { boards: ['rest'], seconds: 5 };
    await troth.put('boards/turning', { name: 'Turning', selection: { tags: ['hall'] }, layout: { rotation } });
    const page = await troth.open(visits, 'joan', { path: '/wall/turning' });
    await page.getByRole('heading', { name: 'Turning', level: 1 }).waitFor();
    await page.getByRole('heading', { name: 'Rest', level: 1 }).waitFor(patience);
    expect(await keysOf(page)).toEqual(['secret']);
    await page.getByRole('heading', { name: 'Turning', level: 1 }).waitFor(patience);
  });

  it('that there is not is said to be not there', async () => {
    const page = await troth.open(visits, 'mary', { path: '/wall/none' });
    await page.getByRole('heading', { name: 'There is no such board' }).waitFor();
    await page.getByRole('link', { name: 'Show everything' }).click();
    await kindOf(page, 'up').waitFor();
  });

  it('sounds for an outage until it is acknowledged, and says when the browser blocks that', async () => {
    await troth.put('boards/loud', { name: 'Loud', selection: { tags: ['hall'] }, layout: { sound: true } });
    await report(true);
    const context = await visits.visitor();
    await troth.enter(context, 'hedy');
    // This browser lets everything sound: as others do, it holds back what was not asked for by a hand.
    await context.addInitScript(
      'globalThis.AudioContext = class extends AudioContext { constructor() { super(); void this.suspend(); } }',
    );
    const page = await display(context, '/wall/loud');
    await kindOf(page, 'down').waitFor();
    await page.locator('[data-test=sound-blocked]').click();
    await page.locator('[data-test=sound-blocked]').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Acknowledge 1 outage here' }).click();
    await page.getByRole('button', { name: /^Acknowledge/ }).waitFor({ state: 'detached' });
    await page.reload();
    await kindOf(page, 'down').waitFor();
    expect(await page.getByRole('button', { name: /^Acknowledge/ }).count()).toBe(0);
    await report();
    await kindOf(page, 'up').waitFor();
    await report(true);
    await page.getByRole('button', { name: 'Acknowledge 1 outage here' }).waitFor();
  });
});

describe('the page of boards', () => {
  it('makes a board, and deletes it with a way back', async () => {
    const page = await troth.open(visits, 'emmy', { role: 'admin', path: '/boards' });
    await page.getByRole('link', { name: 'New board' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('Night shift');
    expect(await page.getByRole('textbox', { name: /^Key/ }).inputValue()).toBe('night-shift');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.waitForURL('**/boards');
    await page.getByRole('button', { name: 'Delete Night shift' }).click();
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    await page.getByRole('link', { name: 'Night shift', exact: true }).waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('link', { name: 'Night shift', exact: true }).waitFor();
  });

  it('offers nothing to those who may not', async () => {
    const page = await troth.open(visits, 'rosa', { role: 'viewer', path: '/boards' });
    await page.getByRole('link', { name: 'All services' }).waitFor();
    expect(await page.getByRole('button', { name: /Kiosk|Delete/ }).count()).toBe(0);
    expect(await page.getByRole('link', { name: 'New board' }).count()).toBe(0);
  });
});
