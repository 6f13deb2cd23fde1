import { strFromU8, unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConsequencesService } from '../../../server/consequences/consequences.service.ts';
import type { Consequence } from '../../../server/contract/consequences.ts';
import type { Waiting } from '../../../server/contract/reviews.ts';
import { Queues } from '../../../probes/queues.ts';
import { ReportClosingService } from '../../../server/reports/report-closing.service.ts';
import { ReportsService } from '../../../server/reports/reports.service.ts';
import { account } from '../../support/accounts.ts';
import { eventually } from '../../support/eventually.ts';
import { openLive } from '../../support/live-socket.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';
import { signedAgreement, signers } from '../../support/signed-agreement.ts';

let server: TestServer;
/** Cookies by name. */
const people: Record<string, string> = {};

const teams = { 'hr-it': 'HR IT', hr: 'Human Resources', cio: 'Office of the CIO', net: 'Network' };
const document = (service: string) => ({
  ...{ kind: 'SLA', title: '=Payroll for HR', provider: 'hr-it', customer: 'hr', timeZone: 'UTC' },
  effective: { from: '2026-08-01' },
  arbiter: 'cio',
  objectives: { availability: { type: 'availability', services: [service], target: '99.9' } },
  consequences: {
    base: { amount: '10000.00', currency: 'EUR' },
    credits: [
      { objective: 'availability', below: '99.9', percent: '5' },
      { objective: 'availability', below: '99', percent: '15' },
    ],
    cap: { period: '20', year: '18' },
    costCentres: { from: '4711', to: '0815' },
    actions: [{ objective: 'availability', action: 'Service review within five working days' }],
  },
});
const interval = (state: string, from: string, to: string) => ({ state, from: `2026-${from}Z`, to: `2026-${to}Z` });
/** Down for 2 h in September and 1 h in October: 5 % each. */
const history = [
  interval('up', '08-01T00:00:00', '09-10T09:00:00'),
  interval('down', '09-10T09:00:00', '09-10T11:00:00'),
  interval('up', '09-10T11:00:00', '10-06T09:00:00'),
  interval('down', '10-06T09:00:00', '10-06T10:00:00'),
  interval('up', '10-06T10:00:00', '11-03T00:00:00'),
];

const request = (method: string, path: string, body: unknown, who: string | null) =>
  server.request(method, `/api/v1/${path}`, body, who === null ? {} : { cookie: people[who]! });
const read = async (path: string, who: string | null = null) => {
  const { status, body } = await request('GET', path, undefined, who);
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
};
const ledger = async (key: string, query = '', who: string | null = null): Promise<Consequence[]> =>
  (await read(`agreements/${key}/consequences${query}`, who)).items;
const act = (id: number, name: string, who: string | null, body: object = {}) =>
  request('POST', `consequences/${id}/${name}`, body, who);
const done = async (id: number, name: string, who: string, body: object = {}): Promise<Consequence> => {
  const reply = await act(id, name, who, body);
  expect(reply.status, JSON.stringify(reply.body)).toBe(200);
  return reply.body;
};
const refusal = async (reply: ReturnType<typeof act>) => {
  const { status, body } = await reply;
  return `${status} ${body.issues?.[0]?.path ?? body.code}: ${body.issues?.[0]?.message ?? body.detail}`;
};
const find = async (key: string, kind: string, period: string): Promise<Consequence> =>
  (await ledger(key)).find((entry) => entry.kind === kind && entry.period === period && entry.supersededBy === null)!;
const closing = () => server.app.get(ReportClosingService);
const close = async () => {
  await closing().closeDue();
  await closing().reviseDoubtful();
};
/** What only the owner of the database can do, who takes the guards away. */
const unguarded = (sql: string) =>
  server.database.transaction(async () => {
    await server.database.query('alter table consequences disable trigger user');
    await server.database.query(sql);
    await server.database.query('alter table consequences enable trigger user');
  });
/** An act past the server, by somebody with the password of the database. */
const insertAct = (id: number, name: string, party: string | null, journal: string | null = null) =>
  server.database.query(
    `insert into consequence_acts (consequence_id, act, party, actor_kind, actor, at_ms, journal)
     values ($1, $2, $3, 'user', 'mallory', 1, $4)`,
    [id, name, party, journal],
  );
const correct = async (key: string, service: string, from: string, to: string) => {
  const input = { service, from, to, as: 'excluded', ground: 'customer', reason: 'Their network' };
  const { status, body } = await request('POST', `agreements/${key}/corrections`, input, 'paula');
  expect(status, JSON.stringify(body)).toBe(201);
  return body.id as number;
};
const answer = async (key: string, id: number, verb: 'approve' | 'reject') => {
  const reply = await request('POST', `agreements/${key}/corrections/${id}/${verb}`, { reason: 'So it was' }, 'carla');
  expect(reply.status, JSON.stringify(reply.body)).toBe(200);
};

/** A signed agreement of its own with its history, closed. */
async function closed(key: string): Promise<void> {
  await signed(key);
  await close();
}

async function signed(key: string): Promise<void> {
  await request('PUT', `services/${key}`, { name: `Service ${key}`, owner: 'hr-it' }, null);
  const { status } = await request('POST', `services/${key}/timeline`, { intervals: history }, null);
  expect(status).toBe(204);
  await signedAgreement(server, key, document(key), { provider: people['paula']!, customer: people['carla']! });
}

beforeAll(async () => {
  server = await startTestServer();
  for (const [key, name] of Object.entries(teams)) await request('PUT', `teams/${key}`, { name }, null);
  const both = await signers(server, 'hr-it', 'hr');
  people['paula'] = both.provider;
  people['carla'] = both.customer;
  people['arno'] = await account(server, 'arno', 'owner', ['cio']);
  people['nora'] = await account(server, 'nora', 'owner', ['net']);
  people['viewer'] = await account(server, 'viewer', 'viewer', ['hr']);
  await closed('payroll');
});
afterAll(() => server?.close());

describe('a frozen period that was missed', () => {
  it('proposes its credit and its action, with owner, day and why', async () => {
    const entries = await ledger('payroll');
    expect(entries.map(({ kind, period, state, what }) => `${period} ${kind} ${state}: ${what}`)).toEqual([
      '2026-10 action proposed: Service review within five working days',
      '2026-10 credit proposed: Credit of 500.00 EUR',
      '2026-09 action proposed: Service review within five working days',
      '2026-09 credit proposed: Credit of 500.00 EUR',
    ]);
    const [action, credit] = entries;
    expect(credit).toMatchObject({
      ...{ revision: 1, version: 1, why: '99.86 % is below 99.9 %', isDisputed: false, supersedes: null, acts: [] },
      agreement: { key: 'payroll', title: '=Payroll for HR' },
      provider: { key: 'hr-it', name: 'HR IT' },
      arbiter: { name: 'Office of the CIO' },
      objective: { key: 'availability', title: 'Availability' },
      credit: {
        ...{ amount: '500.00', currency: 'EUR', percent: '5', below: '99.9', bookedBefore: '0.00' },
        ...{ transfer: '500.00', costCentres: { from: '4711', to: '0815' }, journal: null },
      },
    });
    expect(action!.action).toMatchObject({ party: 'provider', owner: '', isOverdue: false, note: null });
    expect(Date.parse(action!.action!.dueOn)).toBeGreaterThan(Date.parse(credit!.answerDueAt));
  });

  it('proposes it once, however often it is closed', async () => {
    const before = await ledger('payroll');
    await Promise.all([close(), close()]);
    expect(await ledger('payroll')).toEqual(before);
  });

  it('of an agreement that is only declared proposes the action alone: credits need signatures', async () => {
    await request('PUT', 'services/declared', { name: 'Declared', owner: 'hr-it' }, null);
    await request('POST', 'services/declared/timeline', { intervals: history }, null);
    const { arbiter: _, ...declared } = document('declared');
    const config = JSON.stringify({
      apiVersion: 'troth/v1',
      agreements: { declared: { ...declared, status: 'declared' } },
    });
    expect((await request('POST', 'config/apply?prune=false', config, null)).status).toBe(200);
    await server.database.query(`update agreement_versions set created_at = '2026-08-01' where state = 'declared'`);
    await close();
    expect((await ledger('declared')).map(({ kind, period }) => `${period} ${kind}`)).toEqual([
      '2026-10 action',
      '2026-09 action',
    ]);
  });

  it('is told to open pages', async () => {
    const { socket } = await openLive(server);
    const told: (string | null)[] = [];
    socket.on('ledger-changed', (agreement) => void told.push(agreement));
    await closed('told');
    await eventually(() => expect(told).toContain('told'));
    // An hour of no consequence: the report is another, the ledger is not.
    const correction = await correct('told', 'told', '2026-10-20T10:00:00Z', '2026-10-20T11:00:00Z');
    await answer('told', correction, 'approve');
    await server.app.get(ConsequencesService).announce('payroll');
    await eventually(() => expect(told).toContain('payroll'));
    told.length = 0;
    const before = await ledger('told');
    await close();
    await eventually(() => expect(told).toContain('told'));
    expect((await read('agreements/told/reports/2026-10')).revision).toBe(2);
    expect(await ledger('told')).toEqual(before);
    socket.close();
  });
});

describe('the list', () => {
  it('is paged, open ones first, and narrowed to agreement, state, kind and period', async () => {
    const pages: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page = await read(`consequences?limit=3&agreement=payroll${cursor && `&cursor=${cursor}`}`);
      pages.push(...page.items.map(({ id }: Consequence) => id));
      cursor = page.next;
    }
    expect(pages).toEqual((await ledger('payroll')).map(({ id }) => id));
    expect(new Set(pages).size).toBe(4);
    expect(await ledger('payroll', '?kind=credit&period=2026-09')).toHaveLength(1);
    expect(await ledger('payroll', '?state=booked')).toEqual([]);
    expect(await refusal(request('GET', 'consequences?cursor=nonsense', undefined, null))).toMatch(/^422 cursor/);
    expect(await refusal(request('GET', 'consequences?agreement=payrol', undefined, null))).toMatch(/^404/);
    expect(await refusal(request('GET', 'consequences/999999', undefined, null))).toMatch(/^404/);
  });
});

describe('a credit', () => {
  it('is accepted by the provider, booked, and then nothing more', async () => {
    const { id, may } = await find('payroll', 'credit', '2026-09');
    expect(may).toEqual({
      ...{ accept: true, contest: true, waive: true, decide: false, book: false, plan: false, finish: false },
    });
    expect((await read(`consequences/${id}`, 'carla')).may).toMatchObject({ accept: false, waive: true, book: false });
    expect(await refusal(act(id, 'accept', 'carla'))).toBe('403 forbidden: Only members of the provider may do this');
    expect(await refusal(act(id, 'accept', 'nora'))).toMatch(/^403/);
    expect(await refusal(act(id, 'accept', 'viewer'))).toMatch(/^403/);
    expect(await refusal(act(id, 'book', 'paula', { journal: 'J-1' }))).toBe(
      `409 conflict: Consequence ${id} is proposed and not accepted yet`,
    );
    expect(await refusal(act(id, 'finish', 'paula', { note: 'Done' }))).toMatch(/^409 .*A credit is booked, not done/);
    expect(await refusal(act(id, 'accept', 'paula', { owner: 'Paula' }))).toBe('422 owner: is of actions alone');
    expect(await done(id, 'accept', 'paula')).toMatchObject({ state: 'accepted', may: { book: true, accept: false } });
    expect(await refusal(act(id, 'book', 'carla', { journal: '' }))).toMatch(/^422 journal/);
    const booked = await done(id, 'book', 'carla', { journal: '+J-2026-117' });
    expect(booked).toMatchObject({ state: 'booked', isOpen: false, credit: { journal: '+J-2026-117' } });
    expect(booked.acts.map(({ act: name, party, by }) => `${name} ${party} ${by}`)).toEqual([
      'accepted provider paula',
      'booked customer carla',
    ]);
    for (const [name, who, body] of [
      ['accept', 'paula', {}],
      ['contest', 'paula', { reason: 'No' }],
      ['waive', 'carla', { reason: 'No' }],
      ['decide', 'arno', { outcome: 'dismissed', reason: 'No' }],
      ['book', 'paula', { journal: 'J-2' }],
    ] as const)
      expect(await refusal(act(id, name, who, body))).toBe(`409 conflict: Consequence ${id} is booked`);
  });

  it('is exported as CSV and as a spreadsheet in which nothing runs', async () => {
    const csv = (await request('GET', 'consequences/export.csv?agreement=payroll', undefined, 'viewer')).body as string;
    const rows = csv.trimEnd().split('\r\n');
    expect(rows).toHaveLength(5);
    const head = rows[0]!.split(',');
    const row = Object.fromEntries(rows[1]!.split(',').map((cell, at) => [head[at], cell]));
    expect(row).toMatchObject({
      ...{ agreement: 'payroll', title: "'=Payroll for HR", period: '2026-09', kind: 'credit', state: 'booked' },
      ...{ amount: '500.00', transfer: '500.00', currency: 'EUR', cost_centre_from: '4711', cost_centre_to: '0815' },
      ...{ journal: "'+J-2026-117", answered_by: 'paula' },
    });
    const answered = await fetch(new URL('/api/v1/consequences/export.xlsx?agreement=payroll', server.url), {
      headers: { cookie: people['viewer']! },
    });
    expect(answered.headers.get('content-disposition')).toBe('attachment; filename="consequences-payroll.xlsx"');
    const files = unzipSync(new Uint8Array(await answered.arrayBuffer()));
    const sheet = strFromU8(files['xl/worksheets/sheet1.xml']!);
    const texts = strFromU8(files['xl/sharedStrings.xml']!);
    expect(texts).toContain('=Payroll for HR');
    expect(sheet).toContain('<v>500</v>');
    expect(sheet).not.toContain('<f>');
  });

  it('is waived by the customer alone, with a reason', async () => {
    await closed('waived');
    const { id } = await find('waived', 'credit', '2026-10');
    expect(await refusal(act(id, 'waive', 'paula', { reason: 'Please' }))).toMatch(/^403/);
    expect(await refusal(act(id, 'waive', 'carla', { reason: ' ' }))).toBe('422 reason: must say why');
    const waived = await done(id, 'waive', 'carla', { reason: 'A good year' });
    expect(waived).toMatchObject({ state: 'waived', isOpen: false, acts: [{ reason: 'A good year' }] });
  });

  it('that is contested is decided by the arbiter, one that nobody answers only after its time', async () => {
    await closed('judged');
    const october = await find('judged', 'credit', '2026-10');
    const september = await find('judged', 'credit', '2026-09');
    const decide = (id: number, who: string, outcome = 'upheld') =>
      act(id, 'decide', who, { outcome, reason: 'By the figures' });
    expect(await refusal(decide(october.id, 'arno'))).toMatch(/^409 .*it is for the parties alone to answer/);
    expect(await refusal(decide(october.id, 'paula'))).toMatch(/^403/);
    await done(october.id, 'contest', 'paula', { reason: 'The probes were wrong' });
    expect(await refusal(act(october.id, 'contest', 'paula', { reason: 'Again' }))).toMatch(/^409/);
    const dismissed = await done(october.id, 'decide', 'arno', { outcome: 'dismissed', reason: 'They were' });
    expect(dismissed).toMatchObject({ state: 'dismissed', isOpen: false });
    await unguarded(`update consequences set answer_due_ms = 1 where id = ${september.id}`);
    expect((await read(`consequences/${september.id}`, 'arno')).may.decide).toBe(true);
    expect(await done(september.id, 'decide', 'arno', { outcome: 'upheld', reason: 'Unanswered' })).toMatchObject({
      state: 'accepted',
    });
    expect(await done(september.id, 'waive', 'carla', { reason: 'Let it be' })).toMatchObject({ state: 'waived' });
  });

  it('waits for an open correction, goes on when that is rejected, and is superseded when it is approved', async () => {
    await closed('corrected');
    const { id } = await find('corrected', 'credit', '2026-10');
    const hour = ['2026-10-06T09:00:00Z', '2026-10-06T10:00:00Z'] as const;
    const first = await correct('corrected', 'corrected', ...hour);
    expect(await read(`consequences/${id}`)).toMatchObject({ isDisputed: true, may: { accept: false, contest: true } });
    expect(await refusal(act(id, 'accept', 'paula'))).toMatch(/^409 .*A correction that touches it waits/);
    await answer('corrected', first, 'reject');
    await close();
    expect(await done(id, 'accept', 'paula')).toMatchObject({ state: 'accepted' });
    await answer('corrected', await correct('corrected', 'corrected', ...hour), 'approve');
    await close();
    const after = await read(`consequences/${id}`);
    expect(after).toMatchObject({ state: 'superseded', isOpen: false, supersededBy: null });
    expect(after.acts.at(-1)).toMatchObject({
      ...{ act: 'superseded', party: null, reason: 'The report of October 2026, revision 2' },
    });
    expect((await ledger('corrected', '?period=2026-10')).map(({ state }) => state)).toEqual([
      'superseded',
      'superseded',
    ]);
  });

  it('of a period that was frozen while a correction was open waits for its answer, and may be waived', async () => {
    await signed('waiting');
    const october = ['2026-10-06T09:00:00Z', '2026-10-06T10:00:00Z'] as const;
    const correction = await correct('waiting', 'waiting', ...october);
    await close();
    const waits = await find('waiting', 'credit', '2026-10');
    expect(waits).toMatchObject({ state: 'waiting', why: 'A correction is proposed that nobody has answered yet' });
    expect((await read(`consequences/${waits.id}`, 'carla')).may).toMatchObject({ waive: true, book: false });
    expect(await refusal(act(waits.id, 'accept', 'paula'))).toBe(
      `409 conflict: Consequence ${waits.id} waits for what it rests on to be settled`,
    );
    await answer('waiting', correction, 'reject');
    await close();
    expect(await find('waiting', 'credit', '2026-10')).toMatchObject({
      ...{ state: 'proposed', revision: 2, supersedes: waits.id, why: '99.86 % is below 99.9 %' },
    });
  });

  it('is answered once, whoever comes second', async () => {
    await closed('raced');
    const { id } = await find('raced', 'credit', '2026-10');
    const replies = await Promise.all([
      act(id, 'accept', 'paula'),
      act(id, 'waive', 'carla', { reason: 'So be it' }),
      act(id, 'contest', 'paula', { reason: 'No' }),
      act(id, 'accept', 'paula'),
    ]);
    const statuses = replies.map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([200, 409]));
    const { acts } = await read(`consequences/${id}`);
    expect(acts).toHaveLength(statuses.filter((status) => status === 200).length);
  });

  it('that was booked is booked back where a revision says that nothing is owed', async () => {
    await closed('returned');
    const { id } = await find('returned', 'credit', '2026-10');
    await done(id, 'accept', 'paula');
    await done(id, 'book', 'paula', { journal: 'J-1' });
    const correction = await correct('returned', 'returned', '2026-10-06T09:00:00Z', '2026-10-06T10:00:00Z');
    await answer('returned', correction, 'approve');
    await close();
    const back = await find('returned', 'credit', '2026-10');
    expect(back).toMatchObject({
      ...{ state: 'proposed', revision: 2, supersedes: id, why: expect.stringContaining('nothing is owed') },
      credit: { amount: '0.00', bookedBefore: '500.00', transfer: '-500.00' },
    });
    expect(await read(`consequences/${id}`)).toMatchObject({ state: 'superseded', supersededBy: back.id });
    await expect(insertAct(back.id, 'waived', 'customer')).rejects.toThrow('cannot be waived by the customer');
    await expect(insertAct(back.id, 'accepted', 'provider')).rejects.toThrow('cannot be accepted by the provider');
    await done(back.id, 'accept', 'carla');
    expect(await done(back.id, 'book', 'carla', { journal: 'J-2' })).toMatchObject({ state: 'booked' });
    const csv = (await request('GET', 'consequences/export.csv?agreement=returned&kind=credit', undefined, null)).body;
    expect(csv).toContain(',-500,');
  });

  it('that goes back is for the customer to accept or contest, and for the provider to waive', async () => {
    await closed('repaid');
    const { id } = await find('repaid', 'credit', '2026-10');
    await done(id, 'accept', 'paula');
    await done(id, 'book', 'paula', { journal: 'J-1' });
    const waiting = async (who: string): Promise<boolean> =>
      (await read('waiting', who)).some(
        (one: Waiting) => one.kind === 'consequence' && one.agreement.key === 'repaid' && one.period === '2026-10',
      );
    const september = await find('repaid', 'credit', '2026-09');
    for (const one of [september, await find('repaid', 'action', '2026-09'), await find('repaid', 'action', '2026-10')])
      await done(one.id, 'waive', 'carla', { reason: 'Let it be' });
    const correction = await correct('repaid', 'repaid', '2026-10-06T09:00:00Z', '2026-10-06T10:00:00Z');
    await answer('repaid', correction, 'approve');
    await close();
    const back = await find('repaid', 'credit', '2026-10');
    expect(back).toMatchObject({ state: 'proposed', credit: { transfer: '-500.00' } });
    expect((await read(`consequences/${back.id}`, 'carla')).may).toMatchObject({
      accept: true,
      contest: true,
      waive: false,
    });
    expect((await read(`consequences/${back.id}`, 'paula')).may).toMatchObject({
      accept: false,
      contest: false,
      waive: true,
    });
    expect([await waiting('carla'), await waiting('paula')]).toEqual([true, false]);
    expect(await refusal(act(back.id, 'waive', 'carla', { reason: 'Keep it' }))).toBe(
      '403 forbidden: Only members of the provider may do this',
    );
    expect(await refusal(act(back.id, 'accept', 'paula'))).toBe(
      '403 forbidden: Only members of the customer may do this',
    );
    await done(back.id, 'contest', 'carla', { reason: 'It was booked for good' });
    expect(await done(back.id, 'waive', 'paula', { reason: 'Let it be' })).toMatchObject({
      ...{
        state: 'waived',
        acts: [
          { act: 'contested', party: 'customer' },
          { act: 'waived', party: 'provider' },
        ],
      },
    });
  });

  it('of a later period gives way at once where an earlier one comes to take its cap of the year', async () => {
    // 18 % in a year: 5 % in September, 5 % in October.
    await closed('capped');
    const october = await find('capped', 'credit', '2026-10');
    expect(october.credit!.amount).toBe('500.00');
    // Nine hours more in September are in the tier of 15 %: 3 % are left for October.
    const input = { service: 'capped', from: '2026-09-11T00:00:00Z', to: '2026-09-11T09:00:00Z', as: 'down' };
    const reply = await request('POST', 'agreements/capped/corrections', { ...input, reason: 'It was' }, 'carla');
    expect(reply.status, JSON.stringify(reply.body)).toBe(201);
    const approved = await request('POST', `agreements/capped/corrections/${reply.body.id}/approve`, {}, 'paula');
    expect(approved.status).toBe(200);
    await close();
    const amounts = async () =>
      (await ledger('capped', '?kind=credit'))
        .filter(({ supersededBy, state }) => supersededBy === null && state !== 'superseded')
        .map(({ period, credit, state }) => `${period} ${state} ${credit!.amount}`);
    expect(await amounts()).toEqual(['2026-10 proposed 300.00', '2026-09 proposed 1500.00']);
    await close();
    expect(await amounts()).toEqual(['2026-10 proposed 300.00', '2026-09 proposed 1500.00']);
  });

  it('that gave way is whole again where the cap is free before its own report was revised', async () => {
    await closed('freed');
    // As where nobody works off what approvals ask for.
    const jobs = server.app.get(Queues).queue('reports');
    await jobs.pause();
    const [more, less] = [
      { as: 'down', reason: 'It was' },
      { as: 'excluded', ground: 'customer', reason: 'Their network' },
    ];
    const september = async (as: object): Promise<void> => {
      const input = { service: 'freed', from: '2026-09-11T00:00:00Z', to: '2026-09-11T09:00:00Z', ...as };
      const reply = await request('POST', 'agreements/freed/corrections', input, 'carla');
      expect(reply.status, JSON.stringify(reply.body)).toBe(201);
      const path = `agreements/freed/corrections/${reply.body.id}/approve`;
      expect((await request('POST', path, {}, 'paula')).status).toBe(200);
    };
    const october = async () => (await find('freed', 'credit', '2026-10')).credit!.amount;
    await september(more);
    await server.app.get(ReportsService).revise('freed', '2026-09', 'It was down for longer');
    expect(await october()).toBe('300.00');
    await september(less);
    await close();
    await jobs.resume();
    expect(await october()).toBe('500.00');
    expect((await read('agreements/freed/reports/2026-10')).revision).toBe(1);
    const before = await ledger('freed');
    await server.app.get(ReportsService).reviseIfChanged('freed', '2026-10', 'Looked at again');
    expect(await ledger('freed')).toEqual(before);
  });
});

describe('an action', () => {
  it('is accepted with who does it and when, planned anew, overdue, and done with a note', async () => {
    const { id } = await find('payroll', 'action', '2026-10');
    expect(await refusal(act(id, 'plan', 'paula', { dueOn: '2027-01-10' }))).toMatch(/^409/);
    const accepted = await done(id, 'accept', 'paula', { owner: 'Paula Berg', dueOn: '2099-01-10' });
    expect(accepted).toMatchObject({ state: 'accepted', action: { owner: 'Paula Berg', dueOn: '2099-01-10' } });
    expect(await refusal(act(id, 'book', 'paula', { journal: 'J-1' }))).toMatch(/^409 .*An action is done, not booked/);
    expect(await refusal(act(id, 'plan', 'carla', { dueOn: '2027-01-10' }))).toMatch(/^403/);
    expect(await refusal(act(id, 'plan', 'paula', { dueOn: 'soon' }))).toMatch(/^422 dueOn/);
    const late = await done(id, 'plan', 'paula', { owner: 'Peter Holm', dueOn: '2026-11-01', reason: 'Paula is ill' });
    expect(late).toMatchObject({ state: 'accepted', action: { owner: 'Peter Holm', isOverdue: true } });
    expect(await refusal(act(id, 'finish', 'paula', { note: '' }))).toBe('422 note: must say what was done');
    const finished = await done(id, 'finish', 'paula', { note: 'Held on 12 November' });
    expect(finished).toMatchObject({
      ...{ state: 'done', isOpen: false, action: { note: 'Held on 12 November', isOverdue: false } },
    });
    expect((await ledger('payroll', '?state=done')).map((entry) => entry.id)).toEqual([id]);
  });
});

describe('a body', () => {
  it('with what cannot be stored is told of at its field', async () => {
    const { id } = await find('payroll', 'action', '2026-09');
    const unstorable = 'must not hold a zero character or half a surrogate pair';
    expect(await refusal(act(id, 'contest', 'paula', { reason: 'a\0b' }))).toBe(`422 reason: ${unstorable}`);
    expect(await refusal(act(id, 'contest', 'paula', { reason: '\ud800' }))).toBe(`422 reason: ${unstorable}`);
    const comment = request('POST', 'agreements/payroll/reviews/2026-09/comments', { text: 'a\0b' }, 'paula');
    expect(await refusal(comment)).toBe(`422 text: ${unstorable}`);
    expect(await refusal(request('PUT', 'agreements/odd', { ...document('odd'), title: '\udc00' }, null))).toBe(
      `422 title: ${unstorable}`,
    );
    expect(await refusal(act(id, 'accept', 'paula', { dueOn: '0000-01-01' }))).toBe(
      '422 dueOn: must be a date, such as 2026-12-24',
    );
    expect(await done(id, 'contest', 'paula', { reason: '🙂 both halves' })).toMatchObject({ state: 'contested' });
  });
});

describe('what is open between two teams', () => {
  it('is summed up: what is owed, what is proposed, and what is to be done', async () => {
    await closed('summed');
    const totals = () => read('consequences/totals?agreement=summed');
    const names = { provider: { key: 'hr-it', name: 'HR IT' }, customer: { key: 'hr', name: 'Human Resources' } };
    expect(await totals()).toEqual([
      { ...names, credits: [{ currency: 'EUR', owed: '0.00', proposed: '1000.00' }], actions: 2, overdue: 0 },
    ]);
    await done((await find('summed', 'credit', '2026-10')).id, 'accept', 'paula');
    await done((await find('summed', 'action', '2026-10')).id, 'accept', 'paula', { dueOn: '2026-11-01' });
    expect(await totals()).toMatchObject([
      { credits: [{ currency: 'EUR', owed: '500.00', proposed: '500.00' }], actions: 2, overdue: 1 },
    ]);
    const all = await read('consequences/totals');
    expect(all).toHaveLength(1);
    expect(Number(all[0].credits[0].proposed)).toBeGreaterThan(500);
  });
});

describe('the ledger', () => {
  it('is only added to, and every act has its turn, also past the server', async () => {
    const { id } = await find('payroll', 'credit', '2026-10');
    for (const sql of [
      `update consequences set amount_cents = 1 where id = ${id}`,
      'delete from consequences',
      'truncate consequences cascade',
      'update consequence_acts set actor = $$nobody$$',
      'delete from consequence_acts',
      'truncate consequence_acts',
      'truncate consequence_states',
    ])
      await expect(server.database.query(sql), sql).rejects.toThrow('the ledger is only added to');
    for (const sql of [
      `update consequence_states set state = 'booked' where consequence_id = ${id}`,
      `delete from consequence_states where consequence_id = ${id}`,
    ])
      await expect(server.database.query(sql), sql).rejects.toThrow('follows from its acts alone');
    const booking = insertAct(id, 'booked', 'provider', 'J-1');
    await expect(booking).rejects.toThrow('a credit that is proposed cannot be booked');
    await expect(insertAct(id, 'accepted', 'customer')).rejects.toThrow('cannot be accepted by the customer');
    await expect(insertAct(id, 'waived', 'provider')).rejects.toThrow('cannot be waived by the provider');
    await expect(insertAct(id, 'done', 'provider')).rejects.toThrow('cannot be done');
    expect((await read(`consequences/${id}`)).acts).toEqual([]);
  });

  it('leaves every act in the audit trail', async () => {
    const actions = async (action: string) => (await read(`audit?action=${action}`)).items;
    for (const action of ['accepted', 'contested', 'waived', 'upheld', 'dismissed', 'booked', 'planned', 'done'])
      expect((await actions(`consequence.${action}`)).length, action).toBeGreaterThan(0);
    const booked = await actions('consequence.booked');
    expect(booked.find(({ subject }: { subject: { key: string } }) => subject.key === 'returned')).toMatchObject({
      actor: { name: 'carla' },
      subject: { key: 'returned' },
      detail: { journal: 'J-2' },
    });
  });
});
