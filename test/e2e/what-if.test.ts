import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useBrowser } from './browser.ts';
import { type Installation, startInstallation } from './installation.ts';

const visits = useBrowser();
let troth: Installation;

const config = `apiVersion: troth/v1
teams: { hr: { name: Human Resources } }
services:
  payroll: { name: Payroll, owner: it }
  mail: { name: Mail, owner: it }
agreements:
  hr-payroll:
    kind: SLA
    title: Payroll for HR
    provider: it
    customer: hr
    effective: { from: 2026-01-01 }
    timeZone: Europe/Berlin
    status: declared
    objectives:
      availability: { type: availability, services: [payroll, mail], target: "99.9" }
      response: { type: response, severity: 1, within: 15m, allowMisses: 1, services: [payroll] }
`;
const interval = (state: string, from: string, to: string) => ({ state, from: `2026-${from}Z`, to: `2026-${to}Z` });

beforeAll(async () => {
  troth = await startInstallation();
  await troth.post('config/apply?prune=false', config);
  // An hour and ten minutes of the 745 hours of October; 44 min 42 s may be missed.
  await troth.post('services/payroll/timeline', {
    intervals: [
      interval('up', '09-01T00:00:00', '10-06T09:00:00'),
      interval('down', '10-06T09:00:00', '10-06T10:00:00'),
      interval('up', '10-06T10:00:00', '10-20T12:00:00'),
      interval('down', '10-20T12:00:00', '10-20T12:10:00'),
      interval('up', '10-20T12:10:00', '11-20T00:00:00'),
    ],
  });
  await troth.post('services/mail/timeline', { intervals: [interval('up', '09-01T00:00:00', '11-20T00:00:00')] });
});
afterAll(() => troth.end());

let visitor = 0;
const open = (path: string, role: 'viewer' | 'admin' = 'viewer'): Promise<Page> =>
  troth.open(visits, `visitor-${++visitor}`, { role, path });
const october = '/agreements/hr-payroll/objectives/availability?period=2026-10';
const side = (page: Page, name: 'before' | 'after') => page.locator(`[data-side="${name}"]`);
const handle = (page: Page, part: 'start' | 'whole' | 'end') => page.locator(`[data-handle="${part}"]`);

describe('what if', () => {
  it('an outage had been shorter: dragged, by keys and by its instants, until the promise is kept', async () => {
    const page = await open(october);
    await page.getByRole('link', { name: 'What if …' }).click();
    await page.getByText('Nothing here is saved').waitFor();
    await side(page, 'before').locator('[data-verdict="missed"]').waitFor();
    // The longest is chosen; its end is dragged to the left.
    const end = handle(page, 'end');
    await end.waitFor();
    expect(await end.getAttribute('aria-valuetext')).toContain('2026-10-06 12:00:00');
    await end.scrollIntoViewIfNeeded();
    const box = (await end.boundingBox())!;
    const track = (await page.locator('.track').boundingBox())!;
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.down();
    // The strip shows three hours: a ninth of it is 20 minutes.
    await page.mouse.move(box.x + box.width / 2 - track.width / 18, box.y + 10, { steps: 4 });
    await page.mouse.move(box.x + box.width / 2 - track.width / 9, box.y + 10, { steps: 4 });
    await page.mouse.up();
    expect(await end.getAttribute('aria-valuetext')).toMatch(/^2026-10-06 11:40:00 .*40 min long$/);
    await side(page, 'after').getByText('99.88 %').first().waitFor();
    // 40 and 10 minutes are still too many; by keys 6 more go.
    await end.focus();
    for (let press = 0; press < 4; press += 1) await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Shift+ArrowLeft');
    await page.keyboard.press('ArrowRight');
    expect(await page.getByLabel('To (Europe/Berlin)').inputValue()).toBe('2026-10-06T11:27');
    await side(page, 'after').locator('[data-verdict="met"]').waitFor();
    await page.getByLabel('To (Europe/Berlin)').fill('2026-10-06T11:35:00');
    await page.getByLabel('To (Europe/Berlin)').press('Tab');
    await side(page, 'after').locator('[data-verdict="missed"]').waitFor();
    expect(await page.getByLabel('Outage to move').locator('option:checked').textContent()).toContain('35 min');
    await page.getByRole('button', { name: 'Take this outage away' }).click();
    await side(page, 'after').locator('[data-verdict="met"]').waitFor();
    await page.getByRole('button', { name: 'Back to as it was' }).click();
    await side(page, 'after').locator('[data-verdict="missed"]').waitFor();
    await page.getByText('Nothing is supposed to be otherwise yet').waitFor();
  });

  it('another outage, another target and other terms: nothing of it stays', async () => {
    const page = await open(`${october}&what-if=1`);
    await page.getByRole('slider', { name: 'Target' }).fill('280');
    await side(page, 'after').locator('[data-verdict="met"]').waitFor();
    expect(await page.getByLabel('Target in percent').inputValue()).toBe('99.842');
    await page.getByRole('button', { name: 'Add an outage' }).click();
    await page.getByLabel('Service', { exact: true }).selectOption({ label: 'Mail' });
    await side(page, 'after').getByText('99.77 %').first().waitFor();
    await page.getByLabel('Its services together').selectOption({ label: 'Down only when all are' });
    await side(page, 'after').getByText('100 %').first().waitFor();
    await page.getByLabel('Target in percent').fill('100');
    await page.getByLabel('Target in percent').press('Tab');
    await page.getByText('must be percent above 0 and below 100').waitFor();
    await page.getByRole('button', { name: 'Reset' }).click();
    await page.getByText('Nothing is supposed to be otherwise yet').waitFor();
    await page.getByText('must be percent').waitFor({ state: 'detached' });
    expect(await page.getByLabel('Outage to move').locator('option').count()).toBe(2);
    await page.getByRole('button', { name: 'Back to what was' }).click();
    await page.getByRole('heading', { name: 'Interval by interval' }).waitFor();
    await page.locator('[data-verdict="missed"]').first().waitFor();
  });

  it('is offered where there is something to suppose alone', async () => {
    const page = await open('/agreements/hr-payroll/objectives/response?period=2026-10');
    await page.getByRole('heading', { name: 'Interval by interval' }).waitFor();
    expect(await page.getByRole('link', { name: 'What if …' }).count()).toBe(0);
  });
});

describe('a draft on the last 12 periods', () => {
  it('is judged as it stands in the form, on demand, and says when the form has gone on', async () => {
    await troth.put('agreements/draft', {
      ...{ kind: 'SLA', title: 'Payroll, anew', provider: 'it', customer: 'hr', timeZone: 'Europe/Berlin' },
      effective: { from: '2027-01-01' },
      objectives: { uptime: { type: 'availability', services: ['payroll'], target: '99.9' } },
    });
    const page = await open('/agreements/draft/edit', 'admin');
    await page.getByRole('tab', { name: 'On the last 12 periods' }).click();
    await page.getByRole('button', { name: 'Judge them' }).click();
    const promise = page.locator('[data-tried="uptime"]');
    await promise.getByText(/Met 1 of 2 that were measured; missed in October 2026 by 0\.06 points/).waitFor();
    await promise.getByText(/99\.84 % would have been met in all/).waitFor();
    expect(await promise.getByRole('listitem').count()).toBe(12);
    await page.getByLabel(/^Target/).fill('99.8');
    await page.getByText('The form has changed since these were judged').waitFor();
    await page.getByRole('button', { name: 'Judge them again' }).click();
    await promise.getByText(/Met 2 of 2 that were measured; the worst was October 2026/).waitFor();
    await page.getByLabel(/^Target/).fill('100');
    await page.getByRole('button', { name: 'Judge them again' }).click();
    await page.getByText('The form has faults that keep it from being judged').waitFor();
    await page.locator('.form-fault', { hasText: 'below 100' }).first().waitFor();
  });
});
