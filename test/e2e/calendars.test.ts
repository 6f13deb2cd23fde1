import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Role } from '../../server/contract/access.ts';
import { useBrowser } from './browser.ts';
import { type Installation, startInstallation } from './installation.ts';

const visits = useBrowser();
let troth: Installation;
let count = 0;

const office = { mon: ['08:00-18:00'], fri: ['08:00-12:00', '13:00-16:00'] };
const berlin = { name: 'Berlin office', timeZone: 'Europe/Berlin', week: office };

beforeAll(async () => {
  troth = await startInstallation();
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
const box = (page: Page, name: string) => page.getByLabel(new RegExp(`^${name}`));
const day = (page: Page, date: string) => page.locator(`[data-date="${date}"]`);

describe('a calendar', () => {
  it('is made from hours as people type them, with holidays and dates of its own', async () => {
    const page = await open('/calendars');
    await page.getByText('No calendars yet').waitFor();
    await page.getByRole('link', { name: 'New calendar' }).click();
    await page.getByRole('textbox', { name: /^Name/ }).fill('Head office');
    await box(page, 'Time zone').fill('berlin');
    await page.getByRole('button', { name: 'Mon–Fri 09:00–17:00' }).click();
    await page.getByLabel('Friday', { exact: true }).fill('8-12, 13:30 to 16');
    await page.getByText('Open Mon–Thu 09:00–17:00; Fri 08:00–12:00, 13:30–16:00').waitFor();
    await page.getByLabel('Country').selectOption('DE');
    await page.getByLabel('State or region').selectOption('BE');
    const adder = page.getByRole('group', { name: 'Add a date' });
    await adder.getByLabel('Date').fill('2027-12-24');
    await adder.getByLabel('Hours').fill('8-12');
    await adder.getByLabel('What it is').fill('Christmas Eve');
    await page.keyboard.press('Enter');
    await save(page);
    await page.getByRole('heading', { name: 'Head office', level: 1 }).waitFor();
    expect(await get('calendars/head-office')).toMatchObject({
      timeZone: 'Europe/Berlin',
      week: { mon: ['09:00-17:00'], fri: ['08:00-12:00', '13:30-16:00'], sat: [] },
      holidays: { country: 'DE', region: 'BE' },
      exceptions: [{ date: '2027-12-24', hours: ['08:00-12:00'], name: 'Christmas Eve' }],
    });
    await page.getByRole('link', { name: 'Calendars' }).first().click();
    await page.getByRole('cell', { name: 'Germany (BE)' }).waitFor();
  });

  it('says at the day which hours cannot be read', async () => {
    await troth.put('calendars/faulty', berlin);
    const page = await open('/calendars/faulty/edit');
    await page.getByLabel('Tuesday', { exact: true }).fill('8-12, 11-16');
    await save(page);
    await page.locator('[data-path="week.tue"] .form-fault', { hasText: 'must begin after' }).waitFor();
    expect(await page.getByLabel('Tuesday', { exact: true }).getAttribute('aria-invalid')).toBe('true');
    expect((await get('calendars/faulty')).week.tue).toEqual([]);
  });

  it('is deleted without a question and comes back', async () => {
    await troth.put('calendars/brief', { ...berlin, name: 'Brief' });
    const page = await open('/calendars/brief/edit');
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByText('Brief was deleted.').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('link', { name: 'Brief' }).waitFor();
    expect((await get('calendars/brief')).week.fri).toEqual(office.fri);
  });
});

describe('the year of a calendar', () => {
  beforeAll(async () => {
    const exceptions = [
      { date: '2026-12-24', hours: ['08:00-10:00'], name: 'Christmas Eve' },
      { date: '2026-12-28', hours: [], name: 'Stocktaking' },
    ];
    await troth.put('calendars/year', { ...berlin, holidays: { country: 'DE' }, exceptions });
  });

  it('shows by shape and words what each day is, and where the clocks change', async () => {
    const page = await open('/calendars/year?year=2026');
    await day(page, '2026-12-25').waitFor();
    const kinds = ['2026-12-25', '2026-12-24', '2026-12-28', '2026-11-02', '2026-11-03'].map((date) =>
      day(page, date).getAttribute('data-kind'),
    );
    expect(await Promise.all(kinds)).toEqual(['holiday', 'changed', 'shut', 'open', 'closed']);
    expect(await day(page, '2026-12-24').getAttribute('title')).toBe(
      'Thu 2026-12-24: Hours of its own: Christmas Eve · 08:00–10:00 · 2 h open',
    );
    expect(await day(page, '2026-03-29').getAttribute('title')).toContain('Clocks go forward, the day has 23 h');
    await day(page, '2026-12-28').hover();
    await page.getByText('Closed by an exception: Stocktaking · closed', { exact: true }).waitFor();
    expect(await page.locator('[data-date]').count()).toBe(365);
  });

  it('is walked by keys, over its end into the next one', async () => {
    const page = await open('/calendars/year?year=2026', 'viewer');
    await day(page, '2026-12-24').click();
    await page.keyboard.press('ArrowDown');
    expect(await page.evaluate('document.activeElement.dataset.date')).toBe('2026-12-31');
    await page.keyboard.press('ArrowRight');
    await page.waitForURL('**/calendars/year?year=2027');
    await page.locator('[data-date="2027-01-01"]:focus').waitFor();
    await page.getByRole('button', { name: 'Show 2026' }).click();
    await day(page, '2026-01-01').waitFor();
  });

  it('answers when something is due in its hours', async () => {
    const page = await open('/calendars/year');
    const asked = page.getByRole('region', { name: 'When is it due?' });
    await asked.getByLabel('From').fill('2026-11-20T15:00');
    await asked.getByLabel(/open hours/).fill('2');
    await asked.getByText('2026-11-23 09:00:00 CET').waitFor();
  });

  it('is only looked at by viewers, and where a file manages it', async () => {
    const page = await open('/calendars/year', 'viewer');
    await day(page, `${new Date().getUTCFullYear()}-06-01`).waitFor();
    expect(await page.getByRole('button', { name: 'Import iCalendar' }).count()).toBe(0);
    expect(await page.getByRole('link', { name: /Edit|Settings/ }).count()).toBe(0);
    const file = 'apiVersion: troth/v1\ncalendars: { filed: { timeZone: UTC } }\n';
    await troth.server.request('POST', '/api/v1/config/apply?prune=false', file);
    const filed = await open('/calendars/filed/edit');
    await filed.getByText('The config file manages this calendar').waitFor();
    expect(await filed.getByLabel('Monday', { exact: true }).isDisabled()).toBe(true);
  });

  it('says that there is no such calendar', async () => {
    const page = await open('/calendars/none');
    await page.getByText('There is no such calendar').waitFor();
  });
});

describe('exceptions from an iCalendar file', () => {
  const file = [
    ...['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//test//EN'],
    ...['BEGIN:VEVENT', 'UID:1', 'DTSTAMP:20260101T000000Z', 'DTSTART;VALUE=DATE:20270305', 'SUMMARY:Works outing'],
    ...['END:VEVENT', 'END:VCALENDAR', ''],
  ].join('\r\n');

  it('are shown before they are stored, and can be taken back', async () => {
    await troth.put('calendars/imported', berlin);
    const page = await open('/calendars/imported');
    await page.getByRole('button', { name: 'Import iCalendar' }).click();
    const dialog = page.getByRole('dialog', { name: 'Import exceptions' });
    const picked = { name: 'outing.ics', mimeType: 'text/calendar', buffer: Buffer.from(file) };
    await dialog.locator('input[type=file]').setInputFiles(picked);
    await dialog.getByText('Fri 2027-03-05: closed, Works outing').waitFor();
    expect((await get('calendars/imported')).exceptions).toEqual([]);
    await dialog.getByRole('button', { name: 'Import 1 date' }).click();
    await page.getByText('1 date of Berlin office imported.').waitFor();
    expect((await get('calendars/imported')).exceptions).toMatchObject([{ date: '2027-03-05', hours: [] }]);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('The import was taken back.').waitFor();
    expect((await get('calendars/imported')).exceptions).toEqual([]);
  });
});
