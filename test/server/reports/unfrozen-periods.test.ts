import { describe, expect, it } from 'vitest';
import type { AgreementTerms } from '../../../server/agreements/agreements.service.ts';
import { agreementInputSchema } from '../../../server/contract/agreements.ts';
import { unfrozenPeriods } from '../../../server/reports/unfrozen-periods.ts';

interface Held {
  from: string;
  to?: string;
  made?: string;
  period?: string;
  zone?: string;
}

const agreement = (...held: Held[]): AgreementTerms => ({
  ...{ id: 1, key: 'a', managedBy: null, draft: null, createdAt: new Date(0), updatedAt: new Date(0) },
  ...{ proposals: [], lastNumber: held.length },
  versions: held.map(({ from, to, made = '2020-01-01', period = 'month', zone = 'Europe/Berlin' }, index) => ({
    ...{ id: index + 1, snapshot: null, hash: null },
    ...{ number: index + 1, status: 'declared', createdAt: `${made}T00:00:00.000Z` },
    effective: { from, to: to ?? null },
    terms: agreementInputSchema.parse({
      ...{ kind: 'SLA', title: 'A', provider: 'p', customer: 'c', timeZone: zone, period },
      effective: { from, ...(to ? { to } : {}) },
      objectives: { up: { type: 'availability', services: ['s'], target: '99' } },
    }),
  })),
});
const first = (count: number, ...[of, frozen = null]: Parameters<typeof unfrozenPeriods> | [AgreementTerms]) => {
  const found: string[] = [];
  for (const { period, dueMs } of unfrozenPeriods(of, frozen)) {
    found.push(`${period.label} due ${new Date(dueMs).toISOString()}`);
    if (found.length === count) break;
  }
  return found;
};

describe('periods to be frozen', () => {
  it('begin with the one in which the agreement took effect, and are due a day after their end in its zone', () => {
    expect(first(3, agreement({ from: '2026-09-15' }))).toEqual([
      '2026-09 due 2026-10-01T22:00:00.000Z',
      '2026-10 due 2026-11-01T23:00:00.000Z',
      '2026-11 due 2026-12-01T23:00:00.000Z',
    ]);
  });

  it('end with the agreement, and leave out what lies between two of its versions', () => {
    const ended = agreement({ from: '2026-01-01', to: '2026-02-01' }, { from: '2026-04-10', to: '2026-05-02' });
    expect(first(9, ended).map((text) => text.slice(0, 7))).toEqual(['2026-01', '2026-04', '2026-05']);
  });

  it('wait a day for the history of terms that came later than the period', () => {
    expect(first(2, agreement({ from: '2026-01-01', made: '2026-02-20' }))).toEqual([
      '2026-01 due 2026-02-21T00:00:00.000Z',
      '2026-02 due 2026-03-01T23:00:00.000Z',
    ]);
  });

  it('go on after the last that is frozen, also where the period has become another', () => {
    const frozen = { labels: new Set(['2026-01', '2026-02']), lastToMs: Date.parse('2026-02-28T23:00:00Z') };
    expect(first(1, agreement({ from: '2026-01-01' }), frozen)[0]).toMatch(/^2026-03 /);
    expect(first(1, agreement({ from: '2026-01-01', period: 'quarter' }), frozen)[0]).toMatch(/^2026-Q1 /);
    const westward = agreement({ from: '2026-01-01', zone: 'America/New_York' });
    expect(first(1, westward, frozen)[0]).toMatch(/^2026-03 due 2026-04-02T04:00/);
  });

  it('are months where the agreement is judged over rolling days, and none of a draft', () => {
    expect(first(1, agreement({ from: '2026-09-01', period: 'rolling-30d' }))[0]).toMatch(/^2026-09 /);
    expect(first(1, agreement())).toEqual([]);
  });
});
