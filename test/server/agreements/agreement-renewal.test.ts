import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { put } from '../../support/measured.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';
import { signers, type Signers } from '../../support/signed-agreement.ts';

let server: TestServer;
let people: Signers;
let count = 0;

const dayFromNow = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
const monthStart = (months: number): string => {
  const now = new Date();
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + months, 1)).toISOString().slice(0, 10);
};
const text = (change: Record<string, unknown> = {}) => ({
  ...{ kind: 'SLA', title: 'Payroll for HR', provider: 'hr-it', customer: 'hr', timeZone: 'UTC' },
  effective: { from: '2026-01-01' },
  objectives: {
    availability: { type: 'availability', services: ['payroll'], target: '99.9' },
    leads: { type: 'metric', metric: 'leads', atLeast: '10' },
  },
  parties: {
    provider: { signatories: [{ name: 'Paula Berg', email: 'paula@it.org', user: 'paula' }] },
    customer: { signatories: [{ name: 'Carla Lund', email: 'carla@hr.org', user: 'carla' }] },
  },
  ...change,
});
const call = async (method: string, path: string, body?: unknown, cookie?: string) => {
  const reply = await server.request(method, `/api/v1/${path}`, body, cookie === undefined ? {} : { cookie });
  expect(reply.status, JSON.stringify(reply.body)).toBeLessThan(300);
  return reply.body;
};
const refusal = async (path: string, body: unknown, cookie?: string) => {
  const reply = await server.request('POST', `/api/v1/${path}`, body, cookie === undefined ? {} : { cookie });
  return `${reply.status} ${reply.body.detail}`;
};
async function signLast(key: string): Promise<void> {
  const { number: version, hash } = (await call('GET', `agreements/${key}/life`)).versions[0];
  for (const cookie of [people.provider, people.customer])
    await call('POST', `agreements/${key}/sign`, { version, hash }, cookie);
}
async function signed(change: Record<string, unknown>): Promise<string> {
  const key = `agreement-${++count}`;
  await put(server, `agreements/${key}`, text(change));
  await call('POST', `agreements/${key}/propose`, { party: 'provider' });
  await signLast(key);
  return key;
}
/** As if the last version had been signed with another end. */
async function lapsed(key: string, on: string): Promise<void> {
  await server.database.transaction(async () => {
    await server.database.query('alter table agreement_versions disable trigger user');
    await server.database.query(
      `update agreement_versions v set effective_to = $2::text::date,
         document = jsonb_set(v.document::jsonb, '{effective,to}', to_jsonb($2::text))::json
       from agreements a where a.id = v.agreement_id and a.key = $1`,
      [key, on],
    );
    await server.database.query('alter table agreement_versions enable trigger user');
  });
}
const agreement = (key: string) => call('GET', `agreements/${key}`);

beforeAll(async () => {
  server = await startTestServer({ TROTH_ROLES: 'api' });
  for (const team of ['hr-it', 'hr']) await put(server, `teams/${team}`, { name: team });
  await put(server, 'services/payroll', { name: 'Payroll', owner: 'hr-it' });
  people = await signers(server, 'hr-it', 'hr');
});
afterAll(() => server?.close());

describe('an agreement that expires', () => {
  it('warns from 60, 30 and 7 days before, in lists and on its page', async () => {
    const endsIn = (days: number) => {
      const effective = { from: '2026-01-01', to: dayFromNow(days) };
      return [`ends-${days + 10}`, text({ effective, status: 'declared', parties: {} })] as const;
    };
    const agreements = Object.fromEntries([80, 40, 20, 5].map(endsIn));
    const file = JSON.stringify({ apiVersion: 'troth/v1', agreements });
    await call('POST', 'config/apply?prune=false', file);
    const listed = (await call('GET', 'agreements?text=ends-')).items;
    for (const { key, ending } of listed) expect((await agreement(key)).ending).toEqual(ending);
    const byDays = listed.toSorted((a: { key: string }, b: { key: string }) => (a.key > b.key ? -1 : 1));
    expect(
      byDays.map(({ ending }: { ending: Record<string, unknown> }) => [
        ending['kind'],
        ending['urgency'],
        ending['mark'],
      ]),
    ).toEqual([
      ['expires', null, null],
      ['expires', 'soon', 'Ends in 39 days'],
      ['expires', 'near', 'Ends in 19 days'],
      ['expires', 'last', 'Ends in 4 days'],
    ]);
  });

  it('is renewed in one act: the same words, for a term as long, from its end on', async () => {
    const key = await signed({ effective: { from: monthStart(-11), to: monthStart(1) } });
    const life = await call('GET', `agreements/${key}/life`, undefined, people.customer);
    expect([life.may.renew, life.nextTerm]).toEqual([['customer'], { from: monthStart(1), to: monthStart(13) }]);
    const proposed = await call('POST', `agreements/${key}/renew`, {}, people.customer);
    expect([proposed.proposal, proposed.state, proposed.may.renew]).toEqual([2, 'active', []]);
    expect((await agreement(key)).ending.text).toContain('Version 2, which would follow, waits for signatures.');
    const said = await call('GET', `agreements/${key}/difference?from=1&to=2`);
    expect(said.texts).toEqual([]);
    expect(said.settings.map(({ label }: { label: string }) => label)).toEqual(['First day', 'Last day']);
    expect(await refusal(`agreements/${key}/renew`, {}, people.customer)).toMatch(/^409 Version 2 waits/);
    await signLast(key);
    const after = await agreement(key);
    expect([after.draft, after.ending.on]).toEqual([null, monthStart(13)]);
    expect(after.versions.map(({ status }: { status: string }) => status)).toEqual(['active', 'signed']);
  });

  it('is not renewed over a draft that is being written, nor where it has no end', async () => {
    const key = await signed({ effective: { from: '2026-01-01', to: dayFromNow(20) } });
    await put(server, `agreements/${key}`, text({ title: 'Another' }));
    expect(await refusal(`agreements/${key}/renew`, { party: 'provider' })).toMatch(/^409 A draft of agreement/);
    expect(await refusal(`agreements/${await signed({})}/renew`, { party: 'provider' })).toMatch(/^409 .* has no end/);
  });

  it('is judged up to the instant of its end and not behind it, and says so; a draft is no promise then', async () => {
    const key = await signed({ effective: { from: monthStart(-2) } });
    const end = `${monthStart(-1).slice(0, 8)}11`;
    await lapsed(key, end);
    await call('POST', 'services/payroll/timeline', {
      intervals: [
        { state: 'up', from: `${monthStart(-1)}T00:00:00Z`, to: `${end}T00:00:00Z` },
        { state: 'down', from: `${end}T00:00:00Z`, to: `${monthStart(0)}T00:00:00Z` },
      ],
    });
    for (const [day, value] of [
      ['05', 12],
      ['20', 500],
    ] as const)
      await call('POST', 'metrics/leads', { value, at: `${end.slice(0, 8)}${day}T12:00:00Z` });
    const last = await call('GET', `agreements/${key}/compliance?period=${end.slice(0, 7)}`);
    const ofKey = (wanted: string) => last.objectives.find(({ key: one }: { key: string }) => one === wanted);
    const [availability, leads] = [ofKey('availability'), ofKey('leads')];
    expect([availability.verdict, availability.seconds.agreed, availability.seconds.down]).toEqual([
      'met',
      10 * 86_400,
      0,
    ]);
    expect([leads.reached, last.isOver]).toEqual(['12', false]);
    await put(server, `agreements/${key}`, text({ title: 'Written too late' }));
    const now = await call('GET', `agreements/${key}/compliance`);
    expect([now.isOver, now.basis, now.version]).toEqual([true, 'signed', null]);
    expect(now.objectives.map(({ verdict }: { verdict: string }) => verdict)).toEqual(['no-data', 'no-data']);
    const { ending, life } = await agreement(key);
    expect([life, ending.kind, ending.on]).toEqual(['ended', 'over', end]);
    expect(ending.text).toContain('Its figures end there.');
  });

  it('can be renewed when it has lapsed, from today on: nobody signs for days that are past', async () => {
    const key = await signed({ effective: { from: '2026-01-01' } });
    await lapsed(key, dayFromNow(-10));
    const life = await call('POST', `agreements/${key}/renew`, { party: 'provider' });
    expect(life.versions[0].effective.from).toBe(dayFromNow(0));
  });
});

describe('an agreement that goes on by itself', () => {
  const renewing = (to: string) => ({
    effective: { from: '2026-01-01', to },
    renewal: { atEnd: 'renews', months: 6, notice: '14d' },
  });

  it('holds behind the end of its first term, and says until when a party can end it', async () => {
    const key = await signed(renewing(dayFromNow(20)));
    const { effective, ending } = await agreement(key);
    expect([effective.to, ending.kind, ending.on, ending.noticeBy, ending.urgency]).toEqual([
      ...[null, 'renews', dayFromNow(20), dayFromNow(6), 'last'],
    ]);
    expect(ending.text).toMatch(/^It goes on by 6 months after .*, unless a party ends it by .*, in 6 days\.$/);
    const document = await call('GET', `agreements/${key}/document.md`);
    expect(document).toContain('goes on by 6 months each time, unless a party ends it 14 days before its end');
    expect(await refusal(`agreements/${key}/renew`, { party: 'provider' })).toMatch(/^409 .* goes on by itself/);
  });

  it('is ended with a term, and with notice', async () => {
    const key = await signed(renewing(dayFromNow(20)));
    const end = (on: string) => refusal(`agreements/${key}/end`, { on, reason: 'We move' }, people.customer);
    expect(await end(dayFromNow(15))).toBe(`422 on: must be the end of a term, such as ${dayFromNow(20)}`);
    const { ending } = await agreement(key);
    await call('POST', `agreements/${key}/end`, { on: ending.on, reason: 'We move' }, people.customer);
    const after = await agreement(key);
    expect([after.effective.to, after.ending.kind]).toEqual([ending.on, 'ends']);
    const late = await signed(renewing(dayFromNow(10)));
    const refused = await refusal(`agreements/${late}/end`, { on: dayFromNow(10), reason: 'We move' }, people.customer);
    expect(refused).toMatch(new RegExp(`^422 on: had to be said by ${dayFromNow(-4)}`));
  });

  it('is refused without the end of a first term, and with a notice of half a day', async () => {
    const reply = await server.request(
      'PUT',
      '/api/v1/agreements/wrong',
      text({ renewal: { atEnd: 'renews', notice: '12h' } }),
    );
    expect(reply.body.issues.map(({ path }: { path: string }) => path)).toContain('renewal.notice');
    const endless = await server.request('PUT', '/api/v1/agreements/wrong', text({ renewal: { atEnd: 'renews' } }));
    expect(endless.body.issues).toEqual([{ path: 'effective.to', message: 'is needed: the end of the first term' }]);
  });

  it('comes from the config file as well, and is given out as it was written', async () => {
    const declared = { ...text(renewing(dayFromNow(20))), status: 'declared', parties: {} };
    const file = JSON.stringify({ apiVersion: 'troth/v1', agreements: { declared } });
    const apply = () => server.request('POST', '/api/v1/config/apply?prune=false', file);
    expect((await apply()).body.changes).toHaveLength(1);
    expect((await apply()).body.changes).toHaveLength(0);
    const { effective, ending } = await agreement('declared');
    expect([effective.to, ending.kind]).toEqual([null, 'renews']);
    expect(await call('GET', 'config')).toMatch(/renewal:\n\s+atEnd: renews\n\s+months: 6\n\s+notice: 14d/);
    expect(await refusal('agreements/declared/renew', { party: 'provider' })).toMatch(/^409 The config file declares/);
  });
});
