import { createHmac } from 'node:crypto';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { DeliveriesService } from '../../server/alerting/channels/deliveries.service.ts';
import type { Role } from '../../server/contract/access.ts';
import { alertMessage } from '../support/alert-message.ts';
import { startReceiver, type Receiver } from '../support/receiver.ts';
import { useBrowser } from './browser.ts';
import { type Installation, startInstallation } from './installation.ts';

const visits = useBrowser();
const secret = 'a-signing-secret-of-the-tests';
let troth: Installation;
let receiver: Receiver;
let count = 0;

beforeAll(async () => {
  receiver = await startReceiver();
  troth = await startInstallation();
  await troth.put('services/mail', { name: 'Mail', owner: 'it' });
  await troth.put('channels/ops', {
    ...{ name: 'Operations', kind: 'webhook' },
    config: { url: `${receiver.url}/ops`, secret },
  });
});
afterAll(async () => {
  await troth.end();
  await receiver.stop();
});
afterEach(() => receiver.reply({}));

const visit = (path: string, role: Role = 'admin', browser: BrowserContextOptions = {}): Promise<Page> =>
  troth.open(visits, `person-${++count}`, { role, path, browser });
const get = async (path: string) => (await troth.server.request('GET', `/api/v1/${path}`)).body;
let orders = 0;
const tell = (title: string) =>
  troth.server.app
    .get(DeliveriesService)
    .enqueue({ channel: 'ops', message: alertMessage({ title }), dedupeKey: `order-${++orders}` });

describe('a channel', () => {
  it('is made in the form of its kind, keeps its secret, and says what its receiver answers to a test', async () => {
    const page = await visit('/channels');
    await page.getByRole('link', { name: 'New channel' }).click();
    await page.getByRole('textbox', { name: /^Name/ }).fill('Night shift');
    await page.getByLabel(/^Kind/).selectOption('webhook');
    await page.getByLabel(/^URL/).fill(`${receiver.url}/night`);
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.locator('[data-path="config.secret"] .form-fault').waitFor();
    await page.locator('[data-path="config.secret"] input').fill(secret);
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('heading', { name: 'Night shift', level: 1 }).waitFor();
    await page.getByRole('button', { name: 'Send a test' }).click();
    await page.locator('[data-ok=true]').waitFor();
    const request = receiver.received.find(({ path }) => path === '/night');
    expect(request!.json).toMatchObject({ type: 'alert.test' });
    expect(request!.headers['webhook-signature']).toMatch(/^v1,/);
    receiver.reply({ status: 500, body: 'the queue is full' });
    await page.getByRole('button', { name: 'Send a test' }).click();
    await page.locator('[data-ok=false]').waitFor();
    await page.getByText(/500.*the queue is full/s).waitFor();
    await page.getByRole('link', { name: 'Edit' }).click();
    const field = page.locator('[data-path="config.secret"] input');
    await field.waitFor();
    expect([await field.inputValue(), await field.getAttribute('placeholder')]).toEqual([
      '',
      'Stored, not shown; type to replace it',
    ]);
    expect(await page.content()).not.toContain(secret);
  });

  it('shows what it was told as it happens, with the attempts and what the receiver said', async () => {
    const page = await visit('/channels/ops', 'operator');
    await page.getByText('Nothing was told through it yet.').waitFor();
    await tell('Payroll is down');
    const told = page.getByRole('row', { name: /Payroll is down/ });
    await told.locator('[data-delivery-state=delivered]').waitFor();
    await told.getByText('1 attempt').waitFor();
    receiver.reply({ status: 410, body: 'this hook is gone' });
    await tell('Mail is down');
    const refused = page.getByRole('row', { name: /Mail is down/ });
    await refused.locator('[data-delivery-state=failed]').waitFor();
    await refused.getByText(/this hook is gone/).waitFor();
    await page.getByRole('combobox', { name: 'State' }).selectOption('Given up');
    await told.waitFor({ state: 'detached' });
    expect(await page.getByRole('button', { name: 'Send a test' }).count()).toBe(0);
    await page.goto(`${troth.url}/channels`);
    const row = page.getByRole('row', { name: /Operations/ });
    await row.getByText(/this hook is gone/).waitFor();
  });

  it('says which policies rest on it; its deletion is taken back', async () => {
    await troth.put('escalation-policies/critical', {
      ...{ name: 'Critical', steps: [{ targets: [{ kind: 'channel', key: 'ops' }] }] },
    });
    const page = await visit('/channels/ops');
    await page.getByRole('link', { name: 'Critical' }).waitFor();
    await troth.put('channels/spare', { name: 'Spare', kind: 'ntfy', config: { url: receiver.url, topic: 'noc' } });
    await page.goto(`${troth.url}/channels/spare/edit`);
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByText('Spare was deleted.').waitFor();
    expect((await get('channels')).items.map(({ key }: { key: string }) => key)).not.toContain('spare');
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('link', { name: 'Spare' }).waitFor();
  });

  it('is nothing for those who may not read the configuration', async () => {
    const page = await visit('/channels', 'viewer');
    await page
      .getByText(/may not|not allowed/i)
      .first()
      .waitFor();
    expect(await page.getByRole('link', { name: 'Channels' }).count()).toBe(0);
  });
});

describe('a ticket system', () => {
  it('gets an address and a secret, and what it tells becomes an incident', async () => {
    const page = await visit('/incident-hooks');
    await page.getByText('None yet.').waitFor();
    await page.getByRole('link', { name: 'New ticket system' }).click();
    await page.getByRole('textbox', { name: /^Name/ }).fill('Help desk');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    const address = await page.getByLabel('Address of Help desk', { exact: true }).inputValue();
    await page.getByRole('button', { name: 'Show: Secret of Help desk' }).click();
    const shared = await page.getByLabel('Secret of Help desk', { exact: true }).inputValue();
    const body = JSON.stringify({ reference: 'T-1', title: 'The printer burns', service: 'mail' });
    const seconds = Math.floor(Date.now() / 1_000);
    const mac = createHmac('sha256', shared).update(`${seconds}.${body}`).digest('hex');
    const headers = { 'content-type': 'application/json', 'troth-signature': `t=${seconds},v1=${mac}` };
    const reply = await fetch(address, { method: 'POST', body, headers });
    expect([reply.status, await reply.json()]).toEqual([200, { incident: expect.any(Number), isNew: true }]);
    await page.goto(`${troth.url}/incidents`);
    await page.getByRole('row', { name: /The printer burns.*T-1/s }).waitFor();
    await page.goto(`${troth.url}/incident-hooks/help-desk/edit`);
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByText('None yet.').waitFor();
    expect((await fetch(address, { method: 'POST', body, headers })).status).toBe(404);
  });
});
