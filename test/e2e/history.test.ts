import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { useBrowser } from './browser.ts';
import { type Installation, startInstallation } from './installation.ts';

const visits = useBrowser();
let troth: Installation;
beforeAll(async () => {
  troth = await startInstallation();
  await troth.put('teams/sales', { name: 'Sales' });
  await troth.put('services/mail', { name: 'Mail', owner: 'it' });
  await troth.post('config/apply?prune=false', agreement);
});
afterAll(() => troth.end());

const agreement = `apiVersion: troth/v1
agreements:
  leads:
    kind: OLA
    title: Leads for sales
    provider: it
    customer: sales
    effective: { from: 2026-01-01 }
    timeZone: UTC
    status: declared
    objectives:
      delivered: { type: metric, metric: leads, atLeast: "100", unit: leads }
`;
const day = (date: number): string => new Date(Date.UTC(2026, 9, date)).toISOString();

async function fileOf(name: string, content: string): Promise<string> {
  const path = join(temporaryFolder('troth-history-'), name);
  await writeFile(path, content);
  return path;
}
async function send(page: Page, path: string, service = 'mail'): Promise<void> {
  await page.getByRole('combobox', { name: 'Service' }).fill(service);
  await page.getByRole('combobox', { name: 'Service' }).press('Enter');
  await page.locator('input[type=file]').setInputFiles(path);
  await page.getByRole('button', { name: 'Send and check it' }).click();
}

describe('importing history', () => {
  it('shows what would be taken over, and takes it over when that is agreed to', async () => {
    const page = await troth.open(visits, 'ada', { role: 'admin', path: '/history', heading: 'Import history' });
    await send(page, await fileOf('mail.csv', `state,from,to\nup,${day(1)},${day(3)}\ndown,${day(3)},${day(4)}\n`));
    await page.getByRole('heading', { name: 'Waits for your word' }).waitFor();
    const row = page.getByRole('table', { name: 'What would be taken over' }).getByRole('row').nth(1);
    expect(await row.textContent()).toContain('replaces nothing');
    expect(await page.getByRole('group', { name: 'The first rows of the file' }).textContent()).toContain(day(3));
    await page.getByRole('button', { name: 'Take 2 rows over' }).click();
    await page.getByRole('heading', { name: 'Taken over', exact: true }).waitFor();
    await page.getByRole('link', { name: 'mail', exact: true }).click();
    await page.getByRole('heading', { name: 'Mail', level: 1, exact: true }).waitFor();
    expect(new URL(page.url()).searchParams.get('to')).toBe(day(4));

    await page.getByRole('main').getByRole('link', { name: 'Import history' }).click();
    expect(await page.getByRole('combobox', { name: 'Service' }).inputValue()).toBe('mail');
    await page
      .locator('input[type=file]')
      .setInputFiles(await fileOf('again.csv', `state,from,to\nup,${day(3)},${day(4)}\n`));
    await page.getByRole('button', { name: 'Send and check it' }).click();
    await page.getByRole('button', { name: 'Take 1 row over' }).click();
    const dialog = page.getByRole('dialog', { name: 'Replace what is there?' });
    await dialog.getByRole('button', { name: 'Take over and replace' }).click();
    await page.getByRole('heading', { name: 'Taken over', exact: true }).waitFor();
    expect(await page.getByRole('table').first().textContent()).toContain('replaced 1 imported interval');
  });

  it('names row and column of what is wrong, and takes nothing over', async () => {
    const page = await troth.open(visits, 'grace', { role: 'admin', path: '/history', heading: 'Import history' });
    await send(page, await fileOf('bad.csv', `state,from,to\nup,${day(1)},${day(3)}\ndwon,${day(3)},${day(4)}\n`));
    const faults = page.getByRole('list', { name: 'Faults' });
    await faults.getByText('row 3, column state').waitFor();
    expect(await faults.textContent()).toContain('did you mean "down"?');
    expect(await page.getByRole('button', { name: /^Take/ }).count()).toBe(0);
    await page.getByRole('button', { name: 'Remove it from the list' }).click();
    await page.getByRole('heading', { name: 'Import history', level: 1 }).waitFor();
    await page.getByRole('link', { name: 'bad.csv' }).waitFor({ state: 'detached' });
  });

  it('tells at its field what is not there', async () => {
    const page = await troth.open(visits, 'edsger', { role: 'admin', path: '/history', heading: 'Import history' });
    await page.getByRole('radio', { name: /^Values of metrics/ }).check();
    await page.getByRole('textbox', { name: 'Metric' }).fill('leeds');
    await page.locator('input[type=file]').setInputFiles(await fileOf('leads.csv', 'at,value\n'));
    await page.getByRole('button', { name: 'Send and check it' }).click();
    await page.getByText('did you mean "leads"?').waitFor();
  });

  it('goes on where a file was cut off, once the same file is chosen again', async () => {
    const content = `state,from,to\nup,${day(5)},${day(6)}\n`;
    const path = await fileOf('cut.csv', content);
    const page = await troth.open(visits, 'barbara', { role: 'admin', path: '/history', heading: 'Import history' });
    await page.route('**/content?offset=0', (route) => route.abort());
    await send(page, path);
    await page.getByText('What was confirmed is safe').waitFor();
    await page.unroute('**/content?offset=0');
    await page.reload();
    await page.getByText('The file was cut off on its way').waitFor();
    await page.locator('input[type=file]').setInputFiles(await fileOf('other.csv', content));
    await page.getByText('the rest of cut.csv is awaited').waitFor();
    await page.locator('input[type=file]').setInputFiles(path);
    await page.getByRole('heading', { name: 'Waits for your word' }).waitFor();
  });
});

describe('the values of a metric', () => {
  it('are entered for a period by those who owe them, corrected with a reason, and pasted', async () => {
    const page = await troth.open(visits, 'olga', { role: 'operator', path: '/metric-values', heading: 'Metrics' });
    await page.getByText('IT Operations owes October 2026').waitFor();
    await page.getByRole('link', { name: 'leads', exact: true }).click();
    await page.getByRole('button', { name: 'Enter the value of September 2026' }).click();
    await page.getByLabel('Value, in leads').fill('many');
    await page.getByRole('button', { name: 'Enter it' }).click();
    await page.getByText('must be a number of at most').waitFor();
    await page.getByLabel('Value, in leads').fill('90');
    await page.getByRole('button', { name: 'Enter it' }).click();
    await page.getByRole('button', { name: 'Correct the value of September 2026' }).click();
    await page.getByLabel('Value, in leads').fill('120');
    await page.getByLabel('Why the former value is wrong').fill('Ten lists were late');
    await page.getByRole('button', { name: 'Correct it', exact: true }).last().click();
    const history = page.getByRole('table', { name: 'Corrected values' });
    await history.getByText('Ten lists were late').waitFor();
    expect(await history.textContent()).toMatch(/before: 90.*after: 120.*by olga/);
    await page.getByRole('button', { name: 'Paste several' }).click();
    await page.getByRole('textbox', { name: 'Values' }).fill('2026-08; 101\nJuly 2026; 102');
    await page.getByRole('button', { name: 'Enter 2 values' }).click();
    await page.getByRole('table', { name: 'Values' }).getByText('102 leads').waitFor();
    const { body } = await troth.server.request('GET', '/api/v1/agreements/leads/compliance?period=2026-09');
    expect(body.objectives[0].verdict).toBe('met');
  });

  it('are read by all, and changed by those alone who may', async () => {
    const page = await troth.open(visits, 'vera', { path: '/metric-values/leads', heading: 'leads' });
    await page.getByText('Operators and owners enter its values').waitFor();
    expect(await page.getByRole('button', { name: /Enter|Correct|Paste/ }).count()).toBe(0);
  });
});
