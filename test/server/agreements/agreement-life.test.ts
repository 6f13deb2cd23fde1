import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { account } from '../../support/accounts.ts';
import { put } from '../../support/measured.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

let server: TestServer;
let cookies: Record<'anna' | 'hanna' | 'dora' | 'nora', string>;
let count = 0;

beforeAll(async () => {
  server = await startTestServer({ TROTH_ROLES: 'api', LOG_LEVEL: 'error' });
  for (const team of ['hr-it', 'hr', 'net']) await put(server, `teams/${team}`, { name: team });
  await put(server, 'calendars/office', { timeZone: 'UTC', week: { mon: ['08:00-18:00'] } });
  await put(server, 'services/core', { name: 'Core', owner: 'net' });
  await put(server, 'services/payroll', { name: 'Payroll', owner: 'hr-it', dependsOn: ['core'] });
  cookies = {
    anna: await account(server, 'anna@example.org', 'owner', ['hr-it']),
    hanna: await account(server, 'hanna', 'viewer', ['hr']),
    dora: await account(server, 'dora', 'viewer', ['hr']),
    nora: await account(server, 'nora', 'owner', ['net']),
  };
});
afterAll(() => server.close());

const dayFromNow = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
const parties = {
  provider: { signatories: [{ name: 'Anna Berg', email: 'anna@example.org' }] },
  customer: { signatories: [{ name: 'Hanna Lund', email: 'h.lund@example.org', user: 'hanna' }] },
};
const text = (change: Record<string, unknown> = {}) => ({
  kind: 'SLA',
  title: 'Payroll for HR',
  provider: 'hr-it',
  customer: 'hr',
  effective: { from: '2026-01-01' },
  timeZone: 'UTC',
  calendar: 'office',
  objectives: { availability: { type: 'availability', services: ['payroll'], target: '99.9' } },
  texts: { duties: 'Tell us of month ends.' },
  parties,
  ...change,
});

type Who = keyof typeof cookies | 'admin';
const call = (who: Who, method: string, path: string, body?: unknown) =>
  server.request(method, `/api/v1/agreements/${path}`, body, who === 'admin' ? {} : { cookie: cookies[who] });
const act = (who: Who, key: string, name: string, body: unknown = {}) => call(who, 'POST', `${key}/${name}`, body);
const life = async (key: string, who: Who = 'admin') => (await call(who, 'GET', `${key}/life`)).body;
const versionOf = async (key: string) => (await life(key)).versions[0];
const refusal = async (reply: Promise<{ status: number; body: { code: string; detail: string } }>) => {
  const { status, body } = await reply;
  return `${status} ${body.code}: ${body.detail}`;
};

/** A draft of its own. */
async function written(change: Record<string, unknown> = {}): Promise<string> {
  const key = `agreement-${++count}`;
  await put(server, `agreements/${key}`, text(change));
  return key;
}
async function proposed(change: Record<string, unknown> = {}): Promise<string> {
  const key = await written(change);
  expect((await act('anna', key, 'propose')).status).toBe(200);
  return key;
}
async function sign(who: Who, key: string) {
  const { number: version, hash } = await versionOf(key);
  return act(who, key, 'sign', { version, hash });
}
async function signed(change: Record<string, unknown> = {}): Promise<string> {
  const key = await proposed(change);
  for (const who of ['anna', 'hanna'] as const) expect((await sign(who, key)).status).toBe(200);
  return key;
}

describe('a proposal', () => {
  it('is a version with a hash, that says who must act and what each may do', async () => {
    const key = await written();
    expect((await life(key)).may).toMatchObject({ propose: ['provider', 'customer'], sign: null });
    expect((await life(key, 'anna')).may).toMatchObject({ propose: ['provider'], delegate: true });
    const { status, body } = await act('anna', key, 'propose');
    expect([status, body.state, body.proposal, body.inForce]).toEqual([200, 'proposed', 1, null]);
    expect(body.next).toBe('Anna Berg and Hanna Lund sign version 1, or the customer returns it with comments.');
    expect(body.may).toMatchObject({ propose: [], withdraw: true, return: false, attach: ['provider'] });
    expect(body.may.sign).toEqual({ party: 'provider', name: 'Anna Berg', isDelegate: false });
    expect((await life(key, 'hanna')).may).toMatchObject({ withdraw: false, return: true, attach: ['customer'] });
    expect((await life(key, 'nora')).may).toMatchObject({ withdraw: false, return: false, sign: null, attach: [] });
    const [version] = body.versions;
    expect(version).toMatchObject({ number: 1, state: 'proposed', isIntact: true });
    expect(version.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(version.acts).toMatchObject([{ act: 'proposed', party: 'provider', by: { user: 'anna@example.org' } }]);
    const list = (await call('admin', 'GET', `?text=${key}`)).body.items;
    expect(list).toMatchObject([{ status: 'draft', life: 'proposed', proposal: 'proposed' }]);
    const document = (await call('admin', 'GET', `${key}/document`)).body;
    expect(document).toMatchObject({ status: 'proposed', mark: 'Proposed: not signed, not in force' });
  });

  it('is refused without signatories, twice, by others, and of what ended already', async () => {
    const nobody = await written({ parties: { provider: parties.provider } });
    expect((await act('anna', nobody, 'propose')).body.issues).toEqual([
      { path: 'parties.customer.signatories', message: 'must name a person at least who signs' },
    ]);
    const twice = {
      signatories: [...parties.customer.signatories, { name: 'H. L.', email: 'hanna@x.org', user: 'Hanna' }],
    };
    const repeated = await written({ parties: { ...parties, customer: twice } });
    expect((await act('anna', repeated, 'propose')).body.issues).toEqual([
      { path: 'parties.customer.signatories.1', message: 'is named twice' },
    ]);
    const past = await written({ effective: { from: '2020-01-01', to: '2021-01-01' } });
    expect((await act('anna', past, 'propose')).body.issues).toEqual([
      { path: 'effective.to', message: 'must be a day to come' },
    ]);
    const key = await written();
    expect(await refusal(act('nora', key, 'propose'))).toBe(
      '403 forbidden: Only its parties and admins may propose this agreement',
    );
    expect((await act('admin', key, 'propose')).body.issues[0].path).toBe('party');
    expect((await act('admin', key, 'propose', { party: 'customer' })).status).toBe(200);
    expect(await refusal(act('anna', key, 'propose'))).toMatch(/^409 conflict: Version 1 waits for signatures already/);
    expect(await refusal(call('admin', 'DELETE', key))).toMatch(/^409 conflict: .*withdraw it first/);
  });

  it('is refused beyond five pages, naming the longest parts', async () => {
    const long = 'A sentence that is long enough to fill a line of the page with something to read in it.\n\n'.repeat(
      44,
    );
    const texts = Object.fromEntries(
      ['purpose', 'leftOut', 'duties', 'workload', 'exceptions', 'continuity', 'termination'].map((name) => [
        name,
        long,
      ]),
    );
    const { status, body } = await act('anna', await written({ texts }), 'propose');
    expect(status).toBe(422);
    expect(body.detail).toMatch(/5 is the most that can be proposed/);
    expect(body.issues).toHaveLength(3);
    expect(body.issues[0]).toEqual({
      path: expect.stringMatching(/^(duties|scope)$/),
      message: expect.stringMatching(/takes \d\.\d pages/),
    });
  });

  it('comes back with comments on clauses, which must be there, and is proposed again', async () => {
    const key = await proposed();
    const comments = [
      { clause: 'objectives.availability', text: '99.95, please.' },
      { clause: 'duties', text: 'Too short.' },
    ];
    expect(await refusal(act('anna', key, 'return', { version: 1, comments }))).toBe(
      '403 forbidden: Only the customer may return what the provider proposed',
    );
    const wrong = await act('hanna', key, 'return', {
      version: 1,
      comments: [{ clause: 'objectives.speed', text: 'x' }],
    });
    expect(wrong.body.issues).toEqual([
      { path: 'comments.0.clause', message: 'there is no clause "objectives.speed"' },
    ]);
    const { body } = await act('hanna', key, 'return', { version: 1, comments });
    expect(body).toMatchObject({ state: 'returned', proposal: 1 });
    expect(body.versions[0].acts[1]).toMatchObject({ act: 'returned', party: 'customer', comments });
    expect(body.next).toMatch(/^The customer returned version 1 with comments/);
    expect(await refusal(sign('hanna', key))).toMatch(/^409 conflict: No version .* waits for signatures/);
    await put(server, `agreements/${key}`, text({ title: 'Payroll, better' }));
    expect((await act('anna', key, 'propose')).body).toMatchObject({ proposal: 2, state: 'proposed' });
    expect(await refusal(act('hanna', key, 'return', { version: 1, comments }))).toMatch(/^409 changed-meanwhile/);
    const { body: difference } = await call('admin', 'GET', `${key}/difference?from=1&to=2`);
    expect(JSON.stringify(difference)).toContain('Payroll, better');
  });

  it('is withdrawn by its party alone, with a reason', async () => {
    const key = await proposed();
    expect((await act('anna', key, 'withdraw', { version: 1, reason: ' ' })).body.issues[0].path).toBe('reason');
    expect(await refusal(act('hanna', key, 'withdraw', { version: 1, reason: 'No.' }))).toMatch(/^403 forbidden/);
    const { body } = await act('anna', key, 'withdraw', { version: 1, reason: 'Too early.' });
    expect(body).toMatchObject({ state: 'draft', proposal: null });
    expect(body.versions[0]).toMatchObject({
      state: 'withdrawn',
      acts: [{}, { act: 'withdrawn', reason: 'Too early.' }],
    });
  });
});

describe('signing', () => {
  it('keeps who, for which party, when and the hash; both parties make it hold', async () => {
    const key = await proposed();
    const half = (await sign('anna', key)).body;
    expect(half).toMatchObject({ state: 'proposed' });
    expect(half.next).toBe('Hanna Lund signs version 1, or the customer returns it with comments.');
    const { body } = await sign('hanna', key);
    expect(body).toMatchObject({ state: 'active', proposal: null, inForce: 1, hasDraft: false });
    const [{ hash, signatures }] = body.versions;
    expect(signatures).toMatchObject([
      { party: 'provider', signatory: { name: 'Anna Berg' }, signed: { by: { user: 'anna@example.org' }, hash } },
      {
        party: 'customer',
        signatory: { name: 'Hanna Lund' },
        signed: { by: { user: 'hanna' }, isDelegate: false, hash },
      },
    ]);
    expect((await call('admin', 'GET', key)).body).toMatchObject({ status: 'signed', life: 'active', draft: null });
    const document = (await call('admin', 'GET', `${key}/document`)).body;
    expect(document).toMatchObject({ status: 'active', mark: null });
    expect(JSON.stringify(document.parts.at(-1))).toMatch(/"name":"Hanna Lund".*"isSigned":true/);
    const audit = (await server.request('GET', `/api/v1/audit?subject=${key}`)).body.items;
    expect(audit.map(({ action }: { action: string }) => action)).toEqual(
      ['sealed', 'signed', 'signed', 'proposed', 'created'].map((name) => `agreement.${name}`),
    );
    expect((await call('admin', 'GET', `${key}/compliance`)).body).toMatchObject({ basis: 'signed', version: 1 });
  });

  it('is refused to others, twice, of another text, and before anything is proposed', async () => {
    const draft = await written();
    expect(await refusal(act('anna', draft, 'sign', { version: 1, hash: 'x' }))).toMatch(/^409 conflict: No version/);
    const key = await proposed();
    for (const who of ['nora', 'dora', 'admin'] as const)
      expect(await refusal(sign(who, key))).toBe(
        '403 forbidden: Only Anna Berg and Hanna Lund, or who signs in their place, may sign this version',
      );
    expect(await refusal(act('anna', key, 'sign', { version: 1, hash: 'f'.repeat(64) }))).toMatch(
      /^409 changed-meanwhile: This is not the text/,
    );
    await sign('anna', key);
    expect(await refusal(sign('anna', key))).toBe('409 conflict: You have signed this version');
  });

  it('is not for one person on both sides', async () => {
    const both = { signatories: [{ name: 'Root', email: 'root@example.org', user: 'root-admin' }] };
    const cookie = await account(server, 'root-admin', 'admin');
    const key = await written({ parties: { provider: both, customer: both } });
    await act('admin', key, 'propose', { party: 'provider' });
    const { hash } = await versionOf(key);
    const asked = () => server.request('POST', `/api/v1/agreements/${key}/sign`, { version: 1, hash }, { cookie });
    expect((await asked()).status).toBe(200);
    expect(await refusal(asked())).toMatch(/^409 conflict: You have signed for the provider: somebody else/);
  });

  it('is done in the place of a signatory by who was named, in time', async () => {
    const key = await proposed();
    expect(
      await refusal(act('dora', key, 'delegates', { user: 'nora', from: dayFromNow(0), to: dayFromNow(9) })),
    ).toMatch(/^403 forbidden: Only a signatory/);
    const unknown = await act('hanna', key, 'delegates', { user: 'nobody', from: dayFromNow(0), to: dayFromNow(9) });
    expect(unknown.body.issues[0].path).toBe('user');
    await act('hanna', key, 'delegates', { user: 'dora', from: dayFromNow(5), to: dayFromNow(9) });
    expect(await refusal(sign('dora', key))).toMatch(/^403 forbidden/);
    const { delegates } = (
      await act('hanna', key, 'delegates', { user: 'dora', from: dayFromNow(0), to: dayFromNow(9) })
    ).body;
    expect(delegates).toMatchObject([{ signatory: 'Hanna Lund', by: { user: 'dora' }, mayEnd: true }, {}].reverse());
    const { body } = await sign('dora', key);
    expect(body.versions[0].signatures[1].signed).toMatchObject({ by: { user: 'dora' }, isDelegate: true });
    const taken = delegates[0].id;
    expect((await call('dora', 'DELETE', `${key}/delegates/${taken}`)).status).toBe(403);
    expect((await call('hanna', 'DELETE', `${key}/delegates/${taken}`)).status).toBe(204);
  });

  it('is done on paper: a PDF that is kept with its hash stands for a party', async () => {
    const key = await proposed();
    const attach = (who: Who, party: string, content: string) =>
      fetch(new URL(`/api/v1/agreements/${key}/versions/1/papers?party=${party}&name=signed.pdf`, server.url), {
        method: 'POST',
        body: content,
        headers: {
          'Content-Type': 'application/pdf',
          ...(who === 'admin' ? { Authorization: `Bearer ${server.adminToken}` } : { Cookie: cookies[who] }),
        },
      });
    expect((await attach('anna', 'customer', '%PDF-1.7')).status).toBe(403);
    expect((await attach('admin', 'customer', 'a letter')).status).toBe(422);
    expect((await attach('admin', 'customer', `%PDF-1.7 ${'x'.repeat(10 * 1_024 * 1_024)}`)).status).toBe(413);
    expect((await attach('admin', 'customer', '%PDF-1.7 signed')).status).toBe(200);
    expect((await attach('admin', 'customer', '%PDF-1.7 signed')).status).toBe(409);
    const { body } = await sign('anna', key);
    expect(body.state).toBe('active');
    const [version] = body.versions;
    expect(version.attachments).toMatchObject([{ party: 'customer', name: 'signed.pdf', bytes: 15 }]);
    expect(version.signatures[1].signed.attachment).toBe(version.attachments[0].id);
    const paper = await call('anna', 'GET', `${key}/versions/1/papers/${version.attachments[0].id}`);
    expect([paper.status, paper.body, paper.headers.get('content-disposition')]).toEqual([
      ...[200, '%PDF-1.7 signed', 'attachment; filename=signed.pdf'],
    ]);
    expect((await call('anna', 'GET', `${key}/versions/1/papers/999`)).status).toBe(404);
    const document = (await call('admin', 'GET', `${key}/document`)).body;
    expect(JSON.stringify(document.parts.at(-1))).toMatch(/Signed on paper, attached on/);
  });
});

describe('what is signed', () => {
  it('stays as it is: a change is the next draft, and the database refuses any other', async () => {
    const key = await signed();
    const before = (await call('admin', 'GET', key)).body;
    expect((await call('admin', 'PUT', key, text())).body.draft).toBeNull();
    await put(server, `agreements/${key}`, text({ title: 'Another' }));
    const after = (await call('admin', 'GET', key)).body;
    expect(after).toMatchObject({ title: 'Payroll for HR', draft: { title: 'Another' }, versions: before.versions });
    const changes = [
      `update agreement_versions set document = '{}'`,
      `update agreement_versions set snapshot = '{}'`,
      `update agreement_versions set hash = 'x'`,
      `update agreement_versions set effective_from = effective_from - 1`,
      `update agreement_versions set state = 'withdrawn'`,
      `update agreement_versions set effective_to = '2026-02-01' where state = 'proposed'`,
      'delete from agreement_versions',
    ];
    for (const change of changes)
      await expect(server.database.query(change), change).rejects.toThrow(/was proposed or signed|cannot|longer/);
    for (const table of ['agreement_acts', 'agreement_signatures'])
      for (const change of [`delete from ${table}`, `update ${table} set by_name = 'x'`])
        await expect(server.database.query(change)).rejects.toThrow('stays on record');
    expect((await versionOf(key)).isIntact).toBe(true);
  });

  it('is followed by the next version from its day on, and never holds with another', async () => {
    const key = await signed();
    await put(server, `agreements/${key}`, text({ effective: { from: '2026-01-01' }, title: 'Next' }));
    expect((await act('anna', key, 'propose')).body.issues).toEqual([
      { path: 'effective.from', message: 'must be after 2026-01-01, when version 1 began' },
    ]);
    const from = dayFromNow(30);
    await put(server, `agreements/${key}`, text({ effective: { from }, title: 'Next' }));
    await act('anna', key, 'propose');
    expect((await call('admin', 'GET', key)).body).toMatchObject({ life: 'active', proposal: 'proposed' });
    await sign('anna', key);
    const { body } = await sign('hanna', key);
    expect(body).toMatchObject({ state: 'active', inForce: 1 });
    expect(body.versions).toMatchObject([
      { number: 2, state: 'signed', effective: { from, to: null } },
      { number: 1, state: 'active', effective: { from: '2026-01-01', to: from } },
    ]);
    const overlap = server.database.query(
      `insert into agreement_versions (agreement_id, number, state, document, snapshot, hash, effective_from)
       select agreement_id, 9, 'signed', document, snapshot, hash, effective_from + 1 from agreement_versions
       where state = 'signed' and number = 2`,
    );
    await expect(overlap).rejects.toThrow(/agreement_versions_one_in_force/);
  });

  it('ends on a day to come, with a reason, by a party', async () => {
    const key = await signed();
    const end = (who: Who, on: string) => act(who, key, 'end', { on, reason: 'The service is retired.' });
    expect((await end('hanna', dayFromNow(0))).body.issues).toEqual([{ path: 'on', message: 'must be a day to come' }]);
    expect(await refusal(end('nora', dayFromNow(5)))).toMatch(/^403 forbidden: Only its parties/);
    const { status, body } = await end('hanna', dayFromNow(5));
    expect([status, body.state]).toEqual([200, 'active']);
    expect(body.versions[0]).toMatchObject({
      effective: { to: dayFromNow(5) },
      acts: [{}, { act: 'ended', party: 'customer', reason: 'The service is retired.' }],
    });
    expect((await end('hanna', dayFromNow(9))).body.issues[0].path).toBe('on');
    expect(await refusal(act('anna', await written(), 'end', { on: dayFromNow(5), reason: 'x' }))).toMatch(
      /^409 conflict/,
    );
    expect((await call('admin', 'GET', key)).body.mayDelete).toBe(false);
    expect(await refusal(call('admin', 'DELETE', key))).toMatch(/^409 conflict.*ended, not deleted/);
  });

  it('rests on the calendar and on the services below as they were signed, and tells what is otherwise now', async () => {
    await put(server, 'calendars/mornings', { timeZone: 'UTC', week: { mon: ['08:00-12:00'] } });
    const key = await signed({ calendar: 'mornings' });
    const agreed = async () => {
      const { objectives } = (await call('admin', 'GET', `${key}/compliance?period=2026-03`)).body;
      return objectives[0].seconds.agreed / 3_600;
    };
    const interval = (state: string, from: string, to: string) => ({ state, from: `2026-${from}Z`, to: `2026-${to}Z` });
    for (const service of ['payroll', 'core']) {
      const intervals = [
        interval('up', '02-01T00:00:00', '03-02T08:00:00'),
        interval('down', '03-02T08:00:00', '03-02T09:00:00'),
        interval('up', '03-02T09:00:00', '05-01T00:00:00'),
      ];
      await server.request('POST', `/api/v1/services/${service}/timeline`, { intervals });
    }
    // March 2026 has five Mondays.
    expect(await agreed()).toBe(20);
    await put(server, 'calendars/mornings', { timeZone: 'UTC', week: { mon: ['08:00-20:00'] } });
    expect(await agreed()).toBe(20);
    expect((await life(key)).changedSince).toEqual([
      { path: 'calendars.mornings.week.mon', from: ['08:00-12:00'], to: ['08:00-20:00'] },
    ]);
    expect(JSON.stringify((await call('admin', 'GET', `${key}/document`)).body.parts)).toContain('12:00');
    await put(server, 'services/payroll', { name: 'Payroll', owner: 'hr-it', dependsOn: [] });
    const { objectives } = (await call('admin', 'GET', `${key}/compliance?period=2026-03`)).body;
    expect(objectives[0].upstream).toEqual([{ service: 'core', seconds: 3_600, excused: false }]);
  });

  it('takes no word for a notice of maintenance: it counts from its receipt', async () => {
    const times = { start: '2026-04-06T08:00', timeZone: 'UTC', duration: '1h' };
    await put(server, 'maintenance/patch', { services: ['payroll'], ...times, announced: '2026-03-01T00:00:00Z' });
    const excluded = async (key: string) => {
      const { objectives } = (await call('admin', 'GET', `${key}/compliance?period=2026-04`)).body;
      return objectives[0].seconds.excluded;
    };
    expect(await excluded(await written())).toBe(3_600);
    expect(await excluded(await signed())).toBe(0);
  });

  it('is not declared by the config file afterwards', async () => {
    const key = await signed();
    const declared = `apiVersion: troth/v1\nagreements:\n  ${key}: ${JSON.stringify({ ...text(), status: 'declared' })}\n`;
    const { status, body } = await server.request('POST', '/api/v1/config/plan?prune=false', declared);
    expect([status, body.issues[0].message]).toEqual([
      422,
      'must be left out: both parties have signed this agreement',
    ]);
  });
});
