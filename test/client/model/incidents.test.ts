import { describe, expect, it } from 'vitest';
import type { IncidentStatistics } from '../../../server/contract/incident-statistics.ts';
import type { Incident, IncidentClockView } from '../../../server/contract/incidents.ts';
import { channelSchemaFor, withChannelKind } from '../../../client/model/channel-form.ts';
import { lastDelivery } from '../../../client/model/delivery-text.ts';
import { followUpDueText } from '../../../client/model/follow-up.ts';
import { bodyOf, workActs } from '../../../client/model/incident-acts.ts';
import { clockReading } from '../../../client/model/incident-clock.ts';
import { figureBars, figureText } from '../../../client/model/incident-figures.ts';
import { actText, changedFields, mayAcknowledge } from '../../../client/model/incident-text.ts';

const at = (minute: number): string => new Date(Date.UTC(2026, 9, 5, 8, minute)).toISOString();
const ms = (minute: number): number => Date.parse(at(minute));
const clock: IncidentClockView = {
  ...{ state: 'running', targetSeconds: 3_600, dueAt: at(60), elapsedSeconds: 600, leftSeconds: 3_000 },
  ...{ isTicking: true, turnsAt: at(40), decidedAt: null, warnings: [] },
};
const incident: Incident = {
  ...{ id: 7, kind: 'incident', state: 'open', title: 'Mail hangs', description: '', hides: [], root: null },
  services: [
    { key: 'mail', name: 'Mail' },
    { key: 'crm', name: 'Customers' },
  ],
  ...{ location: null, severity: 2, severityReason: null, impact: 1, urgency: null, source: '', reference: null },
  ...{ attribution: null, cause: '', impactText: '', assignee: { user: null, team: null }, follows: null },
  ...{ mergedInto: null, isLate: false, startedAt: at(0), detectedAt: null, reportedAt: at(0) },
  ...{ acknowledgedAt: null, respondedAt: null, resolvedAt: null, closedAt: null, pauses: [] },
  ...{ createdAt: at(0), updatedAt: at(0) },
};

describe('a clock that was read at ten past', () => {
  it.each([
    ['at once', 10, '50 min left', 'up'],
    ['later, with half of it spent', 35, '25 min left', 'degraded'],
    ['no further than support hours last', 55, '20 min left', 'degraded'],
  ])('tells what is left %s', (_, minute, text, colour) => {
    expect(clockReading(clock, ms(10), ms(minute))).toMatchObject({ text, colour, standsStill: null });
  });

  it('counts over once it is due, and turns the colour before the server says so', () => {
    const always = { ...clock, turnsAt: null };
    expect(clockReading(always, ms(10), ms(65))).toMatchObject({ text: '5 min over', colour: 'down', share: 1 });
    expect(clockReading(always, ms(10), ms(56))).toMatchObject({ text: '4 min left', colour: 'suspect' });
  });

  it.each([
    [{ isTicking: false }, 'closed', '50 min left'],
    [{ state: 'paused', isTicking: false, turnsAt: null, dueAt: null }, 'paused', '50 min left'],
    [{ state: 'met', isTicking: false, turnsAt: null, decidedAt: at(10) }, null, 'met in 10 min'],
    [{ state: 'breached', isTicking: false, leftSeconds: -60 }, 'closed', '1 min over'],
    [{ state: 'none', targetSeconds: null, leftSeconds: null, isTicking: false }, null, '10 min so far'],
  ] as const)('stands still where it does not tick: %j', (more, standsStill, text) => {
    expect(clockReading({ ...clock, ...more }, ms(10), ms(30))).toMatchObject({ standsStill, text });
  });
});

describe('what can be done with an incident', () => {
  const names = (more: Partial<Incident>): string[] => workActs({ ...incident, ...more }).map(({ name }) => name);

  it('follows from its state', () => {
    expect(names({})).toEqual(['respond', 'resolve', 'pend', 'assign', 'rate', 'find', 'edit', 'split', 'merge']);
    expect(names({ state: 'pending', respondedAt: at(1) }).slice(0, 2)).toEqual(['resolve', 'resume']);
    expect(names({ state: 'resolved' }).slice(0, 2)).toEqual(['close', 'reopen']);
    expect(names({ state: 'closed' })).not.toContain('split');
    expect(names({ mergedInto: 8 })).toEqual([]);
  });

  it('is to be acknowledged only once, and not afterwards', () => {
    expect(mayAcknowledge(incident)).toBe(true);
    expect(mayAcknowledge({ ...incident, state: 'pending', acknowledgedAt: at(1) })).toBe(false);
    expect(mayAcknowledge({ ...incident, state: 'resolved' })).toBe(false);
  });

  it('sends what is another than it was, and takes away what was emptied', () => {
    const rate = workActs(incident).find(({ name }) => name === 'rate')!;
    expect(bodyOf(rate, rate.begin)).toEqual({});
    expect(bodyOf(rate, { ...rate.begin, severity: 1, severityReason: 'The board meets' })).toEqual({
      ...{ severity: 1, severityReason: 'The board meets' },
    });
    const { impact: _, ...without } = rate.begin;
    expect(bodyOf(rate, without)).toEqual({ impact: null });
    const find = workActs({ ...incident, cause: 'A disk' }).find(({ name }) => name === 'find')!;
    expect([bodyOf(find, find.begin), bodyOf(find, {})]).toEqual([{}, { cause: '' }]);
  });
});

describe('a timeline', () => {
  it.each([
    ['assigned', { user: 'ana', team: 'desk' }, 'gave it to ana, desk'],
    ['assigned', { user: null, team: null }, 'took it from whoever had it'],
    ['pended', { reason: 'supplier' }, 'lets it wait for the supplier'],
    ['opened', { splitFrom: 3 }, 'split it from #3'],
    ['joined', { services: 2 }, 'added 2 services that fail too'],
    ['resumed', { bySchedule: true }, 'went on with it, as was foreseen'],
    ['resolved', {}, 'resolved it'],
    ['resolved', { isDeleted: true }, 'resolved it: its service was deleted'],
    ['something-new', {}, 'something new'],
  ])('says what was done: %s %j', (act, detail, text) => {
    expect(actText({ act, detail })).toBe(text);
  });

  it('tells changes field by field, names for things and instants for people', () => {
    const detail = {
      from: { severity: 3, state: 'open', services: [{ key: 'a', name: 'A' }], reportedAt: at(0) },
      to: { severity: 1, state: 'open', services: [{ key: 'b', name: 'B' }], reportedAt: at(5) },
    };
    expect(changedFields({ act: 'changed', detail }, (instant) => instant.slice(11, 16))).toEqual([
      { title: 'Severity', from: '3', to: '1' },
      { title: 'Services', from: 'A', to: 'B' },
      { title: 'Reported at', from: '08:00', to: '08:05' },
    ]);
    expect(changedFields({ act: 'noted', detail }, String)).toEqual([]);
  });
});

it.each([
  [null, null, ''],
  ['2026-10-09', null, 'was due 2026-10-09'],
  ['2026-10-10', null, 'by 2026-10-10'],
  ['2026-10-09', at(0), 'done'],
])('a follow-up of %s, done %s, is due: %s', (dueOn, doneAt, text) => {
  const one = { id: 1, what: 'Buy a disk', owner: { user: null, team: null }, dueOn, doneAt };
  expect(followUpDueText(one, '2026-10-10')).toBe(text);
});

describe('the figures of incidents', () => {
  const none = { open: 0, reopened: 0, meanAcknowledgeSeconds: null, meanBetweenSeconds: null };
  const group = (key: string, meanRestoreSeconds: number | null) => ({
    ...{ key, name: key.toUpperCase(), count: 1, ...none, meanRestoreSeconds },
  });
  const statistics: IncidentStatistics = {
    ...{ by: 'service', from: at(0), to: at(1), all: group('', 60) },
    groups: [group('a', 60), group('b', null), group('c', 240)],
  };

  it('are bars with the longest first, months in their order', () => {
    const keys = (by: IncidentStatistics['by'], most = 9) =>
      figureBars({ ...statistics, by }, 'meanRestoreSeconds', most).map(({ key, share }) => [key, share]);
    expect(keys('service')).toEqual([
      ['c', 1],
      ['a', 0.25],
    ]);
    expect(keys('month', 1)).toEqual([['c', 1]]);
    expect(keys('month')[0]).toEqual(['a', 0.25]);
    expect(figureText(null)).toBe('–');
  });
});

describe('a channel', () => {
  const kinds = [{ kind: 'ntfy', title: 'ntfy', description: 'Pushes', schema: { type: 'object' } }];
  const field = { type: 'string', description: 'What' };
  const schema = { type: 'object', properties: { name: field, kind: field, config: field, selfTest: field } };

  it('has the fields of its kind, and forgets those of another', () => {
    const drawn = channelSchemaFor(schema, kinds, 'ntfy').properties!;
    expect(Object.keys(drawn)).toEqual(['name', 'kind', 'config', 'selfTest']);
    expect([drawn['kind']!['enum'], drawn['config']!['title']]).toEqual([['ntfy'], 'ntfy']);
    expect(channelSchemaFor(schema, kinds, 'gone').properties!['config']).toBeUndefined();
    const before = { kind: 'a', config: { url: 'x' } };
    expect(withChannelKind(before, { ...before, kind: 'b' })).toEqual({ kind: 'b', config: {} });
    expect(withChannelKind(before, before)).toBe(before);
  });

  it.each([
    [null, null, null],
    [at(1), null, 'delivered'],
    [at(1), at(2), 'failed'],
    [at(3), at(2), 'delivered'],
    [null, at(2), 'failed'],
  ])('delivered %s and failed %s: the last was %s', (lastDeliveredAt, failedAt, state) => {
    const channel = {
      ...{ key: 'ops', name: 'Operations', kind: 'ntfy', config: {}, selfTest: 'off' as const, managedBy: null },
      ...{ mayChange: true, createdAt: at(0), updatedAt: at(0), waiting: 0, lastDeliveredAt },
      lastFailure: failedAt === null ? null : { at: failedAt, said: 'gone' },
    };
    expect(lastDelivery(channel)?.state ?? null).toBe(state);
  });
});
