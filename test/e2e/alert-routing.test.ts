import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signIn } from '../support/accounts.ts';
import { startReceiver, type Receiver } from '../support/receiver.ts';
import { useBrowser } from './browser.ts';
import { type Installation, startInstallation } from './installation.ts';

const visits = useBrowser();
let troth: Installation;
let receiver: Receiver;
let report: (failed?: boolean) => Promise<void>;
let count = 0;

beforeAll(async () => {
  receiver = await startReceiver();
  troth = await startInstallation();
  const config = { url: `${receiver.url}/hook`, secret: 'a-signing-secret-of-the-tests' };
  await troth.put('channels/noc', { name: 'Operations', kind: 'webhook', config });
  await troth.put('channels/phone', { name: 'Phone of Ana', kind: 'webhook', config });
  const account = { role: 'operator', password: 'correct horse battery', teams: [] };
  await troth.put('users/ana', { ...account, displayName: 'Ana Berg' });
  await troth.put('on-call-schedules/network', {
    name: 'Network',
    timeZone: 'UTC',
    layers: [{ members: ['ana'], rotation: 'daily', start: '2026-01-05' }],
  });
  const steps = [
    { targets: [{ kind: 'schedule', key: 'network' }] },
    { after: '15m', targets: [{ kind: 'channel', key: 'noc' }] },
  ];
  await troth.put('escalation-policies/critical', { name: 'Critical', steps });
  await troth.put('alert-routes/tier-one', { name: 'Tier one', place: 50, match: { tier: [1] }, channels: ['noc'] });
  report = await troth.reporting('payroll', 'Payroll', { tags: ['money'] });
  await report();
});
afterAll(async () => {
  await troth.end();
  await receiver.stop();
});

const open = (path: string, browser: BrowserContextOptions = {}): Promise<Page> =>
  troth.open(visits, `router-${++count}`, { role: 'admin', path, browser });
const get = async (path: string) => (await troth.server.request('GET', `/api/v1/${path}`)).body;
/** A page of Ana, who is on call. */
async function openAsAna(path: string, browser: BrowserContextOptions = {}): Promise<Page> {
  const context = await visits.visitor(browser);
  const [name, value] = (await signIn(troth.server, 'ana')).split('=') as [string, string];
  await context.addCookies([{ name, value, url: troth.url }]);
  const page = await context.newPage();
  await page.goto(`${troth.url}${path}`);
  return page;
}

describe('an alert route', () => {
  it('is made by labels that are known, and shown with what it would come to', async () => {
    const page = await open('/alert-routes');
    await page.getByRole('link', { name: 'New alert route' }).click();
    await page.getByRole('textbox', { name: /^Name/ }).fill('Money');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('must name one at least, or policy must be given').first().waitFor();
    await page.locator('[data-path="policy"] input').fill('crit');
    await page.getByRole('option', { name: 'Critical' }).click();
    await page.getByText('Match', { exact: true }).click();
    const tag = page.getByRole('combobox', { name: 'Add to tag' });
    await tag.waitFor();
    expect(await page.locator('datalist option').getAttribute('value')).toBe('money');
    await tag.fill('money');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('heading', { name: 'Alert routes', level: 1 }).waitFor();
    expect(await get('alert-routes/money')).toMatchObject({ policy: 'critical', match: { tag: ['money'] } });
    await page.getByRole('row', { name: /Money.*tag money.*Critical/ }).waitFor();

    const service = page.getByRole('combobox', { name: 'For service' });
    await service.fill('payr');
    await page.getByRole('option', { name: /Payroll/ }).click();
    const routes = page.getByRole('list', { name: 'Routes in their order' });
    await routes.getByText('wants tier 1, and it is 3').waitFor();
    await routes.getByRole('listitem').filter({ hasText: 'Money' }).getByText('fits').waitFor();
    await page.getByText('The route “Money” takes it.').waitFor();
    const moments = page.getByRole('list', { name: 'Who is told when' });
    await moments.getByText('Ana Berg (Network)').first().waitFor();
    await moments
      .getByText('Nothing leads to a channel, so that every one is told: Operations, Phone of Ana')
      .waitFor();
    await moments.getByText(/Through\s+Operations/).waitFor();

    await troth.post('silences', { match: { service: ['payroll'] }, reason: 'We are at it', for: '2h' });
    // Nobody asks again: what is open says so by itself.
    await page
      .getByRole('list', { name: 'What holds it back' })
      .getByText(/Silenced: We are at it/)
      .waitFor();
    // What was asked stands in the address.
    await page.reload();
    await page.getByText('The route “Money” takes it.').waitFor();
    const { items } = await get('silences');
    await troth.post(`silences/${items[0].id}/end`, {});
  });

  it('is asked earlier by a button, deleted, and brought back', async () => {
    await troth.put('alert-routes/rest', { name: 'The rest', channels: ['noc'] });
    const page = await open('/alert-routes');
    const names = () => page.locator('tbody .name').allTextContents();
    await page.getByRole('button', { name: 'Ask The rest earlier' }).waitFor();
    expect(await names()).toEqual(['Tier one', 'Money', 'The rest']);
    await page.getByRole('button', { name: 'Ask The rest earlier' }).click();
    await expect.poll(names).toEqual(['Tier one', 'The rest', 'Money']);
    expect(await page.getByRole('button', { name: 'Ask Tier one earlier' }).isDisabled()).toBe(true);
    await page.getByRole('link', { name: 'The rest' }).click();
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('The rest is back.').waitFor();
    await expect.poll(names).toEqual(['Tier one', 'The rest', 'Money']);
    await troth.server.request('DELETE', '/api/v1/alert-routes/rest');
  });

  it('is only read by those who may change nothing', async () => {
    const page = await troth.open(visits, 'reader', { path: '/alert-routes' });
    await page.getByRole('row', { name: /Money/ }).waitFor();
    expect(await page.getByRole('link', { name: 'New alert route' }).count()).toBe(0);
    expect(await page.getByRole('button', { name: /^Ask/ }).count()).toBe(0);
    await page.goto(`${troth.url}/alert-rules`);
    await page.getByRole('row', { name: /Service down/ }).waitFor();
    expect(await page.getByRole('button', { name: /otherwise/ }).count()).toBe(0);
  });
});

describe('a rule', () => {
  it('is set otherwise for a service, seen by who has it open, and as everywhere again', async () => {
    const [page, onlooker] = [await open('/alert-rules'), await open('/alert-routes?service=payroll')];
    await onlooker.getByText('as the rule says').waitFor();
    const row = page.getByRole('row', { name: /Service down/ });
    await row.getByText('Page', { exact: true }).waitFor();
    await row.getByRole('button', { name: 'Set Service down otherwise' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Set it' }).click();
    await dialog.getByText('must name a service').waitFor();
    await dialog.getByRole('combobox', { name: 'Service' }).fill('payroll');
    await dialog.getByRole('option', { name: /Payroll/ }).click();
    await dialog.getByLabel('How urgent it is there').selectOption('ticket');
    await dialog.getByLabel(/^How long it must fire/).fill('soon');
    await dialog.getByRole('button', { name: 'Set it' }).click();
    await dialog.locator('.form-fault', { hasText: /must|duration/ }).waitFor();
    await dialog.getByLabel(/^How long it must fire/).fill('5m');
    await dialog.getByRole('button', { name: 'Set it' }).click();
    await row.getByText(/service payroll\s+after 5m/).waitFor();
    await onlooker.getByText('set for the service “payroll”').waitFor();
    await row.getByRole('button', { name: 'Let Service down be as everywhere for service payroll' }).click();
    await row.getByText('payroll').waitFor({ state: 'detached' });
    await onlooker.getByText('as the rule says').waitFor();
  });
});

describe('whoever is on call', () => {
  it('says how they are reached, sees what fires for them, and takes it in one touch on a phone', async () => {
    const phone = { viewport: { width: 390, height: 844 } };
    const page = await openAsAna('/on-call', phone);
    await page.getByText('Nothing fires for you.').waitFor();
    await page.getByRole('list', { name: 'Your shifts' }).getByText('You are on call').waitFor();
    await page.getByRole('list', { name: 'On call now' }).getByText('Ana Berg').waitFor();
    await page.getByText('No channel reaches you').waitFor();
    await page.getByRole('link', { name: 'Choose how you are reached' }).click();
    await page.getByRole('combobox', { name: 'Add to channels' }).fill('phone');
    await page.getByRole('option', { name: /Phone of Ana/ }).click();
    await page.getByRole('button', { name: 'Save how you are reached' }).click();
    await page.getByText('That is how you are reached.').waitFor();
    const contacts: { name: string; channels: string[] }[] = await get('contacts');
    expect(contacts.find(({ name }) => name === 'ana')?.channels).toEqual(['phone']);
    await page.goto(`${troth.url}/on-call`);
    await report(true);
    await page.getByRole('button', { name: 'Take it: Payroll is down' }).click();
    await page.getByText('You have it. Nobody else is called.').waitFor();
    expect(await page.getByText('No channel reaches you').count()).toBe(0);
    const stranger = await troth.open(visits, 'stranger', { role: 'operator', path: '/on-call' });
    await stranger.getByText('Nothing fires for you.').waitFor();
    await stranger.getByText('You are in no schedule in the coming half year.').waitFor();
    await report();
  });
});
