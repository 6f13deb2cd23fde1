import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Role } from '../../server/contract/access.ts';
import { useBrowser } from './browser.ts';
import { type Installation, startInstallation } from './installation.ts';

const visits = useBrowser();
let troth: Installation;
let count = 0;

beforeAll(async () => {
  troth = await startInstallation();
  for (const [key, name] of Object.entries({ payroll: 'Payroll', mail: 'Mail' }))
    await troth.put(`services/${key}`, { name, owner: 'it' });
});
afterAll(() => troth.end());

async function open(path: string, role: Role = 'admin'): Promise<Page> {
  const context = await visits.visitor();
  await troth.enter(context, `person-${++count}`, role);
  const page = await context.newPage();
  await page.goto(`${troth.url}${path}`);
  return page;
}
const get = async (path: string) => (await troth.server.request('GET', `/api/v1/${path}`)).body;
const save = (page: Page) => page.getByRole('button', { name: 'Save', exact: true }).click();
/** Of a maintenance in UTC that began a while ago, to the minute. */
const begun = (agoMs = 600_000): string => new Date(Date.now() - agoMs).toISOString().slice(0, 16);
const inUtc = { timeZone: 'UTC', services: ['payroll'] };

describe('planning maintenance', () => {
  it('begins with the services that were selected, shows its windows across the change of the clocks, and is saved', async () => {
    const page = await open('/services');
    await page.getByRole('checkbox', { name: /Payroll/ }).check();
    await page.getByRole('checkbox', { name: /Mail/ }).check();
    await page.getByRole('region', { name: 'Selected services' }).getByRole('link', { name: 'Maintenance' }).click();
    await page.getByRole('textbox', { name: /^Name/ }).fill('Patch Sunday');
    await page.getByLabel(/^Start/).fill('2027-03-14T02:00');
    await page.getByLabel(/^Time zone/).fill('Europe/Berlin');
    await page.getByLabel('How it recurs').selectOption('Weekly');
    await page.getByText(/^every Sunday at 02:00 for 2 h, Europe\/Berlin/).waitFor();
    const windows = page.getByRole('list', { name: 'Next windows' });
    await windows.getByText('Sun 2027-03-21 02:00–04:00 CET').waitFor();
    await windows.getByText('Sun 2027-03-28 03:00–05:00 CEST').waitFor();
    await windows.getByText('The clocks jump over 02:00 on that day: it begins at 03:00').waitFor();
    await save(page);
    await page.getByRole('heading', { name: 'Patch Sunday', level: 1 }).waitFor();
    expect(await get('maintenance/patch-sunday')).toMatchObject({
      services: ['mail', 'payroll'],
      repeat: 'FREQ=WEEKLY;BYDAY=SU',
      start: '2027-03-14T02:00',
      durationMs: 7_200_000,
    });
  });

  it('tells at the recurrence what the server refuses', async () => {
    const page = await open('/new/maintenance?services=payroll');
    await page.getByLabel('How it recurs').selectOption('By a rule of your own (RRULE)');
    await page.getByLabel('Rule', { exact: true }).fill('FREQ=SECONDLY');
    await page.locator('[data-path=repeat] .form-fault').waitFor();
  });

  it('is deleted and comes back', async () => {
    await troth.put('maintenance/brief', { ...inUtc, name: 'Brief', start: '2027-05-01T02:00', duration: '1h' });
    const page = await open('/maintenance/brief/edit');
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByText('Brief was deleted.').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('link', { name: 'Brief' }).waitFor();
  });
});

describe('the list of maintenance', () => {
  it('tells what runs, what comes and what is over, and is filtered in its address', async () => {
    await troth.put('maintenance/now', { ...inUtc, name: 'Running one', start: begun(), duration: '1h' });
    await troth.put('maintenance/over', {
      ...inUtc,
      name: 'Old one',
      services: ['mail'],
      start: '2020-01-01T02:00',
      duration: '1h',
    });
    await troth.put('maintenance/next', { ...inUtc, name: 'Next one', start: '2027-06-01T02:00', duration: '1h' });
    const page = await open('/maintenance', 'viewer');
    await page.getByRole('region', { name: 'Running now' }).getByRole('link', { name: 'Running one' }).waitFor();
    await page.getByRole('region', { name: 'Coming' }).getByRole('link', { name: 'Next one' }).waitFor();
    await page.getByRole('region', { name: 'Over' }).getByRole('link', { name: 'Old one' }).waitFor();
    expect(await page.getByRole('link', { name: 'New maintenance' }).count()).toBe(0);
    await page.getByLabel('Find maintenance by name or key').fill('next');
    await page.waitForURL('**/maintenance?text=next');
    await page.getByRole('link', { name: 'Running one' }).waitFor({ state: 'detached' });
    await page.goto(`${troth.url}/maintenance?service=mail`);
    await page.getByRole('link', { name: 'Old one' }).waitFor();
    expect(await page.getByRole('link', { name: 'Running one' }).count()).toBe(0);
  });
});

describe('maintenance that runs', () => {
  it('is ended early after a question', async () => {
    await troth.put('maintenance/quick', { ...inUtc, name: 'Quick fix', start: begun(), duration: '2h' });
    const page = await open('/maintenance/quick');
    await page.getByText('It runs now:').waitFor();
    await page.getByRole('button', { name: 'End it now' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'End it now' }).click();
    await page.getByText('Quick fix has ended.').waitFor();
    await page.getByText('It runs now:').waitFor({ state: 'detached' });
    expect((await get('maintenance/quick')).running).toBeNull();
    const notices = page.getByRole('region', { name: 'What was announced' });
    await notices.getByText(/^ended early by person-/i).waitFor();
    await notices.getByText(/once on .* for 2 h, UTC/).waitFor();
  });

  it('lies over the timeline of its service, and is listed there with what comes', async () => {
    const report = await troth.reporting('wiki', 'Wiki');
    await report();
    await troth.put('maintenance/wiki-work', {
      ...{ ...inUtc, services: ['wiki'], name: 'Wiki work', start: begun(), duration: '1h', repeat: 'FREQ=DAILY' },
    });
    const page = await open('/services/wiki?span=1h', 'operator');
    await page.locator('.strip .planned').first().waitFor();
    await page.getByRole('list', { name: 'Heights and colours of the timeline' }).getByText('Maintenance').waitFor();
    const coming = page.getByRole('region', { name: /^Maintenance in 30 days/ });
    expect(await coming.getByRole('link', { name: 'Wiki work' }).count()).toBe(8);
    await coming.getByText(/runs for another/).waitFor();
  });
});
