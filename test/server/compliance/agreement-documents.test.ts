import { afterAll, beforeAll, expect, it } from 'vitest';
import { servicesOf } from '../../../server/agreements/agreements.service.ts';
import type { AgreementTemplate } from '../../../server/contract/agreement-document.ts';
import { agreementInputSchema } from '../../../server/contract/agreements.ts';
import { put } from '../../support/measured.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer({ TROTH_ROLES: 'api', LOG_LEVEL: 'error' });
  for (const team of ['hr-it', 'hr']) await put(server, `teams/${team}`, { name: team.toUpperCase() });
  await put(server, 'services/payroll', { name: 'Payroll', owner: 'hr-it' });
  await put(server, 'agreements/hr-payroll', agreement('99.9'));
});
afterAll(() => server.close());

const agreement = (target: string) => ({
  kind: 'SLA',
  title: 'Payroll <b>for</b> HR',
  provider: 'hr-it',
  customer: 'hr',
  effective: { from: '2026-01-01' },
  timeZone: 'Europe/Berlin',
  objectives: { availability: { type: 'availability', services: ['payroll'], target } },
});
const get = (path: string) => server.request('GET', `/api/v1/agreements/${path}`);

it('an agreement is read as parts with the present figure of each objective, as a page, as Markdown and as a PDF', async () => {
  const { status, body } = await get('hr-payroll/document');
  expect(status, JSON.stringify(body)).toBe(200);
  expect(body).toMatchObject({ title: 'Payroll <b>for</b> HR', status: 'draft' });
  expect(body.figures).toEqual([{ objective: 'availability', text: 'no data yet' }]);
  const page = await get('hr-payroll/document.html');
  expect(page.headers.get('content-type')).toMatch(/^text\/html/);
  expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'/);
  expect(page.body).toContain('Payroll &lt;b&gt;for&lt;/b&gt; HR');
  expect((await get('hr-payroll/document.md')).body).toMatch(/^# /);
  const pdf = await get('hr-payroll/document.pdf');
  expect(pdf.headers.get('content-type')).toBe('application/pdf');
  expect(pdf.body.slice(0, 5)).toBe('%PDF-');
  expect((await get('hr-payroll/length')).body).toMatchObject({ verdict: 'fits', message: null });
  expect((await get('hr-payroll/document?version=3')).body).toMatchObject({ code: 'not-found' });
});

it('what is being written is shown with its length, and what is wrong with it is named', async () => {
  const shown = await server.request('POST', '/api/v1/agreements/preview', agreement('99.5'));
  expect(shown.body).toMatchObject({ document: { status: 'draft' }, length: { verdict: 'fits' } });
  const wrong = await server.request('POST', '/api/v1/agreements/preview', agreement('100'));
  expect(wrong.body.issues[0].path).toBe('objectives.availability.target');
});

it('a template is given as people write it, names what it cannot know, and is shown with places to be filled in', async () => {
  const { body } = await server.request('GET', '/api/v1/agreement-templates');
  const of = (key: string): AgreementTemplate => body.items.find((one: AgreementTemplate) => one.key === key);
  const { agreement: written, asks } = of('security-recovery-sla');
  expect(written).toMatchObject({ provider: 'provider-team', objectives: { backup: { maxAge: '26h' } } });
  expect(written).not.toHaveProperty('counting');
  expect(asks).toEqual([
    ...['provider', 'customer', 'services', 'objectives.backup.probe', 'effective.from', 'timeZone'],
  ]);
  expect(of('marketing-sales').asks).toEqual(['provider', 'customer', 'effective.from', 'timeZone']);
  const shown = await server.request('POST', '/api/v1/agreements/preview', of('application-sla').agreement);
  expect(shown.body.length).toMatchObject({ verdict: 'fits', mostPages: 5 });
  const [parties, scope] = shown.body.document.parts;
  expect(parties.blocks[0].rows[0][1]).toEqual([{ text: 'To be chosen', objective: null, isNote: false }]);
  expect(scope.blocks).toContainEqual({
    kind: 'definitions',
    items: [{ term: 'Services', text: 'To be chosen', objective: null }],
  });
});

it('every template makes an agreement once what it names is there', async () => {
  const { body } = await server.request('GET', '/api/v1/agreement-templates');
  const templates: AgreementTemplate[] = body.items;
  expect(templates.length).toBeGreaterThanOrEqual(5);
  for (const { key, agreement } of templates) {
    const terms = agreementInputSchema.parse(agreement);
    for (const team of [terms.provider, terms.customer, terms.arbiter])
      if (team) await put(server, `teams/${team}`, { name: team });
    for (const service of servicesOf(terms))
      await put(server, `services/${service}`, { name: service, owner: terms.provider });
    for (const calendar of [terms.calendar, terms.supportCalendar])
      if (calendar)
        await put(server, `calendars/${calendar}`, { timeZone: terms.timeZone, week: { mon: ['08:00-18:00'] } });
    const heartbeats = Object.values(terms.objectives).flatMap((objective) =>
      objective.type === 'recovery' && objective.probe ? [objective.probe] : [],
    );
    for (const probe of heartbeats) await put(server, `probes/${probe}`, { kind: 'heartbeat' });
    await put(server, `agreements/${key}`, agreement);
  }
});
