import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Consequence } from '../../../server/contract/consequences.ts';
import type { Review, Waiting } from '../../../server/contract/reviews.ts';
import { ReportClosingService } from '../../../server/reports/report-closing.service.ts';
import { account } from '../../support/accounts.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';
import { signedAgreement, signers } from '../../support/signed-agreement.ts';

let server: TestServer;
const people: Record<string, string> = {};

const document = {
  ...{ kind: 'SLA', title: 'Payroll for HR', provider: 'hr-it', customer: 'hr', timeZone: 'UTC' },
  effective: { from: '2026-08-01' },
  objectives: {
    availability: { type: 'availability', services: ['payroll'], target: '99.9' },
    response: { type: 'response', services: ['payroll'], severity: 1, within: '15m', target: '95' },
  },
  consequences: {
    base: { amount: '10000.00', currency: 'EUR' },
    credits: [{ objective: 'availability', below: '99.9', percent: '5' }],
  },
};
const interval = (state: string, from: string, to: string) => ({ state, from: `2026-${from}Z`, to: `2026-${to}Z` });
const history = [
  interval('up', '08-01T00:00:00', '09-10T09:00:00'),
  interval('down', '09-10T09:00:00', '09-10T11:00:00'),
  interval('up', '09-10T11:00:00', '10-06T09:00:00'),
  interval('down', '10-06T09:00:00', '10-06T10:00:00'),
  interval('up', '10-06T10:00:00', '11-20T00:00:00'),
];

const request = (method: string, path: string, body?: unknown, who: string | null = null) =>
  server.request(method, `/api/v1/${path}`, body, who === null ? {} : { cookie: people[who]! });
const october = 'agreements/payroll/reviews/2026-10';
const read = async <Answer = Review>(path = october, who: string | null = null): Promise<Answer> => {
  const { status, body } = await request('GET', path, undefined, who);
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
};
const post = (path: string, who: string | null, body: object = {}) => request('POST', `${october}/${path}`, body, who);
const done = async (path: string, who: string | null, body: object = {}): Promise<Review> => {
  const reply = await post(path, who, body);
  expect(reply.status, JSON.stringify(reply.body)).toBe(200);
  return reply.body;
};
const refusal = async (reply: ReturnType<typeof request>) => {
  const { status, body } = await reply;
  return `${status} ${body.issues?.[0]?.path ?? body.code}: ${body.issues?.[0]?.message ?? body.detail}`;
};
const waiting = async (who: string) =>
  (await read<Waiting[]>('waiting', who)).map(({ kind, count, period }) => `${kind} ${count} ${period}`);

beforeAll(async () => {
  server = await startTestServer();
  for (const [key, name] of [
    ['hr-it', 'HR IT'],
    ['hr', 'Human Resources'],
    ['net', 'Network'],
  ])
    await request('PUT', `teams/${key}`, { name });
  await request('PUT', 'services/payroll', { name: 'Payroll', owner: 'hr-it' });
  await request('POST', 'services/payroll/timeline', { intervals: history });
  const both = await signers(server, 'hr-it', 'hr');
  [people['paula'], people['carla']] = [both.provider, both.customer];
  people['both'] = await account(server, 'both', 'owner', ['hr-it', 'hr']);
  people['nora'] = await account(server, 'nora', 'owner', ['net']);
  people['viewer'] = await account(server, 'viewer', 'viewer', ['hr']);
  await signedAgreement(server, 'payroll', document, both);
  await server.app.get(ReportClosingService).closeDue();
});
afterAll(() => server?.close());

describe('the review of a closed period', () => {
  it('tells how each promise fared in the periods up to it', async () => {
    const review = await read();
    expect(review).toMatchObject({
      ...{ agreement: { key: 'payroll', title: 'Payroll for HR' }, provider: { name: 'HR IT' }, arbiter: null },
      ...{ period: '2026-10', report: { revision: 1 }, comments: [], signatures: [], hasDraft: false },
    });
    expect(review.trend).toEqual([
      {
        ...{ key: 'availability', title: 'Availability', target: '99.9' },
        points: [
          { period: '2026-08', verdict: 'met', attained: '100 %', percent: 100, target: '99.9' },
          { period: '2026-09', verdict: 'missed', attained: '99.72 %', percent: 99.72, target: '99.9' },
          { period: '2026-10', verdict: 'missed', attained: '99.86 %', percent: 99.86, target: '99.9' },
        ],
      },
      expect.objectContaining({
        key: 'response',
        points: ['2026-08', '2026-09', '2026-10'].map((period) => ({
          ...{ period, verdict: 'no-data', attained: '0 of 0 in time', percent: null, target: '95' },
        })),
      }),
    ]);
    expect((await read('agreements/payroll/reviews/2026-09')).trend[0]!.points).toHaveLength(2);
  });

  it('is there once the period is frozen, to read for everybody', async () => {
    expect(await refusal(request('GET', 'agreements/payroll/reviews/2026-11'))).toMatch(/^404/);
    expect(await refusal(request('GET', 'agreements/payroll/reviews/October'))).toMatch(/^422/);
    expect((await read(october, 'viewer')).may).toEqual({ comment: [], sign: [], addFor: [], beginNext: false });
    expect((await read(october, 'nora')).may.comment).toEqual([]);
    expect((await read(october, 'paula')).may).toEqual({
      ...{ comment: ['provider'], sign: ['provider'], addFor: ['provider'], beginNext: true },
    });
    expect((await read(october, 'carla')).may).toMatchObject({ sign: ['customer'], addFor: ['provider', 'customer'] });
  });

  it('takes comments of both parties, some on clauses that the next version should say otherwise', async () => {
    await done('comments', 'paula', { text: 'A switch failed.\nIt is replaced.' });
    const review = await done('comments', 'carla', { text: '99.95, please', clause: 'objectives.availability' });
    expect(review.comments).toMatchObject([
      { party: 'provider', by: 'paula', text: 'A switch failed.\nIt is replaced.', clause: null },
      { party: 'customer', by: 'carla', text: '99.95, please', clause: 'objectives.availability' },
    ]);
    expect(await refusal(post('comments', 'carla', { text: ' ' }))).toBe('422 text: must not be empty');
    expect(await refusal(post('comments', 'carla', { text: 'So', clause: 'objectives.speed' }))).toBe(
      '422 clause: there is no clause "objectives.speed"',
    );
    expect(await refusal(post('comments', 'nora', { text: 'So' }))).toMatch(/^403/);
    expect(await refusal(post('comments', 'viewer', { text: 'So' }))).toMatch(/^403/);
    expect(await refusal(post('comments', 'both', { text: 'So' }))).toBe(
      '422 party: must be given: provider or customer',
    );
    expect(await refusal(post('comments', 'paula', { text: 'So', party: 'customer' }))).toMatch(/^403/);
    await done('comments', 'both', { text: 'Seen', party: 'customer' });
    const notes = await read<Review['comments']>('agreements/payroll/review-notes');
    expect(notes.map(({ text, period }) => `${period} ${text}`)).toEqual(['2026-10 99.95, please']);
  });

  it('adds actions to the ledger: one for oneself at once, one asked of the provider for it to accept', async () => {
    const own = { what: 'Test the fallback', doer: 'customer', owner: 'Carla Lund', dueOn: '2099-03-01' };
    await done('actions', 'carla', own);
    await done('actions', 'carla', { what: 'Replace the second switch', doer: 'provider', dueOn: '2099-02-01' });
    expect(await refusal(post('actions', 'paula', own))).toMatch(/^403 .*A party promises for itself/);
    expect(await refusal(post('actions', 'nora', own))).toMatch(/^403/);
    expect(await refusal(post('actions', 'carla', { ...own, dueOn: '2026-01-01' }))).toBe(
      '422 dueOn: must not be a day of the past',
    );
    expect(await refusal(post('actions', 'carla', { ...own, what: '' }))).toMatch(/^422 what/);
    const { items } = await read<{ items: Consequence[] }>('agreements/payroll/consequences?kind=action', 'paula');
    expect(items).toMatchObject([
      {
        ...{ what: 'Replace the second switch', state: 'proposed', revision: null, objective: null, period: '2026-10' },
        ...{ action: { party: 'provider', dueOn: '2099-02-01' }, may: { accept: true, finish: false } },
      },
      {
        ...{ what: 'Test the fallback', state: 'accepted', why: 'From the review of the period' },
        ...{ action: { party: 'customer', owner: 'Carla Lund' }, may: { accept: false, finish: false } },
      },
    ]);
    const finish = (who: string) => request('POST', `consequences/${items[1]!.id}/finish`, { note: 'It works' }, who);
    expect(await refusal(finish('paula'))).toMatch(/^403/);
    expect((await finish('carla')).body.state).toBe('done');
  });

  it('is signed off by both parties, each once', async () => {
    const first = await done('sign', 'paula', { revision: 1 });
    expect(first.signatures).toMatchObject([{ party: 'provider', by: 'paula', revision: 1 }]);
    expect(await refusal(post('sign', 'paula', { revision: 1 }))).toBe(
      '409 conflict: It is signed off for the provider already',
    );
    expect(await refusal(post('sign', 'carla', { revision: 2 }))).toMatch(/^409 changed-meanwhile: The report is of/);
    expect(await refusal(post('sign', 'viewer', { revision: 1 }))).toMatch(/^403/);
    expect(await refusal(post('sign', 'both', { revision: 1 }))).toMatch(/^422 party/);
    const both = await done('sign', 'carla', { revision: 1 });
    expect(both.signatures.map(({ party }) => party)).toEqual(['provider', 'customer']);
    expect(both.may.sign).toEqual([]);
    const { items } = await read<{ items: { actor: { name: string } }[] }>('audit?action=review.signed');
    expect(items.map(({ actor }) => actor.name)).toEqual(['carla', 'paula']);
  });

  it('stays as it was said and signed, also past the server', async () => {
    for (const sql of [
      `update review_comments set text = ''`,
      'delete from review_comments',
      'truncate review_comments',
      `update review_signatures set party = 'customer'`,
      'delete from review_signatures',
      'truncate review_signatures',
    ])
      await expect(server.database.query(sql), sql).rejects.toThrow('only added to');
  });

  it('leads into the draft of the next version, which its notes stand beside until it is signed', async () => {
    expect(await refusal(post('next-version', 'nora'))).toMatch(/^403/);
    expect((await done('next-version', 'paula')).hasDraft).toBe(true);
    const { body } = await request('GET', 'agreements/payroll');
    const now = new Date();
    const next = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1)).toISOString().slice(0, 10);
    expect(body.draft.effective).toEqual({ from: next });
    expect(body.draft.objectives).toEqual(body.document.objectives);
    // Begun again, it is the one that there is.
    const { updatedAt } = body;
    await done('next-version', 'carla');
    expect((await request('GET', 'agreements/payroll')).body.updatedAt).toBe(updatedAt);
    expect(await read('agreements/payroll/review-notes')).toHaveLength(1);
  });
});

describe('what waits for somebody', () => {
  it('is what they are to answer, do and sign for their own teams', async () => {
    expect(await waiting('paula')).toEqual(['consequence 3 null']);
    expect(await waiting('carla')).toEqual([]);
    expect(await waiting('nora')).toEqual([]);
    expect(await waiting('viewer')).toEqual([]);
    const { items } = (await request('GET', 'agreements/payroll/consequences?kind=credit&period=2026-10')).body;
    await request('POST', `consequences/${items[0].id}/accept`, {}, 'paula');
    expect(await waiting('paula')).toEqual(['consequence 2 null', 'booking 1 2026-10']);
    expect(await waiting('carla')).toEqual(['booking 1 2026-10']);
    const span = { from: '2026-09-10T09:00:00Z', to: '2026-09-10T11:00:00Z' };
    const claim = { service: 'payroll', ...span, as: 'excluded', ground: 'customer', reason: 'Their network' };
    expect((await request('POST', 'agreements/payroll/corrections', claim, 'paula')).status).toBe(201);
    // What it touches cannot be answered before it is.
    expect(await waiting('paula')).toEqual(['consequence 1 2026-10', 'booking 1 2026-10']);
    expect(await waiting('carla')).toEqual(['booking 1 2026-10', 'correction 1 null']);
  });

  it('is the last closed period until their party has signed it off, and a version that they are to sign', async () => {
    await request('PUT', 'services/mail', { name: 'Mail', owner: 'hr-it' });
    const mail = {
      ...document,
      title: 'Mail',
      objectives: { uptime: { type: 'availability', services: ['mail'], target: '99' } },
    };
    await signedAgreement(
      server,
      'mail',
      { ...mail, consequences: {} },
      { provider: people['paula']!, customer: people['carla']! },
    );
    await server.app.get(ReportClosingService).closeDue();
    expect(await waiting('carla')).toContain('review 1 2026-10');
    await request('POST', 'agreements/mail/reviews/2026-10/sign', { revision: 1 }, 'carla');
    expect(await waiting('carla')).not.toContain('review 1 2026-10');
    expect(await waiting('paula')).toContain('review 1 2026-10');
    const proposed = await request('POST', 'agreements/payroll/propose', {}, 'paula');
    expect(proposed.status, JSON.stringify(proposed.body)).toBe(200);
    expect(await waiting('carla')).toContain('signature 1 null');
    expect(await waiting('viewer')).toEqual([]);
  });
});

describe('the trend of an agreement that came to hold otherwise', () => {
  it('tells each period’s target as it was then', async () => {
    const both = { provider: people['paula']!, customer: people['carla']! };
    const later = {
      ...{ ...document, effective: { from: '2026-10-01' } },
      objectives: { availability: { type: 'availability', services: ['payroll'], target: '99.7' } },
    };
    await signedAgreement(server, 'eased', document, both);
    await signedAgreement(server, 'eased', later, both);
    await server.app.get(ReportClosingService).closeSettled('eased');
    const [trend] = (await read('agreements/eased/reviews/2026-10')).trend;
    expect(trend!.target).toBe('99.7');
    expect(trend!.points.map(({ period, target, verdict }) => `${period} ${target} ${verdict}`)).toEqual([
      '2026-08 99.9 met',
      '2026-09 99.9 missed',
      '2026-10 99.7 met',
    ]);
  });
});
