import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signIn } from '../support/accounts.ts';
import { useBrowser } from './browser.ts';
import { type Installation, startInstallation } from './installation.ts';

const visits = useBrowser();
let troth: Installation;
let count = 0;

const secret = { role: 'operator', password: 'correct horse battery', teams: ['it'] };
const layer = { members: ['ana', 'ben'], rotation: 'daily', start: '2026-01-05' };

beforeAll(async () => {
  troth = await startInstallation();
  for (const [name, displayName] of [
    ['ana', 'Ana Berg'],
    ['ben', 'Ben Voss'],
    ['cleo', 'Cleo Lund'],
  ])
    await troth.put(`users/${name}`, { ...secret, displayName });
  await troth.put('on-call-schedules/network', {
    name: 'Network',
    timeZone: 'America/New_York',
    team: 'it',
    layers: [layer],
  });
});
afterAll(() => troth.end());

const open = (path: string, browser: BrowserContextOptions = {}): Promise<Page> =>
  troth.open(visits, `person-${++count}`, { role: 'admin', path, browser });
const get = async (path: string) => (await troth.server.request('GET', `/api/v1/${path}`)).body;

describe('an on-call schedule', () => {
  it('is made in a form that shows the weeks it comes to, and stands in the list with who is on call', async () => {
    const page = await open('/on-call-schedules');
    await page.getByRole('link', { name: 'New on-call schedule' }).click();
    await page.getByRole('textbox', { name: /^Name/ }).first().fill('Data centre');
    await page.getByRole('button', { name: /^Remove person-/ }).click();
    const members = page.getByRole('combobox', { name: 'Add to members' });
    for (const name of ['cleo', 'ben']) {
      await members.fill(name);
      await page.getByRole('option', { name }).click();
    }
    await page.getByLabel(/^Rotation/).selectOption('daily');
    const preview = page.getByRole('region', { name: 'The coming four weeks' });
    await preview.getByText('Cleo Lund').first().waitFor();
    await preview.getByText('Ben Voss').first().waitFor();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('heading', { name: 'Data centre', level: 1 }).waitFor();
    expect((await get('on-call-schedules/data-centre')).layers).toMatchObject([
      { name: 'Primary', members: ['cleo', 'ben'], rotation: 'daily' },
    ]);
    await page.goto(`${troth.url}/on-call-schedules`);
    await page
      .getByRole('row', { name: /Network/ })
      .getByText(/until .* in New York\), then (Ana Berg|Ben Voss)/)
      .waitFor();
  });

  it('is overridden for a shift that is chosen by keyboard, and the override is taken away', async () => {
    const page = await open('/on-call-schedules/network');
    const lane = page.getByRole('list', { name: 'On call', exact: true }).nth(2);
    await lane.getByRole('button').first().focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Who is on call instead').selectOption({ label: 'Cleo Lund' });
    expect(await dialog.getByLabel(/^From/).inputValue()).toMatch(/T09:00$/);
    await dialog.getByLabel('Why').fill('Swapped');
    await page.keyboard.press('Enter');
    await page.getByText('The override holds.').waitFor();
    await lane.locator('.override', { hasText: 'Cleo Lund' }).waitFor();
    const { items } = await get('on-call-schedules/network/overrides');
    expect(Date.parse(items[0].to) - Date.parse(items[0].from)).toBe(86_400_000);
    await page.getByRole('button', { name: /^Remove the override of Cleo Lund/ }).click();
    await page.getByText('None is to come').waitFor();
  });

  it('is read as a calendar by an address that is shown once and revoked', async () => {
    const page = await open('/on-call-schedules/network');
    await page.getByText('In your calendar').click();
    await page.getByLabel(/^Where it is read/).fill('Phone');
    await page.getByRole('button', { name: 'Make an address' }).click();
    const address = await page.getByLabel('The calendar address').inputValue();
    const status = async () => (await fetch(address)).status;
    expect(await status()).toBe(200);
    await page.getByRole('button', { name: 'Revoke Phone' }).click();
    await page.getByText('opens nothing any more').waitFor();
    expect(await status()).toBe(403);
  });

  it('is a list of shifts on a phone, with the gaps that a deleted account leaves', async () => {
    await troth.put('users/dora', { ...secret, displayName: 'Dora' });
    await troth.put('on-call-schedules/brief', {
      name: 'Brief',
      timeZone: 'UTC',
      layers: [{ ...layer, members: ['ana', 'dora'] }],
    });
    await troth.server.request('DELETE', '/api/v1/users/dora');
    const page = await open('/on-call-schedules/brief', { viewport: { width: 390, height: 800 } });
    const shifts = page.getByRole('list', { name: 'Shifts' });
    await shifts.getByText('“dora” has no account any more').first().waitFor();
    await shifts.getByText('Ana Berg').first().waitFor();
    const isWide = await page.evaluate('document.documentElement.scrollWidth > innerWidth');
    expect(isWide).toBe(false);
  });

  it('has a log in which the present shift notes what the next has to know, seen by who has it open', async () => {
    const [writer, reader] = await Promise.all([
      open('/on-call-schedules/network'),
      open('/on-call-schedules/network/log'),
    ]);
    await reader.getByText('Nothing was open, nothing noted.').waitFor();
    await writer.getByRole('link', { name: 'Shift log' }).click();
    await writer.getByRole('button', { name: 'Note it' }).click();
    await writer.getByText('must not be empty').waitFor();
    await writer.getByLabel('Note for whoever follows').fill('The line to Oslo is slow.');
    await writer.getByRole('button', { name: 'Note it' }).click();
    await writer.getByText('It is in the log.').waitFor();
    await reader.getByRole('list', { name: 'Notes' }).getByText('The line to Oslo is slow.').waitFor();
    const incident = { title: 'Line is cut', services: ['wan'], severity: 2 };
    await troth.put('services/wan', { name: 'Wide area network', owner: 'it' });
    await troth.post('incidents', incident);
    // Nobody reads the page again: it is told.
    await reader.getByRole('list', { name: 'Incidents and requests' }).getByText('New, open').waitFor();
  });
});

describe('an escalation policy', () => {
  it('is made in a form that says whom it would tell now, and shows it for another time', async () => {
    const page = await open('/escalation-policies');
    await page.getByRole('link', { name: 'New escalation policy' }).click();
    await page.getByRole('textbox', { name: /^Name/ }).fill('Critical');
    const target = page.locator('[data-path="steps.0.targets.0.key"] input');
    await target.fill('network');
    await page.getByRole('option', { name: 'Network' }).click();
    await page.getByText(/^(Ana Berg|Ben Voss) \(Network\) at once$/).waitFor();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('heading', { name: 'Critical', level: 1 }).waitFor();
    await page.getByLabel(/^Another time/).fill('2026-01-05T18:00');
    await page.getByText('Ana Berg (Network) at once').waitFor();
    await page.getByText('hand-over: a shift ended').waitFor();
  });
});

describe('one’s own shift', () => {
  it('stands on the overview until it is over', async () => {
    await troth.put('on-call-schedules/own', { name: 'Own', timeZone: 'UTC', layers: [layer] });
    const { current } = await get('on-call-schedules/own/now');
    const context = await visits.visitor();
    const [name, value] = (await signIn(troth.server, current.member)).split('=') as [string, string];
    await context.addCookies([{ name, value, url: troth.url }]);
    const page = await context.newPage();
    await page.goto(troth.url);
    const own = page.getByRole('list', { name: 'Your shifts' });
    await own.getByText(/You are on call until \w{3} \d\d:\d\d.*Own/s).waitFor();
    await own.getByRole('link', { name: 'Own', exact: true }).click();
    await page.getByRole('heading', { name: 'Own', level: 1 }).waitFor();
  });
});
