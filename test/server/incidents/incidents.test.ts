import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { IncidentsService } from '../../../server/incidents/incidents.service.ts';
import { EventBus, type TransactionEvents } from '../../../server/platform/events.ts';
import { account } from '../../support/accounts.ts';
import { put } from '../../support/measured.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

let server: TestServer;
const told: TransactionEvents['incidents.changed'][] = [];
const ids: Record<string, number> = {};

beforeAll(async () => {
  server = await startTestServer({ TROTH_ROLES: 'api' });
  await put(server, 'teams/it', { name: 'IT' });
  for (const key of ['payroll', 'mail', 'core']) {
    await put(server, `services/${key}`, { name: key.toUpperCase(), owner: 'it' });
    const [row] = await server.database.query<{ id: number }>('select id from services where key = $1', [key]);
    ids[key] = row!.id;
  }
  server.app.get(EventBus).on('incidents.changed', (event) => void told.push(event));
});
afterAll(() => server?.close());
beforeEach(() => told.splice(0));

const call = (method: string, path: string, body?: unknown, cookie?: string) =>
  server.request(method, `/api/v1/incidents${path}`, body, cookie === undefined ? {} : { cookie });
const open = async (more: Record<string, unknown> = {}): Promise<number> => {
  const reply = await call('POST', '', { title: 'It hangs', services: ['payroll'], ...more });
  expect(reply.status, JSON.stringify(reply.body)).toBe(201);
  return reply.body.id as number;
};
const act = (id: number, name: string, body: Record<string, unknown> = {}) => call('POST', `/${id}/${name}`, body);
const trail = async (id: number): Promise<string[]> =>
  (await server.request('GET', `/api/v1/audit?subjectKind=incident&subject=${id}`)).body.items.map(
    ({ action }: { action: string }) => action,
  );
const at = (hour: number, minute = 0) => new Date(Date.UTC(2026, 0, 5, hour, minute)).toISOString();
/** Reported at eight of a day in the past, an hour after it began. */
const past = { startedAt: at(7), reportedAt: at(8) };

describe('an incident', () => {
  it('that somebody opens is reported now, and began then as far as anybody knows', async () => {
    const beforeMs = Date.now();
    const { body } = await call('GET', `/${await open({ services: ['payroll', 'mail'] })}`);
    expect(Date.parse(body.reportedAt)).toBeGreaterThanOrEqual(beforeMs);
    expect(body).toMatchObject({
      kind: 'incident',
      state: 'open',
      severity: 3,
      startedAt: body.reportedAt,
      detectedAt: null,
      services: [
        { key: 'mail', name: 'MAIL' },
        { key: 'payroll', name: 'PAYROLL' },
      ],
      pauses: [],
    });
    expect(told).toEqual([{ serviceIds: [ids['payroll'], ids['mail']], fromMs: Date.parse(body.startedAt) }]);
  });

  it('goes its way, each step with its instant and on record', async () => {
    const id = await open(past);
    const states: string[] = [];
    for (const [name, body] of [
      ['acknowledge', { at: at(8, 5) }],
      ['respond', { at: at(8, 10) }],
      ['pend', { at: at(8, 20), reason: 'customer', note: 'which invoice?' }],
      ['resume', { at: at(9, 20) }],
      ['resolve', { at: at(10) }],
      ['reopen', { at: at(11) }],
      ['pend', { at: at(12), reason: 'supplier' }],
      ['resolve', { at: at(13) }],
      ['close', { at: at(14) }],
    ] as const) {
      const reply = await act(id, name, body);
      expect(reply.status, JSON.stringify(reply.body)).toBe(200);
      states.push(reply.body.state);
    }
    expect(states).toEqual([
      'acknowledged',
      'acknowledged',
      'pending',
      'acknowledged',
      'resolved',
      'acknowledged',
      'pending',
      'resolved',
      'closed',
    ]);
    expect((await call('GET', `/${id}`)).body).toMatchObject({
      acknowledgedAt: at(8, 5),
      respondedAt: at(8, 10),
      resolvedAt: at(13),
      closedAt: at(14),
      pauses: [
        { reason: 'customer', note: 'which invoice?', from: at(8, 20), to: at(9, 20) },
        { reason: 'resolved', note: '', from: at(10), to: at(11) },
        { reason: 'supplier', note: '', from: at(12), to: at(13) },
      ],
    });
    expect(await trail(id)).toEqual(
      [
        'closed',
        'resolved',
        'pended',
        'reopened',
        'resolved',
        'resumed',
        'pended',
        'responded',
        'acknowledged',
        'opened',
      ].map((verb) => `incident.${verb}`),
    );
    expect(told).toHaveLength(10);
    expect(new Set(told.map(({ fromMs }) => fromMs))).toEqual(new Set([Date.parse(at(7))]));
  });

  it('that is acknowledged already stays as it is', async () => {
    const id = await open(past);
    await act(id, 'acknowledge', { at: at(8, 5) });
    const again = await act(id, 'acknowledge', { at: at(9) });
    expect([again.status, again.body.acknowledgedAt]).toEqual([200, at(8, 5)]);
    expect(await trail(id)).toEqual(['incident.acknowledged', 'incident.opened']);
  });

  it.each([
    ['close', {}, 'open: it cannot be closed'],
    ['resume', {}, 'open: it cannot be resumed'],
  ])('cannot %s before its time', async (name, body, detail) => {
    const reply = await act(await open(past), name, body);
    expect([reply.status, reply.body.code]).toEqual([409, 'conflict']);
    expect(reply.body.detail).toContain(detail);
  });

  it.each([
    ['acknowledge', { at: at(7, 59) }, 'at', 'must not be before it was reported'],
    ['respond', { at: '2099-01-01T00:00:00Z' }, 'at', 'must not be in the future'],
    ['pend', { at: '2099-01-01T00:00:00Z', reason: 'customer' }, 'at', 'must not be in the future'],
    ['pend', { at: at(7), reason: 'customer' }, 'at', 'must not be after it began to wait'],
    ['pend', {}, 'reason', 'is required'],
    ['resolve', { at: 'yesterday' }, 'at', 'must be'],
  ])('cannot %s at %j, and the field is named', async (name, body, path, message) => {
    const reply = await act(await open(past), name, body);
    expect(reply.status).toBe(422);
    expect(reply.body.issues).toEqual([{ path, message: expect.stringContaining(message) }]);
  });

  it('cannot go on before it waited, nor be opened again before it was resolved', async () => {
    const id = await open(past);
    await act(id, 'pend', { at: at(9), reason: 'customer' });
    expect((await act(id, 'resume', { at: at(8, 30) })).body.issues[0].message).toBe(
      'must not be before it began to wait',
    );
    await act(id, 'resume', { at: at(10) });
    const soon = await act(id, 'pend', { at: at(9, 30), reason: 'supplier' });
    expect(soon.body.issues[0].message).toBe('must not be before it went on');
    await act(id, 'resolve', { at: at(11) });
    expect((await act(id, 'reopen', { at: at(10, 30) })).body.issues[0].message).toBe(
      'must not be before it was resolved',
    );
  });

  it('of the past is told with all its instants at once', async () => {
    const id = await open({
      ...past,
      acknowledgedAt: at(8, 5),
      respondedAt: at(8, 6),
      resolvedAt: at(9),
      closedAt: at(10),
    });
    expect((await call('GET', `/${id}`)).body.state).toBe('closed');
  });

  it.each([
    [{ startedAt: at(9), reportedAt: at(8) }, 'reportedAt'],
    [{ ...past, resolvedAt: at(7, 30) }, 'resolvedAt'],
    [{ ...past, closedAt: at(9) }, 'closedAt'],
    [{ ...past, reportedAt: '2099-01-01T00:00:00Z' }, 'reportedAt'],
    [{ title: ' ' }, 'title'],
    [{ severity: 6 }, 'severity'],
    [{ source: 'probe' }, 'source'],
    [{ services: [] }, 'services'],
    [{ services: ['payrol'] }, 'services.0'],
    [{ services: ['mail', 'mail'] }, 'services.1'],
  ])('that says %j is refused, and the field is named', async (more, path) => {
    const reply = await call('POST', '', { title: 'It hangs', services: ['payroll'], ...more });
    expect(reply.status).toBe(422);
    expect(reply.body.issues.map((issue: { path: string }) => issue.path)).toEqual([path]);
  });

  it('is changed in what is named, by nobody who read it before another did', async () => {
    const id = await open({ ...past, impact: 1 });
    const before = (await call('GET', `/${id}`)).body;
    const changed = await call('PATCH', `/${id}`, {
      severity: 1,
      impact: null,
      services: ['core'],
      startedAt: at(6),
      acknowledgedAt: at(8, 1),
    });
    expect(changed.body).toMatchObject({
      severity: 1,
      impact: null,
      title: 'It hangs',
      services: [{ key: 'core', name: 'CORE' }],
      startedAt: at(6),
      reportedAt: at(8),
      state: 'acknowledged',
    });
    expect(told.at(-1)).toEqual({ serviceIds: [ids['payroll'], ids['core']], fromMs: Date.parse(at(6)) });
    const late = await call('PATCH', `/${id}?expect=${before.updatedAt}`, { severity: 2 });
    expect([late.status, late.body.code]).toEqual([409, 'changed-meanwhile']);
    expect((await call('PATCH', `/${id}`, { acknowledgedAt: at(7) })).body.issues[0].path).toBe('acknowledgedAt');
    expect((await call('PATCH', `/${id}`, {})).status).toBe(422);
    const [entry] = (await server.request('GET', `/api/v1/audit?subjectKind=incident&subject=${id}`)).body.items;
    expect(entry.detail.from).toMatchObject({ severity: 3, impact: 1, services: [{ key: 'payroll' }] });
    expect(Object.keys(entry.detail.to)).not.toContain('title');
  });

  it('has a reference that no other has, also when two come at once', async () => {
    const input = { title: 'From tickets', services: ['mail'], source: 'Tickets', reference: 'INC-7' };
    const replies = await Promise.all([call('POST', '', input), call('POST', '', input)]);
    expect(replies.map(({ status }) => status).toSorted()).toEqual([201, 409]);
    const refused = replies.find(({ status }) => status === 409)!.body;
    const made = replies.find(({ status }) => status === 201)!.body;
    expect(refused.issues).toEqual([{ path: 'reference', message: `is that of incident ${made.id} already` }]);
    expect((await call('PATCH', `/${made.id}`, { reference: 'INC-7', title: 'Same' })).status).toBe(200);
    expect((await call('PATCH', `/${await open()}`, { reference: 'INC-7' })).status).toBe(409);
  });

  it('is worked on by operators, deleted by admins alone, and seen by all', async () => {
    const id = await open(past);
    const [viewer, operator] = [await account(server, 'vera', 'viewer'), await account(server, 'olaf', 'operator')];
    expect((await call('POST', `/${id}/acknowledge`, {}, viewer)).status).toBe(403);
    expect((await call('GET', `/${id}`, undefined, viewer)).status).toBe(200);
    expect((await call('POST', `/${id}/acknowledge`, { at: at(8, 1) }, operator)).status).toBe(200);
    expect((await call('DELETE', `/${id}`, undefined, operator)).status).toBe(403);
    expect((await call('DELETE', `/${id}`)).status).toBe(204);
    expect((await call('GET', `/${id}`)).status).toBe(404);
    expect((await trail(id))[0]).toBe('incident.deleted');
    expect(told.at(-1)!.serviceIds).toEqual([ids['payroll']]);
  });
});

describe('the list of incidents', () => {
  beforeAll(async () => {
    await server.database.query('delete from incidents');
    for (let hour = 0; hour < 5; hour += 1)
      await open({
        title: `Number ${hour}`,
        services: [hour % 2 ? 'mail' : 'core'],
        kind: hour === 4 ? 'request' : 'incident',
        severity: 1 + (hour % 3),
        reference: `R-${hour}`,
        reportedAt: at(hour),
        ...(hour < 2 ? { resolvedAt: at(hour, 30) } : {}),
      });
    await put(server, 'teams/desk', { name: 'Service desk' });
    await account(server, 'dora', 'operator');
    const [two, three] = (await call('GET', `?from=${at(2)}`)).body.items
      .map(({ id }: { id: number }) => id)
      .toReversed();
    await act(two, 'assign', { user: 'dora' });
    await act(three, 'assign', { team: 'desk' });
  });

  const titles = async (query: string): Promise<string> =>
    (await call('GET', `?${query}`)).body.items.map(({ title }: { title: string }) => title.slice(-1)).join('');

  it.each([
    ['', '43210'],
    ['service=mail', '31'],
    ['state=resolved', '10'],
    ['state=open', '432'],
    ['severity=1', '30'],
    ['kind=request', '4'],
    ['text=r-3', '3'],
    ['text=%25', ''],
    [`from=${at(1)}`, '4321'],
    [`to=${at(2)}`, '10'],
    [`from=${at(0, 45)}&to=${at(3)}`, '21'],
    ['service=core&severity=1', '0'],
    ['state=unresolved', '432'],
    ['state=over', '10'],
    ['team=it', '43210'],
    ['team=desk', '3'],
    ['team=nobody', ''],
    ['user=dora&state=unresolved', '2'],
    ['user=dora&state=over', ''],
  ])('by %j holds %s, the newest first', async (query, expected) => {
    expect(await titles(query)).toBe(expected);
  });

  it('comes in pages', async () => {
    const first = (await call('GET', '?limit=3')).body;
    const second = (await call('GET', `?limit=3&cursor=${first.next}`)).body;
    expect([...first.items, ...second.items].map(({ title }) => title.slice(-1)).join('')).toBe('43210');
    expect(second.next).toBeNull();
    expect((await call('GET', '?cursor=x')).body.issues[0].path).toBe('cursor');
    expect((await call('GET', `?from=${at(2)}&to=${at(1)}`)).body.issues[0].path).toBe('to');
  });

  it('of what may be decided in a span has all that were not over before it, with what their clocks need', async () => {
    const service = server.app.get(IncidentsService);
    const ask = {
      kinds: ['incident'] as const,
      severities: [1, 2, 3],
      fromMs: Date.parse(at(1)),
      toMs: Date.parse(at(3)),
    };
    const found = await service.decidable({ ...ask, serviceIds: [ids['mail']!, ids['core']!] });
    expect(found.map(({ title }) => title.slice(-1)).join('')).toBe('12');
    expect(found[0]).toEqual({
      id: expect.any(Number),
      kind: 'incident',
      title: 'Number 1',
      severity: 2,
      impact: null,
      urgency: null,
      severityReason: null,
      isLate: false,
      breaches: [],
      serviceIds: [ids['mail']],
      startedMs: Date.parse(at(1)),
      clockedMs: Date.parse(at(1)),
      respondedMs: Date.parse(at(1, 30)),
      resolvedMs: Date.parse(at(1, 30)),
      pauses: [],
    });
    expect(await service.decidable({ ...ask, severities: [3], serviceIds: [ids['mail']!] })).toEqual([]);
  });
});
