import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MessageAct } from '../../../../server/contract/message-acts.ts';
import { MessageLinksService } from '../../../../server/alerting/channels/message-links.service.ts';
import { makeAccount } from '../../../support/accounts.ts';
import { Alerting } from '../../../support/alerting.ts';
import { captureLog } from '../../../support/log-capture.ts';
import { MeasuredService, put } from '../../../support/measured.ts';
import { startTestServer, type TestServer } from '../../../support/server.ts';

const logs = captureLog();
let server: TestServer;
let alerting: Alerting;
let count = 0;

beforeAll(async () => {
  server = await startTestServer({ TROTH_ROLES: 'api', TROTH_ALLOW_LOOPBACK: 'true' }, { log: logs.log });
  alerting = new Alerting(server);
  await alerting.channel('noc');
  await put(server, 'teams/it', { name: 'IT' });
  await makeAccount(server, 'ana', 'operator', ['it']);
});
afterAll(() => server?.close());

/** A fresh alert about an outage. */
async function fires(): Promise<{ id: number; incident: number; recovers: () => Promise<unknown> }> {
  const one = await MeasuredService.make(server, `m-${(count += 1)}`, { everyMs: 5_000 });
  await one.record([one.saw(-4, 'down'), one.saw(-3, 'down')]);
  const [alert] = await alerting.alerts(`service=${one.key}`);
  return { id: alert!.id, incident: alert!.incident!, recovers: () => one.record([one.saw(-2, 'up')]) };
}
const linkOf = (alertId: number, act: MessageAct, bearer: string, lifeMs = 60_000): string =>
  server.app.get(MessageLinksService).sign({ alertId, act, bearer, expiresAt: new Date(Date.now() + lifeMs) });
/** As anybody does: without signing in. */
const post = (what: 'read' | 'act', body: object) =>
  server.request('POST', `/api/v1/message-links/${what}`, body, { token: null });
const stateOf = async (id: number) => (await alerting.alert(id)).state;

describe('a link in a message', () => {
  it('that was told leads to what it asks for, and looking at it changes nothing, however often', async () => {
    const { id } = await fires();
    const [told] = await alerting.told(id);
    const address = new URL(told!.message.links.acknowledge!);
    const token = address.hash.slice(1);
    expect(address.pathname).toBe('/act');
    for (let look = 0; look < 5; look++) {
      for (const method of ['GET', 'HEAD']) await fetch(new URL('/act', server.url), { method });
      const read = await post('read', { token });
      expect([read.status, read.body]).toEqual([
        200,
        expect.objectContaining({
          ...{ act: 'acknowledge', bearer: { kind: 'channel', name: 'noc' } },
          alert: expect.objectContaining({ id, state: 'firing', urgency: 'page', acknowledgedBy: null }),
        }),
      ]);
    }
    expect(await stateOf(id)).toBe('firing');
    expect(logs.text()).not.toContain(token);
  });

  it('that an account got acts as that account, on the alert and its incident, once', async () => {
    const { id, incident } = await fires();
    const token = linkOf(id, 'acknowledge', 'ana');
    const done = await post('act', { token, note: 'on my way' });
    expect(done.body.alert).toMatchObject({ state: 'acknowledged', acknowledgedBy: 'ana' });
    expect((await server.request('GET', `/api/v1/incidents/${incident}`)).body.state).toBe('acknowledged');
    const { entries } = (await server.request('GET', `/api/v1/incidents/${incident}/timeline`)).body;
    expect(entries).toContainEqual(expect.objectContaining({ act: 'acknowledged', by: { kind: 'link', name: 'ana' } }));
    expect((await post('act', { token })).status).toBe(200);
    const { items } = (await server.request('GET', `/api/v1/audit?subjectKind=alert&subject=${id}`)).body;
    expect(items[0]).toMatchObject({ actor: { kind: 'link', name: 'ana' }, action: 'alert.acknowledged' });
    expect(await alerting.heard(id)).toEqual(['noc firing', 'noc acknowledged']);
  });

  it('that a channel got needs to be told who acts, and does the one thing that it names', async () => {
    const { id } = await fires();
    const silence = linkOf(id, 'silence', 'channel:noc');
    const refused = await post('act', { token: silence });
    expect([refused.status, refused.body.issues]).toEqual([422, [{ path: 'name', message: 'must say who acts' }]]);
    expect((await post('act', { token: silence, name: 'Bo', for: '30m' })).status).toBe(200);
    expect(await stateOf(id)).toBe('firing');
    const [held] = (await server.request('GET', '/api/v1/silences')).body.items;
    expect(held).toMatchObject({ author: 'Bo (in noc)', state: 'holding' });
    expect(Date.parse(held.to) - Date.parse(held.from)).toBe(1_800_000);
    expect((await post('act', { token: linkOf(id, 'escalate', 'channel:noc'), name: 'Bo' })).status).toBe(200);
  });

  it('grants nothing when it was changed, is over, or its account is gone', async () => {
    const { id } = await fires();
    const token = linkOf(id, 'acknowledge', 'ana');
    const [payload, signature] = token.split('.') as [string, string];
    const other = Buffer.from(JSON.stringify([id, 'silence', 'ana', 4_000_000_000])).toString('base64url');
    await makeAccount(server, 'gone', 'operator', ['it']);
    await server.request('PUT', '/api/v1/users/gone', { displayName: 'Gone', role: 'operator', disabled: true });
    const bad = [
      ...[`${other}.${signature}`, `${payload}.${signature.slice(0, -1)}`, payload, `${token}.x`, 'x'],
      ...[
        linkOf(id, 'acknowledge', 'ana', -1_000),
        linkOf(id, 'acknowledge', 'gone'),
        linkOf(id, 'acknowledge', 'nobody'),
      ],
    ];
    for (const one of bad)
      for (const what of ['read', 'act'] as const)
        expect([one.slice(0, 12), what, (await post(what, { token: one })).status]).toEqual([
          one.slice(0, 12),
          what,
          403,
        ]);
    expect(await stateOf(id)).toBe('firing');
  });

  it('does nothing once its alert is over, and says so', async () => {
    const { id, recovers } = await fires();
    await recovers();
    expect((await post('read', { token: linkOf(id, 'escalate', 'ana') })).body.alert.state).toBe('resolved');
    expect((await post('act', { token: linkOf(id, 'escalate', 'ana') })).body.code).toBe('conflict');
  });
});
