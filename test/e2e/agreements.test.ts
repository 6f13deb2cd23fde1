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
