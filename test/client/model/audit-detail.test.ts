import { describe, expect, it } from 'vitest';
import { auditCsv, detailLines, subjectPath } from '../../../client/model/audit-detail.ts';
import { dayStart, nextDay } from '../../../client/model/zoned-day.ts';

describe('the detail of an entry', () => {
  it('is a difference field by field where something was changed', () => {
    const detail = {
      fields: [
        { path: 'tags', from: [], to: ['prod', 'eu'] },
        { path: 'paused', from: false, to: true },
        { path: 'config.url', from: null, to: 'https://x' },
      ],
    };
    expect(detailLines(detail)).toEqual([
      { path: 'tags', from: 'nothing', to: 'prod, eu' },
      { path: 'paused', from: 'no', to: 'yes' },
      { path: 'config.url', from: 'nothing', to: 'https://x' },
    ]);
  });

  it('is what a new thing is made of, without what it leaves empty', () => {
    const detail = { name: 'Payroll', email: null, tags: [], confirm: { failures: 2 }, steps: [{ send: 'a' }] };
    expect(detailLines(detail)).toEqual([
      { path: 'name', from: null, to: 'Payroll' },
      { path: 'confirm.failures', from: null, to: '2' },
      { path: 'steps', from: null, to: '{ send: a }' },
    ]);
    expect([detailLines(null), detailLines({}), detailLines('x')]).toEqual([
      [],
      [],
      [{ path: '', from: null, to: 'x' }],
    ]);
  });
});

describe('the subject of an entry', () => {
  it('leads to the page where it is shown', () => {
    expect(subjectPath({ kind: 'probe', key: 'payroll.login' })).toBe('/services/payroll?probe=payroll.login');
    expect(subjectPath({ kind: 'team', key: 'it' })).toBe('/teams');
    expect(subjectPath({ kind: 'incident', key: '7' })).toBe('/incidents/7');
    expect(subjectPath({ kind: 'channel', key: 'ops' })).toBe('/channels/ops');
    expect(subjectPath({ kind: 'session', key: 'x' })).toBeNull();
  });
});

describe('the audit trail as CSV', () => {
  it('quotes what has to be quoted, and lets no spreadsheet run a formula', () => {
    const entry = {
      id: 1,
      at: '2026-03-01T10:00:00.000Z',
      actor: { kind: 'user' as const, name: '=cmd|x' },
      action: 'service.changed',
      subject: { kind: 'service', key: 'pay,"roll"' },
      detail: { name: 'A\nB' },
      address: null,
    };
    expect(auditCsv([entry]).split('\r\n')).toEqual([
      'time,actor kind,actor,action,subject kind,subject,address,detail',
      `2026-03-01T10:00:00.000Z,user,'=cmd|x,service.changed,service,"pay,""roll""",,"{""name"":""A\\nB""}"`,
      '',
    ]);
  });
});

describe('a day of a zone', () => {
  it.each([
    ['2026-03-29', 'Europe/Berlin', '2026-03-28T23:00:00.000Z'],
    ['2026-03-30', 'Europe/Berlin', '2026-03-29T22:00:00.000Z'],
    ['2026-10-25', 'Europe/Berlin', '2026-10-24T22:00:00.000Z'],
    ['2026-10-26', 'Europe/Berlin', '2026-10-25T23:00:00.000Z'],
    ['2026-07-01', 'Asia/Kolkata', '2026-06-30T18:30:00.000Z'],
    ['2026-07-01', 'UTC', '2026-07-01T00:00:00.000Z'],
  ])('%s in %s begins at %s', (day, zone, start) => {
    expect(dayStart(day, zone)).toBe(start);
  });

  it('is followed by the next, also over the end of a year; what is no day is none', () => {
    expect([nextDay('2026-12-31'), nextDay(''), dayStart('yesterday', 'UTC')]).toEqual(['2027-01-01', '', undefined]);
  });
});
