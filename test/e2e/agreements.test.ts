import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Role } from '../../server/contract/access.ts';
import { useBrowser } from './browser.ts';
import { type Installation, startInstallation } from './installation.ts';

const visits = useBrowser();
let troth: Installation;
let count = 0;

const config = `apiVersion: troth/v1
teams: { hr: { name: Human Resources }, net: { name: Network } }
services:
  core-network: { name: Core network, owner: net }
  payroll: { name: Payroll, owner: it, dependsOn: [core-network] }
agreements:
  network-ola:
    kind: OLA
    title: Network for IT
    provider: net
    customer: it
    effective: { from: 2026-01-01 }
    timeZone: UTC
    status: declared
    objectives: { core: { type: availability, services: [core-network], target: "99.95" } }
  hr-payroll:
    kind: SLA
    title: Payroll for HR
    provider: it
    customer: hr
    effective: { from: 2026-01-01 }
    timeZone: UTC
    status: declared
    restsOn: [network-ola/core]
    objectives:
      availability: { type: availability, services: [payroll], target: "99.99" }
      relaxed: { type: availability, title: Most of the time, services: [payroll], target: "99" }
`;
const interval = (state: string, from: string, to: string) => ({ state, from: `2026-${from}Z`, to: `2026-${to}Z` });

beforeAll(async () => {
  troth = await startInstallation();
  await troth.post('config/apply?prune=false', config);
  // 31 days of October, 744 h: payroll is down for 14 minutes, the network for 4 of them.
  await troth.post('services/payroll/timeline', {
    intervals: [
      interval('up', '09-01T00:00:00', '10-06T09:00:00'),
      interval('down', '10-06T09:00:00', '10-06T09:14:00'),
      interval('up', '10-06T09:14:00', '11-01T00:00:00'),
    ],
  });
  await troth.post('services/core-network/timeline', {
    intervals: [
      interval('up', '09-01T00:00:00', '10-06T09:05:00'),
      interval('down', '10-06T09:05:00', '10-06T09:09:00'),
      interval('up', '10-06T09:09:00', '11-01T00:00:00'),
    ],
  });
});
afterAll(() => troth.end());

const open = (path: string, role: Role = 'admin'): Promise<Page> =>
  troth.open(visits, `reader-${++count}`, { role, path });
const objective = (page: Page, key: string) => page.locator(`[data-objective="${key}"]`);
const get = async (path: string) => (await troth.server.request('GET', `/api/v1/${path}`)).body;

describe('the list of agreements', () => {
  it('names parties and status, tells how each stands, and is narrowed in the address', async () => {
    const page = await open('/agreements');
    const row = page.getByRole('row', { name: /Payroll for HR/ });
    await row.locator('[data-verdict]').waitFor();
    expect(await row.textContent()).toMatch(/IT Operations.*Human Resources/);
    expect(await row.textContent()).toContain('Declared, not signed');
    await page.getByRole('searchbox', { name: /Find agreements/ }).fill('network');
    await row.waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'Network for IT' }).waitFor();
    expect(new URL(page.url()).search).toBe('?text=network');
    const ofPayroll = await open('/agreements?service=payroll');
    await ofPayroll.getByRole('link', { name: 'Payroll for HR' }).waitFor();
    expect(await ofPayroll.getByRole('link', { name: 'Network for IT' }).count()).toBe(0);
  });
});

describe('the scorecard', () => {
  it('shows what a month was worth, what fell to a service below, and promises that nothing can carry', async () => {
    const page = await open('/agreements/hr-payroll?period=2026-10');
    await page.getByRole('heading', { name: 'October 2026' }).waitFor();
    const strict = objective(page, 'availability');
    expect(await strict.locator('[data-verdict]').getAttribute('data-verdict')).toBe('missed');
    // 14 min of 44,640: 99.9686… %, cut off. The budget is 267.84 s.
    expect(await strict.textContent()).toContain('Now99.96 %');
    expect(await strict.textContent()).toContain('9 min 32 s over');
    expect(await strict.textContent()).toContain(
      'Of the 14 min lost, 4 min fell to Core network; even without that the target would be missed',
    );
    const relaxed = objective(page, 'relaxed');
    expect(await relaxed.locator('[data-verdict]').getAttribute('data-verdict')).toBe('met');
    await relaxed.getByRole('heading', { name: 'Most of the time' }).waitFor();
    expect(await page.locator('[data-note="ceiling"]').textContent()).toMatch(/99\.95 %.*Availability promises more/);
  });

  it('goes to the periods beside it by its address', async () => {
    const page = await open('/agreements/hr-payroll?period=2026-10');
    await page.getByRole('button', { name: 'Back to September 2026' }).click();
    await page.getByRole('heading', { name: 'September 2026' }).waitFor();
    expect(new URL(page.url()).search).toBe('?period=2026-09');
    await objective(page, 'availability').locator('[data-verdict="met"]').waitFor();
    await page.goBack();
    await objective(page, 'availability').locator('[data-verdict="missed"]').waitFor();
  });

  it('says of a period that is still to come, and of an agreement that is not there, that it cannot be told', async () => {
    const page = await open('/agreements/hr-payroll?period=2099-01');
    await page.getByText('lies in the future').waitFor();
    const none = await open('/agreements/none');
    await none.getByText('There is no such agreement').waitFor();
  });
});

describe('the explanation', () => {
  it('is a sum that adds up, interval by interval, each a way to what was observed', async () => {
    const page = await open('/agreements/hr-payroll?period=2026-10');
    await page.getByRole('link', { name: 'What this figure is made of: Availability' }).click();
    await page.getByRole('heading', { name: 'Interval by interval' }).waitFor();
    const text = await page.locator('main').innerText();
    expect(text.replace(/\s+/g, ' ')).toMatch(
      /744 h agreed − ?0 h excluded = ?744 h left to count of it ?14 min bad that is ?99\.96 %/,
    );
    const strip = page.getByRole('region', { name: 'The period at a glance' });
    await strip.getByRole('button', { name: 'Zoom in' }).click();
    await strip.getByText(/^248 h|^10 d 8 h/).waitFor();
    await page.keyboard.press('Escape');
    await strip.getByText('Drag over a part to zoom in').waitFor();
    await page.getByRole('button', { name: /^Down/ }).click();
    await page.waitForURL(/class=down/);
    const rows = page.getByRole('listitem').and(page.locator('[data-class]'));
    expect(await rows.evaluateAll((all) => all.map((one) => one.dataset['class']))).toEqual(['down']);
    expect(await rows.first().textContent()).toMatch(/2026-10-06 09:00:00 UTC.*09:14:00 UTC.*14 min bad/);
    await rows
      .first()
      .getByRole('link', { name: /what was observed/ })
      .click();
    await page.waitForURL(/\/services\/payroll\?/);
    expect(new URL(page.url()).searchParams.get('at')).toBe('2026-10-06T09:00:00.000Z');
  });
});

describe('writing an agreement', () => {
  it('suggests a key, adds an objective of a type, tells what is wrong at its field, and shows it as a draft', async () => {
    const page = await open('/agreements');
    await page.getByRole('link', { name: 'New agreement' }).click();
    await page.getByRole('link', { name: 'A blank one' }).click();
    await page
      .getByRole('textbox', { name: /^Title/ })
      .first()
      .fill('Mail for HR');
    expect(await page.getByRole('textbox', { name: /^Key/ }).first().inputValue()).toBe('mail-for-hr');
    for (const [field, key] of [
      ['Provider', 'it'],
      ['Customer', 'hr'],
    ] as const) {
      await page.getByRole('combobox', { name: new RegExp(`^${field}`) }).fill(key);
      await page.keyboard.press('Enter');
    }
    await page.getByLabel('Sort of what is added').selectOption({ label: 'Response' });
    await page
      .getByRole('group', { name: /^Objectives/ })
      .getByRole('button', { name: 'Add', exact: true })
      .last()
      .click();
    await page.getByRole('textbox', { name: /^Severity/ }).fill('1');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('link', { name: /Objectives › Response › Within/ }).waitFor();
    await page.getByRole('textbox', { name: /^Within/ }).fill('15m');
    await page
      .getByRole('textbox', { name: /^Target/ })
      .last()
      .fill('95');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.waitForURL('**/agreements/mail-for-hr');
    await page.getByText('Draft: not in force').first().waitFor();
    await objective(page, 'response').waitFor();
    expect((await get('agreements/mail-for-hr')).draft.objectives.response).toMatchObject({
      type: 'response',
      severity: 1,
      within: '15m',
      target: '95',
    });
  });

  it('offers the objectives that it holds where a credit names one', async () => {
    const page = await open('/agreements/mail-for-hr/edit');
    await page.locator('summary', { hasText: 'What follows when an objective is missed' }).click();
    const credits = page.getByRole('group', { name: /^Credits/ });
    await credits.getByRole('button', { name: 'Add', exact: true }).click();
    const choice = credits.getByRole('combobox', { name: /^Objective/ });
    await choice.selectOption({ label: 'Response (response)' });
    expect(await choice.inputValue()).toBe('response');
    const period = page.getByRole('combobox', { name: /^Period/ });
    expect(await period.locator('option').allTextContents()).toEqual(
      expect.arrayContaining(
        ['Week', 'Month', 'Quarter', 'Year', 'Rolling days'].map((word) => expect.stringContaining(word)),
      ),
    );
    await period.selectOption({ label: 'Rolling days' });
    expect(await page.getByRole('textbox', { name: 'How many days' }).inputValue()).toBe('30');
  });

  it('starts from a template, asks for what only its author knows, and shows the document with its pages meanwhile', async () => {
    const page = await open('/new/agreements');
    await page.getByRole('link', { name: 'Application SLA' }).focus();
    await page.keyboard.press('Enter');
    await page.waitForURL('**/new/agreements?template=application-sla');
    const sheet = page.getByRole('article', { name: 'Application for its department' });
    await sheet.getByText('To be chosen').first().waitFor();
    await page.getByText(/^[12] of at most 5 pages$/).waitFor();
    expect(await page.locator('[data-asked]').allTextContents()).toEqual(['Provider', 'Customer', 'Services']);
    await page.locator('[data-asked="provider"]').click();
    await page.keyboard.type('it');
    await page.keyboard.press('Enter');
    await page.getByRole('combobox', { name: /^Customer/ }).fill('hr');
    await page.keyboard.press('Enter');
    await page.locator('[data-asked="services"]').click();
    await page.keyboard.type('payroll');
    await page.keyboard.press('Enter');
    await page.getByText('All that only you know is said').waitFor();
    await sheet.locator('[data-part="parties"]', { hasText: 'Human Resources' }).waitFor();
    await page
      .getByRole('textbox', { name: /^Title/ })
      .first()
      .fill('Payroll, written anew');
    const renamed = page.getByRole('article', { name: 'Payroll, written anew' });
    await renamed.getByRole('heading', { name: 'Payroll, written anew' }).waitFor();
    expect(await renamed.locator('[data-promise="availability"]').first().textContent()).toContain('99.9 %');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.waitForURL('**/agreements/payroll-written-anew');
    await page.getByText('Read the draft').click();
    await page.getByRole('article', { name: 'Payroll, written anew' }).getByText('Help to test changes').waitFor();
    const { draft } = await get('agreements/payroll-written-anew');
    expect(draft).toMatchObject({ provider: 'it', customer: 'hr', services: ['payroll'], timeZone: 'Europe/Berlin' });
    expect(draft.objectives.speed).toMatchObject({ type: 'latency', title: 'Speed', threshold: '1s', target: '95' });
    expect(draft.effective.from).toMatch(/-01$/);
  });

  it('keeps the last document while the form has a fault, and says that it is too long to be proposed', async () => {
    const page = await open('/new/agreements?template=marketing-sales');
    const sheet = page.getByRole('article', { name: 'Goals of marketing and sales' });
    await sheet.getByText('at least 120 leads').waitFor();
    await page.getByText('leads', { exact: true }).first().click();
    const least = page.getByLabel(/^At least/).first();
    await least.fill('many');
    await page.getByText('The form has 1 fault: this is the document from before').waitFor();
    expect(await sheet.getByText('at least 120 leads').count()).toBe(1);
    await least.fill('150');
    await sheet.getByText('at least 150 leads').waitFor();
    const texts = page.locator('textarea[id*="texts."]');
    for (const text of await texts.all()) await text.fill('A sentence that nobody reads. '.repeat(130));
    await page
      .locator('[data-length="too-long"]')
      .getByText(/5 is the most that can be proposed/)
      .waitFor();
    await page.getByText('Pages by part').click();
    await page
      .locator('[data-length="too-long"]')
      .getByRole('listitem')
      .filter({ hasText: 'Duties, workload and exceptions' })
      .waitFor();
  });

  it('asks before what was written is left for another template', async () => {
    const page = await open('/new/agreements?template=network-ola');
    await page.getByRole('link', { name: 'Choose another start' }).click();
    await page.getByRole('link', { name: 'Help-desk SLA' }).click();
    const title = page.getByRole('textbox', { name: /^Title/ }).first();
    await title.fill('Desk');
    await page.goBack();
    await page.getByRole('dialog').getByText('Leave without saving?').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    expect(await title.inputValue()).toBe('Desk');
    expect(new URL(page.url()).search).toBe('?template=help-desk-sla');
    await page.getByRole('link', { name: 'Choose another start' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Leave' }).click();
    await page.getByRole('heading', { name: 'New agreement' }).waitFor();
    const lost = await open('/new/agreements?template=none');
    await lost.getByRole('alert').getByText('There is no template “none”').waitFor();
    await lost.getByRole('link', { name: 'A blank one' }).waitFor();
  });

  it('shows what the file manages without letting it be changed', async () => {
    const page = await open('/agreements/hr-payroll/edit');
    await page.getByText('The config file manages this agreement').waitFor();
    expect(
      await page
        .getByRole('textbox', { name: /^Title/ })
        .first()
        .isDisabled(),
    ).toBe(true);
  });

  it('takes a deletion back', async () => {
    const input = {
      ...{ kind: 'SLA', title: 'Brief', provider: 'it', customer: 'hr', timeZone: 'UTC' },
      effective: { from: '2026-01-01' },
      objectives: { availability: { type: 'availability', services: ['payroll'], target: '99' } },
    };
    await troth.put('agreements/brief', input);
    const page = await open('/agreements/brief/edit');
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.waitForURL('**/agreements');
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('link', { name: 'Brief' }).waitFor();
    expect((await get('agreements/brief')).title).toBe('Brief');
  });
});
