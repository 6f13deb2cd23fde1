import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AccessService } from '../../server/access/access.service.ts';
import { makeAccount, password } from '../support/accounts.ts';
import { useBrowser } from './browser.ts';
import { type Installation, startInstallation } from './installation.ts';

const visits = useBrowser();
let troth: Installation;
beforeAll(async () => {
  troth = await startInstallation();
});
afterAll(() => troth.end());

describe('the setup link', () => {
  it('makes the first account and leads to the overview; used again, it says that it is used up', async () => {
    const link = await troth.server.app.get(AccessService).setupLink();
    const page = await visits.page();
    await page.goto(new URL(link!, troth.url).href);
    await page.getByLabel('Your name').fill('Ada Lovelace');
    await page.getByLabel('Account name').fill('ada');
    await page.getByLabel('Password').fill('short');
    await page.getByRole('button', { name: 'Create the account' }).click();
    await page.getByText('must have at least 10 characters').waitFor();
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Create the account' }).click();
    await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/');

    const late = await visits.page();
    await late.goto(new URL(link!, troth.url).href);
    await late.getByLabel('Your name').fill('Eve');
    await late.getByLabel('Account name').fill('eve');
    await late.getByLabel('Password').fill(password);
    await late.getByRole('button', { name: 'Create the account' }).click();
    await late.getByText('Troth has its first account').waitFor();
    expect(new URL(late.url()).pathname).toBe('/setup');
  });

  it('without a token leads to the sign-in', async () => {
    const page = await visits.page();
    await page.goto(`${troth.url}/setup`);
    await page.getByText('carries no setup token').waitFor();
    await page.getByRole('link', { name: 'To the sign-in' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/sign-in');
  });
});

describe('signing in', () => {
  it('refuses a wrong password, takes the right one, and goes where one wanted to go', async () => {
    await makeAccount(troth.server, 'grace', 'viewer');
    const page = await visits.page();
    await page.goto(`${troth.url}/services/nowhere?span=7d`);
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await page.getByLabel('Name').fill('grace');
    await page.getByLabel('Password').fill('not the password');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').filter({ hasText: /wrong/i }).waitFor();
    await page.getByLabel('Password').fill(password);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'There is no such service' }).waitFor();
    expect(page.url()).toBe(`${troth.url}/services/nowhere?span=7d`);
  });

  it('complains about an empty field beside it', async () => {
    const page = await visits.page();
    await page.goto(`${troth.url}/sign-in`);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('must not be empty').first().waitFor();
    expect(await page.getByText('must not be empty').count()).toBe(2);
  });

  it('ends in every tab of the browser, and cuts their sockets', async () => {
    const context = await visits.visitor();
    await troth.enter(context, 'joan');
    const [first, second] = [await context.newPage(), await context.newPage()];
    const sockets: Promise<unknown>[] = [];
    second.on('websocket', (socket) => sockets.push(socket.waitForEvent('close')));
    await Promise.all([first, second].map((page) => page.goto(troth.url)));
    await Promise.all([first, second].map((page) => page.locator('[data-link=live]').waitFor()));
    expect(sockets).toHaveLength(1);
    await first.getByRole('button', { name: /^Account of/ }).click();
    await first.getByText('Sign out').click();
    await Promise.all([first, second].map((page) => page.getByRole('heading', { name: 'Sign in' }).waitFor()));
    await Promise.all(sockets);
    await second.goto(troth.url);
    await second.getByRole('heading', { name: 'Sign in' }).waitFor();
  });

  it('tells of an address that leads nowhere', async () => {
    const page = await troth.open(visits, 'mary', { path: '/no/such/page', heading: 'There is no such page' });
    await page.getByRole('link', { name: 'To the overview', exact: true }).click();
    await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/');
  });
});
