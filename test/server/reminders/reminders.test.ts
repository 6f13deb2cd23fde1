import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MailsRepository } from '../../../server/mails/mails.repository.ts';
import { MailsService } from '../../../server/mails/mails.service.ts';
import { OwedStepsService } from '../../../server/reminders/owed-steps.service.ts';
import { RemindingService } from '../../../server/reminders/reminding.service.ts';
import { account } from '../../support/accounts.ts';
import { put } from '../../support/measured.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';
import { signers, type Signers } from '../../support/signed-agreement.ts';
import { startMailServer, type MailServer } from '../../support/smtp.ts';

let mail: MailServer;
let server: TestServer;
let second: TestServer;
let people: Signers;
let count = 0;

const environment = () => ({
  TROTH_ROLES: 'api',
  TROTH_SMTP_URL: mail.url,
  TROTH_MAIL_FROM: 'Troth <troth@it.org>',
  PUBLIC_URL: 'https://troth.it.org',
});
beforeAll(async () => {
  mail = await startMailServer();
  server = await startTestServer(environment());
  second = await startTestServer({ ...environment(), DATABASE_URL: server.databaseUrl });
  await put(server, 'teams/hr-it', { name: 'HR IT', email: 'hr-it@it.org' });
  await put(server, 'teams/hr', { name: 'Human Resources', email: 'hr@hr.org' });
  await put(server, 'services/payroll', { name: 'Payroll', owner: 'hr-it' });
  people = await signers(server, 'hr-it', 'hr');
});
afterAll(async () => {
  await Promise.all([server?.close(), second?.close()]);
  await mail?.stop();
});
beforeEach(() => {
  mail.received.length = 0;
});

const dayFromNow = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
const text = (change: Record<string, unknown> = {}) => ({
  ...{ kind: 'SLA', title: 'Payroll for HR', provider: 'hr-it', customer: 'hr', timeZone: 'UTC' },
  effective: { from: '2026-01-01' },
  objectives: { availability: { type: 'availability', services: ['payroll'], target: '99.9' } },
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
/** As if a version had been proposed so many days ago. */
async function backdated(key: string, days: number): Promise<void> {
  await server.database.transaction(async () => {
    await server.database.query('alter table agreement_versions disable trigger user');
    await server.database.query(
      `update agreement_versions v set created_at = now() - $2 * interval '1 day' from agreements a
       where a.id = v.agreement_id and a.key = $1`,
      [key, days],
    );
    await server.database.query('alter table agreement_versions enable trigger user');
  });
}
async function proposed(days: number): Promise<string> {
  const key = `agreement-${++count}`;
  await put(server, `agreements/${key}`, text());
  await call('POST', `agreements/${key}/propose`, { party: 'provider' });
  await backdated(key, days);
  return key;
}
async function sign(key: string, cookie: string): Promise<void> {
  const { number: version, hash } = (await call('GET', `agreements/${key}/life`)).versions[0];
  await call('POST', `agreements/${key}/sign`, { version, hash }, cookie);
}
const remind = (at: TestServer = server) => at.app.get(RemindingService).remindDue();
/** Tries everything that is due, on both servers at once. */
async function sendAll(): Promise<void> {
  const due = await server.app.get(MailsRepository).due(100);
  await Promise.all(
    [server, second].flatMap((at) => due.map(({ id, attempts }) => at.app.get(MailsService).send(id, attempts))),
  );
}
const reminders = async (key: string) =>
  (await call('GET', 'reminders?limit=100')).items.filter(
    ({ agreement }: { agreement: { key: string } }) => agreement.key === key,
  );
const told = () => mail.received.flatMap(({ to }) => to).toSorted();

describe('who owes a signature', () => {
  it('is reminded once at each stated time, by whichever of two servers, and after a restart', async () => {
    const key = await proposed(2);
    expect(await remind()).toBe(0);
    await backdated(key, 3.5);
    const counts = await Promise.all([remind(), remind(second), remind(), remind(second)]);
    expect(counts.reduce((sum, one) => sum + one)).toBe(2);
    await sendAll();
    await sendAll();
    expect(told()).toEqual(['carla@hr.org', 'paula@it.org']);
    expect(mail.received[0]!.raw).toContain('https://troth.it.org/agreements/');
    const restarted = await startTestServer({ ...environment(), DATABASE_URL: server.databaseUrl });
    expect(await remind(restarted)).toBe(0);
    await restarted.close();
    await sign(key, people.provider);
    await backdated(key, 8);
    expect(await remind()).toBe(1);
    expect(await remind(second)).toBe(0);
    await sendAll();
    expect(told()).toEqual(['carla@hr.org', 'carla@hr.org', 'paula@it.org']);
    const said = (await reminders(key)).map(({ what, days }: { what: string; days: number }) => `${days} ${what}`);
    expect(said.toSorted()).toEqual([
      '3 Version 1 waits for the signature of Carla Lund.',
      '3 Version 1 waits for the signature of Paula Berg.',
      '7 Version 1 waits for the signature of Carla Lund.',
    ]);
  });

  it('gets the latest reminder alone where several times have passed', async () => {
    const key = await proposed(30);
    expect(await remind()).toBe(2);
    expect(await remind()).toBe(0);
    expect((await reminders(key)).map(({ days }: { days: number }) => days)).toEqual([14, 14]);
    await sendAll();
  });

  it('hears nothing once it is done, though the mail was in the outbox', async () => {
    const key = await proposed(4);
    expect(await remind()).toBe(2);
    await sign(key, people.customer);
    await sendAll();
    expect(told()).toEqual(['paula@it.org']);
    const states = (await reminders(key)).flatMap(({ mails }: { mails: { address: string; state: string }[] }) =>
      mails.map(({ address, state }) => `${address} ${state}`),
    );
    expect(states.toSorted()).toEqual(['carla@hr.org dropped', 'paula@it.org sent']);
  });
});

describe('a server that is killed', () => {
  const killed = (id: number) =>
    server.database.query(`update mails set busy_until = now() - interval '1 second' where id = $1`, [id]);

  it('before it handed a mail over leaves it to be sent once by another', async () => {
    await proposed(3);
    await remind();
    const repository = server.app.get(MailsRepository);
    const [first] = await repository.due(100);
    await repository.claim(first!.id, first!.attempts);
    await killed(first!.id);
    await sendAll();
    expect(told()).toEqual(['carla@hr.org', 'paula@it.org']);
  });

  it('while it handed a mail over leaves it unsent rather than sent twice, and says so', async () => {
    const key = await proposed(3);
    await remind();
    const repository = server.app.get(MailsRepository);
    const [first] = await repository.due(100);
    await repository.claim(first!.id, first!.attempts);
    await repository.handed(first!.id);
    await killed(first!.id);
    await sendAll();
    await repository.giveUpUncertain();
    await sendAll();
    expect(mail.received).toHaveLength(1);
    const errors = (await reminders(key)).flatMap(({ mails }: { mails: { state: string; error: string | null }[] }) =>
      mails.map(({ state, error }) => `${state} ${error}`),
    );
    expect(errors.toSorted()).toEqual([
      'failed Troth was stopped while it was sent: it may have arrived, and is not sent twice',
      'sent null',
    ]);
  });
});

describe('the rules', () => {
  it('say when people are reminded, are set by admins, and can turn reminders off', async () => {
    const { rules, mayChange, isMailOn } = await call('GET', 'reminders/rules');
    expect([rules.signature, mayChange, isMailOn]).toEqual([{ isOn: true, days: [3, 7, 14] }, true, true]);
    const change = (signature: unknown, cookie?: string) =>
      server.request('PUT', '/api/v1/reminders/rules', { ...rules, signature }, cookie === undefined ? {} : { cookie });
    expect((await change({ isOn: true, days: [3, 3] })).body.issues).toEqual([
      { path: 'signature.days', message: 'must not name a day twice' },
    ]);
    expect((await change({ isOn: true, days: [] })).status).toBe(422);
    expect((await change({ isOn: false, days: [3] }, people.provider)).status).toBe(403);
    expect((await change({ isOn: false, days: [3] })).body.rules.signature).toEqual({ isOn: false, days: [3] });
    const key = await proposed(170);
    expect(await remind()).toBe(0);
    expect((await change({ isOn: true, days: [160] })).status).toBe(200);
    expect(await remind()).toBe(2);
    expect((await reminders(key)).map(({ days }: { days: number }) => days)).toEqual([160, 160]);
    await change(rules.signature);
    const viewer = await account(server, 'vera', 'viewer', ['hr']);
    const seen = await server.request('GET', '/api/v1/reminders/rules', undefined, { cookie: viewer });
    expect([seen.status, seen.body.mayChange]).toEqual([200, false]);
  });
});

describe('what is owed', () => {
  it('is a correction by the other party, and a renewal by both, each at a place of its own', async () => {
    const key = await proposed(0);
    await put(server, `agreements/other`, text({ effective: { from: '2026-01-01', to: dayFromNow(40) } }));
    await call('POST', `agreements/other/propose`, { party: 'provider' });
    await sign('other', people.provider);
    await sign('other', people.customer);
    await call(
      'POST',
      'agreements/other/corrections',
      {
        ...{ service: 'payroll', as: 'excluded', ground: 'customer', reason: 'Power was cut by HR' },
        ...{ from: `${dayFromNow(-3)}T09:00:00Z`, to: `${dayFromNow(-3)}T10:00:00Z` },
      },
      people.provider,
    );
    const steps = await server.app.get(OwedStepsService).list(['other', key]);
    const gist = steps.map(({ kind, party, addresses, path }) => [kind, party, addresses.join(' '), path].join(' | '));
    expect(gist.toSorted()).toEqual([
      'correction | customer | hr@hr.org carla@hr.org | /agreements/other/corrections',
      'renewal | customer | hr@hr.org carla@hr.org | /agreements/other',
      'renewal | provider | hr-it@it.org paula@it.org | /agreements/other',
      `signature | customer | carla@hr.org | /agreements/${key}`,
      `signature | provider | paula@it.org | /agreements/${key}`,
    ]);
    await remind();
    expect(
      (await reminders('other')).map(({ kind, days }: { kind: string; days: number }) => `${kind} ${days}`),
    ).toEqual(['renewal 60', 'renewal 60']);
    const waits = await call('GET', 'waiting', undefined, people.customer);
    const kinds = waits
      .filter(({ agreement }: { agreement: { key: string } }) => agreement.key === 'other')
      .map(({ kind, dueOn }: { kind: string; dueOn: string | null }) => `${kind} ${dueOn}`);
    expect(kinds).toEqual(['correction null', `renewal ${dayFromNow(39)}`]);
  });
});
