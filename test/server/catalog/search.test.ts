import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SearchAnswer } from '../../../server/contract/search.ts';
import { put } from '../../support/measured.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ TROTH_ROLES: 'api' });
  await put(server, 'teams/payments', { name: 'Payments', email: 'desk@payments.example' });
  await put(server, 'locations/payroll-room', { name: 'Basement' });
  await put(server, 'services/payroll', { name: 'Payroll', owner: 'payments', tags: ['salaries'] });
  await put(server, 'services/old-payroll', { name: 'Old payroll', owner: 'payments' });
  await put(server, 'services/gone', { name: 'Payroll of last year', owner: 'payments' });
  const config = { url: 'https://payroll.internal/' };
  await put(server, 'probes/payroll.sign-in', { name: 'Sign in', kind: 'http', locations: ['payroll-room'], config });
  await server.request('DELETE', '/api/v1/services/gone');
  await put(server, 'boards/wall-of-payments', { name: 'Payments in the lobby' });
});
afterAll(() => server.close());

const search = async (query: string) => {
  const { body } = await server.request('GET', `/api/v1/search?${query}`);
  return (body as SearchAnswer).items;
};
const names = async (text: string) =>
  (await search(`text=${encodeURIComponent(text)}`)).map(({ kind, key }) => [kind, key]);

describe('a search', () => {
  it('finds everything that holds the text: the exact name first, then what begins with it', async () => {
    expect(await names('payroll')).toEqual([
      ['service', 'payroll'],
      ['probe', 'payroll.sign-in'],
      ['location', 'payroll-room'],
      ['service', 'old-payroll'],
    ]);
  });

  it('finds by tag, by address and whatever the case', async () => {
    expect(await names('SALARIES')).toEqual([['service', 'payroll']]);
    expect(await names('desk@payments')).toEqual([['team', 'payments']]);
    expect(await names('sign IN')).toEqual([['probe', 'payroll.sign-in']]);
  });

  it('finds boards, also that of everything, behind what fits as well', async () => {
    expect(await names('pay')).toEqual([
      ['service', 'payroll'],
      ['probe', 'payroll.sign-in'],
      ['team', 'payments'],
      ['location', 'payroll-room'],
      ['board', 'wall-of-payments'],
      ['service', 'old-payroll'],
    ]);
    expect(await search('text=all+services')).toEqual([{ kind: 'board', key: 'all', name: 'All services', hint: '' }]);
    await put(server, 'boards/brief', { name: 'Brief' });
    await server.request('DELETE', '/api/v1/boards/brief');
    expect(await names('brief')).toEqual([]);
  });

  it('finds agreements, maintenance and calendars by their names', async () => {
    await put(server, 'teams/staff', { name: 'Staff' });
    await put(server, 'calendars/office', { name: 'Desk hours', timeZone: 'Europe/Berlin' });
    const window = { start: '2026-12-01T22:00', timeZone: 'UTC', duration: '1h', services: ['payroll'] };
    await put(server, 'maintenance/patching', { ...window, name: 'Desk moves' });
    await put(server, 'agreements/desk-sla', {
      ...{ kind: 'SLA', title: 'Salaries on time', provider: 'payments', customer: 'staff', timeZone: 'UTC' },
      effective: { from: '2026-01-01' },
      objectives: { up: { type: 'availability', services: ['payroll'], target: '99.9' } },
    });
    expect((await search('text=desk')).map(({ kind, name, hint }) => [kind, name, hint])).toEqual([
      ['agreement', 'Salaries on time', 'payments for staff'],
      ['maintenance', 'Desk moves', ''],
      ['calendar', 'Desk hours', 'Europe/Berlin'],
      ['objective', 'Up', 'Salaries on time'],
      ['team', 'Payments', 'desk@payments.example'],
    ]);
    await server.request('DELETE', '/api/v1/agreements/desk-sla');
    expect(await names('on time')).toEqual([]);
  });

  it('finds framework terms by the title of their newest version, and metrics that have values', async () => {
    await put(server, 'frameworks/house', { title: 'Draft', texts: { duties: 'Call us.' } });
    await put(server, 'frameworks/house', { title: 'Rules of leadership', texts: { duties: 'Call us.' } });
    await server.request('POST', '/api/v1/metrics/leads', { value: '7', at: '2026-11-01T00:00:00Z' });
    expect(await names('lead')).toEqual([
      ['metric', 'leads'],
      ['framework', 'house'],
    ]);
    expect(await names('draft')).toEqual([]);
    await server.request('DELETE', '/api/v1/frameworks/house');
    expect(await names('lead')).toEqual([['metric', 'leads']]);
  });

  it('tells what is found from others of a like name', async () => {
    expect(await search('text=sign+in')).toEqual([
      { kind: 'probe', key: 'payroll.sign-in', name: 'Sign in', hint: 'Payroll, http' },
    ]);
  });

  it('takes signs of patterns as they are', async () => {
    expect(await names('%')).toEqual([]);
    expect(await names('pay_oll')).toEqual([]);
  });

  it('finds one kind alone, all of it where there is no text', async () => {
    await put(server, 'agreements/pay-sla', {
      ...{ kind: 'SLA', title: 'Pay', provider: 'payments', customer: 'staff', timeZone: 'UTC' },
      effective: { from: '2026-01-01' },
      objectives: {
        'sign-in': { type: 'availability', services: ['payroll'], target: '99.9' },
        quick: { type: 'latency', title: 'Answers soon', services: ['payroll'], threshold: '1s', target: '99' },
      },
    });
    const found = async (query: string) => (await search(query)).map(({ key, name, hint }) => [key, name, hint]);
    expect(await found('kind=objective')).toEqual([
      ['pay-sla/quick', 'Answers soon', 'Pay'],
      ['pay-sla/sign-in', 'Sign in', 'Pay'],
    ]);
    expect(await found('kind=objective&text=pay-sla/q')).toEqual([['pay-sla/quick', 'Answers soon', 'Pay']]);
    expect((await search('kind=probe&text=pay')).map(({ kind }) => kind)).toEqual(['probe']);
  });

  it('answers no more than asked for, and refuses to search for nothing', async () => {
    expect(await search('text=pay&limit=2')).toHaveLength(2);
    const { status, body } = await server.request('GET', '/api/v1/search?text=+');
    expect([status, body.issues[0].path]).toEqual([422, 'text']);
  });
});
