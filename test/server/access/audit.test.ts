import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AuditService } from '../../../server/access/audit.service.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

let server: TestServer;
let audit: AuditService;
beforeAll(async () => {
  server = await startTestServer();
  audit = server.app.get(AuditService);
  for (const subject of ['one', 'two', 'three', 'four', 'five']) {
    await audit.record({ action: 'thing.changed', subjectKind: 'thing', subject, detail: { n: subject.length } });
  }
});
afterAll(() => server.close());

interface Entry {
  id: number;
  subject: { key: string };
}
const page = async (query: string) => (await server.request('GET', `/api/v1/audit?subjectKind=thing&${query}`)).body;
const keys = (items: Entry[]) => items.map(({ subject }) => subject.key);

describe('the audit trail', () => {
  it('is read newest first, page by page, without a gap or a repeat', async () => {
    const first = await page('limit=2');
    const second = await page(`limit=2&cursor=${first.next}`);
    const third = await page(`limit=2&cursor=${second.next}`);
    expect([first, second, third].map(({ items }) => keys(items))).toEqual([
      ['five', 'four'],
      ['three', 'two'],
      ['one'],
    ]);
    expect(third.next).toBeNull();
  });

  it('names Troth itself where nobody asked', async () => {
    const { items } = await page('subject=one');
    expect(items).toEqual([
      {
        id: expect.any(Number),
        at: expect.stringMatching(/Z$/),
        actor: { kind: 'system', name: 'troth' },
        action: 'thing.changed',
        subject: { kind: 'thing', key: 'one' },
        detail: { n: 3 },
        address: null,
      },
    ]);
  });

  it('is filtered by actor, action, subject and time', async () => {
    expect(keys((await page('actor=troth&action=thing.changed&subject=two')).items)).toEqual(['two']);
    expect((await page('actor=nobody')).items).toEqual([]);
    expect((await page('action=thing.deleted')).items).toEqual([]);
    expect((await page('to=2020-01-01T00:00:00Z')).items).toEqual([]);
    expect((await page('from=2020-01-01T00:00:00Z')).items).toHaveLength(5);
  });

  it.each([
    ['limit', 'limit=0'],
    ['cursor', 'cursor=abc'],
    ['from', 'from=yesterday'],
  ])('names the bad field %s of a query', async (path, query) => {
    const reply = await server.request('GET', `/api/v1/audit?${query}`);
    expect([reply.status, reply.body.issues[0].path]).toEqual([422, path]);
  });

  it.each(['update audit_trail set actor = $$x$$', 'delete from audit_trail', 'truncate audit_trail'])(
    'is protected by the database from: %s',
    async (sql) => {
      await expect(server.database.query(sql)).rejects.toThrow('the audit trail is append-only');
      expect((await page('limit=10')).items).toHaveLength(5);
    },
  );

  it('forgets an act whose transaction fails', async () => {
    const act = server.database.transaction(async () => {
      await audit.record({ action: 'thing.changed', subjectKind: 'thing', subject: 'never' });
      throw new Error('no');
    });
    await expect(act).rejects.toThrow('no');
    expect((await page('subject=never')).items).toEqual([]);
  });

  it('blanks fields that are named like secrets, at any depth', async () => {
    const detail = { config: { auth: [{ password: 'hunter2', user: 'u' }] }, Token: 'abc', note: 'kept' };
    await audit.record({ action: 'secret.changed', subjectKind: 'secret', subject: 's', detail });
    const { items } = (await server.request('GET', '/api/v1/audit?subjectKind=secret')).body;
    expect(items[0].detail).toEqual({
      config: { auth: [{ password: '[redacted]', user: 'u' }] },
      Token: '[redacted]',
      note: 'kept',
    });
  });
});
