import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Role } from '../../server/contract/access.ts';
import { weekdays } from '../../server/domain/opening.ts';
import { account } from '../support/accounts.ts';
import { until } from '../support/until.ts';
import { useBrowser } from './browser.ts';
import { type Installation, startInstallation } from './installation.ts';

const visits = useBrowser();
const phone = { viewport: { width: 390, height: 844 }, hasTouch: true };
let troth: Installation;
let report: (failed?: boolean) => Promise<void>;
let count = 0;

beforeAll(async () => {
  troth = await startInstallation();
  for (const [key, name] of [
    ['hr', 'Human Resources'],
    ['desk', 'Service desk'],
  ])
    await troth.put(`teams/${key}`, { name });
  report = await troth.reporting('payroll', 'Payroll');
  for (const [key, name] of [
    ['mail', 'Mail'],
    ['crm', 'Customer relations'],
  ])
    await troth.put(`services/${key}`, { name, owner: 'it' });
  await troth.put('calendars/later', { name: 'Another day', timeZone: 'UTC', week: dayAfterTomorrow() });
  const agreement = (title: string, services: string[], more: object) => ({
    ...{ kind: 'SLA', title, provider: 'it', customer: 'hr', effective: { from: '2026-01-01' }, timeZone: 'UTC' },
    ...{ services, ...more },
  });
  const severe = { severity: 1, target: '95' };
  const clocks = {
    response: { type: 'response', within: '15m', ...severe },
    resolution: { type: 'resolution', within: '4h', ...severe },
  };
  await troth.put('agreements/hr-mail', agreement('Mail for HR', ['mail'], { objectives: clocks }));
  await troth.put(
    'agreements/hr-crm',
    agreement('Customers for HR', ['crm'], { objectives: clocks, supportCalendar: 'later' }),
  );
});
afterAll(() => troth.end());

/** Support hours that are certainly closed now. */
function dayAfterTomorrow() {
  const day = new Date(Date.now() + 2 * 86_400_000).getUTCDay();
  return { [weekdays[(day + 6) % 7]!]: ['08:00-18:00'] };
}
const visit = (path: string, role: Role = 'operator', browser: BrowserContextOptions = {}): Promise<Page> =>
  troth.open(visits, `person-${++count}`, { role, path, browser });
const call = (method: string, path: string, body?: unknown) =>
  troth.server.request(method, `/api/v1/incidents${path}`, body);
const read = async (id: number) => (await call('GET', `/${id}`)).body;
async function made(more: object = {}): Promise<number> {
  const { status, body } = await call('POST', '', { title: 'Mail hangs', services: ['mail'], ...more });
  expect(status, JSON.stringify(body)).toBe(201);
  return body.id;
}
const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
const said = (page: Page, text: string | RegExp) =>
  page.getByRole('status').getByText(text).or(page.getByText(text)).first().waitFor();
const act = (page: Page, name: string) => page.locator(`[data-act="${name}"]`).click();
const send = (page: Page, name: string) => page.getByRole('dialog').getByRole('button', { name, exact: true }).click();

describe('the list of incidents', () => {
  it('shows an outage as it happens, and it is acknowledged in one touch on a phone, and that taken back', async () => {
    const page = await visit('/incidents', 'operator', phone);
    await page.getByText('Nothing is open.').waitFor();
    await report(true);
    const row = page.getByRole('row', { name: /Payroll/ });
    await row.locator('[data-state=open]').waitFor();
    await row.getByRole('button', { name: /^Acknowledge #/ }).tap();
    await row.locator('[data-state=acknowledged]').waitFor();
    await page.getByRole('button', { name: 'Undo' }).tap();
    await row.locator('[data-state=open]').waitFor();
    const { items } = (await call('GET', '?service=payroll')).body;
    expect(items[0]).toMatchObject({ state: 'open', acknowledgedAt: null, respondedAt: null });
    await made({ title: 'Payroll for the subsidiaries in the North, with time sheets and travel expenses' });
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.getByRole('link', { name: /^Payroll for the subsidiaries/ }).waitFor();
    const isCut = `[...document.querySelectorAll('.frame')].some((one) => one.scrollWidth > one.clientWidth)`;
    expect(await page.evaluate(isCut)).toBe(false);
    await page.setViewportSize(phone.viewport);
    expect(await page.evaluate('document.documentElement.scrollWidth > innerWidth')).toBe(false);
    await report(false);
    await page.getByRole('region', { name: 'Over' }).locator('[data-state=resolved]').waitFor();
  });

  it('is narrowed in the address, and says so where nothing matches', async () => {
    await made({ title: 'A new laptop', kind: 'request', services: ['crm'] });
    const id = await made({ title: 'Post is late', severity: 2 });
    const page = await visit('/incidents');
    await page.getByRole('link', { name: 'A new laptop' }).waitFor();
    await page.getByRole('combobox', { name: 'Kind' }).selectOption('Incidents');
    await page.getByRole('combobox', { name: 'Severity' }).selectOption({ label: '2' });
    await page.getByRole('combobox', { name: 'State' }).selectOption('Not resolved');
    await page.getByRole('link', { name: 'Post is late' }).waitFor();
    await page.getByRole('link', { name: 'A new laptop' }).waitFor({ state: 'detached' });
    expect(new URL(page.url()).search).toBe('?kind=incident&state=unresolved&severity=2');
    await page.goto(`${troth.url}/incidents?team=hr`);
    await page.getByText('Nothing matches.').waitFor();
    await page.getByRole('button', { name: 'Show all' }).click();
    await page.getByRole('link', { name: 'Post is late' }).click();
    await page.getByRole('heading', { name: 'Post is late', level: 1 }).waitFor();
    expect(new URL(page.url()).pathname).toBe(`/incidents/${id}`);
  });
});

describe('the clocks of an incident', () => {
  it('count down, stand still while it waits, and are met', async () => {
    const id = await made({ severity: 1, reportedAt: ago(10) });
    const page = await visit(`/incidents/${id}`);
    const clock = page.locator('[data-agreement=hr-mail] .clock').nth(1);
    const left = () => clock.locator('.left').textContent();
    await clock.getByText(/^3 h 49 min left$/).waitFor();
    const response = page.locator('[data-agreement=hr-mail] .clock').first();
    const seconds = await response.locator('.left').textContent();
    expect(seconds).toMatch(/^4 min \d+ s left$/);
    await until(async () => (await response.locator('.left').textContent()) !== seconds);
    await act(page, 'pend');
    await page
      .getByRole('dialog')
      .getByLabel(/^Reason/)
      .selectOption('customer');
    await page.getByRole('dialog').getByLabel('Note').fill('Which mailbox is it?');
    await send(page, 'Let it wait');
    await clock.getByText('Stands still while it waits for the customer').waitFor();
    const still = await left();
    await page.getByText('Which mailbox is it?').first().waitFor();
    expect((await read(id)).pauses).toMatchObject([{ reason: 'customer', note: 'Which mailbox is it?', to: null }]);
    await act(page, 'resume');
    await send(page, 'Go on');
    await clock.getByText('Stands still').waitFor({ state: 'detached' });
    expect(await left()).toBe(still);
    await act(page, 'resolve');
    await send(page, 'Resolve');
    await clock.getByText(/^met in 10 min/).waitFor();
    await page.locator('.standing [data-state=resolved]').waitFor();
  });

  it('stand still outside support hours, until they begin', async () => {
    const id = await made({ services: ['crm'], severity: 1 });
    const page = await visit(`/incidents/${id}`);
    const clock = page.locator('[data-agreement=hr-crm] .clock').first();
    await clock.getByText(/Stands still outside support hours until .*\d\d:00:00/s).waitFor();
    await clock.getByText('15 min left').waitFor();
  });
});

describe('working on an incident', () => {
  it('is on its timeline: who has it, what is said to those who wait, what it is thought of', async () => {
    const id = await made();
    const page = await visit(`/incidents/${id}`);
    await act(page, 'take');
    await said(page, 'You have it.');
    await act(page, 'assign');
    const team = page.getByRole('dialog').getByRole('combobox', { name: /^Team/ });
    await team.fill('desk');
    await page.getByRole('option', { name: 'Service desk' }).click();
    await send(page, 'Assign');
    const timeline = page.getByRole('list', { name: /^What was done/ });
    await timeline.getByText(/gave it to person-\d+, desk/).waitFor();
    await page.getByLabel('Write a note').fill('We look into the queue.');
    await page.getByLabel('Tells those who wait').check();
    await page.getByRole('button', { name: 'Write it down' }).click();
    const note = timeline.locator('[data-entry=noted]');
    await note.getByText('We look into the queue.').waitFor();
    await note.getByText('to those who wait').waitFor();
    await page.locator('.more > summary').click();
    await act(page, 'find');
    await page
      .getByRole('dialog')
      .getByLabel(/^Whose fault/)
      .selectOption('supplier');
    await page
      .getByRole('dialog')
      .getByLabel(/^Cause/)
      .fill('A disk was full');
    await send(page, 'Write it down');
    await page.getByText('The supplier', { exact: true }).waitFor();
    expect(await read(id)).toMatchObject({
      ...{ attribution: 'supplier', cause: 'A disk was full', severity: 3 },
      assignee: { team: { key: 'desk' } },
    });
  });

  it('is refused where another severity has no reason, at that field', async () => {
    const id = await made({ impact: 3, urgency: 3 });
    const page = await visit(`/incidents/${id}`);
    await page.locator('.more > summary').click();
    await act(page, 'rate');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel(/^Severity/).selectOption({ label: '1: the most severe' });
    await send(page, 'Change it');
    await dialog.locator('[data-path=severityReason] .form-fault').waitFor();
    await dialog.getByLabel('Why another severity').fill('The board meets today');
    await send(page, 'Change it');
    await page.locator('.standing [data-severity="1"]').waitFor();
    await page
      .locator('[data-entry=changed]')
      .getByText(/^Severity:/)
      .waitFor();
    expect((await read(id)).severityReason).toBe('The board meets today');
  });

  it('ends and begins again, and what is left to do stays with it', async () => {
    const id = await made({ acknowledgedAt: ago(0), reportedAt: ago(1) });
    const page = await visit(`/incidents/${id}`);
    await act(page, 'resolve');
    await send(page, 'Resolve');
    await act(page, 'reopen');
    await page.getByRole('dialog').getByLabel('Note').fill('It hangs again');
    await send(page, 'Open again');
    await page.locator('.standing [data-state=acknowledged]').waitFor();
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByRole('dialog').getByLabel(/^What/).fill('Watch the disk');
    await page.getByRole('dialog').getByLabel('By which day').fill('2026-01-31');
    await send(page, 'Add it');
    const one = page.locator('[data-follow-up]');
    await one.getByText('was due 2026-01-31').waitFor();
    await one.getByRole('checkbox').check();
    await one.getByText('done', { exact: true }).waitFor();
    const [stored] = (await read(id)).followUps;
    expect(stored).toMatchObject({ what: 'Watch the disk', dueOn: '2026-01-31', doneAt: expect.any(String) });
  });

  it('puts together what belongs together, and takes apart what does not', async () => {
    const into = await made({ title: 'The mail store is full' });
    const id = await made({ title: 'Both hang', services: ['crm', 'mail'] });
    const page = await visit(`/incidents/${id}`);
    await page.locator('.more > summary').click();
    await act(page, 'split');
    await page.getByRole('dialog').getByRole('combobox').fill('crm');
    await page.getByRole('option', { name: 'Customer relations' }).click();
    await send(page, 'Split');
    await page
      .getByText(/^made #\d+ of a part of it$/)
      .or(page.getByText(/made #\d+ of a part of it/))
      .first()
      .waitFor();
    expect((await read(id)).services.map(({ key }: { key: string }) => key)).toEqual(['mail']);
    await act(page, 'merge');
    await page
      .getByRole('dialog')
      .getByLabel(/^Number of that incident/)
      .fill('999999');
    await send(page, 'Merge');
    await page.getByRole('dialog').getByRole('alert').getByText('There is no incident 999999').waitFor();
    await page
      .getByRole('dialog')
      .getByLabel(/^Number of that incident/)
      .fill(String(into));
    await send(page, 'Merge');
    await page.getByRole('link', { name: `Goes on as #${into}` }).click();
    await page.getByRole('heading', { name: 'The mail store is full' }).waitFor();
    await page.getByText(`let it take in #${id}`).waitFor();
  });
});

describe('a customer', () => {
  it('sees that it waits, and says that it should not', async () => {
    const id = await made();
    await call('POST', `/${id}/pend`, { reason: 'supplier', note: 'A part is on its way' });
    const context = await visits.visitor();
    const [name, value] = (await account(troth.server, 'cleo', 'viewer', ['hr'])).split('=') as [string, string];
    await context.addCookies([{ name, value, url: troth.url }]);
    const page = await context.newPage();
    await page.goto(`${troth.url}/incidents/${id}`);
    await page.getByText('Waits for the supplier').waitFor();
    await act(page, 'dispute');
    await page.getByRole('dialog').getByLabel(/^Why/).fill('We cannot work');
    await send(page, 'Object');
    await page.getByText('cleo says for the customer that it should not wait: We cannot work').waitFor();
    expect(await page.locator('[data-act]').count()).toBe(0);
  });
});

describe('telling of an incident', () => {
  it('is for everybody who sees a service; what is known already is told so', async () => {
    const page = await visit('/services/crm', 'viewer');
    await page.getByRole('link', { name: 'Report a problem' }).click();
    await page.getByLabel(/^In a few words/).fill('The list is empty');
    await page.getByLabel(/^Whom it hinders/).selectOption({ label: '2: some cannot work' });
    await page.getByRole('button', { name: 'Report it' }).click();
    await page.getByText(/^It is (known already|reported)/).waitFor();
    await page.getByRole('heading', { name: 'Timeline' }).waitFor();
    expect(await page.locator('[data-act]').count()).toBe(0);
    await page.goto(`${troth.url}/incidents/report?service=crm`);
    await page.getByLabel(/^Description/).fill('Still empty');
    await page.getByRole('button', { name: 'Report it' }).click();
    await page.getByText(/^It is known already: your report stands with #/).waitFor();
    await page.locator('[data-entry=reported]').getByText('Still empty').first().waitFor();
  });

  it('is possible afterwards, with all its instants, and what contradicts itself is refused at its field', async () => {
    const page = await visit('/incidents', 'operator');
    await page.getByRole('link', { name: 'New incident' }).click();
    await page.getByLabel(/^Title/).fill('The night run failed');
    const services = page.getByRole('combobox', { name: 'Add to services' });
    await services.fill('mail');
    await page.getByRole('option', { name: 'Mail' }).click();
    await page.getByLabel(/^Reported/).fill('2026-01-10T08:00');
    await page.getByLabel(/^Resolved/).fill('2026-01-10T07:00');
    await page.getByRole('button', { name: 'Record it' }).click();
    await page.locator('[data-path=resolvedAt] .form-fault').waitFor();
    await page.getByLabel(/^Resolved/).fill('2026-01-10T09:00');
    await page.getByRole('button', { name: 'Record it' }).click();
    await page.getByRole('heading', { name: 'The night run failed', level: 1 }).waitFor();
    await page.locator('.standing [data-state=resolved]').waitFor();
  });

  it('reaches those whom it waits for on their overview, and the page of the service', async () => {
    const id = await made({ title: 'Nobody can send' });
    const page = await visit('/');
    const waiting = page.locator('[data-waiting=incident]', { hasText: 'Nobody can send' });
    await waiting.getByRole('button', { name: /^Acknowledge/ }).click();
    await waiting.waitFor({ state: 'detached' });
    await page.goto(`${troth.url}/services/mail`);
    await page.locator(`[data-incident="${id}"] [data-state=acknowledged]`).waitFor();
  });
});

describe('the statistics of incidents', () => {
  it('are told by service, team, severity and month, for the days in the address', async () => {
    const course = { reportedAt: '2026-02-10T08:00:00Z', acknowledgedAt: '2026-02-10T08:10:00Z' };
    await made({ title: 'Past', ...course, resolvedAt: '2026-02-10T09:30:00Z' });
    const page = await visit('/incidents/statistics?from=2026-02-01&to=2026-02-28');
    const row = page.getByRole('table', { name: 'Figures' }).getByRole('row', { name: /^Mail/ });
    await row.getByText('1 h 30 min').waitFor();
    expect(await row.getByRole('cell').allTextContents()).toEqual(
      ['Mail', '1', '0', '0', '10 min', '1 h 30 min', expect.stringMatching(/^27 d/)].map((text) => text),
    );
    await page.locator('[data-figure=MTTR]').getByText('1 h 30 min').first().waitFor();
    await page.getByRole('combobox', { name: 'By' }).selectOption('Month');
    await page.getByRole('row', { name: /^2026-02/ }).waitFor();
    await page.getByLabel(/^To/).fill('2026-01-01');
    await page
      .getByText(/must be after from/)
      .first()
      .waitFor();
  });
});
