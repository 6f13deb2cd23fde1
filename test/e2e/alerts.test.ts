import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { startReceiver, type Receiver } from '../support/receiver.ts';
import { useBrowser } from './browser.ts';
import { type Installation, startInstallation } from './installation.ts';

const visits = useBrowser();
let troth: Installation;
let receiver: Receiver;
let report: (failed?: boolean) => Promise<void>;
const phone = { viewport: { width: 390, height: 844 } };

beforeAll(async () => {
  receiver = await startReceiver();
  troth = await startInstallation();
  const config = { url: `${receiver.url}/hook`, secret: 'a-signing-secret-of-the-tests' };
  await troth.put('channels/noc', { name: 'Operations', kind: 'webhook', config });
  report = await troth.reporting('payroll', 'Payroll');
  await report();
});
afterAll(async () => {
  await troth.end();
  await receiver.stop();
});

/** The links of the newest message about an outage that the channel got. */
async function links(count: number): Promise<Record<'open' | 'acknowledge' | 'silence' | 'escalate', string>> {
  await eventually(() => {
    if (receiver.received.filter(({ json }) => json.type === 'alert.firing').length < count)
      throw new Error('not told yet');
  });
  return receiver.received.findLast(({ json }) => json.type === 'alert.firing')!.json.data.links;
}
/** The same place at the address of this server. */
const here = (address: string): string => {
  const { pathname, hash } = new URL(address);
  return `${troth.url}${pathname}${hash}`;
};

describe('an outage', () => {
  it('is told, taken on a phone from its message without signing in, and everybody sees who has it', async () => {
    const inbox = await troth.open(visits, 'onlooker', { role: 'operator', path: '/alerts' });
    await inbox.getByText('Nothing fires.').waitFor();
    await report(true);
    const row = inbox.getByRole('row', { name: /Payroll is down/ });
    await row.getByText('Firing').waitFor();
    const told = await links(1);
    const page = await visits.page(phone);
    await page.goto(here(told.acknowledge));
    await page.getByRole('heading', { name: 'Take this alert?' }).waitFor();
    await page.getByText('Payroll is down').waitFor();
    await page.getByRole('button', { name: 'Take it' }).click();
    await page.getByText('must say who acts').waitFor();
    expect(await row.getByText('Firing').count()).toBe(1);
    await page.getByLabel('Your name').fill('Bo');
    await page.getByRole('button', { name: 'Take it' }).click();
    await page.getByText('You have it. Nobody else is called.').waitFor();
    await row.getByText('Bo (in noc)').waitFor();
    const wall = await troth.open(visits, 'noc', { path: '/wall' });
    await wall
      .locator('[data-key="payroll"]')
      .getByText(/Bo \(in noc\), /)
      .waitFor();
    await page.reload();
    await page.getByText('Bo (in noc) has it already.').waitFor();
    expect(await page.getByRole('button', { name: 'Take it' }).count()).toBe(0);

    await row.getByRole('link', { name: 'Payroll is down' }).click();
    await inbox.getByRole('heading', { name: 'Payroll is down' }).waitFor();
    await inbox.getByRole('table', { name: 'What was told' }).getByText('Delivered').first().waitFor();
    await report();
    await inbox.getByText('Resolved').first().waitFor();
    await page.goto(here(told.silence));
    await page.getByText('It is resolved: there is nothing left to do.').waitFor();
  });

  it('is taken from the inbox in one touch, silenced with a reason, and told again when the silence ends', async () => {
    const page = await troth.open(visits, 'operator', { role: 'operator', path: '/alerts', browser: phone });
    await report(true);
    await page.getByRole('button', { name: 'Take it: Payroll is down' }).click();
    await page.getByText('You have it. Nobody else is called.').waitFor();
    await page.getByRole('link', { name: 'Payroll is down' }).click();
    await page.getByRole('button', { name: 'Silence …' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('For how long').selectOption({ label: '4 hours' });
    await dialog.getByLabel('Why, for those who ask later').fill('The supplier works on it');
    await dialog.getByRole('button', { name: 'Silence it' }).click();
    await page.getByText('Nobody is told of it for now.').waitFor();
    await page.goto(`${troth.url}/silences`);
    await page.getByText('The supplier works on it').waitFor();
    await page.getByRole('button', { name: /^End the silence of/ }).click();
    await page.getByText('The silence is over: what still fires is told.').waitFor();
    await page.getByText('Over', { exact: true }).waitFor();
    await report();
  });
});

it('a link that was cut off says so, and leads to the sign-in', async () => {
  const page = await visits.page(phone);
  await page.goto(`${troth.url}/act#WzEs`);
  await page.getByText(/This link is over, or was cut off/).waitFor();
  await page.getByRole('link', { name: 'Open Troth' }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
});

it('a silence is made over a service, and says what is missing', async () => {
  const page = await troth.open(visits, 'silencer', { role: 'operator', path: '/silences' });
  await page.getByRole('button', { name: 'New silence' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Silence it' }).click();
  await dialog.getByText(/must not be empty/).waitFor();
  await dialog.getByLabel('Why nobody needs to be told').fill('Moving house');
  await dialog.getByRole('button', { name: 'Silence it' }).click();
  await dialog.getByText(/must name something/).waitFor();
  await dialog.getByRole('combobox', { name: 'Service' }).fill('payroll');
  await dialog.getByRole('option', { name: /Payroll/ }).click();
  await dialog.getByRole('button', { name: 'Silence it' }).click();
  await page
    .getByRole('row', { name: /service payroll/ })
    .getByText('Holds')
    .waitFor();
});
