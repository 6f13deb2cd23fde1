import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AgreementCorrection, CorrectionEffect } from '../../../server/contract/corrections.ts';
import { EventBus, type TransactionEvents } from '../../../server/platform/events.ts';
import { account } from '../../support/accounts.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

let server: TestServer;
/** The cookie of somebody by name. */
const people: Record<string, string> = {};
const told: TransactionEvents['corrections.changed'][] = [];

const agreement = (title: string, rest: string) => `
    kind: SLA
    title: ${title}
    provider: hr-it
    customer: hr
    effective: { from: 2026-01-01 }
    timeZone: Europe/Berlin
    status: declared
    ${rest}`;
const config = `apiVersion: troth/v1
teams:
  hr-it: { name: HR IT }
  hr: { name: Human Resources }
  cio: { name: Office of the CIO }
calendars:
  office:
    timeZone: Europe/Berlin
    week: { mon: ["08:00-18:00"], tue: ["08:00-18:00"], wed: ["08:00-18:00"], thu: ["08:00-18:00"], fri: ["08:00-16:00"] }
services:
  payroll: { name: Payroll, owner: hr-it }
  mail: { name: Mail, owner: hr-it }
  intranet: { name: Intranet, owner: hr-it }
maintenance:
  patch: { services: [mail], start: 2026-10-10T02:00, timeZone: Europe/Berlin, duration: 2h, announced: 2026-10-01T00:00:00Z }
agreements:
  hr-payroll:${agreement('Payroll for HR', 'arbiter: cio')}
    supportCalendar: office
    objectives:
      availability: { type: availability, services: [payroll], target: "99.9" }
      relaxed: { type: availability, services: [payroll], target: "99" }
      outages: { type: outage, services: [payroll], atMost: 0 }
      response: { type: response, severity: 1, within: 15m, target: "95" }
  payroll-again:${agreement('Payroll once more', '')}
    objectives: { availability: { type: availability, services: [payroll], target: "99.9" } }
  hr-mail:${agreement('Mail for HR', '')}
    objectives: { availability: { type: availability, services: [mail], target: "99.9" } }
  weekly:${agreement('Mail by the week', '')}
    period: week
    objectives: { availability: { type: availability, services: [mail], target: "99.9" } }
`;

const hour = { from: '2026-10-06T09:00:00Z', to: '2026-10-06T10:00:00Z' };
const isExcluded = {
  service: 'payroll',
  ...hour,
  as: 'excluded',
  ground: 'customer',
  reason: 'Their own network was off',
};

const at = (who: string | null) => (who === null ? {} : { cookie: people[who]! });
const send = (path: string, body: unknown, who: string | null) =>
  server.request('POST', `/api/v1/agreements/${path}`, body, at(who));
const propose = (key: string, more: object, who: string | null = 'provider') =>
  send(`${key}/corrections`, { ...isExcluded, ...more }, who);
const proposed = async (key: string, more: object = {}, who = 'provider'): Promise<AgreementCorrection> => {
  const { status, body } = await propose(key, more, who);
  expect(status, JSON.stringify(body)).toBe(201);
  return body;
};
const act = (key: string, id: number, name: string, who: string | null, body: object = {}) =>
  send(`${key}/corrections/${id}/${name}`, body, who);
const get = async (path: string, who: string | null = null) => {
  const { status, body } = await server.request('GET', `/api/v1/agreements/${path}`, undefined, at(who));
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
};
const result = async (key: string, period = '2026-10', name = 'availability') =>
  (await get(`${key}/compliance?period=${period}`)).objectives.find((one: { key: string }) => one.key === name);
const list = async (key: string, query = '', who: string | null = null) =>
  get(`${key}/corrections${query}`, who) as Promise<{ items: AgreementCorrection[]; next: string | null }>;
const pieces = async (key: string, period = '2026-10') =>
  (await get(`${key}/objectives/availability/explain?period=${period}`)).lines[0];
const verdicts = (effects: readonly CorrectionEffect[]) =>
  effects.map(({ period, objective, before, after }) => [period, objective, before.verdict, after.verdict]);

beforeAll(async () => {
  server = await startTestServer({ TROTH_ROLES: 'api' });
  const applied = await server.request('POST', '/api/v1/config/apply', config);
  if (applied.status !== 200) throw new Error(JSON.stringify(applied.body));
  people['provider'] = await account(server, 'provider', 'owner', ['hr-it']);
  people['customer'] = await account(server, 'customer', 'owner', ['hr']);
  people['both'] = await account(server, 'both', 'owner', ['hr-it', 'hr']);
  people['arbiter'] = await account(server, 'arbiter', 'owner', ['cio']);
  people['reader'] = await account(server, 'reader', 'viewer', ['hr']);
  people['admin'] = await account(server, 'admin', 'admin');
  people['head'] = await account(server, 'head', 'admin', ['hr-it']);
  const history = async (key: string, intervals: readonly (readonly [string, string, string])[]) => {
    const { status, body } = await server.request('POST', `/api/v1/services/${key}/timeline`, {
      intervals: intervals.map(([state, from, to]) => ({ state, from, to })),
    });
    if (status !== 204) throw new Error(JSON.stringify(body));
  };
  await history('payroll', [
    ['up', '2026-09-01T00:00:00Z', hour.from],
    ['down', hour.from, hour.to],
    ['up', hour.to, '2026-11-20T00:00:00Z'],
  ]);
  // Down over the end of a week, in maintenance, and unknown for a day.
  await history('mail', [
    ['up', '2026-09-01T00:00:00Z', '2026-10-10T00:30:00Z'],
    ['down', '2026-10-10T00:30:00Z', '2026-10-10T01:30:00Z'],
    ['up', '2026-10-10T01:30:00Z', '2026-10-11T20:00:00Z'],
    ['down', '2026-10-11T20:00:00Z', '2026-10-12T00:00:00Z'],
    ['up', '2026-10-12T00:00:00Z', '2026-10-20T00:00:00Z'],
    ['unknown', '2026-10-20T00:00:00Z', '2026-10-21T00:00:00Z'],
    ['up', '2026-10-21T00:00:00Z', '2026-11-20T00:00:00Z'],
  ]);
  server.app.get(EventBus).on('corrections.changed', (event) => void told.push(event));
});
afterAll(() => server?.close());

describe('a correction that is being written', () => {
  it('tells the verdicts before and after, for whom it may be proposed and until when it is to be answered', async () => {
    const { status, body } = await send(
      'hr-payroll/corrections?dryRun=true',
      { ...isExcluded, reason: '' },
      'provider',
    );
    expect(status, JSON.stringify(body)).toBe(200);
    expect(verdicts(body.effects)).toEqual([
      ['2026-10', 'availability', 'missed', 'met'],
      ['2026-10', 'relaxed', 'met', 'met'],
      ['2026-10', 'outages', 'missed', 'met'],
    ]);
    expect(body.effects[0]).toMatchObject({
      promise: '99.9 %',
      before: { now: '99.86 %', unproven: false },
      after: { now: '100 %', unproven: false },
    });
    expect(body.parties).toEqual(['provider']);
    expect(Date.parse(body.answerDueAt) - Date.now()).toBeGreaterThan(11 * 86_400_000);
    expect((await list('hr-payroll')).items).toEqual([]);
    expect((await result('hr-payroll')).disputed).toBe(false);
  });

  it('can be about one objective alone, and tells of every period that it touches', async () => {
    const one = await send('hr-payroll/corrections?dryRun=true', { ...isExcluded, objective: 'outages' }, 'customer');
    expect(verdicts(one.body.effects)).toEqual([['2026-10', 'outages', 'missed', 'met']]);
    const over = { ...isExcluded, service: 'mail', from: '2026-10-11T20:00:00Z', to: '2026-10-12T00:00:00Z' };
    const weeks = await send('weekly/corrections?dryRun=true', over, 'customer');
    expect(verdicts(weeks.body.effects)).toEqual([
      ['2026-W41', 'availability', 'missed', 'met'],
      ['2026-W42', 'availability', 'missed', 'met'],
    ]);
  });

  it.each([
    ['to', { from: hour.to, to: hour.from }, 'must be after from'],
    ['to', { to: '2999-01-01T00:00:00Z', from: '2998-12-31T00:00:00Z' }, 'must not lie in the future'],
    [
      'from',
      { from: '2025-12-31T12:00:00Z', to: '2026-01-02T00:00:00Z' },
      'lies outside of the dates of the agreement',
    ],
    ['to', { from: '2026-01-02T00:00:00Z' }, 'must be at most 92 days after from'],
    ['service', { service: 'intranet' }, 'is not one whose time the agreement counts'],
    ['service', { service: 'none' }, 'is not one whose time the agreement counts'],
    ['objective', { objective: 'response' }, 'is none that counts the time of "payroll"'],
    ['objective', { objective: 'constructor' }, 'is none that counts the time of "payroll"'],
    ['ground', { ground: null }, 'is needed for what is excluded'],
    ['ground', { as: 'up' }, 'is of what is excluded alone'],
    ['link', { link: 'javascript:alert(1)' }, 'must be the address of a page'],
    ['reason', { reason: '  ' }, 'must say what happened'],
  ])('is refused at %s: %o', async (path, more, message) => {
    const { status, body } = await propose('hr-payroll', more);
    expect([status, body.code], JSON.stringify(body)).toEqual([422, 'invalid-input']);
    const found = body.issues.find((issue: { path: string }) => issue.path === path);
    expect(found?.message, JSON.stringify(body.issues)).toContain(message);
  });

  it('is for members of the parties, who say for which where they are of both', async () => {
    expect((await propose('hr-payroll', {}, 'arbiter')).body.detail).toContain('Only members of "hr-it" and "hr"');
    expect((await propose('hr-payroll', {}, 'reader')).status).toBe(403);
    expect((await propose('hr-payroll', {}, 'both')).body.issues[0]).toMatchObject({ path: 'party' });
    expect((await propose('hr-payroll', { party: 'provider' }, 'customer')).status).toBe(403);
    expect((await propose('none', {})).status).toBe(404);
    expect((await list('hr-payroll')).items).toEqual([]);
  });
});

describe('a proposed correction', () => {
  it('makes the verdict disputed until the other party approves it, and then counts at once, for its agreement alone', async () => {
    told.splice(0);
    const correction = await proposed('hr-payroll', { link: 'https://tickets.example.org/4711' });
    expect(correction).toMatchObject({
      ...{ state: 'proposed', party: 'provider', proposedBy: 'provider', answerBy: 'hr', arbiter: 'cio' },
      ...{ mayDecide: false, mayWithdraw: true, decision: null, link: 'https://tickets.example.org/4711' },
    });
    expect(verdicts(correction.effects)[0]).toEqual(['2026-10', 'availability', 'missed', 'met']);
    const before = await result('hr-payroll');
    expect([before.verdict, before.disputed, before.seconds.down]).toEqual(['missed', true, 3_600]);
    expect((await result('hr-payroll', '2026-10', 'response')).disputed).toBe(false);
    expect((await result('hr-payroll', '2026-09')).disputed).toBe(false);
    expect((await result('payroll-again')).disputed).toBe(false);
    const open = (await pieces('hr-payroll')).find((piece: { class: string }) => piece.class === 'down');
    expect(open.corrections).toEqual([
      {
        ...{ id: correction.id, state: 'proposed', as: 'excluded', ground: 'customer', service: 'payroll' },
        ...{ reason: 'Their own network was off', by: 'provider' },
      },
    ]);
    expect((await list('hr-payroll', '', 'customer')).items[0]!.mayDecide).toBe(true);

    const { status, body } = await act('hr-payroll', correction.id, 'approve', 'customer');
    expect(status, JSON.stringify(body)).toBe(200);
    expect(body.decision).toMatchObject({ by: 'customer', party: 'customer', reason: '' });
    expect([body.state, body.mayDecide, body.mayWithdraw]).toEqual(['approved', false, false]);
    const after = await result('hr-payroll');
    expect([after.verdict, after.disputed, after.seconds.down, after.seconds.excluded]).toEqual([
      ...['met', false],
      ...[0, 3_600],
    ]);
    expect((await result('hr-payroll', '2026-10', 'outages')).verdict).toBe('met');
    const excluded = (await pieces('hr-payroll')).find((piece: { class: string }) => piece.class === 'excluded');
    expect(excluded).toMatchObject({ from: '2026-10-06T09:00:00.000Z', rule: 'Excluded by an approved correction' });
    expect(excluded.corrections[0]).toMatchObject({ state: 'approved', by: 'customer' });
    expect(await result('payroll-again')).toMatchObject({ verdict: 'missed', seconds: { down: 3_600 } });
    expect(told.map(({ agreement: key, isApproved }) => [key, isApproved])).toEqual([
      ['hr-payroll', false],
      ['hr-payroll', true],
    ]);
    expect(told[1]).toMatchObject({ fromMs: Date.parse(hour.from), toMs: Date.parse(hour.to) });
  });

  it('is taken back by a later one, which the parties agree on as well', async () => {
    const back = await proposed(
      'hr-payroll',
      { as: 'measured', ground: null, reason: 'It was ours after all' },
      'customer',
    );
    expect(verdicts(back.effects)[0]).toEqual(['2026-10', 'availability', 'met', 'missed']);
    expect((await act('hr-payroll', back.id, 'approve', 'provider')).status).toBe(200);
    expect(await result('hr-payroll')).toMatchObject({ verdict: 'missed', seconds: { excluded: 0, down: 3_600 } });
  });

  it('is decided once: not by its own side, not by others, not twice, and rejected with a reason', async () => {
    const { id } = await proposed('payroll-again');
    const own = await act('payroll-again', id, 'approve', 'provider');
    expect([own.status, own.body.detail]).toEqual([403, 'It comes from your side: "hr" decides on it']);
    expect((await act('payroll-again', id, 'approve', 'reader')).status).toBe(403);
    // An admin of the same team is of the same side.
    expect((await act('payroll-again', id, 'approve', 'head')).body.detail).toBe(own.body.detail);
    expect((await act('payroll-again', id, 'approve', 'arbiter')).body.detail).toContain('Only members of "hr"');
    expect((await act('payroll-again', id, 'withdraw', 'customer')).status).toBe(403);
    expect((await act('hr-mail', id, 'approve', 'customer')).status).toBe(404);
    const mute = await act('payroll-again', id, 'reject', 'customer');
    expect([mute.status, mute.body.issues[0].path]).toEqual([422, 'reason']);
    const rejected = await act('payroll-again', id, 'reject', 'customer', { reason: 'It was yours' });
    expect(rejected.body).toMatchObject({ state: 'rejected', decision: { by: 'customer', reason: 'It was yours' } });
    const again = await act('payroll-again', id, 'approve', 'customer');
    expect([again.status, again.body.code, again.body.detail]).toEqual([
      ...[409, 'conflict'],
      `Correction ${id} was rejected already`,
    ]);
    expect(await result('payroll-again')).toMatchObject({ verdict: 'missed', disputed: false });
  });

  it('of somebody who speaks for both is decided by somebody else', async () => {
    const { id } = await proposed('payroll-again', { party: 'provider' }, 'both');
    expect((await act('payroll-again', id, 'approve', 'both')).status).toBe(403);
    const same = await propose('payroll-again', { party: 'customer' }, 'admin');
    expect([same.status, same.body.detail]).toEqual([
      409,
      `Correction ${id} asks for the same and waits for an answer`,
    ]);
    const byAdmin = await proposed('payroll-again', { party: 'customer', as: 'up', ground: null }, 'admin');
    expect((await act('payroll-again', byAdmin.id, 'approve', 'admin')).status).toBe(403);
    expect((await act('payroll-again', byAdmin.id, 'withdraw', 'admin')).status).toBe(200);
    expect((await act('payroll-again', id, 'withdraw', 'provider', { reason: 'Told twice' })).body).toMatchObject({
      state: 'withdrawn',
      decision: { by: 'provider', party: 'provider', reason: 'Told twice' },
    });
  });

  it('has one end when two come at the same time', async () => {
    const { id } = await proposed('payroll-again');
    const replies = await Promise.all([
      act('payroll-again', id, 'reject', 'customer', { reason: 'No' }),
      act('payroll-again', id, 'withdraw', 'provider'),
    ]);
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  it('goes to the arbiter as well when it was not answered for ten working days', async () => {
    const { id } = await proposed('hr-payroll');
    const early = await act('hr-payroll', id, 'approve', 'arbiter');
    expect([early.status, early.body.detail]).toEqual([409, expect.stringContaining('it is for "hr" alone to answer')]);
    await act('hr-payroll', id, 'withdraw', 'provider');
    const [old] = await server.database.query<{ id: number }>(
      `insert into corrections (agreement_id, service_id, from_ms, to_ms, counts_as, ground, reason, party,
         proposer_kind, proposer, proposed_ms, due_ms, effects)
       select agreement_id, service_id, from_ms, to_ms, counts_as, ground, reason, party,
         proposer_kind, proposer, to_ms, to_ms + 1, effects
       from corrections where id = $1 returning id`,
      [id],
    );
    expect((await list('hr-payroll', '?state=proposed', 'arbiter')).items[0]).toMatchObject({ mayDecide: true });
    const { status, body } = await act('hr-payroll', old!.id, 'approve', 'arbiter', { reason: 'Heard both' });
    expect(status, JSON.stringify(body)).toBe(200);
    expect(body.decision).toMatchObject({ by: 'arbiter', party: 'arbiter', reason: 'Heard both' });
    expect((await result('hr-payroll')).verdict).toBe('met');
  });
});

describe('what a correction can say', () => {
  it('that unknown time was down', async () => {
    const day = { service: 'mail', from: '2026-10-20T00:00:00Z', to: '2026-10-20T02:00:00Z', as: 'down', ground: null };
    const { id } = await proposed('hr-mail', { ...day, reason: 'Nobody could send' }, 'customer');
    const before = (await result('hr-mail')).seconds;
    await act('hr-mail', id, 'approve', 'provider');
    const after = (await result('hr-mail')).seconds;
    expect([after.unknown - before.unknown, after.down - before.down]).toEqual([-7_200, 7_200]);
    expect(after.agreed).toBe(before.agreed);
    const piece = (await pieces('hr-mail')).find((one: { from: string }) => one.from === '2026-10-20T00:00:00.000Z');
    expect(piece).toMatchObject({ class: 'down', bad: true, reason: 'Corrected under the agreement' });
  });

  it('that time in planned maintenance counts after all', async () => {
    const night = {
      service: 'mail',
      from: '2026-10-10T00:30:00Z',
      to: '2026-10-10T01:30:00Z',
      as: 'down',
      ground: null,
    };
    const before = (await result('hr-mail')).seconds;
    const { id } = await proposed('hr-mail', { ...night, reason: 'They had called it off' }, 'customer');
    await act('hr-mail', id, 'approve', 'provider');
    const after = (await result('hr-mail')).seconds;
    expect([after.excluded - before.excluded, after.down - before.down]).toEqual([-3_600, 3_600]);
  });
});

describe('the record of corrections', () => {
  it('cannot be changed or deleted, in the database either', async () => {
    const statements = [
      'update corrections set reason = reason',
      'delete from corrections',
      'truncate corrections cascade',
      `update correction_decisions set outcome = 'approved'`,
      'delete from correction_decisions',
      'truncate correction_decisions',
    ];
    for (const statement of statements)
      await expect(server.database.query(statement), statement).rejects.toThrow('corrections are append-only');
  });

  it('lists open ones first, then the newest, page by page and by state', async () => {
    const first = await proposed('weekly', {
      service: 'mail',
      from: '2026-10-11T20:00:00Z',
      to: '2026-10-11T21:00:00Z',
    });
    const second = await proposed('weekly', {
      service: 'mail',
      from: '2026-10-11T21:00:00Z',
      to: '2026-10-11T22:00:00Z',
    });
    const third = await proposed('weekly', {
      service: 'mail',
      from: '2026-10-11T22:00:00Z',
      to: '2026-10-11T23:00:00Z',
    });
    await act('weekly', third.id, 'reject', 'customer', { reason: 'No' });
    const ids = ({ items }: { items: AgreementCorrection[] }) => items.map(({ id }) => id);
    const page = await list('weekly', '?limit=2');
    expect(ids(page)).toEqual([second.id, first.id]);
    const rest = await list('weekly', `?limit=2&cursor=${page.next}`);
    expect([ids(rest), rest.next]).toEqual([[third.id], null]);
    expect(ids(await list('weekly', '?state=rejected'))).toEqual([third.id]);
    const wrong = await server.request('GET', '/api/v1/agreements/weekly/corrections?cursor=7');
    expect([wrong.status, wrong.body.issues[0].path]).toEqual([422, 'cursor']);
  });

  it('is in the audit trail', async () => {
    const { body } = await server.request('GET', '/api/v1/audit?subjectKind=agreement&subject=payroll-again&limit=50');
    const acts = body.items
      .map(({ action }: { action: string }) => action)
      .filter((name: string) => name.startsWith('corr'));
    expect(acts).toEqual(
      expect.arrayContaining(['correction.proposed', 'correction.rejected', 'correction.withdrawn']),
    );
    const rejected = body.items.find(({ action }: { action: string }) => action === 'correction.rejected');
    expect(rejected.detail).toMatchObject({ party: 'customer' });
  });
});
