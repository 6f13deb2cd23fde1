import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Role } from '../../server/contract/access.ts';
import { password, signIn } from '../support/accounts.ts';
import { httpTarget, type WebTarget } from '../support/targets/http-target.ts';
import { useBrowser } from './browser.ts';
import { type Installation, startInstallation } from './installation.ts';

const visits = useBrowser();
let troth: Installation;
let target: WebTarget;
beforeAll(async () => {
  target = await httpTarget((_request, response) => response.end('hello'));
  troth = await startInstallation();
  await troth.put('services/payroll', { name: 'Payroll', owner: 'it' });
  await troth.put('probes/payroll.web', {
    kind: 'http',
    every: '1s',
    timeout: '1s',
    locations: ['hq'],
    config: { url: target.url },
  });
  await troth.put('services/payroll', { name: 'Payroll of all', owner: 'it', tags: ['=prod'] });
});
afterAll(async () => {
  await troth.end();
  await target.close();
});

const open = (name: string, role: Role, path: string, heading: string): Promise<Page> =>
  troth.open(visits, name, { role, path, heading });

describe('the page of agents and health', () => {
  it('says what is not well and what to do, and that an agent came as soon as it does', async () => {
    const page = await open('ada', 'viewer', '/agents', 'Agents and health');
    const agents = page.locator('[data-check=agents]');
    await agents.getByText('Start an agent at every location').waitFor();
    await page.getByRole('row', { name: /Head office .*Silent/ }).waitFor();
    await page.getByText('No agent was heard within a day').waitFor();
    await troth.startAgent();
    await agents.getByText('1 running').waitFor();
    const row = page.getByRole('table', { name: 'Agents' }).getByRole('row', { name: /hq alive/ });
    await row.waitFor();
    expect(await page.getByText('Runs on').count()).toBe(0);
  });

  it('tells what Troth costs and where it runs to those who may know, and reads again when asked', async () => {
    const page = await open('grace', 'admin', '/agents', 'Agents and health');
    await page.getByText(/PostgreSQL \d+\.\d+, \d+ of \d+ connections in use/).waitFor();
    await page.getByText(/% of a core/).waitFor();
    await page.locator('[data-part=fresh]').waitFor();
    const asked = page.waitForRequest('**/api/v1/system');
    await page.getByRole('button', { name: 'Read again' }).click();
    await asked;
    await page.getByText('Read just now').waitFor();
  });
});

describe('the audit trail', () => {
  it('is narrowed by what is clicked, keeps that in the address, and shows what was before', async () => {
    const page = await open('joan', 'admin', '/audit', 'Audit trail');
    await page.getByRole('button', { name: 'service changed' }).first().click();
    await page.waitForURL('**/audit?action=service.changed');
    const rows = page.getByRole('table', { name: 'Audit trail' }).getByRole('row');
    await rows.nth(2).waitFor({ state: 'detached' });
    await rows.nth(1).getByText('2 changed').click();
    expect(await rows.nth(1).locator('dl').textContent()).toMatch(
      /name.*Payroll.*Payroll of all.*tags.*nothing.*=prod/,
    );
    await rows.nth(1).getByRole('link', { name: 'payroll' }).click();
    await page.waitForURL('**/services/payroll');
  });

  it('finds by who and when, and says so where nothing matches', async () => {
    const page = await open('mary', 'admin', '/audit', 'Audit trail');
    await page.getByLabel('Who', { exact: true }).fill('nobody');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/audit?actor=nobody');
    await page.getByText('Nothing in the audit trail matches').waitFor();
    await page.getByRole('button', { name: 'Show all' }).first().click();
    await page.getByRole('button', { name: 'service changed' }).first().waitFor();
    await page.goto(`${troth.url}/audit?to=2020-01-01`);
    await page.getByText('Nothing in the audit trail matches').waitFor();
  });

  it('is saved as a file that no spreadsheet runs', async () => {
    const page = await open('hedy', 'admin', '/audit?action=service.changed', 'Audit trail');
    await page.getByText('2 changed').waitFor();
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save the 1 entry as CSV' }).click();
    const file = await download;
    expect(file.suggestedFilename()).toMatch(/^troth-audit-\d{4}-\d\d-\d\d\.csv$/);
    const [head, row] = (await readFile(await file.path(), 'utf8')).split('\r\n');
    expect(head).toBe('time,actor kind,actor,action,subject kind,subject,address,detail');
    expect(row).toMatch(/^\d{4}-.*Z,token,TROTH_ADMIN_TOKEN,service.changed,service,payroll,/);
  });

  it('is closed to those who may not read it', async () => {
    const page = await open('rosa', 'owner', '/audit', 'You may not see this page');
    expect(await page.getByRole('link', { name: 'Audit trail' }).count()).toBe(0);
  });
});

describe('the page of one’s own account', () => {
  it('is reached from the menu, lists sessions and ends one', async () => {
    const page = await open('emmy', 'operator', '/agents', 'Agents and health');
    await signIn(troth.server, 'emmy');
    await page.getByRole('button', { name: /^Account of/ }).click();
    await page.getByRole('menuitem', { name: 'Your account' }).click();
    await page.waitForURL('**/account');
    const rows = page.getByRole('table', { name: 'Your sessions' }).getByRole('row');
    await rows.nth(2).waitFor();
    await rows.filter({ hasText: 'this one' }).waitFor();
    await page.getByRole('button', { name: /^End the session/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'End it' }).click();
    await rows.nth(2).waitFor({ state: 'detached' });
    await page.getByText(/The session on .* is over/).waitFor();
  });

  it('shows times in the zone that is chosen, and remembers it', async () => {
    const page = await open('lise', 'viewer', '/account', 'Your account');
    await page.getByLabel('Another zone').check();
    await page.getByLabel('Zone', { exact: true }).fill('tokyo');
    await page.getByText(/Times are shown in Asia\/Tokyo, where it is \d\d:\d\d\./).waitFor();
    await page.getByLabel('Zone', { exact: true }).fill('atlantis');
    await page.getByText('No zone has that in its name.').waitFor();
    await page.reload();
    await page.getByText(/Times are shown in Asia\/Tokyo/).waitFor();
    await page.getByLabel('UTC', { exact: true }).check();
    await page.getByText(/Times are shown in UTC/).waitFor();
  });

  it('changes the password after the old one was given, and asks for the new one', async () => {
    const page = await open('irene', 'viewer', '/account', 'Your account');
    const fill = async (current: string, next: string): Promise<void> => {
      await page.getByLabel('Your password now').fill(current);
      await page.getByLabel('The new one').fill(next);
      await page.getByRole('button', { name: 'Change the password' }).click();
    };
    await fill(password, 'short');
    await page.getByText('must have at least 10 characters').waitFor();
    await fill('not my password', 'a longer password');
    await page.locator('.form-fault').filter({ hasText: /\S/ }).waitFor();
    await fill(password, 'a longer password');
    await page.waitForURL('**/sign-in?**');
    await page.getByText('Your password is changed').waitFor();
    await page.getByLabel('Name').fill('irene');
    await page.getByLabel('Password').fill('a longer password');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Your account', level: 1 }).waitFor();
  });
});
