import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report, ReportSummary } from '../../../server/contract/reports.ts';
import { Queues } from '../../../probes/queues.ts';
import { AgreementsService } from '../../../server/agreements/agreements.service.ts';
import { canonicalJson } from '../../../server/domain/canonical-json.ts';
import { ReportClosingService } from '../../../server/reports/report-closing.service.ts';
import { ReportsRepository } from '../../../server/reports/reports.repository.ts';
import { ReportsService } from '../../../server/reports/reports.service.ts';
import { unfrozenPeriods, type SettlingPeriod } from '../../../server/reports/unfrozen-periods.ts';
import { account } from '../../support/accounts.ts';
import { eventually } from '../../support/eventually.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

let server: TestServer;

const config = `apiVersion: troth/v1
teams: { hr-it: { name: HR IT }, hr: { name: Human Resources }, net: { name: Network } }
services:
  payroll: { name: Payroll, owner: hr-it, dependsOn: [core-network] }
  core-network: { name: Core network, owner: net }
  other: { name: Other, owner: net }
agreements:
  hr-payroll:
    kind: SLA
    title: Payroll for HR
    provider: hr-it
    customer: hr
    effective: { from: 2026-08-01 }
    timeZone: UTC
    status: declared
    objectives:
      availability: { type: availability, services: [payroll], target: "99.9" }
      relaxed: { type: availability, title: "=Most of the time", services: [payroll], target: "99" }
      response: { type: response, services: [payroll], severity: 1, within: 15m, allowMisses: 0 }
    consequences:
      base: { amount: "10000.00", currency: EUR }
      credits: [{ objective: availability, below: "99.9", percent: "5" }]
      actions:
        - { objective: availability, action: Service review }
        - { objective: availability, repeated: { misses: 2, of: 3 }, action: Improvement plan }
  fresh:
    kind: OLA
    title: Declared just now
    provider: net
    customer: hr-it
    effective: { from: 2026-08-01 }
    timeZone: UTC
    status: declared
    objectives:
      availability: { type: availability, services: [other], target: "99" }
      tickets: { type: metric, metric: tickets, atLeast: "100" }
`;
const interval = (state: string, from: string, to: string) => ({ state, from: `2026-${from}Z`, to: `2026-${to}Z` });
const down = [
  interval('up', '08-01T00:00:00', '09-10T09:00:00'),
  // 2 h of the 720 h of September, 1 h of the 744 h of October.
  interval('down', '09-10T09:00:00', '09-10T11:00:00'),
  interval('up', '09-10T11:00:00', '10-06T09:00:00'),
  interval('down', '10-06T09:00:00', '10-06T10:00:00'),
  interval('up', '10-06T10:00:00', '11-03T00:00:00'),
];

const request = (path: string, token?: { cookie: string }) =>
  server.request('GET', `/api/v1/agreements/${path}`, undefined, token);
const get = async (path: string) => {
  const { status, body } = await request(path);
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
};
const closing = () => server.app.get(ReportClosingService);

/** What only the owner of the database can do, who takes the guard away. */
const unguarded = (sql: string) =>
  server.database.transaction(async () => {
    await server.database.query('alter table reports disable trigger user');
    await server.database.query(sql);
    await server.database.query('alter table reports enable trigger user');
  });

async function send(path: string, body: unknown): Promise<void> {
  const reply = await server.request('POST', `/api/v1/${path}`, body);
  if (reply.status >= 300) throw new Error(JSON.stringify(reply.body));
}

beforeAll(async () => {
  server = await startTestServer();
  await send('config/apply', config);
  await send('services/payroll/timeline', { intervals: down });
  await send('incidents', {
    ...{ kind: 'incident', title: 'Payroll is down', services: ['payroll'], severity: 1 },
    ...{ startedAt: '2026-10-06T09:00:00Z', detectedAt: '2026-10-06T09:00:00Z' },
    ...{ respondedAt: '2026-10-06T09:20:00Z', resolvedAt: '2026-10-06T10:00:00Z' },
  });
});
afterAll(() => server.close());

describe('before anything is frozen', () => {
  it('says which period is frozen when: a day after the terms came, so that their history can follow', async () => {
    const { items, upcoming } = await get('hr-payroll/reports');
    expect(items).toEqual([]);
    expect(upcoming).toMatchObject({ period: '2026-08', to: '2026-09-01T00:00:00.000Z' });
    expect(Date.parse(upcoming.at)).toBeGreaterThan(Date.now() + 23 * 3_600_000);
    expect(await closing().closeDue()).toBe(0);
    expect(await get('hr-payroll/reports/verify')).toEqual({ holds: true, checked: 0, head: null, broken: null });
    expect((await request('hr-payroll/reports/2026-08')).status).toBe(404);
    expect((await request('hr-payroll/reports/August')).status).toBe(422);
    expect((await request('hr-payrol/reports')).body.detail).toContain('hr-payroll');
  });
});

describe('closing', () => {
  it('is a job that freezes what has settled, the oldest first, once, however many run it', async () => {
    await server.database.query(
      `update agreement_versions v set created_at = '2026-08-01' from agreements a
       where a.id = v.agreement_id and a.key = 'hr-payroll'`,
    );
    const counts = await Promise.all([closing().closeDue(), closing().closeDue(), closing().closeDue()]);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(3);
    const { items, upcoming } = await get('hr-payroll/reports');
    expect(items.map(({ period, revision }: Report) => `${period} ${revision}`)).toEqual([
      '2026-10 1',
      '2026-09 1',
      '2026-08 1',
    ]);
    expect(upcoming).toMatchObject({ period: '2026-11', at: '2026-12-02T00:00:00.000Z' });
    await server.app.get(Queues).queue('reports').add('close', {}, {});
    await eventually(async () => {
      const counted = await server.app.get(Queues).queue('reports').getJobCounts('completed', 'active', 'waiting');
      expect(counted).toMatchObject({ active: 0, waiting: 0 });
      expect(counted['completed']).toBeGreaterThan(0);
    });
    expect((await get('hr-payroll/reports')).items).toEqual(items);
    expect((await get('fresh/reports')).items).toEqual([]);
  });

  it('tells figures, evidence, incidents, what follows, and the periods before', async () => {
    const { content } = (await get('hr-payroll/reports/2026-10')) as Report;
    expect(content).toMatchObject({
      title: 'Payroll for HR',
      provider: { key: 'hr-it', name: 'HR IT' },
      customer: { key: 'hr', name: 'Human Resources' },
      period: { label: '2026-10', from: '2026-10-01T00:00:00.000Z', to: '2026-11-01T00:00:00.000Z', timeZone: 'UTC' },
      asOf: '2026-11-02T00:00:00.000Z',
      revision: 1,
      reason: null,
      gist: { verdict: 'missed', unproven: false, sentence: '2 of 3 promises missed: Availability, Response.' },
    });
    const [part] = content.parts;
    const [availability, relaxed, response] = part!.objectives;
    expect(availability!.result).toMatchObject({
      verdict: 'missed',
      attained: { ratio: '0.998655' },
      seconds: { agreed: 744 * 3_600, down: 3_600 },
      sentence: expect.stringContaining('Missed: 99.86 %'),
    });
    expect(relaxed!.result.verdict).toBe('met');
    const pieces = availability!.lines.flat();
    expect(pieces.reduce((sum, { seconds }) => sum + seconds, 0)).toBe(744 * 3_600);
    expect(pieces.filter(({ bad }) => bad).map(({ from, to }) => [from, to])).toEqual([
      ['2026-10-06T09:00:00.000Z', '2026-10-06T10:00:00.000Z'],
    ]);
    expect(response!.events).toMatchObject([{ class: 'bad' }]);
    expect(content.incidents).toMatchObject([
      { title: 'Payroll is down', services: ['payroll'], respondedAt: '2026-10-06T09:20:00.000Z' },
    ]);
    expect(content.consequences).toEqual({
      credits: [
        expect.objectContaining({ objective: 'availability', amount: '500.00', currency: 'EUR', state: 'waiting' }),
      ],
      actions: [
        expect.objectContaining({ action: 'Service review', state: 'proposed' }),
        expect.objectContaining({ action: 'Improvement plan', why: 'Missed in 2 of the last 3 periods' }),
      ],
    });
    expect(content.trend.map(({ period, verdict }) => `${period} ${verdict}`)).toEqual([
      '2026-08 met',
      '2026-09 missed',
      '2026-10 missed',
    ]);
  });

  it('is on record', async () => {
    const { items } = (await server.request('GET', '/api/v1/audit?action=report.frozen')).body;
    expect(items).toHaveLength(3);
    expect(items[0]).toMatchObject({
      subject: { key: 'hr-payroll' },
      actor: { kind: 'system' },
      detail: { period: '2026-10' },
    });
  });

  it('stores nothing of a report that cannot be finished', async () => {
    const reports = server.app.get(ReportsService);
    const settling = {
      period: { label: '2026-07', fromMs: Date.parse('2026-07-01'), toMs: Date.parse('2026-08-01') },
      asOfMs: Date.parse('2026-08-02'),
      dueMs: 0,
    };
    await expect(
      server.database.transaction(async () => {
        await reports.freeze('hr-payroll', settling);
        throw new Error('the server went away');
      }),
    ).rejects.toThrow('went away');
    expect((await get('hr-payroll/reports/verify')).checked).toBe(3);
  });
});

describe('the chain', () => {
  it('is recomputed by anybody from what the API answers', async () => {
    let previous = '';
    for (const period of ['2026-08', '2026-09', '2026-10']) {
      const { content, hash, previousHash } = (await get(`hr-payroll/reports/${period}`)) as Report;
      expect(previousHash ?? '').toBe(previous);
      expect(hash).toBe(
        createHash('sha256')
          .update(`${previous}\n${canonicalJson(content)}`)
          .digest('hex'),
      );
      previous = hash;
    }
    expect(await get('hr-payroll/reports/verify')).toEqual({ holds: true, checked: 3, head: previous, broken: null });
  });

  it('is made of reports that can be derived again from their evidence', async () => {
    for (const period of ['2026-08', '2026-09', '2026-10']) {
      const { content } = (await get(`hr-payroll/reports/${period}`)) as Report;
      expect(await server.app.get(ReportsService).rederive('hr-payroll', period)).toBe(canonicalJson(content));
    }
  });

  it('comes to the same hashes in whatever portions it is made, and by however many at once', async () => {
    const reports = server.app.get(ReportsService);
    const hashes = async () => (await get('hr-payroll/reports')).items.map(({ hash }: Report) => hash);
    const wanted = await hashes();
    const terms = await server.app.get(AgreementsService).termsOf('hr-payroll');
    const periods: SettlingPeriod[] = [];
    for (const settling of unfrozenPeriods(terms, null)) {
      if (settling.period.label === '2026-11') break;
      periods.push(settling);
    }
    const freezeFirst = async (count: number) => {
      for (const settling of periods.slice(0, count)) await reports.freeze('hr-payroll', settling);
    };
    const turn = fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(fc.array(turn, { maxLength: 3 }), async (turns) => {
        await unguarded('truncate reports cascade');
        for (const counts of turns) await Promise.all(counts.map(freezeFirst));
        await closing().closeDue();
        expect(await hashes()).toEqual(wanted);
      }),
      { numRuns: 4 },
    );
  });

  it('cannot be written to, not even past the server', async () => {
    for (const sql of [
      `update reports set content = content || ' '`,
      `update reports set frozen_at = now()`,
      'delete from reports',
      'truncate reports cascade',
    ])
      await expect(server.database.query(sql)).rejects.toThrow('a frozen report is never changed or deleted');
  });

  it('breaks visibly when a byte is changed or a report is gone, by whoever can take the guard away', async () => {
    const tampered = async (sql: string) => {
      let told: unknown;
      await server.database
        .transaction(async () => {
          await server.database.query('alter table reports disable trigger user');
          await server.database.query(sql);
          told = await server.app.get(ReportsService).verify('hr-payroll');
          throw new Error('taken back');
        })
        .catch((error: Error) => expect(error.message).toBe('taken back'));
      return told;
    };
    expect(
      await tampered(`update reports set content = replace(content, 'Missed', 'Kept') where period = '2026-09'`),
    ).toEqual({
      holds: false,
      checked: 1,
      head: expect.any(String),
      broken: { period: '2026-09', revision: 1, why: 'its content is not what was frozen' },
    });
    expect(await tampered(`delete from reports where period = '2026-09'`)).toMatchObject({
      broken: { period: '2026-10', why: 'a report before it is gone' },
    });
    expect(
      await tampered(
        `update reports set gist = jsonb_set(gist::jsonb, '{verdict}', '"met"')::json where period = '2026-10'`,
      ),
    ).toMatchObject({ broken: { period: '2026-10', why: 'the list says something else than its content' } });
    expect((await get('hr-payroll/reports/verify')).holds).toBe(true);
  });
});

describe('a frozen period', () => {
  it('takes no imports, neither of its services nor of those below', async () => {
    const intervals = [interval('up', '10-06T09:00:00', '10-06T10:00:00')];
    for (const service of ['payroll', 'core-network']) {
      const { status, body } = await server.request('POST', `/api/v1/services/${service}/timeline`, { intervals });
      expect([status, body.code]).toEqual([409, 'conflict']);
      expect(body.detail).toContain('2026-10 of agreement "hr-payroll"');
    }
    expect((await server.request('POST', '/api/v1/services/other/timeline', { intervals })).status).toBe(204);
    const november = [interval('up', '11-03T00:00:00', '11-04T00:00:00')];
    expect((await server.request('POST', '/api/v1/services/payroll/timeline', { intervals: november })).status).toBe(
      204,
    );
  });

  it('is revised where what it rests on has changed, and only then; the old revision stays readable', async () => {
    const revise = (body: object, options?: { cookie: string }) =>
      server.request('POST', '/api/v1/agreements/hr-payroll/reports/2026-10/revisions', body, options);
    const unchanged = await revise({ reason: 'To see' });
    expect([unchanged.status, unchanged.body.detail]).toEqual([
      409,
      'Nothing that the report of 2026-10 rests on has changed',
    ]);
    expect((await revise({ reason: ' ' })).body.issues).toMatchObject([{ path: 'reason' }]);
    const stranger = await account(server, 'stranger', 'owner', ['net']);
    expect((await revise({ reason: 'Ours' }, { cookie: stranger })).status).toBe(403);

    const before = (await get('hr-payroll/reports/2026-10')) as Report;
    const [incident] = before.content.incidents;
    const changed = await server.request('PATCH', `/api/v1/incidents/${incident!.id}`, {
      respondedAt: '2026-10-06T09:05:00Z',
    });
    expect(changed.status, JSON.stringify(changed.body)).toBe(200);
    const { status, body } = await revise({ reason: 'The reply was recorded too late' });
    expect(status, JSON.stringify(body)).toBe(201);
    expect(body).toMatchObject({
      revision: 2,
      sequence: 4,
      previousHash: before.hash,
      content: {
        revision: 2,
        reason: 'The reply was recorded too late',
        gist: { sentence: '1 of 3 promises missed: Availability.' },
      },
    });
    expect(body.revisions.map(({ revision }: { revision: number }) => revision)).toEqual([2, 1]);
    const old = await get('hr-payroll/reports/2026-10?revision=1');
    expect(old.content).toEqual(before.content);
    expect((await get('hr-payroll/reports')).items[0]).toMatchObject({ period: '2026-10', revision: 2 });
    expect(await get('hr-payroll/reports/verify')).toMatchObject({ holds: true, checked: 4 });
  });

  it('is revised by itself after a late change, where that makes a difference', async () => {
    const changeIncident = (change: object) => server.request('PATCH', '/api/v1/incidents/1', change);
    const inDoubt = () => server.database.query('select period, reason from reports_in_doubt order by period');
    await closing().reviseDoubtful();
    expect(await inDoubt()).toEqual([]);
    expect((await changeIncident({ title: 'Payroll was down' })).status).toBe(200);
    const reason = 'Incidents were recorded or changed after the period was frozen';
    expect(await inDoubt()).toEqual([{ period: '2026-10', reason }]);
    await server.app.get(Queues).queue('reports').add('close', {}, {});
    const { content } = await eventually(async () => {
      const report = (await get('hr-payroll/reports/2026-10')) as Report;
      expect(report.revision).toBe(3);
      return report;
    });
    expect(content).toMatchObject({ reason, incidents: [{ title: 'Payroll was down' }] });

    await server.database.query(`update agreement_versions set created_at = '2026-08-01'`);
    expect(await closing().closeDue()).toBe(3);
    const push = (at: string) => server.request('POST', '/api/v1/metrics/tickets', { value: '120', at });
    expect((await push('2026-09-15T00:00:00Z')).status).toBeLessThan(300);
    expect((await inDoubt()).map(({ period }) => period)).toEqual(['2026-09', '2026-10']);
    expect(await closing().reviseDoubtful()).toBe(1);
    expect(await inDoubt()).toEqual([]);
    const { items } = await get('fresh/reports');
    expect(items.map(({ period, revision, gist }: ReportSummary) => [period, revision, gist.verdict])).toEqual([
      ['2026-10', 1, 'met'],
      ['2026-09', 2, 'met'],
      ['2026-08', 1, 'no-data'],
    ]);
    expect((await push(new Date(Date.now() - 3_600_000).toISOString())).status).toBeLessThan(300);
    expect(await inDoubt()).toEqual([]);
  });

  it('is revised after a correction that both parties agree on, and not before', async () => {
    const [customer, provider] = [
      await account(server, 'asks', 'owner', ['hr-it']),
      await account(server, 'answers', 'owner', ['net']),
    ];
    const inDoubt = () => server.database.query('select period from reports_in_doubt');
    const span = { from: '2026-10-06T09:10:00Z', to: '2026-10-06T09:40:00Z' };
    const proposal = { service: 'other', ...span, as: 'down', reason: 'Nobody could reach it' };
    const address = '/api/v1/agreements/fresh/corrections';
    const proposed = await server.request('POST', address, proposal, { cookie: customer });
    expect(proposed.status, JSON.stringify(proposed.body)).toBe(201);
    expect(await inDoubt()).toEqual([]);
    const approved = await server.request('POST', `${address}/${proposed.body.id}/approve`, {}, { cookie: provider });
    expect(approved.status, JSON.stringify(approved.body)).toBeLessThan(300);
    const { content } = await eventually(async () => {
      const report = (await get('fresh/reports/2026-10')) as Report;
      expect(report.revision).toBe(2);
      return report;
    });
    expect(await inDoubt()).toEqual([]);
    expect(content.reason).toBe('A correction was approved after the period was frozen');
    expect(JSON.stringify(content.parts)).toContain('Nobody could reach it');
  });

  it('is revised where other terms come to hold in it', async () => {
    const other = config.replace('services: [other], target: "99"', 'services: [other], target: "98"');
    await send('config/apply', other);
    const doubts = await server.database.query('select distinct reason from reports_in_doubt');
    expect(doubts).toEqual([{ reason: 'Other terms came to hold in it after the period was frozen' }]);
    await closing().reviseDoubtful();
    const { content } = (await get('fresh/reports/2026-10')) as Report;
    expect(content.parts.map(({ version, objectives }) => [version, objectives[0]?.result.target])).toEqual([
      [2, '98'],
    ]);
    expect(await get('fresh/reports/verify')).toMatchObject({ holds: true });
  });

  it('is listed page by page', async () => {
    const first = await get('hr-payroll/reports?limit=2');
    expect(first.items.map(({ period }: Report) => period)).toEqual(['2026-10', '2026-09']);
    const second = await get(`hr-payroll/reports?limit=2&cursor=${first.next}`);
    expect(second).toMatchObject({ items: [{ period: '2026-08' }], next: null });
    expect((await request('hr-payroll/reports?cursor=x')).status).toBe(422);
  });
});

describe('the files of a report', () => {
  it('are CSV that no spreadsheet runs', async () => {
    const { body, headers } = await request('hr-payroll/reports/2026-10/figures.csv');
    expect(headers.get('content-disposition')).toBe('attachment; filename="hr-payroll-2026-10-r3.figures.csv"');
    const [head, availability, relaxed] = (body as string).split('\r\n');
    expect(head).toMatch(/^agreement,period,revision,version,objective,/);
    expect(availability).toMatch(/^hr-payroll,2026-10,3,1,availability,.*,missed,no,2678400,/);
    expect(availability).toContain(',-921.6,');
    expect(relaxed).toContain(",'=Most of the time,");
    const intervals = (await request('hr-payroll/reports/2026-10/intervals.csv')).body as string;
    expect(intervals).toContain(
      'availability,1,payroll,2026-10-06T09:00:00.000Z,2026-10-06T10:00:00.000Z,3600,down,yes',
    );
  });

  it('are Markdown, and a PDF of the same bytes each time', async () => {
    const markdown = (await request('hr-payroll/reports/2026-10/report.md?revision=1')).body as string;
    expect(markdown).toContain('# Payroll for HR: October 2026');
    expect(markdown).toContain('**2 of 3 promises missed: Availability, Response.**');
    const pdf = async () => {
      const address = new URL('/api/v1/agreements/hr-payroll/reports/2026-10/report.pdf', server.url);
      const answer = await fetch(address, { headers: { authorization: `Bearer ${server.adminToken}` } });
      expect(answer.headers.get('content-type')).toBe('application/pdf');
      return Buffer.from(await answer.arrayBuffer());
    };
    const [one, two] = [await pdf(), await pdf()];
    expect(one.subarray(0, 5).toString()).toBe('%PDF-');
    expect(one.equals(two)).toBe(true);
  });
});

describe('two who revise at once', () => {
  it('make one revision, whatever was proposed in between', async () => {
    const [provider, customer] = [
      await account(server, 'one', 'owner', ['hr-it']),
      await account(server, 'other', 'owner', ['net']),
    ];
    const address = '/api/v1/agreements/fresh/corrections';
    const propose = async (from: string, to: string) => {
      const proposal = { service: 'other', from, to, as: 'down', reason: 'Nobody could reach it' };
      const { status, body } = await server.request('POST', address, proposal, { cookie: provider });
      expect(status, JSON.stringify(body)).toBe(201);
      return body.id as number;
    };
    const jobs = server.app.get(Queues).queue('reports');
    await jobs.pause();
    const id = await propose('2026-10-07T09:00:00Z', '2026-10-07T10:00:00Z');
    await server.request('POST', `${address}/${id}/approve`, {}, { cookie: customer });
    const seen = await server.app.get(ReportsRepository).doubts();
    expect(seen).toHaveLength(1);
    expect(await closing().reviseDoubtful()).toBe(1);
    const { revision } = (await get('fresh/reports/2026-10')) as Report;
    // Of what is open, everything waits: derived now, the report would say something else.
    await propose('2026-10-08T09:00:00Z', '2026-10-08T10:00:00Z');
    expect(await server.app.get(ReportsService).settleDoubt(seen[0]!)).toBe(false);
    expect(((await get('fresh/reports/2026-10')) as Report).revision).toBe(revision);
    await jobs.resume();
  });
});

describe('a correction that is approved', () => {
  it('changes what follows from later periods too, at once', async () => {
    const [provider, customer] = [
      await account(server, 'gives', 'owner', ['hr-it']),
      await account(server, 'takes', 'owner', ['hr']),
    ];
    const follows = async () => {
      const { content } = (await get('hr-payroll/reports/2026-10')) as Report;
      return content.consequences.actions.map(({ action }) => action);
    };
    expect(await follows()).toEqual(['Service review', 'Improvement plan']);
    const span = { from: '2026-09-10T09:00:00Z', to: '2026-09-10T11:00:00Z' };
    const proposal = { service: 'payroll', ...span, as: 'up', reason: 'The probe had lost its way' };
    const address = '/api/v1/agreements/hr-payroll/corrections';
    const proposed = await server.request('POST', address, proposal, { cookie: provider });
    expect(proposed.status, JSON.stringify(proposed.body)).toBe(201);
    const approved = await server.request('POST', `${address}/${proposed.body.id}/approve`, {}, { cookie: customer });
    expect(approved.status, JSON.stringify(approved.body)).toBeLessThan(300);
    await eventually(async () => expect(await follows()).toEqual(['Service review']));
    const september = (await get('hr-payroll/reports/2026-09')) as Report;
    expect(september).toMatchObject({ revision: 2, content: { gist: { verdict: 'met' } } });
    const october = (await get('hr-payroll/reports/2026-10')) as Report;
    expect(october.content.reason).toBe('The report of 2026-09 was revised');
    expect(await get('hr-payroll/reports/verify')).toMatchObject({ holds: true });
  });
});
