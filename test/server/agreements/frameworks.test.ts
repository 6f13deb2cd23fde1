import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { put } from '../../support/measured.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';
import { signers, type Signers } from '../../support/signed-agreement.ts';

let server: TestServer;
let people: Signers;

const text = (change: Record<string, unknown> = {}) => ({
  ...{ kind: 'SLA', title: 'Payroll for HR', provider: 'hr-it', customer: 'hr', timeZone: 'UTC' },
  ...{ effective: { from: '2026-01-01' }, framework: 'it-terms', texts: { purpose: 'Pay on time.' } },
  objectives: { availability: { type: 'availability', services: ['payroll'], target: '99.9' } },
  parties: {
    provider: { signatories: [{ name: 'Paula Berg', email: 'paula@it.org', user: 'paula' }] },
    customer: { signatories: [{ name: 'Carla Lund', email: 'carla@hr.org', user: 'carla' }] },
  },
  ...change,
});
const terms = (duties: string) => ({ title: 'IT terms', texts: { duties, purpose: 'Not used.' } });
const call = async (method: string, path: string, body?: unknown, cookie?: string) => {
  const reply = await server.request(method, `/api/v1/${path}`, body, cookie === undefined ? {} : { cookie });
  expect(reply.status, JSON.stringify(reply.body)).toBeLessThan(300);
  return reply.body;
};
const document = (key: string, version = ''): Promise<string> =>
  call('GET', `agreements/${key}/document.md${version && `?version=${version}`}`);

beforeAll(async () => {
  server = await startTestServer({ TROTH_ROLES: 'api' });
  for (const team of ['hr-it', 'hr']) await put(server, `teams/${team}`, { name: team });
  await put(server, 'services/payroll', { name: 'Payroll', owner: 'hr-it' });
  people = await signers(server, 'hr-it', 'hr');
});
afterAll(() => server?.close());

describe('framework terms', () => {
  it('get a version with each change, and none by the same again', async () => {
    expect((await server.request('PUT', '/api/v1/frameworks/it-terms', terms('Call us.'))).status).toBe(201);
    await put(server, 'frameworks/it-terms', terms('Call us.'));
    const { version, versions, texts } = await call('GET', 'frameworks/it-terms');
    expect([version, versions.length, texts.duties]).toEqual([1, 1, 'Call us.']);
    const faultOf = async (body: object) =>
      (await server.request('PUT', '/api/v1/frameworks/none', { title: 'None', ...body })).body.issues;
    expect(await faultOf({})).toEqual([{ path: 'texts', message: 'is required' }]);
    expect(await faultOf({ texts: { duties: ' ' } })).toEqual([
      { path: 'texts', message: 'must hold a clause at least' },
    ]);
    const byOwner = await server.request('PUT', '/api/v1/frameworks/it-terms', terms('No.'), {
      cookie: people.provider,
    });
    expect(byOwner.status).toBe(403);
  });

  it('stand in an agreement that includes them where it says nothing itself, as they were when it was proposed', async () => {
    await put(server, 'agreements/payroll', text());
    await call('POST', 'agreements/payroll/propose', { party: 'provider' });
    const { number: version, hash } = (await call('GET', 'agreements/payroll/life')).versions[0];
    for (const cookie of [people.provider, people.customer])
      await call('POST', 'agreements/payroll/sign', { version, hash }, cookie);
    await put(server, 'frameworks/it-terms', terms('Call us before noon.'));
    const signed = await document('payroll', '1');
    expect(signed).toContain('“IT terms”, version 1');
    expect(signed).toContain('Call us.');
    expect(signed).toContain('Pay on time.');
    expect(signed).not.toContain('before noon');
    expect(signed).not.toContain('Not used.');
    const life = await call('GET', 'agreements/payroll/life');
    expect([life.versions[0].isIntact, life.changedSince.map(({ path }: { path: string }) => path)]).toEqual([
      true,
      expect.arrayContaining(['framework.version', 'framework.texts.duties']),
    ]);
  });

  it('are told apart between two versions of an agreement', async () => {
    await put(server, 'agreements/payroll', text({ effective: { from: '2026-06-01' } }));
    expect(await document('payroll', 'draft')).toContain('Call us before noon.');
    const { settings, texts } = await call('GET', 'agreements/payroll/difference?from=1&to=draft');
    expect(settings).toContainEqual({
      ...{ label: 'Framework terms', before: '“IT terms”, version 1', after: '“IT terms”, version 2' },
    });
    expect(texts.map(({ label }: { label: string }) => label)).toEqual([
      'Duties of the customer, in the framework terms',
    ]);
  });

  it('must be there, and stay while an agreement includes them', async () => {
    const missing = await server.request('PUT', '/api/v1/agreements/other', text({ framework: 'it-term' }));
    expect(missing.body.issues).toEqual([
      { path: 'framework', message: expect.stringContaining('there is no framework "it-term"') },
    ]);
    const refused = await server.request('DELETE', '/api/v1/frameworks/it-terms');
    expect([refused.status, refused.body.detail]).toEqual([409, 'agreement "payroll" includes it']);
    await put(server, 'frameworks/unused', terms('Nothing.'));
    expect((await server.request('DELETE', '/api/v1/frameworks/unused')).status).toBe(204);
    const { usedBy } = await call('GET', 'frameworks/it-terms');
    expect(usedBy).toEqual([{ key: 'payroll', title: 'Payroll for HR' }]);
  });

  it('come back with their versions when their deletion is taken back', async () => {
    for (const duties of ['First.', 'Second.']) await put(server, 'frameworks/brief', terms(duties));
    const back = () => server.request('POST', '/api/v1/frameworks/brief/restore');
    expect((await back()).status).toBe(409);
    await server.request('DELETE', '/api/v1/frameworks/brief');
    const { status, body } = await back();
    expect([status, body.version, body.texts.duties]).toEqual([200, 2, 'Second.']);
    const never = await server.request('POST', '/api/v1/frameworks/never/restore');
    expect([never.status, never.body.detail]).toEqual([
      404,
      'No framework terms "never" were deleted that could be brought back',
    ]);
  });
});

describe('framework terms of the config file', () => {
  const file = (frameworks: object, agreements: object) =>
    JSON.stringify({ apiVersion: 'troth/v1', frameworks, agreements });
  const send = (act: 'plan' | 'apply', body: string) =>
    server.request('POST', `/api/v1/config/${act}?prune=false`, body);
  const declared = text({ framework: 'house', status: 'declared', parties: {} });

  it('are planned, applied once, given out, and read-only in the browser', async () => {
    const first = file({ house: terms('Ask first.') }, { declared });
    const planned = (await send('plan', first)).body.changes.map(({ kind, key }: { kind: string; key: string }) => [
      kind,
      key,
    ]);
    expect(planned).toEqual([
      ['framework', 'house'],
      ['agreement', 'declared'],
    ]);
    expect((await send('apply', first)).status).toBe(200);
    expect((await send('apply', first)).body.changes).toEqual([]);
    expect(await call('GET', 'config')).toMatch(/frameworks:\n(.*\n)*\s+house:\n\s+title: IT terms/);
    const refused = await server.request('PUT', '/api/v1/frameworks/house', terms('Never mind.'));
    expect([refused.status, refused.body.code]).toEqual([409, 'managed-by-file']);
    expect(await document('declared')).toContain('Ask first.');
  });

  it('hold for what is declared as they are now, and for what it declared before as they were', async () => {
    const second = file(
      { house: terms('Ask twice.') },
      { declared: { ...declared, effective: { from: '2026-03-01' } } },
    );
    expect((await send('apply', second)).status).toBe(200);
    expect(await document('declared')).toContain('Ask twice.');
    expect(await document('declared', '1')).toContain('Ask first.');
  });

  it('are faults of the file where an agreement names what is not there', async () => {
    const wrong = await send('plan', file({}, { declared: { ...declared, framework: 'nowhere' } }));
    expect(wrong.body.issues[0]).toMatchObject({ path: 'agreements.declared.framework' });
  });
});
