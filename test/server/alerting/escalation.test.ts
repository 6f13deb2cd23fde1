import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeAccount } from '../../support/accounts.ts';
import { put } from '../../support/measured.ts';
import { startTestServer, type Reply, type TestServer } from '../../support/server.ts';

let server: TestServer;
const api = (method: string, path: string, body?: unknown): Promise<Reply> =>
  server.request(method, `/api/v1/${path}`, body);
const schedule = { kind: 'schedule', key: 'network' };
const critical = (change: object = {}) => ({
  name: 'Critical',
  steps: [
    { targets: [schedule] },
    {
      after: '15m',
      targets: [
        { kind: 'user', key: 'ben' },
        { kind: 'channel', key: 'noc' },
      ],
    },
    { after: '30m', targets: [{ kind: 'team', key: 'net' }] },
  ],
  ...change,
});
interface Moment {
  afterSeconds: number;
  kind: string;
  targets: { name: string; people: { name: string }[]; gaps: { name: string; reason: string }[] }[];
}
/** `15: Ben Voss` and the like, gaps in brackets. */
const told = ({ moments }: { moments: Moment[] }): string[] =>
  moments.map(({ afterSeconds, kind, targets }) => {
    const names = targets.map(
      ({ name, people, gaps }) =>
        [...people.map((one) => one.name), ...gaps.map((one) => `(${one.name}:${one.reason})`)].join('+') || name,
    );
    return `${afterSeconds / 60}${kind === 'step' ? '' : ` ${kind}`}: ${names.join(', ')}`;
  });

beforeAll(async () => {
  server = await startTestServer({ TROTH_ROLES: 'api' });
  await put(server, 'teams/net', { name: 'Network team' });
  for (const name of ['ana', 'ben']) await makeAccount(server, name, 'operator', ['net']);
  const layer = { members: ['ana', 'ben'], rotation: 'daily', start: '2026-01-05' };
  await put(server, 'on-call-schedules/network', { name: 'Network', timeZone: 'UTC', layers: [layer] });
  await put(server, 'escalation-policies/critical', critical());
});
afterAll(() => server?.close());

describe('an escalation policy', () => {
  it('tells whom it would tell when, by who is on call at each step', async () => {
    const { body } = await api('GET', 'escalation-policies/critical/preview?at=2026-01-05T10:00:00Z');
    expect(told(body)).toEqual(['0: ana', '15: ben, noc', '30: ana+ben', '1380 hand-over: ben']);
    const late = await api('GET', 'escalation-policies/critical/preview?at=2026-01-06T08:50:00Z');
    expect(told(late.body)).toEqual(['0: ana', '10 hand-over: ben', '15: ben, noc', '30: ana+ben']);
  });

  it('begins anew as often as it says, and needs not tell of hand-overs', async () => {
    const policy = critical({ steps: [{ targets: [schedule] }], repeat: 2, repeatAfter: '20m', handOver: false });
    const { body } = await api('POST', 'escalation-policies/preview?at=2026-01-06T08:50:00Z', policy);
    expect(told(body)).toEqual(['0: ana', '20: ben', '40: ben']);
  });

  it('says where it names nobody that there is, and in what order steps must be', async () => {
    const targets = [
      { kind: 'schedule', key: 'netwrk' },
      { kind: 'user', key: 'bea' },
      { kind: 'team', key: 'none' },
    ];
    const { body } = await api('PUT', 'escalation-policies/faulty', critical({ steps: [{ targets }] }));
    expect(body.issues).toEqual([
      { path: 'steps.0.targets.0.key', message: expect.stringContaining('there is no on-call schedule "netwrk"') },
      { path: 'steps.0.targets.1.key', message: expect.stringContaining('there is no account "bea"') },
      { path: 'steps.0.targets.2.key', message: expect.stringContaining('there is no team "none"') },
    ]);
    const steps = [
      { after: '5m', targets: [schedule] },
      { after: '5m', targets: [schedule] },
    ];
    const order = await api('PUT', 'escalation-policies/faulty', critical({ steps }));
    expect(order.body.issues).toEqual([
      { path: 'steps.0.after', message: expect.stringContaining('must be 0s: the first step is told at once') },
      { path: 'steps.1.after', message: 'must be later than the step before it' },
    ]);
  });

  it('shows targets that reach nobody', async () => {
    await api('PUT', 'users/ben', { displayName: 'ben', role: 'operator', teams: [], disabled: true });
    const { body } = await api('GET', 'escalation-policies/critical/preview?at=2026-01-06T10:00:00Z');
    expect(told(body).slice(0, 3)).toEqual(['0: (ben:disabled)', '15: (ben:disabled), noc', '30: ana']);
    const { items } = (await api('GET', 'escalation-policies')).body;
    expect(items[0]).toMatchObject({ key: 'critical', gaps: expect.arrayContaining(['ben']), repeatAfter: '30m' });
    await api('PUT', 'users/ben', { displayName: 'ben', role: 'operator', teams: ['net'] });
  });

  it('is not deleted for a team that it tells, and comes back', async () => {
    expect((await api('DELETE', 'teams/net')).body.detail).toContain('escalation policy "critical"');
    expect((await api('DELETE', 'escalation-policies/critical')).status).toBe(204);
    expect((await api('POST', 'escalation-policies/critical/restore')).status).toBe(200);
    const actions = (await api('GET', 'audit?subjectKind=escalation-policy')).body.items;
    expect(actions.map(({ action }: { action: string }) => action)).toEqual([
      'escalation-policy.restored',
      'escalation-policy.deleted',
      'escalation-policy.created',
    ]);
  });
});

describe('in the config file', () => {
  const file = `apiVersion: troth/v1
teams: { ops: { name: Operations } }
onCallSchedules:
  ops:
    name: Operations
    timeZone: Europe/Berlin
    layers:
      - { members: [ana, ben], rotation: custom, length: 12h, start: 2026-01-05 }
      - { name: Nights, members: [ben], start: 2026-01-05, hours: { mon: ["18:00-24:00"] } }
escalationPolicies:
  ops:
    name: Operations
    steps:
      - targets: [{ kind: schedule, key: ops }]
      - { after: 10m, targets: [{ kind: team, key: ops }] }
    repeat: 1
alertRoutes:
  ops:
    name: Pages of operations
    place: 5
    match: { team: [ops], urgency: [page] }
    policy: ops
`;

  it('schedules and policies are applied once, exported as written, and managed by the file', async () => {
    const applied = await api('POST', 'config/apply?prune=false', file);
    expect(
      applied.body.changes.map(({ action, kind, key }: Record<string, string>) => `${action} ${kind} ${key}`),
    ).toEqual([
      'create team ops',
      'create on-call-schedule ops',
      'create escalation-policy ops',
      'create alert-route ops',
    ]);
    expect((await api('POST', 'config/plan?prune=false', file)).body.changes).toEqual([]);
    expect((await get('on-call-schedules/ops')).managedBy).toBe('file');
    const changed = await api('PUT', 'on-call-schedules/ops', { ...(await input()), name: 'Other' });
    expect(changed.body.code).toBe('managed-by-file');
    const exported = (await api('GET', 'config')).body as string;
    expect(exported).toContain('length: 12h');
    expect(exported).not.toContain('handOverDay');
    expect(exported).toMatch(/place: 5\n\s+match:/);
    expect((await api('POST', 'config/plan', exported)).body.changes).toEqual([
      ...['team net', 'on-call-schedule network', 'escalation-policy critical'].map((what) => ({
        ...{ action: 'adopt', kind: what.split(' ')[0], key: what.split(' ')[1], fields: [] },
      })),
    ]);
  });

  it('faults have their place, and what a policy still tells does not go', async () => {
    const faulty = file.replace('key: ops }]\n      - {', 'key: opps }]\n      - {');
    const { body } = await api('POST', 'config/plan', faulty);
    expect(body.issues[0]).toMatchObject({ line: 14, path: 'escalationPolicies.ops.steps.0.targets.0.key' });
    const route = await api('POST', 'config/plan', file.replace('policy: ops', 'policy: opps'));
    expect(route.body.issues[0]).toMatchObject({ path: 'alertRoutes.ops.policy' });
    const without = file.replace(/onCallSchedules:[\s\S]*escalation/, 'escalation');
    const gone = await api('POST', 'config/plan', without);
    expect(gone.body.issues[0].message).toContain('there is no on-call schedule "ops"');
  });

  const get = async (path: string) => (await api('GET', path)).body;
  const input = async () => {
    const { name, timeZone, layers } = await get('on-call-schedules/ops');
    return { name, timeZone, layers };
  };
});
