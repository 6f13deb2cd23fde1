import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Role } from '../../server/contract/access.ts';
import { httpTarget, type WebTarget } from '../support/targets/http-target.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { useBrowser } from './browser.ts';
import { type Installation, startInstallation } from './installation.ts';

const visits = useBrowser();
let troth: Installation;
let target: WebTarget;
beforeAll(async () => {
  target = await httpTarget((_request, response) => response.end('hello'));
  troth = await startInstallation();
  await troth.startAgent();
});
afterAll(async () => {
  await troth.end();
  await target.close();
});

const open = (name: string, role: Role, path: string, heading: string): Promise<Page> =>
  troth.open(visits, name, { role, path, heading });
const services = async (): Promise<string[]> =>
  (await troth.server.request('GET', '/api/v1/services')).body.items.map(({ key }: { key: string }) => key);

const first = `apiVersion: troth/v1
services:
  mail: { name: Mail, owner: it }
  wiki: { name: Wiki, owner: it }
`;
const second = `apiVersion: troth/v1
services:
  mail: { name: Mail of all, owner: it, tags: [prod] }
`;

describe('importing a config file', () => {
  it('shows faults with their places, and puts the cursor there', async () => {
    const page = await open('ada', 'admin', '/import', 'Import');
    const editor = page.getByRole('textbox', { name: 'Config file' });
    await editor.fill(`apiVersion: troth/v1\nservices:\n  mail: { nam: Mail, owner: it }\n`);
    await page.getByRole('button', { name: 'Show what would change' }).click();
    await page.getByRole('button', { name: /line 3, column 11 .*did you mean "name"/ }).click();
    const place = await editor.evaluate((field) => {
      const { selectionStart } = field as unknown as { selectionStart: number };
      return selectionStart;
    });
    expect(place).toBe('apiVersion: troth/v1\nservices:\n  mail: { '.length);
    await editor.fill('apiVersion: troth/v1\n');
    expect(await page.getByRole('list', { name: 'Faults' }).count()).toBe(0);
  });

  it('takes a file, shows the difference before anything changes, applies it, and warns of removals', async () => {
    const page = await open('grace', 'admin', '/import', 'Import');
    const file = join(temporaryFolder('troth-import-'), 'troth.yaml');
    await writeFile(file, first);
    await page.locator('input[type=file]').setInputFiles(file);
    await page.getByRole('button', { name: 'Show what would change' }).click();
    await page.getByText('Would change: 2 added').waitFor();
    expect(await services()).toEqual([]);
    await page.getByRole('button', { name: 'Apply 2 changes' }).click();
    await page.getByText('Done: 2 added').waitFor();
    expect(await services()).toEqual(['mail', 'wiki']);

    await page.getByRole('textbox', { name: 'Config file' }).fill(second);
    await page.getByRole('button', { name: 'Show what would change' }).click();
    await page.getByText('Would change: 1 removed, 1 changed').waitFor();
    await page.getByText(/1 service with all probes: nothing of it is measured any more/).waitFor();
    const changed = page.locator('[data-action=update]');
    expect(await changed.locator('dl').textContent()).toMatch(/name.*Mail.*Mail of all.*tags.*nothing.*prod/);
    await page.getByRole('button', { name: 'Apply 2 changes' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    expect(await services()).toEqual(['mail', 'wiki']);
    await page.getByRole('button', { name: 'Apply 2 changes' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Apply and remove' }).click();
    await page.getByText('Done: 1 removed, 1 changed').waitFor();
    expect(await services()).toEqual(['mail']);
  });

  it('keeps what the file no longer names where that is wished, and exports what is there', async () => {
    const page = await open('joan', 'admin', '/import', 'Import');
    await page.getByRole('textbox', { name: 'Config file' }).fill('apiVersion: troth/v1\n');
    await page.getByLabel(/Remove what an earlier file made/).uncheck();
    await page.getByRole('button', { name: 'Show what would change' }).click();
    await page.getByText('Nothing would change').waitFor();
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Export what is set up' }).click();
    const text = await readFile(await (await download).path(), 'utf8');
    expect(text).toContain('apiVersion: troth/v1');
    expect(text).toContain('name: Mail of all');
  });
});

describe('adding many at once', () => {
  it('proposes, tries and adds what is chosen, and keeps the lines that cannot be read', async () => {
    const page = await open('hedy', 'admin', '/add', 'Add many');
    const list = [`${target.url}/ Front page`, `${target.url}/health`, '127.0.0.1:1, Closed', '10.0.0.0/24', '# done'];
    await page.getByLabel(/^Hosts, addresses and URLs/).fill(list.join('\n'));
    await page.getByRole('button', { name: 'Propose probes' }).click();
    await page.getByText('3 of 3 tried, 2 up.').waitFor();
    const rows = page.getByRole('list', { name: 'Proposed services' }).getByRole('listitem');
    expect(await rows.count()).toBe(4);
    await rows.nth(0).getByText(/^Up/).waitFor();
    await rows
      .nth(2)
      .getByText(/Connection refused/)
      .waitFor();
    await rows.nth(3).getByText('is a whole network').waitFor();
    expect(await rows.nth(3).getByLabel('Line to correct').inputValue()).toBe('10.0.0.0/24');

    await page.getByRole('button', { name: 'Choose those that are up' }).click();
    await rows.nth(1).getByLabel(/^Name/).fill('Health of it');
    expect(await rows.nth(1).getByLabel(/^Key/).inputValue()).toBe('health-of-it');
    await page.getByRole('button', { name: 'Add 2 services' }).click();
    await page.getByText('2 services added').waitFor();
    expect(await services()).toEqual(['front-page', 'health-of-it', 'mail']);
    expect(await rows.count()).toBe(2);
    await page.getByRole('link', { name: 'health-of-it' }).click();
    await page.locator('[data-test=state][data-kind=up]').waitFor();
  });

  it('adds none where a key is taken, and says so at its field', async () => {
    const page = await open('mary', 'admin', '/add', 'Add many');
    await page.getByLabel(/^Hosts, addresses and URLs/).fill(`${target.url}/a One\n${target.url}/b Two`);
    await page.getByRole('button', { name: 'Propose probes' }).click();
    await page.getByText('2 of 2 tried').waitFor();
    const rows = page.getByRole('list', { name: 'Proposed services' }).getByRole('listitem');
    await rows.nth(1).getByLabel(/^Key/).fill('mail');
    const before = await services();
    await page.getByRole('button', { name: 'Add 2 services' }).click();
    await rows.nth(1).getByText('there is a service "mail" already').waitFor();
    expect(await services()).toEqual(before);
  });

  it('reads a line anew when it is corrected', async () => {
    const page = await open('emmy', 'admin', '/add', 'Add many');
    await page.getByLabel(/^Hosts, addresses and URLs/).fill('10.0.0.0/24');
    await page.getByRole('button', { name: 'Propose probes' }).click();
    const line = page.getByLabel('Line to correct');
    await line.fill(`${target.url}/c Three`);
    await page.keyboard.press('Enter');
    await page.getByLabel(/^Name of/).waitFor();
    await page.getByRole('button', { name: 'Try the chosen' }).click();
    await page.getByText('1 of 1 tried, 1 up.').waitFor();
  });
});
