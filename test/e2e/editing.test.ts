import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Role } from '../../server/contract/access.ts';
import { makeAccount, signIn } from '../support/accounts.ts';
import { httpTarget, type WebTarget } from '../support/targets/http-target.ts';
import { useBrowser } from './browser.ts';
import { type Installation, startInstallation } from './installation.ts';

const visits = useBrowser();
let troth: Installation;
let target: WebTarget;
let count = 0;

beforeAll(async () => {
  target = await httpTarget(({ headers }, response) => {
    response.writeHead(headers.authorization === 'Bearer t0ken' ? 200 : 401).end('hello');
  });
  troth = await startInstallation();
  await troth.put('services/payroll', { name: 'Payroll', owner: 'it' });
});
afterAll(async () => {
  await troth.end();
  await target.close();
});

const open = (path: string, role: Role = 'admin'): Promise<Page> =>
  troth.open(visits, `person-${++count}`, { role, path });
const get = async (path: string) => (await troth.server.request('GET', `/api/v1/${path}`)).body;
const save = (page: Page) => page.getByRole('button', { name: 'Save', exact: true }).click();
const box = (page: Page, name: string) => page.getByRole('textbox', { name: new RegExp(`^${name}`) });

describe('making a team', () => {
  it('suggests a key, tells what is wrong at its field, and lists what was made', async () => {
    const page = await open('/teams');
    await page.getByRole('link', { name: 'New team' }).click();
    await box(page, 'Name').fill('Human Resources');
    expect(await box(page, 'Key').inputValue()).toBe('human-resources');
    await box(page, 'Email').fill('nobody');
    await save(page);
    await page.getByText('One field needs attention:').waitFor();
    expect(await box(page, 'Email').getAttribute('aria-invalid')).toBe('true');
    await box(page, 'Email').fill('hr@example.org');
    await save(page);
    await page.getByRole('link', { name: 'Human Resources' }).waitFor();
    expect(await get('teams/human-resources')).toMatchObject({ name: 'Human Resources', email: 'hr@example.org' });
  });

  it('is not done over one that exists', async () => {
    const page = await open('/new/teams');
    await box(page, 'Name').fill('Another IT');
    await box(page, 'Key').fill('it');
    await save(page);
    await page.getByText('"it" is taken').first().waitFor();
    expect((await get('teams/it')).name).toBe('IT Operations');
  });
});

describe('deleting', () => {
  it('asks nothing and can be taken back', async () => {
    await troth.put('teams/brief', { name: 'Brief' });
    const page = await open('/teams/brief/edit');
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.waitForURL('**/teams');
    await page.getByText('Brief was deleted.').waitFor();
    expect((await get('teams/brief')).status).toBe(404);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('link', { name: 'Brief' }).waitFor();
    expect((await get('teams/brief')).name).toBe('Brief');
  });

  it('asks first where it cannot be taken back', async () => {
    await makeAccount(troth.server, 'leaver', 'viewer');
    const page = await open('/users/leaver/edit');
    await page.getByRole('button', { name: 'Delete' }).click();
    const dialog = page.getByRole('dialog', { name: 'Delete leaver?' });
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    expect((await get('users/leaver')).name).toBe('leaver');
    await page.getByRole('button', { name: 'Delete' }).click();
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await page.waitForURL('**/users');
    expect((await get('users/leaver')).status).toBe(404);
  });
});

describe('unsaved changes', () => {
  it('are not lost without a question', async () => {
    const page = await open('/teams/it/edit');
    await box(page, 'Description').fill('Keeps it running');
    await page.getByRole('link', { name: 'Teams' }).first().click();
    const dialog = page.getByRole('dialog', { name: 'Leave without saving?' });
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    expect(await box(page, 'Description').inputValue()).toBe('Keeps it running');
    await page.getByRole('link', { name: 'Teams' }).first().click();
    await dialog.getByRole('button', { name: 'Leave' }).click();
    await page.waitForURL('**/teams');
  });

  it('are not written over what somebody else wrote meanwhile, unless one says so', async () => {
    await troth.put('teams/shared', { name: 'Shared' });
    const page = await open('/teams/shared/edit');
    await box(page, 'Description').fill('Mine');
    await troth.put('teams/shared', { name: 'Shared', email: 'theirs@example.org' });
    await save(page);
    await page.getByText('Somebody else changed this team while you had it open: Email.').waitFor();
    expect((await get('teams/shared')).description).toBe('');
    await page.getByRole('button', { name: 'Save mine over theirs' }).click();
    await page.waitForURL('**/teams');
    expect(await get('teams/shared')).toMatchObject({ description: 'Mine', email: null });
  });
});

describe('what one may not change', () => {
  it('is shown read-only, with the file that manages it', async () => {
    const file = 'apiVersion: troth/v1\nteams: { filed: { name: Filed } }\n';
    await troth.server.request('POST', '/api/v1/config/apply?prune=false', file);
    const page = await open('/teams/filed/edit');
    await page.getByText('The config file manages this team').waitFor();
    expect(await box(page, 'Name').isDisabled()).toBe(true);
    expect(await page.getByRole('button', { name: 'Save', exact: true }).count()).toBe(0);
  });

  it('is shown read-only to the owner of other services', async () => {
    await makeAccount(troth.server, 'stranger', 'owner');
    const [name, value] = (await signIn(troth.server, 'stranger')).split('=') as [string, string];
    const context = await visits.visitor();
    await context.addCookies([{ name, value, url: troth.url }]);
    const page = await context.newPage();
    await page.goto(`${troth.url}/services/payroll/edit`);
    await page.getByText('You may look at this service, but not change it.').waitFor();
    await page.goto(`${troth.url}/teams`);
    await page.getByRole('link', { name: 'IT Operations' }).waitFor();
    expect(await page.getByRole('link', { name: 'New team' }).count()).toBe(0);
  });
});

describe('a service and its probe', () => {
  it('are made by keyboard, tried before they are saved, and changed with their secret kept', async () => {
    const page = await open('/new/services');
    await box(page, 'Name').fill('Gateway');
    await page.getByRole('combobox', { name: /^Owner/ }).fill('oper');
    await page.getByRole('option', { name: /IT Operations/ }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('textbox', { name: 'Add to tags' }).fill('edge');
    await page.keyboard.press('Enter');
    await save(page);
    await page.getByRole('heading', { name: 'Gateway', level: 1 }).waitFor();
    expect(await get('services/gateway')).toMatchObject({ owner: 'it', tags: ['edge'] });

    await page.getByRole('link', { name: 'Add a probe' }).click();
    await box(page, 'Name').fill('Door');
    await box(page, 'URL').fill(target.url);
    await page.getByLabel('Bearer').fill('t0ken');
    await page.getByLabel('From').selectOption('the server itself');
    await page.getByRole('button', { name: 'Try it' }).click();
    await page.locator('.outcome').getByText('Up', { exact: true }).waitFor();
    expect(await page.locator('[data-phase=connect]').count()).toBe(1);
    await save(page);
    await page.getByRole('article', { name: 'Probe Door' }).waitFor();

    await page.getByRole('link', { name: 'Edit Door' }).click();
    await page.getByPlaceholder('Stored, not shown; type to replace it').waitFor();
    await page.getByLabel('From').selectOption('the server itself');
    await page.getByRole('button', { name: 'Try it' }).click();
    await page.locator('.outcome').getByText('Up', { exact: true }).waitFor();
    await box(page, 'Timeout').fill('3 parsecs');
    await save(page);
    await page
      .getByText(/must be a duration from/)
      .first()
      .waitFor();
    await box(page, 'Timeout').fill('3s');
    await save(page);
    await page.getByText('timeout 3 s').waitFor();
    expect((await get('probes/gateway.door')).config).toMatchObject({ bearer: '********' });
  });

  it('shows what the server finds wrong at the field it is about', async () => {
    const page = await open('/services/payroll/probes/new');
    await box(page, 'Name').fill('Mail');
    await page.getByLabel('Kind').selectOption('tcp');
    await box(page, 'Host').fill('mail.internal');
    await box(page, 'Port').fill('70000');
    await save(page);
    await page.locator('[data-path="config.port"] .form-fault').waitFor();
    expect(await box(page, 'Port').getAttribute('aria-invalid')).toBe('true');
  });

  it('can be paused and resumed from its page', async () => {
    const page = await open('/services/payroll');
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('button', { name: 'Resume' }).waitFor();
    expect((await get('services/payroll')).paused).toBe(true);
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByRole('button', { name: 'Pause' }).waitFor();
  });
});

describe('an API token', () => {
  it('is shown once when it is made, and revoked after a question', async () => {
    const page = await open('/tokens');
    await page.getByRole('button', { name: 'New token' }).click();
    await box(page, 'Name').fill('Grafana');
    await page.getByRole('checkbox', { name: 'metrics:read' }).check();
    await page.getByRole('button', { name: 'Make the token' }).click();
    const token = await page.getByRole('textbox', { name: 'The token' }).inputValue();
    const reads = () => troth.server.request('GET', '/metrics', undefined, { token });
    expect((await reads()).status).toBe(200);
    await page.getByRole('button', { name: 'Revoke Grafana' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
    await page.getByText(/^revoked/).waitFor();
    expect((await reads()).status).toBe(401);
  });
});
