import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ReportMails } from '../../../server/contract/reports.ts';
import { MailsProcessor } from '../../../server/mails/mails.processor.ts';
import { MailsRepository } from '../../../server/mails/mails.repository.ts';
import { MailsService, recipientsOf } from '../../../server/mails/mails.service.ts';
import { Mailer } from '../../../server/platform/mailer.ts';
import { readEnvironment } from '../../../server/platform/config.ts';
import { ReportClosingService } from '../../../server/reports/report-closing.service.ts';
import { account } from '../../support/accounts.ts';
import { ReportMailsService } from '../../../server/reports/report-mails.service.ts';
import { openLive } from '../../support/live-socket.ts';
import { freePort } from '../../../server/platform/free-port.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';
import { startMailServer, type MailServer } from '../../support/smtp.ts';
import { until } from '../../support/until.ts';

let server: TestServer;
let mail: MailServer;
let port: number;
/** The month before this one: its report is news. */
const now = new Date();
const first = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1, 1)).toISOString().slice(0, 10);
const period = first.slice(0, 7);

const agreement = (title: string, contact: string) => ({
  kind: 'SLA',
  title,
  provider: 'hr-it',
  customer: 'hr',
  effective: { from: first },
  timeZone: 'UTC',
  status: 'declared',
  objectives: { availability: { type: 'availability', services: ['payroll'], target: '99.9' } },
  parties: {
    provider: { contacts: ['Phone 4711'] },
    customer: { contacts: [contact], signatories: [{ name: 'Clara', email: 'Clara@hr.org' }] },
  },
});

const mails = async (key: string): Promise<ReportMails> =>
  (await server.request('GET', `/api/v1/agreements/${key}/reports/${period}/mails`)).body;
const states = async (key: string) => (await mails(key)).items.map(({ address, state }) => `${address} ${state}`);
/** As if the time of the next attempt had come. */
const waited = async () => {
  await server.database.query(`update mails set next_at = now() where state = 'queued'`);
  await server.app.get(MailsProcessor).look();
};
/** All mails of an agreement were tried so often, and nobody is at it. */
const tried = (key: string, attempts: number) =>
  until(async () => {
    const open = await server.database.query(
      `select 1 from mails m join reports r on r.id = report_id join agreements a on a.id = agreement_id
       where a.key = $1 and (busy_until is not null or (state = 'queued' and attempts < $2))`,
      [key, attempts],
    );
    return open.length === 0;
  });

async function frozen(key: string, title: string, contact = 'Key user: key.user@hr.org, phone 12'): Promise<void> {
  const file = { apiVersion: 'troth/v1', agreements: { [key]: agreement(title, contact) } };
  const applied = await server.request('POST', '/api/v1/config/apply?prune=false', JSON.stringify(file));
  expect(applied.status, JSON.stringify(applied.body)).toBe(200);
  expect(await server.app.get(ReportClosingService).closeSettled(key)).toBe(1);
  await server.app.get(MailsProcessor).look();
}

beforeAll(async () => {
  port = await freePort(0);
  mail = await startMailServer(port);
  server = await startTestServer({
    TROTH_SMTP_URL: mail.url,
    TROTH_MAIL_FROM: 'Troth <troth@example.org>',
    PUBLIC_URL: 'https://troth.example.org',
  });
  const catalog = `apiVersion: troth/v1
teams: { hr-it: { name: HR IT, email: hr-it@it.org }, hr: { name: Human Resources } }
services: { payroll: { name: Payroll, owner: hr-it } }
`;
  await server.request('POST', '/api/v1/config/apply', catalog);
  const from = `${first}T00:00:00Z`;
  const [downFrom, downTo] = [`${period}-10T09:00:00Z`, `${period}-10T11:00:00Z`];
  const to = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1)).toISOString();
  const intervals = [
    { state: 'up', from, to: downFrom },
    { state: 'down', from: downFrom, to: downTo },
    { state: 'up', from: downTo, to },
  ];
  await server.request('POST', '/api/v1/services/payroll/timeline', { intervals });
});
afterAll(async () => {
  await server.close();
  await mail.stop();
});
beforeEach(() => {
  mail.received.length = 0;
});

describe('a frozen report', () => {
  it('is told to both parties once: the verdict first, the PDF attached, a link to the rest', async () => {
    await frozen('told', 'Payroll for HR');
    await tried('told', 1);
    expect(await states('told')).toEqual(['hr-it@it.org sent', 'clara@hr.org sent', 'key.user@hr.org sent']);
    expect(mail.received.flatMap(({ to }) => to).toSorted()).toEqual([
      'clara@hr.org',
      'hr-it@it.org',
      'key.user@hr.org',
    ]);
    const { raw, from } = mail.received[0]!;
    const words = raw.replaceAll('=\r\n', '').replaceAll('=3D', '=');
    expect(from).toBe('troth@example.org');
    expect(raw).toMatch(/^Subject: Missed: Payroll for HR, /m);
    expect(words).toMatch(/\r\n\r\nMissed\. 1 of 1 promise missed: Availability\./);
    expect(words).toContain(`https://troth.example.org/agreements/told/reports/${period}?revision=1`);
    expect(raw).toMatch(/Content-Type: application\/pdf[\s\S]*JVBERi/);
    expect(raw).toContain('Content-Type: text/html');
    await server.app.get(MailsProcessor).look();
    expect(mail.received).toHaveLength(3);
  });

  it('is sent once by a job that comes twice', async () => {
    await server.database.query('delete from mails');
    const [{ id }] = (await server.database.query<{ id: number }>(
      `insert into mails (report_id, party, recipient)
       select r.id, 'customer', 'twice@hr.org' from reports r join agreements a on a.id = agreement_id
       where a.key = 'told' returning id`,
    )) as [{ id: number }];
    const mailing = server.app.get(MailsService);
    const outcomes = await Promise.all([mailing.send(id, 0), mailing.send(id, 0), mailing.send(id, 0)]);
    expect(outcomes.filter(Boolean)).toHaveLength(1);
    expect(await mailing.send(id, 1)).toBe(false);
    expect(mail.received).toHaveLength(1);
  });

  it('is told to open pages when it was sent, refused, or is to be sent again', async () => {
    const { socket } = await openLive(server);
    const told: (string | null)[] = [];
    socket.on('ledger-changed', (agreement) => void told.push(agreement));
    const isTold = async (): Promise<void> => {
      await until(() => Promise.resolve(told.includes('told')));
      told.length = 0;
    };
    // Not for the processor, which looks for what is due.
    const [row] = await server.database.query<{ id: number }>(
      `insert into mails (report_id, party, recipient, next_at)
       select r.id, 'customer', 'watched@hr.org', now() + interval '1 day'
       from reports r join agreements a on a.id = agreement_id where a.key = 'told' returning id`,
    );
    const mailing = server.app.get(MailsService);
    mail.refuse('watched@hr.org', 550);
    expect(await mailing.send(row!.id, 0)).toBe(false);
    await isTold();
    mail.refuse('watched@hr.org', null);
    await server.app.get(ReportMailsService).again('told', period);
    await isTold();
    await mailing.send(row!.id, 1);
    await isTold();
    await until(async () => (await states('told')).includes('watched@hr.org sent'));
    socket.close();
  });

  it('reaches the others where one is refused, and that is shown until somebody sends it again', async () => {
    mail.refuse('clara@hr.org', 550);
    await frozen('refused', 'Refused');
    await tried('refused', 1);
    expect(await states('refused')).toEqual(['hr-it@it.org sent', 'clara@hr.org failed', 'key.user@hr.org sent']);
    expect((await mails('refused')).items[1]!.error).toContain('not here');
    const { body: health } = await server.request('GET', '/health/ready');
    expect(health.checks.mail).toEqual({ ok: false, detail: '1 mail of the last week failed' });
    mail.refuse('clara@hr.org', null);
    const again = `/api/v1/agreements/refused/reports/${period}/mails/again`;
    const cookie = await account(server, 'stranger', 'owner', []);
    expect((await server.request('POST', again, {}, { cookie })).status).toBe(403);
    expect((await server.request('POST', again, {})).status).toBe(200);
    await server.app.get(MailsProcessor).look();
    await until(async () => (await states('refused'))[1] === 'clara@hr.org sent');
    expect((await server.request('POST', again, {})).status).toBe(409);
  });

  it('waits for a mail server that is away, ever longer, and is sent when it is back', async () => {
    await mail.stop();
    await frozen('away', 'Away');
    await tried('away', 1);
    const waits = async () => {
      const { items } = await mails('away');
      return items.map(({ state, nextAt }) => [state, Math.round((Date.parse(nextAt!) - Date.now()) / 60_000)]);
    };
    expect(await waits()).toEqual([
      ['queued', 1],
      ['queued', 1],
      ['queued', 1],
    ]);
    expect((await mails('away')).items[0]!.error).toMatch(/ECONNREFUSED/);
    await waited();
    await tried('away', 2);
    expect(await waits()).toEqual([
      ['queued', 5],
      ['queued', 5],
      ['queued', 5],
    ]);
    mail = await startMailServer(port);
    await waited();
    await until(async () => (await states('away')).every((state) => state.endsWith(' sent')));
    expect(mail.received).toHaveLength(3);
  });

  it('is sent though the database was away when it was taken up', async () => {
    const repository = server.app.get(MailsRepository);
    const claim = vi.spyOn(repository, 'claim').mockRejectedValue(new Error('Connection terminated'));
    await frozen('unclaimed', 'Unclaimed');
    await until(() => claim.mock.calls.length >= 3);
    expect(await states('unclaimed')).toEqual(['hr-it@it.org queued', 'clara@hr.org queued', 'key.user@hr.org queued']);
    claim.mockRestore();
    await until(async () => {
      await server.app.get(MailsProcessor).look();
      return (await states('unclaimed')).every((state) => state.endsWith(' sent'));
    });
    expect(mail.received).toHaveLength(3);
  });

  it('is missed where it was not sent for long', async () => {
    await server.database.query(
      `update mails set state = 'queued', next_at = now() - interval '1 hour', busy_until = now() - interval '50 minutes'
       where recipient = 'clara@hr.org'
         and report_id = (select r.id from reports r join agreements a on a.id = agreement_id where a.key = 'unclaimed')`,
    );
    const health = await server.app.get(MailsProcessor).health();
    expect(health).toEqual({ ok: false, detail: '1 mail should have been sent long ago' });
    await server.database.query(`update mails set state = 'sent' where state = 'queued'`);
  });

  it('carries no header or recipient that somebody wrote into a title or a contact', async () => {
    await frozen('hostile', 'Payroll\r\nBcc: victim@hr.org\r\n\r\n<b>body</b>', 'x@hr.org\r\nBcc: other@hr.org');
    await tried('hostile', 1);
    const heads = mail.received.map(({ raw }) => raw.slice(0, raw.indexOf('\r\n\r\n')));
    expect(heads.length).toBeGreaterThan(0);
    for (const head of heads) expect(head).not.toMatch(/^Bcc:/im);
    expect(mail.received.flatMap(({ to }) => to)).not.toContain('victim@hr.org');
    const html = mail.received.map(({ raw }) => raw.slice(raw.indexOf('Content-Type: text/html')));
    for (const text of html) expect(text).not.toContain('<b>body</b>');
  });

  it('is not told of where it is history that was brought in', async () => {
    await server.database.query('delete from mails');
    const old = { ...agreement('Old', 'old@hr.org'), effective: { from: '2025-01-01', to: '2025-02-01' } };
    const file = { apiVersion: 'troth/v1', agreements: { old } };
    await server.request('POST', '/api/v1/config/apply?prune=false', JSON.stringify(file));
    expect(await server.app.get(ReportClosingService).closeSettled('old')).toBe(1);
    expect(await server.database.query('select 1 from mails')).toEqual([]);
  });
});

describe('who is told', () => {
  it('is each address of both parties once, and nobody where no mail can go', () => {
    const party = (contacts: string[], emails: string[]) => ({
      ...{ contacts, escalation: [] },
      signatories: emails.map((email) => ({ name: email, email, role: '', user: null })),
    });
    const terms = {
      ...{ provider: 'it', customer: 'hr' },
      parties: {
        provider: party(['Ole <ole@it.org>, phone', 'OLE@IT.ORG'], ['head@it.org']),
        customer: party(['nobody@demo.example', 'a@b', 'x,y@hr.org'], ['head@it.org', 'clara@hr.org']),
      },
    };
    const found = recipientsOf(
      terms,
      new Map([
        ['it', 'team@it.org'],
        ['hr', null],
      ]),
    );
    expect(found.map(({ party: side, address }) => `${side} ${address}`)).toEqual([
      ...['provider team@it.org', 'provider ole@it.org', 'provider head@it.org'],
      ...['customer y@hr.org', 'customer clara@hr.org'],
    ]);
  });
});

describe('the configuration', () => {
  it('wants a sender with a mail server, and no second header in it', () => {
    const read = (more: Record<string, string>) => () => readEnvironment({ DATABASE_URL: 'postgres://x/y', ...more });
    expect(read({ TROTH_SMTP_URL: 'smtp://localhost' })).toThrow('TROTH_SMTP_URL and TROTH_MAIL_FROM');
    expect(read({ TROTH_SMTP_URL: 'http://localhost', TROTH_MAIL_FROM: 'a@b.org' })).toThrow('smtp://');
    expect(read({ TROTH_SMTP_URL: 'smtp://localhost', TROTH_MAIL_FROM: 'a@b.org\r\nBcc: c@d.org' })).toThrow(
      'TROTH_MAIL_FROM',
    );
    expect(new Mailer(readEnvironment({})).isConfigured).toBe(false);
  });
});
